"""The instructions about when exchanges trade."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.instructions.calendar import CloseDays, LoadSessions
from scrip.ledger.handlers import Handlers
from scrip.model.laws import sessions
from scrip.model.state import State
from scrip.parameters import SESSION_DAYS, SESSION_WORDS

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(LoadSessions)
def load(state: State, order: LoadSessions) -> None:
    """Refuses, in order: bad calendar (24/7 has no sessions), bad words. InputError for a code without four letters."""
    calendar = sessions.number_of(order.calendar, order.hours)
    if calendar == sessions.ALWAYS:
        raise Refusal("calendar: bad calendar", order.calendar)
    if not 0 < len(order.words) <= SESSION_WORDS.value or not 0 <= order.first < 2**32:
        raise Refusal("calendar: bad words", f"{len(order.words)} from {order.first}")
    if any(word >> 252 != 8 for word in order.words):
        raise Refusal("calendar: bad words", "one does not say that it is loaded")
    for place, word in enumerate(order.words):
        state.prices.words[(calendar << sessions.NUMBER) + order.first + place] = word


@HANDLERS.of(CloseDays)
def close(state: State, order: CloseDays) -> None:
    """Refuses, in order: bad days, not loaded. InputError for a code without four letters."""
    calendar, words = sessions.number_of(order.calendar, order.hours), state.prices.words
    if not 0 < order.count <= SESSION_DAYS.value or not 0 <= order.day < 2**32:
        raise Refusal("calendar: bad days", f"{order.count} from {order.day}")
    days = range(order.day, order.day + order.count)
    if calendar == sessions.ALWAYS or any(sessions.key(calendar, day) not in words for day in days):
        raise Refusal("calendar: not loaded", order.calendar)
    for day in days:
        words[sessions.key(calendar, day)] &= ~(sessions.BITS << day % sessions.DAYS * sessions.WIDTH)
