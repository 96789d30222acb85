"""The primary market: quotes signed and carried out, and its pause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.chains.operation import demand_writable
from scrip.errors import InputError, Refusal
from scrip.evm.handlers.feeds import read_strict
from scrip.evm.views import EvmQuote
from scrip.inputs.quotes import QuoteFile
from scrip.instructions.base import TREASURY
from scrip.instructions.subjects import called_by_name, subjects_of
from scrip.labels import TIMELOCK, asset_label
from scrip.ledger.trading import PegNow, TradingLimit
from scrip.market_limits import cents_of, money
from scrip.model.laws import bands, buckets
from scrip.parameters import BPS, TRADE_BAND
from scrip.plan import Plan, Step
from scrip.plan.draft import Draft, sender_of
from scrip.preview import moment
from scrip.records.files import create, text_of
from scrip.records.quotes import QuoteBook
from scrip.units import STABLECOIN_DECIMALS, WAD, WAD_DECIMALS, RawUnits, Shares, Stablecoin

TELLING = 10
"""How many of the last decimal a price has to come to: 0.000000 tells nobody what a share is sold for."""
REVOKE = "market revoke"
WALLET = ".wallet.json"
"""What a quote's file for wallets ends with, beside the quote's own."""
CARRIED_OUT = "is of a quote that was carried out"
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
    override: bool = False,
    fee_bps: int = 0,
    payer: str = "",
) -> QuoteFile:
    """Draft a quote that is good for `life` seconds of the chain's clock at the present multiplier.

    Asked for again under its reference and on the same terms, it is the one that was signed, while that is good.
    InputError for an amount of 0, over the manifest's limit or finer than the chain's decimals, a life of 0 or over a
    day, an id that was used or of which a quote of other terms was signed, for a signer by whose key another desk
    signs, for an account that may not hold the stock, or not give it back, and for a `payer` of a redemption, or one
    that could not hold it either. Refusal while the settlement coin is off its peg, or nobody has asked its feed; and,
    where nobody said `override`, for a price outside the band around the stock's: what the chain refuses it refuses all
    the same.
    """
    if payer and side != "mint":
        raise InputError("pays a mint alone: a redemption is paid by the treasury", field="payer", value=payer)
    views = network.views()
    limit = network.manifest.limits.max_mint
    units = views.quotes.quotable(side, amount, settlement, reference, life, limit)
    signer = sender_of(network.manifest, "QUOTE_SIGNER", sender)
    _demand_fee(network, fee_bps)
    made = views.new_quote(side, stock, account, units, settlement, reference, life, signer, fee_bps, payer)
    if (found := QuoteBook(network.records.folder).find(reference)) is not None:
        made = _again(network, views.quotes.of(found), made)
    elif views.quote_used(reference):
        raise InputError(CARRIED_OUT, field="reference", value=reference)
    _demand_admitted(network, made)
    if not made.signature:
        _demand_peg(network)
        _demand_room(network, made)
        apart = apart_of(network, made)
        if apart is not None and not override:
            raise Refusal("market: outside the band", f"{apart}; --override signs it, and the chain's own band holds")
    return made


def _again(network: Network, signed: QuoteFile, wished: QuoteFile) -> QuoteFile:
    """The quote that was signed under a reference; InputError where another is wished for, or it is good no longer."""
    state = offer(network, signed).state
    if state == "used":
        raise InputError(CARRIED_OUT, field="reference", value=signed.id)
    if signed.terms != wished.terms:
        side, stock, account, amount, settlement, *more = signed.terms
        said = ", ".join((f"{side} {amount} {stock} for {settlement}", f"account {account}", *more))
        raise InputError(
            f"names another quote that was signed ({said}): give another", field="reference", value=signed.id
        )
    if state != "open":
        why = {"expired": f"expired, {moment(signed.expiry)}", "void": "void, the multiplier changed"}.get(state, state)
        raise InputError(f"names a quote that is {why}: give another", field="reference", value=signed.id)
    return signed


def _demand_fee(network: Network, fee_bps: int) -> None:
    """InputError for a fee over the manifest's, which is 0 where a chain's quotes name none."""
    most = getattr(network.manifest.limits, "max_fee_bps", 0)
    if not 0 <= fee_bps <= most:
        raise InputError(f"is not between 0 and the manifest's limits.max_fee_bps, {most}", field="fee", value=fee_bps)


def _demand_admitted(network: Network, quote: QuoteFile) -> None:
    """InputError where the model says that an account may not receive a stock, or not send it.

    What else stands against the quote may pass until it is used.
    """
    order = called_by_name(quote.order(), network.views().name)
    model = network.model(subjects_of([order]))
    token, now = model.state.token(quote.stock), model.now()
    if isinstance(order, ins.Mint) and order.payer != order.account and not token.may_hold(order.payer, now):
        reason = f"could not hold {quote.stock} itself, and who pays is known to compliance as who holds is"
        raise InputError(reason, field="payer", value=order.payer)
    reason = ""
    if isinstance(order, ins.Mint):
        reason = "" if token.may_hold(order.account, now) else "ERC7943CannotReceive"
    elif not token.may_leave(order.account):
        reason = "ERC7943CannotSend"
    else:
        try:
            token.check_debit(order.account, model.state.raw(order.amount), now)
        except Refusal as refused:
            reason = str(refused) if refused.name in BARRED else ""
    if reason:
        raise InputError(f"gets no quote of {quote.stock} now: {reason}", field="account", value=quote.account)


def _demand_peg(network: Network) -> None:
    """Refusal while quotes in the settlement coin are refused, saying why and what to do."""
    coin, *_ = (*network.manifest.settlement.assets, "")
    for one in network.views().pegs():
        if one.coin == coin and not one.good:
            since = f"since {moment(one.until + 1)}" if one.until else "or was not poked since its guard was set"
            told = f"{coin} is off its peg {since}: `market poke {coin}` asks its feed; until then no quote is taken"
            raise Refusal("market: off peg", told)


def _demand_room(network: Network, quote: QuoteFile) -> None:
    """InputError where a quote is over a limit now: whose, what of it is left, and when the quote will fit.

    Quotes that are signed and not used count nothing yet, so several may be signed of which the last is refused.
    """
    views = network.views()
    cents, now, minting = cents_of(quote.order().settlement), views.now(), quote.side == "mint"
    for one in views.trading_limits(quote.stock, quote.account):
        left = buckets.room(one.level, one.limits, minting, now)
        if left is not None and cents > left:
            free = buckets.free_at(one.level, one.limits, cents, minting, now)
            when = f"there is room for it from {moment(free)} on" if free is not None else "it never fits: split it"
            reason = f"is over the {one.scope}'s limit, {one.limits}: {money(left)} is left now, {when}"
            raise InputError(reason, field="settlement", value=quote.settlement)


@dataclass(frozen=True, slots=True)
class Apart:
    """A quote whose price is outside the band: both prices of a share in dollars, and basis points of the latter."""

    quoted: str
    price: str
    band_bps: int
    lowest: str
    highest: str

    def __str__(self) -> str:
        """For people."""
        bounds = f"{self.lowest} to {self.highest}"
        return f"{self.quoted} a share, and the price is {self.price}: within {self.band_bps} bps that is {bounds}"


def apart_of(network: Network, quote: QuoteFile) -> Apart | None:
    """How a quote's price is outside the band around the stock's; None where it is within, or nothing bounds it."""
    views = network.views()
    at = views.traded_at(quote.stock)
    if at is None or not at.price:
        return None
    order = quote.order()
    amount, settlement = order.amount.to_decimals(WAD_DECIMALS).value, order.settlement
    if bands.is_within(amount, settlement.value, settlement.decimals, at.price, at.band_bps):
        return None
    multiplier = views.ledger.multiplier(quote.stock).ui_multiplier
    share = Fraction(at.price, multiplier)
    quoted = Fraction(settlement.value * WAD**2, 10**settlement.decimals * amount * multiplier)
    bounds = (share * (BPS + one) / BPS for one in (-at.band_bps, at.band_bps))
    return Apart(_dollars(quoted), _dollars(share), at.band_bps, *map(_dollars, bounds))


def _dollars(value: Fraction) -> str:
    return f"{float(value):,.6f}"


@dataclass(frozen=True, slots=True)
class Room:
    """One limit of trades, for people: what counts against it and what can be minted and redeemed now, in money."""

    scope: str
    limits: str
    net: str
    gross: str
    mint: str
    redeem: str


def rooms(network: Network, stock: str, account: str) -> list[Room]:
    """What limits the trades of a stock by an account, and what is left; none where nothing does."""
    views = network.views()
    now, found = views.now(), views.trading_limits(stock, account)

    def left(one: TradingLimit, minting: bool) -> str:
        return money(buckets.room(one.level, one.limits, minting, now) or 0)

    return [
        Room(
            one.scope, str(one.limits), money(one.level.net), money(one.level.gross), left(one, True), left(one, False)
        )
        for one in found
    ]


def refusal_of(network: Network, quote: QuoteFile) -> Refusal | None:
    """How the model refuses a quote as things stand, whoever has the coins; None where it would be carried out."""
    order = quote.order()
    payer = TREASURY
    if isinstance(order, ins.Mint):
        payer, order = order.payer, replace(order, consent=order.payer)
    coins = ins.FundStablecoin(payer, Stablecoin(order.settlement.value + quote.fee.value, order.settlement.decimals))
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
    """"open", "used", "revoked", "expired", or "void" once the multiplier has changed."""
    at_todays: bool = False

    def lines(self) -> Iterator[str]:
        """What is agreed on, for people."""
        one, today = self.quote, " at today's multiplier" if self.at_todays else ""
        yield f"{one.side} {one.amount} {one.stock}, which are {self.shares} shares{today}, for {one.settlement}"
        yield f"price per share  {self.price}{today}"
        if one.fee:
            yield f"fee              {one.fee}, {'on top' if one.side == 'mint' else 'kept back'}"
        yield f"account          {one.account}"
        if payer := getattr(one, "payer", ""):
            yield f"payer            {payer}"
        yield f"good until       {moment(one.expiry)}"

    @property
    def facts(self) -> dict[str, object]:
        """The same for programs."""
        one = self.quote
        agreed = {"reference": one.id, "side": one.side, "stock": one.stock, "account": one.account}
        amounts = {
            "amount": one.amount,
            "shares": str(self.shares),
            "settlement": one.settlement,
            "price": self.price,
            "fee": str(one.fee),
        }
        if payer := getattr(one, "payer", ""):
            agreed["payer"] = payer
        return agreed | amounts | {"expiry": one.expiry, "state": self.state, "at_todays_multiplier": self.at_todays}


def offer(network: Network, quote: QuoteFile) -> Offer:
    """A quote with its shares and price, and whether it can still be used."""
    views = network.views()
    present = views.ledger.multiplier(quote.stock)
    order = quote.order()
    counted = Fraction(order.amount.value * present.ui_multiplier, WAD * 10**order.amount.decimals)
    price = Fraction(order.settlement.value, 10**STABLECOIN_DECIMALS) / counted
    state: str = views.quote_state(quote)
    if state != "open":
        pass
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


def offers(network: Network, every: bool = False) -> list[Offer]:
    """The quotes that were signed here and are open, or `every` one, the first to expire first.

    Of stocks that the manifest has.
    """
    kind = network.views().quotes
    signed = [kind.of(one) for one in QuoteBook(network.records.folder).all()]
    known = [one for one in signed if one.stock in network.manifest.stocks]
    now = network.views().now()
    asked = [one for one in known if every or one.expiry > now]
    found = [offer(network, one) for one in sorted(asked, key=lambda one: (one.expiry, one.id))]
    return [one for one in found if every or one.state == "open"]


def sign_into(network: Network, quote: QuoteFile, path: Path) -> list[Path]:
    """Sign a quote by its signer's key on this machine, note that it was signed, and write it; the files.

    Beside `path` another holds it as wallets take it. Neither overwrites anything: InputError. That its price was
    outside the band is noted, too.
    """
    views = network.views()
    beside = path.with_suffix(WALLET)
    for one in (path, beside):
        demand_writable(one, "out")
    book = QuoteBook(network.records.folder)
    with book.locked():
        if not quote.signature:
            _demand_unclashed(network, book, quote)
        signed = quote if quote.signature else views.signed_quote(quote)
        wallets = text_of(views.for_wallets(signed))
        if not quote.signature:
            if (apart := apart_of(network, quote)) is not None:
                book.note_override(quote.id, {**asdict(apart), "second": views.now()})
            # Before the quote: one that is signed and of which no note tells when could be a market claim or not.
            book.note_signed(quote.id, views.now())
            book.add(quote.id, signed.content())
    signed.write(path)
    create(beside, wallets)
    return [path, beside]


def countersign_into(network: Network, quote: QuoteFile, path: Path, sender: str) -> list[Path]:
    """Sign a quote by a second key on this machine, and write it with both signatures to a file; the files.

    It is the quote that its second signer was shown, whatever its file holds by now. Beside it stands one as wallets
    take it: that of the first desk lacks the second signature. InputError for a quote that is not its first signer's,
    for the first signer itself, and for a key of the same desk.
    """
    evm = evm_only(network)
    views = evm.views()
    beside = path.with_suffix(WALLET)
    for one in (path, beside):
        demand_writable(one, "out")
    views.check_first(quote)
    signed = views.countersigned_by(quote, evm.chain.signer(sender_of(evm.manifest, "QUOTE_SIGNER", sender)))
    wallets = text_of(views.for_wallets(signed))
    signed.write(path)
    create(beside, wallets)
    return [path, beside]


@dataclass(frozen=True, slots=True)
class FeeSum:
    """What trades of a stock on one side have paid in fees, and for how much settlement, in a stablecoin's money."""

    stock: str
    side: str
    coin: str
    trades: int
    settlement: str
    fees: str


