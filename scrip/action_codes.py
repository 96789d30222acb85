"""Every kind of corporate action by its ISO 15022 code, in one table: its terms, who announces it, and what it does.

What moves a stock's multiplier stands in CorporateActions (ACTION_CODES), with the timelock's own (REPAIR_CODES);
everything else in ActionBook (BOOK_CODES). A term that a code does not take is 0 there, and refused otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Choice = Literal["mandatory", "mandatory with options", "voluntary", "none"]
"""What is left to a holder, in ISO 15022's words; "none" of what asks nothing of anybody's units."""
Notice = Literal["split", "dividend"]
"""The setting by which an action is heard of ahead: notices.split, or notices.dividend_announcement."""
Leg = Literal["cash", "units"]
"""What a root pays: coins, or units of a stock."""


_NO_UNITS = "none"
_NO_INDEX = "none"
_NO_REGISTER = "none"
_SAME = "the program's own action, at the same instant"
_ON_EVM = "none: recorded on an Ethereum-family chain that has the stock; refused of a stock that spans to Solana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of corporate action. `number` is what the contract that keeps it stores for it.

    `notice` runs until the instant `before`, as the terms name it. `units`, `index` and `register` say in a line what
    becomes of holders' raw units, of the dividend index and the split factor, and of the register of holders; `solana`
    how a stock's mint there goes along with it. `lacks` is what nothing here carries out yet, "" for nothing.
    """

    code: str
    title: str
    number: int
    choice: Choice
    notice: Notice
    before: str
    units: str
    index: str
    register: str
    solana: str
    by: str = "ACTIONS"
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCode(Code):
    """A kind that moves the multiplier.

    Of an announcement's terms it gives those of `announced` and leaves the others 0; scheduling it adds those of
    `struck`.
    """

    announced: tuple[str, ...]
    struck: tuple[str, ...] = ()

    @property
    def on_solana(self) -> bool:
        """Whether the program has it by this code."""
        return self.solana == _SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCode(Code):
    """A kind that is recorded and moves no multiplier: the terms that it `needs`, and those that it may have `more`.

    `paid` is whether the distributor pays it out by a root of its record, until which it can be amended and cancelled;
    every other, and a last payment that has no record, takes effect at its second, `pay`, or at its record where that
    is later, or once a root of it is posted. `legs` are what the distributor gives of it by roots of its record: cash,
    units of a stock, or both. `is_income` is whether its cash is, of which tax is withheld; what is none gives back
    what a holding cost.
    """

    needs: tuple[str, ...]
    more: tuple[str, ...] = ()
    paid: bool = False
    legs: tuple[Leg, ...] = ()
    is_income: bool = True

    def by_root(self, record_at: int) -> bool:
        """Whether an action with such a record, UTC seconds or 0 for none, is paid by a root."""
        return self.paid and record_at != 0


def _ratio(code: str, title: str, number: int, notice: Notice = "split", solana: str = _SAME) -> ActionCode:
    return ActionCode(
        code=code,
        title=title,
        number=number,
        choice="mandatory",
        notice=notice,
        before="effective_at",
        announced=("num", "den"),
        units="none: what a unit shows is multiplied by num ÷ den",
        index="the split factor is multiplied by num ÷ den; the dividend index stays",
        register=_NO_REGISTER,
        solana=solana,
    )


ACTION_CODES: Mapping[str, ActionCode] = MappingProxyType(
    {
        one.code: one
        for one in (
            _ratio("SPLF", "forward split: more shares for old", 1),
            _ratio("SPLR", "reverse split: fewer shares for old", 2),
            ActionCode(
                code="DRIP",
                title="reinvested dividend",
                number=3,
                choice="mandatory",
                notice="dividend",
                before="effective_at",
                announced=("gross", "pay"),
                struck=("price",),
                units="none: what a unit shows grows by what its dividend buys",
                index="the dividend index is multiplied by (price + net) ÷ price, rounded down",
                register=_NO_REGISTER,
                solana=_SAME,
            ),
            _ratio("DVSE", "dividend in shares of the stock itself", 6, "dividend", "SPLF: the program has no DVSE"),
        )
    }
)
"""Kinds of corporate actions that move the multiplier, by code."""

REPAIR_CODES: Mapping[str, int] = MappingProxyType({"CORR": 4, "FOLD": 5})
"""The timelock's own changes of a multiplier, each with the number that the contracts store: a correction, a fold."""
CORRECTION, FOLD = REPAIR_CODES

_CASH = ("ex", "record_at", "pay", "expiry", "gross", "currency", "asset")
_CONVERTED = ("rate", "source")
_AT_RECORD = "taken at the record; from ex to record nothing is minted"
_CLAIMED = "none: cash is claimed or pushed by a root of the record"

