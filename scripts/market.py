"""`ape run market`: quotes, this chain's ceilings, the split basis of the reserve."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scrip.parameters import MAX_FEE, PAPER_LIFE, QUOTE_LIFE
from scripts._cli.carry import carry_out, confirm
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import Request, change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, BASIS, DURATION, INSTANT, MONEY, SHARES, SPREAD, TOKENS, WHOLE, Whole

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.errors import Refusal
    from scrip.flows.market import AtSpread, Offer
    from scrip.inputs.quotes import QuoteFile

    Drafted = tuple[QuoteFile, Offer, Refusal | None, list[str], AtSpread | None]

WAYS = ("allowance", "permit", "authorization")
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group, short_help="Quotes signed and carried out, ceilings, the reserve's split basis")
def cli() -> None:
    """The primary market: quotes signed and carried out, this chain's ceilings, the reserve's split basis."""


@cli.command()
@click.argument("side", type=click.Choice(("mint", "redeem")))
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@click.argument("settlement", type=MONEY, required=False)
@click.option("--spread", type=SPREAD, help="Instead of SETTLEMENT: 25bp from the stock's price, against the customer.")
@click.option("--out", type=FILE, required=True, help="File of the signed quote.")
@click.option(
    "--life",
    type=DURATION,
    default=QUOTE_LIFE.default,
    show_default=f"{QUOTE_LIFE.default}s",
    help="How long it is good.",
)
@click.option(
    "--fee",
    type=Whole(0, MAX_FEE.ceiling),
    default=0,
    show_default=True,
    help="Basis points of the settlement, at most the manifest's.",
)
@click.option("--payer", type=ACCOUNT, default="", help="Who pays a mint, where that is not ACCOUNT: it has to agree.")
@click.option("--override", is_flag=True, help="Sign it outside the band; noted. The chain's own band holds.")
@change_options
def quote(
    side: Any,
    ticker: str,
    account: str,
    amount: Any,
    settlement: Any,
    spread: int | None,
    out: Path,
    life: int,
    fee: int,
    payer: str,
    override: bool,
    **options: Any,
) -> None:
    """Sign a quote (QUOTE_SIGNER): ACCOUNT may mint or redeem AMOUNT tokens for SETTLEMENT, once. Nothing is sent."""
    request = request_of(options)
    if (settlement is None) == (spread is None):
        raise click.UsageError("state the SETTLEMENT, or a --spread from the stock's price")
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a quote is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains import operation
    from scrip.chains.agreement import agreed

    with reporting("market quote", request.as_json) as report, opened(request) as network:
        operation.demand_whole(network)
        operation.demand_writable(out, "out")

        def drafted(one: Network) -> Drafted:
            at = None if spread is None else flows.market.at_spread(one, side, ticker, amount, spread)
            due = settlement if at is None else at.settlement
            terms = (side, ticker, account, amount, due, request.reference, life, request.sender, override, fee, payer)
            return _drafted(one, ticker, terms, at)

        made, offered, refused, stopped, at = agreed(
            network,
            drafted,
            lambda one: {**_agreed(one[1]), "refused": one[2], "stopped": one[3], "at": one[4] and one[4].facts},
        )
        report.show_stopped(stopped)
        report.more["terms"] = offered.facts
        if at is not None:
            report.more["at"] = at.facts
            report.say(f"price            {at}")
        for line in offered.lines():
            report.say(line)
        if (apart := flows.market.apart_of(network, made)) is not None:
            report.more["override"] = asdict(apart)
            report.say(f"outside the band: {apart}")
        if refused is not None:
            report.say(f"as things stand the chain refuses it: {refused}")
        if made.signature:
            report.say("signed before, on these terms: the same quote is written again")
        if request.mode == "plan":
            report.say("this is the quote: --apply signs it")
        else:
            # The price is what a slip of a digit is seen by.
            confirm(request, offered.price)
            written = flows.market.sign_into(network, made, out)
            report.more["quote"] = str(out)
            report.more["files"] = [str(one) for one in written]
            for one in written:
                report.say(f"{one} written")


def _drafted(network: Network, ticker: str, terms: tuple[Any, ...], at: AtSpread | None) -> Drafted:
    """A quote as it would be signed, what people weigh of it, how the chain refuses it now, and what is stopped.

    And the price that it is at a spread from, where it is.
    """
    made = flows.market.draft(network, *terms)
    offered = flows.market.offer(network, made)
    return made, offered, flows.market.refusal_of(network, made), flows.fleet.stopped(network, [ticker]), at


def _agreed(offered: Offer) -> dict[str, object]:
    """What two nodes must say alike of a quote: all but its end, which is of either's clock."""
    return {name: value for name, value in offered.facts.items() if name != "expiry"}


