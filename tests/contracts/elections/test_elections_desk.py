"""Elections: opened once on an action's own root, until its deadline, voided, and ended with a cancelled action."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Event, deploy, named, refuses, set_clock, word32
from support.elections_world import DEADLINE, HELD, RECORD, Electing, usual
from support.issuance_world import ADMIN, ALICE, BOB, DESK, DOCUMENT, MALLORY, REASON, WAD, deploy_stub

from scrip.holders.tree import Tree

HERS, ALL = HELD[ALICE] * WAD, sum(HELD.values()) * WAD
URI = "ipfs://terms"
ELSEWHERE, ROOT, BLOCK = "elections: bound elsewhere", "elections: bad root", "elections: bad block"


@pytest.fixture
def tree() -> Tree:
    return usual()


def test_an_election_is_recorded_with_its_default_and_its_action(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    root = world.root_of(tree)
    election = world.open(action, tree, dflt="SECU")
    said = {"election": election, "action": action, "token": world.stock.address, "root": root, "dflt": "SECU"}
    said |= {"deadline": DEADLINE, "part": 0, "uri": URI}
    assert world.elections.events()[-1] == Event(world.elections.address, "ElectionOpened", said)
    bound = world.id_of(action, root)
    assert election == world.elections.electionId(bound, 0, "SECU") != world.elections.electionId(bound, 0, "CASH")
    assert bound == world.elections.rootId(world.stock, action, *root[3:], root[2], *root[:2])
    shown = (action, 1, RECORD, DEADLINE, "SECU", root[0], root[1], 20)
    assert world.elections.election(election) == shown
    assert world.elections.election(ZERO32) == (ZERO32, 0, 0, 0, "", ZERO32, 0, 0)
    assert (world.elections.parts(action), world.elections.partAt(action, 0)) == (1, election)
    assert world.elections.partAt(action, 1) == ZERO32
    assert (world.elections.state(election), world.elections.state(ZERO32)) == (1, 0)
    assert world.totals(election) == (0, ALL)
    assert world.elections.BOOK() == world.book.address
    with refuses("elections: bad default"):
        world.elections.electionId(bound, 0, "NOAC")


def test_an_action_has_one_election_and_another_once_that_is_voided(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    first = world.open(action, tree)
    world.elect(first, tree, ALICE, secu=HERS)
    for part, name in ((0, "elections: another part"), (2, "elections: another part"), (1, "elections: opened")):
        with refuses(name):
            world.open(action, tree, part)
    world.elections.voidElection(first, REASON, DOCUMENT, sender=DESK)
    said = {"election": first, "reason": REASON, "document": DOCUMENT}
    assert world.elections.events()[-1] == Event(world.elections.address, "ElectionVoided", said)
    assert world.elections.state(first) == 2
    for again in (
        lambda: world.elect(first, tree, BOB),
        lambda: world.elections.voidElection(first, REASON, DOCUMENT, sender=DESK),
        lambda: world.elections.follow(first, sender=MALLORY),
    ):
        with refuses("elections: voided"):
            again()
    # The same root and default again are another election: what was chosen in the first is not carried over.
    second = world.open(action, tree, 1)
    assert second != first
    assert (world.totals(second), world.chosen(second, tree, ALICE)) == ((ALL, 0), (0, 0))
    assert world.chosen(first, tree, ALICE) == (0, HERS)


def test_a_root_is_good_for_one_chain_stock_action_and_block(world: Electing, tree: Tree) -> None:
    action, other = world.dividend(), world.dividend()
    stock = world.create_stock("US0378331005")
    elsewhere = world.dividend(token=stock.address)
    set_clock(RECORD)
    root = world.root_of(tree)

    def open_(at: bytes, id: bytes, given: tuple[Any, ...] = root) -> None:
        world.elections.open(at, 0, given, "CASH", URI, id, sender=DESK)

    id = world.id_of(action, root)
    for at, bound in (
        (action, world.id_of(action, root, chain=5)),
        (action, world.id_of(action, root, stock)),
        (action, world.id_of(ZERO32, root)),
        (other, id),
        (elsewhere, id),
        (action, ZERO32),
    ):
        with refuses(ELSEWHERE):
            open_(at, bound)
    for place, changed in ((0, word32("another")), (1, root[1] + 1), (2, 21)):
        with refuses(ELSEWHERE):
            open_(action, id, (*root[:place], changed, *root[place + 1 :]))
    number = boa.env.evm.patch.block_number
    for place, changed, name in (
        (2, 6, ROOT),
        (2, 33, ROOT),
        (2, MAX, ROOT),
        (1, 0, ROOT),
        (1, 2**112, ROOT),
        (1, MAX, ROOT),
        (3, number, BLOCK),
        (3, MAX, BLOCK),
        (4, word32("another"), BLOCK),
    ):
        with refuses(name):
            open_(action, id, (*root[:place], changed, *root[place + 1 :]))
    open_(action, id)


def test_a_block_that_the_chain_does_not_remember_is_the_desk_s_word(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    root = (*world.root_of(tree)[:4], word32("long ago"))
    boa.env.evm.patch.block_number += 255
    with refuses(BLOCK):
        world.elections.open(action, 0, root, "CASH", URI, world.id_of(action, root), sender=DESK)
    boa.env.evm.patch.block_number += 1
    world.elections.open(action, 0, root, "CASH", URI, world.id_of(action, root), sender=DESK)


@pytest.mark.parametrize("off", [1, -1, -HERS, 2**64])
def test_who_names_another_sum_has_an_election_that_nobody_is_in(world: Electing, tree: Tree, off: int) -> None:
    action = world.dividend()
    set_clock(RECORD)
    hash_, total, *rest = world.root_of(tree)
    root = (hash_, total + off, *rest)
    election = world.elections.open(action, 0, root, "CASH", URI, world.id_of(action, root), sender=DESK)
    with refuses("elections: bad proof"):
        world.elect(election, tree, ALICE, secu=1)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": 0}, "book: not announced"),
        ({"status": 2}, "book: not announced"),
        ({"status": 3}, "book: not announced"),
        ({"status": 4}, "book: not announced"),
        ({"code": "MEET"}, "elections: no options"),
        ({"code": "DVCA"}, "elections: no options"),
        ({"code": ""}, "elections: no options"),
        ({"recordAt": RECORD + 1}, "book: record to come"),
        ({"deadline": RECORD - 1}, "elections: over"),
        ({"deadline": 0}, "elections: over"),
        ({"deadline": RECORD}, ""),
        ({"deadline": 2**40 - 1}, ""),
    ],
)
def test_an_election_needs_an_announced_choice_whose_record_has_come(
    world: Electing, tree: Tree, changes: dict[str, Any], name: str
) -> None:
    action = world.dividend(**changes)
    set_clock(RECORD)
    if not name:
        assert world.open(action, tree)
        return
    with refuses(name):
        world.open(action, tree)


def test_a_meeting_s_root_opens_no_election(world: Electing, tree: Tree) -> None:
    """A ballot on the same register is another contract's, and its id binds the meeting."""
    meeting, action = world.dividend(code="MEET"), world.dividend()
    set_clock(RECORD)
    root = world.root_of(tree)
    with refuses("elections: no options"):
        world.elections.open(meeting, 0, root, "CASH", URI, world.id_of(meeting, root), sender=DESK)
    with refuses(ELSEWHERE):
        world.elections.open(action, 0, root, "CASH", URI, world.id_of(meeting, root), sender=DESK)


