"""Calls into contracts on titanoboa's chain: by ABI, at any address, with what came back named.

A ``Handle`` differs from titanoboa's own contract objects in that it works through a proxy, and that a refusal is an
exception with the name and the arguments that stand in the revert data, custom errors included.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import boa
import pytest
from boa.contracts.vyper.vyper_contract import VyperContract
from eth_abi import decode, encode
from eth_utils import keccak

from scrip.evm.compiled.artifacts import Artifact, artifact, source
from scrip.evm.encoding.blueprint import blueprint_initcode

# For its own error messages titanoboa writes out the storage of every contract that a revert passes through. That is
# slow, and fails on some mappings. Nothing here reads those messages.
VyperContract.__repr__ = object.__repr__

ZERO = "0x" + "00" * 20
ZERO32 = b"\x00" * 32
MAX = 2**256 - 1

_ERRORS = {
    keccak(text=signature)[:4]: signature
    for signature in (
        "Error(string)",
        "Panic(uint256)",
        "ERC20InvalidSender(address)",
        "ERC20InvalidReceiver(address)",
        "ERC20InvalidSpender(address)",
        "ERC20InsufficientBalance(address,uint256,uint256)",
        "ERC20InsufficientAllowance(address,uint256,uint256)",
        "ERC7943CannotSend(address)",
        "ERC7943CannotReceive(address)",
        "ERC7943CannotTransfer(address,address,uint256)",
        "ERC7943InsufficientUnfrozenBalance(address,uint256,uint256)",
        "ERC2612ExpiredSignature(uint256)",
        "ERC2612InvalidSigner(address,address)",
    )
}


class Refused(Exception):
    """A call that reverted: `name` is the standard's error or "module: reason", "" for a revert without data."""

    def __init__(self, data: bytes) -> None:
        self.name, self.arguments = _read_refusal(data)
        super().__init__(self.name, *self.arguments)


@dataclass(frozen=True)
class Event:
    """A decoded log; `emitter` is the address that logged it."""

    emitter: str
    name: str
    values: dict[str, Any]


def _read_refusal(data: bytes) -> tuple[str, tuple[Any, ...]]:
    signature = _ERRORS.get(data[:4])
    if signature is None:
        return data.hex(), ()
    name, types = signature.rstrip(")").split("(")
    arguments = decode(types.split(","), data[4:])
    if name == "Error":
        return arguments[0], ()
    return name, tuple(arguments)


@contextmanager
def refuses(name: str, *arguments: Any) -> Iterator[None]:
    """The block must be refused by this name, and with these arguments where any are given."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.name == name
    if arguments:
        assert caught.value.arguments == tuple(_plain(argument) for argument in arguments)


def slot_of(contract: str, module: str, variable: str) -> int:
    """Where a contract of the project keeps a variable of one of its modules."""
    return artifact(contract).layout["storage_layout"][module][variable]["slot"]


def mapping_slot(slot: int, *keys: int) -> int:
    """Where an entry of a mapping, or of a mapping of mappings, lies."""
    for key in keys:
        slot = int.from_bytes(keccak(slot.to_bytes(32, "big") + key.to_bytes(32, "big")), "big")
    return slot


@cache
def named(name: str) -> str:
    """The address of an actor without a key."""
    return "0x" + keccak(text=name)[-20:].hex()


def word32(text: str) -> bytes:
    """32 bytes that stand for a document or a key."""
    return keccak(text=text)


def _plain(value: Any) -> Any:
    """What eth_abi takes and returns: handles and checksummed addresses as lower-case hex."""
    if hasattr(value, "address"):
        value = value.address
    if isinstance(value, str) and re.fullmatch("0x[0-9a-fA-F]{40}", value):
        return value.lower()
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    return value


class Handle:
    """A contract at an address. Methods are those of the ABI; keyword `sender` says who calls, by default a nobody."""

    def __init__(self, address: Any, abi: list[dict[str, Any]]) -> None:
        self.address = str(address).lower()
        self.abi = abi
        self._functions: dict[tuple[str, int], tuple[bytes, list[str], list[str], bool]] = {}
        self._events: dict[bytes, dict[str, Any]] = {}
        self.computation: Any = None
        for entry in abi:
            inputs = [_type(item) for item in entry.get("inputs", [])]
            if entry["type"] == "function":
                outputs = [_type(item) for item in entry["outputs"]]
                selector = keccak(text=f"{entry['name']}({','.join(inputs)})")[:4]
                is_view = entry["stateMutability"] in {"view", "pure"}
                self._functions[entry["name"], len(inputs)] = (selector, inputs, outputs, is_view)
            elif entry["type"] == "event":
                self._events[keccak(text=f"{entry['name']}({','.join(inputs)})")] = entry

    def __getattr__(self, name: str) -> Any:
        if not any(known == name for known, _ in self.__dict__.get("_functions", {})):
            raise AttributeError(name)

        def call(*arguments: Any, sender: str | None = None, value: int = 0, gas: int | None = None) -> Any:
            selector, inputs, outputs, is_view = self._functions[name, len(arguments)]
            output = self.send(selector + encode(inputs, _plain(arguments)), sender, value, is_view, gas)
            values = decode(outputs, output)
            return values[0] if len(values) == 1 else values or None

        return call

    def send(
        self, data: bytes, sender: str | None = None, value: int = 0, is_view: bool = False, gas: int | None = None
    ) -> bytes:
        """A call with raw calldata, and with no more `gas` than is said; raises Refused."""
        sender = _plain(sender) or named("nobody")
        if value:
            boa.env.set_balance(sender, value)
        computation = boa.env.execute_code(
            to_address=self.address, sender=sender, data=data, value=value, gas=gas, is_modifying=not is_view
        )
        if not is_view:
            self.computation = computation
        if computation.is_error:
            raise Refused(computation.output)
        return computation.output

    def selector(self, name: str, count: int) -> bytes:
        """The four bytes that call `name` with `count` arguments."""
        return self._functions[name, count][0]

    def calldata(self, name: str, *arguments: Any) -> bytes:
        """What calls `name` with these arguments."""
        selector, inputs, *_ = self._functions[name, len(arguments)]
        return selector + encode(inputs, _plain(arguments))

    def selectors(self) -> Iterator[bytes]:
        """The four bytes of every function."""
        return (selector for selector, *_ in self._functions.values())

    def views(self) -> Iterator[str]:
        """Names of the functions without arguments."""
        return (name for name, count in self._functions if count == 0)

    def events(self, *others: Handle) -> list[Event]:
        """What the last call but of a view logged, decoded with this ABI and the `others`', in order."""
        known = dict(self._events)
        for other in others:
            known |= other._events
        found = []
        for _, emitter, topics, data in sorted(self.computation.get_raw_log_entries()):
            entry = known[topics[0].to_bytes(32, "big")]
            indexed = iter(topics[1:])
            plain = iter(decode([_type(item) for item in entry["inputs"] if not item["indexed"]], data))
            values = {}
            for item in entry["inputs"]:
                if item["indexed"]:
                    values[item["name"]] = decode([_type(item)], next(indexed).to_bytes(32, "big"))[0]
                else:
                    values[item["name"]] = next(plain)
            found.append(Event("0x" + emitter.hex(), entry["name"], values))
        return found


