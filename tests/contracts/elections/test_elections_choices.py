"""Elections: an account chooses for its leaf, whole or in parts, the last choice counts, and what is unsaid is the
default's."""

from __future__ import annotations

from typing import Any

import pytest
from support.contract_calls import MAX, Event, named, refuses, set_clock, word32
from support.elections_world import DEADLINE, HELD, HOLDER, POOL, Electing, place_of, shown, usual
from support.issuance_world import ALICE, BOB, CAROL, MALLORY, WAD
from support.voting_world import register

from scrip.holders.tree import Tree
from scrip.model.laws import merkle_sum as law

HERS, HIS, ALL = HELD[ALICE] * WAD, HELD[BOB] * WAD, sum(HELD.values()) * WAD
ME = HOLDER.address.lower()
BAD, INDEX, SUM = "elections: bad proof", "elections: bad index", "elections: bad sum"


@pytest.fixture
def tree() -> Tree:
    return usual()


@pytest.fixture
def election(world: Electing, tree: Tree) -> bytes:
    return world.opened(tree)


def test_a_choice_is_kept_by_the_leaf_and_said_in_an_event(world: Electing, tree: Tree, election: bytes) -> None:
    world.elect(election, tree, ALICE, secu=HERS)
    index = place_of(tree, ALICE)
    said: dict[str, Any] = {"election": election, "account": ALICE, "by": ALICE, "index": index}
    said |= {"choice": (0, HERS), "nonce": 0}
    assert world.elections.events()[-1] == Event(world.elections.address, "Elected", said)
    assert world.chosen(election, tree, ALICE) == (0, HERS)
    assert world.chosen(election, tree, BOB) == (0, 0)
    assert world.elections.nextNonce(election, index) == 1
    assert world.totals(election) == (ALL - HERS, HERS)


