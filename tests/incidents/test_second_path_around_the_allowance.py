"""Backed: at multiplier 0.1 a caller without an allowance moves nine shares of another through transferSharesFrom.
Ours has one path to another's balance, and it counts in the unit that it moves."""

import boa
import pytest
from eth_abi import encode
from support.contract_calls import Refused, named, refuses, set_clock
from support.contract_world import ACTIONS, ALICE, BOB, CAROL, HELD, MALLORY, START, UNIT, World

AT = START + 10
VALUES = {
    "address": [ALICE, BOB, MALLORY],
    "uint256": [0, 1, 9, HELD],
    "uint16": [7],
    "uint8": [27],
    "bool": [True],
    "bytes32": [b"\x01" * 32],
    "bytes4": [b"\x01" * 4],
    "string": ["X"],
    "bytes": [b"", b"\x01" * 65],
}


@pytest.fixture
def tenth(world: World) -> World:
    """Multiplier 0.1."""
    world.stock.scheduleMultiplier(UNIT, 1, 10, AT, sender=ACTIONS)
    set_clock(AT)
    return world


def _state(world: World) -> tuple[int, ...]:
    stock = world.stock
    held = (stock.balanceOf(account) for account in (ALICE, BOB, CAROL))
    return (*held, stock.totalSupply(), stock.uiMultiplier(), stock.allowance(ALICE, MALLORY), stock.epoch())


def test_no_function_moves_anothers_units_for_a_nobody(tenth: World) -> None:
    """Every state-changing function, with every combination of a few plausible arguments per position."""
    stock = tenth.stock
    before = _state(tenth)
    tried = 0
    for entry in stock.abi:
        if entry["type"] != "function" or entry["stateMutability"] in {"view", "pure"}:
            continue
        types = [item["type"] for item in entry["inputs"]]
        for shift in range(4):
            arguments = [VALUES[kind][(shift + at) % len(VALUES[kind])] for at, kind in enumerate(types)]
            own = entry["name"] in {"transfer", "approve"}
            with boa.env.anchor():
                tried += 1
                try:
                    stock.send(stock.selector(entry["name"], len(types)) + encode(types, arguments), sender=MALLORY)
                except Refused:
                    continue
                assert own or (entry["name"] == "transferFrom" and 0 in arguments)
                assert _state(tenth) == before
    assert tried >= 4 * 20


def test_an_allowance_is_counted_in_the_unit_that_moves(tenth: World) -> None:
    stock = tenth.stock
    stock.approve(MALLORY, 9, sender=ALICE)
    with refuses("ERC20InsufficientAllowance", MALLORY, 9, 10):
        stock.transferFrom(ALICE, BOB, 10, sender=MALLORY)
    stock.transferFrom(ALICE, BOB, 9, sender=MALLORY)
    assert (stock.balanceOf(ALICE), stock.allowance(ALICE, MALLORY)) == (HELD - 9, 0)
    with refuses("ERC20InsufficientAllowance", MALLORY, 0, 1):
        stock.transferFrom(ALICE, BOB, 1, sender=MALLORY)
    assert stock.balanceOf(named("nobody")) == 0
