"""`ape run dividend`: what holders are paid in cash or given in units by roots, from the announcement to the sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows
from scrip.action_codes import BOOK_CODES
from scrip.instructions.dividends import CASH_CODE
from scrip.parameters import QUOTE_LIFE
from scripts._cli.carry import carry_out, confirm, reason_of
from scripts._cli.groups import Group
from scripts._cli.multichain import demand_alone
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, DAY, DURATION, INSTANT, MONEY, SPREAD, WAD, WHOLE, Whole, reasoned

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(cls=Group, short_help="What holders are paid and given: announce, root, fund, push, claim, sweep, show")
def cli() -> None:
    """What holders are paid in cash or given in units: computed from a register, posted, funded, paid, and swept.

    Cash dividends (DVCA) are announced here, everything else by `action announce`; --code says which it is.
    """


def named(command: Any) -> Any:
    """What names a dividend on every chain."""
    return click.argument("ticker")(click.argument("reference")(command))


def coded(command: Any) -> Any:
    """Of which code the action is that is named."""
    return click.option(
        "--code",
        type=click.Choice([name for name, one in BOOK_CODES.items() if one.legs]),
        default=CASH_CODE,
        show_default=True,
        help="ISO 15022 code of what is paid or given.",
    )(command)


def terms_options(command: Any) -> Any:
    """What a cash dividend is announced with."""
    for option in (
        click.option("--ex", type=DAY, required=True, help="The market's ex day: its session's opening is the record."),
        click.option("--gross", type=WAD, required=True, help="Per share, in the currency."),
        click.option("--pay", type=INSTANT, required=True, help="From when on it is paid."),
        click.option("--ex-at", type=INSTANT, help="The ex instant; else the day's UTC midnight."),
        click.option("--record", "record_at", type=INSTANT, help="Another record instant (due bills)."),
        click.option("--expiry", type=INSTANT, help="Until when at least; else the shortest and a day."),
        click.option("--fee", type=WAD, help="The depositary's, per share."),
        click.option("--currency", default="USD", show_default=True, help="ISO 4217."),
        click.option("--rate", type=WAD, default="1", show_default=True, help="Coins for one of it; 0: not known yet."),
        click.option("--source", default="", help="Where the rate is read; not needed at a rate of 1."),
        click.option("--asset", default="", metavar="SYMBOL", help="Paid in this; else the manifest's first."),
    ):
        command = option(command)
    return command


def _terms(options: dict[str, Any]) -> tuple[Any, str]:
    from scrip import instructions as ins

    names = ("ex", "gross", "pay", "ex_at", "record_at", "expiry", "fee", "currency", "rate", "source")
    given = {name: found for name in names if (found := options.pop(name)) is not None}
    given = {"record_at": 0, "expiry": 0} | given
    if not given["source"] and given["rate"] == ins.AT_PAR:
        given["source"] = "par"
    return ins.CashTerms(**given), options.pop("asset")


def _change(command: str, options: dict[str, Any], plan_of: Any, retype: str = "") -> None:
    """Carry out what is named by the dividend's own reference, which is an argument."""
    given = request_of({**options, "reference": ""})
    carry_out(
        f"dividend {command}", given, lambda network: plan_of(network, given.sender), retype=retype, evm_only=True
    )


@cli.command()
@named
@terms_options
@click.option("--alone", is_flag=True, help="Though other networks have the stock: what they do of it is given there.")
@change_options
def announce(ticker: str, reference: str, alone: bool, **options: Any) -> None:
    """Announce a cash dividend (ACTIONS). From the market's ex to the record TICKER is not minted."""
    if not alone:
        demand_alone("dividend announce", request_of({**options, "reference": ""}), ticker)
    terms, asset = _terms(options)
    _change(
        "announce",
        options,
        lambda network, by: flows.announcements.announce_cash(network, ticker, reference, terms, by, asset),
    )


@cli.command()
@named
@terms_options
@change_options
def amend(ticker: str, reference: str, **options: Any) -> None:
    """Put other terms in their place, all of them, until a root is posted (ACTIONS)."""
    terms, asset = _terms(options)
    _change("amend", options, lambda network, by: flows.dividends.amend(network, ticker, reference, terms, by, asset))