def test_a_default_is_one_of_the_options(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    for wrong in ("", "cash", "NOAC", "CASE"):
        with refuses("elections: bad default"):
            world.open(action, tree, dflt=wrong)
    assert world.open(action, tree, dflt="SECU")


def test_a_cancelled_action_s_election_is_void_whether_anyone_says_so_or_not(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    election = world.open(action, tree)
    world.elect(election, tree, ALICE, secu=HERS)
    with refuses("elections: nothing new"):
        world.elections.follow(election, sender=MALLORY)
    world.dividend(action, status=3)
    assert world.elections.state(election) == 2
    world.elections.follow(election, sender=MALLORY)
    said = {"election": election, "reason": 0, "document": ZERO32}
    assert world.elections.events()[-1] == Event(world.elections.address, "ElectionVoided", said)
    with refuses("elections: voided"):
        world.elect(election, tree, ALICE, cash=HERS)
    assert world.elections.state(election) == 2
    with refuses("book: not announced"):
        world.open(action, tree, 1)


def test_an_election_follows_its_action_s_deadline_earlier_and_later(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    election = world.open(action, tree)
    world.dividend(action, deadline=RECORD + 10)
    world.elections.follow(election, sender=MALLORY)
    said = {"election": election, "deadline": RECORD + 10}
    assert world.elections.events()[-1] == Event(world.elections.address, "DeadlineFollowed", said)
    assert world.elections.election(election)[3] == RECORD + 10
    set_clock(RECORD + 10)
    world.elect(election, tree, ALICE, secu=1)
    set_clock(RECORD + 11)
    with refuses("elections: over"):
        world.elect(election, tree, ALICE, secu=2)
    assert world.elections.state(election) == 3
    # The book says a later one by now: it is open, and takes choices once it has followed.
    world.dividend(action, deadline=DEADLINE)
    assert world.elections.state(election) == 1
    world.elections.follow(election, sender=MALLORY)
    world.elect(election, tree, ALICE, secu=2)
    # A deadline that was moved back is the action's, and choices go on until somebody says so: not over before both.
    world.dividend(action, deadline=RECORD + 11)
    set_clock(RECORD + 12)
    assert world.elections.state(election) == 1
    world.elections.follow(election, sender=MALLORY)
    assert world.elections.state(election) == 3
    assert world.chosen(election, tree, ALICE) == (0, 2)
    with refuses("elections: unknown"):
        world.elections.follow(word32("unknown"), sender=MALLORY)


def test_what_is_paid_is_not_voided(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    election = world.open(action, tree)
    for status in (2, 4):
        world.dividend(action, status=status)
        with refuses("elections: paid"):
            world.elections.voidElection(election, REASON, DOCUMENT, sender=DESK)
    world.dividend(action, status=3)
    world.elections.voidElection(election, REASON, DOCUMENT, sender=ADMIN)


def test_who_may_open_and_void(world: Electing, tree: Tree) -> None:
    action = world.dividend()
    set_clock(RECORD)
    for somebody in (MALLORY, ALICE, ADMIN):
        with refuses("roles: not authorised"):
            world.open(action, tree, sender=somebody)
    election = world.open(action, tree)
    with refuses("roles: not authorised"):
        world.elections.voidElection(election, REASON, DOCUMENT, sender=MALLORY)
    for reason, document in ((0, DOCUMENT), (REASON, ZERO32)):
        with refuses("elections: reason and document"):
            world.elections.voidElection(election, reason, document, sender=DESK)
    with refuses("elections: unknown"):
        world.elections.voidElection(word32("unknown"), REASON, DOCUMENT, sender=DESK)


def test_it_is_born_with_contracts_of_its_own_role_table(world: Electing) -> None:
    stranger = deploy_stub("StubBook", deploy("Roles"))
    for args, name in (
        ((ZERO, world.registry, world.book), "roles: zero address"),
        ((world.roles, named("nobody"), world.book), "elections: bad registry"),
        ((world.roles, stranger, world.book), "elections: bad registry"),
        ((world.roles, world.registry, stranger), "elections: bad book"),
        ((world.roles, world.registry, named("nobody")), "elections: bad book"),
    ):
        with refuses(name):
            deploy("Elections", *args)


def test_every_function_that_writes_is_tried(world: Electing) -> None:
    writers = {
        entry["name"]
        for entry in world.elections.abi
        if entry["type"] == "function" and entry["stateMutability"] not in {"view", "pure"}
    }
    assert writers == {"open", "voidElection", "follow", "elect", "electBySig"}
