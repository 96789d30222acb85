"""PrimaryMarket: quotes in a settlement coin that has a guard are taken while its peg feed says that it is a dollar."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, ZERO, Event, Handle, deploy, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, DAY, HOUR, MINT, OTHERS, PAUSER, REDEEM, Issuance, deploy_stub

from scrip.model.laws import pegs

DOLLAR = 10**8
ANYONE = named("anyone")
GAS = 460_000
"""What `poke` must have left when it asks."""


@pytest.fixture
def feed(suite: Issuance) -> Handle:
    """The coin within 50 bps of a dollar, by answers of an hour; not poked."""
    made = deploy_stub("StubPriceSource", 8)
    suite.market.setPeg(suite.coin, made, 50, HOUR, sender=ADMIN)
    return made


def say(feed: Handle, answer: int = DOLLAR, **more: int) -> None:
    """The feed's answer, as of now; `carried` one of an older round, `mode` as the stub takes it."""
    answer %= 2**256
    told = {"mode": 0, "decimals": 8, "at": now(), "carried": 0} | more
    feed.set(told["mode"], told["decimals"], [7, answer, told["at"], told["at"], 7 - told["carried"]])


def until(suite: Issuance) -> int:
    return suite.market.pegOf(suite.coin)[3]


def poke(suite: Issuance) -> int:
    suite.market.poke(suite.coin, sender=ANYONE)
    return until(suite)


@pytest.mark.parametrize("side", [MINT, REDEEM])
def test_a_coin_with_a_guard_settles_through_the_last_second_and_no_longer(
    suite: Issuance, feed: Handle, side: int
) -> None:
    most = suite.market.maxMint if side == MINT else suite.market.maxRedeem
    with refuses("market: off peg"):
        suite.submit(suite.quote(side))
    assert most(suite.stock, ALICE, suite.coin) == 0
    say(feed)
    assert poke(suite) == now() + HOUR
    told = {"asset": suite.coin.address, "until": now() + HOUR}
    assert suite.market.events() == [Event(suite.market.address, "PegPoked", told)]
    set_clock(until(suite))
    assert most(suite.stock, ALICE, suite.coin) > 0
    suite.submit(suite.quote(side))
    set_clock(until(suite) + 1)
    assert most(suite.stock, ALICE, suite.coin) == 0
    with refuses("market: off peg"):
        suite.submit(suite.quote(side, nonce=2))


def test_off_peg_is_found_out_before_the_stock_and_after_the_list(suite: Issuance, feed: Handle) -> None:
    with refuses("market: off peg"):
        suite.submit(suite.quote(token=ALICE, generation=0))
    suite.market.listAsset(suite.coin, False, sender=ADMIN)
    with refuses("market: asset not listed"):
        suite.submit(suite.quote())


def test_a_coin_without_a_guard_is_as_it_was(suite: Issuance) -> None:
    assert tuple(suite.market.pegOf(suite.coin)) == (ZERO, 0, 0, 0)
    set_clock(2**39)
    assert suite.market.maxMint(suite.stock, ALICE, suite.coin) == MAX
    with refuses("market: no peg"):
        suite.market.poke(suite.coin, sender=ANYONE)
    with refuses("market: asset not listed"):
        suite.market.poke(ALICE, sender=ANYONE)


BAD: dict[str, dict[str, Any]] = {
    "zero": {"answer": 0},
    "negative": {"answer": -DOLLAR},
    "least": {"answer": -(2**255)},
    "greatest": {"answer": 2**255 - 1},
    "more than 128 bits": {"answer": 2**128},
    "under the band": {"answer": 99_499_999},
    "over the band": {"answer": 100_500_001},
    "at other decimals": {"decimals": 18},
    "at 37 decimals": {"answer": 10**37, "decimals": 37},
    "at endless decimals": {"decimals": MAX},
    "carried over from an older round": {"carried": 1},
    "never": {"at": 0},
    "of the end of time": {"at": MAX},
    "reverts": {"mode": 1},
    "too few bytes": {"mode": 2},
    "all its gas": {"mode": 3},
    "in decimals that it does not say": {"mode": 4},
}


