"""Robinhood: no cap on the multiplier, and an overflow bricks every transfer; a new schedule overwrites the pending
one; effectiveAt is never cleared. Ondo on Solana and Token-2022 overwrite a pending change too."""

import pytest
from support.contract_calls import refuses, set_clock
from support.contract_world import ACTIONS, ALICE, BOB, MINTER, START, UNIT, World

AT = START + 10
LARGEST = 2**96 - 1


def test_the_largest_multiplier_breaks_nothing(world: World) -> None:
    stock = world.stock
    stock.mint(ALICE, 2**128 - 1 - stock.totalSupply(), sender=MINTER)
    with refuses("token: bad pair"):
        stock.scheduleMultiplier(LARGEST + 1, 1, 1, AT, sender=ACTIONS)
    stock.scheduleMultiplier(LARGEST, 1, 1, AT, sender=ACTIONS)
    set_clock(AT)
    assert stock.totalSupplyUI() == (2**128 - 1) * LARGEST // UNIT
    assert stock.transfer(BOB, stock.balanceOf(ALICE), sender=ALICE) is True
    assert stock.burn(BOB, stock.balanceOf(BOB), sender=MINTER) is True
    assert stock.mint(BOB, 2**128 - 1, sender=MINTER) is True


@pytest.mark.parametrize("at", [AT - 1, AT + 1, 2**40 - 1])
def test_a_pending_change_is_not_overwritten(world: World, at: int) -> None:
    world.stock.scheduleMultiplier(2 * UNIT, 1, 1, AT, sender=ACTIONS)
    with refuses("token: slot taken"):
        world.stock.scheduleMultiplier(3 * UNIT, 1, 1, at, sender=ACTIONS)
    assert (world.stock.newUIMultiplier(), world.stock.effectiveAt()) == (2 * UNIT, AT)


def test_effective_at_is_cleared_by_time_and_by_a_cancel(world: World) -> None:
    stock = world.stock
    stock.scheduleMultiplier(2 * UNIT, 1, 1, AT, sender=ACTIONS)
    set_clock(AT)
    assert (stock.effectiveAt(), stock.newUIMultiplier()) == (0, stock.uiMultiplier())
    stock.scheduleMultiplier(3 * UNIT, 1, 1, AT + 5, sender=ACTIONS)
    stock.cancelMultiplier(sender=ACTIONS)
    assert (stock.effectiveAt(), stock.newUIMultiplier(), stock.uiMultiplier()) == (0, 2 * UNIT, 2 * UNIT)
