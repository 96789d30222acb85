"""The price feed beside the real suite: the registry's stocks, the actions' notices, a split and a dividend."""

from __future__ import annotations

import pytest
from support.contract_calls import ZERO, Handle, deploy, named, now, refuses, set_clock
from support.issuance_world import ADMIN, DAY, HOUR, WAD, Issuance

from scrip.model.laws import sessions

DOLLAR = 10**8
TERMS = (sessions.ALWAYS, HOUR, 1_000, 0)


@pytest.fixture
def source() -> Handle:
    return deploy("MockReserveOracle", 8)


@pytest.fixture
def feed(suite: Issuance, source: Handle) -> Handle:
    """The stock is priced around the clock, by a share at 400 dollars."""
    made = deploy("SharePriceFeed", suite.roles, suite.registry, suite.actions)
    made.configure(suite.stock, source, False, ZERO, False, *TERMS, sender=ADMIN)
    source.push(400 * DOLLAR)
    made.poke(suite.stock)
    return made


def test_a_split_and_a_dividend_of_the_real_stock(suite: Issuance, feed: Handle, source: Handle) -> None:
    """2:1 with a dividend of a dollar at 20: a share is 190 after, and a token 2 × 1.05 of them."""
    at = now() + 3 * DAY
    suite.schedule("SPLF", "split", effectiveAt=at)
    suite.schedule("DRIP", "dividend", effectiveAt=at)
    set_clock(at - 61)
    source.push(400 * DOLLAR)
    feed.poke(suite.stock)
    assert feed.strictPrice(suite.stock)[0] == 400 * WAD
    for later in (at - 60, at, at + HOUR):
        set_clock(later)
        with refuses("feeds: window"):
            feed.strictPrice(suite.stock)
        assert feed.heldPrice(suite.stock) == (400 * WAD, at - 61)
        assert feed.oraclePaused(suite.stock)
    feed.poke(suite.stock)
    set_clock(at + HOUR + 60)
    source.push(19_047_619_047)
    feed.poke(suite.stock)
    multiplier = suite.stock.uiMultiplier()
    assert multiplier == 2 * WAD * 105 // 100
    assert feed.strictPrice(suite.stock)[0] == 19_047_619_047 * multiplier // 10**8
    assert abs(feed.strictPrice(suite.stock)[0] - 400 * WAD) < WAD // 10**6


def test_a_price_is_good_for_the_shortest_notice_that_is_set(suite: Issuance, feed: Handle, source: Handle) -> None:
    """A dividend is struck an hour ahead at least, by default; what the timelock sets counts from the next poke on."""
    assert feed.keptOf(suite.stock)[2] == now() + 3_600 - 60
    suite.actions.setNotice(2, 600, sender=ADMIN)
    feed.poke(suite.stock)
    assert feed.keptOf(suite.stock)[2] == now() + 600 - 60
    suite.actions.setNotice(2, 5 * HOUR, sender=ADMIN)
    suite.actions.setNotice(0, 2 * HOUR, sender=ADMIN)
    feed.poke(suite.stock)
    assert feed.keptOf(suite.stock)[2] == now() + 2 * HOUR - 60


def test_a_pause_and_a_halt_of_the_stock_keep_no_price_from_being_asked(
    suite: Issuance, feed: Handle, source: Handle
) -> None:
    suite.beacon.halt(sender=named("guardian"))
    set_clock(now() + 60)
    source.push(399 * DOLLAR)
    feed.poke(suite.stock)
    assert feed.strictPrice(suite.stock)[0] == feed.heldPrice(suite.stock)[0] == 399 * WAD


def test_another_contract_is_no_stock(suite: Issuance, feed: Handle, source: Handle) -> None:
    for stranger in (source, named("a key"), suite.registry):
        with refuses("feeds: unknown stock"):
            feed.configure(stranger, source, False, ZERO, False, *TERMS, sender=ADMIN)
        with refuses("feeds: not configured"):
            feed.poke(stranger)
