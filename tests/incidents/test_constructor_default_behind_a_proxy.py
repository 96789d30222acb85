"""Dinari: a default that the constructor sets reads 0 behind the proxy. Ours is born by `initialize`, in the proxy;
what the constructor sets are immutables, which every proxy reads alike."""

import pytest
from support.contract_world import ACTIONS, HALTED, NORMAL, STRICT, UNIT, World


@pytest.mark.parametrize("mode", [NORMAL, STRICT, HALTED])
def test_the_multiplier_is_one_and_the_epoch_is_not_zero(world: World, mode: int) -> None:
    stock = world.create_stock("US4592001014")
    if mode == STRICT:
        world.beacon.enterStrict(sender=world.registry.address)
    elif mode == HALTED:
        world.halt()
    assert stock.mode() == mode
    assert stock.uiMultiplier() == stock.newUIMultiplier() == UNIT
    assert stock.multiplierTerms() == (UNIT, 1, 1, UNIT, 1, 1, 0)
    assert (stock.epoch(), stock.decimals()) == (1, 18)
    assert stock.toUIAmount(UNIT) == stock.fromUIAmount(UNIT) == UNIT


def test_immutables_read_the_same_through_every_proxy(world: World) -> None:
    for stock in (world.stock, world.open_stock):
        assert stock.registry() == world.registry.address
        assert stock.reserveFeed() == world.feed.address
        assert stock.corporateActions() == ACTIONS
        assert stock.accessControl() == world.roles.address
