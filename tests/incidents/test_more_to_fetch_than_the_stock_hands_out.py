"""In a halt, and where a holder limit refused a subscriber its units, `maxDeposit` and `maxMint` named all of them:
whoever fetched what they said was refused."""

import pytest
from support.contract_calls import Refused
from support.issuance_world import ADMIN, ALICE, BOB, CAROL, SUPPLY, UNPAUSER, WAD
from support.subscription_world import COINS, Subscription


@pytest.mark.parametrize("how", ["halt", "pause", "limit", "seeding", ""])
def test_what_is_named_is_handed_out(subscription: Subscription, how: str) -> None:
    world = subscription
    world.pay_in()
    made = world.fill_in(ALICE)
    if how in ("limit", "seeding"):
        world.pause()
        world.registry.setHolderLimits(world.stock, 9, SUPPLY + made - 1, 0, sender=ADMIN)
        if how == "limit":
            world.registry.seedHolders(world.stock, [ALICE, BOB, CAROL, world.entry], sender=ALICE)
        world.stock.unpause(sender=UNPAUSER)
    elif how:
        getattr(world, how)()
    named = world.entry.maxDeposit(ALICE), world.entry.maxMint(ALICE)
    if not how:
        assert named == (COINS, made)
        world.entry.mint(made, ALICE, sender=ALICE)
        return
    assert named == (0, 0)
    with pytest.raises(Refused):
        world.entry.deposit(COINS, ALICE, sender=ALICE)


def test_a_limit_that_leaves_room_names_all(subscription: Subscription) -> None:
    world = subscription
    world.pay_in()
    world.pause()
    world.registry.setHolderLimits(world.stock, 9, SUPPLY + 10 * WAD, 0, sender=ADMIN)
    world.registry.seedHolders(world.stock, [ALICE, BOB, CAROL], sender=ALICE)
    world.stock.unpause(sender=UNPAUSER)
    made = world.fill_in(ALICE)
    assert world.entry.maxMint(ALICE) == made
    world.entry.deposit(world.entry.maxDeposit(ALICE), ALICE, sender=ALICE)