@cli.command()
@click.option("--all", "every", is_flag=True, help="Those that were used or revoked, expired or are void as well.")
@view_options
def quotes(every: bool, **options: Any) -> None:
    """List the quotes that were signed here and are open: each may be used until it expires."""
    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("market quotes", request.as_json) as report, opened(request) as network:
        offers, stopped = agreed(
            network,
            lambda one: (flows.market.offers(one, every), flows.fleet.stopped(one)),
            lambda both: {**{one.quote.id: one.facts for one in both[0]}, "stopped": both[1]},
        )
        report.show_stopped(stopped)
        found = offers
        report.more["quotes"] = [one.facts for one in found]
        for one in found:
            said = "; ".join(" ".join(line.split()) for line in one.lines())
            report.say(f"{one.state:8} {one.quote.id}: {said}")
        if not found:
            report.say("no quote is open" if not every else "no quote was signed here")


@cli.command()
@click.argument("file", type=FILE)
@click.option("--out", type=FILE, required=True, help="File of the quote with both signatures.")
@change_options
def countersign(file: Path, out: Path, **options: Any) -> None:
    """Sign a quote as the second of two keys (QUOTE_SIGNER), of another desk than the first. Nothing is sent."""
    request = request_of(options)
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a quote is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains.agreement import agreed

    with reporting("market countersign", request.as_json) as report, opened(request, evm_only=True) as network:
        signed = network.views().quotes.read(file)
        offered, apart = agreed(
            network,
            lambda one: (flows.market.offer(one, signed), flows.market.apart_of(one, signed)),
            lambda both: {**both[0].facts, "override": both[1]},
        )
        report.more["terms"] = offered.facts
        for line in offered.lines():
            report.say(line)
        if apart is not None:
            report.more["override"] = asdict(apart)
            report.say(f"outside the band: {apart}")
        if request.mode == "plan":
            report.say("this is the quote: --apply signs it")
            return
        confirm(request, offered.price)
        written = flows.market.countersign_into(network, signed, out, request.sender)
        report.more["quote"] = str(out)
        report.more["files"] = [str(one) for one in written]
        for one in written:
            report.say(f"{one} written")


@cli.command()
@view_options
def fees(**options: Any) -> None:
    """Show what trades on quotes have paid in fees, by stock, side and stablecoin. Nothing is sent."""
    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("market fees", request.as_json) as report, opened(request, evm_only=True) as network:
        found = agreed(network, flows.market.fees, what="fees")
        report.more["fees"] = [asdict(one) for one in found]
        for one in found:
            report.say(f"{one.stock:8} {one.side:6} {one.trades} trades, {one.settlement} {one.coin}, fees {one.fees}")
        if not found:
            report.say("nothing was traded on a quote")