@pytest.mark.parametrize("kind", BAD)
def test_whatever_is_no_good_answer_is_off_peg_at_once(suite: Issuance, feed: Handle, kind: str) -> None:
    say(feed)
    assert poke(suite)
    say(feed, **BAD[kind])
    assert poke(suite) == 0
    with refuses("market: off peg"):
        suite.submit(suite.quote())
    say(feed)
    assert poke(suite)
    suite.submit(suite.quote())


COIN_OF = {
    "eighteen decimals": "60125f5260205ff3",
    "five": "60055f5260205ff3",
    "as many as a word holds": "5f195f5260205ff3",
    "none that it says": "00",
    "a revert": "5f5ffd",
    "all its gas": "5b5f56",
}


@pytest.mark.parametrize("kind", COIN_OF)
def test_a_coin_that_counts_otherwise_than_when_it_was_listed_is_off_its_peg(
    suite: Issuance, feed: Handle, kind: str
) -> None:
    """An upgrade that changes its decimals would settle quotes of before for a millionth of a millionth."""
    say(feed)
    assert poke(suite)
    before = boa.env.get_code(suite.coin.address)
    boa.env.set_code(suite.coin.address, bytes.fromhex(COIN_OF[kind]))
    assert poke(suite) == 0
    boa.env.set_code(suite.coin.address, before)
    with refuses("market: off peg"):
        suite.submit(suite.quote())
    assert poke(suite)
    suite.submit(suite.quote())


@pytest.mark.parametrize(("at", "good"), [(-HOUR, True), (-HOUR - 1, False), (0, True), (1, False)])
def test_the_second_from_which_an_answer_is_old_or_of_the_future(
    suite: Issuance, feed: Handle, at: int, good: bool
) -> None:
    say(feed, at=now() + at)
    assert poke(suite) == (now() + at + HOUR if good else 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    decimals=st.integers(0, 38),
    off=st.integers(-1_100, 1_100),
    more=st.integers(-2, 2),
    age=st.integers(-2, 3_603),
    band=st.integers(0, 1_000),
)
def test_the_model_judges_as_the_contract_does(
    suite: Issuance, decimals: int, off: int, more: int, age: int, band: int
) -> None:
    feed = deploy_stub("StubPriceSource", 8)
    suite.market.setPeg(suite.coin, feed, band, HOUR, sender=ADMIN)
    answer = 10**decimals + 10**decimals * off // 10_000 + more
    say(feed, answer, decimals=decimals, at=now() - age)
    assert poke(suite) == pegs.good_until(answer, decimals, now() - age, band, HOUR, now())


def test_a_feed_without_code_any_more_is_off_peg(suite: Issuance, feed: Handle) -> None:
    say(feed)
    assert poke(suite)
    boa.env.set_code(feed.address, b"")
    assert poke(suite) == 0


