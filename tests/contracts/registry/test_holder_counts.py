"""Whatever happens to a capped stock, its holders are those that a recount of all balances finds."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import Refused, named, set_clock
from support.contract_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DOCUMENT,
    MINTER,
    PAUSER,
    REASON,
    RECOVERER,
    RETAIL,
    START,
    UNPAUSER,
    VENUE,
    World,
    fresh_key,
)
from support.holder_market import ALICE2, DAVE, POOL, Market

FRESH = [named(f"fresh wallet {at}") for at in range(3)]
WALLETS = [ALICE, ALICE2, BOB, CAROL, DAVE, POOL, *FRESH]
INVESTORS = (1, 2, 3, 4, 9)
MOST, MAXIMUM, MINIMUM = 3, 100, 10

EXAMPLES = int(os.environ.get("SCRIP_COUNTS_EXAMPLES", "8"))

wallets = st.sampled_from(WALLETS)
investors = st.sampled_from(INVESTORS)
amounts = st.sampled_from([0, 1, 5, 9, 10, 20, 50, 99, 100])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("mint"), wallets, amounts),
        st.tuples(st.just("transfer"), wallets, wallets, amounts),
        st.tuples(st.just("transfer all"), wallets, wallets),
        st.tuples(st.just("burn"), wallets, amounts),
        st.tuples(st.just("seize"), wallets, wallets, amounts),
        st.tuples(st.just("link"), investors, wallets),
        st.tuples(st.just("unlink"), investors, wallets),
        st.tuples(st.just("recover"), wallets, st.sampled_from(FRESH), st.booleans()),
        st.tuples(st.just("recover in"), wallets),
        st.tuples(st.just("venue"), investors, st.booleans()),
        st.tuples(st.just("limit anew"), st.sets(wallets)),
        st.tuples(st.just("seed"), st.sets(wallets)),
    ),
    min_size=4,
    max_size=14,
)


@pytest.fixture(scope="module")
def built_market(built_world: World) -> Iterator[Market]:
    """A capped stock with two holders; every example puts the chain back."""
    with boa.env.anchor():
        built = Market(built_world, MOST, MAXIMUM, MINIMUM)
        built.mint(ALICE, 50)
        built.mint(BOB, 100)
        yield built


def carry_out(market: Market, step: tuple[Any, ...]) -> None:
    """A step, whatever becomes of it."""
    world, registry, stock = market.world, market.registry, market.stock
    match step:
        case ("mint", wallet, amount):
            market.mint(wallet, amount)
        case ("transfer", sender, to, amount):
            free = stock.canTransfer(sender, to, amount) and amount <= stock.balanceOf(sender)
            try:
                market.move(sender, to, amount)
            except Refused:
                assert not free
                raise
            assert free
        case ("transfer all", sender, to):
            market.move(sender, to, stock.balanceOf(sender))
        case ("burn", wallet, amount):
            stock.burn(wallet, amount, sender=MINTER)
        case ("seize", sender, to, amount):
            world.seize(stock, sender, to, amount)
        case ("link", investor, wallet):
            world.link(investor, wallet)
        case ("unlink", investor, wallet):
            world.unlink(investor, wallet)
        case ("recover", old, new, at_once):
            args = (fresh_key(), registry.investorOf(old), old, new, REASON, DOCUMENT, [stock] if at_once else [])
            registry.recoverWallet(*args, sender=RECOVERER)
        case ("recover in", old):
            registry.recoverIn(old, [stock])
        case ("venue", investor, is_venue):
            profile = (fresh_key(), investor, 840, VENUE if is_venue else RETAIL)
            registry.setProfile(*profile, sender=COMPLIANCE)
        case ("limit anew", seeded):
            registry.removeHolderLimits(stock, sender=ADMIN)
            stock.pause(sender=PAUSER)
            market.limit(MOST, MAXIMUM, MINIMUM)
            registry.seedHolders(stock, sorted(seeded))
            stock.unpause(sender=UNPAUSER)
        case ("seed", seeded):
            stock.pause(sender=PAUSER)
            try:
                registry.seedHolders(stock, sorted(seeded))
            finally:
                stock.unpause(sender=UNPAUSER)


def check_counts(market: Market) -> None:
    """The registry's totals and count against the balances and the register, once all is seeded."""
    registry, stock = market.registry, market.stock
    holders, unseeded = registry.holderCount(stock)
    if unseeded:
        return
    totals: Counter[Any] = Counter()
    venues = set()
    for wallet in WALLETS:
        investor = registry.investorOf(wallet)
        totals[investor or wallet] += stock.balanceOf(wallet)
        if investor and registry.investorRecord(investor)[3] == VENUE:
            venues.add(investor)
    for wallet in WALLETS:
        assert registry.heldWith(stock, wallet) == totals[registry.investorOf(wallet) or wallet]
    assert holders == sum(1 for holder, total in totals.items() if total and holder not in venues)


@settings(max_examples=EXAMPLES)
@given(story=steps)
def test_the_count_is_that_of_a_recount(built_market: Market, story: list[tuple[Any, ...]]) -> None:
    with boa.env.anchor():
        set_clock(START)
        for step in story:
            with suppress(Refused):
                carry_out(built_market, step)
            check_counts(built_market)


@settings(max_examples=EXAMPLES)
@given(moves=st.lists(st.tuples(wallets, wallets, st.integers(0, 120)), max_size=12))
def test_transfers_keep_the_limits(built_market: Market, moves: list[tuple[str, str, int]]) -> None:
    """By transfers alone nobody but a venue comes to have more than the maximum, or less than the minimum."""
    with boa.env.anchor():
        set_clock(START)
        for sender, to, amount in moves:
            with suppress(Refused):
                built_market.move(sender, to, amount)
        assert built_market.holders <= MOST
        for wallet in (ALICE, BOB, CAROL, DAVE):
            assert built_market.held(wallet) == 0 or MINIMUM <= built_market.held(wallet) <= MAXIMUM