@cli.command()
@click.argument("ticker", default="")
@click.option("--period", type=DURATION, default="1d", show_default=True, help="How far back fees are summed.")
@view_options
def desk(ticker: str, period: int, **options: Any) -> None:
    """Show a market maker's page, of TICKER or all stocks: quotes, limits, price, who waits, fees, the treasury."""
    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("market desk", request.as_json) as report, opened(request, evm_only=True) as network:
        found, stopped = agreed(
            network,
            lambda one: (
                flows.market_desk.page(one, ticker, period),
                flows.fleet.stopped(one, [ticker] if ticker else []),
            ),
            lambda both: {**both[0].facts, "stopped": both[1]},
        )
        report.show_stopped(stopped)
        report.more |= found.facts | {"now": found.now}
        for line in found.lines():
            report.say(line)


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@view_options
def limits(ticker: str, account: str, **options: Any) -> None:
    """Show what limits the trades of a stock by an account, what counts against it, and what is left now, in money."""
    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("market limits", request.as_json) as report, opened(request, evm_only=True) as network:
        found, at = agreed(
            network,
            lambda one: (flows.market.rooms(one, ticker, account), one.views().traded_at(ticker)),
        )
        report.more["limits"] = [asdict(one) for one in found]
        report.more["band"] = asdict(at) if at else None
        most = network.views().most_tradable(ticker, account)
        if most is not None:
            shown = ["no limit" if one is None else str(one) for one in most]
            report.more["most"] = dict(zip(("mint", "redeem"), shown, strict=True))
            report.say(f"a quote may settle now: to mint {shown[0]}, to redeem {shown[1]}")
        report.more["pegs"] = [asdict(one) for one in network.views().pegs()]
        for line in flows.market.told_pegs(network):
            report.say(line)
        told = f"within {at.band_bps} bps of its price, while its exchange trades" if at else "bounded by no price"
        report.say(f"quotes of {ticker} are {told}")
        for one in found:
            report.say(f"{one.scope:9} {one.limits}")
            report.say(
                f"          traded {one.net} net, {one.gross} gross; left {one.mint} to mint, {one.redeem} to redeem"
            )
        if not found:
            report.say("nothing limits it but the reserve and what the treasury pays")


@cli.command()
@click.argument("file", type=FILE)
@click.option("--way", type=click.Choice(WAYS), default=WAYS[0], show_default=True, help="How: see the runbook.")
@click.option("--out", type=FILE, required=True, help="File of the payment, for `market mint --payment`.")
@click.option("--signature", "given", multiple=True, help="What a wallet signed, 0x…, in the order of the messages.")
@change_options
def pay(file: Path, way: Any, out: Path, given: tuple[str, ...], **options: Any) -> None:
    """Agree to pay the quote to mint in FILE (--as its payer, or its account). Nothing is sent."""
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name who pays the quote")
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a payment is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains.agreement import agreed
    from scrip.records.files import plain

    with reporting("market pay", request.as_json) as report, opened(request, evm_only=True) as network:
        signed = flows.market_payment.read(network, file)
        offered, messages = agreed(
            network,
            lambda one: flows.market_payment.asked(one, signed, way, request.sender),
            lambda both: {**both[0].facts, "messages": plain(both[1])},
        )
        report.more["terms"] = offered.facts
        report.more["messages"] = plain(messages)
        for line in offered.lines():
            report.say(line)
        report.say(f"signed for it: {', '.join(messages)}")
        if request.mode == "plan":
            report.say("this is the payment: --apply signs it, and --json tells a wallet what it signs")
            return
        confirm(request, offered.price)
        written = flows.market_payment.sign_into(network, signed, way, messages, out, request.sender, given)
        report.more["payment"] = str(out)
        report.more["files"] = [str(one) for one in written]
        for one in written:
            report.say(f"{one} written")


@cli.command()
@click.argument("file", type=FILE)
@click.option("--payment", type=FILE, help="File by which whoever pays it agrees to, of `market pay`.")
@change_options
def mint(file: Path, payment: Path | None, **options: Any) -> None:
    """Carry out a signed quote to mint, by the account that it names, or by its payer."""
    request = _named(options)
    carry_out(
        "market mint",
        request,
        lambda network: flows.market_payment.submit_file(network, file, request.sender, payment),
    )


@cli.command()
@click.argument("file", type=FILE)
@change_options
def redeem(file: Path, **options: Any) -> None:
    """Carry out a signed quote to redeem, by the account that it names."""
    request = _named(options)
    carry_out(
        "market redeem",
        request,
        lambda network: flows.market.submit_file(network, file, "redeem", request.sender),
    )


def _named(options: dict[str, Any]) -> Request:
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name the quote's account")
    return request


