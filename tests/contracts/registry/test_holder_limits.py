"""How many may hold a stock and how much, where the stock asks for it."""

from collections.abc import Callable
from typing import Any

import boa
import pytest
from support.contract_calls import ZERO, named, refuses, slot_of
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ADMIN,
    ALICE,
    BLOCKLIST,
    BOB,
    CAROL,
    COMPLIANCE,
    EVERYONE,
    HELD,
    MALLORY,
    MINTER,
    PAUSER,
    RETAIL,
    UNPAUSER,
    VENUE,
    World,
    fresh_key,
)
from support.holder_market import ALICE2, DAVE, FREE, POOL, TOO_LITTLE, TOO_MANY, TOO_MUCH, Market


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


@pytest.fixture
def make_market(world: World) -> Callable[..., Market]:
    return lambda **limits: Market(world, **limits)


# --- setting them ---


class Attempt:
    """Limits that would be set, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.world, self.by, self.token = world, COMPLIANCE, world.stock.address
        self.limits: tuple[int, int, int] = (5, 2 * HELD, 10)
        world.stock.pause(sender=PAUSER)

    def make(self) -> None:
        self.world.registry.setHolderLimits(self.token, *self.limits, sender=self.by)


def _fill_the_list(attempt: Attempt) -> None:
    boa.env.set_storage(
        attempt.world.registry.address, slot_of("ComplianceRegistry", "holder_limits_totals", "capped"), 64
    )


FAULTS = {
    "roles: not authorised": change(by=ALICE),
    "registry: not a stock": change(token=MALLORY),
    "rules: not an allowlist": lambda a: setattr(a, "token", a.world.open_stock.address),
    "holders: bad limits": change(limits=(0, 0, 0)),
    "holders: not paused": lambda a: a.world.stock.unpause(sender=UNPAUSER),
    "holders: too many stocks": _fill_the_list,
}


@every_two(FAULTS, ("registry: not a stock", "rules: not an allowlist"))
def test_limits_name_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    attempt = Attempt(world)
    bring_about(FAULTS, first, second, attempt)
    with refuses(first):
        attempt.make()


@pytest.mark.parametrize("limits", [(0, 0, 0), (2**32 - 1, 0, 0), (0, 2**128 - 1, 0), (0, 5, 6), (0, 0, 2**128)])
def test_limits_that_mean_nothing_are_refused(world: World, limits: tuple[int, int, int]) -> None:
    with refuses("holders: bad limits"):
        world.registry.setHolderLimits(world.stock, *limits, sender=ADMIN)


@pytest.mark.parametrize("actor", sorted(set(EVERYONE) - {"compliance", "admin"}))
def test_only_compliance_and_the_timelock_set_limits(market: Market, actor: str) -> None:
    with refuses("roles: not authorised"):
        market.limit(1, by=named(actor))
    with refuses("roles: not authorised"):
        market.registry.removeHolderLimits(market.stock, sender=named(actor))
    with refuses("roles: not authorised"):
        market.registry.removeHolderLimits(market.stock, sender=COMPLIANCE)


def test_compliance_tightens_and_only_the_timelock_loosens(make_market: Any) -> None:
    market = make_market(most=5, maximum=100, minimum=10)
    for looser in ((6, 100, 10), (0, 100, 10), (5, 101, 10), (5, 0, 10), (5, 100, 9), (4, 50, 0)):
        with refuses("rules: would loosen"):
            market.limit(*looser, by=COMPLIANCE)
    market.limit(4, 99, 11, by=COMPLIANCE)
    assert market.registry.holderLimits(market.stock) == (4, 99, 11)
    market.limit(0, 0, 1, by=ADMIN)
    assert market.registry.holderLimits(market.stock) == (0, 0, 1)


def test_limits_of_an_empty_stock_hold_from_its_first_unit(world: World, market: Market) -> None:
    assert market.stock.capped() is True
    assert market.registry.holderLimits(market.stock) == (2, 0, 0)
    assert market.registry.holderCount(market.stock) == (0, 0)
    assert (world.stock.capped(), world.registry.holderLimits(world.stock)) == (False, (0, 0, 0))
    market.mint(ALICE, 5)
    market.mint(BOB, 5)
    with refuses("holders: too many"):
        market.mint(CAROL, 5)


def test_removed_limits_bind_nobody_and_may_begin_anew(world: World, market: Market) -> None:
    other = world.create_stock("US0000000078")
    world.registry.setHolderLimits(other, 1, 0, 0, sender=COMPLIANCE)
    market.mint(ALICE, 5)
    market.registry.removeHolderLimits(market.stock, sender=ADMIN)
    assert (market.stock.capped(), market.registry.holderLimits(market.stock)) == (False, (0, 0, 0))
    assert market.holders == 0
    for wallet in (BOB, CAROL, DAVE):
        market.accept(ALICE, wallet, 1)
    with refuses("holders: not counted"):
        market.registry.removeHolderLimits(market.stock, sender=ADMIN)
    with refuses("holders: not counted"):
        market.registry.seedHolders(market.stock, [ALICE])
    assert other.capped() is True
    other.mint(ALICE, 1, sender=MINTER)
    world.link(2, named("bob's second"))
    market.stock.pause(sender=PAUSER)
    market.limit(9)
    market.registry.seedHolders(market.stock, [ALICE, BOB, CAROL, DAVE])
    assert (market.holders, market.held(ALICE), market.held(DAVE)) == (4, 2, 1)


def test_only_a_capped_stock_reports_movements(world: World, market: Market) -> None:
    for stranger in (*EVERYONE.values(), world.stock.address, world.open_stock.address):
        with refuses("holders: not counted"):
            world.registry.moved(ALICE, BOB, 1, True, sender=stranger)


# --- what they refuse ---


def test_the_cap_counts_investors_not_wallets(market: Market) -> None:
    market.mint(ALICE, 100)
    market.accept(ALICE, ALICE2, 10)
    assert market.holders == 1
    market.accept(ALICE2, BOB, 5)
    assert market.holders == 2
    market.refuse(ALICE, CAROL, 1, TOO_MANY)
    market.accept(BOB, ALICE, 5)
    assert market.holders == 1
    market.accept(ALICE2, CAROL, 5)
    assert (market.holders, market.held(ALICE), market.held(ALICE2)) == (2, 95, 95)


def test_a_place_can_be_handed_over_whole_when_the_cap_is_full(market: Market) -> None:
    market.mint(ALICE, 10)
    market.mint(BOB, 10)
    market.refuse(BOB, CAROL, 9, TOO_MANY)
    market.accept(BOB, CAROL, 10)
    assert (market.holders, market.held(BOB), market.held(CAROL)) == (2, 0, 10)


def test_a_redemption_frees_a_place_and_is_never_refused(make_market: Any) -> None:
    market = make_market(most=1, maximum=10, minimum=5)
    market.mint(ALICE, 10)
    with refuses("holders: too many"):
        market.mint(BOB, 5)
    market.stock.burn(ALICE, 9, sender=MINTER)
    assert (market.holders, market.held(ALICE)) == (1, 1)
    market.stock.burn(ALICE, 1, sender=MINTER)
    assert market.holders == 0
    market.mint(BOB, 5)


def test_the_maximum_is_of_all_wallets_together(make_market: Any) -> None:
    market = make_market(most=0, maximum=100)
    market.mint(ALICE, 60)
    market.mint(BOB, 100)
    with refuses("holders: above the maximum"):
        market.mint(ALICE2, 41)
    market.refuse(BOB, ALICE2, 41, TOO_MUCH)
    market.accept(BOB, ALICE2, 40)
    market.accept(ALICE, ALICE2, 60)
    assert market.held(ALICE) == 100


def test_dust_cannot_fill_the_cap(make_market: Any) -> None:
    market = make_market(most=3, minimum=100)
    market.mint(ALICE, 250)
    market.refuse(ALICE, CAROL, 99, TOO_LITTLE)
    market.refuse(ALICE, CAROL, 200, TOO_LITTLE)
    market.accept(ALICE, CAROL, 100)
    market.refuse(ALICE, CAROL, 51, TOO_LITTLE)
    market.accept(ALICE, CAROL, 50)
    market.accept(ALICE, BOB, 100)
    assert (market.holders, market.held(ALICE)) == (2, 0)
    with refuses("holders: below the minimum"):
        market.mint(DAVE, 99)


def test_what_redemptions_leave_below_the_minimum_can_go_in_one_piece(make_market: Any) -> None:
    market = make_market(most=2, minimum=100)
    market.mint(ALICE, 100)
    market.mint(BOB, 100)
    market.stock.burn(ALICE, 40, sender=MINTER)
    market.refuse(ALICE, BOB, 59, TOO_LITTLE)
    market.accept(ALICE, BOB, 60)
    assert market.holders == 1


def test_venues_are_neither_counted_nor_limited(make_market: Any) -> None:
    market = make_market(most=1, maximum=100, minimum=10)
    market.mint(POOL, 5000)
    assert (market.holders, market.held(POOL)) == (0, 5000)
    market.accept(POOL, ALICE, 100)
    market.refuse(POOL, ALICE2, 1, TOO_MUCH)
    market.refuse(POOL, BOB, 10, TOO_MANY)
    market.refuse(POOL, BOB, 9, TOO_MANY)
    market.accept(ALICE, POOL, 100)
    market.refuse(POOL, BOB, 9, TOO_LITTLE)
    market.accept(POOL, BOB, 10)
    assert market.holders == 1


def test_an_investor_that_becomes_a_venue_is_counted_no_longer_and_again(world: World, market: Market) -> None:
    market.mint(ALICE, 5)
    world.registry.setProfile(fresh_key(), 1, 840, VENUE, sender=COMPLIANCE)
    assert (market.holders, market.held(ALICE)) == (0, 5)
    world.registry.setProfile(fresh_key(), 1, 276, VENUE, sender=COMPLIANCE)
    assert market.holders == 0
    world.registry.setProfile(fresh_key(), 1, 276, RETAIL, sender=COMPLIANCE)
    assert market.holders == 1
    world.registry.setProfile(fresh_key(), 2, 840, VENUE, sender=COMPLIANCE)
    assert market.holders == 1


def test_nothing_moves_to_oneself_and_zero_moves_freely(market: Market) -> None:
    market.mint(ALICE, 5)
    market.mint(BOB, 5)
    market.accept(ALICE, ALICE, 5)
    market.accept(ALICE, CAROL, 0)
    assert (market.holders, market.held(ALICE), market.held(CAROL)) == (2, 5, 0)


def test_transfer_from_is_limited_alike(market: Market) -> None:
    market.mint(ALICE, 5)
    market.mint(BOB, 5)
    market.stock.approve(MALLORY, 5, sender=ALICE)
    with refuses("holders: too many"):
        market.stock.transferFrom(ALICE, CAROL, 1, sender=MALLORY)
    assert market.stock.allowance(ALICE, MALLORY) == 5


def test_the_stocks_own_checks_come_first(market: Market) -> None:
    market.mint(ALICE, 5)
    market.mint(BOB, 5)
    with refuses("ERC7943CannotReceive", MALLORY):
        market.move(ALICE, MALLORY, 1)
    with refuses("ERC20InsufficientBalance", ALICE, 5, 6):
        market.move(ALICE, CAROL, 6)
    market.world.freeze_tokens(market.stock, ALICE, 5)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        market.move(ALICE, CAROL, 1)


def test_views_answer_whatever_they_are_asked(world: World, market: Market) -> None:
    restriction = world.registry.restriction
    assert restriction(world.stock, ALICE, BOB, 2**256 - 1) == FREE
    assert restriction(MALLORY, ALICE, BOB, 1) == FREE
    assert restriction(market.stock, ALICE, BOB, 2**256 - 1) == FREE
    assert restriction(market.stock, ZERO, ALICE, 1) == FREE
    assert restriction(market.stock, ALICE, ZERO, 1) == FREE
    for view in ("holderLimits", "holderCount"):
        with refuses("registry: not a stock"):
            getattr(world.registry, view)(MALLORY)
    with refuses("registry: not a stock"):
        world.registry.heldWith(MALLORY, ALICE)


# --- what they count and do not refuse ---


def test_a_forced_transfer_is_counted_and_not_refused(make_market: Any) -> None:
    market = make_market(most=1, maximum=10, minimum=5)
    market.mint(ALICE, 10)
    market.world.seize(market.stock, ALICE, BOB, 1)
    assert (market.holders, market.held(ALICE), market.held(BOB)) == (2, 9, 1)
    market.refuse(ALICE, CAROL, 5, TOO_MANY)
    market.accept(ALICE, CAROL, 9)
    assert market.holders == 2


def test_a_wallet_takes_its_units_along(world: World, market: Market) -> None:
    market.mint(ALICE, 10)
    market.move(ALICE, ALICE2, 4)
    world.unlink(1, ALICE2)
    assert (market.holders, market.held(ALICE), market.held(ALICE2)) == (2, 6, 4)
    world.link(2, ALICE2)
    assert (market.holders, market.held(BOB), market.held(ALICE)) == (2, 4, 6)
    world.unlink(2, ALICE2)
    world.link(1, ALICE2)
    assert (market.holders, market.held(ALICE), market.held(BOB)) == (1, 10, 0)


def test_a_wallet_that_joins_a_venue_is_counted_no_longer(world: World, market: Market) -> None:
    market.mint(ALICE, 10)
    market.move(ALICE, ALICE2, 4)
    world.unlink(1, ALICE2)
    world.link(9, ALICE2)
    assert (market.holders, market.held(POOL), market.held(ALICE)) == (1, 4, 6)


def test_stocks_count_apart(world: World, market: Market) -> None:
    other = world.create_stock("US0000000079")
    world.registry.setHolderLimits(other, 1, 0, 0, sender=COMPLIANCE)
    other.mint(ALICE2, 3, sender=MINTER)
    market.mint(ALICE, 5)
    world.unlink(1, ALICE2)
    assert world.registry.holderCount(other) == (1, 0)
    assert (world.registry.heldWith(other, ALICE2), world.registry.heldWith(other, ALICE)) == (3, 0)
    assert (market.holders, market.held(ALICE2)) == (1, 0)


def test_linking_with_the_most_capped_stocks_fits_a_transaction(world: World, record_property: Any) -> None:
    """Sixty-four capped stocks, a wallet with units in each, and every total to be moved."""
    for at in range(64):
        stock = world.create_stock(f"US2{at:09}")
        world.registry.setHolderLimits(stock, 9, 0, 0, sender=COMPLIANCE)
        stock.mint(BOB, 5, sender=MINTER)
    world.unlink(2, BOB)
    used = world.registry.computation.get_gas_used()
    record_property("summary", f"unlinking a wallet with units in 64 capped stocks: {used:,} gas")
    assert used < 2**24
    assert world.registry.holderCount(stock) == (1, 0)


def test_a_blocklist_stock_has_no_holders_to_count(world: World) -> None:
    other = world.create_stock("US0000000080", BLOCKLIST)
    with refuses("rules: not an allowlist"):
        world.registry.setHolderLimits(other, 5, 0, 0, sender=ADMIN)
    with boa.env.anchor(), refuses("rules: not an allowlist"):
        world.registry.setStockRules(other, 2, (0, 0, 0, 0), sender=ADMIN)


def test_the_stock_takes_the_flag_from_the_registry_alone(market: Market) -> None:
    for actor in EVERYONE.values():
        with refuses("token: not the registry"):
            market.stock.setCapped(False, sender=actor)


def test_limits_are_told_before_sending_by_code_and_in_words(make_market: Any) -> None:
    """ERC-1404, as a wallet asks it."""
    market = make_market(most=2, maximum=100, minimum=10)
    market.mint(ALICE, 100)
    market.mint(BOB, 50)
    asked = [(CAROL, 10), (BOB, 51), (BOB, 1), (BOB, 50)]
    codes = [market.stock.detectTransferRestriction(ALICE, to, amount) for to, amount in asked]
    assert codes == [15, 16, 0, 0]
    assert market.stock.detectTransferRestriction(ALICE, BOB, 91) == 16
    assert market.stock.detectTransferRestriction(BOB, ALICE, 0) == 0
    market.stock.burn(ALICE, 95, sender=MINTER)
    assert market.stock.detectTransferRestriction(ALICE, BOB, 4) == 17
    words = [market.stock.messageForTransferRestriction(code) for code in (14, 15, 16, 17)]
    assert words == ["holders not counted", "too many holders", "above the maximum", "below the minimum"]
