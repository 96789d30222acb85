"""A transaction in a block: what it was, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solders.account import Account
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import TransactionMetadata

from scrip.solana.addresses import TOKEN, TOKEN_2022


@dataclass(frozen=True, slots=True)
class Landed:
    """A transaction in a block, failed or not. `before` and `after` are its accounts, in its order; see `told_of`."""

    signature: Signature
    height: int
    time: int
    transaction: VersionedTransaction
    error: Any
    meta: TransactionMetadata
    before: tuple[Account | None, ...]
    after: tuple[Account | None, ...]
    loaded: tuple[tuple[Pubkey, ...], tuple[Pubkey, ...]] = ((), ())
    """The addresses that it named by lookup tables: those that it may write, and those that it reads."""

    @property
    def keys(self) -> list[Pubkey]:
        """Every account that it named, in its order."""
        return [*self.transaction.message.account_keys, *self.loaded[0], *self.loaded[1]]

    @property
    def fee(self) -> int:
        """Lamports that left its accounts for the validators."""
        return sum(one.lamports for one in self.before if one) - sum(one.lamports for one in self.after if one)


def told_of(accounts: tuple[Account | None, ...]) -> tuple[Account | None, ...]:
    """As much of accounts as is told of a transaction's: their lamports, and what token accounts hold."""
    return tuple(
        one and Account(one.lamports, bytes(one.data) if one.owner in (TOKEN, TOKEN_2022) else b"", one.owner)
        for one in accounts
    )
