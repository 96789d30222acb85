"""Instructions about corporate actions. ACTIONS gives them; ADMIN may cancel, and alone corrects and folds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scrip.action_codes import BOOK_CODES
from scrip.errors import InputError
from scrip.instructions.base import ActionReference, AssetName, Document, RoleInstruction, StockName, Text
from scrip.roles import ADMIN
from scrip.units import NO_WAD, Wad

__all__ = [
    "AmendRecord",
    "Announce",
    "AnnounceRecord",
    "Cancel",
    "CancelRecord",
    "CompleteRecord",
    "Correct",
    "Fold",
    "RecordTerms",
    "Schedule",
]


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


# --- what moves no multiplier ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordTerms:
    """What an action of the book is announced with; what its code has no use for is left out. Instants are UTC seconds.

    `pay` is when it is paid, delivered or held, or takes effect. `ex` is the market's date and `ex_at` its instant (0:
    UTC midnight); `record_at` when units are counted; `deadline` the last second of an election or a vote; `expiry`
    until when what it gives can be had at least. `gross` and `fee`, the depositary's, are `currency` per share, and so
    is `price`, of a tender, a subscription, a liquidation, or of stock that is chosen instead of cash. `asset` is what
    is paid out, `rate` whole coins of it for one unit of currency (0 while it is not known), `source` where the rate is
    read. `num` and `den` are new shares for old, of the stock `other` where that is one of the issuer's. `most` is how
    many raw units an offer takes at most, 0 for all. `document` is the notice. `name`, `ticker` and `isin` are what a
    stock is called from a CHAN on; what stays as it is is left out.
    """

    pay: int
    ex: date | None = None
    ex_at: int = 0
    record_at: int = 0
    deadline: int = 0
    expiry: int = 0
    gross: Wad = NO_WAD
    fee: Wad = NO_WAD
    currency: Text = ""
    asset: AssetName = ""
    rate: Wad = NO_WAD
    source: Document = ""
    num: int = 0
    den: int = 0
    other: StockName = ""
    price: Wad = NO_WAD
    most: int = 0
    document: Document = ""
    name: Text = ""
    ticker: Text = ""
    isin: Text = ""


def _check_recorded(code: str, also: str = "") -> None:
    """InputError for a code that the book does not record, or records by orders of its own."""
    if code not in BOOK_CODES or code in {"DVCA"} - {also}:
        own = "is announced, amended and cancelled as a cash dividend" if code == "DVCA" else "is none of the book's"
        raise InputError(own, field="code", value=code)


@dataclass(frozen=True)
class AnnounceRecord(RoleInstruction, role="ACTIONS"):
    """Record an action that moves no multiplier. From its ex to its record the stock is not minted."""

    stock: StockName
    code: Text
    reference: ActionReference
    terms: RecordTerms

    def __post_init__(self) -> None:
        _check_recorded(self.code)


@dataclass(frozen=True)
class AmendRecord(RoleInstruction, role="ACTIONS"):
    """Put other terms in their place, until its effect, or until a root of it is posted."""

    stock: StockName
    code: Text
    reference: ActionReference
    terms: RecordTerms

    def __post_init__(self) -> None:
        _check_recorded(self.code)


@dataclass(frozen=True)
class CancelRecord(RoleInstruction, role="ACTIONS", admin_too=True):
    """End a recorded action, until its effect, or until a root of it is posted."""

    stock: StockName
    code: Text
    reference: ActionReference
    reason: int
    document: Document

    def __post_init__(self) -> None:
        _check_recorded(self.code)


@dataclass(frozen=True)
class CompleteRecord(RoleInstruction, role="ACTIONS"):
    """Close the record of an action that is carried out; of what is paid out once it can be fetched no more."""

    stock: StockName
    code: Text
    reference: ActionReference
    document: Document = ""

    def __post_init__(self) -> None:
        _check_recorded(self.code, also="DVCA")
