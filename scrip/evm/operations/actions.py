"""Corporate actions: announced, scheduled and cancelled by ACTIONS; corrected and folded by the timelock."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy.design import call
from scrip.evm.encoding.values import Transaction, document_hash, reference_word
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import by_role, plan, sender_of, step_of
from scrip.plan import Address, Change, Plan
from scrip.preview import moment
from scrip.roles import ADMIN
from scrip.units import WAD_DECIMALS, format_fixed

STATUS = ("unknown", "announced", "scheduled", "cancelled", "effective")


@dataclass(frozen=True, slots=True)
class Action:
    """An action as the chain keeps it. Money is a wad of currency per share, times are UTC seconds, `ex` YYYYMMDD."""

    token: str
    code: str
    status: str
    announced_at: int
    ex: int
    pay: int
    effective_at: int
    num: int
    den: int
    gross: int
    withheld: int
    net: int
    price: int
    index: int


def find(ledger: EvmLedger, stock: str, code: str, reference: str) -> Action:
    """An action by what names it; of status "unknown" when the chain has none."""
    ledger.token(stock)
    return read(ledger, ledger.action_id(stock, code, reference))


def read(ledger: EvmLedger, identity: bytes) -> Action:
    """An action by its id; of status "unknown" when the chain has none."""
    found = list(ledger.chain.call(ledger.suite.actions, "action", identity))
    found[2] = STATUS[found[2]]
    return Action(*found)


def show(network: EvmConnection, stock: str, code: str, reference: str) -> dict[str, str | int]:
    """An action by its fields, for people and programs."""
    return asdict(find(network.ledger(), stock, code, reference))


def announce(network: EvmConnection, order: ins.Announce, sender: str = "") -> Plan:
    """Record an action with its terms. One that stands with these terms is left alone; InputError for other terms."""
    ledger = network.ledger()
    found = find(ledger, order.stock, order.code, order.reference)
    name = "action announce"
    if found.status == "unknown":
        title = f"announce {_named(order)}"
        signed = by_role(network.manifest, order, sender)
        return plan(network, name, _named(order), [step_of(ledger, title, title, signed)], natural=True)
    ex = order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day
    wished = (order.effective_at, ex, order.pay, order.num, order.den, order.gross)
    if wished != (found.effective_at, found.ex, found.pay, found.num, found.den, found.gross):
        raise InputError(f"is {found.status} with other terms", field="reference", value=order.reference)
    if found.status == "cancelled":
        raise InputError("was cancelled: announce it under another", field="reference", value=order.reference)
    return plan(network, name, _named(order), (), [f"{_named(order)} is {found.status}"], natural=True)


def schedule(network: EvmConnection, order: ins.Schedule, sender: str = "") -> Plan:
    """Put an announced action into its stock's slot, a dividend at its price."""
    ledger = network.ledger()
    found = find(ledger, order.stock, order.code, order.reference)
    name = "action schedule"
    if found.status in ("scheduled", "effective"):
        if found.price != order.price:
            raise InputError(f"is {found.status} at the price {found.price} (a wad)", field="price", value=order.price)
        return plan(network, name, _named(order), (), [f"{_named(order)} is {found.status}"], natural=True)
    if found.status != "announced":
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    title = f"schedule {_named(order)}"
    signed = by_role(network.manifest, order, sender)
    return plan(network, name, _named(order), [step_of(ledger, title, title, signed)], natural=True)


def cancel(network: EvmConnection, order: ins.Cancel, sender: str = "") -> Plan:
    """Withdraw an action, strictly before its second."""
    ledger = network.ledger()
    found = find(ledger, order.stock, order.code, order.reference)
    name = "action cancel"
    if found.status == "cancelled":
        return plan(network, name, _named(order), (), [f"{_named(order)} is cancelled"], natural=True)
    if found.status not in ("announced", "scheduled"):
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    title = f"cancel {_named(order)}"
    signed = by_role(network.manifest, order, sender)
    return plan(network, name, _named(order), [step_of(ledger, title, title, signed)], natural=True)


def _named(order: ins.Announce | ins.Schedule | ins.Cancel) -> str:
    return f"{order.stock} {order.code} {order.reference}"


def correct(
    network: EvmConnection, stock: str, index: int, effective_at: int, reason: int, document: str, reference: str
) -> Plan:
    """Schedule another dividend index (a wad) after a mistake: the timelock's, recorded as an action of its own."""
    args = (Address(stock), reference_word(reference), index, effective_at, reason, document_hash(document))
    before = network.ledger().multiplier(stock)
    change = Change(f"{stock}'s dividend index", _wad(before.index), f"{_wad(index)} from {moment(effective_at)}")
    return _repair(network, "correct", f"correct {stock}'s dividend index to {_wad(index)}", args, change, reference)


def fold(
    network: EvmConnection, stock: str, index: int, num: int, den: int, reason: int, document: str, reference: str
) -> Plan:
    """Give a pair that has grown too long a shorter form: the timelock's, recorded as an action of its own."""
    args = (Address(stock), reference_word(reference), index, num, den, reason, document_hash(document))
    before = network.ledger().multiplier(stock)
    change = Change(f"{stock}'s pair", _pair(before.index, before.num, before.den), _pair(index, num, den))
    return _repair(network, "fold", f"fold {stock}'s pair to {_pair(index, num, den)}", args, change, reference)


def _wad(value: int) -> str:
    return format_fixed(value, WAD_DECIMALS)


def _pair(index: int, num: int, den: int) -> str:
    return f"index {_wad(index)}, factor {num}:{den}"


def _repair(network: EvmConnection, function: str, title: str, args: tuple, change: Change, reference: str) -> Plan:
    if not reference:
        raise InputError("is missing: the action is recorded under it", field="reference")
    one = Transaction(sender_of(network.manifest, ADMIN), "actions", "CorporateActions", function, args)
    return plan(network, f"action {function}", reference, [call(title, title, one)], changes=[change], natural=True)
