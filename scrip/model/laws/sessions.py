"""The sessions of exchanges, packed as the chain keeps them: 14 days a word, looked up by one word or two.

A day has 18 bits: the step of five minutes at which its session opens and, nine bits above, the one at which it closes,
both counted from the day's midnight, UTC; 0 is no session. A session belongs to the day on which it opens and may close
on the next. Bit 255 says that a word was loaded: what was never loaded is closed. Instants are UTC seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from scrip.errors import InputError
from scrip.instructions.calendar import Hours
from scrip.parameters import DAY, SESSION_DAYS, SESSIONS_SEARCHED

STEP = 300
"""Seconds of a step."""
STEPS = DAY // STEP
DAYS = 14
"""Days of a word."""
WIDTH, HALF = 18, 9
FIELD, BITS = (1 << HALF) - 1, (1 << WIDTH) - 1
LOADED = 1 << 255
NUMBER = 40
MODES = {hours: place for place, hours in enumerate(get_args(Hours))}
ALWAYS = MODES["24/7"] << 32
"""The calendar that is always open."""

Words = Mapping[int, int]
"""Words of any calendars, by calendar << 40 | number of the word."""


def number_of(calendar: str, hours: Hours) -> int:
    """A calendar as the chain numbers it; InputError for a code that has not four letters, which 24/7 does not need."""
    if hours == "24/7":
        return ALWAYS
    code = calendar.encode()
    if len(code) != 4:
        raise InputError("has no code of four letters, such as XNYS", field="calendar", value=calendar)
    return MODES[hours] << 32 | int.from_bytes(code)


def name_of(calendar: int) -> str:
    """A calendar as people read it: XNYS, XNYS 24/5, 24/7."""
    if calendar == ALWAYS:
        return "24/7"
    code = (calendar & (2**32 - 1)).to_bytes(4).decode("ascii", "replace")
    return code if calendar < 2**32 else f"{code} 24/5"


def told(word: int) -> str:
    """The sessions of a word as people read them, from the first day on: hours in UTC, - for a day without one."""
    if not word:
        return "not loaded"
    return ", ".join(_hours(word >> day * WIDTH & BITS) for day in range(DAYS))


def key(calendar: int, day: int) -> int:
    """Where the word of a day stands."""
    return calendar << NUMBER | day // DAYS


def packed(sessions: Iterable[tuple[int, int]], first: int, count: int) -> tuple[int, ...]:
    """The words from the number `first` on that hold sessions, each its opening and closing instant.

    InputError for a session that no step begins or ends, that is too long, or a second one of a day. Those outside the
    words are left out.
    """
    words = [LOADED] * count
    for opens, closes in sessions:
        day, second = divmod(opens, DAY)
        ends = closes - day * DAY
        if second % STEP or ends % STEP or not second < ends <= FIELD * STEP:
            raise InputError("is no session of steps of five minutes", field="session", value=(opens, closes))
        place, shift = day // DAYS - first, day % DAYS * WIDTH
        if 0 <= place < count:
            if words[place] >> shift & BITS:
                raise InputError("is a second session of a day", field="session", value=(opens, closes))
            words[place] |= (second // STEP | ends // STEP << HALF) << shift
    return tuple(words)


def day_bits(words: Words, calendar: int, day: int) -> int:
    """The 18 bits of a day; 0 for none."""
    return words.get(key(calendar, day), 0) >> (day % DAYS * WIDTH) & BITS


def is_loaded(words: Words, calendar: int, at: int) -> bool:
    """Whether it is known if the exchange trades at an instant."""
    return calendar == ALWAYS or words.get(key(calendar, at // DAY), 0) != 0


def is_open(words: Words, calendar: int, at: int) -> bool:
    """Whether the exchange trades at an instant: in a session of that day, or in one of the day before."""
    if calendar == ALWAYS:
        return True
    day, step = at // DAY, at % DAY // STEP
    if not is_loaded(words, calendar, at):
        return False
    today, yesterday = day_bits(words, calendar, day), day_bits(words, calendar, day - 1) if day else 0
    return _within(today, step) or _within(yesterday, step + STEPS)


def last_close(words: Words, calendar: int, at: int) -> int:
    """The last close up to an instant; 0 where there was none in the 14 days before."""
    today = at // DAY
    for day in range(today, max(today - SESSION_DAYS.value, 0) - 1, -1):
        closes = day_bits(words, calendar, day) >> HALF
        if closes and (instant := day * DAY + closes * STEP) <= at:
            return instant
    return 0


def closes_between(words: Words, calendar: int, since: int, until: int) -> int:
    """Sessions that closed after `since` and not after `until`, of the 21 days from the first on; of 24/7 midnights."""
    first = since // DAY
    if calendar == ALWAYS:
        return until // DAY - first
    days = range(first, first + SESSIONS_SEARCHED.value)
    closes = ((day, day_bits(words, calendar, day) >> HALF) for day in days)
    return sum(since < day * DAY + close * STEP <= until for day, close in closes if close)


def _within(bits: int, step: int) -> bool:
    return bits & FIELD <= step < bits >> HALF


def _hours(bits: int) -> str:
    opens, closes = (divmod(step * STEP // 60, 60) for step in (bits & FIELD, bits >> HALF))
    return f"{opens[0]:02}:{opens[1]:02}-{closes[0]:02}:{closes[1]:02}" if bits >> HALF else "-"
