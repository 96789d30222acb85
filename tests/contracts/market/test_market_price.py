"""PrimaryMarket: quotes of a stock that has a price are bounded by it, and wait for its exchange."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, ZERO, Event, Handle, deploy, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, DAY, HOUR, MINT, OTHERS, PAUSER, REDEEM, WAD, Issuance, deploy_stub

from scrip.model.laws import bands, sessions
from scrip.parameters import BPS

DOLLAR = 10**8
PRICE = 200
"""Dollars of 1e18 raw units: the world's quotes are of ten for 2,000."""
CALENDAR = sessions.number_of("XNYS", "exchange")


@pytest.fixture
def source() -> Handle:
    return deploy("MockReserveOracle", 8)


@pytest.fixture
def feed(suite: Issuance, source: Handle) -> Handle:
    """The stock at 200 dollars, around the clock; its quotes within 2 %."""
    made = deploy("SharePriceFeed", suite.roles, suite.registry, suite.actions)
    made.configure(suite.stock, source, False, ZERO, False, sessions.ALWAYS, HOUR, 1_000, 0, sender=ADMIN)
    source.push(PRICE * DOLLAR)
    made.poke(suite.stock)
    suite.market.setBand(suite.stock, made, 200, sender=ADMIN)
    return made


@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize("settlement", [1_960_000_000, 2_040_000_000])
def test_the_edges_of_the_band_are_in_it(suite: Issuance, feed: Handle, side: int, settlement: int) -> None:
    beyond = settlement + (1 if settlement > 2_000_000_000 else -1)
    with refuses("market: outside the band"):
        suite.submit(suite.quote(side, settlement=beyond))
    suite.submit(suite.quote(side, settlement=settlement))


@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize(("amount", "settlement"), [(10 * WAD, 0), (1, 1), (WAD, MAX), (2**128, 10), (MAX, 2**160)])
def test_amounts_at_the_ends_of_what_a_word_holds(
    suite: Issuance, feed: Handle, side: int, amount: int, settlement: int
) -> None:
    with refuses("market: outside the band"):
        suite.submit(suite.quote(side, amount=amount, settlement=settlement))


@settings(max_examples=60, deadline=None)
@given(
    amount=st.integers(0, 2**129),
    settlement=st.integers(0, 2**161),
    decimals=st.sampled_from([2, 6, 8, 18, 36]),
    price=st.integers(1, 2**96 - 1),
    band=st.integers(1, 5_000),
    near=st.integers(-3, 3),
)
def test_the_chain_says_what_the_model_says(
    harness: Handle, amount: int, settlement: int, decimals: int, price: int, band: int, near: int
) -> None:
    """Of amounts of any kind, and of those that are within a unit of the band's edge."""
    edge = amount * price // WAD * (BPS + band) // BPS * 10**decimals // WAD + near
    for paid in (settlement, max(edge, 0)):
        expected = bands.is_within(amount, paid, decimals, price, band)
        assert harness.isWithin(amount, paid, 10 ** (decimals - 2), price, band) == expected


@pytest.fixture(scope="module")
def harness() -> Handle:
    return deploy_stub("BandHarness")


