"""The instructions of enforcement: what is done to an account without its holder. ENFORCER gives them.

Each works whatever the state of the account, the stock or the fleet.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import KeyedInstruction, RoleInstruction
from scrip.units import RawUnits


@dataclass(frozen=True)
class OpenCase(RoleInstruction):
    """Put a reason and a document on an account, so that the standard's own forms work on it."""

    stock: str
    account: str
    reason: int
    document: str


@dataclass(frozen=True)
class CloseCase(RoleInstruction):
    """Close the account's case."""

    stock: str
    account: str


@dataclass(frozen=True)
class Freeze(KeyedInstruction):
    """Freeze a whole account of one stock, or lift that."""

    stock: str
    account: str
    frozen: bool
    reason: int
    document: str


@dataclass(frozen=True)
class SetFrozenTokens(KeyedInstruction):
    """Freeze part of a balance; the amount may exceed it.

    Without reason, document and key it is the standard's form, for which the account must have an open case.
    """

    stock: str
    account: str
    amount: RawUnits
    reason: int = 0
    document: str = ""


@dataclass(frozen=True)
class ForcedTransfer(KeyedInstruction):
    """Take units from an account, whatever its state; `to` must be eligible.

    Without reason, document and key it is the standard's form, for which `sender` must have an open case.
    """

    stock: str
    sender: str
    to: str
    amount: RawUnits
    reason: int = 0
    document: str = ""


@dataclass(frozen=True)
class ForcedBurn(KeyedInstruction):
    """Destroy units of an account that cannot redeem them itself. The supply falls and nothing is paid out."""

    stock: str
    account: str
    amount: RawUnits
    reason: int
    document: str


@dataclass(frozen=True)
class Lock(KeyedInstruction):
    """Lock units of an account up until a date, UTC seconds, on top of what is locked and frozen already.

    They are neither sent nor redeemed while now < until. The amount may exceed the balance.
    """

    stock: str
    account: str
    amount: RawUnits
    until: int
    reason: int
    document: str


@dataclass(frozen=True)
class ReleaseLocks(KeyedInstruction):
    """End all lock-ups of an account."""

    stock: str
    account: str
    reason: int
    document: str


Enforcement = OpenCase | CloseCase | Freeze | SetFrozenTokens | ForcedTransfer | ForcedBurn | Lock | ReleaseLocks
"""Any of them."""
