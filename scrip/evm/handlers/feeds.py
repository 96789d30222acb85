"""The price of a stock: where it comes from, how it is judged, what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from eth_abi.exceptions import DecodingError

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm import mocks, outside
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CUSTODIAN, Transaction
from scrip.evm.handlers.calendar import PRICE_FEED, read_around
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.labels import PRICES
from scrip.model.laws import sessions
from scrip.model.state.prices import PriceFeed, Prices, PriceSource, PriceTerms
from scrip.plan import Address

PRICE_ADAPTER = "PriceAdapter"
DATA_STREAM = "DataStream"
MOCK_DECIMALS = 8
"""Decimals of a mock's answers, as of most feeds of dollars."""


def _call(sender: str, function: str, *args: object) -> Transaction:
    return Transaction(sender, PRICES, PRICE_FEED, function, args)


@TRANSACTIONS.of(ins.ConfigurePrice)
def configure(facts: Facts, order: ins.ConfigurePrice) -> Transaction:
    """Where a stock's price comes from, and how it is judged."""
    sources = (Address(order.source), order.basis == "raw", Address(order.second), order.second_basis == "raw")
    bounds = (order.max_age, order.band_bps, order.deviation_bps)
    calendar = sessions.number_of(order.calendar, order.hours)
    return _call(order.by, "configure", known_or_nothing(order.stock, facts), *sources, calendar, *bounds)


@TRANSACTIONS.of(ins.TightenPrice)
def tighten(facts: Facts, order: ins.TightenPrice) -> Transaction:
    """Bounds that are harder than the present ones."""
    bounds = (order.max_age, order.band_bps, order.deviation_bps)
    return _call(order.by, "tighten", known_or_nothing(order.stock, facts), *bounds)


@TRANSACTIONS.of(ins.SuspendPrice)
def suspend(facts: Facts, order: ins.SuspendPrice) -> Transaction:
    """Stop a stock's price."""
    return _call(order.by, "suspend", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.ResumePrice)
def resume(facts: Facts, order: ins.ResumePrice) -> Transaction:
    """End a suspension."""
    return _call(order.by, "resume", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.PokePrice)
def poke(facts: Facts, order: ins.PokePrice) -> Transaction:
    """Ask the sources; anyone."""
    return _call(order.by or CUSTODIAN, "poke", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.AcceptPrice)
def accept(facts: Facts, order: ins.AcceptPrice) -> Transaction:
    """End a window on the timelock's word."""
    return _call(order.by, "accept", known_or_nothing(order.stock, facts))


@TRANSACTIONS.of(ins.SetSequencer)
def set_sequencer(_facts: Facts, order: ins.SetSequencer) -> Transaction:
    """Who says whether a layer 2 works."""
    return _call(order.by, "setSequencer", Address(order.sequencer), order.grace)


@TRANSACTIONS.of(ins.AnswerPrice)
def answer(_facts: Facts, order: ins.AnswerPrice) -> Transaction:
    """Teach a local chain's mock of a source what to say."""
    function, args = ("push", (order.answer,))
    if order.updated_at is not None:
        function, args = "pushAt", (order.answer, order.updated_at)  # type: ignore[assignment]
    return Transaction(CUSTODIAN, order.source, mocks.PRICE_SOURCE, function, args)


# --- read back -------------------------------------------------------------------------------------------------------


def read_strict(chain: Chain, prices: Contract, token: Contract) -> tuple[int, int, bool]:
    """Price, as of when, and whether the exchange trades now; Refusal where nobody may trade at it."""
    price, as_of, trades = chain.call(prices, "strictPrice", token.address)
    return price, as_of, trades


def read_feed(chain: Chain, prices: Contract, token: Contract, name_of: Callable[[str], str]) -> PriceFeed:
    """How a stock's price is judged, and what was agreed last."""
    asked = (token.address,)
    terms, kept, window = chain.call_many([Call(prices, view, asked) for view in ("termsOf", "keptOf", "windowOf")])
    found = PriceFeed()
    found.price, found.as_of, found.until, found.ends_in_window, found.window, found.suspended = kept
    found.settled, found.opened, found.since, _ = window
    source, decimals, raw, second, second_decimals, second_raw, calendar, max_age, band, deviation = terms
    if source != ZERO_ADDRESS:
        other = "" if second == ZERO_ADDRESS else name_of(second)
        found.terms = PriceTerms(
            name_of(source), decimals, raw, calendar, max_age, band, other, second_decimals, second_raw, deviation
        )
        # What is kept was judged by them, or is not good to trade at.
        found.max_age, found.calendar = max_age, calendar
    return found


def read_source(chain: Chain, address: str) -> PriceSource:
    """What an AggregatorV3 says; one that fails where it does not answer as such."""
    source = Contract(outside.PRICE_SOURCE, address)
    try:
        round_id, said, started, updated, answered = chain.call(source, "latestRoundData")
        return PriceSource(chain.call(source, "decimals"), said, started, updated, carried=answered < round_id)
    except (Refusal, DecodingError):
        return PriceSource(fails=True)


def read_prices(
    chain: Chain,
    prices: Contract,
    tokens: Mapping[str, Contract],
    sources: Iterable[str],
    calendars: Iterable[str],
    name_of: Callable[[str], str],
) -> Prices:
    """All of the price feed that orders about some stocks, sources and calendars depend on.

    `tokens` are by ticker, `sources` names that have an address, `calendars` codes of exchanges.
    """
    sequencer, grace = chain.call(prices, "sequencer")
    found = Prices(sequencer="" if sequencer == ZERO_ADDRESS else name_of(sequencer), grace=grace)
    numbers = {sessions.number_of(one, hours) for one in calendars for hours in ("exchange", "24/5")}
    names = {*sources, found.sequencer}
    for ticker, token in tokens.items():
        feed = read_feed(chain, prices, token, name_of)
        found.feeds[ticker] = feed
        if feed.terms is not None:
            names |= {feed.terms.source, feed.terms.second}
            numbers |= {feed.terms.calendar}
    found.sources = {name: read_source(chain, chain.address(name)) for name in sorted(names - {""})}
    for number in sorted(numbers - {sessions.ALWAYS}):
        found.words |= read_around(chain, prices, number, chain.now())
    return found
