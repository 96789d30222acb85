"""A copy of a cluster in this process: each account is fetched when it is first needed, and changed only here."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from solders.account import Account
from solders.clock import Clock
from solders.instruction import Instruction
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import FailedTransactionMetadata, TransactionMetadata

from scrip.errors import InputError, ScripError
from scrip.solana.addresses import SYSTEM, SYSVARS, UPGRADEABLE_LOADER, local_address, local_keypair
from scrip.solana.chain import Sent, compiled, failure, returned
from scrip.solana.signing import Signer

NATIVE_LOADER = Pubkey.from_string("NativeLoader1111111111111111111111111111111")
CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
PRECOMPILES = frozenset(
    Pubkey.from_string(one)
    for one in (
        "Ed25519SigVerify111111111111111111111111111",
        "KeccakSecp256k11111111111111111111111111111",
        "Secp256r1SigVerify1111111111111111111111111",
    )
)
"""Programs that the runtime is itself."""
LAMPORTS = 10**10
"""How many lamports an airdrop gives."""
NOBODY = "spectator of a copy"
SPECTATOR = local_address(NOBODY)
"""The account that pays for views, on the copy alone."""
PROGRAM_DATA = slice(4, 36)
"""Where an upgradeable program names the account of its code."""


class Origin(Protocol):
    """The cluster that is copied, as far as accounts are read from it."""

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts with their owners and lamports; None where there is none."""

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`: address and data of each."""

    def genesis(self) -> bytes:
        """The genesis block's hash."""


@dataclass
class Clone:
    """A chain for the ledger, and a source of accounts for the audit. Nothing is ever sent to its origin.

    Whoever signs does so without a key: signatures are not looked at. Accounts are as the origin has them when they are
    first read, so its slot may move on between two of them. With `airdrop` who pays and has nothing is given lamports,
    as a cluster gives them that hands them out.
    """

    origin: Origin
    airdrop: bool = False
    _svm: LiteSVM = field(default_factory=lambda: LiteSVM().with_sigverify(False).with_blockhash_check(False))
    _known: set[Pubkey] = field(default_factory=set)

    def __post_init__(self) -> None:
        (found,) = self.origin.accounts([CLOCK])
        if found is None:
            raise ScripError("the cluster has no clock")
        self._svm.set_clock(_clock(bytes(found.data)))
        self._svm.set_account(SPECTATOR, Account(10**9, b"", SYSTEM, False, 0))
        self._known.add(SPECTATOR)

    @property
    def slot(self) -> int:
        """The slot that the copy began in."""
        return self._svm.get_clock().slot

    @property
    def cluster(self) -> Copied:
        """The copy's accounts, for what reads accounts of a cluster."""
        return Copied(self)

    # --- the chain protocol ---

    @cached_property
    def genesis(self) -> bytes:
        """The genesis block's hash."""
        return self.origin.genesis()

    def now(self) -> int:
        """The clock, UTC seconds."""
        return self._svm.get_clock().unix_timestamp

    def advance_to(self, t: int) -> None:
        """The copy's clock stands: InputError for any other second."""
        if t != self.now():
            raise InputError(f"the copy's clock stands at {self.now()}", field="time", value=t)

    def account(self, address: Pubkey) -> bytes | None:
        """An account's data, whoever owns it; None where there is none."""
        (found,) = self.read([address])
        return bytes(found.data) if found is not None else None

    def rent(self, size: int) -> int:
        """Lamports that an account of so many bytes must hold."""
        return self._svm.minimum_balance_for_rent_exemption(size)

    @property
    def payer(self) -> Signer:
        """Who sends what anyone may."""
        return local_keypair(NOBODY)

    def rich(self, signer: Signer) -> Signer:
        """A signer: what it has on the cluster is what it has here."""
        return signer

    def send(self, instructions: Sequence[Instruction], signers: Sequence[Signer]) -> Sent:
        """Carry out a transaction that the first signer pays for, or raise Failed."""
        return self.carry_out(instructions, signers[0].pubkey())

    def view(self, instruction: Instruction) -> bytes:
        """The return data of an instruction that changes nothing."""
        result = self._svm.simulate_transaction(self._transaction([instruction], SPECTATOR))
        if isinstance(result, FailedTransactionMetadata):
            raise failure(result.err(), result.meta().logs())
        return returned(result.meta())

    # --- beyond it ---

    def carry_out(self, instructions: Sequence[Instruction], payer: Pubkey) -> Sent:
        """Carry out a transaction that whoever it names has signed, or raise Failed. The payer has what it has."""
        if self.airdrop and self.read([payer]) == [None]:
            self._svm.airdrop(payer, LAMPORTS)
        transaction = self._transaction(instructions, payer)
        result = self._svm.send_transaction(transaction)
        if isinstance(result, FailedTransactionMetadata):
            raise failure(result.err(), result.meta().logs())
        return _sent(result, list(transaction.message.account_keys))

    def read(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts as they are here, with their owners; None where there is none."""
        self._fetch(addresses)
        found = [self._svm.get_account(one) for one in addresses]
        return [one if one is not None and one.lamports else None for one in found]

    def plant(self, address: Pubkey, account: Account) -> None:
        """Put an account there that no transaction made: on this copy alone."""
        self._known.add(address)
        self._svm.set_account(address, account)

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts here whose data hold `data` at `at`: those of the origin, and what was made since."""
        there = [address for address, _ in self.origin.owned(program, at, data)]
        known = sorted({*there, *self._known}, key=bytes)
        found = zip(known, self.read(known), strict=True)
        ours = [(address, bytes(one.data)) for address, one in found if one is not None and one.owner == program]
        return [(address, held) for address, held in ours if held[at : at + len(data)] == data]

    # --- copying ---

    def _transaction(self, instructions: Sequence[Instruction], payer: Pubkey) -> VersionedTransaction:
        """A transaction with every account that it names copied; its signatures stand for nothing, but differ."""
        self._fetch([payer, *(key for call in instructions for key in (call.program_id, *_named(call)))])
        self._svm.expire_blockhash()
        message = Message.new_with_blockhash(list(instructions), payer, self._svm.latest_blockhash())
        blank = [Signature.new_unique() for _ in range(message.header.num_required_signatures)]
        return VersionedTransaction.populate(message, blank)

    def _fetch(self, addresses: Sequence[Pubkey]) -> None:
        """Copy what was not copied before, the code of programs before the programs."""
        new = [one for one in dict.fromkeys(addresses) if one not in self._known and one not in PRECOMPILES]
        if not new:
            return
        self._known.update(new)
        found = [(one, account) for one, account in zip(new, self.origin.accounts(new), strict=True) if account]
        upgradeable = [one for one in found if one[1].executable and one[1].owner == UPGRADEABLE_LOADER]
        self._fetch([Pubkey.from_bytes(bytes(account.data)[PROGRAM_DATA]) for _, account in upgradeable])
        # Its code stands before a program does.
        for address, account in sorted(found, key=lambda one: one[1].executable):
            # The runtime has its own programs and sysvars; the clock was set once.
            if account.owner not in (NATIVE_LOADER, SYSVARS):
                self._svm.set_account(address, account)


@dataclass(frozen=True, slots=True)
class Copied:
    """The accounts of a copy, with their owners."""

    clone: Clone

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts; None where there is none."""
        return self.clone.read(addresses)

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`."""
        return self.clone.owned(program, at, data)


def _named(call: Instruction) -> list[Pubkey]:
    return [meta.pubkey for meta in call.accounts]


def _sent(result: TransactionMetadata, keys: Sequence[Pubkey]) -> Sent:
    inner = tuple(compiled(keys, entry.instruction()) for group in result.inner_instructions() for entry in group)
    return Sent(str(result.signature()), result.compute_units_consumed(), returned(result), inner)


def _clock(data: bytes) -> Clock:
    """The clock's account: slot, start of the epoch, epoch, the epoch of the leaders' schedule, UTC second."""
    slot, start, epoch, schedule, now = struct.unpack_from("<QqQQq", data)
    return Clock(slot, start, epoch, schedule, now)
