"""Market claims: a price with a dividend in it and units without, or the other way round, and what is owed for it.

From the market's ex (`ex_at`) on a price has no dividend in it; from the record (`record_at`) on units have none.
Between the two nothing is minted, and so the two can come apart:

    bought  at a price that was struck before the ex, in units that were minted at the record or later: paid for the
            dividend, and not in the register; it is owed the dividend.
    sold    at a price that was struck at the ex or later, of units that had gone by the record: was not paid for the
            dividend, and not in the register; it is owed the dividend.
    owed back: sold at a price that was struck before the ex, of units that were there at the record: paid twice. Nobody
            is asked for money by a root: it is told, and the issuer's desk asks for it.

Who owes is the issuer's treasury, which was on the other side of each. Claims are kept in a CSV file (COLUMNS) that
people look at before a root pays it; `units` are raw, `struck` and `settled` UTC seconds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from scrip.dividends.lots import rows_of
from scrip.errors import InputError
from scrip.inputs.reading.numbers import whole
from scrip.records import files

COLUMNS = ("account", "way", "by", "name", "struck", "settled", "units")
SIGNED = ("quote", "signed")
Way = Literal["bought", "sold"]
By = Literal["quote", "subscription", "redemption"]


@dataclass(frozen=True, slots=True)
class Window:
    """From when on prices, and from when on units, are without the dividend: UTC seconds."""

    ex_at: int
    record_at: int


@dataclass(frozen=True, slots=True)
class Deal:
    """Units bought from the issuer or sold to it: when their price was struck, and when they came or went.

    `by` is how, and `name` which one: the hash of a quote's reference, or a vault and the key of its strike.
    """

    account: str
    way: Way
    by: By
    name: str
    struck: int
    settled: int
    units: int

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What tells it from any other deal, whatever becomes known of it later."""
        return (self.account, self.by, self.name, self.settled)

    def is_claim(self, window: Window) -> bool:
        """Whether it is owed the dividend; see the module."""
        if self.way == "bought":
            return self.struck < window.ex_at and self.settled >= window.record_at
        return self.struck >= window.ex_at and self.settled < window.record_at

    def owes(self, window: Window) -> bool:
        """Whether it had the dividend in its price and in its units."""
        return self.way == "sold" and self.struck < window.ex_at and self.settled >= window.record_at

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as its file has it."""
        return (self.account, self.way, self.by, self.name, str(self.struck), str(self.settled), str(self.units))


@dataclass(frozen=True, slots=True)
class Undecided:
    """A deal of which nobody noted when its price was struck: between `first` and `last`, which does not tell."""

    deal: Deal
    first: int
    last: int

    def may_be(self, claim: Deal, window: Window) -> bool:
        """Whether a claim is this deal, struck at a second at which it can have been."""
        same = (claim.key, claim.way, claim.settled, claim.units)
        mine = (self.deal.key, self.deal.way, self.deal.settled, self.deal.units)
        return same == mine and self.first <= claim.struck <= self.last and claim.is_claim(window)


@dataclass(frozen=True, slots=True)
class Found:
    """What a chain and the desk's notes tell of a dividend: claims, what is owed back, and what is not known (yet)."""

    claims: tuple[Deal, ...]
    back: tuple[Deal, ...]
    undecided: tuple[Undecided, ...]
    waits: tuple[str, ...]

    def has(self, claim: Deal, window: Window) -> bool:
        """Whether a claim is among these, or may be."""
        return claim in self.claims or any(one.may_be(claim, window) for one in self.undecided)


def decided(deal: Deal, first: int, last: int, window: Window) -> Literal["claim", "back", "undecided", "neither"]:
    """What a deal is whose price was struck between two seconds, both included."""
    ends = [replace(deal, struck=at) for at in (first, last)]
    kinds = {"claim" if one.is_claim(window) else "back" if one.owes(window) else "neither" for one in ends}
    if len(kinds) > 1:
        return "undecided"
    return "claim" if "claim" in kinds else "back" if "back" in kinds else "neither"


def write(path: Path, claims: Iterable[Deal]) -> None:
    """Write the file, in the place of one that stands there."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(one.cells for one in claims)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.replace(path, text.getvalue(), 0o644)


def deal_of(row: Mapping[str, str], units: int) -> Deal:
    """The deal of a row of texts; InputError that names the field."""
    way = next((one for one in get_args(Way) if one == row["way"]), None)
    by = next((one for one in get_args(By) if one == row["by"]), None)
    if way is None or by is None:
        name, known = ("way", get_args(Way)) if way is None else ("by", get_args(By))
        raise InputError(f"is none of {', '.join(known)}", field=name, value=row[name])
    struck, settled = (whole(row[name], name) for name in ("struck", "settled"))
    return Deal(row["account"].lower(), way, by, row["name"], struck, settled, units)


def read(path: Path) -> list[Deal]:
    """The claims of a file; InputError with file, line and field, and for one that stands in two lines."""
    found, lines = [], dict[tuple[str, str, str, int], int]()
    for line, row in rows_of(path, COLUMNS):
        try:
            one = deal_of(row, whole(row["units"], "units"))
        except InputError as wrong:
            raise InputError(wrong.message, file=str(path), line=line, field=wrong.field, value=wrong.value) from None
        if one.key in lines or not one.units:
            told = "is 0" if not one.units else f"stands in line {lines[one.key]} already"
            raise InputError(told, file=str(path), line=line, field="units" if not one.units else "name")
        lines[one.key] = line
        found.append(one)
    return found


def read_signed(path: Path) -> dict[str, int]:
    """When quotes were signed of which nobody noted it, by the hash of their references; InputError, for one twice.

    Columns `quote`, the hash as claims have it, and `signed`, UTC seconds.
    """
    found: dict[str, int] = {}
    for line, row in rows_of(path, SIGNED):
        if (name := row["quote"].lower()) in found:
            raise InputError("stands there twice", file=str(path), line=line, field="quote", value=name)
        try:
            found[name] = whole(row["signed"], "signed")
        except InputError as wrong:
            raise InputError(wrong.message, file=str(path), line=line, field=wrong.field, value=wrong.value) from None
    return found