def fees(network: Network, first: int = 0) -> list[FeeSum]:
    """The fees of all trades on quotes since block `first`, by stock, side and stablecoin, as events tell them."""
    evm = evm_only(network)
    sums: dict[tuple[str, str, str], list[int]] = {}
    for one in evm.views().trading_fees(first):
        held = sums.setdefault((evm.chain.name(one.token), one.side, evm.chain.name(one.coin)), [0, 0, 0])
        held[:] = [held[0] + 1, held[1] + one.settlement, held[2] + one.fee]
    return [
        FeeSum(stock, side, coin, count, str(Stablecoin(settled)), str(Stablecoin(paid)))
        for (stock, side, coin), (count, settled, paid) in sorted(sums.items())
    ]


def _demand_unclashed(network: Network, book: QuoteBook, quote: QuoteFile) -> None:
    """InputError where another quote was signed here since this one was drafted, of which one alone can be used."""
    kind = network.views().quotes
    for other in (kind.of(one) for one in book.all()):
        if quote.clashes(other):
            reason = f"was given to quote {other.id} meanwhile: give the command again"
            raise InputError(reason, field="nonce", value=quote.quote_terms().nonce)


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
    if not demand_usable(network, quote):
        return made.nothing(f"quote {quote.id} was carried out")
    made.prepared(views.quote_steps(quote, sender, title_of(quote)))
    return made.plan()


