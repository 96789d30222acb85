"""Instructions about when exchanges trade, as the price feed of an Ethereum-family chain keeps it.

A calendar is an exchange's code (ISO 10383, XNYS) and how its hours are taken: its own sessions, around the clock on
its trading days (24/5), or always (24/7), which needs no sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip.instructions.base import CalendarName, RoleInstruction
from scrip.roles import ADMIN

__all__ = ["CloseDays", "Hours", "LoadSessions"]

Hours = Literal["exchange", "24/5", "24/7"]
"""How a calendar's hours are taken."""


@dataclass(frozen=True)
class LoadSessions(RoleInstruction, role=ADMIN):
    """Load packed sessions of an exchange: `words` from the number `first` on, 27 for a year; the timelock's.

    Refused: "calendar: bad calendar", "calendar: bad words".
    """

    calendar: CalendarName
    hours: Hours
    first: int
    words: tuple[int, ...]


@dataclass(frozen=True)
class CloseDays(RoleInstruction, role="PAUSER"):
    """Take the sessions that open on days out of a calendar, at once: an exchange that does not open today.

    `day` is counted from 1970, UTC. Refused: "calendar: bad days" (none, more than 14), "calendar: not loaded".
    """

    calendar: CalendarName
    hours: Hours
    day: int
    count: int
