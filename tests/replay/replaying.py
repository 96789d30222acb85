"""Replays on the model, of whole, shortened and tampered histories."""

from collections.abc import Callable
from dataclasses import replace

from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.replay.events import Event, load_events
from scrip.replay.job import Replay
from scrip.replay.prices import load_history
from scrip.replay.result import Result
from scrip.replay.timeline import Timeline, build


def replay_model(timeline: Timeline) -> Result:
    return Replay(timeline, {"model": ModelLedger(EVM, timeline.genesis)}).run()


def altered(ticker: str, alter: Callable[[list[Event]], None]) -> Timeline:
    """The timeline of a ticker whose committed events were tampered with."""
    events = list(load_events(ticker))
    alter(events)
    return build(ticker, load_history(ticker), tuple(events))


def shortened(ticker: str, first: int, count: int) -> Timeline:
    """`count` trading days of a ticker from day `first` on, with the events in them."""
    history = load_history(ticker)
    days = history.days[first : first + count]
    events = tuple(event for event in load_events(ticker) if days[0].day < event.ex <= days[-1].day)
    return build(ticker, replace(history, days=days), events)
