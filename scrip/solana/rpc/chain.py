"""The chain protocol over a cluster's RPC: prepared, sent, and waited for until it has landed or never can."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from solders.account import Account
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.hash import Hash
from solders.instruction import Instruction
from solders.message import Message, MessageV0, to_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction_status import TransactionConfirmationStatus

from scrip.errors import InputError, ScripError
from scrip.solana.chain import Failed, Sent, compiled, failure
from scrip.solana.keys import Elsewhere
from scrip.solana.rpc.cluster import Cluster, Landed, Unreachable
from scrip.solana.signing import Signer, signed

BUDGET = 2
"""Compute budget instructions that stand before those of a transaction."""
MOST_UNITS = 1_400_000
"""Compute units that a transaction may use."""
MOST_PRICE = 2**64 - 1
MARGIN = 10
"""A tenth is added to what a simulation used: an account may have grown meanwhile."""
POLL, POLL_MAX = 0.02, 1.0
"""Seconds to the first look for a transaction, and at most between two: the pause doubles."""
RESEND = 2.0
"""Seconds after which the same bytes are sent again: leaders drop what they have no room for."""
LOCKS = 64
"""Accounts that a transaction may name."""
SIZE, SIGNATURE = 1_232, 64
"""Bytes of a transaction at most, and of each of its signatures."""
LAMPORTS = 10**10
"""How many lamports a local cluster's accounts are given."""
AIRDROP_LOOKS = 30
"""How often it is looked whether lamports have arrived."""


class TooLarge(ScripError):
    """The instructions do not fit into one transaction."""


