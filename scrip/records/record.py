"""Two kinds of entries: an intent, written before a transaction is sent, and a record, once it is settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from scrip.errors import Drift
from scrip.inputs.reading.refused import LONGEST, unknown
from scrip.records.files import digest_of, text_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Entry = TypeVar("_Entry", bound="DataclassInstance")
SCHEMA = 1
FIRST = "0x" + "00" * 32
"""What the first record holds as the hash of the one before it."""

Status = Literal["done", "failed", "abandoned"]


class RecordError(Drift):
    """A record or an intent cannot be read as one: it was edited, or is of another version."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a step does, all names resolved. Addresses are lower case, `arguments` as JSON carries them.

    `contract` names the ABI. For a deployment `function` is "", `to` is "" and `label` what the contract is called.
    `data_hash` is the keccak-256 of the transaction's calldata (Solana: of its instructions, by scrip.solana.steps).
    `address` is the contract that a deployment makes, or that a labelled call is going to make; `layout_hash` that of
    its storage layout, where it is the project's.
    """

    operation: str
    reference: str
    step: str
    title: str
    step_id: str
    network: str
    genesis: str
    sender_name: str
    sender: str
    contract: str
    function: str
    arguments: list[Any]
    to_name: str = ""
    to: str = ""
    label: str = ""
    blueprint: bool = False
    address: str = ""
    layout_hash: str = ""
    data_hash: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """A transaction about to be sent: its hash, its nonce and the bytes that were signed, in hex.

    On Solana `tx` is its signature, and it can land while the block height is not above `last_height`, for that is how
    long its `blockhash` is good; there are no nonces.
    """

    action: Action
    tx: str
    nonce: int
    signed: str
    last_height: int = 0
    blockhash: str = ""

    @property
    def validity(self) -> str:
        """How long it can land, for people."""
        return f"good up to block {self.last_height}" if self.last_height else f"nonce {self.nonce}"

    def text(self) -> str:
        """The intent as it is written."""
        return text_of(_content(self))

    @classmethod
    def read(cls, text: str, place: str) -> Intent:
        """Read an intent from a file's text; RecordError when that is none."""
        try:
            return _intent(text)
        except RecordError as error:
            raise RecordError(f"{place}: {error}") from None


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a step. `block` and `gas` are 0 and `block_hash` is "" where no transaction was mined.

    `code_hash` is the keccak-256 of the code of the contract that was made or called, as of the record. `found` says
    that the transaction was not one of an intent of ours, but found on the chain by the step's key. `previous` is the
    hash of the record before this one, by `number`, which counts from 1. On Solana `block` is the slot and `gas` the
    compute units; `block_hash` and `code_hash` are "".
    """

    number: int
    previous: str
    status: Status
    action: Action
    tx: str
    block: int = 0
    block_hash: str = ""
    gas: int = 0
    code_hash: str = ""
    reason: str = ""
    found: bool = False
    hash: str = field(init=False, compare=False)
    """SHA-256 of everything else that it holds, 0x-prefixed."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", digest_of(_content(self)))

    def text(self) -> str:
        """The record as it is written: its content and the hash of that."""
        return text_of(_content(self) | {"hash": self.hash})

    @classmethod
    def read(cls, text: str, place: str) -> Record:
        """Read a record from a file's text; RecordError when that is none, or not what its own hash says."""
        try:
            return _record(text)
        except RecordError as error:
            raise RecordError(f"{place}: {error}") from None

    @property
    def done(self) -> bool:
        """Whether the step was carried out."""
        return self.status == "done"


_FORMS: Mapping[str, tuple[type, str]] = {
    "str": (str, "text"),
    "int": (int, "whole number"),
    "bool": (bool, "true or false"),
    "list[Any]": (list, "list"),
    "tuple[str, ...]": (list, "list"),
    "Mapping[str, str]": (dict, "mapping of names to values"),
    "Status": (str, "status: done, failed or abandoned"),
}
"""What a field's type is in JSON, and what people call it."""


def _content(entry: Intent | Record) -> dict[str, Any]:
    return {"schema": SCHEMA, **_held(entry), "action": _held(entry.action)}


def _held(value: Intent | Record | Action) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value) if one.init}


# A journal is read again for every plan of a process, and most of it never changes.
@lru_cache(maxsize=16_384)
def _record(text: str) -> Record:
    found = _load(text)
    digest = found.pop("hash", "")
    record = entry_of(Record, found, "record")
    if record.hash != digest:
        raise RecordError("was edited: its content does not have the hash that it states")
    return record


@lru_cache(maxsize=16_384)
def _intent(text: str) -> Intent:
    return entry_of(Intent, _load(text), "intent")


def entry_of(kind: type[_Entry], found: object, called: str, place: str = "") -> _Entry:
    """An entry, or its action, of what a file holds as JSON; RecordError that names the first field that is wrong."""

    def refused(name: str, wrong: str) -> RecordError:
        where = ".".join(part for part in (place, name) if part)
        return RecordError(f"is no {called}: {where}{': ' if where else ''}{wrong}")

    if not isinstance(found, Mapping):
        raise refused("", "is not a mapping of fields to values")
    known = {one.name: one for one in fields(kind) if one.init}
    for name in found:
        if name not in known:
            raise refused(name, unknown(name, known))
    made: dict[str, Any] = {}
    for name, one in known.items():
        if name not in found:
            if one.default is MISSING:
                raise refused(name, "is missing")
        elif one.type == "Action":
            made[name] = entry_of(Action, found[name], called, name)
        else:
            value: Any = found[name]
            form, wanted = _FORMS[str(one.type)]
            if type(value) is not form or (one.type == "Status" and value not in get_args(Status)):
                raise refused(name, f"is no {wanted} (got {str(value)[:LONGEST]!r})")
            made[name] = tuple(found[name]) if str(one.type).startswith("tuple") else value
    return kind(**made)


def _load(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise RecordError("is no JSON") from None
    if not isinstance(found, Mapping) or found.get("schema") != SCHEMA:
        raise RecordError(f"is not of schema {SCHEMA}")
    found = dict(found)
    del found["schema"]
    return found
