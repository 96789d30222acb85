"""The session table on a chain: the same answers as the packed year in Python, and one storage read for each."""

from __future__ import annotations

import random

import boa
import pytest
from support.contract_calls import MAX, refuses
from support.price_world import ADMIN, DAY, OPEN, PAUSER, XNYS, Prices, year

from scrip.instructions.calendar import CloseDays, LoadSessions
from scrip.model.laws import sessions as law

EXCHANGES = ("XNYS", "XLON", "XETR", "XSWX", "XTKS", "XASX")
SAMPLED = 30
"""Instants of a year that are drawn for each exchange, beside those around every fifth opening and close: a call of the
chain takes a third of a millisecond, and what they are drawn from is compared whole in Python."""


@pytest.fixture(scope="module")
def built() -> Prices:
    """A feed that knows 2026 of six exchanges."""
    with boa.env.anchor():
        made = Prices.fresh()
        for calendar in EXCHANGES:
            made.apply(LoadSessions(calendar, "exchange", *year(calendar)))
        yield made


@pytest.fixture
def prices(built: Prices) -> Prices:
    words = dict(built.model.prices.words)
    with boa.env.anchor():
        yield built
    built.model.prices.words = words


@pytest.mark.parametrize("calendar", EXCHANGES)
def test_the_chain_says_what_the_packed_year_says(prices: Prices, calendar: str) -> None:
    number, words = law.number_of(calendar, "exchange"), prices.model.prices.words
    first = year(calendar)[0] * 14
    turns = []
    for day in range(first, first + 365):
        bits = law.day_bits(words, number, day)
        turns += [day * DAY + 300 * (bits & law.FIELD), day * DAY + 300 * (bits >> law.HALF)] if bits else []
    assert len(turns) > 480
    drawn = random.Random(calendar)
    instants = [first * DAY + drawn.randrange(365 * DAY) for _ in range(SAMPLED)]
    instants += [at + off for at in turns[::5] for off in (-1, 0)]
    for at in instants:
        assert prices.feed.isOpen(number, at) == law.is_open(words, number, at), at
    for at in instants[::4]:
        assert prices.feed.lastClose(number, at) == law.last_close(words, number, at), at


def test_what_was_not_loaded_is_closed(prices: Prices) -> None:
    assert prices.feed.isOpen(XNYS, OPEN)
    for at in (OPEN + 365 * DAY, OPEN - 365 * DAY, 0, 2**40 - 1):
        assert not prices.feed.isOpen(XNYS, at)
        assert prices.feed.lastClose(XNYS, at) == 0
    assert not prices.feed.isOpen(law.number_of("XPAR", "exchange"), OPEN)
    assert not prices.feed.isOpen(law.number_of("XNYS", "24/5"), OPEN)
    assert prices.feed.isOpen(law.ALWAYS, 0)


def test_a_loaded_word_can_be_read_back(prices: Prices) -> None:
    first, words = year()
    assert [prices.feed.sessionsAt(XNYS, first + place) for place in range(-1, 28)] == [0, *words, 0]


def test_an_instant_costs_little_more_than_one_storage_read(prices: Prices) -> None:
    """100 gas of it is the read, which is warm here and 2,100 where it is cold; a second one would show."""
    data = prices.feed.selector("isOpen", 2) + XNYS.to_bytes(32) + OPEN.to_bytes(32)
    computation = boa.env.execute_code(to_address=prices.feed.address, data=data, is_modifying=False)
    assert computation.get_gas_used() < 100 + 650


def test_an_exchange_that_does_not_open_is_closed_at_once(prices: Prices) -> None:
    day = OPEN // DAY
    prices.apply(CloseDays("XNYS", "exchange", day, 2))
    assert [prices.feed.isOpen(XNYS, OPEN + days * DAY) for days in (-1, 0, 1, 2)] == [True, False, False, True]
    # Twice is the same, over the edge of a word too.
    prices.apply(CloseDays("XNYS", "exchange", day, 14))
    assert prices.feed.lastClose(XNYS, OPEN + 10 * DAY) == law.last_close(prices.model.prices.words, XNYS, OPEN)
    prices.apply(LoadSessions("XNYS", "exchange", *year()))
    assert prices.feed.isOpen(XNYS, OPEN)


def test_who_may_change_sessions(prices: Prices) -> None:
    load, close = LoadSessions("XNYS", "exchange", *year()), CloseDays("XNYS", "exchange", OPEN // DAY, 1)
    assert prices.refused(LoadSessions("XNYS", "exchange", *year(), by="pauser")) == "roles: not authorised"
    assert prices.refused(CloseDays("XNYS", "exchange", OPEN // DAY, 1, by="admin")) == "roles: not authorised"
    prices.apply(load)
    prices.apply(close)


def test_what_is_no_calendar_and_what_are_no_words(prices: Prices) -> None:
    first, words = year()
    assert prices.refused(LoadSessions("", "24/7", first, words)) == "calendar: bad calendar"
    assert prices.refused(LoadSessions("XNYS", "exchange", first, ())) == "calendar: bad words"
    assert prices.refused(LoadSessions("XNYS", "exchange", 2**32, words)) == "calendar: bad words"
    for wrong in (0, 1, words[0] - law.LOADED, words[0] | 1 << 254, MAX):
        assert prices.refused(LoadSessions("XNYS", "exchange", first, (words[0], wrong))) == "calendar: bad words"
    for calendar in (0, 1 << 32, 2 << 32, 3 << 32 | XNYS, MAX):
        with refuses("calendar: bad calendar"):
            prices.feed.setSessions(calendar, first, list(words), sender=ADMIN)


def test_what_are_no_days(prices: Prices) -> None:
    day = OPEN // DAY
    for first, count in ((day, 0), (day, 15), (2**32, 1), (MAX, 14)):
        assert prices.refused(CloseDays("XNYS", "exchange", first, count)) == "calendar: bad days"
    assert prices.refused(CloseDays("XNYS", "exchange", day + 330, 1)) == "calendar: not loaded"
    assert prices.refused(CloseDays("XPAR", "exchange", day, 1)) == "calendar: not loaded"
    assert prices.refused(CloseDays("", "24/7", day, 1)) == "calendar: not loaded"
    with refuses("calendar: not loaded"):
        prices.feed.closeDays(MAX, day, 1, sender=PAUSER)