@cli.command()
@named
@reasoned
@change_options
def cancel(ticker: str, reference: str, **options: Any) -> None:
    """End an announced dividend, until a root is posted (ACTIONS, or the timelock)."""
    given, why = reason_of({**options, "reference": ""})
    carry_out(
        "dividend cancel",
        given,
        lambda network: flows.dividends.cancel(network, ticker, reference, why),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@named
@click.option("--out", type=FILE, required=True, help="CSV file, for `dividend root --claims`.")
@click.option("--signed", type=FILE, help="CSV of quote, signed: of quotes that no note here tells it.")
@view_options
def claims(ticker: str, reference: str, out: Path, signed: Path | None, **options: Any) -> None:
    """Write who is owed the dividend beside the register: bought cum and minted after, or sold ex and gone before."""
    from scrip.chains.agreement import agreed
    from scrip.dividends import claims as market
    from scrip.preview import moment
    from scrip.units import EVM_DECIMALS, RawUnits

    given = request_of(options)
    with reporting("dividend claims", given.as_json) as report, opened(given, evm_only=True) as network:
        noted = market.read_signed(signed) if signed else {}
        found = agreed(network, lambda one: flows.market_claims.find(one, ticker, reference, noted))
        market.write(out, found.claims)
        report.more["claims"] = [one.cells for one in found.claims]
        report.more["owed_back"] = [one.cells for one in found.back]
        report.more["undecided"] = [one.deal.cells for one in found.undecided]
        report.more["waits"] = list(found.waits)
        for title, deals in (("owed", found.claims), ("OWED BACK by", found.back)):
            for one in deals:
                units = RawUnits(one.units, EVM_DECIMALS)
                told = f"{units} {one.way} by {one.by}, struck {moment(one.struck)}, settled {moment(one.settled)}"
                report.say(f"{title} {one.account}: {told}")
        for open_ in found.undecided:
            told = "nobody noted here when its price was signed: name it with --signed"
            report.say(f"NOT DECIDED {open_.deal.account}, quote {open_.deal.name}: {told}")
        for told in found.waits:
            report.say(f"NOT DECIDED yet: {told}")
        report.say(f"{len(found.claims):>7,} rows  {out}")


@cli.command()
@named
@click.option("--register", type=FOLDER, required=True, help="The register at the record: `register build`.")
@click.option("--out", type=FOLDER, help="Folder, new or the same; else dividends/NETWORK/TICKER/REFERENCE.")
@click.option("--treaty", type=FILE, help="YAML of rates by country and class; else the manifest's withholding.")
@click.option("--reliefs", type=FILE, help="CSV of documents: investor, document, until.")
@click.option("--after", type=FOLDER, multiple=True, help="Folder of a part posted before: what comes later adds.")
@click.option("--claims", type=FILE, help="Market claims that it pays beside: `dividend claims`.")
@click.option("--source", default="", help="Where the rate was read, as announced: statements tell it.")
@click.option("--in-stock", "in_units", is_flag=True, help="The part that is given in units, not the cash.")
@click.option("--elections", type=FOLDER, help="What holders chose between cash and stock (DVOP).")
@click.option("--default", type=click.Choice(["CASH", "SECU"]), help="Refuse choices that were made with another.")
@click.option("--most", type=WHOLE, default=0, help="Refuse choices that were made with another cap, raw units.")
@click.option("--income/--not-income", "is_income", default=None, help="Withhold tax, or none; else as the code says.")
@coded
@change_options
def root(ticker: str, reference: str, code: str, **options: Any) -> None:
    """Compute who is paid or given what, write it into a folder, and post its root (ACTIONS). Nothing moves yet."""
    names = ("register", "out", "treaty", "reliefs", "after", "claims", "source", "in_units", "elections", "most")
    files = {name: options.pop(name) for name in (*names, "is_income")} | {"default": options.pop("default") or ""}
    name = reference if not files["after"] else f"{reference}-{len(files['after'])}"
    name += "-units" if files["in_units"] else ""
    network_name = request_of({**options, "reference": ""}).network
    files["out"] = files["out"] or Path("dividends") / network_name / ticker / name

    def plan_of(network: Any, by: str) -> Any:
        sheet = flows.dividends.Sheet(**files)
        return flows.dividends.root(network, ticker, reference, sheet, by, code)

    _change("root", options, plan_of, retype=ticker)


@cli.command()
@named
@click.argument("folder", type=FOLDER)
@coded
@change_options
def fund(ticker: str, reference: str, folder: Path, code: str, **options: Any) -> None:
    """Bring in exactly what FOLDER's root pays, and remit what is withheld (the treasury); units are made (ISSUER)."""

    def plan_of(network: Any, by: str) -> Any:
        return flows.dividends.fund(network, ticker, reference, folder, by, code)

    _change("fund", options, plan_of, retype=ticker)


@cli.command()
@named
@click.argument("folder", type=FOLDER)
@coded
@change_options
def push(ticker: str, reference: str, folder: Path, code: str, **options: Any) -> None:
    """Pay everybody of FOLDER who may be paid without asking, 128 in a transaction. Anyone may."""
    _change("push", options, lambda network, by: flows.dividends.push(network, ticker, reference, folder, by, code))


@cli.command()
@named
@click.argument("folder", type=FOLDER)
@click.argument("accounts", nargs=-1, required=True, type=ACCOUNT)
@click.option("--reinvest", "quote", type=FILE, help="A desk's quote for the net of the one account: minted after it.")
@coded
@change_options
def claim(
    ticker: str, reference: str, folder: Path, accounts: tuple[str, ...], quote: Path | None, code: str, **options: Any
) -> None:
    """Pay ACCOUNTS by their proofs: each for itself, or all by --as. With --reinvest the cash buys new units."""
    if quote is not None:
        if code != CASH_CODE:
            raise click.UsageError(f"--reinvest is of {CASH_CODE}")
        if len(accounts) != 1:
            raise click.UsageError("--reinvest goes with one account: a quote is of one leaf")
        reinvest = flows.reinvestment.claim
        _change(
            "claim", options, lambda network, by: reinvest(network, ticker, reference, folder, accounts[0], quote, by)
        )
        return

    def plan_of(network: Any, by: str) -> Any:
        return flows.dividends.claim(network, ticker, reference, folder, accounts, by, code)

    _change("claim", options, plan_of)


@cli.command("reinvest-quotes")
@named
@click.argument("folder", type=FOLDER)
@click.argument("accounts", type=FILE)
@click.option("--price", type=MONEY, help="Of one token.")
@click.option("--spread", type=SPREAD, help="Instead of --price: 25bp from the stock's price, against the holders.")
@click.option("--out", type=FOLDER, required=True, help="Folder of the signed quotes.")
@click.option(
    "--life",
    type=DURATION,
    default=QUOTE_LIFE.default,
    show_default=f"{QUOTE_LIFE.default}s",
    help="How long each is good.",
)
@click.option("--override", is_flag=True, help="Sign outside the band; noted. The chain's own band holds.")
@change_options
def reinvest_quotes(
    ticker: str,
    reference: str,
    folder: Path,
    accounts: Path,
    price: Any,
    spread: int | None,
    out: Path,
    life: int,
    override: bool,
    **options: Any,
) -> None:
    """Sign quotes (QUOTE_SIGNER) by which ACCOUNTS, a CSV file of account, reinvest FOLDER's cash. Nothing is sent."""
    request = request_of({**options, "reference": ""})
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a quote is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains import operation
    from scrip.chains.agreement import agreed
    from scrip.errors import InputError
    from scrip.inputs.batch import read_accounts
    from scrip.units import RawUnits

    with reporting("dividend reinvest-quotes", request.as_json) as report, opened(request, evm_only=True) as network:
        if (price is None) == (spread is None):
            raise InputError("is stated, or a --spread from the stock's price: one of the two", field="price")
        operation.demand_whole(network)
        batch = read_accounts(accounts)

        def drafted(one: Any) -> Any:
            at, each = None, price
            if spread is not None:
                at = flows.market.at_spread(one, "mint", ticker, RawUnits.parse("1", 18), spread)
                each = at.settlement
            terms = (ticker, reference, folder, batch, each, life, request.sender, override)
            return flows.reinvestment.wanted(one, *terms), at, flows.fleet.stopped(one, [ticker])

        found, at, stopped = agreed(
            network,
            drafted,
            lambda told: {
                "quotes": [one.facts for one in told[0]],
                "at": told[1] and told[1].facts,
                "stopped": told[2],
            },
        )
        report.show_stopped(stopped)
        if at is not None:
            report.more["at"] = at.facts
            report.say(f"price      {at}")
        report.more["quotes"] = [one.facts for one in found]
        for one in found:
            report.say(str(one))
        refused = flows.reinvestment.refusal_of(network, found)
        if refused is not None:
            report.say(f"as things stand the chain refuses the first: {refused}")
        if request.mode == "plan":
            report.say("these are the quotes: --apply signs them")
            return
        confirm(request, str(at.settlement if at is not None else price))
        written = flows.reinvestment.sign_into(network, found, out)
        report.more["files"] = [str(path) for _, path in written]
        report.say(f"{len(report.more['files'])} quotes stand in {out}")


@cli.command()
@named
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FILE, required=True, help="CSV file, for `dividend statement --reinvested`.")
@view_options
def reinvested(ticker: str, reference: str, folder: Path, out: Path, **options: Any) -> None:
    """Write what of FOLDER's cash was reinvested, as the chain tells it, into a CSV file."""
    from scrip.chains.agreement import agreed

    given = request_of(options)
    with reporting("dividend reinvested", given.as_json) as report, opened(given, evm_only=True) as network:
        found = agreed(network, lambda one: flows.reinvestment.reinvested(one, ticker, reference, folder))
        flows.reinvestment.write(out, found)
        report.more["reinvested"] = [one.cells for one in found]
        for one in found:
            report.say("  ".join(one.cells))
        report.say(f"{len(found):>7,} rows  {out}")


