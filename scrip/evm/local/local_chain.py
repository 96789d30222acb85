"""What chains inside this process share: keys from names, a clock that is set, snapshots."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scrip.evm.accounts import sign_typed
from scrip.evm.chain import Contract, Log
from scrip.evm.compiled.artifacts import abi, artifact
from scrip.evm.compiled.codec import CodecChain
from scrip.evm.encoding.abi import encode_arguments
from scrip.evm.encoding.blueprint import blueprint_initcode
from scrip.ledger import Receipt


class LocalChain(CodecChain):
    """An EVM in this process. `start` is its first second, UTC."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self._logs: list[tuple[str, Log]] = []
        self._now = start
        self._set_time(start)

    @abstractmethod
    def _set_time(self, t: int) -> None:
        """Make the next calls see `t`."""

    @abstractmethod
    def _create(self, sender: str, initcode: bytes, contract: str) -> str:
        """Run creation code; the new contract's address, or Refusal."""

    @abstractmethod
    def _execute(self, sender: str, to: str, data: bytes) -> int | None:
        """Run a transaction; its gas where it is counted as a chain would, or Refusal."""

    @abstractmethod
    def _snapshot(self) -> Any:
        """Mark the state, to be restored once."""

    @abstractmethod
    def _restore(self, mark: Any) -> None:
        """Go back to a mark, which is used up."""

    def _load_abi(self, contract: str) -> Sequence[Mapping[str, Any]]:
        return abi(contract)

    def now(self) -> int:
        """The clock, UTC seconds."""
        return self._now

    def advance_to(self, t: int) -> None:
        """Move the clock to `t`, UTC seconds; ValueError when that is in the past."""
        if t < self._now:
            raise ValueError(f"the clock stands at {self._now}, {t} has passed")
        self._now = t
        self._set_time(t)

    def deploy(self, contract: str, *args: object, sender: str) -> Contract:
        """Deploy a contract of the project."""
        code = artifact(contract).initcode + encode_arguments(contract, self.abi(contract).constructor, args)
        return Contract(contract, self._create(self.address(sender), code, contract).lower())

    def blueprint(self, contract: str, sender: str) -> str:
        """Deploy a contract's ERC-5202 blueprint; its address."""
        return self._create(self.address(sender), blueprint_initcode(artifact(contract).initcode), "").lower()

    def send(self, contract: Contract, function: str, *args: object, sender: str) -> Receipt:
        """Send a transaction of a named account; Refusal, decoded, when it reverts."""
        entry = self.abi(contract.name).function(function, len(args))
        return Receipt(gas=self._execute(self.address(sender), contract.address, entry.calldata(args)))

    def sign(self, account: str, typed: Mapping[str, Any]) -> bytes:
        """The account's EIP-712 signature of a full typed message: 65 bytes r, s, v."""
        return sign_typed(account, typed)

    def logs(self, contract: Contract, topics: Sequence[bytes | None], first: int = 0) -> Iterator[Log]:  # noqa: ARG002
        """Events of a contract since the chain began."""
        return (log for address, log in self._logs if address == contract.address and log.answers(topics))

    def mark(self) -> tuple[int, int, Any]:
        """Remember the state, its events and the clock, to come back to once."""
        return self._now, len(self._logs), self._snapshot()

    def back_to(self, mark: tuple[int, int, Any]) -> None:
        """Go back to a mark; the clock too."""
        self._now, count, state = mark
        del self._logs[count:]
        self._restore(state)
        self._set_time(self._now)