def demand_usable(network: Network, quote: QuoteFile) -> bool:
    """Whether a quote was not carried out yet; InputError where it was revoked."""
    state = network.views().quote_state(quote)
    if state == "revoked":
        raise InputError("was revoked: ask the desk for another", field="quote", value=quote.id)
    return bool(state != "used")


def title_of(quote: QuoteFile) -> str:
    """What carrying a quote out is called."""
    return f"{quote.side} {quote.order().amount} {quote.stock} for {quote.settlement}"


def pause(network: Network, wished: bool, reference: str = "", sender: str = "") -> Plan:
    """Stop mints and redemptions on quotes, of all stocks (PAUSER), or go on (UNPAUSER)."""
    views = network.views()
    made = Draft(views, "market pause" if wished else "market unpause", reference)
    if views.market_paused() == wished:
        return made.nothing(f"the market is {'' if wished else 'not '}paused")
    order = ins.PauseMarket() if wished else ins.UnpauseMarket()
    made.order(f"{made.name.split()[-1]} the market", order, sender)
    return made.plan()


def poke(network: Network, coin: str, sender: str, reference: str = "") -> Plan:
    """Have the market ask the peg feed of a settlement coin, of all that have one where none is named. Anyone may.

    `sender` pays. InputError for a coin that is not the manifest's, and for one without a guard.
    """
    evm = evm_only(network)
    made, assets = Draft(evm.views(), "market poke", reference), list(evm.manifest.settlement.assets)
    if coin and coin not in assets:
        raise InputError(f"is no coin of settlement.assets ({', '.join(assets)})", field="coin", value=coin)
    guarded = [one.coin for one in evm.views().pegs() if coin in ("", one.coin)]
    if coin and not guarded:
        raise InputError("has no guard: settlement.pegs", field="coin", value=coin)
    for one in guarded:
        order = ins.PokePeg(asset_label(assets.index(one), one), sender)
        made.add(made.views.step(one, f"ask the peg feed of {one}", [order]))
    return made.plan() if guarded else made.nothing("no settlement coin has a guard")


