"""The sessions of an exchange, as far as the dates that operators name need them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from scrip.errors import InputError

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
