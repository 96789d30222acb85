"""PrimaryMarket: what could be minted and redeemed now, by views that answer whatever they are asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, ZERO, Handle, deploy, named, now, refuses, set_clock
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    DAY,
    HOUR,
    MALLORY,
    MINT,
    PAUSER,
    REDEEM,
    TREASURY,
    UNPAUSER,
    WAD,
    Issuance,
)

from scrip.market_limits import Level, MarketLimits
from scrip.model.laws import buckets, sessions

CENT = 10**4


def most(suite: Issuance, side: int, account: str = ALICE, coin: Handle | None = None) -> int:
    view = suite.market.maxMint if side == MINT else suite.market.maxRedeem
    return view(suite.stock, account, coin or suite.coin)


def test_without_limits_a_mint_has_none_and_a_redemption_what_the_treasury_pays(suite: Issuance) -> None:
    assert most(suite, MINT) == MAX
    assert most(suite, REDEEM) == suite.coin.balanceOf(TREASURY) == 10**15
    suite.coin.approve(suite.market, 7, sender=TREASURY)
    assert most(suite, REDEEM) == 7


@pytest.mark.parametrize("side", [MINT, REDEEM])
@pytest.mark.parametrize("scope", [0, 1, 2])
@pytest.mark.parametrize(("net", "gross"), [(1_000, 0), (0, 1_000), (1_000, 1_500), (1_500, 1_000)])
def test_exactly_so_much_fits(suite: Issuance, side: int, scope: int, net: int, gross: int) -> None:
    token = suite.stock if scope == 1 else ZERO
    suite.market.setLimit(scope, token, net, gross, DAY, sender=ADMIN)
    suite.submit(suite.quote(MINT, settlement=300 * CENT))
    found = most(suite, side)
    rooms = [net - 300 if side == MINT else net + 300] if net else []
    assert found == min([*rooms, *([gross - 300] if gross else [])]) * CENT
    with refuses(f"market: {('issuer', 'stock', 'investor')[scope]} limit"):
        suite.submit(suite.quote(side, settlement=found + 1, nonce=2))
    suite.submit(suite.quote(side, settlement=found, nonce=2))
    assert most(suite, side) == 0
    # Another investor's bucket is another one.
    assert (most(suite, side, BOB) > 0) == (scope == 2)


@settings(max_examples=25, deadline=None)
@given(
    trades=st.lists(st.tuples(st.booleans(), st.integers(0, 2_000), st.integers(0, DAY // 3)), max_size=4),
    net=st.sampled_from([0, 1, 1_000, 3_000]),
    gross=st.sampled_from([0, 1, 2_500]),
)
def test_the_chain_says_what_the_model_says(
    traded: Issuance, trades: list[tuple[bool, int, int]], net: int, gross: int
) -> None:
    import boa

    limits = MarketLimits(net, gross, DAY if net or gross else 0)
    with boa.env.anchor():
        begun = now()
        traded.market.setLimit(1, traded.stock, net, gross, limits.window, sender=ADMIN)
        level = Level(since=begun)
        for nonce, (is_mint, cents, wait) in enumerate(trades):
            set_clock(now() + wait)
            if (made := buckets.filled(level, limits, cents, is_mint, now())) is not None and limits:
                traded.attest(10_000)
                traded.submit(
                    traded.quote(MINT if is_mint else REDEEM, amount=WAD, settlement=cents * CENT, nonce=nonce)
                )
                level = made
            for side in (MINT, REDEEM):
                room = buckets.room(level, limits, side == MINT, now())
                expected = MAX if room is None else room * CENT
                paid = traded.coin.balanceOf(TREASURY)
                assert most(traded, side) == (expected if side == MINT else min(expected, paid))
        set_clock(begun)


@pytest.fixture(scope="module")
def traded() -> Issuance:
    return Issuance()


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_whatever_stops_the_market_is_0_and_reverts_nothing(suite: Issuance, side: int) -> None:
    view = suite.market.maxMint if side == MINT else suite.market.maxRedeem
    for token in (ZERO, ALICE, suite.registry, suite.market):
        assert view(token, ALICE, suite.coin) == 0
    for coin in (ZERO, ALICE, suite.stock):
        assert view(suite.stock, ALICE, coin) == 0
    assert view(suite.stock, ZERO, suite.coin) == view(suite.stock, MALLORY, suite.coin) > 0
    suite.market.pause(sender=PAUSER)
    assert most(suite, side) == 0
    suite.market.unpause(sender=UNPAUSER)
    suite.stock.pause(sender=PAUSER)
    assert most(suite, side) == 0
    suite.stock.unpause(sender=UNPAUSER)
    feed, source = deploy("SharePriceFeed", suite.roles, suite.registry, suite.actions), deploy("MockReserveOracle", 8)
    suite.market.setBand(suite.stock, feed, 100, sender=ADMIN)
    assert most(suite, side) == 0
    feed.configure(suite.stock, source, False, ZERO, False, sessions.ALWAYS, HOUR, 1_000, 0, sender=ADMIN)
    source.push(200 * 10**8)
    feed.poke(suite.stock)
    assert most(suite, side) > 0
    feed.suspend(suite.stock, sender=PAUSER)
    assert most(suite, side) == 0
    feed.resume(suite.stock, sender=named("unpauser"))
    # Loaded and without a session: shut.
    calendar, first = sessions.number_of("XNYS", "exchange"), now() // DAY // sessions.DAYS - 1
    opens = (now() // DAY - 1) * DAY
    words = sessions.packed([(opens + 14 * HOUR, opens + 21 * HOUR)], first, 3)
    feed.setSessions(calendar, first, list(words), sender=ADMIN)
    feed.configure(suite.stock, source, False, ZERO, False, calendar, HOUR, 1_000, 0, sender=ADMIN)
    feed.poke(suite.stock)
    assert feed.strictPrice(suite.stock)[2] is False
    assert most(suite, side) == 0


@pytest.mark.parametrize("decimals", [6, 8, 18])
def test_in_the_coins_own_units(suite: Issuance, decimals: int) -> None:
    coin = deploy("MockReserveOracle", decimals)
    suite.market.listAsset(coin, True, sender=ADMIN)
    suite.market.setLimit(0, ZERO, 123, 0, DAY, sender=ADMIN)
    assert most(suite, MINT, coin=coin) == 123 * 10 ** (decimals - 2)


def test_the_greatest_cap_of_a_coin_of_thirty_six_decimals(suite: Issuance) -> None:
    coin = deploy("MockReserveOracle", 36)
    suite.market.listAsset(coin, True, sender=ADMIN)
    suite.market.setLimit(0, ZERO, 2**47 - 1, 0, DAY, sender=ADMIN)
    assert most(suite, MINT, coin=coin) == (2**47 - 1) * 10**34
