"""Limits of mints and redemptions: buckets that leak, by hand and against the model."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_world import DAY, STOCK, World

from scrip.instructions.market import SetMarketLimit
from scrip.market_limits import Level, MarketLimits, cents_of
from scrip.model.laws import buckets
from scrip.units import Stablecoin

HUNDRED = MarketLimits(10_000, 10_000, DAY)
"""100.00 a day, net and gross: a cent in 8.64 s."""


@pytest.mark.parametrize(
    ("since", "now", "drained"),
    [
        (0, 8, 0),
        (0, 9, 1),
        (8, 9, 1),
        (9, 17, 0),
        (9, 18, 1),
        (0, 86_399, 9_999),
        (0, 86_400, 10_000),
        (86_400, 90_720, 500),
        (1_800_000_000, 1_800_000_000, 0),
        (1_800_000_000, 1_800_086_400, 10_000),
    ],
)
def test_the_leak_by_hand(since: int, now: int, drained: int) -> None:
    """A cent is due at every multiple of 8.64 s since 1970: after 8.64, 17.28, 25.92 s, and so on."""
    assert buckets.leak(10_000, since, now, DAY) == drained


@given(st.integers(1, 2**47 - 1), st.integers(1, 2**24 - 1), st.lists(st.integers(0, 10**6), min_size=2, max_size=30))
def test_many_short_leaks_are_one_long_one(cap: int, window: int, touches: list[int]) -> None:
    touches = sorted(touches)
    parts = [buckets.leak(cap, one, other, window) for one, other in pairwise(touches)]
    whole = buckets.leak(cap, touches[0], touches[-1], window)
    assert sum(parts) == whole
    # And that is what is due, to less than a cent.
    assert abs(whole - Fraction(cap * (touches[-1] - touches[0]), window)) < 1


@given(
    st.integers(0, 10_000),
    st.integers(1, 1_000),
    st.lists(st.tuples(st.booleans(), st.integers(0, 3_000), st.integers(0, 700)), max_size=30),
)
def test_no_window_sees_more_than_twice_a_cap(cap: int, window: int, trades: list[tuple[bool, int, int]]) -> None:
    limits = MarketLimits(0, cap, window if cap else 0)
    now, level, done = 0, Level(), list[tuple[int, int]]()
    for is_mint, cents, wait in trades:
        now += wait
        if (made := buckets.filled(level, limits, cents, is_mint, now)) is not None:
            level = made
            done.append((now, cents))
    if cap:
        for start, _ in done:
            assert sum(cents for at, cents in done if start <= at < start + window) <= 2 * cap


@given(st.integers(-(10**4), 10**4), st.integers(0, 10**4), st.integers(0, 10**4), st.booleans(), st.integers(0, DAY))
def test_what_is_left_fits_and_a_cent_more_does_not(net: int, gross: int, now: int, is_mint: bool, since: int) -> None:
    level, at = Level(net, gross, since), since + now
    left = buckets.room(level, HUNDRED, is_mint, at)
    assert left is not None
    assert buckets.filled(level, HUNDRED, left + 1, is_mint, at) is None
    if left:
        assert buckets.filled(level, HUNDRED, left, is_mint, at) is not None


@given(st.integers(-(10**5), 10**5), st.integers(0, 10**5), st.integers(0, 11_000), st.booleans())
def test_the_first_second_at_which_a_trade_fits(net: int, gross: int, cents: int, is_mint: bool) -> None:
    """Levels over the cap are of a time before it was tightened."""
    level, now = Level(net, gross, 1_000), 2_000
    free = buckets.free_at(level, HUNDRED, cents, is_mint, now)
    if free is None:
        assert cents > HUNDRED.gross
        return
    assert buckets.filled(level, HUNDRED, cents, is_mint, free) is not None
    assert free == now or buckets.filled(level, HUNDRED, cents, is_mint, free - 1) is None


@pytest.mark.parametrize(
    ("text", "cents"), [("0", 0), ("0.000001", 1), ("0.01", 1), ("0.010001", 2), ("12.34", 1_234), ("12.345", 1_235)]
)
def test_a_part_of_a_cent_counts_whole(text: str, cents: int) -> None:
    assert cents_of(Stablecoin.parse(text)) == cents


@pytest.mark.parametrize(
    ("ours", "theirs", "tighter"),
    [
        (MarketLimits(1, 1, 1), MarketLimits(), True),
        (MarketLimits(), MarketLimits(), True),
        (MarketLimits(), MarketLimits(1, 1, 1), False),
        (MarketLimits(5, 5, 10), MarketLimits(5, 0, 10), True),
        (MarketLimits(5, 0, 10), MarketLimits(5, 5, 10), False),
        (MarketLimits(5, 5, 9), MarketLimits(5, 5, 10), False),
        (MarketLimits(6, 1, 10), MarketLimits(5, 5, 10), False),
    ],
)
def test_which_of_two_is_the_tighter(ours: MarketLimits, theirs: MarketLimits, tighter: bool) -> None:
    assert (ours <= theirs) == tighter


def test_limits_in_the_model(world: World) -> None:
    world.do(SetMarketLimit("stock", MarketLimits(1_000, 1_500, DAY), STOCK), world.mint(settlement="10"))
    assert world.refused(world.mint(settlement="0.01")) == "market: stock limit"
    world.do(world.redeem(settlement="5"))
    assert world.refused(world.redeem(settlement="0.01")) == "market: stock limit"
    world.do(SetMarketLimit("investor", MarketLimits(0, 100, DAY)))
    assert world.refused(world.mint(settlement="1.01")) == "market: stock limit"
    world.do(SetMarketLimit("stock", MarketLimits(), STOCK))
    assert world.refused(world.mint(settlement="1.01")) == "market: investor limit"
    world.do(SetMarketLimit("issuer", MarketLimits(0, 50, DAY)))
    assert world.refused(world.mint(settlement="1.01")) == "market: issuer limit"
    assert world.refused(SetMarketLimit("stock", MarketLimits(1, 1, 1))) == "limits: bad scope"
    assert world.refused(SetMarketLimit("issuer", MarketLimits(1, 1, 1), STOCK)) == "limits: bad scope"
    for bad in (MarketLimits(1, 1, 0), MarketLimits(0, 0, 1), MarketLimits(2**47, 0, 1), MarketLimits(1, 1, 2**24)):
        assert world.refused(SetMarketLimit("issuer", bad)) == "limits: bad limits"
    assert world.refused(SetMarketLimit("issuer", MarketLimits(), by="alice")) == "roles: not authorised"