def test_no_caller_makes_a_good_feed_fail_by_giving_too_little_gas(suite: Issuance, feed: Handle) -> None:
    say(feed)
    assert poke(suite)
    market, data = suite.market, suite.market.calldata("poke", suite.coin.address)

    def poked(gas: int) -> bool:
        return not boa.env.execute_code(to_address=market.address, sender=ANYONE, data=data, gas=gas).is_error

    for gas in (GAS, GAS // 2, 100_000):
        assert not poked(gas)
        assert until(suite)
    # With as little as is let through even a feed that spends all of its share leaves enough to keep what it is.
    assert poked(GAS + 10_000)
    assert until(suite)
    say(feed, mode=3)
    assert poked(GAS + 10_000)
    assert until(suite) == 0


def test_who_guards_a_coin_how(suite: Issuance, feed: Handle) -> None:
    for name, account in OTHERS.items():
        if name not in ("admin", "pauser"):
            with refuses("roles: not authorised"):
                suite.market.setPeg(suite.coin, feed, 50, HOUR, sender=account)
    bad = [(feed, 1_001, HOUR), (feed, 50, 7 * DAY + 1), (feed, MAX, MAX), (feed, 50, 0)]
    bad += [(ZERO, 50, HOUR), (ZERO, 0, HOUR), (ZERO, 50, 0), (ALICE, 50, HOUR)]
    for terms in bad:
        with refuses("market: bad peg"):
            suite.market.setPeg(suite.coin, *terms, sender=ADMIN)
    with refuses("market: bad peg"):
        suite.market.setPeg(ZERO, feed, 50, HOUR, sender=ADMIN)
    for terms in ((feed, 1_000, 7 * DAY), (feed, 1, 1)):
        suite.market.setPeg(suite.coin, *terms, sender=ADMIN)
        told = {"asset": suite.coin.address, "feed": feed.address, "bandBps": terms[1], "maxAge": terms[2]}
        assert suite.market.events() == [Event(suite.market.address, "PegSet", told)]
        assert tuple(suite.market.pegOf(suite.coin)) == (feed.address, *terms[1:], 0)


def test_the_pauser_makes_a_guard_tighter_and_nothing_else(suite: Issuance, feed: Handle) -> None:
    other = deploy_stub("StubPriceSource", 8)
    for terms in ((feed, 51, HOUR), (feed, 50, HOUR + 1), (other, 50, HOUR), (ZERO, 0, 0)):
        with refuses("market: would loosen"):
            suite.market.setPeg(suite.coin, *terms, sender=PAUSER)
    unguarded = deploy("MockStablecoin")
    for terms in ((feed, 1, 1), (ZERO, 0, 0)):
        with refuses("market: would loosen"):
            suite.market.setPeg(unguarded, *terms, sender=PAUSER)
    say(feed)
    for terms in ((feed, 49, HOUR), (feed, 49, HOUR - 1)):
        assert poke(suite)
        suite.market.setPeg(suite.coin, *terms, sender=PAUSER)
        assert until(suite) == 0
    # Off its peg whatever the feed says, and whoever pokes.
    suite.market.setPeg(suite.coin, feed, 0, HOUR - 1, sender=PAUSER)
    assert poke(suite) == 0
    with refuses("market: would loosen"):
        suite.market.setPeg(suite.coin, feed, 1, HOUR - 1, sender=PAUSER)
    suite.market.setPeg(suite.coin, feed, 50, HOUR, sender=ADMIN)
    assert poke(suite) == now() + HOUR


def test_the_coins_word_keeps_the_rest(suite: Issuance, feed: Handle) -> None:
    say(feed)
    good = poke(suite)
    suite.market.setTreasury(named("other"), sender=ADMIN)
    assert (until(suite), suite.market.assetListed(suite.coin)) == (good, True)
    suite.market.setTreasury(named("treasury"), sender=ADMIN)
    suite.submit(suite.quote())
    # Listed again it has its guard, and waits for a poke.
    suite.market.listAsset(suite.coin, False, sender=ADMIN)
    suite.market.setPeg(suite.coin, feed, 40, HOUR, sender=ADMIN)
    assert suite.market.assetListed(suite.coin) is False
    suite.market.listAsset(suite.coin, True, sender=ADMIN)
    with refuses("market: off peg"):
        suite.submit(suite.quote(nonce=2))
    assert poke(suite) == good
    # Without its guard it settles whatever it is worth.
    suite.market.setPeg(suite.coin, ZERO, 0, 0, sender=ADMIN)
    say(feed, 1)
    set_clock(now() + DAY)
    suite.submit(suite.quote(nonce=3, expiry=now() + HOUR))


def test_a_pause_stops_no_poke(suite: Issuance, feed: Handle) -> None:
    suite.market.pause(sender=PAUSER)
    say(feed)
    assert poke(suite) == poke(suite) == now() + HOUR