def told_pegs(network: Network) -> list[str]:
    """What guards the settlement coins, and whether quotes in them are taken now, for people."""

    def told(one: PegNow) -> str:
        if one.good:
            return f"on its peg until {moment(one.until)}"
        return f"off its peg since {moment(one.until + 1)}" if one.until else "off its peg, or not poked"

    return [f"{one.coin} is {told(one)}, within {one.band_bps} bps of a dollar" for one in network.views().pegs()]


# --- on Ethereum-family chains ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtSpread:
    """What a quote settles at a spread from a stock's price: dollars of a share, as of a second, so long ago."""

    settlement: Stablecoin
    share: str
    spread_bps: int
    as_of: int
    age: int
    is_mint: bool

    def __str__(self) -> str:
        """For people."""
        side = "over" if self.is_mint else "below"
        told = f"{self.share} a share as of {moment(self.as_of)}, {self.age} s ago"
        return f"{told}; the quote is {self.spread_bps} bps {side} it"

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        return {"share": self.share, "as_of": self.as_of, "spread_bps": self.spread_bps}


def at_spread(network: Network, side: ins.Side, stock: str, amount: RawUnits, spread_bps: int) -> AtSpread:
    """What minting or redeeming an amount settles at the stock's price now and a spread against the customer.

    InputError for a stock that has no price here, and an amount finer than raw units. Refusal, saying why, where nobody
    may trade at the price now: none was agreed, it is stale, suspended, in a window, or its exchange is closed.
    """
    evm = evm_only(network)
    views = evm.views()
    token, prices = views.ledger.token(stock), views.ledger.suite.prices
    if prices is None or evm.manifest.stocks[stock].price is None:
        raise InputError("has no price in the manifest: state the settlement", field="stock", value=stock)
    if not 0 <= spread_bps <= TRADE_BAND.ceiling:
        raise InputError(f"is not between 0 and {TRADE_BAND.ceiling} bps", field="spread", value=spread_bps)
    price, as_of, trades = read_strict(evm.chain, prices, token)
    if not trades:
        raise Refusal("market: closed", f"the exchange of {stock} does not trade now: state the settlement")
    units, minting = amount.to_decimals(WAD_DECIMALS).value, side == "mint"
    due = Stablecoin(bands.at_spread(units, STABLECOIN_DECIMALS, price, spread_bps, minting))
    share = Fraction(price, views.ledger.multiplier(stock).ui_multiplier)
    return AtSpread(due, _dollars(share), spread_bps, as_of, views.now() - as_of, minting)


