"""Offers that holders answer with escrowed units: tender offers, rights issues, mergers with a choice.

The units that wait are those of the positions, nobody is taken more than it chose nor all together more than the most,
and what is paid is never more than what was brought in. What was agreed when the offer was opened stays: the book's
later amendments change no offer.
"""

from __future__ import annotations

from dataclasses import replace

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.offers import (
    CancelOffer,
    ChooseInOffer,
    ClaimOffer,
    CollectOffer,
    EnforceOffer,
    FundOffer,
    LetOut,
    OpenOffer,
    RelayChoice,
    ResumeOffer,
    SetOfferOperator,
    SettleOffer,
    StopOffer,
    SweepOffer,
    WithdrawChoice,
)
from scrip.ledger.handlers import Handlers
from scrip.model.dividends import payee_of
from scrip.model.laws import arithmetic as limits
from scrip.model.laws import offers as law
from scrip.model.laws.offers import OFFER_CODES, Agreed, OfferCode, Outcome
from scrip.model.market import check_mint
from scrip.model.reasons import check_reason
from scrip.model.state import State, Token
from scrip.model.state.book import Recorded
from scrip.model.state.offers import Offer, Offers, Position
from scrip.model.state.token import check_nonzero
from scrip.units import Stablecoin, Wad

HANDLERS: Handlers[State, None] = Handlers("the model")

MAX_OFFERED = parameters.MAX_OFFERED.value


# --- the desk --------------------------------------------------------------------------------------------------------


@HANDLERS.of(OpenOffer)
def open_(state: State, order: OpenOffer) -> None:
    """Refuses, in order: not announced, other kind, over, no rate, bad terms, another part, opened."""
    offers, stock = _offers(state), state.stocks.get(order.stock)
    found = stock.actions.book.get((order.code, order.reference)) if stock is not None else None
    status = found.status_at(state.now) if found is not None else ""
    # Rights are given out by a root, from which the book has them as effective, and are used until the deadline.
    if found is None or not (status == "ANNOUNCED" or (order.code == "RHTS" and status == "EFFECTIVE")):
        raise Refusal("book: not announced", f"{order.stock} {order.code} {order.reference}")
    code, terms = _code(order.code, found), found.terms
    if terms.deadline < state.now:
        raise Refusal("offer: over", f"for {state.now - terms.deadline} s")
    money = terms.gross if code == "MRGR" else terms.price
    if money and not terms.rate:
        raise Refusal("offer: no rate", f"{order.stock} {order.reference}")
    most = terms.most if code == "TEND" else state.raw(order.most)
    token, given = _stocks(code, order.stock, found)
    if wrong := _wrong(order, code, most, token):
        raise Refusal("offer: bad terms", wrong)
    agreed = _agreed(state, code, found, token, given, most)
    key = (order.stock, code, order.reference)
    parts = offers.parts.get(key, [])
    if order.part != len(parts):
        raise Refusal("offer: another part", f"{order.part}, and {len(parts)} were opened")
    if parts and offers.offers[parts[-1]].status(state.now) not in ("CANCELLED", "LAPSED"):
        raise Refusal("offer: opened", parts[-1])
    offers.offers[order.offer] = Offer(
        stock=order.stock,
        reference=order.reference,
        token=token,
        given=given,
        treasury=order.treasury,
        taker=order.taker,
        agreed=agreed,
        opened_at=state.now,
        deadline=terms.deadline,
        pay=terms.pay,
        expiry=terms.pay + _escheat(state),
    )
    offers.parts[key] = [*parts, order.offer]


def _code(code: str, found: Recorded) -> OfferCode:
    for one in OFFER_CODES:
        if code == one and (code != "MRGR" or (found.terms.deadline and not found.terms.record_at)):
            return one
    raise Refusal("offer: other kind", code)


def _stocks(code: OfferCode, stock: str, found: Recorded) -> tuple[str, str]:
    """What is escrowed, and what is given for it."""
    if code == "RHTS":
        return found.terms.other, stock
    return stock, found.terms.other if code == "MRGR" and found.terms.num else ""


def _wrong(order: OpenOffer, code: OfferCode, most: int, token: str) -> str:
    """What is wrong with the terms that an offer is opened on; "" for nothing."""
    if not order.treasury:
        return "nobody receives what is left"
    if most > MAX_OFFERED:
        return f"most {most} is more than {MAX_OFFERED}"
    if code == "TEND" and order.most.value:
        return "the most of a tender offer stands in the book"
    if code != "TEND" and order.taker:
        return f"nobody takes the units of {code}"
    return "" if token else "the rights are no stock of the issuer's: other says nothing"


