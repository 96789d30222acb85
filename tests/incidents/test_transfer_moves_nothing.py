"""Backed, Dinari: at multiplier 2, transfer(to, 1) logs a Transfer and moves no share. Ours counts raw units."""

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import set_clock
from support.contract_world import ACTIONS, ALICE, BOB, HELD, START, UNIT, World

AT = START + 10


@pytest.mark.parametrize(("index", "num", "den"), [(UNIT, 2, 1), (UNIT, 1, 10), (1, 1, 1), (2**96 - 1, 1, 1)])
def test_one_unit_moves_one_unit_at_any_multiplier(world: World, index: int, num: int, den: int) -> None:
    world.stock.scheduleMultiplier(index, num, den, AT, sender=ACTIONS)
    set_clock(AT)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True
    assert (world.stock.balanceOf(ALICE), world.stock.balanceOf(BOB)) == (HELD - 1, HELD + 1)


@settings(max_examples=25)
@given(multiplier=st.integers(1, 2**96 - 1), amount=st.integers(1, HELD))
def test_what_is_logged_is_what_moves(built_world: World, multiplier: int, amount: int) -> None:
    """At every multiplier, a transfer of an amount above 0 moves exactly that amount."""
    with boa.env.anchor():
        set_clock(START)
        stock = built_world.stock
        stock.scheduleMultiplier(multiplier, 1, 1, AT, sender=ACTIONS)
        set_clock(AT)
        stock.transfer(BOB, amount, sender=ALICE)
        assert stock.events()[0].values["value"] == amount
        assert (stock.balanceOf(ALICE), stock.balanceOf(BOB)) == (HELD - amount, HELD + amount)
        assert stock.totalSupply() == 2 * HELD