def revoke(network: Network, reference: str, sender: str = "") -> Plan:
    """Void a quote that was signed here before it is used, by its signer, or the timelock.

    InputError for a reference of which nothing was signed here.
    """
    evm = evm_only(network)
    found = QuoteBook(evm.records.folder).find(reference)
    if found is None:
        told = "names no quote that was signed here: --all revokes every quote of a signer"
        raise InputError(told, field="reference", value=reference)
    views, quote = evm.views(), EvmQuote.of(found)
    made = Draft(views, REVOKE, reference, natural=True)
    state = offer(evm, quote).state
    if state != "open":
        return made.nothing(f"quote {reference} cannot be used: it is {state}")
    signer = evm.chain.name(quote.signer)
    order = ins.RevokeQuote(signer=signer, nonce=quote.nonce, by=_revoker(signer, sender))
    made.add(views.step("revoke the quote", f"revoke quote {reference}, number {quote.nonce} of {signer}", [order]))
    return made.plan()


def revoke_all(network: Network, signer: str = "", reference: str = "", sender: str = "") -> Plan:
    """Void every quote of a signer that is not used, and make this desk the one that signs its next ones.

    By the signer itself, the first holder of QUOTE_SIGNER where none is named, or the timelock.
    """
    evm = evm_only(network)
    key = signer or ("" if sender == TIMELOCK else sender) or sender_of(evm.manifest, "QUOTE_SIGNER")
    views = evm.views()
    made = Draft(views, REVOKE, reference)
    order = ins.RevokeQuotes(signer=key, desk=QuoteBook(evm.records.folder).name_desk(), by=_revoker(key, sender))
    made.add(views.step("revoke all", f"revoke every unused quote of {key}: this desk signs its next ones", [order]))
    return made.plan()


def _revoker(signer: str, sender: str) -> str:
    """Who signs the revocation of a signer's quotes; InputError for anyone but the signer and the timelock."""
    if sender not in ("", signer, TIMELOCK):
        raise InputError(f"is neither the signer, {signer}, nor the timelock", field="as", value=sender)
    return sender or signer
