"""A step's calldata: its arguments with every name, key and inner call replaced by what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from scrip.evm.encoding.abi import Abi
from scrip.plan import Address, Packed, Payload, Step, StepKey


class Codec(Protocol):
    """Knows addresses by name, and contracts' ABIs: a chain that moves bytes."""

    def address(self, account: str, /) -> str:
        """The address of a named account."""

    def abi(self, contract: str, /) -> Abi:
        """A contract's codec."""


@dataclass(frozen=True, slots=True)
class MessageCall:
    """A call that a contract is to make: address in lower case, wei, calldata."""

    to: str
    value: int
    data: bytes


def step_data(chain: Codec, step: Step, key: bytes) -> bytes:
    """What a step that calls a function sends. `key` is the step's id, 32 bytes."""
    return _calldata(chain, step.contract, step.function, step.args, key)


def concrete(value: object, chain: Codec, key: bytes) -> Any:
    """An argument as the chain takes it."""
    match value:
        case Address(name):
            return chain.address(name)
        case StepKey():
            return key
        case Payload(contract=contract, function=function, args=args):
            return _calldata(chain, contract, function, args, key)
        case Packed(parts=parts):
            return b"".join(one if isinstance(one, bytes) else _address_word(chain, one) for one in parts)
        case list():
            return [concrete(part, chain, key) for part in value]
        case tuple():
            return tuple(concrete(part, chain, key) for part in value)
    return value


def _calldata(chain: Codec, contract: str, function: str, args: tuple[object, ...], key: bytes) -> bytes:
    return chain.abi(contract).function(function, len(args)).calldata(concrete(args, chain, key))


def _address_word(chain: Codec, address: Address) -> bytes:
    return bytes.fromhex(chain.address(address.name)[2:]).rjust(32, b"\0")
