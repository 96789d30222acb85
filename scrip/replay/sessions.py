"""When the New York Stock Exchange opens and closes, half days and summer time included. All instants UTC seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import exchange_calendars

CALENDAR = "XNYS"
NEW_YORK = ZoneInfo("America/New_York")
REGULAR_OPEN = time(9, 30)
REGULAR_CLOSE = time(16, 0)
LEAD = timedelta(days=21)
"""How far before the first trading day sessions are known: announcements come before their ex date."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session of the exchange."""

    day: date
    open: int
    close: int


class Sessions:
    """The sessions around a span of trading days.

    The price history is the truth for which days are trading days; the calendar gives their hours. A trading day that
    the calendar does not know has regular hours, and a session without a price stays a day to announce on.
    """

    def __init__(self, days: tuple[date, ...]) -> None:
        first, last = days[0] - LEAD, days[-1] + timedelta(days=1)
        calendar = exchange_calendars.get_calendar(CALENDAR, start=first.isoformat(), end=last.isoformat())
        known = {
            opened.date(): Session(opened.date(), int(opened.timestamp()), int(closed.timestamp()))
            for opened, closed in zip(calendar.opens, calendar.closes, strict=True)
        }
        for day in days:
            known.setdefault(day, _regular(day))
        self._sessions = [known[day] for day in sorted(known)]
        self._place = {session.day: place for place, session in enumerate(self._sessions)}

    def on(self, day: date) -> Session:
        """The session of a trading day; KeyError for any other day."""
        return self._sessions[self._place[day]]

    def before(self, day: date, count: int) -> Session:
        """The session `count` sessions before a trading day; IndexError where the calendar's lead is too short."""
        place = self._place[day] - count
        if place < 0:
            raise IndexError(f"no session {count} before {day}")
        return self._sessions[place]


def _regular(day: date) -> Session:
    opened, closed = (datetime.combine(day, hour, NEW_YORK) for hour in (REGULAR_OPEN, REGULAR_CLOSE))
    return Session(day, int(opened.timestamp()), int(closed.timestamp()))
