"""The shape of a proposal's file: what the Safe's Transaction Builder reads, and Scrip's part beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import yaml
from eth_utils import keccak
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scrip.errors import InputError
from scrip.inputs.reading.refused import said
from scrip.inputs.reading.text import seen

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')


def _list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


_ADDRESS = r"^0x[0-9a-fA-F]{40}$"
_LOWER_ADDRESS = r"^0x[0-9a-f]{40}$"
_DATA = r"^0x([0-9a-f]{2})*$"
_WORD = r"^0x[0-9a-f]{64}$"
_SIGNATURE = r"^0x[0-9a-f]{130}$"
_DECIMAL = r"^(0|[1-9][0-9]{0,76})$"
FORMS = {
    _ADDRESS: "is no address: 0x and 40 hexadecimal digits",
    _LOWER_ADDRESS: "is no address: 0x and 40 hexadecimal digits, in lower case",
    _DATA: "is not hexadecimal: 0x and two digits for each byte, in lower case",
    _WORD: "is no hash: 0x and 64 hexadecimal digits, in lower case",
    _SIGNATURE: "is no signature: 0x and 130 hexadecimal digits, in lower case",
    _DECIMAL: "is no whole number from 0 on, of at most 77 digits",
}
"""What is wrong with a text that a pattern refuses, by the pattern."""
HexAddress = Annotated[str, Field(pattern=_ADDRESS)]
LowerAddress = Annotated[str, Field(pattern=_LOWER_ADDRESS)]
HexData = Annotated[str, Field(pattern=_DATA)]
HexWord = Annotated[str, Field(pattern=_WORD)]
HexSignature = Annotated[str, Field(pattern=_SIGNATURE)]
Decimal = Annotated[str, Field(pattern=_DECIMAL)]
"""An unsigned number below 10^77, which 256 bits hold."""
Count = Annotated[int, Field(ge=0, lt=2**53)]
Line = Annotated[str, Field(max_length=1000), AfterValidator(seen)]
"""Text for people, of which nothing is hidden from them."""
Shown = Annotated[str, AfterValidator(seen)]
"""A value in words, as long as it is."""
Addresses = Annotated[tuple[LowerAddress, ...], BeforeValidator(_list)]


class Part(BaseModel):
    """A part of the file: unknown fields are errors, and nothing is coerced from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Meta(Part):
    """What the Transaction Builder says about a file."""

    name: Line
    description: Line
    txBuilderVersion: Line
    createdFromSafeAddress: HexAddress
    createdFromOwnerAddress: Line
    checksum: HexWord


class Transaction(Part):
    """A call. `data` is what is sent; method and values are the same in words."""

    to: HexAddress
    value: Decimal
    data: HexData
    contractMethod: dict[str, Any]
    contractInputsValues: dict[str, Shown]


Transactions = Annotated[tuple[Transaction, ...], BeforeValidator(_list)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_list)]


class DelayedPart(Part):
    """A timelock's operation that one of the transactions schedules; `delay` in seconds."""

    timelock: LowerAddress
    id: HexWord
    predecessor: HexWord
    salt: HexWord
    delay: Count
    titles: Lines
    transactions: Transactions


class SafeTxPart(Part):
    """The Safe's transaction as owners sign it."""

    chainId: Decimal
    safe: LowerAddress
    to: LowerAddress
    value: Decimal
    data: HexData
    operation: Literal[0, 1]
    nonce: Count


class ScripPart(Part):
    """The part of the file that Scrip adds."""

    version: Literal[1] = Field(alias="schema")
    operation: Line
    reference: Line
    genesis: HexWord
    block: Count
    titles: Lines
    words: Lines = ()
    delayed: Annotated[tuple[DelayedPart, ...], BeforeValidator(_list)]
    owners: Addresses
    contracts: Addresses
    threshold: Annotated[int, Field(ge=1)]
    tx: SafeTxPart
    hash: HexWord
    signatures: dict[LowerAddress, HexSignature]


class Document(Part):
    """The whole file. `createdAt` is milliseconds."""

    version: Literal["1.0"]
    chainId: Decimal
    createdAt: Count
    meta: Meta
    transactions: Transactions
    scrip: ScripPart


def parsed(text: str, file: str) -> Document:
    """A file's text as a document; InputError, with field and line, when it is none."""
    if _depth(text) > MAX_DEPTH:
        raise InputError("is no proposal: it is nested too deep", file=file)
    try:
        value = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise InputError(f"is no JSON: {error.msg}", file=file, line=error.lineno) from None
    except InputError as error:
        raise InputError(error.message, field=error.field, file=file) from None
    if isinstance(value, Mapping) and "transactions" in value and "scrip" not in value:
        raise InputError("is a Transaction Builder file without Scrip's part", field="scrip", file=file)
    try:
        document = Document.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        got = first["input"] if not isinstance(first["input"], dict | list | tuple) else ""
        where = path(first["loc"])
        raise InputError(said(first, FORMS), field=where, value=got, file=file, line=line(text, where)) from None
    return document


def path(where: tuple[int | str, ...]) -> str:
    """A place in the file as people write it: transactions[0].to."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).lstrip(".")


def line(text: str, where: str) -> int:
    """The line of a field in a file's text; 0 where it cannot be told."""
    try:
        node = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 0
    found = 0
    for key, place in re.findall(r"([^.\[\]]+)(?!\])|\[(\d+)\]", where):
        if place and isinstance(node, yaml.SequenceNode) and int(place) < len(node.value):
            node = node.value[int(place)]
            found = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            entry = next(((name, value) for name, value in node.value if name.value == key), None)
            if entry is None:
                return found
            found, node = entry[0].start_mark.line + 1, entry[1]
    return found


def difference(one: object, other: object, where: tuple[int | str, ...] = ()) -> str:
    """The first place at which two contents differ; "" when they do not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if unequal := set(one) ^ set(other):
            return path((*where, min(unequal)))
        keys: list[Any] = sorted(one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        keys = list(range(len(one)))
    else:
        return "" if one == other else path(where)
    return next(filter(None, (difference(one[key], other[key], (*where, key)) for key in keys)), "")


def checksum(value: Mapping[str, Any]) -> str:
    """The Transaction Builder's checksum of a file: keccak-256 of its content without checksum, its name null."""
    meta = {key: part for key, part in value["meta"].items() if key != "checksum"} | {"name": None}
    return "0x" + keccak(text=_serialised({**value, "meta": meta})).hex()


def _serialised(value: object) -> str:
    """JSON as the Transaction Builder writes it to be hashed: sorted keys first, then the values."""
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_serialised, value))}]"
    if isinstance(value, Mapping):
        keys = sorted(value)
        return f"{{{_json(keys)}{''.join(f'{_serialised(value[key])},' for key in keys)}}}"
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _depth(text: str) -> int:
    """How deep lists and objects nest: deep enough, and the parser's own recursion ends the process."""
    deepest = depth = 0
    for token in TOKENS.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are unique: of two, one reader would take the first and another the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise InputError("stands twice", field=next(key for key in keys if keys.count(key) > 1))
    return found
