"""What the ledger needs of an EVM chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scrip.evm.encoding.calldata import Codec
from scrip.ledger import Receipt

VIEWS_AT_ONCE = 200
"""How many views one request asks."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A deployed contract: the name of its source, which gives the ABI, and its address in lower case."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Call:
    """A view to ask: of a contract, by function name and arguments."""

    contract: Contract
    function: str
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """An event: its topics, of 32 bytes each, and its data."""

    topics: tuple[bytes, ...]
    data: bytes

    def answers(self, topics: Sequence[bytes | None]) -> bool:
        """Whether it has these topics at these places; None stands for any."""
        wanted = [(place, topic) for place, topic in enumerate(topics) if topic is not None]
        return all(place < len(self.topics) and self.topics[place] == topic for place, topic in wanted)


class Chain(Codec, Protocol):
    """An EVM chain on which accounts have names. Addresses are lower-case strings, times UTC seconds.

    The name "" is the zero address.
    """

    def name(self, address: str) -> str:
        """The name of an account or contract, or its address."""

    def label(self, name: str, contract: Contract) -> None:
        """Let a contract be called by a name in refusals."""

    def chain_id(self) -> int:
        """The chain's id as EIP-155 has it."""

    def now(self) -> int:
        """The timestamp that the next transaction and view see."""

    def advance_to(self, t: int) -> None:
        """Move the clock; ValueError when `t` has passed."""

    def deploy(self, contract: str, *args: object, sender: str) -> Contract:
        """Deploy a contract of the project; Refusal when its constructor refuses."""

    def blueprint(self, contract: str, sender: str) -> str:
        """Deploy a contract's ERC-5202 blueprint; its address."""

    def call(self, contract: Contract, function: str, *args: object) -> Any:
        """Ask a view; Refusal when it reverts."""

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        """Ask several views of one and the same state."""

    def word(self, contract: Contract, slot: int) -> int:
        """The storage word of a contract at a slot."""

    def logs(self, contract: Contract, topics: Sequence[bytes | None], first: int = 0) -> Iterator[Log]:
        """Events of a contract since block `first`, oldest first: those with these topics, None for any."""

    def send(self, contract: Contract, function: str, *args: object, sender: str) -> Receipt:
        """Send a transaction of a named account, in a block of its own; Refusal, decoded, when it reverts."""

    def sign(self, account: str, typed: Mapping[str, Any]) -> bytes:
        """The account's EIP-712 signature of a full typed message: 65 bytes r, s, v."""


def ask_all(chain: Chain, calls: Sequence[Call]) -> list[Any]:
    """Ask many views, in requests of a size that nodes take."""
    answers: list[Any] = []
    for start in range(0, len(calls), VIEWS_AT_ONCE):
        answers += chain.call_many(calls[start : start + VIEWS_AT_ONCE])
    return answers
