"""What an audit reads: the manifest's word, the deployed contracts, and the node, each thing asked for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.audit.code import delegate, is_key
from scrip.evm.chain import Call, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.rpc.chain import RpcChain
from scrip.evm.suite import Suite
from scrip.labels import MOCK, STREAM
from scrip.manifest.model import EvmManifest


@dataclass
class Evidence:
    """The parts of a network that an audit is about.

    `book` are the contracts that the records know, by label; `since` is the first block that could hold an event.
    """

    manifest: EvmManifest
    chain: RpcChain
    suite: Suite
    safe: Contract | None
    book: Mapping[str, Contract]
    since: int = 0
    _codes: dict[str, bytes] = field(default_factory=dict)

    def ask(self, contract: Contract, function: str, *args: object) -> Any:
        """Ask a view of a contract."""
        return self.chain.call(contract, function, *args)

    def ask_all(self, contract: Contract, functions: Sequence[str]) -> list[Any]:
        """Ask several views without arguments, all of one state."""
        return self.chain.call_many([Call(contract, function) for function in functions])

    def known(self, address: str) -> str:
        """The label under which the records know an address; "" for none."""
        return next((label for label, one in self.book.items() if one.address == address), "")

    def at(self, wanted: str, label: str) -> str:
        """The address of a contract that the manifest names: its own, or that of the mock or stream with the label.

        The zero address where it names none, or where there is no such mock.
        """
        if wanted in (MOCK, STREAM):
            return self.book[label].address if label in self.book else ZERO_ADDRESS
        return wanted.lower() or ZERO_ADDRESS

    def code(self, address: str) -> bytes:
        """The code at an address."""
        if address not in self._codes:
            self._codes[address] = self.chain.node.code(address)
        return self._codes[address]

    def word(self, address: str, slot: int) -> bytes:
        """A storage word of a contract."""
        return self.chain.node.storage(address, slot)

    def address(self, account: str) -> str:
        """The address of a name of the manifest; InputError for a keystore that is not on this machine."""
        try:
            return self.chain.address(account)
        except InputError:
            reason = "its keystore is not on this machine, and the manifest does not say its address"
            raise InputError(reason, field=f"accounts.{account}") from None

    def account(self, address: str) -> str:
        """An account for people: its name where it has one, its address, what kind it is."""
        name = self.chain.name(address)
        known = address if name == address else f"{name} ({address})"
        if address == ZERO_ADDRESS:
            return "the zero address: everyone"
        code = self.code(address)
        if to := delegate(code):
            return f"{known}, a key that delegates to {to} (EIP-7702)"
        return f"{known}, {'a key' if is_key(code) else 'a contract'}"

    def is_key(self, address: str) -> bool:
        """Whether one key's signature is enough to act as this account."""
        return is_key(self.code(address))


def code_hash(code: bytes) -> str:
    """0x and the keccak-256 of code."""
    return "0x" + keccak(code).hex()
