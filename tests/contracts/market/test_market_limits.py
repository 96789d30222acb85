"""PrimaryMarket: what is minted and redeemed on quotes is limited, net and gross, by stock, investor and issuer."""

from typing import Any

import boa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, ZERO, Event, deploy, named, now, refuses, set_clock, word32
from support.issuance_world import ADMIN, ALICE, BOB, DAY, HOUR, MINT, OTHERS, PAUSER, REDEEM, START, WAD, Issuance

from scrip.market_limits import Level, MarketLimits
from scrip.model.laws import buckets

ISSUER, STOCK, INVESTOR = 0, 1, 2
CENT = 10**4
"""Base units of six decimals."""
FOR_EVER = 2**24 - 1


@pytest.fixture
def trade(suite: Issuance) -> Any:
    """Mint or redeem so many cents' worth; quotes are numbered as they come."""
    serial = iter(range(1, 10**6))
    suite.coin.approve(suite.market, MAX, sender=BOB)
    suite.coin.mint(BOB, 10**15)
    suite.stock.mint(BOB, 1_000 * WAD, sender=named("minter"))

    def submit(cents: int, side: int = MINT, account: str = ALICE, more: int = 0, **changes: Any) -> None:
        terms = {"amount": WAD, "settlement": cents * CENT + more, "account": account, "nonce": next(serial)}
        suite.submit(suite.quote(side, **(terms | changes)))

    return submit


def limit(suite: Issuance, scope: int, net: int = 0, gross: int = 0, window: int = DAY, sender: str = ADMIN) -> None:
    token = suite.stock if scope == STOCK else ZERO
    suite.market.setLimit(scope, token, net, gross, window if net or gross else 0, sender=sender)


def level(suite: Issuance, scope: int, account: str = ALICE) -> tuple[int, int]:
    number = suite.registry.investorOf(account) or int(account, 16)
    return tuple(suite.market.levelOf(scope, suite.stock if scope == STOCK else ZERO, number))


@pytest.mark.parametrize(("scope", "name"), [(ISSUER, "issuer"), (STOCK, "stock"), (INVESTOR, "investor")])
def test_each_scope_limits_gross_and_net(suite: Issuance, trade: Any, scope: int, name: str) -> None:
    limit(suite, scope, net=1_000, gross=2_500)
    trade(1_000)
    with refuses(f"market: {name} limit"):
        trade(1)
    trade(1_500, REDEEM)
    assert level(suite, scope) == (-500, 2_500)
    for side in (MINT, REDEEM):
        with refuses(f"market: {name} limit"):
            trade(1, side)
    trade(0)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_net_is_limited_either_way(suite: Issuance, trade: Any, side: int) -> None:
    limit(suite, STOCK, net=1_000)
    trade(1_000, side)
    with refuses("market: stock limit"):
        trade(1, side)
    trade(2_000, 1 - side)
    with refuses("market: stock limit"):
        trade(1, 1 - side)


def test_a_cap_of_0_is_no_limit(suite: Issuance, trade: Any) -> None:
    trade(10**9)
    limit(suite, STOCK, gross=100)
    trade(100)
    limit(suite, STOCK)
    assert tuple(suite.market.limitOf(STOCK, suite.stock)) == (0, 0, 0)
    trade(10**9)
    assert level(suite, STOCK) == (0, 0)


def test_every_scope_must_have_room_and_none_is_filled_by_what_is_refused(suite: Issuance, trade: Any) -> None:
    for scope, gross in ((ISSUER, 300), (STOCK, 200), (INVESTOR, 100)):
        limit(suite, scope, gross=gross)
    with refuses("market: issuer limit"):
        trade(301)
    with refuses("market: stock limit"):
        trade(201)
    with refuses("market: investor limit"):
        trade(101)
    assert [level(suite, scope) for scope in (ISSUER, STOCK, INVESTOR)] == [(0, 0)] * 3
    trade(100)
    trade(100, account=BOB)
    with refuses("market: stock limit"):
        trade(1, account=BOB)


def test_wallets_of_one_investor_count_together_and_a_stranger_by_itself(suite: Issuance, trade: Any) -> None:
    limit(suite, INVESTOR, gross=100)
    trade(100)
    trade(100, account=BOB)
    for account in (ALICE, BOB):
        with refuses("market: investor limit"):
            trade(1, account=account)
    # A wallet that is moved to another investor counts there; one that has none by itself.
    suite.registry.unlinkWallet(word32("key"), 2, BOB, 1, word32("document"), sender=named("compliance"))
    assert level(suite, INVESTOR, BOB) == (0, 0)
    suite.registry.linkWallet(word32("key 2"), 1, BOB, sender=named("compliance"))
    assert level(suite, INVESTOR, BOB) == (0, 100)
    with refuses("market: investor limit"):
        trade(1, account=BOB)


