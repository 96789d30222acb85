"""Blocks over LiteSVM: blockhashes that expire, a pool that transactions land from, and what a cluster remembers.

What a client cares about is modelled as a cluster does it: a transaction is accepted and lands later or never; it lands
once, however often it arrives; its blockhash is good for 150 blocks; what is final lags by 32. What is not: forks, and
accounts as they were at an earlier block (every commitment reads the newest).
"""

from __future__ import annotations

import json
import time as clocks
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from solders.account import Account
from solders.address_lookup_table_account import AddressLookupTable
from solders.clock import Clock
from solders.hash import Hash
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import FailedTransactionMetadata, TransactionMetadata

from scrip.solana.addresses import SYSVARS, UPGRADEABLE_LOADER
from scrip.solana.local.endpoint.landed import Landed, told_of
from scrip.solana.local.endpoint.store import Store

LIFE = 150
"""Blocks for which a blockhash is good."""
FINALITY = 32
"""Blocks by which what is final lags."""
SKIPPED = 1_000
"""Slots without a block before the first one: whoever takes a slot for a height is wrong by as many."""
LATELY = 20
"""Slots before the final one that are remembered as lately made."""
LOCKS = 64
"""Accounts that a transaction may name."""
COMPUTE_BUDGET = Pubkey.from_string("ComputeBudget111111111111111111111111111111")
DEFAULT_UNITS = 200_000
"""Compute units of each instruction of a transaction that sets no limit."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a transaction would do now, and the accounts after it."""

    error: Any
    meta: TransactionMetadata
    accounts: Mapping[Pubkey, Account]


@dataclass(frozen=True, slots=True)
class Received:
    """A transaction as it arrived, when this block was final; `last` is the last block that it can be in."""

    transaction: VersionedTransaction
    final: int
    last: int


@dataclass(slots=True)
class Faults:
    """What befalls the next transactions that are sent, one after the other, and how many of them."""

    drop: int = 0
    """Taken and answered, but never landed."""
    lose_reply: int = 0
    """Taken, but the connection ends before the answer."""
    refuse: int = 0
    """The connection ends before anything is taken."""
    duplicate: int = 0
    """Delivered twice."""
    floor: int = 0
    """Micro-lamports per compute unit that others pay: what pays less waits in the pool."""
    spared: dict[str, int] = field(default_factory=dict)
    """How many transactions go by before a fault befalls one."""

    def strikes(self, name: str) -> bool:
        """Whether this fault befalls the transaction at hand."""
        if self.spared.get(name):
            self.spared[name] -= 1
            return False
        left: int = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0


@dataclass(frozen=True, slots=True)
class Price:
    """What a transaction that landed paid per compute unit, in micro-lamports, and which accounts it wrote."""

    height: int
    micro: int
    writes: frozenset[Pubkey]


NOTED = 100
"""After how many blocks without a transaction a height is noted in the store."""


