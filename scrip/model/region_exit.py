"""Exits from countries: their holders only redeem until a date, then what is left is burned at a price of that date.

A unit is burned only of who is of a left country that the stock's rules shut out at that moment, and only against coins
that are there: an exit pays nobody out of another's funding. Whom a block, a freeze or a lock-up holds keeps its units.
"""

from __future__ import annotations

from scrip.errors import InputError, Refusal
from scrip.holder_limits import Countries
from scrip.instructions.region_exit import (
    CloseExit,
    FundExit,
    OpenExit,
    ParkAtExit,
    PriceExit,
    ReadmitCountries,
    SweepExit,
    TakeAtExit,
    TakeInAtExit,
)
from scrip.ledger.handlers import Handlers
from scrip.model.dividends import payee_of
from scrip.model.laws import arithmetic as law
from scrip.model.reasons import check_reason
from scrip.model.state import State
from scrip.model.state.region_exit import ExitId, RegionExit, RegionExits
from scrip.parameters import REGION_NOTICE, REGION_WAIT
from scrip.units import Stablecoin

HANDLERS: Handlers[State, None] = Handlers("the model")
VENUE = "venue"


# --- the desk --------------------------------------------------------------------------------------------------------


@HANDLERS.of(OpenExit)
def open_(state: State, order: OpenExit) -> None:
    """Refuses, in order: known, not a stock, no country, too early, expiry too early, bad funder, still admitted."""
    exits, key = _exits(state), (order.stock, order.reference)
    if key in exits.exits:
        raise Refusal("exit: known", order.reference)
    stock = state.stocks.get(order.stock)
    if stock is None:
        raise Refusal("exit: not a stock", order.stock)
    if not order.countries.bits:
        raise Refusal("exit: no country")
    earliest = state.now + REGION_NOTICE.value
    if not earliest <= order.until <= law.U128_MAX:
        raise Refusal("exit: too early", f"{order.until}, the earliest is {earliest}")
    if order.expiry and order.expiry < order.until + REGION_WAIT.value:
        raise Refusal("exit: expiry too early", f"{order.expiry}, the earliest is {order.until + REGION_WAIT.value}")
    if order.funder in ("", exits.account):
        raise Refusal("exit: bad funder", order.funder)
    if admitted := _admitted(order.countries, stock.token.rules.countries):
        raise Refusal("exit: still admitted", f"{Countries(admitted).members()}")
    exits.exits[key] = RegionExit(order.countries, order.until, order.expiry, order.funder)


@HANDLERS.of(PriceExit)
def price(state: State, order: PriceExit) -> None:
    """Refuses, in order: not opened, not yet, bad price."""
    found = _exits(state).exits.get((order.stock, order.reference))
    if found is None or found.status != "OPENED":
        raise Refusal("exit: not opened", order.reference)
    if state.now < found.until:
        raise Refusal("exit: not yet", f"until {found.until}")
    wanted = state.coins(order.price)
    if not 0 < wanted <= law.U128_MAX or not order.source:
        raise Refusal("exit: bad price", str(order.price))
    found.status, found.price = "PRICED", wanted


@HANDLERS.of(TakeInAtExit)
def take_in(state: State, order: TakeInAtExit) -> None:
    """Refuses: not opened."""
    _open(state, order.stock, order.reference).taken_in.add(order.account)


@HANDLERS.of(ReadmitCountries)
def readmit(state: State, order: ReadmitCountries) -> None:
    """Refuses, in order: not opened, nothing to follow."""
    found = _open(state, order.stock, order.reference)
    admitted = _admitted(found.countries, state.token(order.stock).rules.countries)
    if not admitted:
        raise Refusal("exit: nothing to follow", order.reference)
    found.countries = Countries(found.countries.bits & ~admitted)


@HANDLERS.of(FundExit)
def fund(state: State, order: FundExit) -> None:
    """Refuses, in order: not opened, not the funder, stablecoin: insufficient."""
    found, amount = _open(state, order.stock, order.reference), state.coins(order.amount)
    if order.by != found.funder:
        raise Refusal("exit: not the funder", order.by)
    if (has := state.market.coins_of(order.by)) < amount:
        raise Refusal("stablecoin: insufficient", f"{order.by} has {Stablecoin(has)}")
    _move(state, order.by, _exits(state).account, amount)
    found.cash += amount