def _agreed(state: State, code: OfferCode, found: Recorded, token: str, given: str, most: int) -> Agreed:
    terms, now = found.terms, state.now
    shown = state.token(token).multiplier.settled(now).current.ui_multiplier
    ratio, gives = Wad(0), code == "RHTS" or (code == "MRGR" and bool(terms.num))
    if gives and not given:
        raise Refusal("offer: bad terms", "the stock that is given is none of the issuer's")
    if gives:
        other = state.token(given).multiplier.settled(now).current.ui_multiplier
        pair = (1, 1) if code == "RHTS" else (terms.num, terms.den)
        ratio = law.ratio_of(shown, other, *pair)
    money = terms.gross if code == "MRGR" else terms.price
    price = law.price_of(shown, money, terms.rate)
    fits = ratio <= limits.U128_MAX and price <= limits.U96_MAX
    if not fits or bool(price) != bool(money) or bool(ratio) != gives:
        raise Refusal("offer: bad terms", f"price {price}, ratio {ratio}")
    decimals = state.config.stablecoin_decimals if terms.asset else 0
    return Agreed(code, price, ratio, most, decimals)


@HANDLERS.of(StopOffer, ResumeOffer)
def set_stopped(state: State, order: StopOffer | ResumeOffer) -> None:
    """Refuses: not open. Doing it again is accepted."""
    _open(state, order.offer).stopped = isinstance(order, StopOffer)


@HANDLERS.of(CancelOffer, LetOut)
def cancel(state: State, order: CancelOffer | LetOut) -> None:
    """Refuses, in order: not open, not authorised (of anyone, where the book did not cancel the action), reason and
    document."""
    found = _open(state, order.offer)
    if isinstance(order, LetOut) and not _is_withdrawn(state, found):
        raise Refusal("roles: not authorised", order.by)
    check_reason("offer", order.reason, order.document)
    found.kept, found.stopped = "CANCELLED", True


@HANDLERS.of(FundOffer)
def fund(state: State, order: FundOffer) -> None:
    """Refuses, in order: not open, not over, roles: not authorised, withdrawn, sum differs, stablecoin: insufficient,
    where units are made also as a mint."""
    offers, found = _offers(state), _open(state, order.offer)
    if state.now <= found.deadline:
        raise Refusal("offer: not over", f"for {found.deadline - state.now + 1} s")
    if found.agreed.code != "TEND" and order.by not in state.config.holding("ACTIONS"):
        raise Refusal("roles: not authorised", order.by)
    if _is_withdrawn(state, found):
        raise Refusal("offer: withdrawn", found.reference)
    final = final_of(state, found)
    due, minted = law.needs(final, found.total, found.more)
    amount = state.coins(order.amount)
    if amount != due:
        raise Refusal("offer: sum differs", f"{Stablecoin(amount)} of {Stablecoin(due)}")
    _check_coins(state, order.by, due)
    if minted:
        check_mint(state.stocks[found.given], offers.account, minted, state.now, itself=True)
        token = state.token(found.given)
        token.writable(offers.account).balance += minted
        token.supply += minted
        token.holders.settle()
    found.kept, found.final = "FUNDED", (final.price, final.ratio)
    found.coins += due
    found.minted = minted
    _transfer(state, order.by, offers.account, due)


@HANDLERS.of(SweepOffer)
def sweep(state: State, order: SweepOffer) -> None:
    """Refuses, in order: not funded, before expiry."""
    offers, found = _offers(state), _known(state, order.offer)
    if found is None or found.status(state.now) != "FUNDED":
        raise Refusal("offer: not funded", order.offer)
    if state.now < found.expiry:
        raise Refusal("offer: before expiry", f"in {found.expiry - state.now} s")
    _transfer(state, offers.account, found.treasury, found.coins + found.proceeds)
    found.kept, found.coins, found.proceeds = "SWEPT", 0, 0


# --- who chooses -----------------------------------------------------------------------------------------------------


@HANDLERS.of(ChooseInOffer)
def choose(state: State, order: ChooseInOffer) -> None:
    """Refuses, in order: unknown, over, stopped, too much, nothing, bad choice, then as an escrow of units, stablecoin:
    insufficient."""
    _choose(state, order)


