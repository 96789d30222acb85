"""Dates as chains keep them, and the instants at which they begin."""

from __future__ import annotations

from calendar import timegm
from datetime import date


def day_of(number: int) -> date:
    """The date of a number YYYYMMDD, as the chains keep it; ValueError for what is no date, which no chain takes."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def number_of(day: date | None) -> int:
    """YYYYMMDD of a date, as the chains keep it; 0 for none."""
    return 0 if day is None else day.year * 10_000 + day.month * 100 + day.day


def midnight(day: date) -> int:
    """The UTC second at which a date begins."""
    return timegm(day.timetuple())