@cli.command()
@named
@coded
@change_options
def sweep(ticker: str, reference: str, code: str, **options: Any) -> None:
    """Send the treasury what nobody fetched until the expiry (ACTIONS)."""

    def plan_of(network: Any, by: str) -> Any:
        return flows.dividends.sweep(network, ticker, reference, by, code)

    _change("sweep", options, plan_of, retype=ticker)


@cli.command()
@named
@coded
@change_options
def stop(ticker: str, reference: str, code: str, **options: Any) -> None:
    """Stop what is paid of a dividend (PAUSER)."""
    _change("stop", options, lambda network, by: flows.dividends.stop(network, ticker, reference, sender=by, code=code))


@cli.command()
@named
@coded
@change_options
def resume(ticker: str, reference: str, code: str, **options: Any) -> None:
    """Let a stopped dividend go on (UNPAUSER)."""

    def plan_of(network: Any, by: str) -> Any:
        return flows.dividends.stop(network, ticker, reference, resume=True, sender=by, code=code)

    _change("resume", options, plan_of)


def forced(command: Any) -> Any:
    """What a root is ended with: which part, and why."""
    part = click.option("--part", type=WHOLE, help="Of several: its number, as `dividend show` has it.")
    return part(coded(reasoned(change_options(command))))


def _end(command: str, ticker: str, reference: str, part: int | None, code: str, options: dict[str, Any]) -> None:
    """Carry out the end of a root; the operation is told by the dividend's own reference."""
    given, why = reason_of({**options, "reference": ""})
    end = getattr(flows.dividend_roots, command)
    carry_out(
        f"dividend {command}",
        given,
        lambda network: end(network, ticker, reference, why, part, code),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@named
@forced
def void(ticker: str, reference: str, part: int | None, code: str, **options: Any) -> None:
    """End a root that nobody has funded (ACTIONS, or the timelock). Another can be posted in its place."""
    _end("void", ticker, reference, part, code, options)


@cli.command()
@named
@forced
def recall(ticker: str, reference: str, part: int | None, code: str, **options: Any) -> None:
    """Send the treasury what a stopped part has not paid (timelock): its root was wrong."""
    _end("recall", ticker, reference, part, code, options)


@cli.command()
@click.argument("ticker")
@click.argument("reference", default="")
@coded
@view_options
def show(ticker: str, reference: str, code: str, **options: Any) -> None:
    """Show TICKER's cash dividends, or its actions of another code, and how far each is paid or delivered."""
    from scrip.chains.agreement import agreed

    given = request_of(options)
    with reporting("dividend show", given.as_json) as report, opened(given, evm_only=True) as network:
        found = agreed(
            network,
            lambda one: flows.dividends.show(one, ticker, reference, code),
            lambda shown: [each.facts for each in shown],
        )
        report.more["dividends"] = [one.facts for one in found]
        for one in found:
            for line in one.lines():
                report.say(line)
        if not found:
            report.say(f"{ticker} has no {'cash dividend' if code == CASH_CODE else code}")


@cli.command()
@named
@click.argument("folders", nargs=-1, type=FOLDER)
@coded
@view_options
def undelivered(ticker: str, reference: str, folders: tuple[Path, ...], code: str, **options: Any) -> None:
    """Show what is parked or could not be paid or delivered, and why; of FOLDERS' leaves also what nobody asked for."""
    from scrip.chains.agreement import agreed

    given = request_of(options)
    with reporting("dividend undelivered", given.as_json) as report, opened(given, evm_only=True) as network:
        found = agreed(
            network,
            lambda one: flows.undelivered.undelivered(one, ticker, reference, folders, code),
            lambda shown: [each.facts for each in shown],
        )
        report.more["undelivered"] = [one.facts for one in found]
        for one in found:
            report.say(str(one))
        if not found:
            report.say(f"nothing of {ticker} {reference} waits that is known here")


@cli.command()
@click.argument("year", type=Whole(2000, 9999))
@click.option("--investor", default="", help="Only this one, as the register names it.")
@click.option(
    "--dividends",
    "below",
    type=FOLDER,
    default=Path("dividends"),
    show_default=True,
    help="Folder that has the dividends' folders below it: those whose roots were paid.",
)
@click.option("--trades", type=FILE, help="CSV of purchases and sales: date, stock, investor, kind, tokens, amount.")
@click.option("--reinvested", type=FILE, multiple=True, help="What was reinvested: `dividend reinvested`.")
@click.option("--splits", type=FILE, help="CSV of splits: date, stock, num, den.")
@click.option("--register", "registers", type=FOLDER, multiple=True, help="A register that the trades must come to.")
@click.option("--home", default="US", show_default=True, help="Where the income arises: not in the 1042-S export.")
@click.option("--pdf", "as_pages", is_flag=True, help="A page for each investor as well, in pages/ below.")
@click.option("--out", type=FOLDER, help="Folder; else statements/YEAR, of one investor statements/YEAR-INVESTOR.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, all else on stderr.")
def statement(year: int, as_json: bool, **options: Any) -> None:
    """Write what investors were paid in YEAR, what was withheld, and what their holdings cost: CSV files and pages."""
    with reporting("dividend statement", as_json) as report:
        from scrip.dividends import deliveries, lots, reinvestments, statements
        from scrip.errors import InputError

        investor, trades, splits = options["investor"], options["trades"], options["splits"]
        if trades is None and (splits or options["registers"]):
            raise InputError("goes with --trades", field="splits" if splits else "register")
        out = options["out"] or Path("statements") / (f"{year}-{investor}" if investor else str(year))
        if options["out"] is None and Path("statements") / out.name != out:
            raise InputError("is no name of a folder: name one with --out", field="investor", value=investor)
        costs = None
        if trades is not None:
            known = lots.read_splits(splits) if splits else []
            costs = statements.Costs(lots.read_trades(trades), known, options["registers"])
        below = statements.folders_below(options["below"])
        given = deliveries.write(out, deliveries.statement(below, year, investor))
        found = statements.payments(below)
        bought = [one for path in options["reinvested"] for one in reinvestments.read(path)]
        rows = statements.write(out, year, found, costs, options["home"], investor, bought, options["as_pages"])
        rows |= given
        report.more["files"] = {str(out / name): count for name, count in rows.items()}
        for name, count in rows.items():
            report.say(f"{count:>7,} {'rows ' if name.endswith('.csv') else 'pages'} {out / name}")