class Expired(ScripError):
    """A transaction is in no block and can never come into one: its blockhash has expired, and that is final."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What may be paid to be served first, in micro-lamports per compute unit.

    `floor` is paid even where nobody else pays, `cap` is never exceeded. A transaction that expired is offered twice as
    much.
    """

    floor: int = 0
    cap: int = 1_000_000

    def price(self, recent: Sequence[int], attempt: int = 0) -> int:
        """The price to offer: more than three quarters of what others have paid lately, within the bounds."""
        going = sorted(recent)[len(recent) * 3 // 4] if recent else 0
        return min(max(going, self.floor, 1 if attempt else 0) << attempt, self.cap)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signed transaction before it is sent: what a journal needs to send it again, or to know that it never can."""

    signature: Signature
    signed: bytes
    last_height: int
    """The last block height at which it can land."""
    blockhash: str


@dataclass
class RpcChain:
    """A cluster as the ledger's chain.

    `attempts` is how often a transaction is signed when the one before has expired. With `airdrop` accounts that need
    lamports are given some, on clusters that hand them out. `patience` is how long a node may be silent, in seconds,
    while a transaction of ours is on its way.
    """

    cluster: Cluster
    payer: Signer | Elsewhere = field(repr=False)
    fees: Fees = field(default_factory=Fees)
    attempts: int = 3
    airdrop: bool = False
    patience: float = 120.0
    tables: Callable[[], Sequence[AddressLookupTableAccount]] = tuple
    """The lookup tables by which a transaction may name what it has no room for otherwise."""

    # --- the protocol ---

    @cached_property
    def genesis(self) -> bytes:
        """The genesis block's hash."""
        return self.cluster.genesis()

    def now(self) -> int:
        """The cluster's clock, UTC seconds."""
        return self.cluster.time()

    def advance_to(self, t: int) -> None:
        """A cluster's clock moves by itself: ValueError when `t` has passed, InputError when it has not come."""
        now = self.now()
        if t < now:
            raise ValueError(f"the clock stands at {now}, {t} has passed")
        if t > now:
            raise InputError(f"the cluster's clock stands at {now} and cannot be moved", field="time", value=t)

    def account(self, address: Pubkey) -> bytes | None:
        """An account's data, whoever owns it; None where there is none."""
        return self.cluster.account(address)

    def read(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts with their owners, in order; None where there is none."""
        return self.cluster.accounts(addresses)

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`: address and data of each."""
        return self.cluster.owned(program, at, data)

    def rent(self, size: int) -> int:
        """Lamports that an account of so many bytes must hold."""
        return self.cluster.rent(size)

    def rich(self, signer: Signer) -> Signer:
        """The signer; with `airdrop` it is given lamports first when it has none."""
        if self.airdrop and not self.cluster.balance(signer.pubkey()):
            self.cluster.airdrop(signer.pubkey(), LAMPORTS)
            for _ in range(AIRDROP_LOOKS):
                if self.cluster.balance(signer.pubkey()):
                    break
                self.cluster.wait(POLL_MAX)
        return signer

    def send(self, instructions: Sequence[Instruction], signers: Sequence[Signer]) -> Sent:
        """Carry out a transaction, or raise Failed. It is signed anew only once the one before can never land.

        Expired when that happens `attempts` times; Unreachable when the node falls silent: then it may have landed.
        """
        for attempt in range(self.attempts):
            prepared = self.prepare(instructions, signers, attempt)
            try:
                return self.settle(prepared)
            except Expired:
                if attempt + 1 == self.attempts:
                    raise
        raise AssertionError("no attempt")

    def view(self, instruction: Instruction) -> bytes:
        """The return data of an instruction that changes nothing."""
        done = self._simulate([instruction])
        return bytes(done.return_data.data) if done.return_data else b""

    # --- step by step, for whoever keeps a journal ---

    def prepare(self, instructions: Sequence[Instruction], signers: Sequence[Signer], attempt: int = 0) -> Prepared:
        """Simulate, set the compute limit and the price from what was found, and sign. Nothing is sent.

        Failed when the simulation fails; TooLarge.
        """
        used = self._simulate(instructions).units_consumed or 0
        writes = {meta.pubkey for call in instructions for meta in call.accounts if meta.is_writable}
        price = self.fees.price(self.cluster.prices(sorted(writes | {self.payer.pubkey()}, key=bytes)), attempt)
        recent = self.cluster.recent()
        calls = self._budgeted(instructions, min(used + used // MARGIN, MOST_UNITS), price)
        if isinstance(self.payer, Elsewhere):
            raise InputError("pays for it and does not sign on this machine", field="payer", value=self.payer.address)
        transaction = signed(self._message(calls, recent.blockhash), [self.payer, *signers])
        return Prepared(transaction.signatures[0], bytes(transaction), recent.last_height, str(recent.blockhash))

    def settle(self, prepared: Prepared) -> Sent:
        """Send, again and again, until it has landed: what it did, or Failed. Expired when it never can.

        Unreachable when the node has been silent for `patience`.
        """
        return told(self.land(prepared))

    def land(self, prepared: Prepared, sent: bool = False) -> Landed:
        """Send a transaction until it is in a block; where that is, failed or not.

        `sent` says that it was handed over just now. Expired and Unreachable as `settle`.
        """
        silent_since: float | None = None
        resend_at, pause = time.monotonic() + RESEND if sent else 0.0, POLL
        while True:
            try:
                if time.monotonic() >= resend_at:
                    self.cluster.send(prepared.signed)
                    resend_at = time.monotonic() + RESEND
                if (landed := self.landed(prepared.signature)) is not None:
                    return landed
                if self.is_gone(prepared.signature, prepared.last_height):
                    raise Expired(f"{prepared.signature} did not land up to block {prepared.last_height}")
                silent_since = None
            except Unreachable:
                silent_since = silent_since or time.monotonic()
                if time.monotonic() > silent_since + self.patience:
                    raise
            self.cluster.wait(pause)
            pause = min(2 * pause, POLL_MAX)

    def landed(self, signature: Signature) -> Landed | None:
        """A transaction that has landed and is confirmed; None before.

        Unreachable where the node knows that it landed and does not have it (yet): that it never landed would be wrong.
        """
        return self._landed(signature, self.cluster.status(signature))

    def all_landed(self, signatures: Sequence[Signature]) -> Iterator[Landed | None]:
        """Those of several transactions that have landed and are confirmed; their statuses are asked for at once."""
        statuses = self.cluster.statuses(signatures)
        return (self._landed(*both) for both in zip(signatures, statuses, strict=True))

    def _landed(self, signature: Signature, status: Any) -> Landed | None:
        if status is None or int(status.confirmation_status) < int(TransactionConfirmationStatus.Confirmed):
            return None
        found = self.cluster.transaction(signature)
        if found is None:
            raise Unreachable(f"{self.cluster.name} says that {signature} landed, and does not have it")
        return found

    def is_gone(self, signature: Signature, last_height: int) -> bool:
        """Whether a transaction is in no block and can never come into one.

        What is final has passed its last block, and whoever says that no block holds it has seen as much: of nodes
        behind one URL one may lag.
        """
        final = self.cluster.final()
        if final.height <= last_height:
            return False
        status, seen = self.cluster.look(signature)
        return status is None and seen >= final.slot

    def is_final(self, signature: Signature) -> bool | None:
        """Whether a transaction is in a block that stays; None when it is in none."""
        status = self.cluster.status(signature)
        if status is None:
            return None
        return int(status.confirmation_status) == int(TransactionConfirmationStatus.Finalized)

    def outcome(self, signature: Signature) -> Sent | None:
        """What a transaction did, if it has landed and is confirmed; None before. Failed when it failed."""
        landed = self.landed(signature)
        return told(landed) if landed else None

    def fits(self, instructions: Sequence[Instruction], payer: Pubkey) -> bool:
        """Whether these instructions have room in one transaction."""
        calls = self._budgeted(instructions, MOST_UNITS, MOST_PRICE)
        return _size(self._compiled(calls, payer, Hash.default())) <= SIZE

    # --- parts ---

    def _budgeted(self, instructions: Sequence[Instruction], units: int, price: int) -> list[Instruction]:
        return [set_compute_unit_limit(units), set_compute_unit_price(price), *instructions]

    def _message(self, calls: Sequence[Instruction], blockhash: Hash) -> Message | MessageV0:
        message = self._compiled(calls, self.payer.pubkey(), blockhash)
        if (size := _size(message)) > SIZE:
            raise TooLarge(f"{size} bytes, and a transaction has {SIZE} at most")
        return message

    def _compiled(self, calls: Sequence[Instruction], payer: Pubkey, blockhash: Hash) -> Message | MessageV0:
        """The message of these instructions: as every wallet reads it where it has room, else by lookup tables."""
        plain = Message.new_with_blockhash(list(calls), payer, blockhash)
        if _size(plain) <= SIZE or not (tables := self.tables()):
            return plain
        return MessageV0.try_compile(payer, list(calls), list(tables), blockhash)

    def _simulate(self, instructions: Sequence[Instruction]) -> Any:
        calls = self._budgeted(instructions, MOST_UNITS, 0)
        done = self.cluster.simulate(self._message(calls, self.cluster.recent().blockhash))
        if done.err is not None:
            raise _failure(done.err, done.logs or [])
        return done


def _size(message: Message | MessageV0) -> int:
    """Bytes of a message's transaction, signatures included; too many where it names more accounts than one may."""
    named = len(message.account_keys)
    if isinstance(message, MessageV0):
        lookups = message.address_table_lookups
        named += sum(len(bytes(one.writable_indexes)) + len(bytes(one.readonly_indexes)) for one in lookups)
    size = 1 + SIGNATURE * message.header.num_required_signatures + len(to_bytes_versioned(message))
    return size if named <= LOCKS else max(size, SIZE + 1)


def told(landed: Landed) -> Sent:
    """What a transaction did, or Failed."""
    meta = landed.meta
    if meta.err is not None:
        raise _failure(meta.err, meta.log_messages or [])
    returned = bytes(meta.return_data.data) if meta.return_data else b""
    inner = tuple(compiled(landed.keys, call) for group in meta.inner_instructions or [] for call in group.instructions)
    return Sent(str(landed.signature), meta.compute_units_consumed or 0, returned, inner)


def _failure(error: object, logs: Sequence[str]) -> Failed:
    """A transaction's error, its instruction counted among those that were asked for."""
    found = failure(error, logs)
    index = found.index if found.index is None else found.index - BUDGET
    return Failed(index, found.custom, found.error, found.logs)
