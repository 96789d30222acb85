"""What the price feed keeps: sessions, how each stock's price is judged, what was agreed, and what its sources say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from scrip.errors import Refusal
from scrip.model.laws import prices as law
from scrip.model.laws import sessions
from scrip.parameters import MAX_AMOUNT, MAX_PRICE, PRICE_ESCAPE, PRICE_LEAD
from scrip.units import WAD

Status = Literal[
    "good",
    "not configured",
    "source failed",
    "decimals changed",
    "bad answer",
    "future answer",
    "second source failed",
    "sources differ",
    "window",
    "outside the band",
    "sequencer down",
    "no sessions",
    "stale answer",
]
"""Why there is no price, in the order in which it is found out: the chain's numbers, and refusals after "feeds: "."""
STATUSES: tuple[Status, ...] = Status.__args__  # type: ignore[attr-defined]
TOO_OLD = STATUSES[STATUSES.index("sequencer down") :]
"""Where there is a price that lenders have and nobody trades at."""


@dataclass(slots=True)
class PriceSource:
    """What an AggregatorV3 says. `fails` is one that does not answer, `carried` a round that has an older's answer."""

    decimals: int = 8
    answer: int = 0
    started_at: int = 0
    updated_at: int = 0
    fails: bool = False
    carried: bool = False


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """How a stock's price is judged. Sources are names; decimals are what they had when they were configured."""

    source: str
    decimals: int
    raw: bool
    calendar: int
    max_age: int
    band_bps: int
    second: str = ""
    second_decimals: int = 0
    second_raw: bool = False
    deviation_bps: int = 0


class Change(NamedTuple):
    """The stock's multiplier now: its value, how many changes there were, when the next takes effect, 0 for none."""

    value: int
    generation: int
    pending_at: int


class Reading(NamedTuple):
    """What the sources say: whether it is a price, the price, the UTC second that it is as of."""

    status: Status
    price: int = 0
    as_of: int = 0


@dataclass(slots=True)
class PriceFeed:
    """A stock's price. `price` is the one agreed last, 0 for none, of `max_age` and `calendar` as they were then.

    It is good to trade at before `until`, which a change that is scheduled brought forward where `ends_in_window`.
    `settled` is the multiplier's generation that it is of; `opened` the one that opened the window, `since` when.
    """

    terms: PriceTerms | None = None
    price: int = 0
    as_of: int = 0
    until: int = 0
    max_age: int = 0
    calendar: int = 0
    ends_in_window: bool = False
    window: bool = False
    suspended: bool = False
    settled: int = 0
    opened: int = 0
    since: int = 0


