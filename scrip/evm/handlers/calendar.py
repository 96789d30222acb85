"""The sessions of exchanges, as the price feed keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.labels import PRICES
from scrip.model.laws import sessions
from scrip.parameters import CALENDAR_WARNING, DAY

PRICE_FEED = "SharePriceFeed"
BEHIND, AHEAD = 3, 28
"""How many words before and after the present one are read of a calendar: a year, and what a window looks back at."""


@TRANSACTIONS.of(ins.LoadSessions)
def load(_facts: Facts, order: ins.LoadSessions) -> Transaction:
    """Packed sessions of a calendar, from a word on."""
    args = (sessions.number_of(order.calendar, order.hours), order.first, list(order.words))
    return Transaction(order.by, PRICES, PRICE_FEED, "setSessions", args)


@TRANSACTIONS.of(ins.CloseDays)
def close(_facts: Facts, order: ins.CloseDays) -> Transaction:
    """Days on which an exchange does not open after all."""
    args = (sessions.number_of(order.calendar, order.hours), order.day, order.count)
    return Transaction(order.by, PRICES, PRICE_FEED, "closeDays", args)


# --- read back -------------------------------------------------------------------------------------------------------


def read_words(chain: Chain, prices: Contract, calendar: int, numbers: Iterable[int]) -> dict[int, int]:
    """Those words of a calendar that were loaded, as the model keeps them."""
    wanted = list(numbers)
    found = chain.call_many([Call(prices, "sessionsAt", (calendar, number)) for number in wanted])
    return {calendar << sessions.NUMBER | number: word for number, word in zip(wanted, found, strict=True) if word}


def read_around(chain: Chain, prices: Contract, calendar: int, now: int) -> dict[int, int]:
    """The words of a calendar around an instant that a price can depend on, and those of a year from then."""
    present = now // DAY // sessions.DAYS
    return read_words(chain, prices, calendar, range(present - BEHIND, present + AHEAD))


def loaded_until(words: sessions.Words, calendar: int, now: int) -> int:
    """The UTC second from which a calendar's sessions are not loaded, without a gap from now on; 0 for now itself."""
    number = now // DAY // sessions.DAYS
    if not sessions.is_loaded(words, calendar, now):
        return 0
    while calendar << sessions.NUMBER | number in words:
        number += 1
    return number * sessions.DAYS * DAY


def ends_soon(until: int, now: int) -> bool:
    """Whether people are to be told that a calendar's sessions end."""
    return until < now + CALENDAR_WARNING.value
