"""Ondo could not burn from an account that had lost its clearance, which auditors found twice. Ours redeems a lapsed
holder's units, and burns those of a blocked one on an order."""

from support.contract_calls import refuses, set_clock
from support.contract_world import ALICE, DOCUMENT, ENFORCER, EXPIRY, HELD, MINTER, REASON, World, fresh_key


def test_units_of_a_lapsed_holder_are_redeemed(world: World) -> None:
    set_clock(EXPIRY)
    assert world.stock.burn(ALICE, HELD, sender=MINTER) is True


def test_units_of_a_blocked_holder_are_burnt_on_an_order_alone(world: World) -> None:
    world.block(1)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.burn(ALICE, HELD, sender=MINTER)
    world.stock.forcedBurn(ALICE, HELD, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)
    assert (world.stock.balanceOf(ALICE), world.stock.totalSupply()) == (0, HELD)
