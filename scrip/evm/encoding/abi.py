"""Calldata and return data by a contract's ABI, with every codec looked up once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eth_abi.exceptions import EncodingError
from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.encoding.words import decode, encode

ZERO_ADDRESS = "0x" + "00" * 20
Entry = Mapping[str, Any]
"""One entry of a contract's ABI: a function, an event, the constructor."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a contract. A Vyper function with default arguments has one per number of arguments."""

    name: str
    selector: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def calldata(self, args: Sequence[object]) -> bytes:
        """Selector and arguments; InputError for an argument that its type cannot carry."""
        return self.selector + encode_arguments(self.name, self.inputs, args)

    def result(self, data: bytes) -> object:
        """What the function returned: nothing, one value, or a tuple. Addresses are lower case."""
        if not self.outputs:
            return None
        values = _decoded(self.outputs, data)
        return values[0] if len(values) == 1 else values


def encode_arguments(name: str, types: Sequence[str], args: Sequence[object]) -> bytes:
    """Arguments alone, as a constructor takes them."""
    try:
        # Few words are asked about again and again; what could compare equal and be encoded otherwise is not kept.
        if all(type(one) in (int, str, bytes) for one in args):
            return _encoded(tuple(types), tuple(args))
        return encode(types, args)
    except (EncodingError, TypeError, ValueError) as error:
        raise InputError(f"does not fit {name}({','.join(types)}): {error}", field="arguments") from error


@lru_cache(maxsize=8_192)
def _encoded(types: tuple[str, ...], args: tuple[object, ...]) -> bytes:
    return encode(types, args)


@lru_cache(maxsize=8_192)
def _decoded(types: tuple[str, ...], data: bytes) -> tuple[Any, ...]:
    return decode(types, data)


def canonical_type(entry: Entry) -> str:
    """The type of an argument as signatures spell it: a tuple as its parts."""
    kind: str = entry["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(canonical_type(part) for part in entry["components"])
    return f"({inner}){kind[len('tuple') :]}"


def canonical_signature(entry: Entry) -> str:
    """A function's or an event's name and the types of its arguments, of which selectors and topics are the hash."""
    return f"{entry['name']}({','.join(canonical_type(part) for part in entry['inputs'])})"


@lru_cache(4096)
def _selector(signature: str) -> bytes:
    """The four bytes that begin a call of a function with this signature."""
    return bytes(keccak(text=signature)[:4])


class Abi:
    """A contract's functions by name and number of arguments, and its constructor's types.

    `more` are the entries of a contract whose functions are called through this one.
    """

    def __init__(self, name: str, entries: Sequence[Entry], more: Sequence[Entry] = ()) -> None:
        self.name = name
        self.constructor: tuple[str, ...] = ()
        self._functions: dict[tuple[str, int], Function] = {}
        self._entries: dict[tuple[str, int], Entry] = {}
        for entry in (*more, *entries):
            inputs = tuple(canonical_type(part) for part in entry.get("inputs", ()))
            if entry["type"] == "constructor":
                self.constructor = inputs
            elif entry["type"] == "function":
                title = entry["name"]
                selector = _selector(canonical_signature(entry))
                outputs = tuple(canonical_type(part) for part in entry["outputs"])
                self._functions[title, len(inputs)] = Function(title, selector, inputs, outputs)
                self._entries[title, len(inputs)] = entry

    def function(self, name: str, count: int) -> Function:
        """The function of that name with that many arguments."""
        try:
            return self._functions[name, count]
        except KeyError:
            raise LookupError(f"{self.name} has no {name} with {count} arguments") from None

    def has(self, name: str, count: int) -> bool:
        """Whether there is such a function."""
        return (name, count) in self._functions

    def entry(self, name: str, count: int) -> Entry:
        """The ABI's entry of the function of that name with that many arguments, with its arguments' names."""
        self.function(name, count)
        return self._entries[name, count]

    def entries(self) -> Iterator[Entry]:
        """All functions' entries."""
        yield from self._entries.values()
