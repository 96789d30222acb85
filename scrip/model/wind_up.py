"""Stocks' ends: from the effect nothing is minted, and each unit is redeemed once, by burning, at terms that stand.

Everything that all units come to is there before anybody is paid: floors of parts come to no more than the floor of the
whole. A unit that is burned is no more, so nobody is paid twice for it. Whom a block holds waits.
"""

from __future__ import annotations

from scrip.action_codes import ends
from scrip.errors import InputError, Refusal
from scrip.instructions.wind_up import (
    ArmEnd,
    BeginEnd,
    BurnAtEnd,
    BurnForHolders,
    CloseEnd,
    FollowEnd,
    NameEndRate,
    SweepEnd,
    TakeAtEnd,
)
from scrip.ledger.handlers import Handlers
from scrip.model.dividends import payee_of
from scrip.model.laws import arithmetic as law
from scrip.model.reasons import check_reason
from scrip.model.state import State
from scrip.model.state.book import Recorded
from scrip.model.state.token import Token, check_nonzero
from scrip.model.state.wind_up import Ending, WindUps
from scrip.parameters import END_DUST
from scrip.units import NO_WAD, WAD, Stablecoin

HANDLERS: Handlers[State, None] = Handlers("the model")


# --- the end of mints ------------------------------------------------------------------------------------------------


@HANDLERS.of(BeginEnd)
def open_(state: State, order: BeginEnd) -> None:
    """Refuses, in order: not announced, not an end, another end, choice open, no coin, other unknown, roles: not
    authorised (an end that has come), change pending."""
    windups, stock = _windups(state), state.stocks.get(order.stock)
    found = stock.actions.book.get((order.code, order.reference)) if stock is not None else None
    if stock is None or found is None or found.status_at(state.now) != "ANNOUNCED" or found.terms.pay <= state.now:
        raise Refusal("windup: not announced", f"{order.stock} {order.code} {order.reference}")
    if not ends(found.code, found.terms.record_at):
        raise Refusal("windup: not an end", f"{order.code} {order.reference}")
    if order.stock in windups.endings:
        raise Refusal("windup: another end", windups.endings[order.stock].reference)
    _check_payable(found)
    _set_end(state, stock.token, found.terms.pay)
    windups.endings[order.stock] = Ending(found.code, found.reference, found.terms.pay)


@HANDLERS.of(FollowEnd)
def follow(state: State, order: FollowEnd) -> None:
    """Refuses, in order: not opened, nothing to follow, choice open, no coin, other unknown, roles: not authorised,
    change pending."""
    ending, found = _opened(state, order.stock)
    token = state.token(order.stock)
    if found.status == "CANCELLED" or not ends(found.code, found.terms.record_at):
        _set_end(state, token, 0)
        del _windups(state).endings[order.stock]
        return
    if found.terms.pay == ending.end_at:
        raise Refusal("windup: nothing to follow", str(ending.end_at))
    _check_payable(found)
    _set_end(state, token, found.terms.pay)
    ending.end_at = found.terms.pay


@HANDLERS.of(NameEndRate)
def name_rate(state: State, order: NameEndRate) -> None:
    """Refuses, in order: not opened, not effective, rate is set, bad rate."""
    windups, (_, found) = _windups(state), _opened(state, order.stock)
    if found.status_at(state.now) != "EFFECTIVE":
        raise Refusal("windup: not effective", order.stock)
    if found.terms.rate or order.stock in windups.rates:
        raise Refusal("windup: rate is set", order.stock)
    if not 0 < order.rate <= law.U128_MAX or not order.source:
        raise Refusal("windup: bad rate", str(order.rate))
    windups.rates[order.stock] = order.rate


@HANDLERS.of(ArmEnd)
def arm(state: State, order: ArmEnd) -> None:
    """Refuses, in order: not opened, not effective, not an end, to be followed, choice open, no coin, other unknown, no
    rate, nothing to pay, stablecoin: insufficient, and as a request to redeem does, of the other stock's units."""
    ending = terms_of(state, order.stock)
    if not (ending.asset or ending.other) or not ending.supply:
        raise Refusal("windup: nothing to pay", order.stock)
    account = _windups(state).account
    if state.market.coins_of(order.by) < ending.cash:
        raise Refusal("stablecoin: insufficient", f"{order.by} has {Stablecoin(state.market.coins_of(order.by))}")
    if ending.stock:
        other = state.token(ending.other)
        _check_leaves(other, order.by, ending.stock, state.now)
        other.enrol(order.by)
        other.move(order.by, account, ending.stock)
    _move(state, order.by, account, ending.cash)
    ending.status, ending.funder = "ARMED", order.by
    _windups(state).endings[order.stock] = ending