def _type(item: dict[str, Any]) -> str:
    if item["type"].startswith("tuple"):
        inner = ",".join(_type(part) for part in item["components"])
        return f"({inner}){item['type'][5:]}"
    return item["type"]


def now() -> int:
    """The chain's clock, UTC seconds."""
    return boa.env.timestamp


def set_clock(seconds: int) -> None:
    """Set the chain's clock."""
    boa.env.timestamp = seconds


def both_halves(front: Handle, extension: Handle) -> Handle:
    """A contract that runs its extension's code for what it does not know, with the ABI of the two."""
    known = {(entry["type"], entry.get("name")) for entry in front.abi}
    rest = [entry for entry in extension.abi if entry["type"] != "constructor"]
    more = [e for e in rest if e["type"] == "function" or (e["type"], e.get("name")) not in known]
    return Handle(front.address, front.abi + more)


def deploy_registry(roles: Handle) -> Handle:
    """The ComplianceRegistry over a RegistryExtension of its own."""
    extension = deploy("RegistryExtension", roles)
    return both_halves(deploy("ComplianceRegistry", roles, extension), extension)


def deploy(name: str, *arguments: Any, at: str | None = None) -> Handle:
    """Deploy one of the project's contracts from titanoboa's default account, `at` an address where one is given."""
    return deploy_compiled(artifact(name), *arguments, at=at)


def deploy_compiled(compiled: Artifact, *arguments: Any, at: str | None = None) -> Handle:
    """The same for a contract of any sources. By its code alone: titanoboa's own objects cost a compilation."""
    _count_lines(compiled)
    constructor = next((entry for entry in compiled.abi if entry["type"] == "constructor"), {"inputs": []})
    given = encode([_type(item) for item in constructor["inputs"]], _plain(arguments))
    return Handle(create(compiled.initcode + given, at), list(compiled.abi))


def deploy_blueprint(name: str) -> str:
    """The ERC-5202 blueprint of one of the project's contracts; its address."""
    compiled = artifact(name)
    _count_lines(compiled)
    return create(blueprint_initcode(compiled.initcode))


def create(initcode: bytes, at: str | None = None) -> str:
    """Run creation code as titanoboa's default account; the address. Raises Refused."""
    address, computation = boa.env.deploy(bytecode=initcode, override_address=at)
    if computation.is_error:
        raise Refused(computation.output)
    return str(address).lower()


def _count_lines(compiled: Artifact) -> None:
    """Tell whoever counts lines of a contract that is deployed by its code alone."""
    if boa.env._coverage_enabled:
        _lines(str(source(compiled.name, compiled.sources)))


@cache
def _lines(path: str) -> None:
    """Has titanoboa compile a source, and so tells whoever counts lines where each of its code stands."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Use of large arrays")  # the proxy's array is the address space
        boa.load_partial(path)


def deploy_implementation(mode: int, *counterparts: Any) -> Handle:
    """What a stock runs in one mode: StockToken over a StockExtension of its own. The handle knows both halves."""
    extension = deploy("StockExtension", mode, *counterparts)
    return both_halves(deploy("StockToken", mode, *counterparts, extension), extension)