@HANDLERS.of(CloseExit)
def close(state: State, order: CloseExit) -> None:
    """Refuses: not opened. The parked amounts stay."""
    found = _open(state, order.stock, order.reference)
    rest = found.cash - found.parked_sum
    _move(state, _exits(state).account, found.funder, rest)
    found.status, found.cash = "CLOSED", found.cash - rest


# --- holders ---------------------------------------------------------------------------------------------------------


@HANDLERS.of(ParkAtExit)
def park(state: State, order: ParkAtExit) -> None:
    """Refuses, in order: not priced, not funded. Whoever is held, taken in, admitted, or has nothing is passed over."""
    exits = _exits(state)
    found = exits.exits.get((order.stock, order.reference))
    if found is None or found.status != "PRICED":
        raise Refusal("exit: not priced", order.reference)
    token, room, due = state.token(order.stock), found.cash - found.parked_sum, []
    # All or none: what is due is known before anything is burned.
    for account in dict.fromkeys(order.accounts):
        units = token.leaving(account, state.now) if leaves(state, order.stock, found, account) else 0
        cash = units * found.price // 10**state.traits.decimals
        room -= cash
        if room < 0:
            raise Refusal("exit: not funded", f"{Stablecoin(-room)} short")
        due += [(account, units, cash)] if units else []
    for account, units, cash in due:
        token.enrol(account)
        token.move(account, exits.account, units)
        token.destroy(exits.account, units)
        if cash:
            found.parked[account] = found.parked.get(account, 0) + cash


@HANDLERS.of(TakeAtExit)
def take(state: State, order: TakeAtExit) -> None:
    """Refuses, in order: nothing parked, held, not the account."""
    exits = _exits(state)
    found = exits.exits.get((order.stock, order.reference))
    if found is None or order.account not in found.parked:
        raise Refusal("exit: nothing parked", order.account)
    payee = payee_of(state, order.account)
    if not payee:
        raise Refusal("exit: held", order.account)
    if state.is_contract(order.account) and order.by not in (order.account, payee):
        raise Refusal("exit: not the account", order.by)
    _unpark(state, found, order.account, payee)


@HANDLERS.of(SweepExit)
def sweep(state: State, order: SweepExit) -> None:
    """Refuses, in order: reason and document, not expired. Whoever a block holds waits on."""
    check_reason("exit", order.reason, order.document)
    exits = _exits(state)
    found = exits.exits.get((order.stock, order.reference))
    if found is None or not 0 < found.expiry <= state.now:
        raise Refusal("exit: not expired", f"{found.expiry if found else 0}")
    for account in order.accounts:
        if account in found.parked and payee_of(state, account):
            _unpark(state, found, account, exits.escheat)


# --- parts -----------------------------------------------------------------------------------------------------------


def leaves(state: State, stock: str, found: RegionExit, account: str) -> bool:
    """Whether an exit is of an account as country and rules are now."""
    investor = state.investors.investor_of(account)
    if investor is None or account in found.taken_in:
        return False
    record = state.investors.records[investor]
    if record.blocked or record.investor_class == VENUE:
        return False
    return record.country in found.countries and record.country not in state.token(stock).rules.countries


def _admitted(countries: Countries, rules: Countries) -> int:
    """The bits of those countries that the rules admit."""
    return countries.bits & rules.bits


def _exits(state: State) -> RegionExits:
    """InputError where nothing could be asked."""
    if state.region_exits is None:
        raise InputError("has no contract of it: no country is left here", field="region_exit")
    return state.region_exits


def _open(state: State, stock: str, reference: str) -> RegionExit:
    key: ExitId = (stock, reference)
    found = _exits(state).exits.get(key)
    if found is None or found.status == "CLOSED":
        raise Refusal("exit: not opened", reference)
    return found


def _unpark(state: State, found: RegionExit, account: str, payee: str) -> None:
    cash = found.parked.pop(account)
    found.cash -= cash
    _move(state, _exits(state).account, payee, cash)


def _move(state: State, payer: str, payee: str, amount: int) -> None:
    if amount:
        market = state.market
        market.coins[payer] = market.coins_of(payer) - amount
        market.coins[payee] = market.coins_of(payee) + amount