@cli.command()
@change_options
def pause(**options: Any) -> None:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER)."""
    _pause("market pause", True, request_of(options))


@cli.command()
@change_options
def unpause(**options: Any) -> None:
    """Open the market again (UNPAUSER)."""
    _pause("market unpause", False, request_of(options))


def _pause(command: str, wished: bool, request: Request) -> None:
    carry_out(
        command,
        request,
        lambda network: flows.market.pause(network, wished, request.reference, request.sender),
        retype=request.network if wished else "",
    )


@cli.command()
@click.argument("quote", required=False)
@click.option("--all", "every", is_flag=True, help="Every unused quote of a signer, and sign the next ones here.")
@click.option("--signer", help="Whose quotes --all revokes; else those of the first QUOTE_SIGNER, or of --as.")
@change_options
def revoke(quote: str | None, every: bool, signer: str | None, **options: Any) -> None:
    """Void the quote of reference QUOTE before it is used, or all of a signer's (the signer, or the timelock).

    With --all this desk is from then on the one that signs by the key.
    """
    request = request_of(options)
    if every == bool(quote):
        raise click.UsageError("name the QUOTE to revoke, or say --all")
    if quote and (signer or request.reference):
        raise click.UsageError("--signer and --reference go with --all")

    def planned(network: Any) -> Any:
        if quote:
            return flows.market.revoke(network, quote, request.sender)
        return flows.market.revoke_all(network, signer or "", request.reference, request.sender)

    carry_out("market revoke", request, planned, retype=request.network if every else "", evm_only=True)


OTHERS = click.option("--others", type=SHARES, help="What all other chains together may issue; else as it stands.")
AFTER = click.option("--after", type=INSTANT, default=0, help="Refuse until an answer is as of later: a delivery.")
IN_BASIS = click.option(
    "--basis", type=BASIS, help="NUM:DEN#COUNTER that the shares are of; needed while a split is open."
)


@cli.command()
@click.argument("ticker")
@click.argument("shares", type=SHARES)
@OTHERS
@IN_BASIS
@AFTER
@change_options
def ceiling(ticker: str, shares: Any, others: Any, basis: Any, after: int, **options: Any) -> None:
    """Move this chain's ceiling of a stock (CEILING). Lower it at its source before another chain's is raised."""
    request = request_of(options)
    terms = {"others": others, "basis": basis, "after": after}
    carry_out(
        "market ceiling",
        request,
        lambda network: flows.reserve.ceiling(network, ticker, shares, request.reference, request.sender, **terms),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.option("--sell", type=SHARES, help="How many are to be sold; else all that are free.")
@view_options
def surplus(ticker: str, sell: Any, **options: Any) -> None:
    """Show how many redeemed shares nobody has a claim to, and in which order they are sold. Nothing is sent."""
    from scrip.chains.agreement import agreed
    from scrip.preview import moment

    request = request_of(options)
    with reporting("market surplus", request.as_json) as report, opened(request) as network:
        found = agreed(
            network,
            lambda one: flows.reserve.sale(one, ticker, sell),
            lambda sale: {ticker: {**sale.facts, "as of": sale.as_of, "order": sale.order}},
        )
        report.more["surplus"] = {**found.facts, "as_of": found.as_of, "order": list(found.order)}
        for what, value in found.facts.items():
            report.say(f"{what:16} {value}")
        report.say(f"{'answer as of':16} {moment(found.as_of) if found.as_of else 'none yet'}")
        for number, step in enumerate(found.order, start=1):
            report.say(f"{number}. {step}")
        if not found.order:
            report.say("nothing may be sold")


@cli.command()
@click.argument("coin", required=False, default="")
@change_options
def poke(coin: str, **options: Any) -> None:
    """Ask the peg feed of COIN, or of each coin that has one: quotes in it are taken while it is worth a dollar.

    Anyone may; --as names who pays.
    """
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name who sends it")
    carry_out(
        "market poke",
        request,
        lambda network: flows.market.poke(network, coin, request.sender, request.reference),
    )


@cli.command()
@click.argument("ticker", required=False, default="")
@click.option("--band", "band_bps", type=WHOLE, help="Basis points around the price of TICKER's quotes.")
@click.option("--scope", type=click.Choice(("issuer", "stock", "investor")), help="Whose limits: all, TICKER's, each.")
@click.option("--net", type=MONEY, help="Most of mints over redemptions, or the other way round.")
@click.option("--gross", type=MONEY, help="Most of both together.")
@click.option("--window", type=DURATION, help="In which a full limit drains.")
@click.option("--max-fee", "max_fee_bps", type=WHOLE, help="Basis points of a quote's settlement.")
@click.option("--two-keys-from", "second", type=MONEY, help="Settlement from which on two keys sign.")
@click.option("--coin", default="", metavar="SYMBOL", help="Whose peg: a settlement coin that has a guard.")
@click.option("--peg-band", "peg_bps", type=WHOLE, help="Basis points around a dollar; 0 holds COIN off its peg.")
@click.option("--peg-age", type=DURATION, help="How old an answer of its feed may be.")
@change_options
def tighten(
    ticker: str,
    band_bps: int | None,
    scope: Any,
    net: Any,
    gross: Any,
    window: int | None,
    max_fee_bps: int | None,
    second: Any,
    coin: str,
    peg_bps: int | None,
    peg_age: int | None,
    **options: Any,
) -> None:
    """Bound trades on quotes more narrowly, at once (PAUSER): what is named, and nothing else.

    What loosens is the manifest's, by `deploy settings`.
    """
    from scrip.flows.market_bounds import Tighter
    from scrip.market_limits import cents_of

    request = request_of(options)
    net, gross, second = (None if one is None else cents_of(one) for one in (net, gross, second))
    wanted = Tighter(ticker, band_bps, scope, net, gross, window, max_fee_bps, second, coin, peg_bps, peg_age)
    carry_out(
        "market tighten",
        request,
        lambda network: flows.market_bounds.tighten(network, wanted, request.reference, request.sender),
        evm_only=True,
    )


@cli.command("move-ceiling")
@click.argument("ticker")
@click.argument("shares", type=SHARES)
@click.option("--to", "target", required=True, metavar="NETWORK", help="Where they go: a network that this one spans.")
@change_options
def move_ceiling(ticker: str, shares: Any, target: str, **options: Any) -> None:
    """Move shares from this network's ceiling of a stock to another's: lowered here before it is raised there.

    --reference tells the move from any other.
    """
    from scripts._cli.multichain import move_ceiling as move

    request = request_of(options)
    if not request.reference:
        raise click.UsageError("--reference must tell the move from any other")
    move(request, ticker, shares, target)


@cli.command("confirm-basis")
@click.argument("ticker")
@change_options
def confirm_basis(ticker: str, **options: Any) -> None:
    """Have the reserve count in the basis after a split that its source shows. Anyone may; --as names who pays."""
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name who sends it")
    carry_out(
        "market confirm-basis",
        request,
        lambda network: flows.reserve.confirm_basis(network, ticker, request.sender, request.reference),
    )


@cli.command("set-basis")
@click.argument("ticker")
@click.argument("basis", type=BASIS)
@change_options
def set_basis(ticker: str, basis: Any, **options: Any) -> None:
    """Have the reserve count in BASIS, NUM:DEN#COUNTER, the stock's own now (the timelock), once people looked."""
    request = request_of(options)
    carry_out(
        "market set-basis",
        request,
        lambda network: flows.reserve.set_basis(network, ticker, basis, request.reference, request.sender),
        retype=ticker,
    )


