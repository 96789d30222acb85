"""The small protocol that the Solana ledger needs of a cluster: LiteSVM implements it here, RPC elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that succeeded."""

    signature: str
    compute_units: int
    return_data: bytes
    inner: tuple[bytes, ...]
    """Data of the inner instructions, in order: events are among them."""


class Failed(Exception):
    """A transaction that failed: which instruction, and its custom error number (None for the runtime's own errors)."""

    def __init__(self, index: int | None, custom: int | None, error: str, logs: Sequence[str]) -> None:
        super().__init__(f"instruction {index}: {error}")
        self.index = index
        self.custom = custom
        self.error = error
        self.logs = tuple(logs)


class Chain(Protocol):
    """A cluster. Every transaction is paid by a payer of the chain's own choice."""

    genesis: bytes
    """Hash of the genesis block: 32 bytes."""

    def now(self) -> int:
        """The clock, UTC seconds."""

    def account(self, address: Pubkey) -> bytes | None:
        """An account's data; None where there is none."""

    def send(self, instructions: Sequence[Instruction], signers: Sequence[Keypair]) -> Sent:
        """Carry out a transaction, or raise Failed."""

    def view(self, instruction: Instruction) -> bytes:
        """The return data of an instruction that changes nothing."""
