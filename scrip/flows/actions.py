"""Corporate actions: announced, scheduled and cancelled by ACTIONS; corrected and folded by the timelock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.deploy.design import call
from scrip.evm.encoding.values import Transaction, document_hash, reference_word
from scrip.ledger.states import ActionState
from scrip.model.state.actions import midnight
from scrip.plan import Address, Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.roles import ADMIN
from scrip.units import WAD_DECIMALS, format_fixed

Order = ins.Announce | ins.Schedule | ins.Cancel


def show(network: Network, stock: str, code: str, reference: str) -> ActionState:
    """An action as the chain keeps it; of status "unknown" when it has none."""
    return network.views().ledger.action(stock, code, reference)


def announce(network: Network, order: ins.Announce, sender: str = "") -> Plan:
    """Record an action with its terms. One that stands with these terms is left alone; InputError for other terms.

    Where the order names no ex instant it is the opening of the ex date's session, by the stock's exchange calendar.
    """
    views = network.views()
    order = _dated(network, order)
    draft = Draft(views, "action announce", _named(order), natural=True)
    found = views.ledger.action(order.stock, order.code, order.reference)
    if not found.known:
        draft.order(f"announce {_named(order)}", order, sender)
        return draft.plan()
    ex, buy = order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day, order.buy or order.pay
    wished = (order.effective_at, ex, order.ex_at, order.pay, buy, order.num, order.den, order.gross)
    stands = (found.effective_at, found.ex, found.ex_at, found.pay, found.buy, found.num, found.den, found.gross)
    if wished != stands:
        raise InputError(f"is {found.status} with other terms", field="reference", value=order.reference)
    if found.status == "cancelled":
        raise InputError("was cancelled: announce it under another", field="reference", value=order.reference)
    return draft.nothing(f"{_named(order)} is {found.status}")


def schedule(network: Network, order: ins.Schedule, sender: str = "") -> Plan:
    """Put an announced action into its stock's slot, a dividend at its price."""
    views = network.views()
    draft = Draft(views, "action schedule", _named(order), natural=True)
    found = views.ledger.action(order.stock, order.code, order.reference)
    if found.counts:
        if found.price != order.price:
            raise InputError(f"is {found.status} at the price {found.price} (a wad)", field="price", value=order.price)
        return draft.nothing(f"{_named(order)} is {found.status}")
    if found.status != "announced":
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    draft.order(f"schedule {_named(order)}", order, sender)
    return draft.plan()


def cancel(network: Network, order: ins.Cancel, sender: str = "") -> Plan:
    """Withdraw an action, strictly before its second."""
    views = network.views()
    draft = Draft(views, "action cancel", _named(order), natural=True)
    found = views.ledger.action(order.stock, order.code, order.reference)
    if found.status == "cancelled":
        return draft.nothing(f"{_named(order)} is cancelled")
    if not found.open:
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    draft.order(f"cancel {_named(order)}", order, sender)
    return draft.plan()


def plan_of(network: Network, order: Order, sender: str = "") -> Plan:
    """The plan of whichever of the three an order is."""
    match order:
        case ins.Announce():
            return announce(network, order, sender)
        case ins.Schedule():
            return schedule(network, order, sender)
        case ins.Cancel():
            return cancel(network, order, sender)


def _dated(network: Network, order: ins.Announce) -> ins.Announce:
    """The order with its ex instant, which a stock that the manifest does not have must name."""
    manifest = network.manifest
    if order.ex_at or order.stock not in manifest.stocks:
        return replace(order, ex_at=order.ex_at or midnight(order.ex))
    return replace(order, ex_at=opening(manifest.calendar_of(order.stock), order.ex))


def opening(calendar: str, day: date) -> int:
    """The UTC second at which an exchange opens on a day; InputError where it does not open, or nobody knows yet."""
    # Loads pandas, which no other plan needs.
    from exchange_calendars import get_calendar

    around = timedelta(days=7)
    try:
        sessions = get_calendar(calendar, start=(day - around).isoformat(), end=(day + around).isoformat())
        return int(sessions.session_open(day.isoformat()).timestamp())
    except ValueError as unknown:
        raise InputError(f"is no session of {calendar}: name the ex instant", field="ex", value=day) from unknown


def _named(order: Order) -> str:
    return f"{order.stock} {order.code} {order.reference}"


# --- the timelock's, on Ethereum-family chains -----------------------------------------------------------------------


def correct(network: Network, stock: str, index: int, effective_at: int, reason: Reason) -> Plan:
    """Schedule another dividend index (a wad) after a mistake: the timelock's, recorded as an action of its own."""
    args = (Address(stock), reference_word(reason.reference), index, effective_at, *_reason_words(reason))
    before = evm_only(network).ledger().multiplier(stock)
    change = Change(f"{stock}'s dividend index", _wad(before.index), f"{_wad(index)} from {moment(effective_at)}")
    return _repair(network, "correct", f"correct {stock}'s dividend index to {_wad(index)}", args, change, reason)


def fold(network: Network, stock: str, index: int, num: int, den: int, reason: Reason) -> Plan:
    """Give a pair that has grown too long a shorter form: the timelock's, recorded as an action of its own."""
    args = (Address(stock), reference_word(reason.reference), index, num, den, *_reason_words(reason))
    before = evm_only(network).ledger().multiplier(stock)
    change = Change(f"{stock}'s pair", _pair(before.index, before.num, before.den), _pair(index, num, den))
    return _repair(network, "fold", f"fold {stock}'s pair to {_pair(index, num, den)}", args, change, reason)


def _reason_words(reason: Reason) -> tuple[int, bytes]:
    return reason.code, document_hash(reason.document)


def _wad(value: int) -> str:
    return format_fixed(value, WAD_DECIMALS)


def _pair(index: int, num: int, den: int) -> str:
    return f"index {_wad(index)}, factor {num}:{den}"


def _repair(
    network: Network, function: str, title: str, args: tuple[object, ...], change: Change, reason: Reason
) -> Plan:
    if not reason.reference:
        raise InputError("is missing: the action is recorded under it", field="reference")
    draft = Draft(evm_only(network).views(), f"action {function}", reason.reference, natural=True)
    by = draft.sender(ADMIN)
    draft.add(call(title, title, Transaction(by, "actions", "CorporateActions", function, args)))
    draft.changes.append(change)
    return draft.plan()
