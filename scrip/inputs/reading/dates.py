"""Days, instants and durations as operators write them: ISO 8601, and durations with their unit.

A number is never a date. Of `20301231`, `2028` and a spreadsheet's `46022` nobody can tell whether a date was meant or
seconds, and taken for seconds all of them are the evening of one day in 1970.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from scrip.errors import InputError
from scrip.parameters import EARLIEST_TIME, LATEST_TIME

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?")
_SHOWN = "a date is written 2027-06-30, an instant 2027-06-30T12:00:00Z"
_EPOCH_OF_SHEETS = date(1899, 12, 30)
_SHEET_SERIALS = range(20_000, 110_000)
"""Serial numbers of the days that people mean: from 1954 to 2201."""
DURATION = r"^[0-9]{1,9}[smhd]$"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def day(text: str, field: str) -> date:
    """The day that "2027-06-30" is; InputError for any other form, and for one before 2009 or after 2200."""
    found = calendar_day(text, field)
    _check_bounds(int(datetime(found.year, found.month, found.day, tzinfo=UTC).timestamp()), text, field)
    return found


def calendar_day(text: str, field: str) -> date:
    """As `day`, of history: any year."""
    if not _DAY.fullmatch(text):
        raise InputError(_wrong(text), field=field, value=text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("is no day of the calendar", field=field, value=text) from None


def instant(text: str, field: str) -> int:
    """UTC seconds of "2027-06-30" (its first) or "2027-06-30T12:00:00Z".

    InputError for any other form, a time without its zone, and what is before 2009 or after 2200.
    """
    if not _INSTANT.fullmatch(text):
        raise InputError(_wrong(text), field=field, value=text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("is no time of the calendar", field=field, value=text) from None
    if found.tzinfo is None:
        if "T" in text:
            raise InputError("does not say its time zone: end it with Z", field=field, value=text)
        found = found.replace(tzinfo=UTC)
    return _check_bounds(int(found.timestamp()), text, field)


def second(value: int, field: str) -> int:
    """A UTC second out of a file that a program wrote; InputError for one before 2009 or after 2200."""
    return _check_bounds(value, value, field)


def duration(value: object, field: str = "") -> int:
    """Seconds of "24h", "30m", "5d" or "90s"; InputError for a bare number, which does not say of what."""
    if (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.isdecimal()):
        raise InputError(f"{value} what? A duration carries its unit: 4h, 86400s, 30m, 5d", field=field, value=value)
    if not isinstance(value, str) or not re.fullmatch(DURATION, value):
        raise InputError('is no duration such as "24h", "30m", "90s" or "5d"', field=field, value=value)
    return int(value[:-1]) * _UNITS[value[-1]]


def _check_bounds(seconds: int, value: object, field: str) -> int:
    if seconds < EARLIEST_TIME.value:
        raise InputError("is before 2009", field=field, value=value)
    if seconds > LATEST_TIME.value:
        raise InputError("is after 2200", field=field, value=value)
    return seconds


def _wrong(text: str) -> str:
    """What a text that has no form of a date probably was."""
    digits = text.partition(".")[0]
    if not re.fullmatch(r"[0-9]+(\.[0-9]*)?", text):
        short = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ].*", text)
        return f"is no ISO 8601 instant in whole seconds: {_SHOWN}" if short else f"is no ISO 8601 date: {_SHOWN}"
    if len(digits) == 4:
        return f"is a year alone: its last day is {digits}-12-31"
    if len(digits) == 8:
        return f"is a number and no date: written as one it is {digits[:4]}-{digits[4:6]}-{digits[6:]}"
    if len(digits) <= 6 and int(digits) in _SHEET_SERIALS:
        meant = _EPOCH_OF_SHEETS + timedelta(days=int(digits))
        return f"is a spreadsheet's serial number and no date: format the column as dates ({meant} in most)"
    return f"is a number and no date: {_SHOWN}"
