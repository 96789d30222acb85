"""Records made again from a chain, in one form on every kind of chain, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scrip.errors import Drift, InputError
from scrip.records.journal import REBUILD, Records
from scrip.records.record import Action, Record

REBUILT = "rebuilt"
"""What a record says as its reason that was made from the chain, and the operation of one that no plan explains."""

FOUND = "sent without records: the suite was found on the chain"
"""What a record says as its reason where an emergency was carried out and no record told where the suite is."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was done, as a chain tells it: its place in the chain's order, its entry, its transaction.

    `outcome` are Record's further fields.
    """

    place: tuple[int, ...]
    action: Action
    tx: str
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Called:
    """A call that no plan explains: by whom it was sent, and what of which contract it called.

    `key` is the one that the contract honoured, or stands for the transaction where it honoured none.
    """

    tx: str
    key: str
    sender_name: str
    sender: str
    contract: str
    function: str
    label: str
    to: str
    data_hash: str
    arguments: tuple[Any, ...] = ()


def unexplained(records: Records, call: Called) -> Action:
    """What a record says of a call that no plan explains: it was found, and its key is used up."""
    return Action(
        operation=REBUILT,
        reference=call.tx,
        step=call.function,
        title=f"{call.function} of {call.label}, found on the chain",
        step_id=call.key,
        network=records.network,
        genesis=records.genesis,
        sender_name=call.sender_name,
        sender=call.sender,
        contract=call.contract,
        function=call.function,
        arguments=list(call.arguments),
        to_name=call.label,
        to=call.to,
        data_hash=call.data_hash,
    )


def write(records: Records, find: Callable[[], Iterable[Found]]) -> list[Record]:
    """Write what is found, in the chain's order, into a folder that holds nothing, all of it marked as rebuilt.

    Nothing is written before all is found. InputError where there are records, or something signed: what is broken is
    moved away first.
    """
    if not records.is_empty:
        raise InputError("holds records: move it away first, and keep it", field="records", value=records.folder)
    with records.locked("records rebuild"):
        found = sorted(find(), key=lambda one: one.place)
        marked = {"found": True, "reason": REBUILT}
        return records.fill([(one.action, one.tx, {**one.outcome, **marked}) for one in found])


def unheld(records: Records, what: str) -> Drift:
    """The refusal to plan where `what` stands on the chain and the folder holds no record of it."""
    return Drift(f"{what}, and no record in {records.folder} holds it: {REBUILD}")
