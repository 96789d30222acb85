"""The instructions of enforcement: what is done to an account without its holder. ENFORCER gives them.

Each works whatever the state of the account, the stock or the fleet.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import Account, Document, KeyedInstruction, RoleInstruction, StockName
from scrip.units import RawUnits

__all__ = [
    "CloseCase",
    "Enforcement",
    "ForcedBurn",
    "ForcedTransfer",
    "Freeze",
    "Lock",
    "OpenCase",
    "ReleaseLocks",
    "SetFrozenTokens",
]


@dataclass(frozen=True)
class OpenCase(RoleInstruction, role="ENFORCER"):
    """Put a reason and a document on an account, so that the standard's own forms work on it."""

    stock: StockName
    account: Account
    reason: int
    document: Document


@dataclass(frozen=True)
class CloseCase(RoleInstruction, role="ENFORCER"):
    """Close the account's case."""

    stock: StockName
    account: Account


@dataclass(frozen=True)
class Freeze(KeyedInstruction, role="ENFORCER"):
    """Freeze a whole account of one stock, or lift that."""

    stock: StockName
    account: Account
    frozen: bool
    reason: int
    document: Document


@dataclass(frozen=True)
class SetFrozenTokens(KeyedInstruction, role="ENFORCER"):
    """Freeze part of a balance; the amount may exceed it, but on Solana, where it is moved to a vault.

    Without reason, document and key it is the standard's form, for which the account must have an open case.
    """

    stock: StockName
    account: Account
    amount: RawUnits
    reason: int = 0
    document: Document = ""


@dataclass(frozen=True)
class ForcedTransfer(KeyedInstruction, role="ENFORCER"):
    """Take units from an account, whatever its state; `to` must be eligible.

    Without reason, document and key it is the standard's form, for which `sender` must have an open case.
    """

    stock: StockName
    sender: Account
    to: Account
    amount: RawUnits
    reason: int = 0
    document: Document = ""


@dataclass(frozen=True)
class ForcedBurn(KeyedInstruction, role="ENFORCER"):
    """Destroy units of an account that cannot redeem them itself. The supply falls and nothing is paid out."""

    stock: StockName
    account: Account
    amount: RawUnits
    reason: int
    document: Document


@dataclass(frozen=True)
class Lock(KeyedInstruction, role="ENFORCER"):
    """Lock units of an account up until a date, UTC seconds, on top of what is locked and frozen already.

    They are neither sent nor redeemed while now < until. The amount may exceed the balance, but on Solana.
    """

    stock: StockName
    account: Account
    amount: RawUnits
    until: int
    reason: int
    document: Document


@dataclass(frozen=True)
class ReleaseLocks(KeyedInstruction, role="ENFORCER"):
    """End all lock-ups of an account."""

    stock: StockName
    account: Account
    reason: int
    document: Document


Enforcement = OpenCase | CloseCase | Freeze | SetFrozenTokens | ForcedTransfer | ForcedBurn | Lock | ReleaseLocks
"""Any instruction of enforcement."""
