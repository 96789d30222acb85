"""The primary market: quotes signed and carried out, and its pause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.chains.operation import demand_writable
from scrip.errors import InputError, Refusal
from scrip.inputs.quotes import QuoteFile
from scrip.instructions.base import TREASURY
from scrip.plan import Plan, Step
from scrip.plan.draft import Draft, sender_of
from scrip.preview import moment
from scrip.records.files import create, text_of
from scrip.records.quotes import QuoteBook
from scrip.units import STABLECOIN_DECIMALS, WAD, WAD_DECIMALS, RawUnits, Shares, Stablecoin

TELLING = 10
"""How many of the last decimal a price has to come to: 0.000000 tells nobody what a share is sold for."""
BARRED = ("ERC7943CannotReceive", "ERC7943CannotSend", "ERC7943InsufficientUnfrozenBalance")
"""Refusals that are of the account itself: blocked, frozen, or not known."""


def draft(
    network: Network,
    side: ins.Side,
    stock: str,
    account: str,
    amount: RawUnits,
    settlement: Stablecoin,
    reference: str,
    life: int,
    sender: str = "",
) -> QuoteFile:
    """Draft a quote that is good for `life` seconds of the chain's clock at the present multiplier.

    Asked for again under its reference and on the same terms, it is the one that was signed, while that is good.
    InputError for an amount of 0, over the manifest's limit or finer than the chain's decimals, a life of 0 or over a
    day, an id that was used or of which a quote of other terms was signed, and for an account that may not hold the
    stock, or not give it back.
    """
    views = network.views()
    limit = network.manifest.limits.max_mint
    units = views.quotes.quotable(side, amount, settlement, reference, life, limit)
    if views.quote_used(reference):
        raise InputError("is of a quote that was carried out", field="reference", value=reference)
    signer = sender_of(network.manifest, "QUOTE_SIGNER", sender)
    made = views.new_quote(side, stock, account, units, settlement, reference, life, signer)
    if (found := QuoteBook(network.records.folder).find(reference)) is not None:
        made = _again(views.quotes.of(found), made, views.ledger.multiplier(stock).generation, views.now())
    _demand_admitted(network, made)
    return made


def _again(signed: QuoteFile, wished: QuoteFile, generation: int, now: int) -> QuoteFile:
    """The quote that was signed under a reference; InputError where another is wished for, or it is good no longer."""
    if signed.terms != wished.terms:
        side, stock, account, amount, settlement = signed.terms
        said = f"{side} {amount} {stock} for {settlement}, account {account}"
        raise InputError(
            f"names another quote that was signed ({said}): give another", field="reference", value=signed.id
        )
    if signed.expiry <= now or signed.generation != generation:
        why = f"expired, {moment(signed.expiry)}" if signed.expiry <= now else "void, the multiplier changed"
        raise InputError(f"names a quote that is {why}: give another", field="reference", value=signed.id)
    return signed


def _demand_admitted(network: Network, quote: QuoteFile) -> None:
    """InputError where the model says that an account may not receive a stock, or not send it.

    What else stands against the quote may pass until it is used.
    """
    refused = refusal_of(network, quote)
    if refused is not None and refused.name in BARRED:
        raise InputError(f"gets no quote of {quote.stock} now: {refused}", field="account", value=quote.account)


def refusal_of(network: Network, quote: QuoteFile) -> Refusal | None:
    """How the model refuses a quote as things stand, whoever has the coins; None where it would be carried out."""
    order = quote.order()
    payer = TREASURY if quote.side == "redeem" else quote.account
    coins = ins.FundStablecoin(payer, order.settlement)
    tried = Step("quote", "quote", "", "", instructions=(coins, order))
    return network.preview(Plan(f"market {quote.side}", quote.id, (tried,))).refusal


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote as people weigh it: its shares, and what one of them costs, in the coin.

    Both are at the multiplier that the quote was signed for while that is the present one, else `at_todays`: a chain
    does not say what an earlier one was.
    """

    quote: QuoteFile
    shares: Shares
    price: str
    state: str
    """"open", "used", "expired", or "void" once the multiplier has changed."""
    at_todays: bool = False

    def lines(self) -> Iterator[str]:
        """What is agreed on, for people."""
        one, today = self.quote, " at today's multiplier" if self.at_todays else ""
        yield f"{one.side} {one.amount} {one.stock}, which are {self.shares} shares{today}, for {one.settlement}"
        yield f"price per share  {self.price}{today}"
        yield f"account          {one.account}"
        yield f"good until       {moment(one.expiry)}"

    @property
    def facts(self) -> dict[str, object]:
        """The same for programs."""
        one = self.quote
        agreed = {"reference": one.id, "side": one.side, "stock": one.stock, "account": one.account}
        amounts = {"amount": one.amount, "shares": str(self.shares), "settlement": one.settlement, "price": self.price}
        return agreed | amounts | {"expiry": one.expiry, "state": self.state, "at_todays_multiplier": self.at_todays}


