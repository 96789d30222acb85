"""What happens when: a history and its events become one ordered list of steps. All instants UTC seconds.

A split is announced and scheduled after the close two sessions ahead and takes effect at the open of its ex date. A
dividend is announced after the close two sessions ahead, struck at the ex date's close and takes effect two hours
after it, so a split and a dividend on neighbouring days never need the one schedule slot at once. The daily reading is
three hours after the close: after everything that took effect that day. A dividend in cash has the same instants:
holders are recorded at the opening of its ex date, its root is posted when the other kind is struck, and it is paid
when that takes effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from scrip.errors import InputError
from scrip.model.state.dividends import CASH_CODE
from scrip.replay.events import Event
from scrip.replay.prices import Day, History
from scrip.replay.sessions import Sessions
from scrip.replay.stocks import Stock, find

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

NOTICE_SESSIONS = 2
"""An event is announced this many sessions before its ex date: more than 24 hours before it takes effect."""
TRADE_AFTER_CLOSE = 10 * MINUTE
STRIKE_AFTER_CLOSE = 30 * MINUTE
ANNOUNCE_AFTER_CLOSE = HOUR
DIVIDEND_AFTER_CLOSE = 2 * HOUR
SETTLE_AFTER = 30 * MINUTE
READ_AFTER_CLOSE = 3 * HOUR
GENESIS_BEFORE = 2 * DAY
"""The chain's clock starts this long before the midnight of the first trading day."""
SETUP_AFTER = HOUR
"""Deployment, onboarding and the first attestation come this long after the chain's first second."""


class Kind(IntEnum):
    """What a step does; steps of one instant run in this order."""

    SETUP = 1
    BEFORE = 2
    EFFECT = 3
    RECORD = 4
    SETTLE = 5
    ANNOUNCE = 6
    SCHEDULE = 7
    MINT = 8
    PAY = 9
    REDEEM = 10
    READ = 11


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One thing to do at one instant. `index` is a place among the days (SETUP, MINT, PAY, REDEEM, READ) or actions."""

    at: int
    kind: Kind
    index: int


@dataclass(frozen=True, slots=True)
class Action:
    """An event with its instants. `ex_at` is the opening of its ex date's session.

    A dividend `in_cash` has its root posted at `scheduled`, and is paid from `effective` on.
    """

    number: int
    event: Event
    ex_at: int
    announced: int
    scheduled: int
    effective: int
    in_cash: bool = False

    @property
    def code(self) -> str:
        """ISO 15022 code of what is announced: a dividend in cash is another action than one that is reinvested."""
        return CASH_CODE if self.in_cash else self.event.code

    @property
    def reference(self) -> str:
        """The reference that the record bears: the ex date; with ISIN and code it is unique."""
        return self.event.ex.isoformat()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A replay, planned: nothing here depends on a ledger."""

    stock: Stock
    history: History
    genesis: int
    actions: tuple[Action, ...]
    steps: tuple[Step, ...]
    in_cash: bool = False

    @property
    def days(self) -> tuple[Day, ...]:
        """The trading days, in order."""
        return self.history.days

    def reference_value(self, index: int) -> Fraction:
        """The package's adjusted close of a day, normalised to the first day's raw close: dollars, exact."""
        first = self.history.first
        return Fraction(self.days[index].adjusted) * Fraction(first.close) / Fraction(first.adjusted)


def _check(event: Event, history: History, closes: dict[date, Day]) -> None:
    if event.ex <= history.first.day:
        raise event.refuse(
            f"takes effect in the past: the stock is tokenised on {history.first.day}", "ex", event.ex.isoformat()
        )
    if event.ex not in closes:
        raise event.refuse(f"is no trading day of {history.ticker}", "ex", event.ex.isoformat())
    if event.close != closes[event.ex].close:
        raise event.refuse(f"is not the close of {event.ex}, {closes[event.ex].close}", "close", event.close)


def _plan(number: int, event: Event, sessions: Sessions, earliest: int, in_cash: bool) -> Action:
    session = sessions.on(event.ex)
    announced = sessions.before(event.ex, NOTICE_SESSIONS).close + ANNOUNCE_AFTER_CLOSE
    # An ex date in the first sessions: the notice starts as soon as there is a token.
    announced = max(announced, earliest)
    if event.is_split:
        return Action(number, event, session.open, announced, announced, session.open)
    struck, effective = session.close + STRIKE_AFTER_CLOSE, session.close + DIVIDEND_AFTER_CLOSE
    return Action(number, event, session.open, announced, struck, effective, in_cash)


def build(ticker: str, history: History, events: tuple[Event, ...], in_cash: bool = False) -> Timeline:
    """The timeline of a known ticker, its dividends reinvested or paid `in_cash`.

    InputError when an event does not fit its history.
    """
    if history.ticker != ticker:
        raise InputError(f"is the history of {history.ticker}", field="stock", value=ticker)
    days = history.days
    closes = {day.day: day for day in days}
    for event in events:
        _check(event, history, closes)
    sessions = Sessions(tuple(closes))
    midnight = int(datetime.combine(history.first.day, datetime.min.time(), UTC).timestamp())
    genesis = midnight - GENESIS_BEFORE
    setup = genesis + SETUP_AFTER
    actions = tuple(_plan(place + 1, event, sessions, setup, in_cash) for place, event in enumerate(events))
    last, middle = len(days) - 1, len(days) // 2
    after = [sessions.on(day.day).close + TRADE_AFTER_CLOSE for day in (days[0], days[middle], days[last])]
    steps = [
        Step(setup, Kind.SETUP, 0),
        Step(after[0], Kind.MINT, 0),
        Step(after[1], Kind.PAY, middle),
        Step(after[2], Kind.REDEEM, last),
    ]
    for place, action in enumerate(actions):
        steps.append(Step(action.announced, Kind.ANNOUNCE, place))
        steps.append(Step(action.scheduled, Kind.SCHEDULE, place))
        if action.in_cash:
            steps.append(Step(action.ex_at, Kind.RECORD, place))
        steps.append(Step(action.effective - 1, Kind.BEFORE, place))
        steps.append(Step(action.effective, Kind.EFFECT, place))
        steps.append(Step(action.effective + SETTLE_AFTER, Kind.SETTLE, place))
    steps.extend(Step(sessions.on(day.day).close + READ_AFTER_CLOSE, Kind.READ, i) for i, day in enumerate(days))
    return Timeline(find(ticker), history, genesis, actions, tuple(sorted(steps)), in_cash)


def dollars(amount: Decimal) -> str:
    """An amount as people read it: at least two decimals, never fewer than it has."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"${amount:,.{places}f}"
