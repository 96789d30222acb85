"""A seizure out of an account frozen beyond its balance set the frozen amount to what was left of the balance, so that
what the account received later was free. Only what the seizure digs into is unfrozen."""

import pytest
from support.contract_calls import MAX, refuses
from support.contract_world import ALICE, BOB, HELD, World


@pytest.mark.parametrize("frozen", [2 * HELD, 5 * HELD, MAX])
def test_what_is_frozen_beyond_the_balance_stays_frozen(world: World, frozen: int) -> None:
    world.freeze_tokens(world.stock, ALICE, frozen)
    world.seize(world.stock, ALICE, BOB, HELD // 2)
    assert world.stock.getFrozenTokens(ALICE) == frozen - HELD // 2
    world.stock.transfer(ALICE, HELD // 2, sender=BOB)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        world.stock.transfer(BOB, 1, sender=ALICE)


def test_a_seizure_of_all_leaves_the_rest_of_the_order_standing(world: World) -> None:
    world.freeze_tokens(world.stock, ALICE, HELD + 7)
    world.seize(world.stock, ALICE, BOB, HELD)
    world.stock.transfer(ALICE, 10, sender=BOB)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 4, 3):
        world.stock.transfer(BOB, 4, sender=ALICE)
    assert world.stock.transfer(BOB, 3, sender=ALICE) is True