@dataclass(slots=True)
class Prices:
    """Everything of the price feed. `words` are packed sessions, `sources` what can be asked, by name.

    `sequencer` is the uptime feed's name, "" for none, `grace` the seconds after its return in which nothing is priced.
    """

    words: dict[int, int] = field(default_factory=dict)
    sources: dict[str, PriceSource] = field(default_factory=dict)
    feeds: dict[str, PriceFeed] = field(default_factory=dict)
    sequencer: str = ""
    grace: int = 0

    def configured(self, stock: str) -> tuple[PriceFeed, PriceTerms]:
        """A stock's feed and its terms; Refusal where it was never configured."""
        found = self.feeds.get(stock)
        if found is None or found.terms is None:
            raise Refusal("feeds: not configured", stock)
        return found, found.terms

    # --- what is asked ---

    def strict(self, stock: str, now: int) -> tuple[int, int, bool]:
        """Price, as of when, and whether the exchange trades, for whoever trades at it.

        Refuses, in order: no price, suspended, window, not poked, stale answer.
        """
        feed = self.feeds.get(stock, PriceFeed())
        over = now >= feed.until
        trades = sessions.is_open(self.words, feed.calendar, now)
        for refused, reason in (
            (not feed.price, "no price"),
            (feed.suspended, "suspended"),
            (feed.window or (over and feed.ends_in_window), "window"),
            (over, "not poked"),
            (trades and now > feed.as_of + feed.max_age, "stale answer"),
        ):
            if refused:
                raise Refusal(f"feeds: {reason}", stock)
        return feed.price, feed.as_of, trades

    def held(self, stock: str, change: Change, now: int) -> tuple[int, int]:
        """Price and as of when, for lenders: what the sources agree on, however old, else the last agreed.

        Refuses: no price.
        """
        feed = self.feeds.get(stock, PriceFeed())
        if not feed.price:
            raise Refusal("feeds: no price", stock)
        if not (feed.suspended or feed.window):
            found = self.evaluate(stock, change, now)
            if found.status == "good" or found.status in TOO_OLD:
                return found.price, found.as_of
        return feed.price, feed.as_of

    def paused(self, stock: str, change: Change, now: int) -> bool:
        """Whether the price is in doubt: suspended, none, or a change is near or was not followed by an answer."""
        feed = self.feeds.get(stock, PriceFeed())
        if not feed.price or feed.window or feed.suspended:
            return True
        return change.generation != feed.settled or _near(change, now)

    def evaluate(self, stock: str, change: Change, now: int, closing: bool = False) -> Reading:
        """What the sources say now, and whether it is a price; `closing` is for one that is to end a window."""
        feed = self.feeds.get(stock, PriceFeed())
        terms = feed.terms
        if terms is None:
            return Reading("not configured")
        found = self._read(terms.source, terms.decimals, WAD if terms.raw else change.value, now)
        if found.status != "good":
            return found
        oldest = found.as_of
        if terms.second:
            other = self._read(terms.second, terms.second_decimals, WAD if terms.second_raw else change.value, now)
            if other.status != "good":
                return Reading("second source failed")
            if law.differs(found.price, other.price, terms.deviation_bps):
                return Reading("sources differ")
            oldest = min(oldest, other.as_of)
        if _near(change, now):
            return Reading("window")
        if not closing and feed.price:
            if change.generation != feed.settled:
                return Reading("window")
            if change.pending_at and law.differs(found.price, feed.price, terms.band_bps):
                return Reading("outside the band")
        return found._replace(status=self._age(terms, oldest, now))

    def may_escape(self, stock: str, now: int) -> bool:
        """Whether five sessions have closed since the window opened."""
        feed, terms = self.configured(stock)
        return sessions.closes_between(self.words, terms.calendar, feed.since, now) >= PRICE_ESCAPE.value

    # --- what is agreed ---

    def poke(self, stock: str, change: Change, notice: int, now: int, accepted: bool = False) -> None:
        """Keep what the sources agree on, or open the window. Refuses as `contracts/feeds/SharePriceFeed.vy` does."""
        feed, terms = self.configured(stock)
        if feed.suspended:
            raise Refusal("feeds: suspended", stock)
        closing = bool(feed.price) and change.generation != feed.settled
        if closing and (not feed.window or change.generation != feed.opened):
            feed.window, feed.opened, feed.since = True, change.generation, now
            return
        found = self.evaluate(stock, change, now, closing)
        if found.status != "good":
            raise Refusal(f"feeds: {found.status}", stock)
        if closing:
            if found.as_of <= feed.since:
                raise Refusal("feeds: no answer since", stock)
            escapes = accepted or (bool(terms.second) and self.may_escape(stock, now))
            if not escapes and law.differs(found.price, feed.price, terms.band_bps):
                raise Refusal("feeds: outside the band", stock)
        until = now + notice
        feed.ends_in_window = 0 < change.pending_at <= until
        feed.until = (change.pending_at if feed.ends_in_window else until) - PRICE_LEAD.value
        feed.price, feed.as_of = found.price, found.as_of
        feed.max_age, feed.calendar = terms.max_age, terms.calendar
        feed.window, feed.settled, feed.opened, feed.since = False, change.generation, change.generation, 0

    # --- parts ---

    def _read(self, name: str, decimals: int, multiplier: int, now: int) -> Reading:
        source = self.sources.get(name, PriceSource(fails=True))
        if source.fails:
            return Reading("source failed")
        if source.decimals != decimals:
            return Reading("decimals changed")
        if not 0 < source.answer <= MAX_AMOUNT.value or not source.updated_at or source.carried:
            return Reading("bad answer")
        if source.updated_at > now:
            return Reading("future answer")
        price = law.raw_price(source.answer, decimals, multiplier)
        if not 0 < price <= MAX_PRICE.value:
            return Reading("bad answer")
        return Reading("good", price, source.updated_at)

    def _age(self, terms: PriceTerms, as_of: int, now: int) -> Status:
        if not self._is_up(now):
            return "sequencer down"
        if not sessions.is_loaded(self.words, terms.calendar, now):
            return "no sessions"
        since = now
        if not sessions.is_open(self.words, terms.calendar, now):
            since = sessions.last_close(self.words, terms.calendar, now) or now
        return "stale answer" if as_of + terms.max_age < since else "good"

    def _is_up(self, now: int) -> bool:
        if not self.sequencer:
            return True
        told = self.sources.get(self.sequencer, PriceSource(fails=True))
        if told.fails or told.answer or not told.started_at or told.started_at > now:
            return False
        return now - told.started_at > self.grace


def _near(change: Change, now: int) -> bool:
    return bool(change.pending_at) and now + PRICE_LEAD.value >= change.pending_at