class Bank:
    """A cluster's state and its one leader.

    Its clock stands until it is set; where `ahead` is given it goes with the machine's, so many seconds ahead of it.
    What a `store` has kept stands from the beginning, and is kept there from then on.
    """

    def __init__(
        self, svm: LiteSVM, genesis: bytes, known: list[Pubkey], store: Store | None = None, ahead: int | None = None
    ) -> None:
        # Blockhashes and signatures are checked here: LiteSVM knows the newest blockhash alone.
        self.svm = svm.with_blockhash_check(False).with_sigverify(False)
        self.genesis = Hash(genesis)
        self.store, self.ahead = store, ahead
        # Blockhashes of before are forgotten, and heights never come back.
        self.height = 2 * LIFE + (store.height + NOTED if store and store.height else 0)
        self.faults = Faults()
        self.addresses = set(known)
        self.pool: list[VersionedTransaction] = []
        self.received: list[Received] = []
        self.landed: dict[Signature, Landed] = {}
        self.prices: deque[Price] = deque()
        self.blockhashes: dict[Hash, int] = {}
        self._mark: tuple[dict[Pubkey, Account | None], int, set[Signature]] = {}, 0, set()
        for height in range(self.height - LIFE, self.height + 1):
            self._new_blockhash(height)
        for address, account in store.accounts() if store else ():
            self.svm.set_account(address, account)
            self.addresses.add(address)
        for one in store.landed() if store else ():
            self.landed[one.signature] = replace(one, loaded=self._loaded(one.transaction))
            self.addresses.update(self.landed[one.signature].keys)
        self._keep({})
        self._set_clock()
        self._times = [(0, self.svm.get_clock().unix_timestamp)]

    # --- blocks ---

    @property
    def slot(self) -> int:
        """The newest block's slot."""
        return slot_of(self.height)

    def final(self) -> int:
        """Height of the newest block that is final."""
        return self.height - FINALITY

    def _note_time(self) -> None:
        time = self.svm.get_clock().unix_timestamp
        if time != self._times[-1][1]:
            self._times.append((self.height, time))

    def time_of(self, height: int) -> int:
        """The UTC second of a block; of one from before the start, that of the start."""
        return self._times[bisect_right(self._times, height, key=lambda noted: noted[0]) - 1][1]

    def _new_blockhash(self, height: int) -> None:
        self.svm.expire_blockhash()
        self.blockhashes[self.svm.latest_blockhash()] = height
        oldest = next(iter(self.blockhashes))
        if self.blockhashes[oldest] < height - LIFE:
            del self.blockhashes[oldest]

    def blockhash(self, height: int) -> tuple[Hash, int]:
        """The hash of the block at a height, and the last height at which it is good."""
        found = next(known for known, at in self.blockhashes.items() if at == height)
        return found, height + LIFE

    def is_good(self, blockhash: Hash) -> bool:
        """Whether a transaction with this blockhash could be in the next block."""
        made = self.blockhashes.get(blockhash)
        return made is not None and self.height < made + LIFE

    def advance(self, blocks: int = 1) -> list[Landed]:
        """Make blocks; what landed in them."""
        new: list[Landed] = []
        for _ in range(blocks):
            self.height += 1
            self._set_clock()
            self._note_time()
            waiting, self.pool = self.pool, []
            landed_here = [one for one in map(self._execute, waiting) if one is not None]
            new += landed_here
            self._new_blockhash(self.height)
            if landed_here or self.height % NOTED == 0:
                written = {key for one in landed_here for key in (*writable(one.transaction), *one.loaded[0])}
                self._keep({key: self.account(key) for key in written}, landed_here)
            while self.prices and self.prices[0].height <= self.height - LIFE:
                self.prices.popleft()
        return new

    def _execute(self, transaction: VersionedTransaction) -> Landed | None:
        """Put a transaction into the block that is being made; None when it does not land in it."""
        signature = transaction.signatures[0]
        made = self.blockhashes.get(transaction.message.recent_blockhash)
        if signature in self.landed or made is None or self.height > made + LIFE:
            return None
        micro = price_of(transaction)
        if micro < self.faults.floor:
            self.pool.append(transaction)
            return None
        loaded = self._loaded(transaction)
        keys = [*transaction.message.account_keys, *loaded[0], *loaded[1]]
        if len(set(keys)) > LOCKS:
            return None
        before = self.accounts(keys)
        result = self.svm.send_transaction(transaction)
        meta, error = told(result)
        after = self.accounts(keys)
        if error is not None and before[0] == after[0]:
            # Not even the fee was taken: a leader leaves it out.
            return None
        self.addresses.update(keys)
        self.prices.append(Price(self.height, micro, writable(transaction) | frozenset(loaded[0])))
        time = self.svm.get_clock().unix_timestamp
        kept = told_of(before), told_of(after)
        self.landed[signature] = Landed(signature, self.height, time, transaction, error, meta, *kept, loaded)
        return self.landed[signature]

    def _loaded(self, transaction: VersionedTransaction) -> tuple[tuple[Pubkey, ...], tuple[Pubkey, ...]]:
        """The addresses that a transaction names by lookup tables: those that it may write, and those that it reads."""
        written, read = list[Pubkey](), list[Pubkey]()
        for one in getattr(transaction.message, "address_table_lookups", ()):
            found = self.account(one.account_key)
            known = AddressLookupTable.deserialize(bytes(found.data)).addresses if found is not None else []
            places = bytes(one.writable_indexes), bytes(one.readonly_indexes)
            for kept, indexes in zip((written, read), places, strict=True):
                kept += [known[index] for index in indexes if index < len(known)]
        return tuple(written), tuple(read)

    # --- transactions ---

    def submit(self, transaction: VersionedTransaction) -> None:
        """Take a transaction into the pool, unless a fault befalls it."""
        made = self.blockhashes.get(transaction.message.recent_blockhash)
        self.received.append(Received(transaction, self.final(), made + LIFE if made is not None else 0))
        if self.faults.strikes("drop"):
            return
        times = 2 if self.faults.strikes("duplicate") else 1
        self.pool += [transaction] * times

    def simulate(self, transaction: VersionedTransaction) -> Simulated:
        """What would happen now."""
        result = self.svm.simulate_transaction(transaction)
        meta, error = told(result)
        changed = {} if isinstance(result, FailedTransactionMetadata) else dict(result.post_accounts())
        return Simulated(error, meta, changed)

    # --- accounts ---

    def account(self, address: Pubkey) -> Account | None:
        """An account; None where there is none."""
        found = self.svm.get_account(address)
        return found if found is not None and found.lamports else None

    def accounts(self, addresses: list[Pubkey]) -> tuple[Account | None, ...]:
        """Several."""
        return tuple(self.account(address) for address in addresses)

    def owned(self, program: Pubkey) -> list[tuple[Pubkey, Account]]:
        """A program's accounts, by address. Only those that a transaction has named, or that the start put there."""
        found = [(address, self.account(address)) for address in sorted(self.addresses, key=bytes)]
        return [(address, one) for address, one in found if one is not None and one.owner == program]

    def set_account(self, address: Pubkey, account: Account) -> None:
        """Put an account there, as no transaction could."""
        self.svm.set_account(address, account)
        self.addresses.add(address)
        self._keep({address: account})

    def _keep(self, accounts: Mapping[Pubkey, Account | None], landed: Sequence[Landed] = ()) -> None:
        if self.store:
            kept = {key: one for key, one in accounts.items() if one is None or one.owner != SYSVARS}
            self.store.keep(self.height, kept, landed)

    def close(self) -> None:
        """Note the height and close the store, if there is one."""
        self._keep({})
        if self.store:
            self.store.close()

    def mark(self) -> None:
        """Remember every account, the clock's second, and what landed."""
        accounts = {one: self.svm.get_account(one) for one in self.addresses}
        self._mark = accounts, self.svm.get_clock().unix_timestamp, set(self.landed)

    def back(self) -> None:
        """Accounts and second as they were at the mark, and what landed since then never did. Blocks go on."""
        before, time, landed = self._mark
        self.landed = {signature: one for signature, one in self.landed.items() if signature in landed}
        now = {one: self.svm.get_account(one) for one in self.addresses}
        # The runtime keeps its own accounts, such as the clock.
        ours = {address for address, one in now.items() if one is None or one.owner != SYSVARS}
        changed = {address for address in ours if now[address] != before.get(address)}
        # The cluster's own programs were there, though no transaction had named them.
        changed -= {one for one in changed if one not in before and (at := now[one]) is not None and at.executable}
        code = {one for one in changed if (was := before.get(one)) is not None and was.owner == UPGRADEABLE_LOADER}
        # The runtime reads a program's code again when the program is put there, after its code.
        programs = {one for one, was in before.items() if code and was is not None and was.executable}
        for address in (*changed, *programs):
            self.svm.set_account(address, before.get(address) or Account(0, b"", Pubkey.default(), False, 0))
        self.pool.clear()
        self._set_clock(time)

    def set_time(self, time: int) -> None:
        """Set the clock, UTC seconds. One that goes goes on from there."""
        if self.ahead is not None:
            self.ahead = time - int(clocks.time())
        self._set_clock(time)

    def _set_clock(self, time: int | None = None) -> None:
        clock = self.svm.get_clock()
        if time is None:
            time = clock.unix_timestamp if self.ahead is None else int(clocks.time()) + self.ahead
        stamp = (clock.epoch_start_timestamp, clock.epoch, clock.leader_schedule_epoch, time)
        self.svm.set_clock(Clock(self.slot, *stamp))
        # Who makes a lookup table names a slot that was one of late.
        lately = [(slot, self.genesis) for slot in range(self.slot, max(self.slot - FINALITY - LATELY, 0), -1)]
        self.svm.set_slot_hashes(lately)

    def recent_prices(self, addresses: list[Pubkey]) -> list[tuple[int, int]]:
        """(height, the least that somebody paid to write all of these) of each of the last blocks."""
        found = []
        for height in range(self.height - LIFE + 1, self.height + 1):
            here = [price for price in self.prices if price.height == height]
            least = [min((one.micro for one in here), default=0)]
            least += [min((one.micro for one in here if key in one.writes), default=0) for key in addresses]
            found.append((height, max(*least, self.faults.floor)))
        return found


