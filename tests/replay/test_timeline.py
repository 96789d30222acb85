"""Every step has its instant: notices are kept, the slot is never needed twice, half days and summer time count."""

from datetime import UTC, date, datetime

import pytest

from scrip.errors import InputError
from scrip.replay.events import load_events
from scrip.replay.prices import load_history
from scrip.replay.sessions import Sessions
from scrip.replay.stocks import KNOWN
from scrip.replay.timeline import DAY, HOUR, Kind, Timeline, build


@pytest.fixture(scope="module", params=KNOWN)
def timeline(request) -> Timeline:
    return build(request.param, load_history(request.param), load_events(request.param))


def utc(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def test_microsofts_split_takes_effect_at_the_open_of_its_ex_date() -> None:
    timeline = build("MSFT", load_history("MSFT"), load_events("MSFT"))
    split, dividend = timeline.actions[:2]
    assert split.effective == 1045578600
    assert utc(split.effective) == "2003-02-18 14:30"
    assert utc(dividend.scheduled) == "2003-02-19 21:30"
    assert utc(dividend.effective) == "2003-02-19 23:00"
    # The dividend is announced while the split holds the slot, and scheduled when it is free again.
    assert split.scheduled < dividend.announced < split.effective < dividend.scheduled


def test_notices_are_kept(timeline: Timeline) -> None:
    for action in timeline.actions:
        assert action.effective - action.announced >= DAY
        assert action.effective - action.scheduled >= (DAY if action.event.is_split else HOUR)
        assert action.announced <= action.scheduled < action.effective


def test_the_slot_is_free_whenever_an_action_is_scheduled(timeline: Timeline) -> None:
    for before, after in zip(timeline.actions, timeline.actions[1:], strict=False):
        assert before.effective < after.scheduled


def test_steps_are_in_order_and_each_day_is_read_once_after_its_events(timeline: Timeline) -> None:
    steps = timeline.steps
    assert list(steps) == sorted(steps)
    assert [step.index for step in steps if step.kind is Kind.READ] == list(range(len(timeline.days)))
    reading = {timeline.days[step.index].day: step.at for step in steps if step.kind is Kind.READ}
    settled = {step.index: step.at for step in steps if step.kind is Kind.SETTLE}
    for place, action in enumerate(timeline.actions):
        assert action.effective < settled[place] < reading[action.event.ex]
    assert steps[0].kind is Kind.SETUP
    assert timeline.genesis < steps[0].at
    assert steps[-1].kind is Kind.READ


def test_the_calendar_knows_exactly_the_trading_days_of_the_data() -> None:
    for ticker in KNOWN:
        days = [day.day for day in load_history(ticker).days]
        sessions = Sessions(tuple(days))
        assert [s.day for s in sessions._sessions if days[0] <= s.day <= days[-1]] == days


def test_half_days_summer_time_and_a_day_the_calendar_does_not_know() -> None:
    sessions = Sessions((date(2003, 7, 3), date(2003, 7, 4), date(2003, 11, 28)))
    assert utc(sessions.on(date(2003, 7, 3)).close) == "2003-07-03 17:00"
    assert utc(sessions.on(date(2003, 11, 28)).close) == "2003-11-28 18:00"
    assert utc(sessions.on(date(2003, 7, 4)).close) == "2003-07-04 20:00"
    assert sessions.before(date(2003, 7, 4), 2).day == date(2003, 7, 2)
    with pytest.raises(IndexError):
        sessions.before(date(2003, 7, 3), 30)


def test_a_history_of_another_ticker_is_refused() -> None:
    with pytest.raises(InputError, match="is the history of IBM"):
        build("MSFT", load_history("IBM"), ())