@cli.command()
@click.argument("coin")
@click.argument("amount", type=MONEY)
@change_options
def withdraw(coin: str, amount: Any, **options: Any) -> None:
    """Pay COIN out of Solana's treasury to the one custodian that the timelock named (ISSUER), within a day's limit."""
    request = request_of(options)
    plan = flows.market_treasury.withdraw
    wanted = (coin, amount, request.reference, request.sender)
    carry_out("market withdraw", request, lambda network: plan(network, *wanted), retype=str(amount))


@cli.command()
@click.argument("ticker")
@click.argument("shares", type=SHARES)
@click.option("--ceiling", "own", type=SHARES, help="What this chain may issue; else as it stands.")
@OTHERS
@IN_BASIS
@click.option(
    "--life",
    type=DURATION,
    default=PAPER_LIFE.default,
    show_default=f"{PAPER_LIFE.default}s",
    help="How long it may be published.",
)
@change_options
def attest(ticker: str, shares: Any, own: Any, others: Any, basis: Any, life: int, **options: Any) -> None:
    """Publish what the custodian holds, signed by ATTESTOR. Where an aggregator says it, nobody signs."""
    request = request_of(options)
    terms = {"ceiling": own, "others": others, "basis": basis, "life": life}
    carry_out(
        "market attest",
        request,
        lambda network: flows.reserve.attest(network, ticker, shares, request.reference, request.sender, **terms),
        retype=ticker,
    )