def test_a_part_of_a_cent_counts_as_one(suite: Issuance, trade: Any) -> None:
    limit(suite, STOCK, gross=3)
    trade(0, more=1)
    trade(1, REDEEM, more=1)
    assert level(suite, STOCK) == (0, 3)


@pytest.mark.parametrize("decimals", [2, 18])
def test_cents_are_cents_whatever_the_stablecoins_decimals(suite: Issuance, decimals: int) -> None:
    coin = deploy("MockReserveOracle", decimals)
    suite.market.listAsset(coin, True, sender=ADMIN)
    limit(suite, STOCK, gross=100)
    over = suite.quote(stablecoin=coin.address, settlement=101 * 10 ** (decimals - 2))
    with refuses("market: stock limit"):
        suite.submit(over)


@pytest.mark.parametrize("settlement", [2**47 * CENT, MAX])
def test_settlements_beyond_any_cap(suite: Issuance, settlement: int) -> None:
    limit(suite, STOCK, net=2**47 - 1)
    with refuses("market: stock limit"):
        suite.submit(suite.quote(settlement=settlement))


TABLE = [
    # A bucket of 100.00 a day: seconds since it was full, cents that are left in it.
    (0, 10_000),
    (1, 10_000),
    (8, 10_000),
    (9, 9_999),
    (864, 9_900),
    (8_640, 9_000),
    (43_200, 5_000),
    (86_399, 1),
    (86_400, 0),
    (10**6, 0),
]
"""By hand: a cent drains in 8.64 s. Windows begin at midnight here, so that no floor is in between."""


@pytest.mark.parametrize(("after", "left"), TABLE)
def test_a_full_bucket_drains_in_one_window(suite: Issuance, trade: Any, after: int, left: int) -> None:
    set_clock(START + DAY - START % DAY)
    limit(suite, STOCK, net=10_000, gross=10_000)
    suite.attest(10_000)
    trade(10_000)
    set_clock(now() + after)
    assert level(suite, STOCK) == (left, left)


@pytest.mark.parametrize("every", [1, 7, 8, 9, 600])
def test_a_busy_bucket_drains_no_faster_and_no_slower_than_an_idle_one(suite: Issuance, trade: Any, every: int) -> None:
    """Touched every few seconds by trades of nothing: 100.00 a day, of which each touch could lose most of a cent."""
    limit(suite, STOCK, net=10_000, gross=10_000)
    trade(10_000)
    began = now()
    for _ in range(60):
        set_clock(now() + every)
        trade(0)
    left = 10_000 - buckets.leak(10_000, began, now(), DAY)
    assert level(suite, STOCK) == (left, left)
    assert abs((10_000 - left) * DAY - (now() - began) * 10_000) < DAY


def test_any_window_can_see_up_to_twice_the_cap_and_no_more(suite: Issuance, trade: Any) -> None:
    limit(suite, STOCK, gross=1_000, window=1_000)
    traded = 1_000
    trade(1_000)
    for _ in range(10):
        set_clock(now() + 100)
        trade(100)
        traded += 100
        with refuses("market: stock limit"):
            trade(1)
    assert traded == 2_000


AMOUNTS = st.tuples(st.sampled_from([MINT, REDEEM]), st.integers(0, 700), st.integers(0, 500))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 1_000), st.integers(1, 1_000), st.integers(1, 1_000), st.lists(AMOUNTS, max_size=12))
def test_whatever_is_traded_when_the_contract_counts_as_the_model_and_never_over_a_cap(
    suite: Issuance, trade: Any, net: int, gross: int, window: int, trades: list[tuple[int, int, int]]
) -> None:
    limits = MarketLimits(net, gross, window)
    with boa.env.anchor():
        clock, kept = now(), Level(0, 0, now())
        for scope in (ISSUER, STOCK, INVESTOR):
            limit(suite, scope, net, gross, window)
        for side, cents, wait in trades:
            clock += wait
            set_clock(clock)
            expected = buckets.filled(kept, limits, cents, side == MINT, clock)
            if expected is None:
                with refuses("market: issuer limit"):
                    trade(cents, side)
            else:
                trade(cents, side)
                kept = expected
            for scope in (ISSUER, STOCK, INVESTOR):
                found = level(suite, scope)
                shown = buckets.level_at(kept, limits, clock)
                assert found == (shown.net, shown.gross)
                assert abs(found[0]) <= net
                assert found[1] <= gross
    set_clock(START)


