"""Local Solana clusters for tests, made once in a process and handed out again.

To make one takes five times as long as to set a stock up in it: programs are verified and compiled. So whatever is
changed in one is noted, and is put back once nobody knows that cluster any longer. One whose programs were changed, or
that was changed in a way that is not noted, is not handed out again.
"""

from __future__ import annotations

import copy
import gc
import weakref
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from solders.account import Account
from solders.clock import Clock
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from scrip.solana.addresses import SYSTEM, UPGRADEABLE_LOADER
from scrip.solana.build import Build
from scrip.solana.deploy.suite import start_chain
from scrip.solana.encoding.program import StockProgram
from scrip.solana.local.litesvm import LiteSvmChain

NOTHING = Account(0, b"", SYSTEM, False, 0)
HARMLESS = ("_", "get_", "latest_", "minimum_", "simulate_", "expire_", "set_account", "set_clock", "send_", "changes")
"""How what does not change a cluster begins, and what is noted or put back anyway."""


@dataclass
class Changes:
    """What an svm's accounts were before the first change of each."""

    before: dict[Pubkey, Account | None] = field(default_factory=dict)
    unknown: bool = False
    """Whether anything was changed that is not noted."""

    def put_back(self, svm: Any) -> bool:
        """Put it all back; False where a program was changed, or what else is not known."""
        if self.unknown:
            return False
        for address, old in self.before.items():
            new = svm.get_account(address)
            if new == old:
                continue
            if any(one is not None and (one.executable or one.owner == UPGRADEABLE_LOADER) for one in (new, old)):
                return False
            svm.set_account(address, old or NOTHING)
        return True


class NotedSvm(LiteSVM):
    """An svm whose changes are noted."""

    def __init__(self, like: LiteSVM) -> None:
        self._inner = like._inner
        self.changes = Changes()

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith(HARMLESS):
            self.changes.unknown = True
        return super().__getattribute__(name)

    def _note(self, address: Pubkey) -> None:
        if address not in self.changes.before:
            self.changes.before[address] = self._inner.get_account(address)

    def set_account(self, address: Pubkey, account: Account) -> None:
        """Set an account, as a test may."""
        self._note(address)
        super().set_account(address, account)

    def send_transaction(self, tx: Any) -> Any:
        """Carry out a transaction, which changes at most what it names as writable."""
        message = tx.message
        self.changes.unknown |= isinstance(tx, VersionedTransaction) and bool(message.address_table_lookups)
        header, keys = message.header, message.account_keys
        signers = header.num_required_signatures
        written = keys[: signers - header.num_readonly_signed_accounts]
        for address in [*written, *keys[signers : len(keys) - header.num_readonly_unsigned_accounts]]:
            self._note(address)
        return super().send_transaction(tx)


class Clusters:
    """Those of one build."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.idle: list[LiteSVM] = []
        self.out = 0
        self.first, self.program = start_chain(0, build)
        self.clock: Clock = self.first.svm.get_clock()
        self.idle.append(self.first.svm)

    def take(self, start: int) -> tuple[LiteSvmChain, StockProgram]:
        """A cluster as `start_chain` makes it; it is put back once nobody knows its svm."""
        if not self.idle and self.out:
            # A ledger and its parts know each other: what a test has left is found by the collector alone.
            gc.collect(1)
        plain = self.idle.pop() if self.idle else start_chain(0, self.build)[0].svm
        self.out += 1
        noted = NotedSvm(plain)
        weakref.finalize(noted, self._give_back, plain, noted.changes).atexit = False
        made = copy.copy(self.first)
        made.svm, made._named = noted, set()
        was = self.clock
        made.svm.set_clock(Clock(was.slot, was.epoch_start_timestamp, was.epoch, was.leader_schedule_epoch, start))
        return made, self.program

    def _give_back(self, plain: LiteSVM, changes: Changes) -> None:
        self.out -= 1
        if changes.put_back(plain):
            self.idle.append(plain)


_of = cache(Clusters)


def reused(start: int, build: Build | None = None) -> tuple[LiteSvmChain, StockProgram]:
    """A fresh cluster with the program, not yet initialised, upgradeable by UPGRADER: as `start_chain` makes it."""
    return _of(build or Build()).take(start)
