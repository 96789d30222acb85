"""A packed year says of every five-minute instant what exchange-calendars says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import exchange_calendars
import numpy as np
import pytest

from scrip.errors import InputError
from scrip.inputs.sessions import Packed, year_of
from scrip.model.laws import sessions as law

YEAR = 2026
EXCHANGES = ("XNYS", "XLON", "XETR", "XSWX", "XTKS", "XASX")
"""Tokyo has a lunch break and opens at midnight UTC; Sydney's sessions run past it; all but Tokyo have summer time."""


def second(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


def words_of(calendar: str, parts: tuple[Packed, ...]) -> dict[int, int]:
    number = law.number_of(calendar, "exchange")
    return {(number << 40) + one.first + place: word for one in parts for place, word in enumerate(one.words)}


def trading(calendar: str, first: int, last: int) -> np.ndarray:
    """Of every five-minute instant, whether the library has it in a session: its minutes, and those of lunch breaks."""
    known = exchange_calendars.get_calendar(calendar, start="2025-12-01", end="2027-01-31", side="left")
    instants = np.arange(first, last, 300)
    inside = np.isin(instants, known.minutes.asi8 // 10**9)
    breaks = known.schedule[["break_start", "break_end"]].dropna()
    for start, end in zip(breaks.break_start, breaks.break_end, strict=True):
        inside |= (instants >= start.timestamp()) & (instants < end.timestamp())
    return inside


@pytest.mark.parametrize("calendar", EXCHANGES)
def test_every_five_minutes_of_a_year_are_those_of_exchange_calendars(calendar: str) -> None:
    first, last = second(YEAR, 1, 1), second(YEAR + 1, 1, 1)
    words, number = words_of(calendar, year_of(calendar, "exchange", YEAR)), law.number_of(calendar, "exchange")
    found = np.array([law.is_open(words, number, at) for at in range(first, last, 300)])
    expected = trading(calendar, first, last)
    assert expected.sum() > 14_000
    assert (found != expected).sum() == 0
    # The last close, at the instants at which it changes.
    closes = [at for at, (before, now) in enumerate(pairwise(found), 1) if before and not now]
    for place in closes:
        at = first + place * 300
        assert law.last_close(words, number, at) == at
        assert law.last_close(words, number, at - 1) < at - 6 * 3_600


def test_a_year_is_at_most_27_words_a_transaction() -> None:
    ((first, words),) = year_of("XNYS", "exchange", YEAR)
    assert (first * 14, len(words)) == ((date(2026, 1, 1) - date(1970, 1, 1)).days, 27)
    assert all(word >> 252 == 8 for word in words)
    assert [len(one.words) for one in year_of("XNYS", "exchange", 1992)] == [27, 1]


def test_what_was_not_loaded_is_closed_and_told_apart() -> None:
    number = law.number_of("XNYS", "exchange")
    words = words_of("XNYS", year_of("XNYS", "exchange", YEAR))
    noon = second(2027, 3, 3, 17)
    assert (law.is_open(words, number, noon), law.is_loaded(words, number, noon)) == (False, False)
    assert law.last_close(words, number, noon) == 0
    christmas = second(2026, 12, 25, 17)
    assert (law.is_open(words, number, christmas), law.is_loaded(words, number, christmas)) == (False, True)
    assert law.is_open({}, law.ALWAYS, christmas)


def test_five_days_around_the_clock_know_holidays_half_days_and_summer_time() -> None:
    number = law.number_of("XNYS", "24/5")
    ((first, found),) = year_of("XNYS", "24/5", YEAR)
    words = {(number << 40) + first + place: word for place, word in enumerate(found)}

    def is_open(*at: int) -> bool:
        return law.is_open(words, number, second(YEAR, *at))

    # Winter: from Sunday 20:00 in New York, 01:00 UTC, to Friday 20:00. Summer: an hour earlier.
    assert [is_open(1, 5, 0, 55), is_open(1, 5, 1), is_open(1, 10, 0, 55), is_open(1, 10, 1)] == [0, 1, 1, 0]
    assert [is_open(7, 5, 23, 55), is_open(7, 6), is_open(7, 10, 23, 55), is_open(7, 11)] == [0, 1, 1, 0]
    assert [is_open(3, 9, 0), is_open(3, 8, 23, 55)] == [1, 0]
    # Christmas ends with the half day before it and begins again on Sunday.
    assert [is_open(12, 24, 17, 55), is_open(12, 24, 18), is_open(12, 25, 15), is_open(12, 28, 1)] == [1, 0, 0, 1]
    # Independence day is observed on Friday: Thursday trades to its evening.
    assert [is_open(7, 2, 23, 55), is_open(7, 3, 0), is_open(7, 6, 0)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("calendar", "hours", "year", "field"),
    [("XNOS", "exchange", YEAR, "year"), ("XNYS", "exchange", 2400, "year"), ("XLON", "24/5", YEAR, "calendar")],
)
def test_what_cannot_be_packed_says_why(calendar: str, hours: law.Hours, year: int, field: str) -> None:
    with pytest.raises(InputError) as caught:
        year_of(calendar, hours, year)
    assert caught.value.field == field


@pytest.mark.parametrize("session", [(60, 600), (0, 601), (600, 600), (0, 512 * 300), (900, 300)])
def test_a_session_that_no_step_says_is_refused(session: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="no session of steps"):
        law.packed([session], 0, 1)


def test_two_sessions_of_a_day_are_refused_and_those_outside_left_out() -> None:
    with pytest.raises(InputError, match="a second session of a day"):
        law.packed([(0, 300), (600, 900)], 0, 1)
    assert law.packed([(0, 300), (14 * 86_400, 14 * 86_400 + 300)], 0, 1) == (law.LOADED | 1 << 9,)


def test_a_code_has_four_letters() -> None:
    assert law.number_of("", "24/7") == law.ALWAYS
    assert law.number_of("XNYS", "24/5") == 1 << 32 | 0x584E5953
    with pytest.raises(InputError, match="four letters"):
        law.number_of("CMES_X", "exchange")
