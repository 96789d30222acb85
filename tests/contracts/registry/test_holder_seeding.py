"""Counting the holders of a stock that had some when its limits came: in pages, under a pause, each unit once."""

import pytest
from support.contract_calls import named, refuses
from support.contract_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    HELD,
    MALLORY,
    MINTER,
    PAUSER,
    UNPAUSER,
    VENUE,
    World,
    fresh_key,
)
from support.holder_market import ALICE2, NOT_SEEDED, Market


@pytest.fixture
def seeding(world: World) -> World:
    """The world's stock, with alice and bob in it, given limits under a pause."""
    world.link(1, ALICE2)
    world.stock.transfer(ALICE2, 100, sender=ALICE)
    world.stock.pause(sender=PAUSER)
    world.registry.setHolderLimits(world.stock, 2, 0, 0, sender=COMPLIANCE)
    return world


def test_holders_are_seeded_in_pages(seeding: World) -> None:
    registry, stock = seeding.registry, seeding.stock
    assert registry.holderCount(stock) == (0, 2 * HELD)
    registry.seedHolders(stock, [ALICE, MALLORY, CAROL], sender=MALLORY)
    [event] = registry.events()
    assert event.values == {"token": stock.address, "left": HELD + 100}
    registry.seedHolders(stock, [ALICE, ALICE2, ALICE2])
    assert registry.holderCount(stock) == (1, HELD)
    registry.seedHolders(stock, [BOB])
    assert registry.holderCount(stock) == (2, 0)
    assert (registry.heldWith(stock, ALICE), registry.heldWith(stock, BOB)) == (HELD, HELD)
    with refuses("holders: not seeding"):
        registry.seedHolders(stock, [CAROL])
    stock.unpause(sender=UNPAUSER)
    with refuses("holders: too many"):
        stock.transfer(CAROL, 1, sender=ALICE)


def test_until_all_are_counted_nothing_but_redemptions_and_force_moves(seeding: World) -> None:
    registry, stock = seeding.registry, seeding.stock
    registry.seedHolders(stock, [ALICE])
    stock.unpause(sender=UNPAUSER)
    with refuses("holders: not paused"):
        registry.seedHolders(stock, [BOB])
    assert registry.restriction(stock, ALICE, BOB, 1) == NOT_SEEDED
    assert stock.canTransfer(ALICE, BOB, 1) is False
    with refuses("holders: not seeded"):
        stock.transfer(BOB, 1, sender=ALICE)
    with refuses("holders: not seeded"):
        stock.mint(BOB, 1, sender=MINTER)
    stock.burn(ALICE, 50, sender=MINTER)
    stock.burn(BOB, 50, sender=MINTER)
    assert registry.holderCount(stock) == (1, HELD + 50)
    assert registry.heldWith(stock, ALICE) == HELD - 150


@pytest.mark.parametrize("seeded", [(), (ALICE,), (BOB,), (ALICE, BOB), (ALICE, CAROL), (BOB, CAROL)])
def test_force_between_pages_is_counted_once(seeding: World, seeded: tuple[str, ...]) -> None:
    registry, stock = seeding.registry, seeding.stock
    registry.seedHolders(stock, list(seeded))
    seeding.seize(stock, ALICE, BOB, 7)
    seeding.seize(stock, BOB, CAROL, HELD + 7)
    seeding.seize(stock, ALICE, ALICE2, 1)
    registry.seedHolders(stock, [ALICE, ALICE2, BOB, CAROL])
    assert registry.holderCount(stock) == (2, 0)
    assert [registry.heldWith(stock, wallet) for wallet in (ALICE, BOB, CAROL)] == [HELD - 7, 0, HELD + 7]


@pytest.mark.parametrize("seeded", [(), (ALICE2,), (ALICE,), (ALICE, ALICE2)])
def test_wallets_that_change_hands_between_pages_are_counted_once(seeding: World, seeded: tuple[str, ...]) -> None:
    registry, stock = seeding.registry, seeding.stock
    registry.seedHolders(stock, list(seeded))
    seeding.unlink(1, ALICE2)
    seeding.link(2, ALICE2)
    registry.setProfile(fresh_key(), 1, 840, VENUE, sender=COMPLIANCE)
    registry.seedHolders(stock, [ALICE, ALICE2, BOB])
    assert registry.holderCount(stock) == (1, 0)
    assert (registry.heldWith(stock, ALICE), registry.heldWith(stock, BOB)) == (HELD - 100, HELD + 100)


def test_a_page_of_two_hundred_fits_a_transaction(world: World) -> None:
    market = Market(world, most=0, minimum=1)
    market.registry.removeHolderLimits(market.stock, sender=ADMIN)
    wallets = [named(f"holder {at}") for at in range(200)]
    for at, wallet in enumerate(wallets):
        world.onboard(1000 + at, wallet)
        market.mint(wallet, 1)
    market.stock.pause(sender=PAUSER)
    market.limit(500)
    market.registry.seedHolders(market.stock, wallets)
    assert market.registry.holderCount(market.stock) == (200, 0)
    assert market.registry.computation.get_gas_used() + 21_000 + 16 * 32 * 203 < 2**24