@HANDLERS.of(RelayChoice)
def relay(state: State, order: RelayChoice) -> None:
    """Refuses, in order: signature expired, bad signature (none), then as a choice. What was signed a chain checks."""
    if order.expiry < state.now:
        raise Refusal("offer: signature expired", f"{state.now - order.expiry} s ago")
    if not order.signature:
        raise Refusal("offer: bad signature", "none")
    _choose(state, order)


def _choose(state: State, order: ChooseInOffer | RelayChoice) -> None:
    offers, found = _offers(state), _known(state, order.offer)
    units, more = state.raw(order.units), state.raw(order.more)
    is_tender = found is not None and found.agreed.code == "TEND"
    if found is None:
        raise Refusal("offer: unknown", order.offer)
    if is_tender and more:
        raise Refusal("offer: bad choice", "a tender offer takes one choice")
    if found.deadline < state.now:
        raise Refusal("offer: over", f"for {state.now - found.deadline} s")
    if found.stopped:
        raise Refusal("offer: stopped", order.offer)
    if units > MAX_OFFERED - found.total or more > MAX_OFFERED - found.more:
        raise Refusal("offer: too much", f"{units} and {more}")
    if not (is_tender or units or more):
        raise Refusal("offer: nothing", order.account)
    was = found.position(order.account) or Position()
    now = Position(was.first + units, was.second + more)
    agreed = found.agreed
    rights = agreed.code == "RHTS"
    if more and ((rights and not (agreed.most and now.first)) or (not rights and not agreed.ratio)):
        raise Refusal("offer: bad choice", f"{order.more} more")
    if units and agreed.code == "MRGR" and not agreed.price:
        raise Refusal("offer: bad choice", "nothing is paid in cash")
    due = 0
    if rights:
        due = law.returned(agreed, now.first, now.second)[1] - law.returned(agreed, was.first, was.second)[1]
    escrowed = units if rights else units + more
    token = state.token(found.token)
    if escrowed or is_tender:
        _check_escrow(state, token, order.account, escrowed)
    _check_coins(state, order.account, due)
    if escrowed:
        token.enrol(order.account)
        token.move(order.account, offers.account, escrowed)
    _transfer(state, order.account, offers.account, due)
    found.positions[order.account] = now
    found.total += units
    found.more += more
    found.coins += due


def _check_escrow(state: State, token: Token, owner: str, amount: int) -> None:
    token.check_live()
    check_nonzero(amount)
    if not token.may_leave(owner):
        raise Refusal("ERC7943CannotSend", owner)
    token.check_debit(owner, amount, state.now)


@HANDLERS.of(WithdrawChoice)
def withdraw(state: State, order: WithdrawChoice) -> None:
    """Refuses, in order: held, not the account, not open, over, nothing, halted, paused, ERC7943CannotReceive."""
    offers, payee = _offers(state), _heard(state, order.account, order.by)
    found = _open(state, order.offer)
    if found.deadline < state.now:
        raise Refusal("offer: over", f"for {state.now - found.deadline} s")
    position = found.position(order.account)
    if position is None:
        raise Refusal("offer: nothing", order.account)
    units, coins = law.returned(found.agreed, position.first, position.second)
    _release(state, found.token, payee, units)
    del found.positions[order.account]
    found.total -= position.first
    found.more -= position.second
    found.coins -= coins
    _transfer(state, offers.account, payee, coins)


@HANDLERS.of(ClaimOffer)
def claim(state: State, order: ClaimOffer) -> None:
    """Refuses, in order: held, not the account, nothing, not funded, before pay, halted, paused, ERC7943CannotReceive.

    New units of who may not hold them now stay due.
    """
    offers, payee = _offers(state), _heard(state, order.account, order.by)
    found, position = _ended(state, order.offer, order.account)
    carried_out = found.status(state.now) in ("FUNDED", "SWEPT")
    if carried_out and state.now < found.pay:
        raise Refusal("offer: before pay", f"in {found.pay - state.now} s")
    units, coins = position.first, position.second
    gives = carried_out and found.agreed.code != "TEND"
    token, parked = state.token(found.given if gives else found.token), 0
    if gives and units and not _may_receive(state, token, payee):
        units, parked = 0, units
    if gives and units:
        token.check_live()
        token.holders.check(offers.account, payee, units)
    elif units:
        _check_release(token, payee)
    _write(state, found, order.account, position)
    if parked:
        found.positions[order.account] = Position(parked, 0, settled=True)
    else:
        del found.positions[order.account]
    if gives:
        found.minted -= units
    if units:
        token.enrol(payee)
        token.move(offers.account, payee, units)
    found.coins -= coins
    _transfer(state, offers.account, payee, coins)


