"""The held price in the shapes that lenders read, and whom feed and adapter take for their counterparts."""

from __future__ import annotations

import pytest
from support.contract_calls import ZERO, Refused, deploy, named, refuses
from support.price_world import OPEN, SOURCE, STOCK, WAD, Prices, usual

from scrip import instructions as ins


@pytest.fixture
def prices() -> Prices:
    made = Prices.ready()
    made.say(SOURCE, answer=40_012_345_678)
    made.poke()
    return made


def test_chainlinks_shape_has_eight_decimals_and_the_true_second(prices: Prices) -> None:
    adapter = deploy("PriceAdapter", prices.feed, prices.stock, 6)
    prices.advance(7_200)
    assert adapter.decimals() == 8
    assert adapter.version() == 1
    assert adapter.description() == "dollars for one token, last agreed"
    assert adapter.latestRoundData() == (OPEN, 40_012_345_678, OPEN, OPEN, OPEN)
    assert adapter.latestAnswer() == 40_012_345_678
    assert not adapter.oraclePaused()


@pytest.mark.parametrize("decimals", [0, 6, 8, 18])
def test_morphos_price_is_scaled_for_the_loan_coin(prices: Prices, decimals: int) -> None:
    """A token has 18 decimals: 10 ** (36 + loan − 18) for a price of 1, here 400.12345678 dollars."""
    adapter = deploy("PriceAdapter", prices.feed, prices.stock, decimals)
    assert adapter.price() == 40_012_345_678 * 10 ** (36 + decimals - 18) // 10**8
    # One token as collateral, in the coin's own units: what Morpho computes of it.
    assert WAD * adapter.price() // 10**36 == 40_012_345_678 * 10**decimals // 10**8


def test_around_a_split_it_holds_and_says_so(prices: Prices) -> None:
    adapter = deploy("PriceAdapter", prices.feed, prices.stock, 6)
    prices.schedule(2 * WAD, OPEN + 7_200)
    for later, paused in ((7_139, False), (7_140, True), (7_200, True), (8_000, True)):
        prices.at(OPEN + later)
        prices.say(SOURCE, answer=20_012_345_678) if later >= 7_140 else None
        assert adapter.latestRoundData()[1:4] == (40_012_345_678, OPEN, OPEN)
        assert adapter.oraclePaused() == paused
    prices.poke()
    prices.advance(60)
    prices.say(SOURCE, answer=20_012_345_678)
    prices.poke()
    assert adapter.latestRoundData()[1:4] == (40_024_691_356, OPEN + 8_060, OPEN + 8_060)
    assert not adapter.oraclePaused()


def test_small_prices_are_rounded_down(prices: Prices) -> None:
    adapter = deploy("PriceAdapter", prices.feed, prices.stock, 6)
    prices.say(SOURCE, answer=19_999_999_999, decimals=18)
    prices.apply(usual())
    prices.poke()
    assert adapter.latestAnswer() == 1
    assert adapter.price() == 19_999_999_999 * 10**6


def test_before_the_first_price_there_is_none() -> None:
    prices = Prices.ready()
    adapter = deploy("PriceAdapter", prices.feed, prices.stock, 6)
    for view in (adapter.latestRoundData, adapter.latestAnswer, adapter.price):
        with refuses("feeds: no price"):
            view()
    assert adapter.oraclePaused()


def test_an_adapter_is_of_a_stock_that_the_feed_knows(prices: Prices) -> None:
    with refuses("adapter: not configured"):
        deploy("PriceAdapter", prices.feed, named("another stock"), 6)
    with refuses("adapter: bad decimals"):
        deploy("PriceAdapter", prices.feed, prices.stock, 19)
    for nobody in (ZERO, named("nobody"), prices.stock):
        with pytest.raises(Refused):
            deploy("PriceAdapter", nobody, prices.stock, 6)


def test_a_feed_is_of_one_issuer(prices: Prices) -> None:
    access = prices.feed.accessControl()
    others = Prices.fresh()
    assert deploy("SharePriceFeed", access, prices.stock, prices.stock).REGISTRY() == prices.stock.address
    for wrong, refusal in (((access, others.stock, prices.stock), "feeds: bad registry"),
                           ((access, prices.stock, others.stock), "feeds: bad actions"),
                           ((access, ZERO, prices.stock), "feeds: bad registry"),
                           ((access, prices.stock, named("a key")), "feeds: bad actions"),
                           ((ZERO, prices.stock, prices.stock), "roles: zero address")):  # fmt: skip
        with refuses(refusal):
            deploy("SharePriceFeed", *wrong)


def test_anyone_pokes_and_twice_is_the_same(prices: Prices) -> None:
    before = prices.feed.keptOf(prices.stock)
    for who in ("alice", "mallory"):
        prices.feed.poke(prices.stock, sender=named(who))
    prices.model.apply(ins.PokePrice(STOCK))
    assert prices.feed.keptOf(prices.stock) == before
    prices.agree()
