"""A call as the Safe's Transaction Builder shows it: the function's name, its arguments by name and as text.

What is shown is computed from the calldata and never believed: a file whose text says other than its data is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import DecodingError, EncodingError, ParseError
from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.encoding.abi import canonical_type
from scrip.evm.encoding.words import decode, encode

NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,127}")
TYPE = re.compile(
    r"(address|bool|string|bytes([1-9]|[12]\d|3[0-2])?|u?int(8|16|24|32|40|48|56|64|72|80|88|96|104|112|120|128|136|144"
    r"|152|160|168|176|184|192|200|208|216|224|232|240|248|256)|tuple)((\[\d{0,3}\]){0,3})"
)
"""Types that calldata is read by. Lists of nothing are none: a few bytes of data could ask for any number of them."""


@dataclass(frozen=True, slots=True)
class Method:
    """A function and its arguments' names and types, in the ABI's own form."""

    name: str
    inputs: tuple[Mapping[str, Any], ...]
    payable: bool

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Method:
        """The method of an ABI's entry."""
        return cls(entry["name"], tuple(map(_input, entry["inputs"])), entry["stateMutability"] == "payable")

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Method:
        """The method of a file's `contractMethod`; InputError when that is none."""
        try:
            method = cls(value["name"], tuple(map(_input, value["inputs"])), value["payable"])
            names = [method.name, *(one["name"] for one in method.inputs)]
            # Two arguments of one name would be shown as one.
            sound = all(map(NAME.fullmatch, names)) and len(set(names[1:])) == len(names[1:])
            method.selector()
        except (KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise InputError("is no function with named arguments", field="contractMethod")
        return method

    def written(self) -> dict[str, Any]:
        """The method as a file's `contractMethod` has it."""
        return {"inputs": [dict(one) for one in self.inputs], "name": self.name, "payable": self.payable}

    def selector(self) -> bytes:
        """The first four bytes of its calldata."""
        return keccak(text=f"{self.name}({','.join(self._types())})")[:4]

    def values(self, data: bytes) -> dict[str, str]:
        """The arguments in calldata, as text by name; InputError unless it is this function's, to the last byte."""
        types = self._types()
        if data[:4] != self.selector():
            raise InputError(f"calls another function than {self.name}", field="data", value="0x" + data.hex())
        try:
            found = decode(types, data[4:])
            exact = encode(types, found) == data[4:]
        except (DecodingError, EncodingError, ParseError, ValueError, OverflowError):
            exact = False
        if not exact:
            raise InputError(f"does not hold {self.name}'s arguments", field="data", value="0x" + data.hex())
        return {one["name"]: _text(value) for one, value in zip(self.inputs, found, strict=True)}

    def _types(self) -> list[str]:
        return [canonical_type(one) for one in self.inputs]


def _input(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An argument's name and type and, for a tuple, its parts; Vyper gives no internal type, so the type stands in."""
    kind = entry["type"]
    if not TYPE.fullmatch(kind) or "[0" in kind:
        raise TypeError(f"{kind} is no type")
    plain = {"name": entry["name"], "type": kind, "internalType": entry.get("internalType", kind)}
    if not kind.startswith("tuple"):
        return plain
    if not entry["components"]:
        raise TypeError("a tuple of nothing is no type")
    return plain | {"components": [_input(part) for part in entry["components"]]}


def _text(value: object) -> str:
    """An argument as the Transaction Builder takes it: lists and tuples as JSON with every leaf quoted."""
    return json.dumps(_leaves(value)) if isinstance(value, list | tuple) else _leaf(value)


def _leaves(value: object) -> object:
    return [_leaves(part) for part in value] if isinstance(value, list | tuple) else _leaf(value)


def _leaf(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
