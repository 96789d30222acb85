"""The sessions of an exchange: around the dates that operators name, and of a year, packed for a chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scrip.errors import InputError
from scrip.instructions.calendar import Hours
from scrip.model.laws import sessions as law
from scrip.parameters import DAY, SESSION_WORDS

NEW_YORK = "America/New_York"
TURN = time(20)
"""When a trading day begins and ends in New York where trade goes around the clock, five days a week."""
AROUND = timedelta(days=14)
"""How much of a calendar is computed on either side of a day: no exchange is shut for longer."""


def opening(calendar: str, day: date, field: str = "ex") -> int:
    """UTC second at which an exchange's session of a day opens; InputError for a day without one.

    `calendar` is a name that exchange-calendars knows, such as XNYS.
    """
    sessions = _around(calendar, day, field)
    if day in sessions:
        return sessions[day]
    following = min((one for one in sessions if one > day), default=None)
    rest = f": the next is {following}" if following else ""
    raise InputError(f"is no day on which {calendar} has a session{rest}", field=field, value=day)


def first_from(calendar: str, t: int) -> date:
    """The day of the first session of an exchange that opens at `t`, UTC seconds, or later."""
    sessions = _around(calendar, datetime.fromtimestamp(t, UTC).date(), "time")
    return min(day for day, opens in sessions.items() if opens >= t)


def _around(calendar: str, day: date, field: str) -> dict[date, int]:
    """UTC seconds at which the sessions around a day open; InputError for a day that the calendar does not know."""
    # It brings pandas (a second or more), which no other operation needs.
    import exchange_calendars

    first, last = (day - AROUND).isoformat(), (day + AROUND).isoformat()
    try:
        known = exchange_calendars.get_calendar(calendar, start=first, end=last)
    except ValueError:
        raise InputError(f"is beyond the days that calendar {calendar} knows", field=field, value=day) from None
    opens = (int(opened.timestamp()) for opened in known.opens)
    return dict(zip((one.date() for one in known.sessions), opens, strict=True))


# --- a year for a chain ----------------------------------------------------------------------------------------------


class Packed(NamedTuple):
    """Words of packed sessions (`scrip.model.laws.sessions`), the first of which has the number `first`."""

    first: int
    words: tuple[int, ...]


def year_of(calendar: str, hours: Hours, year: int) -> tuple[Packed, ...]:
    """The words that a year has days in, as many at a time as one transaction loads. Whole words: the days of the
    years beside it that they hold are in them, too.

    Lunch breaks count as open. InputError for a calendar or a year that exchange-calendars does not know, for sessions
    that begin or end between steps of five minutes, and for 24/5 of an exchange that is not in New York.
    """
    first, last = (_day(date(year, *day)) // law.DAYS for day in ((1, 1), (12, 31)))
    count = last - first + 1
    found = list(_sessions(calendar, hours, first * law.DAYS, (last + 1) * law.DAYS, year))
    words = law.packed(found, first, count)
    most = SESSION_WORDS.value
    return tuple(Packed(first + place, words[place : place + most]) for place in range(0, count, most))


def opening_day(calendar: str, hours: Hours, day: date) -> int:
    """The day, counted from 1970 UTC, on which the session of a trading day opens; InputError for a day without one."""
    opens = opening(calendar, day, "day")
    return (_turn(day - timedelta(days=1)) if hours == "24/5" else opens) // DAY


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _sessions(calendar: str, hours: Hours, first: int, end: int, year: int) -> Iterator[tuple[int, int]]:
    """Opening and closing instants of the sessions from one day on, counted from 1970, to before another."""
    import exchange_calendars

    bounds = [date(1970, 1, 1) + timedelta(days=day) for day in (first - 4, end + 3)]
    try:
        known = exchange_calendars.get_calendar(calendar, *(one.isoformat() for one in bounds))
    except (ValueError, exchange_calendars.errors.CalendarError) as error:
        raise InputError(f"is not known to calendar {calendar}: {error}", field="year", value=year) from None
    # What it knows of later years ends somewhere.
    if known.sessions[-1].date() < date(year, 12, 1):
        raise InputError(f"is beyond the days that calendar {calendar} knows", field="year", value=year)
    if hours == "24/5" and known.tz.key != NEW_YORK:
        raise InputError("24/5 is of exchanges in New York", field="calendar", value=calendar)
    early = {day.date() for day in known.early_closes}
    for session, opened, closed in zip(known.sessions, known.opens, known.closes, strict=True):
        opens, closes = int(opened.timestamp()), int(closed.timestamp())
        if hours == "24/5":
            day = session.date()
            opens = _turn(day - timedelta(days=1))
            # Who trades on after an early close differs, so nobody is said to.
            closes = closes if day in early else _turn(day)
        if first * DAY <= opens < end * DAY:
            yield opens, closes


def _turn(day: date) -> int:
    return int(datetime.combine(day, TURN, ZoneInfo(NEW_YORK)).timestamp())
