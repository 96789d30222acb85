"""Two nodes of one network that must say the same before anything rests on what one of them says.

Where a manifest names a second node, what is hard to undo is planned on both, what people decide on is read from both,
and an audit asks both about one final block. An emergency is opened with one node and never comes here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from scrip.chains.network import Network
from scrip.errors import NodeError, ScripError, Unconfirmed
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.reports.findings import Finding
from scrip.units import RawUnits, Shares, Stablecoin

PAUSES = (0.0, 2.0, 10.0)
"""Seconds before each comparison: of two nodes one is often a block behind."""
FEW = 5
"""How many differences are told."""
AMOUNTS = (RawUnits, Shares, Stablecoin)
"""What is one value, though it has fields."""
NOTHING = "nothing"
"""What a node says of what it does not name."""

T = TypeVar("T")


def itself(value: Any) -> object:
    """The value, where it is compared as it stands."""
    return value


def agreed(
    network: Network,
    read: Callable[[Network], T],
    told: Callable[[T], object] = itself,
    what: str = "",
    final: bool = False,
) -> T:
    """What a network's node says, once its second node says the same; of a network with one node, what that says.

    `told` is what of it is compared: mappings, sequences and values of dataclasses are compared field by field, under
    the name `what`. With `final` both are asked about blocks that can no longer change. Unconfirmed names the network,
    each field, what either node says of it, and which node that is; or that one does not answer.
    """
    if network.witness is None:
        return read(network)
    found: T
    apart: list[str] = []
    for pause in PAUSES:
        time.sleep(pause)
        try:
            first, second = network.beside(network.witness(), final)
            found = read(first)
            apart = list(_apart(first, second, _lines(told(found), what), _said(second, read, told, what)))
        except NodeError as silent:
            name = network.manifest.chain.second_rpc_env
            reason = f"the second node does not confirm it: {silent}; {name} may name another"
            raise Unconfirmed(f"{network.manifest.network}: {reason}") from None
        except Unconfirmed as behind:
            apart = [str(behind)]
        if not apart:
            return found
    more = f"; and {len(apart) - FEW} more" if len(apart) > FEW else ""
    raise Unconfirmed(f"{network.manifest.network}: the two nodes do not agree: {'; '.join(apart[:FEW])}{more}")


def demand_agreement(network: Network, plan_of: Callable[[Network], Plan]) -> None:
    """Make a plan of what each of a network's two nodes says, and preview it there; nothing for one node alone.

    Unconfirmed where the transactions or what they change are not the same: nothing may be sent.
    """
    if network.witness is None:
        return

    def read(one: Network) -> tuple[Plan, Preview]:
        plan = plan_of(one)
        return plan, one.preview(plan)

    try:
        agreed(network, read, lambda both: {**plan_told(both[0]), **preview_told(both[1])})
    except Unconfirmed as found:
        raise Unconfirmed(f"nothing is sent: {found}") from None


def plan_told(plan: Plan) -> dict[str, object]:
    """What of a plan is compared: its transactions, and what it says that they change."""
    steps = {f"transaction {number}": f"{step.title}, by {step.sender}" for number, step in enumerate(plan.steps, 1)}
    return {**steps, **_grouped((one.what, f"{one.before} to {one.after}") for one in plan.changes)}


def preview_told(seen: Preview) -> dict[str, object]:
    """What of a preview is compared: what it says that changes, and how it is refused."""
    changes = _grouped((one.what, f"{one.before} to {one.after}") for one in seen.changes)
    return {**changes, **({"refused": str(seen.refusal)} if seen.refusal is not None else {})}


def findings_told(findings: Iterable[Finding]) -> dict[str, object]:
    """What of an audit's findings is compared: each field with what is wrong there."""
    return _grouped((one.field, f"{one.severity}: expected {one.expected}, found {one.found}") for one in findings)


# --- parts ---


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Texts by name; all of them where a name stands several times."""
    found: dict[str, object] = {}
    for name, text in pairs:
        found[name] = f"{found[name]}; {text}" if name in found else text
    return found


def _said(second: Network, read: Callable[[Network], T], told: Callable[[T], object], what: str) -> dict[str, str]:
    """What the second node says, field by field; what stands against the question there, where the first answered."""
    try:
        return _lines(told(read(second)), what)
    except (NodeError, Unconfirmed):
        raise
    except ScripError as refused:
        return {what or "the question": f"refused: {refused}"}


def _apart(first: Network, second: Network, one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    for field in dict.fromkeys((*one, *other)):
        said = one.get(field, NOTHING), other.get(field, NOTHING)
        if said[0] != said[1]:
            yield f"{field}: the first, {first.asked}, says {said[0]!r}, the second, {second.asked}, says {said[1]!r}"


def _lines(value: object, place: str) -> dict[str, str]:
    """A value as text by the name of each of its fields."""
    parts: Iterable[tuple[object, object]]
    if isinstance(value, Mapping):
        parts = value.items()
    elif is_dataclass(value) and not isinstance(value, (*AMOUNTS, type)):
        parts = ((one.name, getattr(value, one.name)) for one in fields(value))
    elif isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        parts = enumerate(value, start=1)
    else:
        return {place: value.hex() if isinstance(value, bytes) else str(value)}
    found: dict[str, str] = {}
    for name, part in parts:
        found |= _lines(part, f"{place}.{name}" if place else str(name))
    return found
