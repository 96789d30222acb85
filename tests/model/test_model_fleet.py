"""Halts stop every stock, pauses one."""

import pytest
from model_world import STOCK, World, units

from scrip.instructions.fleet import CreateStock, Halt, Pause, Unhalt, Unpause
from scrip.instructions.transfers import Transfer


@pytest.mark.parametrize(
    ("first", "again", "name"),
    [
        (Pause(STOCK), Pause(STOCK), "token: paused"),
        (Halt(), Pause(STOCK), "token: halted"),
        (Halt(), Unpause(STOCK), "token: halted"),
        (Halt(), Halt(), "beacon: halted"),
        (Pause(STOCK), Unhalt(), "beacon: not halted"),
        (Halt(), Unpause(STOCK, by="mallory"), "roles: not authorised"),
    ],
)
def test_pauses_say_what_is_the_matter(
    world: World, first: Pause | Halt, again: Pause | Unpause | Halt | Unhalt, name: str
) -> None:
    world.do(first)
    assert world.refused(again) == name


def test_unpausing_what_is_not_paused_is_refused(world: World) -> None:
    assert world.refused(Unpause(STOCK)) == "token: not paused"


def test_a_pause_is_of_one_stock_and_a_halt_of_all(world: World) -> None:
    world.do(CreateStock("IBM", "IBM", "US4592001014"), Pause(STOCK))
    nothing = Transfer("IBM", "alice", "bob", units(0))
    world.do(nothing, Halt())
    assert world.refused(nothing) == "token: halted"
