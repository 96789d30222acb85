"""The instructions about the price of a stock."""

from __future__ import annotations

from dataclasses import replace

from scrip import parameters
from scrip.errors import InputError, Refusal
from scrip.instructions.feeds import (
    AcceptPrice,
    AnswerPrice,
    ConfigurePrice,
    PokePrice,
    ResumePrice,
    SetSequencer,
    SuspendPrice,
    TightenPrice,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws import sessions
from scrip.model.state import State
from scrip.model.state.prices import Change, PriceFeed, PriceTerms

HANDLERS: Handlers[State, None] = Handlers("the model")


def change_of(state: State, stock: str) -> Change:
    """The stock's multiplier now, as its price is judged by; InputError for an unknown stock."""
    now = state.token(stock).multiplier.settled(state.now)
    return Change(now.current.ui_multiplier, now.generation, now.effective_at)


@HANDLERS.of(ConfigurePrice)
def configure(state: State, order: ConfigurePrice) -> None:
    """Refuses, in order: unknown stock, bad config."""
    if order.stock not in state.stocks:
        raise Refusal("feeds: unknown stock", order.stock)
    _demand_bounds(order.max_age, order.band_bps, order.deviation_bps, bool(order.second))
    calendar = sessions.number_of(order.calendar, order.hours)
    if order.source == order.second:
        raise Refusal("feeds: bad config", f"{order.source} is both sources")
    feed = state.prices.feeds.setdefault(order.stock, PriceFeed())
    feed.terms = PriceTerms(
        source=order.source,
        decimals=_decimals(state, order.source),
        raw=order.basis == "raw",
        calendar=calendar,
        max_age=order.max_age,
        band_bps=order.band_bps,
        second=order.second,
        second_decimals=_decimals(state, order.second) if order.second else 0,
        second_raw=order.second_basis == "raw",
        deviation_bps=order.deviation_bps,
    )
    _unpoked(feed)


@HANDLERS.of(TightenPrice)
def tighten(state: State, order: TightenPrice) -> None:
    """Refuses, in order: not configured, would loosen, bad config."""
    feed, terms = state.prices.configured(order.stock)
    wanted = (order.max_age, order.band_bps, order.deviation_bps)
    if any(new > old for new, old in zip(wanted, (terms.max_age, terms.band_bps, terms.deviation_bps), strict=True)):
        raise Refusal("feeds: would loosen", str(wanted))
    _demand_bounds(*wanted, bool(terms.second))
    feed.terms = replace(terms, max_age=order.max_age, band_bps=order.band_bps, deviation_bps=order.deviation_bps)
    _unpoked(feed)


@HANDLERS.of(SuspendPrice)
def suspend(state: State, order: SuspendPrice) -> None:
    """Refuses, in order: not configured, suspended."""
    feed, _ = state.prices.configured(order.stock)
    if feed.suspended:
        raise Refusal("feeds: suspended", order.stock)
    feed.suspended = True


@HANDLERS.of(ResumePrice)
def resume(state: State, order: ResumePrice) -> None:
    """Refuses: not suspended."""
    feed = state.prices.feeds.get(order.stock, PriceFeed())
    if not feed.suspended:
        raise Refusal("feeds: not suspended", order.stock)
    feed.suspended = False
    _unpoked(feed)


@HANDLERS.of(PokePrice)
def poke(state: State, order: PokePrice) -> None:
    """Refuses as `Prices.poke`, first what is not configured."""
    state.prices.configured(order.stock)
    state.prices.poke(order.stock, change_of(state, order.stock), _notice(state), state.now)


@HANDLERS.of(AcceptPrice)
def accept(state: State, order: AcceptPrice) -> None:
    """Refuses, in order: no window, too early; then as `Prices.poke`."""
    if not state.prices.feeds.get(order.stock, PriceFeed()).window:
        raise Refusal("feeds: no window", order.stock)
    if not state.prices.may_escape(order.stock, state.now):
        raise Refusal("feeds: too early", order.stock)
    state.prices.poke(order.stock, change_of(state, order.stock), _notice(state), state.now, accepted=True)


@HANDLERS.of(SetSequencer)
def set_sequencer(state: State, order: SetSequencer) -> None:
    """Refuses: bad config (it does not answer, or a grace of more than a day)."""
    if order.grace not in parameters.SEQUENCER_GRACE:
        raise Refusal("feeds: bad config", f"a grace of {order.grace} s")
    uptime = state.prices.sources.get(order.sequencer)
    if order.sequencer and (uptime is None or uptime.fails):
        raise Refusal("feeds: bad config", f"{order.sequencer} does not answer")
    state.prices.sequencer, state.prices.grace = order.sequencer, order.grace


@HANDLERS.of(AnswerPrice)
def answer(state: State, order: AnswerPrice) -> None:
    """Teach a mock of a source what to say; InputError for what is none."""
    source = state.prices.sources.get(order.source)
    if source is None:
        raise InputError("is no source that takes orders", field="source", value=order.source)
    source.answer = order.answer
    source.started_at = source.updated_at = state.now if order.updated_at is None else order.updated_at


def _notice(state: State) -> int:
    """The least that a change of a multiplier waits from its schedule to its effect."""
    rules = state.config.rules
    return min(rules.split_notice, rules.dividend_notice, rules.correction_notice)


def _decimals(state: State, name: str) -> int:
    source = state.prices.sources.get(name)
    if source is None or source.decimals > parameters.MAX_PRICE_DECIMALS.value:
        raise Refusal("feeds: bad config", f"{name} does not answer as a source of prices does")
    return source.decimals


def _unpoked(feed: PriceFeed) -> None:
    """Nobody trades at the price before the next poke: it was judged otherwise."""
    feed.until, feed.ends_in_window = 0, False


def _demand_bounds(max_age: int, band: int, deviation: int, second: bool) -> None:
    """Refuses: bad config."""
    bounded = max_age in parameters.PRICE_MAX_AGE and band in parameters.PRICE_BAND
    if not bounded or deviation not in parameters.PRICE_DEVIATION or bool(deviation) != second:
        raise Refusal("feeds: bad config", f"{max_age} s, {band} bps, {deviation} bps")