def offer(network: Network, quote: QuoteFile) -> Offer:
    """A quote with its shares and price, and whether it can still be used."""
    views = network.views()
    present = views.ledger.multiplier(quote.stock)
    order = quote.order()
    counted = Fraction(order.amount.value * present.ui_multiplier, WAD * 10**order.amount.decimals)
    price = Fraction(order.settlement.value, 10**STABLECOIN_DECIMALS) / counted
    state = "open"
    if views.quote_used(quote.id):
        state = "used"
    elif quote.expiry <= views.now():
        state = "expired"
    elif quote.generation != present.generation:
        state = "void"
    return Offer(quote, Shares(counted), _told(price), state, quote.generation != present.generation)


def _told(price: Fraction) -> str:
    """A price of one share, in dollars: to six decimals, and of one that is next to nothing as many as tell it."""
    places = STABLECOIN_DECIMALS
    while 0 < price * 10**places < TELLING and places < WAD_DECIMALS:
        places += 1
    return f"{Decimal(price.numerator) / price.denominator:,.{places}f}"


def offers(network: Network) -> list[Offer]:
    """Every quote that was signed here, the first to expire first; of stocks that the manifest has."""
    kind = network.views().quotes
    signed = [kind.of(one) for one in QuoteBook(network.records.folder).all()]
    known = [one for one in signed if one.stock in network.manifest.stocks]
    return [offer(network, one) for one in sorted(known, key=lambda one: (one.expiry, one.id))]


def sign_into(network: Network, quote: QuoteFile, path: Path) -> list[Path]:
    """Sign a quote by its signer's key on this machine, note that it was signed, and write it; the files.

    Beside `path` another holds it as wallets take it. Neither overwrites anything: InputError.
    """
    views = network.views()
    beside = path.with_suffix(".wallet.json")
    for one in (path, beside):
        demand_writable(one, "out")
    signed = quote if quote.signature else views.signed_quote(quote)
    wallets = text_of(views.for_wallets(signed))
    if not quote.signature:
        QuoteBook(network.records.folder).add(quote.id, signed.content())
    signed.write(path)
    create(beside, wallets)
    return [path, beside]


def submit_file(network: Network, file: Path, side: ins.Side, sender: str) -> Plan:
    """Carry out the signed quote in a file; see `submit`. InputError for a quote to the other side."""
    return submit(network, network.views().quotes.read_to(side, file), sender)


def submit(network: Network, quote: QuoteFile, sender: str) -> Plan:
    """Carry a signed quote out, by the account that it names; what has to be allowed or opened for it comes first.

    InputError for a quote of another network, or without a good signature, and for a sender who is not the quote's
    account.
    """
    views = network.views()
    views.check_quote(quote)
    if views.address(sender) != quote.account:
        raise InputError(f"is not the quote's account, {quote.account}", field="as", value=sender)
    made = Draft(views, f"market {quote.side}", quote.id, natural=True)
    if views.quote_used(quote.id):
        return made.nothing(f"quote {quote.id} was carried out")
    title = f"{quote.side} {quote.order().amount} {quote.stock} for {quote.settlement}"
    made.steps += views.quote_steps(quote, sender, title)
    return made.plan()


def pause(network: Network, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    views = network.views()
    made = Draft(views, "market pause" if wished else "market unpause", reference)
    if views.market_paused() == wished:
        return made.nothing(f"the market is {'' if wished else 'not '}paused")
    order = ins.PauseMarket() if wished else ins.UnpauseMarket()
    made.order(f"{made.name.split()[-1]} the market", order, sender)
    return made.plan()