BOOK_CODES: Mapping[str, BookCode] = MappingProxyType(
    {
        one.code: one
        for one in (
            BookCode(
                code="DVCA",
                title="cash dividend",
                number=1,
                choice="mandatory",
                notice="dividend",
                before="record_at",
                needs=_CASH,
                more=("ex_at", "fee", *_CONVERTED, "document"),
                paid=True,
                legs=("cash",),
                units=_CLAIMED,
                index=_NO_INDEX,
                register=_AT_RECORD,
                solana="DRIP: the program pays no cash",
            ),
            BookCode(
                code="DVOP",
                title="dividend in cash or stock, as the holder chooses",
                number=2,
                choice="mandatory with options",
                notice="dividend",
                before="record_at",
                needs=(*_CASH, "deadline"),
                more=("ex_at", "fee", *_CONVERTED, "num", "den", "price", "most", "document"),
                paid=True,
                legs=("cash", "units"),
                units="who chose stock, pro rata above most, is minted units under the reserve check; the rest is cash",
                index=_NO_INDEX,
                register=_AT_RECORD,
                solana=_ON_EVM,
            ),
            BookCode(
                code="CAPD",
                title="capital distribution in cash",
                number=3,
                choice="mandatory",
                notice="dividend",
                before="record_at",
                needs=_CASH,
                more=("ex_at", "fee", *_CONVERTED, "document"),
                paid=True,
                legs=("cash",),
                is_income=False,
                units=_CLAIMED,
                index=_NO_INDEX,
                register=_AT_RECORD,
                solana=_ON_EVM,
            ),
            BookCode(
                code="CHAN",
                title="change of name, ticker or ISIN",
                number=4,
                choice="none",
                notice="dividend",
                before="pay",
                needs=("pay",),
                more=("name", "ticker", "isin", "document"),
                units=_NO_UNITS,
                index=_NO_INDEX,
                register=_NO_REGISTER,
                solana=_ON_EVM,
                lacks="the token keeps its name and ticker; `action complete` says how it carries another ISIN",
            ),
            BookCode(
                code="SOFF",
                title="spin-off: shares of another stock for old",
                number=5,
                choice="mandatory",
                notice="dividend",
                before="record_at",
                needs=("ex", "record_at", "pay", "num", "den"),
                more=("ex_at", "other", "document"),
                legs=("units",),
                units="none of this stock; num ÷ den of the other's for each share, delivered by a root",
                index=_NO_INDEX,
                register=_AT_RECORD,
                solana=_ON_EVM,
            ),
            BookCode(
                code="MRGR",
                title="merger for cash, stock or both",
                number=6,
                choice="mandatory",
                notice="dividend",
                before="pay",
                needs=("pay",),
                more=(
                    *("record_at", "deadline", "expiry", "gross", "currency", "asset", *_CONVERTED),
                    *("num", "den", "other", "document"),
                ),
                legs=("cash", "units"),
                is_income=False,
                units=(
                    "ends the stock: each share becomes gross in cash, num ÷ den of the other's, or both; "
                    "who may choose and says nothing is paid cash, else shares"
                ),
                index=_NO_INDEX,
                register="taken at the record where it has one, else as it stands at pay",
                solana=_ON_EVM,
            ),
            BookCode(
                code="TEND",
                title="tender offer",
                number=7,
                choice="voluntary",
                notice="dividend",
                before="deadline",
                needs=("deadline", "pay", "currency", "price"),
                more=("asset", *_CONVERTED, "most", "document"),
                units="who tenders gives units for price a share, pro rata above most",
                index=_NO_INDEX,
                register=_NO_REGISTER,
                solana=_ON_EVM,
            ),
            BookCode(
                code="RHTS",
                title="rights issue",
                number=8,
                choice="voluntary",
                notice="dividend",
                before="record_at",
                needs=("ex", "record_at", "deadline", "pay", "expiry", "currency", "num", "den", "price"),
                more=("ex_at", "asset", *_CONVERTED, "other", "document"),
                legs=("units",),
                units="num ÷ den rights for each share, which are units of other; who uses one pays price for a share",
                index=_NO_INDEX,
                register=_AT_RECORD,
                solana=_ON_EVM,
            ),
            BookCode(
                code="DLST",
                title="delisting",
                number=9,
                choice="none",
                notice="dividend",
                before="pay",
                needs=("pay",),
                more=("expiry", "currency", "asset", *_CONVERTED, "price", "document"),
                units="ends the stock: each share becomes price in cash where one is named",
                index=_NO_INDEX,
                register="as it stands at pay",
                solana=_ON_EVM,
            ),
            BookCode(
                code="LIQU",
                title="payment of a liquidation",
                number=10,
                choice="mandatory",
                notice="dividend",
                before="record_at",
                needs=("pay", "expiry", "currency", "asset", "price"),
                more=("ex", "ex_at", "record_at", *_CONVERTED, "document"),
                paid=True,
                legs=("cash",),
                is_income=False,
                units="price in cash for each share; the last payment has no record and ends the stock",
                index=_NO_INDEX,
                register="taken at the record; of the last payment as it stands at pay",
                solana=_ON_EVM,
            ),
            BookCode(
                code="MEET",
                title="meeting of shareholders",
                number=11,
                choice="voluntary",
                notice="dividend",
                before="record_at",
                needs=("record_at", "deadline", "pay", "document"),
                units=_NO_UNITS,
                index=_NO_INDEX,
                register="taken at the record",
                solana=_ON_EVM,
            ),
        )
    }
)
"""Kinds of corporate actions that ActionBook records, by code."""


def ends(code: str, record_at: int) -> bool:
    """Whether an action ends its stock: mints stop for good at its effect, and units are redeemed by burning them."""
    return code in ("MRGR", "DLST", "LIQU") and not record_at


CODES: Mapping[str, Code] = MappingProxyType({**ACTION_CODES, **BOOK_CODES})
"""Every kind that ACTIONS announces, by code."""


def rows() -> list[tuple[str, ...]]:
    """The table for people, a row a code: code, title, choice, who, notice and until when, units, index and split
    factor, register, Solana's equivalent, and what is not carried out yet."""
    return [
        (
            *(one.code, one.title, one.choice, one.by, f"{one.notice}, {one.before}"),
            *(one.units, one.index, one.register, one.solana, one.lacks or "—"),
        )
        for one in CODES.values()
    ]