@pytest.mark.parametrize("dflt", ["CASH", "SECU"])
def test_the_last_choice_counts_and_what_is_unsaid_is_the_default_s(world: Electing, tree: Tree, dflt: str) -> None:
    election = world.opened(tree, dflt)

    def totals(cash: int, secu: int) -> tuple[int, int]:
        rest = ALL - cash - secu
        return (cash + rest, secu) if dflt == "CASH" else (cash, secu + rest)

    table: tuple[tuple[str, int, int, int, int], ...] = (
        (ALICE, HERS, 0, HERS, 0),
        (BOB, 1, 2, HERS + 1, 2),
        (ALICE, 0, HERS, 1, HERS + 2),
        (POOL, 3 * WAD, 4 * WAD, 1 + 3 * WAD, HERS + 2 + 4 * WAD),
        (ALICE, HERS // 3, HERS - HERS // 3, HERS // 3 + 1 + 3 * WAD, HERS - HERS // 3 + 2 + 4 * WAD),
        (BOB, 0, 0, HERS // 3 + 3 * WAD, HERS - HERS // 3 + 4 * WAD),
        (ALICE, 0, 0, 3 * WAD, 4 * WAD),
        (POOL, 0, 0, 0, 0),
    )
    for account, cash, secu, all_cash, all_secu in table:
        world.elect(election, tree, account, cash, secu)
        assert world.chosen(election, tree, account) == (cash, secu)
        assert world.totals(election) == totals(all_cash, all_secu)
    assert world.elections.nextNonce(election, place_of(tree, ALICE)) == 4


def test_the_same_choice_again_takes_a_number_and_counts_once(world: Electing, tree: Tree, election: bytes) -> None:
    for times in range(1, 4):
        world.elect(election, tree, BOB, cash=1, secu=HIS - 1)
        assert world.totals(election) == (ALL - HIS + 1, HIS - 1)
        assert world.elections.nextNonce(election, place_of(tree, BOB)) == times


@pytest.mark.parametrize(
    ("cash", "secu"), [(HERS + 1, 0), (0, HERS + 1), (1, HERS), (HERS, 1), (MAX, 0), (0, MAX), (MAX, MAX), (MAX, 1)]
)
def test_no_leaf_chooses_for_more_than_its_units(
    world: Electing, tree: Tree, election: bytes, cash: int, secu: int
) -> None:
    with refuses("elections: over units"):
        world.elect(election, tree, ALICE, cash, secu)
    assert world.totals(election) == (ALL, 0)


def test_nobody_chooses_for_another(world: Electing, tree: Tree, election: bytes) -> None:
    for sender in (MALLORY, BOB, world.elections.address):
        with refuses("elections: not the account"):
            world.elect(election, tree, ALICE, secu=1, sender=sender)


def test_what_is_no_leaf_of_the_root_chooses_nothing(world: Electing, tree: Tree, election: bytes) -> None:
    leaf, proof = shown(tree, ALICE)
    place, account, units = leaf
    other = [(hash_, total + 1) for hash_, total in proof]
    for given, nodes, name in (
        (leaf, proof[1:], BAD),
        (leaf, [*proof, proof[0]], BAD),
        (leaf, [], BAD),
        ((place + 1, account, units), proof, BAD),
        ((place & ~law.TOP, account, units), proof, BAD),
        ((place + 2**20, account, units), proof, INDEX),
        ((law.TOP - 1, account, units), proof, INDEX),
        ((place, BOB, units), proof, BAD),
        ((place, account, units + 1), proof, BAD),
        ((place, account, 0), proof, BAD),
        ((place, account, 2**128), proof, SUM),
        ((place, account, MAX), proof, SUM),
        (leaf, other, BAD),
        (leaf, [(proof[0][0], 2**128), *proof[1:]], SUM),
        (leaf, [*proof[:-1], (proof[-1][0], MAX)], SUM),
        (leaf, proof[::-1], BAD),
    ):
        with refuses(name):
            world.elections.elect(election, given, (0, 0), nodes, sender=BOB if given[1] == BOB else ALICE)
    with refuses("elections: unknown"):
        world.elections.elect(word32("unknown"), leaf, (0, 0), proof, sender=ALICE)


def test_choices_count_through_the_last_second_and_not_after_it(world: Electing, tree: Tree, election: bytes) -> None:
    set_clock(DEADLINE)
    world.elect(election, tree, ALICE, secu=1)
    assert world.elections.state(election) == 1
    set_clock(DEADLINE + 1)
    with refuses("elections: over"):
        world.elect(election, tree, ALICE, secu=2)
    assert world.elections.state(election) == 3
    assert world.chosen(election, tree, ALICE) == (0, 1)


def test_an_account_that_sold_everything_still_chooses(world: Electing, tree: Tree, election: bytes) -> None:
    """The register's units count, not those of now: transfers, pauses and halts change nothing of them."""
    world.stock.transfer(BOB, world.stock.balanceOf(ALICE), sender=ALICE)
    world.pause()
    world.elect(election, tree, ALICE, secu=HERS)
    world.elect(election, tree, BOB, secu=HIS)
    assert world.totals(election)[1] == HERS + HIS


def test_a_blocked_holder_chooses_nothing_and_what_it_chose_stays(world: Electing, tree: Tree, election: bytes) -> None:
    world.elect(election, tree, ALICE, secu=HERS)
    world.block(1)
    with refuses("elections: held"):
        world.elect(election, tree, ALICE, cash=HERS)
    assert world.totals(election) == (ALL - HERS, HERS)


def test_a_lapsed_holder_and_one_of_no_register_choose(world: Electing, tree: Tree, election: bytes) -> None:
    set_clock(DEADLINE)
    world.elect(election, tree, POOL, secu=1)
    world.elect(election, tree, ME, cash=1)
    assert world.totals(election)[1] == 1


def test_a_successor_chooses_in_the_place_of_a_recovered_account_and_never_both(
    world: Electing, tree: Tree, election: bytes
) -> None:
    world.elect(election, tree, ALICE, cash=HERS)
    new = world.recover()
    with refuses("elections: not the account"):
        world.elect(election, tree, ALICE, secu=HERS)
    world.elect(election, tree, ALICE, secu=HERS, sender=new)
    assert world.totals(election) == (ALL - HERS, HERS)
    event = world.elections.events()[-1]
    assert (event.values["account"], event.values["by"], event.values["nonce"]) == (ALICE, new, 1)
    world.block(1)
    with refuses("elections: held"):
        world.elect(election, tree, ALICE, cash=HERS, sender=new)


def test_an_account_that_stands_twice_has_two_leaves_and_no_more_units_than_they(world: Electing) -> None:
    """A choice is a leaf's: what a builder wrote twice is chosen for twice, and comes to the root's sum."""
    tree = register((CAROL, 5), (BOB, 1), (CAROL, 7))
    election = world.opened(tree)
    leaves = [tree.leaves.leaf(place) for place in range(3)]
    for leaf in leaves:
        if leaf.account[-20:].hex() == CAROL[2:].lower():
            nodes = [(one.hash, one.sum) for one in tree.proof(leaf.index)]
            given = (leaf.index | law.TOP, CAROL, leaf.net)
            world.elections.elect(election, given, (0, leaf.net), nodes, sender=CAROL)
    assert world.totals(election) == (1, 12)


def test_the_largest_register_is_chosen_for_to_the_last_unit(world: Electing) -> None:
    rich, most = named("rich"), 2**112 - 2
    tree = register((rich, most), (BOB, 1))
    election = world.opened(tree)
    world.elect(election, tree, rich, cash=most)
    world.elect(election, tree, BOB, secu=1)
    assert world.totals(election) == (most, 1)
    world.elect(election, tree, rich, secu=most)
    world.elect(election, tree, BOB, cash=1)
    assert world.totals(election) == (1, most)
    world.elect(election, tree, rich, cash=1, secu=most - 1)
    assert (world.totals(election), world.chosen(election, tree, rich)) == ((2, most - 1), (1, most - 1))


@pytest.mark.parametrize("depth", [False, True])
def test_a_tree_of_any_depth_proves_its_leaves(world: Electing, depth: bool) -> None:
    tree = usual(deep=depth)
    election = world.opened(tree)
    for account in HELD:
        world.elect(election, tree, account, secu=HELD[account] * WAD)
    assert world.totals(election) == (0, ALL)
