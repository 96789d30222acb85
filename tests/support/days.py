"""Dates for corporate actions: the market's follows from the token's instant."""

from __future__ import annotations

from datetime import UTC, date, datetime

LAST = 253_402_300_799
"""The last second of the year 9999."""


def ex_of(second: int) -> date:
    """The UTC day of a second: the ex date of what takes effect then. Beyond the year 9999 it is the last of all."""
    return datetime.fromtimestamp(min(second, LAST), UTC).date()


def number_of(day: date) -> int:
    """A date as the chains keep it, YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day