# --- who sets them


def test_a_limit_and_its_event(suite: Issuance) -> None:
    for scope, token in ((ISSUER, ZERO), (STOCK, suite.stock.address), (INVESTOR, ZERO)):
        suite.market.setLimit(scope, token, 5, 7, HOUR, sender=ADMIN)
        told = {"scope": scope, "token": token, "capNet": 5, "capGross": 7, "window": HOUR}
        assert suite.market.events() == [Event(suite.market.address, "LimitSet", told)]
        assert tuple(suite.market.limitOf(scope, token)) == (5, 7, HOUR)


@pytest.mark.parametrize(
    ("net", "gross", "window", "tighter"),
    [
        (100, 200, DAY, True),
        (99, 200, DAY, True),
        (100, 199, DAY + 1, True),
        (1, 1, FOR_EVER, True),
        (101, 200, DAY, False),
        (100, 201, DAY, False),
        (100, 200, DAY - 1, False),
        (0, 200, DAY, False),
        (100, 0, DAY, False),
        (1, 1, DAY - 1, False),
        (0, 0, 0, False),
    ],
)
@pytest.mark.parametrize("scope", [ISSUER, STOCK, INVESTOR])
def test_the_pauser_tightens_and_the_timelock_loosens(
    suite: Issuance, scope: int, net: int, gross: int, window: int, tighter: bool
) -> None:
    limit(suite, scope, 100, 200, sender=PAUSER)
    token = suite.stock if scope == STOCK else ZERO
    if tighter:
        suite.market.setLimit(scope, token, net, gross, window, sender=PAUSER)
    else:
        with refuses("limits: would loosen"):
            suite.market.setLimit(scope, token, net, gross, window, sender=PAUSER)
        suite.market.setLimit(scope, token, net, gross, window, sender=ADMIN)
    assert tuple(suite.market.limitOf(scope, token)) == (net, gross, window)


@pytest.mark.parametrize("actor", OTHERS)
def test_nobody_else_sets_them(suite: Issuance, actor: str) -> None:
    if actor not in ("admin", "pauser"):
        with refuses("roles: not authorised"):
            suite.market.setLimit(ISSUER, ZERO, 1, 1, 1, sender=OTHERS[actor])


@pytest.mark.parametrize(
    "terms",
    [(1, 1, 0), (0, 0, 1), (2**47, 1, 1), (1, 2**47, 1), (1, 1, 2**24), (MAX, 1, 1), (1, MAX, 1), (1, 1, MAX)],
)
def test_limits_that_no_word_holds(suite: Issuance, terms: tuple[int, int, int]) -> None:
    with refuses("limits: bad limits"):
        suite.market.setLimit(ISSUER, ZERO, *terms, sender=ADMIN)


def test_scopes_that_are_none(suite: Issuance) -> None:
    for scope, token in ((3, ZERO), (255, ZERO), (ISSUER, suite.stock), (INVESTOR, suite.stock), (STOCK, ZERO)):
        with refuses("limits: bad scope"):
            suite.market.setLimit(scope, token, 1, 1, 1, sender=ADMIN)


def test_what_was_traded_counts_on_when_limits_change(suite: Issuance, trade: Any) -> None:
    limit(suite, STOCK, net=1_000, gross=1_000, window=1_000)
    trade(800)
    set_clock(now() + 300)
    limit(suite, STOCK, net=100, gross=400, window=1_000, sender=PAUSER)
    # What drained so far did at the old rate; the rest is over the new cap, and only what lowers the net fits.
    assert level(suite, STOCK) == (500, 500)
    with refuses("market: stock limit"):
        trade(1)
    set_clock(now() + 1_000)
    assert level(suite, STOCK) == (400, 100)
    trade(300, REDEEM)
    assert level(suite, STOCK) == (100, 400)


def test_a_pause_and_the_limits_of_investors_share_a_word_and_leave_each_other_alone(suite: Issuance) -> None:
    suite.market.pause(sender=PAUSER)
    limit(suite, INVESTOR, net=2**47 - 1, gross=2**47 - 1, window=FOR_EVER)
    assert suite.market.paused()
    suite.market.unpause(sender=named("unpauser"))
    assert not suite.market.paused()
    assert tuple(suite.market.limitOf(INVESTOR, ZERO)) == (2**47 - 1, 2**47 - 1, FOR_EVER)
    suite.market.pause(sender=PAUSER)
    assert tuple(suite.market.limitOf(INVESTOR, ZERO)) == (2**47 - 1, 2**47 - 1, FOR_EVER)
    limit(suite, INVESTOR)
    assert suite.market.paused()