def _may_receive(state: State, token: Token, payee: str) -> bool:
    return token.may_hold(payee, state.now)


@HANDLERS.of(SetOfferOperator)
def set_operator(state: State, order: SetOfferOperator) -> None:
    """Let an account act for another, or no longer."""
    pairs = _offers(state).operators
    (pairs.add if order.approved else pairs.discard)((order.account, order.operator))


# --- carrying it out -------------------------------------------------------------------------------------------------


@HANDLERS.of(SettleOffer)
def settle(state: State, order: SettleOffer) -> None:
    """Refuses: not funded. What is settled already, and who has nothing, is passed over."""
    found = _known(state, order.offer)
    if found is None or found.status(state.now) != "FUNDED":
        raise Refusal("offer: not funded", order.offer)
    for account in order.accounts:
        position = found.position(account)
        if position is not None and not position.settled:
            _write(state, found, account, position_after(found, position))


@HANDLERS.of(CollectOffer)
def collect(state: State, order: CollectOffer) -> None:
    """Refuses, in order: nothing, halted, paused, ERC7943CannotReceive (the taker), then as the holder limits."""
    offers, found = _offers(state), _known(state, order.offer)
    if found is None or not (found.taken or found.proceeds):
        raise Refusal("offer: nothing", order.offer)
    token, taken = state.token(found.token), found.taken
    if taken:
        token.check_live()
        if found.taker:
            if not _may_receive(state, token, found.taker):
                raise Refusal("ERC7943CannotReceive", found.taker)
            token.holders.check(offers.account, found.taker, taken)
            token.enrol(found.taker)
            token.move(offers.account, found.taker, taken)
        else:
            token.destroy(offers.account, taken)
    _transfer(state, offers.account, found.treasury, found.proceeds)
    found.taken = found.proceeds = 0


@HANDLERS.of(EnforceOffer)
def enforce(state: State, order: EnforceOffer) -> None:
    """Refuses, in order: reason and document, keys: used, more than is there, nothing, ERC20InvalidReceiver."""
    offers, found = _offers(state), _known(state, order.offer)
    check_reason("offer", order.reason, order.document)
    offers.keys.check(order.key)
    amount = state.raw(order.amount)
    position = found.position(order.account) if found is not None else None
    gives = False
    if found is not None and position is not None and found.status(state.now) == "OPEN":
        first, second = position.first, position.second
        less = min(first, amount)
        also = second if found.agreed.code == "RHTS" else amount - less
        whole = found.agreed.code != "RHTS" or amount == first
        if not amount or not whole or also > second:
            raise Refusal("offer: more than is there", f"{amount} of {first + second}")
        units, coins = amount, 0
        if found.agreed.code == "RHTS":
            units, coins = law.returned(found.agreed, first, second)
        _check_to(order.to, units)
        rest = Position(first - less, second - also)
        found.total -= less
        found.more -= also
        found.positions[order.account] = rest
        if not (rest.first or rest.second):
            del found.positions[order.account]
    else:
        if amount:
            raise Refusal("offer: more than is there", f"{amount}: it takes all that is due")
        found, position = _ended(state, order.offer, order.account)
        units, coins = position.first, position.second
        _check_to(order.to, units)
        gives = found.status(state.now) in ("FUNDED", "SWEPT") and found.agreed.code != "TEND"
        _write(state, found, order.account, position)
        del found.positions[order.account]
        if gives:
            found.minted -= units
    offers.keys.consume(order.key)
    if units:
        token = state.token(found.given if gives else found.token)
        token.enrol(order.to)
        token.move(offers.account, order.to, units)
    found.coins -= coins
    _transfer(state, offers.account, order.to, coins)


# --- questions -------------------------------------------------------------------------------------------------------


