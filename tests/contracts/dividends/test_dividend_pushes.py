"""DividendDistributor: blocks of 128 leaves are paid by one proof, whoever can be paid."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from support.contract_calls import MAX, ZERO, named, refuses
from support.dividend_world import POOL, Dividends, deepened, pushed, tree_of, usual
from support.issuance_world import ALICE, BOB, CAROL, MALLORY, TREASURY

from scrip.holders.tree import Tree
from scrip.model.laws import merkle_sum as law

WHOLE = 10**6
BAD, INDEX, SUM = "dividend: bad proof", "dividend: bad index", "dividend: bad sum"
MANY = 300


def many(pushable: bool = True) -> Tree:
    """A tree of 300 accounts, who hold nothing of the stock and are on no register."""
    return tree_of(*((named(f"holder {i}"), WHOLE + i, i, pushable) for i in range(MANY)))


def test_whole_blocks_and_the_last_one_are_pushed(world: Dividends) -> None:
    tree = deepened(many())
    id = world.funded(tree)
    assert [world.push(id, tree, first) for first in (0, 128, 256)] == [128, 128, 44]
    assert all(world.coin.balanceOf(named(f"holder {i}")) == WHOLE + i for i in range(MANY))
    assert world.unpaid(id) == world.coin.balanceOf(world.distributor) == 0
    assert [world.push(id, tree, first) for first in (0, 256)] == [0, 0]


def test_who_is_paid_already_is_passed_over(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    world.claim(id, tree, 1)
    assert world.push(id, tree) == 2
    said = [event.values for event in world.distributor.events(world.coin) if event.name == "DividendPaid"]
    assert [(one["account"], one["payee"], one["index"]) for one in said] == [(ALICE, ALICE, 0), (CAROL, CAROL, 2)]
    with refuses("dividend: claimed"):
        world.claim(id, tree, 0)


def test_a_pool_is_not_pushed_to(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    assert world.push(id, tree) == 3
    assert (world.coin.balanceOf(POOL), world.unpaid(id), world.distributor.isClaimed(id, 3)) == (0, 50 * WHOLE, False)
    assert world.claim(id, tree, 3)


def test_the_flag_that_lets_a_pool_be_pushed_cannot_be_added(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    entries, _ = pushed(tree, 0)
    entries[3] = (*entries[3][:2], entries[3][2] | law.TOP)
    with refuses(BAD):
        world.push(id, tree, entries=entries)


def test_a_blocked_holder_is_passed_over_and_a_successor_is_paid(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    world.block(2)
    new = world.recover()
    before = world.coin.balanceOf(BOB)
    assert world.push(id, tree) == 2
    assert (world.coin.balanceOf(new), world.coin.balanceOf(BOB)) == (850 * WHOLE, before)
    assert not world.distributor.isClaimed(id, 1)


def test_whom_the_coin_refuses_is_parked_and_the_others_are_paid(world: Dividends) -> None:
    tree = usual()
    coin, id = world.unruly_dividend(tree)
    coin.blacklist(BOB, True)
    assert world.push(id, tree) == 2
    assert world.distributor.parkedOf(id, 1) == (BOB, 100 * WHOLE, True)
    assert world.unpaid(id) == coin.balanceOf(world.distributor) == 150 * WHOLE
    assert world.push(id, tree) == 0
    coin.blacklist(BOB, False)
    assert world.distributor.payParked(id, 1)
    assert world.unpaid(id) == 50 * WHOLE


@pytest.mark.parametrize("hook", [1, 2], ids=["spends all gas", "sends a unit back"])
def test_a_payee_that_is_told_of_its_payment_stops_nobody_else_s(world: Dividends, hook: int) -> None:
    """Either undid the whole block: what remained of the gas was too little, or the balance was not as said."""
    tree = usual()
    coin, id = world.unruly_dividend(tree)
    coin.set_hook(BOB, hook)
    paid = 0
    with suppress(Exception):
        paid = world.distributor.push(id, 0, *pushed(tree, 0), sender=named("keeper"), gas=1_000_000)
    assert paid == 2, "the whole block was undone"
    assert world.distributor.parkedOf(id, 1) == (BOB, 100 * WHOLE, True)
    assert world.unpaid(id) == coin.balanceOf(world.distributor) == 150 * WHOLE
    coin.set_hook(BOB, 0)
    assert world.distributor.payParked(id, 1)


def test_a_push_with_too_little_gas_fails_rather_than_parks(world: Dividends) -> None:
    tree = usual()
    _, id = world.unruly_dividend(tree)
    with refuses("dividend: too little gas"):
        world.distributor.push(id, 0, *pushed(tree, 0), sender=named("keeper"), gas=200_000)
    assert world.push(id, tree) == 3


def test_nobody_pays_a_leaf_but_the_distributor(world: Dividends) -> None:
    tree = usual()
    coin, _ = world.unruly_dividend(tree)
    for sender in (BOB, TREASURY, MALLORY):
        with refuses("dividend: not the distributor"):
            world.distributor.payAlone(coin, MALLORY, 1, sender=sender)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"first": 1}, INDEX),
        ({"first": 64}, INDEX),
        ({"first": 128}, BAD),
        ({"first": 2**20}, INDEX),
        ({"first": 2**255}, INDEX),
        ({"first": MAX - 127}, INDEX),
        ({"entries": []}, BAD),
        ({"entries": "one short"}, BAD),
        ({"entries": "one more"}, BAD),
        ({"entries": "one net + 1"}, BAD),
        ({"entries": "one net beyond 128 bits"}, SUM),
        ({"entries": "two swapped"}, BAD),
        ({"proof": []}, BAD),
        ({"proof": "short"}, BAD),
        ({"proof": "padded"}, BAD),
        ({"proof": "sum + 1"}, BAD),
        ({"proof": "sum beyond"}, SUM),
    ],
)
def test_a_forged_block_is_refused(world: Dividends, changes: dict[str, Any], error: str) -> None:
    tree = deepened(many())
    id = world.funded(tree)
    entries, proof = pushed(tree, 0)
    forged = {
        "one short": entries[:-1],
        "one more": [*entries[:-1], (ZERO, 0, 0)],
        "one net + 1": [(entries[0][0], entries[0][1], entries[0][2] + 1), *entries[1:]],
        "one net beyond 128 bits": [(entries[0][0], entries[0][1], entries[0][2] + 2**128), *entries[1:]],
        "two swapped": [entries[1], entries[0], *entries[2:]],
        "short": proof[:-1],
        "padded": [*proof, (bytes(32), 0)],
        "sum + 1": [(proof[0][0], proof[0][1] + 1), *proof[1:]],
        "sum beyond": [(proof[0][0], proof[0][1] + 2**128), *proof[1:]],
    }
    given = {name: forged[value] if isinstance(value, str) else value for name, value in changes.items()}
    with refuses(error):
        world.push(id, tree, **given)