@dataclass(frozen=True, slots=True)
class Budget:
    """What a transaction's compute budget instructions ask for."""

    units: int | None = field(default=None)
    micro: int = 0


def told(result: Any) -> tuple[TransactionMetadata, Any]:
    """What LiteSVM tells of a transaction, and its error as JSON-RPC has it; None for none."""
    if isinstance(result, TransactionMetadata):
        return result, None
    error = json.loads(result.to_json()).get("err")
    return result.meta(), error


def slot_of(height: int) -> int:
    """A block's slot."""
    return height + SKIPPED


def budget_of(transaction: VersionedTransaction) -> Budget:
    """Read a transaction's compute budget."""
    message, units, micro = transaction.message, None, 0
    for call in message.instructions:
        data = bytes(call.data)
        if message.account_keys[call.program_id_index] == COMPUTE_BUDGET and data:
            if data[0] == 2:
                units = int.from_bytes(data[1:5], "little")
            elif data[0] == 3:
                micro = int.from_bytes(data[1:9], "little")
    return Budget(units, micro)


def price_of(transaction: VersionedTransaction) -> int:
    """Micro-lamports per compute unit that a transaction offers."""
    return budget_of(transaction).micro


def writable(transaction: VersionedTransaction) -> frozenset[Pubkey]:
    """The accounts that a transaction may write."""
    message = transaction.message
    return frozenset(key for index, key in enumerate(message.account_keys) if is_writable(message, index))


def is_writable(message: Any, index: int) -> bool:
    """Whether the message says that its account at `index` may be written."""
    header, count = message.header, len(message.account_keys)
    signed = header.num_required_signatures
    if index < signed:
        return bool(index < signed - header.num_readonly_signed_accounts)
    return bool(index < count - header.num_readonly_unsigned_accounts)
