"""The small protocol that the Solana ledger needs of a cluster. LiteSVM implements it, and so does RPC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from base58 import b58decode
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip.solana.keys import Elsewhere
from scrip.solana.signing import Signer


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that succeeded."""

    signature: str
    compute_units: int
    return_data: bytes
    inner: tuple[Instruction, ...]
    """The inner instructions, in order, each with its program and accounts: events are among them."""


class Failed(Exception):
    """A transaction that failed: which instruction, and its custom error number (None for the runtime's own errors)."""

    def __init__(self, index: int | None, custom: int | None, error: str, logs: Sequence[str]) -> None:
        super().__init__(f"instruction {index}: {error}")
        self.index = index
        self.custom = custom
        self.error = error
        self.logs = tuple(logs)


def failure(error: object, logs: Sequence[str]) -> Failed:
    """A transaction's error, as solders has it, with the instruction and number that it names."""
    inner = getattr(error, "err", error)
    return Failed(getattr(error, "index", None), getattr(inner, "code", None), str(inner), logs)


def compiled(keys: Sequence[Pubkey], call: Any) -> Instruction:
    """An instruction that names its program and accounts by their places among a transaction's `keys`.

    Whether an account signs or is written is not told.
    """
    accounts = [AccountMeta(keys[place], False, False) for place in bytes(call.accounts)]
    data = b58decode(call.data) if isinstance(call.data, str) else bytes(call.data)
    return Instruction(keys[call.program_id_index], data, accounts)


def returned(done: Any) -> bytes:
    """What a transaction returned in LiteSVM, by its metadata, whose types in solders lack the method."""
    return bytes(done.return_data().data)


class Chain(Protocol):
    """A cluster, as far as the ledger needs one."""

    @property
    def genesis(self) -> bytes:
        """The hash of the genesis block: 32 bytes."""

    @property
    def payer(self) -> Signer | Elsewhere:
        """Whoever pays the fee of every transaction, and the rent of token accounts that anyone may open."""

    def rich(self, signer: Signer) -> Signer:
        """A signer that has lamports for the rent that its instructions pay, where they are for the asking."""

    def rent(self, size: int) -> int:
        """Lamports that an account of so many bytes must hold."""

    def advance_to(self, t: int) -> None:
        """Move the clock, UTC seconds, where it can be moved. ValueError when `t` has passed."""

    def now(self) -> int:
        """The clock, UTC seconds."""

    def account(self, address: Pubkey) -> bytes | None:
        """An account's data, whoever owns it; None where there is none. What exists is asked of encoding.places."""

    def read(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts with their owners, in order; None where there is none."""

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`: address and data of each."""

    def send(self, instructions: Sequence[Instruction], signers: Sequence[Signer]) -> Sent:
        """Carry out a transaction, or raise Failed."""

    def view(self, instruction: Instruction) -> bytes:
        """The return data of an instruction that changes nothing."""
