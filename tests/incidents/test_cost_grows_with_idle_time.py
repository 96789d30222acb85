"""Backed: a loop over the fee periods since the last touch: a transfer costs 69,000 gas, after a year 415,800."""

from support.contract_calls import set_clock
from support.contract_world import ACTIONS, ALICE, BOB, DAY, START, UNIT, YEAR, World

LATE = START + 40 * YEAR


def _cost(world: World) -> int:
    """Gas of a transfer whose storage has been touched before, as py-evm keeps it warm within a session."""
    world.stock.transfer(BOB, 1, sender=ALICE)
    return world.stock.computation.get_gas_used()


def test_a_transfer_costs_the_same_after_forty_years_of_rest(world: World) -> None:
    for investor in (1, 2):
        world.renew(investor, LATE + YEAR)
    world.stock.transfer(BOB, 1, sender=ALICE)
    fresh = _cost(world)
    set_clock(LATE)
    first_after = _cost(world)
    assert first_after - fresh < 20_000
    assert _cost(world) == fresh


def test_and_after_many_changes_of_the_multiplier(world: World) -> None:
    for investor in (1, 2):
        world.renew(investor, LATE)
    world.stock.transfer(BOB, 1, sender=ALICE)
    fresh = _cost(world)
    view = _view_cost(world)
    for week in range(1, 53):
        set_clock(START + week * 7 * DAY)
        world.stock.scheduleMultiplier(UNIT + week, 1, 1, START + week * 7 * DAY + 1, sender=ACTIONS)
    set_clock(START + YEAR + 7 * DAY)
    assert world.stock.multiplierGeneration() == 52
    world.stock.transfer(BOB, 1, sender=ALICE)
    assert _cost(world) == fresh
    assert _view_cost(world) - view < 500


def _view_cost(world: World) -> int:
    """Gas of reading a balance in shares."""
    world.stock.send(world.stock.selector("uiMultiplier", 0))
    return world.stock.computation.get_gas_used()
