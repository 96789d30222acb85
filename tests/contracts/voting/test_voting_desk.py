"""Ballot: a vote is opened once on a meeting's own root, voided, tallied once, reported within what was instructed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boa
import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Event, Refused, deploy, named, now, refuses, set_clock, word32
from support.issuance_world import ADMIN, ALICE, BOB, DAY, DESK, DOCUMENT, MALLORY, REASON, WAD, deploy_stub
from support.voting_world import (
    ABSTAIN,
    AGAINST,
    AGENDA,
    DEADLINE,
    FOR,
    HELD,
    RECORD,
    SPLIT,
    TERMS,
    Voting,
    register,
    usual,
)

from scrip.holders.tree import Tree

HERS, HIS = HELD[ALICE] * WAD, HELD[BOB] * WAD
URI = "https://example.com/report"
ELSEWHERE, ROOT, TERM = "voting: bound elsewhere", "voting: bad root", "voting: bad terms"


@pytest.fixture
def tree() -> Tree:
    return usual()


def test_a_vote_is_recorded_with_its_terms_and_its_meeting(world: Voting, tree: Tree) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    root = world.root_of(tree)
    vote = world.open(meeting, tree)
    event = world.ballot.events()[-1]
    assert (event.name, event.values["vote"], event.values["meeting"]) == ("VoteOpened", vote, meeting)
    assert vote == world.ballot.voteId(world.id_of(meeting, root), 0, tuple(TERMS.values()))
    assert world.id_of(meeting, root) == world.ballot.rootId(world.stock, meeting, *root[3:], root[2], *root[:2])
    shown = (world.stock.address, meeting, 1, RECORD, DEADLINE, 2, WAD, root[0], root[1], 20, AGENDA, 0, ZERO32)
    assert world.ballot.poll(vote) == world.ballot.poll(vote + 1) == shown
    assert (world.ballot.parts(meeting), world.ballot.partAt(meeting, 0)) == (1, vote)
    assert (world.ballot.proposalSnapshot(vote), world.ballot.proposalDeadline(vote + 1)) == (RECORD, DEADLINE)
    assert (world.ballot.clock(), world.ballot.CLOCK_MODE()) == (now(), "mode=timestamp")
    assert world.ballot.COUNTING_MODE() == "support=bravo,fractional&params=fractional"


def test_a_meeting_has_one_vote_and_another_once_that_is_voided(world: Voting, tree: Tree) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    first = world.open(meeting, tree)
    world.cast(first, tree, ALICE)
    for part, name in ((0, "voting: another part"), (2, "voting: another part"), (1, "voting: opened")):
        with refuses(name):
            world.open(meeting, tree, part)
    world.ballot.voidVote(first, REASON, DOCUMENT, sender=DESK)
    said = {"vote": first, "reason": REASON, "document": DOCUMENT}
    assert world.ballot.events()[-1] == Event(world.ballot.address, "VoteVoided", said)
    assert world.ballot.state(first) == 2
    with refuses("voting: voided"):
        world.cast(first, tree, BOB)
    with refuses("voting: voided"):
        world.ballot.voidVote(first, REASON, DOCUMENT, sender=DESK)
    # The same root and terms again are another vote: what was voted in the first is not carried over.
    second = world.open(meeting, tree, 1)
    assert second != first
    assert world.ballot.proposalVotes(second) == (0, 0, 0)
    with refuses("voting: no weight"):
        world.ballot.castVote(second, FOR, sender=ALICE)


def test_a_root_is_good_for_one_chain_stock_meeting_and_block(world: Voting, tree: Tree) -> None:
    meeting, other = world.meeting(), world.meeting()
    stock = world.create_stock("US0378331005")
    elsewhere = world.meeting(token=stock.address)
    set_clock(RECORD)
    root, terms = world.root_of(tree), tuple(TERMS.values())

    def open_(at: bytes, id: bytes, given: tuple[Any, ...] = root) -> None:
        world.ballot.open(at, 0, given, terms, URI, id, sender=DESK)

    id = world.id_of(meeting, root)
    for at, bound in (
        (meeting, world.id_of(meeting, root, chain=5)),
        (meeting, world.id_of(meeting, root, stock)),
        (meeting, world.id_of(ZERO32, root)),
        (other, id),
        (elsewhere, id),
        (meeting, ZERO32),
    ):
        with refuses(ELSEWHERE):
            open_(at, bound)
    for place, changed in ((0, word32("another")), (1, root[1] + 1), (2, 21)):
        with refuses(ELSEWHERE):
            open_(meeting, id, (*root[:place], changed, *root[place + 1 :]))
    open_(meeting, id)


@pytest.mark.parametrize("off", [1, -1, -HERS, 2**64])
def test_a_builder_who_names_another_sum_has_a_vote_that_nobody_casts(world: Voting, tree: Tree, off: int) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    hash_, total, *rest = world.root_of(tree)
    root = (hash_, total + off, *rest)
    vote = world.ballot.open(meeting, 0, root, tuple(TERMS.values()), URI, world.id_of(meeting, root), sender=DESK)
    with refuses("voting: bad proof"):
        world.cast(vote, tree, ALICE)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": 0}, "book: not announced"),
        ({"status": 3}, "book: not announced"),
        ({"status": 4}, "book: not announced"),
        ({"status": 2}, ""),
        ({"code": "DVCA"}, "voting: not a meeting"),
        ({"code": ""}, "voting: not a meeting"),
        ({"recordAt": RECORD + 1}, "book: record to come"),
        ({"deadline": DEADLINE - 1}, TERM),
        ({"deadline": 0}, TERM),
        ({"deadline": 2**40}, TERM),
        ({"deadline": 2**40 - 1}, ""),
    ],
)
def test_a_vote_needs_a_meeting_whose_record_has_come(
    world: Voting, tree: Tree, changes: dict[str, Any], name: str
) -> None:
    meeting = world.meeting(**changes)
    set_clock(RECORD)
    if not name:
        assert world.open(meeting, tree)
        return
    with refuses(name):
        world.open(meeting, tree)


def test_an_unknown_meeting_has_no_vote(world: Voting, tree: Tree) -> None:
    with refuses("book: not announced"):
        world.open(word32("unknown"), tree)


@pytest.mark.parametrize(
    "terms",
    [
        {"multiplier": 0},
        {"multiplier": 2**96},
        {"deadline": RECORD - 1},
        {"deadline": DEADLINE + 1},
        {"deadline": 0},
        {"deadline": MAX},
        {"resolutions": 0},
        {"resolutions": 65},
        {"resolutions": MAX},
        {"agenda": ZERO32},
    ],
    ids=str,
)
def test_bad_terms_open_nothing(world: Voting, tree: Tree, terms: dict[str, Any]) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    with refuses(TERM):
        world.open(meeting, tree, **terms)


def test_the_last_second_and_the_most_resolutions_do(world: Voting, tree: Tree) -> None:
    vote = world.opened(tree, deadline=now() + DAY + 1, resolutions=64)
    assert world.ballot.state(vote + 63) == 1


def test_bad_roots_and_blocks_open_nothing(world: Voting, tree: Tree) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    boa.env.evm.patch.block_number += 5
    hash_, total, depth, number, block = world.root_of(tree)
    for root, name in (
        ((hash_, total, 6, number, block), ROOT),
        ((hash_, total, 33, number, block), ROOT),
        ((hash_, 0, depth, number, block), ROOT),
        ((hash_, 2**128, depth, number, block), ROOT),
        ((hash_, total, depth, number + 1, block), "voting: bad block"),
        ((hash_, total, depth, MAX, block), "voting: bad block"),
        ((hash_, total, depth, number, word32("another")), "voting: bad block"),
        ((hash_, total, depth, number - 1, block), "voting: bad block"),
    ):
        with refuses(name):
            world.ballot.open(meeting, 0, root, tuple(TERMS.values()), URI, world.id_of(meeting, root), sender=DESK)


def test_a_block_that_the_chain_has_forgotten_is_the_verifiers(world: Voting, tree: Tree) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    boa.env.evm.patch.block_number += 300
    hash_, total, depth, _, _ = world.root_of(tree)
    root = (hash_, total, depth, 1, word32("long ago"))
    assert world.ballot.open(meeting, 0, root, tuple(TERMS.values()), URI, world.id_of(meeting, root), sender=DESK)


CALLS: dict[str, tuple[tuple[str, ...], Callable[[Voting, int, str], object]]] = {
    "open": (
        (DESK,),
        lambda w, _, by: w.ballot.open(ZERO32, 0, (ZERO32, 0, 0, 0, ZERO32), (0, 0, 0, ZERO32), "", ZERO32, sender=by),
    ),
    "voidVote": ((DESK, ADMIN), lambda w, v, by: w.ballot.voidVote(v, 0, ZERO32, sender=by)),
    "report": ((DESK,), lambda w, v, by: w.ballot.report(v, [], ZERO32, "", sender=by)),
    "publish": ((DESK,), lambda w, _, by: w.ballot.publish(ZERO, ZERO32, ZERO32, "", sender=by)),
}
HOLDERS = {"prove", "confirm"} | {
    f"castVote{kind}" for kind in ("", "BySig", "WithProof", "WithReason", "WithReasonAndParams")
}


def test_every_function_that_writes_is_listed(world: Voting) -> None:
    writers = {
        entry["name"]
        for entry in world.ballot.abi
        if entry["type"] == "function" and entry["stateMutability"] not in {"view", "pure"}
    }
    assert writers == set(CALLS) | HOLDERS | {"castVoteWithReasonAndParamsBySig"}


@pytest.mark.parametrize("function", sorted(CALLS))
def test_who_may_call(world: Voting, tree: Tree, function: str) -> None:
    allowed, call = CALLS[function]
    vote = world.opened(tree)
    people = ("guardian", "pauser", "unpauser", "minter", "compliance", "attestor", "ceiling", "treasury")
    for actor in (ALICE, MALLORY, DESK, ADMIN, world.ballot.address, *map(named, people)):
        told = ""
        try:
            call(world, vote, actor)
        except Refused as refused:
            told = refused.name
        assert (told == "roles: not authorised") == (actor not in allowed), (actor, told)


def test_voiding_needs_a_reason_and_a_document(world: Voting, tree: Tree) -> None:
    vote = world.opened(tree)
    for reason, document in ((0, DOCUMENT), (REASON, ZERO32)):
        with refuses("voting: reason and document"):
            world.ballot.voidVote(vote, reason, document, sender=DESK)
    world.ballot.voidVote(vote + 1, REASON, DOCUMENT, sender=ADMIN)
    assert world.ballot.state(vote) == 2


# --- a meeting that was cancelled ------------------------------------------------------------------------------------


def _cancelled(world: Voting, meeting: bytes, status: int = 3) -> None:
    world.book.set(meeting, (world.stock.address, "MEET", status, RECORD, DEADLINE))


def test_the_votes_of_a_cancelled_meeting_are_void_without_a_transaction(world: Voting, tree: Tree) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    vote = world.open(meeting, tree)
    world.cast(vote, tree, ALICE)
    _cancelled(world, meeting)
    assert (world.ballot.state(vote), world.ballot.state(vote + 1)) == (2, 2)
    # A vote asks the book nothing: it goes through, and counts for nothing.
    world.cast(vote, tree, BOB)
    assert world.ballot.proposalVotes(vote) == (0, HERS + HIS, 0)
    for over in (False, True):
        if over:
            set_clock(DEADLINE + 1)
        with refuses("voting: voided"):
            world.ballot.tally(vote)
        with refuses("voting: voided"):
            world.ballot.report(vote, [(0, 0, 0)] * 2, word32("report"), URI, sender=DESK)
        with refuses("voting: voided"):
            world.ballot.voidVote(vote, REASON, DOCUMENT, sender=DESK)
        with refuses("book: not announced"):
            world.open(meeting, tree, part=1)


def test_a_meeting_that_is_cancelled_after_the_report_confirms_nobody(world: Voting, tree: Tree) -> None:
    meeting = world.meeting()
    set_clock(RECORD)
    vote = world.open(meeting, tree)
    world.cast(vote, tree, ALICE)
    set_clock(DEADLINE + 1)
    world.ballot.report(vote, [(0, HERS, 0), (0, 0, 0)], word32("report"), URI, sender=DESK)
    assert world.ballot.isCounted(vote, ALICE)
    for status, counted, state in ((2, True, 7), (4, True, 7), (3, False, 2)):
        _cancelled(world, meeting, status)
        assert (world.ballot.isCounted(vote, ALICE), world.ballot.state(vote)) == (counted, state)
    with refuses("voting: not counted"):
        world.ballot.confirm(vote, ALICE, sender=BOB)
    with refuses("voting: voided"):
        world.ballot.report(vote, [(0, HERS, 0), (0, 0, 0)], word32("another"), URI, sender=DESK)


# --- the tally and the report ----------------------------------------------------------------------------------------


def test_the_tally_converts_each_sum_once(world: Voting) -> None:
    tree = register((ALICE, 3), (BOB, 3))
    # 1.5 shares a unit: each alone would be 4, both are 9.
    vote = world.opened(tree, multiplier=3 * WAD // 2)
    world.cast(vote, tree, ALICE)
    assert world.ballot.tally(vote) == (0, 4, 0)
    world.cast(vote, tree, BOB)
    assert world.ballot.tally(vote) == (0, 9, 0)
    assert world.ballot.proposalVotes(vote) == (0, 6, 0)


def voted(world: Voting, tree: Tree) -> int:
    """A vote that is over: Alice for and Bob against the first resolution, Alice in parts on the second."""
    vote = world.opened(tree)
    world.cast(vote, tree, ALICE, FOR)
    world.cast(vote, tree, BOB, AGAINST)
    world.cast(vote + 1, tree, ALICE, SPLIT, (WAD, 2 * WAD, 3 * WAD))
    set_clock(DEADLINE + 1)
    return vote


DUE = [(HIS, HERS, 0), (WAD, 2 * WAD, 3 * WAD)]


def test_what_the_custodian_cast_is_reported_and_confirmed(world: Voting, tree: Tree) -> None:
    vote = voted(world, tree)
    assert [world.ballot.tally(vote + place) for place in (0, 1)] == DUE
    assert world.ballot.state(vote) == 5
    with refuses("voting: not counted"):
        world.ballot.confirm(vote, ALICE, sender=MALLORY)
    world.ballot.report(vote + 1, DUE, DOCUMENT, URI, sender=DESK)
    last = [event.name for event in world.ballot.events()]
    assert last == ["VotesReported", "VotesReported", "ReportPublished"]
    assert (world.ballot.state(vote), world.ballot.state(vote + 1)) == (7, 7)
    assert [world.ballot.castOf(vote + place) for place in (0, 1)] == DUE
    assert [world.ballot.isCounted(vote, account) for account in (ALICE, BOB, MALLORY)] == [True, True, False]
    assert [world.ballot.isCounted(vote + 1, account) for account in (ALICE, BOB)] == [True, False]
    world.ballot.confirm(vote, ALICE, sender=MALLORY)
    said = {"account": ALICE, "proposalId": vote, "votes": (0, HERS, 0), "document": DOCUMENT}
    assert world.ballot.events()[-1] == Event(world.ballot.address, "VoteConfirmed", said)
    with refuses("voting: reported"):
        world.ballot.voidVote(vote, REASON, DOCUMENT, sender=ADMIN)


def test_uninstructed_units_are_never_mirrored(world: Voting, tree: Tree) -> None:
    vote = voted(world, tree)
    for place, choice in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 2)):
        casts = [list(one) for one in DUE]
        casts[place][choice] += 1
        with refuses("voting: mirrored"):
            world.ballot.report(vote, [tuple(one) for one in casts], DOCUMENT, URI, sender=DESK)
    with refuses("voting: bad report"):
        world.ballot.report(vote, [(MAX, 0, 0), DUE[1]], DOCUMENT, URI, sender=DESK)


def test_a_vote_of_which_a_share_is_left_out_is_not_counted(world: Voting, tree: Tree) -> None:
    vote = voted(world, tree)
    short = [(HIS - WAD + 1, HERS - WAD, 0), (WAD, 2 * WAD, 2 * WAD)]
    world.ballot.report(vote, short, DOCUMENT, URI, sender=DESK)
    # The custodian votes whole shares: less than one that is left out is a fraction.
    assert [world.ballot.isCounted(vote, account) for account in (ALICE, BOB)] == [False, True]
    assert not world.ballot.isCounted(vote + 1, ALICE)
    with boa.env.anchor():
        world.ballot.report(vote, [(0, HERS, 0), (0, 2 * WAD, 3 * WAD)], DOCUMENT, URI, sender=DESK)
        assert [world.ballot.isCounted(vote, account) for account in (ALICE, BOB)] == [True, False]
        assert not world.ballot.isCounted(vote + 1, ALICE)
    # A later report takes its place.
    world.ballot.report(vote, DUE, word32("the second"), URI, sender=DESK)
    assert world.ballot.isCounted(vote, ALICE)
    assert world.ballot.isCounted(vote + 1, ALICE)
    assert world.ballot.poll(vote)[-2:] == (2, word32("the second"))


def test_a_report_waits_for_the_deadline_and_is_whole(world: Voting, tree: Tree) -> None:
    vote = world.opened(tree)
    set_clock(DEADLINE)
    nothing = [(0, 0, 0)] * 2
    with refuses("voting: not over"):
        world.ballot.report(vote, nothing, DOCUMENT, URI, sender=DESK)
    set_clock(DEADLINE + 1)
    for casts, document in ((nothing[:1], DOCUMENT), ([*nothing, (0, 0, 0)], DOCUMENT), (nothing, ZERO32)):
        with refuses("voting: bad report"):
            world.ballot.report(vote, casts, document, URI, sender=DESK)
    with refuses("voting: unknown proposal"):
        world.ballot.report(vote + 2, nothing, DOCUMENT, URI, sender=DESK)
    with boa.env.anchor():
        world.ballot.voidVote(vote, REASON, DOCUMENT, sender=DESK)
        with refuses("voting: voided"):
            world.ballot.report(vote, nothing, DOCUMENT, URI, sender=DESK)
    world.ballot.report(vote, nothing, DOCUMENT, URI, sender=DESK)


def test_a_document_is_put_on_record(world: Voting) -> None:
    subject = word32("annual report")
    world.ballot.publish(world.stock, subject, DOCUMENT, "ipfs://report", sender=DESK)
    said = {"token": world.stock.address, "subject": subject, "document": DOCUMENT}
    said |= {"uri": "ipfs://report", "publisher": DESK}
    assert world.ballot.events()[-1] == Event(world.ballot.address, "DocumentPublished", said)
    with refuses("voting: unknown stock"):
        world.ballot.publish(MALLORY, subject, DOCUMENT, "ipfs://report", sender=DESK)
    for document, uri in ((ZERO32, "ipfs://report"), (DOCUMENT, "")):
        with refuses("voting: no document"):
            world.ballot.publish(world.stock, subject, document, uri, sender=DESK)


def test_counterparts_are_of_the_same_role_table(world: Voting) -> None:
    strange = deploy("Roles")
    for registry, book, name in (
        (ALICE, world.book, "voting: bad registry"),
        (world.registry, ALICE, "voting: bad book"),
        (world.registry, deploy_stub("StubBook", strange), "voting: bad book"),
    ):
        with refuses(name):
            deploy("Ballot", world.roles, registry, book)
    assert world.ballot.BOOK() == world.book.address


def test_abstentions_are_tallied_apart(world: Voting, tree: Tree) -> None:
    vote = world.opened(tree)
    for account, support in ((ALICE, ABSTAIN), (BOB, ABSTAIN)):
        world.cast(vote, tree, account, support)
    assert world.ballot.tally(vote) == (0, 0, HERS + HIS)