def test_without_a_band_a_stock_is_traded_at_any_price(suite: Issuance, feed: Handle, source: Handle) -> None:
    suite.market.setBand(suite.stock, ZERO, 0, sender=ADMIN)
    assert tuple(suite.market.bandOf(suite.stock)) == (ZERO, 0)
    set_clock(now() + DAY)
    suite.submit(suite.quote(settlement=1))
    other = suite.create_stock("US0378331005")
    assert tuple(suite.market.bandOf(other)) == (ZERO, 0)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_whatever_stops_the_price_stops_instant_trades(
    suite: Issuance, feed: Handle, source: Handle, side: int
) -> None:
    set_clock(now() + HOUR + 1)
    with refuses("feeds: not poked"):
        suite.submit(suite.quote(side))
    source.push(PRICE * DOLLAR)
    feed.poke(suite.stock)
    suite.attest(10_000)
    feed.suspend(suite.stock, sender=PAUSER)
    with refuses("feeds: suspended"):
        suite.submit(suite.quote(side))
    feed.resume(suite.stock, sender=named("unpauser"))
    feed.poke(suite.stock)
    suite.submit(suite.quote(side))
    # The price moves, and so does what is in the band.
    set_clock(now() + 60)
    source.push(210 * DOLLAR)
    feed.poke(suite.stock)
    with refuses("market: outside the band"):
        suite.submit(suite.quote(side, nonce=2))
    suite.submit(suite.quote(side, nonce=2, settlement=2_100 * 10**6))


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_a_split_shuts_the_market_until_its_price_is_agreed(
    suite: Issuance, feed: Handle, source: Handle, side: int
) -> None:
    at = now() + 3 * DAY
    suite.schedule("SPLF", "split", effectiveAt=at)
    set_clock(at - 60)
    source.push(PRICE * DOLLAR)
    with refuses("feeds: window"):
        feed.poke(suite.stock)
    set_clock(at)
    suite.adopt()
    with refuses("feeds: not poked"):
        suite.submit(suite.quote(side))
    feed.poke(suite.stock)
    with refuses("feeds: window"):
        suite.submit(suite.quote(side))
    set_clock(at + 60)
    source.push(PRICE * DOLLAR // 2)
    feed.poke(suite.stock)
    suite.attest(100_000)
    # Twice the shares for a unit, each at half of the price.
    suite.submit(suite.quote(side))


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_quotes_wait_for_the_exchange(suite: Issuance, feed: Handle, source: Handle, side: int) -> None:
    """From the second of its close on nothing is traded, at whatever price."""
    day = now() // DAY + 1
    first = day // sessions.DAYS - 1
    opens, closes = day * DAY + 14 * HOUR, day * DAY + 21 * HOUR
    before = [(opens - DAY, closes - DAY)]
    words = sessions.packed([*before, (opens, closes)], first, 4)
    feed.setSessions(CALENDAR, first, list(words), sender=ADMIN)
    feed.configure(suite.stock, source, False, ZERO, False, CALENDAR, HOUR, 1_000, 0, sender=ADMIN)
    for at, trades in ((opens - 1, False), (opens, True), (closes - 1, True), (closes, False)):
        set_clock(at)
        source.push(PRICE * DOLLAR)
        suite.attest(10_000)
        feed.poke(suite.stock)
        quote = suite.quote(side, nonce=at)
        if trades:
            suite.submit(quote)
        else:
            with refuses("market: closed"):
                suite.submit(quote)


def test_a_stock_that_has_a_band_is_one(suite: Issuance, feed: Handle) -> None:
    stranger = suite.create_stock("US0378331005")
    for token in (ALICE, suite.registry, ZERO):
        with refuses("market: unknown stock"):
            suite.market.setBand(token, feed, 100, sender=ADMIN)
        with refuses("market: unknown stock"):
            suite.submit(suite.quote(token=getattr(token, "address", token), generation=0))
    # Its feed knows no price of it: nothing is traded.
    suite.market.setBand(stranger, feed, 100, sender=ADMIN)
    with refuses("feeds: no price"):
        suite.submit(suite.quote(token=stranger.address, generation=stranger.multiplierGeneration()))


def test_the_pauser_makes_a_band_narrower_and_nothing_else(suite: Issuance, feed: Handle) -> None:
    other = deploy("SharePriceFeed", suite.roles, suite.registry, suite.actions)
    for terms in ((feed, 201), (other, 100), (ZERO, 0), (other, 201)):
        with refuses("market: would loosen"):
            suite.market.setBand(suite.stock, *terms, sender=PAUSER)
    suite.market.setBand(suite.stock, feed, 199, sender=PAUSER)
    told = {"token": suite.stock.address, "feed": feed.address, "bandBps": 199}
    assert suite.market.events() == [Event(suite.market.address, "BandSet", told)]
    suite.market.setBand(suite.stock, feed, 199, sender=PAUSER)
    unbound = suite.create_stock("US0378331005")
    for terms in ((feed, 1), (ZERO, 0)):
        with refuses("market: would loosen"):
            suite.market.setBand(unbound, *terms, sender=PAUSER)
    suite.market.setBand(suite.stock, other, 5_000, sender=ADMIN)
    assert tuple(suite.market.bandOf(suite.stock)) == (other.address, 5_000)


@pytest.mark.parametrize("actor", sorted(set(OTHERS) - {"admin", "pauser"}))
def test_nobody_else_sets_a_band(suite: Issuance, feed: Handle, actor: str) -> None:
    with refuses("roles: not authorised"):
        suite.market.setBand(suite.stock, feed, 1, sender=OTHERS[actor])


def test_bands_that_are_none(suite: Issuance, feed: Handle) -> None:
    for terms in ((feed, 0), (ZERO, 1), (feed, 5_001), (feed, MAX), (ALICE, 100)):
        with refuses("market: bad band"):
            suite.market.setBand(suite.stock, *terms, sender=ADMIN)
    stranger = deploy("SharePriceFeed", *foreign_parts())
    with refuses("market: bad band"):
        suite.market.setBand(suite.stock, stranger, 100, sender=ADMIN)


def foreign_parts() -> tuple[Handle, Handle, Handle]:
    """Roles, registry and actions of another issuer."""
    roles = deploy("Roles")
    stock = deploy_stub("StubPricedStock", roles)
    return roles, stock, stock
