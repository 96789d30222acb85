"""A reserve feed that answers no instead of reverting: the mint went through and returned false."""

from support.contract_calls import refuses
from support.contract_world import CAROL, HELD, MINTER, World


def test_a_feed_that_answers_no_refuses_the_mint(world: World) -> None:
    world.feed.set_answer(False)
    with refuses("reserve: refused"):
        world.stock.mint(CAROL, 1, sender=MINTER)
    assert world.stock.totalSupply() == 2 * HELD
