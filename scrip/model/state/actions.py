"""Corporate actions of one stock as they are kept: typed records, and the one slot that they share (law 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from scrip import parameters
from scrip.action_codes import ACTION_CODES, REPAIR_CODES
from scrip.model.state.book import Recorded
from scrip.model.state.dividends import Cash
from scrip.units import NO_WAD, Wad

CODES = tuple(ACTION_CODES)
MAX_PARTS = parameters.MAX_PARTS.value

ActionId = tuple[str, str]
"""An action's code and reference within a stock."""

Status = Literal["ANNOUNCED", "SCHEDULED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Action:
    """A record. gross, withheld, net, price: currency per share; the last three are struck at schedule.

    A correction and a fold have no ex date of the market's: theirs is the day of their effect.

    `ex_at` is the market's ex instant, `pay` when a dividend's cash arrives and `buy` by when its shares are bought,
    UTC seconds; the last two are 0 for splits.
    """

    code: str
    reference: str
    ex: date
    effective_at: int
    num: int
    den: int
    gross: Wad
    pay: int
    ex_at: int
    buy: int
    status: Status = "ANNOUNCED"
    price: Wad = NO_WAD
    withheld: Wad = NO_WAD
    net: Wad = NO_WAD

    @property
    def id(self) -> ActionId:
        """The code and the reference, which together are unique for a stock."""
        return self.code, self.reference

    @property
    def paid_from(self) -> int:
        """From when a dividend can be reinvested: its cash is there, and the index counts it. 0 for a split."""
        return max(self.pay, self.effective_at) if self.is_dividend else 0

    @property
    def is_dividend(self) -> bool:
        """Whether it is a dividend, struck at a price when it is scheduled, as against the splits."""
        return not self.is_repair and bool(ACTION_CODES[self.code].struck)

    @property
    def is_repair(self) -> bool:
        """Whether it is a correction or a fold, which nobody announces and nothing joins."""
        return self.code in REPAIR_CODES

    def joins(self, other: Action) -> bool:
        """Whether it may have its second beside another, which is scheduled: a repair stands alone, and a dividend in
        shares beside no other split. Its shares come long after the books show that: between is neither reading."""
        is_split = not self.is_dividend and not other.is_dividend
        return not other.is_repair and not (is_split and "DVSE" in (self.code, other.code))


@dataclass(slots=True)
class Actions:
    """All records of one stock."""

    records: dict[ActionId, Action] = field(default_factory=dict)
    cash: dict[str, Cash] = field(default_factory=dict)
    """Cash dividends by reference: they move no multiplier."""
    book: dict[ActionId, Recorded] = field(default_factory=dict)
    """What else moves none, by code and reference."""
    parts: list[ActionId] = field(default_factory=list)
    """What waits in the slot, in the order scheduled; it may still name actions that have taken effect."""

    @property
    def undecided(self) -> list[Action]:
        """What was announced and is neither scheduled nor cancelled."""
        return [action for action in self.records.values() if action.status == "ANNOUNCED"]

    @property
    def announced(self) -> tuple[int, int]:
        """How many dividends and how many splits are undecided."""
        undecided = self.undecided
        dividends = sum(action.is_dividend for action in undecided)
        return dividends, len(undecided) - dividends

    def shut_since(self, now: int) -> int:
        """The earliest ex instant for whose sake nothing is minted now; 0 where there is none.

        From its ex on what is undecided shuts mints, and a cash dividend until its record.
        """
        exes = [action.ex_at for action in self.undecided if action.ex_at <= now]
        return min(exes + [one.terms.ex_at for one in self._recorded() if one.shuts(now)], default=0)

    def undecided_or_awaiting(self, now: int, but: Cash | Recorded | None = None) -> int:
        """How many shut mints, now or later: what is undecided, and what the book has with a record that is yet to
        come; `but` is not counted."""
        return len(self.undecided) + sum(one.shuts_until(now) for one in self._recorded() if one is not but)

    def _recorded(self) -> tuple[Cash | Recorded, ...]:
        return (*self.cash.values(), *self.book.values())
