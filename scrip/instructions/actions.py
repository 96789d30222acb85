"""Instructions about corporate actions. ACTIONS gives them; ADMIN may cancel, and alone corrects and folds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scrip.instructions.base import ActionReference, Document, RoleInstruction, StockName, Text
from scrip.roles import ADMIN
from scrip.units import NO_WAD, Wad

__all__ = ["Announce", "Cancel", "Correct", "Fold", "Schedule"]


@dataclass(frozen=True)
class Announce(RoleInstruction, role="ACTIONS"):
    """Record an action. `code` is ISO 15022: SPLF and SPLR carry num and den (new shares for old), DRIP carries gross.

    `ex` is the market's date and `ex_at` its instant on that date, the session's opening (0: UTC midnight);
    `effective_at` is the token's, no earlier. `gross` is currency per share of the split basis in force at
    effective_at; `pay` is when the cash arrives, which a deferred ex follows, and `buy` when the shares that it buys
    are there (0: at pay, and not before effective_at), both 0 for splits. All instants are UTC seconds.
    """

    stock: StockName
    code: Text
    reference: ActionReference
    ex: date
    effective_at: int
    num: int = 0
    den: int = 0
    gross: Wad = NO_WAD
    pay: int = 0
    ex_at: int = 0
    buy: int = 0

    @property
    def bought(self) -> int:
        """When the shares of a dividend are there, as ordered or as it follows from the rest; 0 for a split."""
        return self.buy or (max(self.pay, self.effective_at) if self.pay else 0)


@dataclass(frozen=True)
class Schedule(RoleInstruction, role="ACTIONS"):
    """Put an announced action into the token's slot. `price` is currency per share for DRIP, 0 for splits."""

    stock: StockName
    code: Text
    reference: ActionReference
    price: Wad = NO_WAD


@dataclass(frozen=True)
class Cancel(RoleInstruction, role="ACTIONS", admin_too=True):
    """Withdraw an action: a scheduled one strictly before its effective_at, one that was only announced at any time."""

    stock: StockName
    code: Text
    reference: ActionReference
    reason: int
    document: Document


@dataclass(frozen=True)
class Correct(RoleInstruction, role=ADMIN):
    """Schedule another dividend index after a mistake, lower or higher, outside the bounds, from `effective_at` on.

    It is an action of its own with code CORR, alone in the slot; `Cancel` withdraws it before its second.
    """

    stock: StockName
    reference: ActionReference
    index: Wad
    effective_at: int
    reason: int
    document: Document


@dataclass(frozen=True)
class Fold(RoleInstruction, role=ADMIN):
    """Write the same multiplier as a smaller pair, from the next second on, so that the next split fits.

    It is an action of its own with code FOLD, which nobody can cancel.
    """

    stock: StockName
    reference: ActionReference
    index: Wad
    num: int
    den: int
    reason: int
    document: Document
