"""The band around a stock's price: by hand, and as the model's market asks for it."""

from __future__ import annotations

import pytest
from model_world import STOCK, World, priced

from scrip.errors import Refusal
from scrip.instructions.market import SetMarketBand
from scrip.model.laws import bands, sessions
from scrip.roles import ADMIN
from scrip.units import WAD


@pytest.mark.parametrize(
    ("amount", "settlement", "band", "within"),
    [
        (WAD, 100_000_000, 1, True),
        (WAD, 101_000_000, 100, True),
        (WAD, 101_000_001, 100, False),
        (WAD, 99_000_000, 100, True),
        (WAD, 98_999_999, 100, False),
        (WAD, 0, 5_000, False),
        (0, 0, 1, True),
        (0, 1, 5_000, False),
        (1, 0, 1, False),
        (2**128, 0, 5_000, False),
        (0, 2**160, 5_000, False),
    ],
)
def test_the_band_by_hand(amount: int, settlement: int, band: int, within: bool) -> None:
    """At 100 dollars, in a coin of six decimals; a token's last unit is worth 100 of a dollar's last."""
    assert bands.is_within(amount, settlement, 6, 100 * WAD, band) == within


@pytest.mark.parametrize(
    ("amount", "spread", "mint", "redemption"),
    [
        (WAD, 0, 100_000_000, 100_000_000),
        (100 * WAD, 25, 10_025_000_000, 9_975_000_000),
        (1, 0, 1, 0),
        (10**16 + 1, 1, 1_000_101, 999_900),
        (0, 5_000, 0, 0),
    ],
)
def test_a_quote_at_a_spread_is_rounded_against_the_customer(
    amount: int, spread: int, mint: int, redemption: int
) -> None:
    """At 100 dollars, in a coin of six decimals."""
    for is_mint, due in ((True, mint), (False, redemption)):
        assert bands.at_spread(amount, 6, 100 * WAD, spread, is_mint) == due


def test_quotes_are_bounded_and_wait_for_the_exchange(world: World) -> None:
    (admin,) = world.ledger.config.holding(ADMIN)
    world.do(SetMarketBand(STOCK, 100, by=admin))
    assert world.refused(world.mint(amount=10, settlement="900")) == "feeds: no price"
    priced(world)
    assert world.refused(world.mint(amount=10, settlement="909.000001")) == "market: outside the band"
    world.do(world.mint(amount=10, settlement="909"), world.redeem(amount=1, settlement="89.1"))
    assert world.refused(world.redeem(amount=1, settlement="89.09")) == "market: outside the band"
    priced(world, calendar=sessions.number_of("XNYS", "exchange"))
    for order in (world.mint(amount=10, settlement="900"), world.redeem(amount=1, settlement="90")):
        assert world.refused(order) == "market: closed"
    priced(world, window=True)
    assert world.refused(world.mint(amount=10, settlement="900")) == "feeds: window"
    world.do(SetMarketBand(STOCK, 0, by=admin), world.mint(amount=10, settlement="1"))


def test_who_sets_a_band_to_what(world: World) -> None:
    (admin,) = world.ledger.config.holding(ADMIN)
    for bad in (-1, 5_001):
        assert world.refused(SetMarketBand(STOCK, bad, by=admin)) == "market: bad band"
    with pytest.raises(Refusal):
        world.ledger.apply(SetMarketBand(STOCK, 100, by="alice"))