def terms_of(state: State, stock: str) -> Ending:
    """What arming would take now. Refuses, in order: not opened, not effective, not an end, to be followed, choice
    open, no coin, other unknown, no rate."""
    ending, found = _opened(state, stock)
    token, terms, decimals = state.token(stock), found.terms, state.traits.decimals
    if found.status_at(state.now) != "EFFECTIVE":
        raise Refusal("windup: not effective", f"until {terms.pay}")
    if not ends(found.code, terms.record_at):
        # What was given a record since is paid by a root, and not here too.
        raise Refusal("windup: not an end", f"{found.code} {found.reference}")
    if not token.mints_end == terms.pay == ending.end_at:
        raise Refusal("windup: to be followed", f"{terms.pay} and {token.mints_end}")
    _check_payable(found)
    multiplier = token.multiplier.settled(state.now).current.ui_multiplier
    made = Ending(found.code, found.reference, ending.end_at, expiry=terms.expiry, supply=token.supply)
    if price := _price(found):
        rate = max(terms.rate, _windups(state).rates.get(stock, NO_WAD))
        if not rate:
            raise Refusal("windup: no rate", stock)
        made.asset = terms.asset
        # Whole coins a share, a wad rounded down; then shares a unit, a wad each.
        made.cash_num = multiplier * (price * rate // WAD)
        made.cash_den = 10 ** (18 + decimals + 18 - state.config.stablecoin_decimals)
    if terms.num:
        other = state.token(terms.other).multiplier.settled(state.now).current.ui_multiplier
        made.other, made.stock_num, made.stock_den = terms.other, multiplier * terms.num, terms.den * other
    made.cash, made.stock = made.due(token.supply)
    return made


# --- holders ---------------------------------------------------------------------------------------------------------


@HANDLERS.of(BurnAtEnd)
def burn(state: State, order: BurnAtEnd) -> None:
    """Refuses, in order: not armed, halted, paused, zero amount, ERC7943CannotSend, ERC20InsufficientBalance,
    ERC7943InsufficientUnfrozenBalance."""
    ending, token, units = _armed(state, order.stock), state.token(order.stock), state.raw(order.amount)
    _check_leaves(token, order.by, units, state.now)
    _redeem(state, token, order.by, units)
    _pay(state, ending, order.by, order.by, *ending.due(units))


@HANDLERS.of(BurnForHolders)
def burn_for(state: State, order: BurnForHolders) -> None:
    """Refuses: not armed. Whoever is held, has nothing free or is a contract is passed over."""
    ending, token = _armed(state, order.stock), state.token(order.stock)
    for account in order.accounts:
        units = 0 if state.is_contract(account) else token.leaving(account, state.now)
        if units:
            _redeem(state, token, account, units)
            _pay(state, ending, account, account, *ending.due(units))


@HANDLERS.of(TakeAtEnd)
def take(state: State, order: TakeAtEnd) -> None:
    """Refuses, in order: nothing parked, held, not the account, refused."""
    ending = _windups(state).endings.get(order.stock)
    if ending is None or order.account not in ending.parked:
        raise Refusal("windup: nothing parked", order.account)
    payee = payee_of(state, order.account)
    if not payee:
        raise Refusal("windup: held", order.account)
    if state.is_contract(order.account) and order.by not in (order.account, payee):
        raise Refusal("windup: not the account", order.by)
    cash, stock = ending.parked[order.account]
    if not cash and not _takes(state, ending, payee, stock):
        raise Refusal("windup: refused", payee)
    del ending.parked[order.account]
    _pay(state, ending, order.account, payee, cash, stock)


# --- after the expiry ------------------------------------------------------------------------------------------------


@HANDLERS.of(SweepEnd)
def sweep(state: State, order: SweepEnd) -> None:
    """Refuses, in order: reason and document, not armed, not expired. Whoever is held waits on, and what a contract of
    the issuer's keeps is others'."""
    check_reason("windup", order.reason, order.document)
    windups, token = _windups(state), state.stocks.get(order.stock)
    ending = windups.endings.get(order.stock)
    if ending is None or token is None or ending.status == "OPENED":
        raise Refusal("windup: not armed", order.stock)
    if not 0 < ending.expiry <= state.now:
        raise Refusal("windup: not expired", f"{ending.expiry}")
    for account in order.accounts:
        if account == windups.escheat:
            continue
        units = 0 if state.is_contract(account) else token.token.leaving(account, state.now)
        cash, stock = ending.parked.pop(account, (0, 0)) if payee_of(state, account) else (0, 0)
        if units:
            _redeem(state, token.token, account, units)
            more_cash, more_stock = ending.due(units)
            cash, stock = cash + more_cash, stock + more_stock
        _pay(state, ending, windups.escheat, windups.escheat, cash, stock)


@HANDLERS.of(CloseEnd)
def close(state: State, order: CloseEnd) -> None:
    """Refuses, in order: not armed, units left, and as a transfer of the other stock's units to the funder does."""
    ending, account = _armed(state, order.stock), _windups(state).account
    if state.token(order.stock).supply > END_DUST.value:
        raise Refusal("windup: units left", order.stock)
    cash, stock = (have - kept for have, kept in zip((ending.cash, ending.stock), ending.parked_sums, strict=True))
    if stock:
        other = state.token(ending.other)
        _check_handed(other, account, ending.funder, stock, state.now)
        other.enrol(ending.funder)
        other.move(account, ending.funder, stock)
    _move(state, account, ending.funder, cash)
    ending.cash, ending.stock, ending.status = ending.cash - cash, ending.stock - stock, "CLOSED"


# --- parts -----------------------------------------------------------------------------------------------------------


def _windups(state: State) -> WindUps:
    """InputError where nothing could be asked."""
    if state.wind_ups is None:
        raise InputError("has no wind-up: no stock ends here", field="wind_up")
    return state.wind_ups


def _opened(state: State, stock: str) -> tuple[Ending, Recorded]:
    """An end that is not armed, and its action as the book has it. Refuses: not opened."""
    ending, known = _windups(state).endings.get(stock), state.stocks.get(stock)
    found = known.actions.book.get((ending.code, ending.reference)) if ending and known else None
    if ending is None or found is None or ending.status != "OPENED":
        raise Refusal("windup: not opened", stock)
    return ending, found


def _armed(state: State, stock: str) -> Ending:
    ending = _windups(state).endings.get(stock)
    if ending is None or ending.status != "ARMED":
        raise Refusal("windup: not armed", stock)
    return ending


def _price(found: Recorded) -> int:
    """What a share is paid in cash, a wad of the action's currency."""
    return found.terms.gross if found.code == "MRGR" else found.terms.price


def _check_payable(found: Recorded) -> None:
    """Refuses, in order: choice open, no coin, other unknown."""
    if found.terms.deadline and found.terms.num and found.terms.gross:
        raise Refusal("windup: choice open", f"until {found.terms.deadline}, cash or stock")
    if _price(found) and not found.terms.asset:
        raise Refusal("windup: no coin", found.reference)
    if found.terms.num and not found.terms.other:
        raise Refusal("windup: other unknown", found.reference)


def _set_end(state: State, token: Token, at: int) -> None:
    """Refuses, in order: roles: not authorised (once it has come the timelock alone), change pending."""
    if token.has_ended(state.now):
        raise Refusal("roles: not authorised", f"the end came at {token.mints_end}")
    if at and token.multiplier.settled(state.now).effective_at > at:
        raise Refusal("token: change pending", str(token.multiplier.effective_at))
    token.mints_end = at


def _check_leaves(token: Token, account: str, units: int, now: int) -> None:
    """Refuses as a request to redeem: halted, paused, zero amount, ERC7943CannotSend, what is there and free."""
    token.check_live()
    check_nonzero(units)
    if not token.may_leave(account):
        raise Refusal("ERC7943CannotSend", account)
    token.check_debit(account, units, now)


def _check_handed(token: Token, account: str, to: str, units: int, now: int) -> None:
    """Refuses as the delivery of units that were kept: halted, paused, ERC7943CannotReceive, the limits of holders."""
    token.check_live()
    if not token.may_hold(to, now):
        raise Refusal("ERC7943CannotReceive", to)
    token.holders.check(account, to, units)


def _redeem(state: State, token: Token, account: str, units: int) -> None:
    windup = _windups(state).account
    token.enrol(account)
    token.move(account, windup, units)
    token.destroy(windup, units)


def _takes(state: State, ending: Ending, payee: str, stock: int) -> bool:
    """Whether the other stock lets a payee have units."""
    try:
        _check_handed(state.token(ending.other), _windups(state).account, payee, stock, state.now)
    except Refusal:
        return False
    return True


def _pay(state: State, ending: Ending, account: str, payee: str, cash: int, stock: int) -> None:
    """Pay what the payee takes, park the rest."""
    windup = _windups(state).account
    if cash:
        ending.cash -= cash
        _move(state, windup, payee, cash)
    if stock:
        if _takes(state, ending, payee, stock):
            ending.stock -= stock
            other = state.token(ending.other)
            other.enrol(payee)
            other.move(windup, payee, stock)
        else:
            was = ending.parked.get(account, (0, 0))
            ending.parked[account] = was[0], was[1] + stock


def _move(state: State, payer: str, payee: str, amount: int) -> None:
    market = state.market
    market.coins[payer] = market.coins_of(payer) - amount
    market.coins[payee] = market.coins_of(payee) + amount
