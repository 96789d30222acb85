"""A chain that moves bytes: calls and answers by the ABIs of what was compiled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from scrip.evm.accounts import Names
from scrip.evm.chain import Call, Contract
from scrip.evm.compiled.safe import PACKAGED, abi_entries
from scrip.evm.encoding.abi import Abi, Entry

EXTENSIONS = {"StockToken": "StockExtension", "ComplianceRegistry": "RegistryExtension"}
"""Contracts that run another's code for what they do not know: whose functions are called through them."""


class CodecChain(ABC):
    """A chain that moves bytes: names, ABI and decoding are done here."""

    def __init__(self, derive: bool = True) -> None:
        self.names = Names(derive)
        self._abis: dict[str, Abi] = {}

    @abstractmethod
    def _load_abi(self, contract: str) -> Sequence[Entry]:
        """The ABI entries of a contract of the project."""

    @abstractmethod
    def now(self) -> int:
        """The chain's clock, UTC seconds."""

    @abstractmethod
    def _query(self, to: str, data: bytes) -> bytes:
        """Return data of a view; Refusal when it reverts."""

    def abi(self, contract: str) -> Abi:
        """A contract's codec: one of the project's, or one of the Safe's."""
        if contract not in self._abis:
            entries = abi_entries(contract) if contract in PACKAGED else self._load_abi(contract)
            more = self._load_abi(EXTENSIONS[contract]) if contract in EXTENSIONS else ()
            self._abis[contract] = Abi(contract, entries, more)
        return self._abis[contract]

    def address(self, account: str) -> str:
        """The address of a named account."""
        return self.names.address(account)

    def name(self, address: str) -> str:
        """The name of an address, or the address."""
        return self.names.name(address)

    def label(self, name: str, contract: Contract) -> None:
        """Let a contract be called by a name in refusals."""
        self.names.learn(name, contract.address)

    def call(self, contract: Contract, function: str, *args: object) -> Any:
        """Ask a view."""
        entry = self.abi(contract.name).function(function, len(args))
        return entry.result(self._query(contract.address, entry.calldata(args)))

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        """Ask several views, one after the other."""
        return [self.call(one.contract, one.function, *one.args) for one in calls]
