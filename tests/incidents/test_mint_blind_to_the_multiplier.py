"""Chainlink's SecureMintPolicy compares one chain's raw supply with the reserve, whatever a share's multiplier. Ours
asks with the supply after the mint, the split in force, and a scheduled dividend that is already owed."""

from support.contract_calls import refuses, set_clock
from support.contract_world import ACTIONS, CAROL, HELD, MINTER, START, UNIT, World

AT = START + 10


def test_the_question_carries_the_index_that_is_owed_and_the_split_in_force(world: World) -> None:
    stock = world.stock
    stock.scheduleMultiplier(UNIT * 11 // 10, 2, 1, AT, sender=ACTIONS)
    world.feed.expect((2 * HELD, 2 * HELD + 1, UNIT * 11 // 10, 1, 1))
    stock.mint(CAROL, 1, sender=MINTER)
    set_clock(AT)
    world.feed.expect((2 * HELD + 1, 2 * HELD + 2, UNIT * 11 // 10, 2, 1))
    stock.mint(CAROL, 1, sender=MINTER)


def test_no_other_function_raises_the_supply(world: World) -> None:
    world.feed.set_ceiling(2 * HELD)
    with refuses("reserve: insufficient"):
        world.stock.mint(CAROL, 1, sender=MINTER)
    writers = [e["name"] for e in world.stock.abi if e["type"] == "function" and e["stateMutability"] == "nonpayable"]
    assert [name for name in writers if "mint" in name.lower()] == ["mint", "setMintsEnd"]  # which ends them
