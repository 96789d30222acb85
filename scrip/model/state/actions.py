"""Corporate actions of one stock as they are kept: typed records, and the one slot that they share (law 4)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from scrip import parameters

CODES = tuple(parameters.ACTION_CODES)
MAX_PARTS = parameters.MAX_PARTS.value

ActionId = tuple[str, str]
"""(code, reference) within a stock."""

Status = Literal["ANNOUNCED", "SCHEDULED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Action:
    """A record. gross, withheld, net, price: wads of currency per share; the last three are struck at schedule."""

    code: str
    reference: str
    ex: date
    effective_at: int
    num: int
    den: int
    gross: int
    pay: int
    status: Status = "ANNOUNCED"
    price: int = 0
    withheld: int = 0
    net: int = 0

    @property
    def id(self) -> ActionId:
        """(code, reference)."""
        return self.code, self.reference

    @property
    def is_dividend(self) -> bool:
        """Whether it is a dividend, struck at a price when it is scheduled, as against the splits."""
        return bool(parameters.ACTION_CODES[self.code].struck)


@dataclass(slots=True)
class Actions:
    """All records of one stock."""

    records: dict[ActionId, Action] = field(default_factory=dict)
    parts: list[ActionId] = field(default_factory=list)
    """What waits in the slot, in the order scheduled; it may still name actions that have taken effect."""


def day_of(number: int) -> date:
    """The date of YYYYMMDD. The chain takes a 31st of any month, which is the month's last."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    return date(year, month, min(day, monthrange(year, month)[1]))
