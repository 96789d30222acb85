"""The corporate actions network: announced, scheduled and cancelled by ACTIONS."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.plan import Plan
from scrip.solana.addresses import reference_word
from scrip.solana.connection import SolanaConnection
from scrip.solana.operations.common import Draft

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Action:
    """An action as the program keeps it. Money is a wad of currency per share, times are UTC seconds, `ex` YYYYMMDD."""

    id: str
    stock: str
    code: str
    status: str = UNKNOWN
    ex: int = 0
    pay: int = 0
    effective_at: int = 0
    num: int = 0
    den: int = 0
    gross: int = 0
    withheld: int = 0
    net: int = 0
    price: int = 0


def find(network: SolanaConnection, stock: str, code: str, reference: str) -> Action:
    """An action by what names it; of status "unknown" when the program has none, "effective" from its second on."""
    listing = network.ledger().listing(stock)
    at = network.program.at.action(listing.stock, code, reference_word(reference))
    data = network.chain.account(at)
    return action_of(network, stock, network.program.decode(data)) if data else Action("", stock, code)


def show(network: SolanaConnection, stock: str, code: str, reference: str) -> dict[str, str | int]:
    """The same by its fields, for people and programs."""
    return asdict(find(network, stock, code, reference))


def action_of(network: SolanaConnection, stock: str, found: Any) -> Action:
    """An action from its decoded account."""
    status = type(found.status).__name__.lower()
    if status == "scheduled" and network.chain.now() >= found.effective_at:
        status = "effective"
    return Action(
        "0x" + bytes(found.id).hex(),
        stock,
        bytes(found.code).rstrip(b"\0").decode(),
        status,
        found.ex,
        found.pay,
        found.effective_at,
        found.num,
        found.den,
        found.gross,
        found.withheld,
        found.net,
        found.price,
    )


def announce(network: SolanaConnection, order: ins.Announce, sender: str = "") -> Plan:
    """Record an action with its terms. One that stands with these terms is left alone; InputError for other terms."""
    found = find(network, order.stock, order.code, order.reference)
    draft = _draft(network, "action announce", order)
    if found.status == UNKNOWN:
        draft.order(f"announce {_named(order)}", order, sender)
        return draft.plan()
    ex = order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day
    wished = (order.effective_at, ex, order.pay, order.num, order.den, order.gross)
    if wished != (found.effective_at, found.ex, found.pay, found.num, found.den, found.gross):
        raise InputError(f"is {found.status} with other terms", field="reference", value=order.reference)
    if found.status == "cancelled":
        raise InputError("was cancelled: announce it under another", field="reference", value=order.reference)
    return draft.nothing(f"{_named(order)} is {found.status}")


def schedule(network: SolanaConnection, order: ins.Schedule, sender: str = "") -> Plan:
    """Put an announced action into its stock's slot, a dividend at its price."""
    found = find(network, order.stock, order.code, order.reference)
    draft = _draft(network, "action schedule", order)
    if found.status in ("scheduled", "effective"):
        if found.price != order.price:
            raise InputError(f"is {found.status} at the price {found.price} (a wad)", field="price", value=order.price)
        return draft.nothing(f"{_named(order)} is {found.status}")
    if found.status != "announced":
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    draft.order(f"schedule {_named(order)}", order, sender)
    return draft.plan()


def cancel(network: SolanaConnection, order: ins.Cancel, sender: str = "") -> Plan:
    """Withdraw an action, strictly before its second."""
    found = find(network, order.stock, order.code, order.reference)
    draft = _draft(network, "action cancel", order)
    if found.status == "cancelled":
        return draft.nothing(f"{_named(order)} is cancelled")
    if found.status not in ("announced", "scheduled"):
        raise InputError(f"is {found.status}", field="reference", value=order.reference)
    draft.order(f"cancel {_named(order)}", order, sender)
    return draft.plan()


def _draft(network: SolanaConnection, name: str, order: ins.Announce | ins.Schedule | ins.Cancel) -> Draft:
    return Draft(network, name, _named(order), natural=True)


def _named(order: ins.Announce | ins.Schedule | ins.Cancel) -> str:
    return f"{order.stock} {order.code} {order.reference}"