def final_of(state: State, found: Offer) -> Agreed:
    """What an offer would be settled on now: with the dividends that were reinvested since it was opened."""
    price, ratio, now = found.agreed.price, found.agreed.ratio, state.now
    if found.agreed.code != "RHTS":
        multiplier = state.token(found.token).multiplier.settled(now)
        was, index = multiplier.index_at(found.opened_at), multiplier.index_at(min(found.deadline, now))
        price, ratio = law.grown(price, index, was), law.grown(ratio, index, was)
    if found.given:
        multiplier = state.token(found.given).multiplier.settled(now)
        ratio = law.shrunk(ratio, multiplier.index_at(now), multiplier.index_at(found.opened_at))
    if price > limits.U96_MAX or ratio > limits.U128_MAX:
        raise Refusal("offer: bad terms", f"price {price}, ratio {ratio}")
    return replace(found.agreed, price=price, ratio=ratio)


def position_after(found: Offer, position: Position) -> Position:
    """An unsettled position of an offer that is funded, settled."""
    outcome = _outcome(found, position)
    return Position(outcome.units, outcome.coins, settled=True)


def _outcome(found: Offer, position: Position) -> Outcome:
    return law.outcome(found.settled_on, position.first, position.second, found.total, found.more)


# --- parts -----------------------------------------------------------------------------------------------------------


def _offers(state: State) -> Offers:
    """InputError where nothing could be asked."""
    if state.offers is None:
        raise InputError("has no escrow of offers: nobody tenders here", field="offers")
    return state.offers


def _escheat(state: State) -> int:
    return state.dividends.escheat if state.dividends is not None else parameters.ESCHEAT.default


def _known(state: State, offer: str) -> Offer | None:
    return _offers(state).offers.get(offer)


def _open(state: State, offer: str) -> Offer:
    found = _known(state, offer)
    if found is None or found.status(state.now) != "OPEN":
        raise Refusal("offer: not open", offer)
    return found


def _is_withdrawn(state: State, found: Offer) -> bool:
    recorded = state.stocks[found.stock].actions.book.get((found.agreed.code, found.reference))
    return recorded is not None and recorded.status == "CANCELLED"


def _heard(state: State, account: str, by: str) -> str:
    """Who is handed what an account has. Refuses, in order: held, not the account."""
    payee = payee_of(state, account)
    if not payee:
        raise Refusal("offer: held", account)
    sender = by or account
    if sender != payee and (payee, sender) not in _offers(state).operators:
        raise Refusal("offer: not the account", sender)
    return payee


def _ended(state: State, offer: str, account: str) -> tuple[Offer, Position]:
    """An offer that is over, and the account's position in it as settled; nothing is written.

    Refuses, in order: nothing, not funded.
    """
    found = _known(state, offer)
    position = found.position(account) if found is not None else None
    if found is None or position is None:
        raise Refusal("offer: nothing", account)
    status = found.status(state.now)
    if status == "OPEN":
        raise Refusal("offer: not funded", offer)
    if status in ("FUNDED", "SWEPT"):
        settled = position if position.settled else position_after(found, position)
        return found, replace(settled, second=0) if status == "SWEPT" else settled
    if position.settled:
        return found, position
    return found, Position(*law.returned(found.agreed, position.first, position.second), settled=True)


def _write(state: State, found: Offer, account: str, after: Position) -> None:
    """Write down what becomes of a position, where it is not settled yet."""
    position, status = found.positions[account], found.status(state.now)
    if not position.settled and status in ("FUNDED", "SWEPT"):
        outcome = _outcome(found, position)
        found.taken += outcome.taken
        if status == "FUNDED":
            # The price of new units becomes the treasury's.
            found.coins -= outcome.proceeds
            found.proceeds += outcome.proceeds
    found.positions[account] = after


def _check_to(to: str, units: int) -> None:
    if units and not to:
        raise Refusal("ERC20InvalidReceiver")


def _check_release(token: Token, to: str) -> None:
    """Refuses, in order: halted, paused, ERC7943CannotReceive."""
    token.check_live()
    if not token.may_leave(to):
        raise Refusal("ERC7943CannotReceive", to)


def _release(state: State, stock: str, to: str, units: int) -> None:
    if units:
        token = state.token(stock)
        _check_release(token, to)
        token.enrol(to)
        token.move(_offers(state).account, to, units)


def _check_coins(state: State, payer: str, amount: int) -> None:
    held = state.market.coins_of(payer)
    if held < amount:
        raise Refusal("stablecoin: insufficient", f"{payer} has {Stablecoin(held)} of {Stablecoin(amount)}")


def _transfer(state: State, payer: str, payee: str, amount: int) -> None:
    if amount:
        state.market.coins[payer] = state.market.coins_of(payer) - amount
        state.market.coins[payee] = state.market.coins_of(payee) + amount
