"""Ballot: an account votes with its leaf, the last vote counts, and nobody votes with another's."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from eth_abi import decode
from support.contract_calls import MAX, Event, named, refuses, set_clock
from support.contract_stubs import deploy_stub
from support.issuance_world import ALICE, BOB, CAROL, DESK, MALLORY, WAD
from support.voting_world import (
    ABSTAIN,
    AGAINST,
    DEADLINE,
    FOR,
    HELD,
    POOL,
    RECORD,
    SPLIT,
    Voting,
    amounts,
    encoded,
    proof_of,
    register,
    usual,
)

from scrip.holders.tree import Tree
from scrip.model.laws import merkle_sum as law

HERS = HELD[ALICE] * WAD
BAD, INDEX, SUM, FORM = "voting: bad proof", "voting: bad index", "voting: bad sum", ""


@pytest.fixture
def tree() -> Tree:
    return usual()


@pytest.fixture
def vote(world: Voting, tree: Tree) -> int:
    return world.opened(tree)


def test_a_holder_votes_with_its_units_and_the_event_is_openzeppelins(world: Voting, tree: Tree, vote: int) -> None:
    assert world.cast(vote, tree, ALICE, FOR, reason="as the board says") == HERS
    said = {"voter": ALICE, "proposalId": vote, "support": FOR, "weight": HERS, "reason": "as the board says"}
    assert world.ballot.events()[-1] == Event(world.ballot.address, "VoteCast", said)
    assert world.ballot.proposalVotes(vote) == (0, HERS, 0)
    assert world.ballot.votesOf(vote, ALICE) == (0, HERS, 0)
    assert (world.ballot.hasVoted(vote, ALICE), world.ballot.usedVotes(vote, ALICE)) == (True, HERS)
    # The other resolution of the same meeting has no vote yet.
    assert world.ballot.proposalVotes(vote + 1) == (0, 0, 0)
    assert not world.ballot.hasVoted(vote + 1, ALICE)


def test_the_last_vote_counts_whole_or_in_parts(world: Voting, tree: Tree, vote: int) -> None:
    world.cast(vote, tree, BOB, AGAINST)
    bob, third = HELD[BOB] * WAD, HERS // 3
    for support, split, now in (
        (AGAINST, (), (HERS, 0, 0)),
        (FOR, (), (0, HERS, 0)),
        (SPLIT, (third, third, third), (third, third, third)),
        (ABSTAIN, (), (0, 0, HERS)),
        (SPLIT, (1, HERS - 1, 0), (1, HERS - 1, 0)),
        (SPLIT, (0, 0, HERS), (0, 0, HERS)),
        (SPLIT, (0, 0, 0), (0, 0, 0)),
        (FOR, (), (0, HERS, 0)),
    ):
        assert world.cast(vote, tree, ALICE, support, split) == sum(now)
        assert world.ballot.votesOf(vote, ALICE) == now
        assert world.ballot.hasVoted(vote, ALICE) == (sum(now) > 0)
        assert world.ballot.proposalVotes(vote) == (now[0] + bob, now[1], now[2])
    said = {"voter": ALICE, "proposalId": vote, "support": SPLIT, "weight": 6, "reason": ""}
    world.cast(vote, tree, ALICE, SPLIT, (1, 2, 3))
    event = Event(world.ballot.address, "VoteCastWithParams", said | {"params": amounts((1, 2, 3))})
    assert world.ballot.events()[-1] == event


def test_parts_come_to_no_more_than_the_units(world: Voting, tree: Tree, vote: int) -> None:
    most = 2**128 - 1
    for split in ((1, HERS, 0), (HERS, 1, 0), (0, 1, HERS), (most, most, most), (most, 0, 1), (HERS + 1, 0, 0)):
        with refuses("voting: over weight"):
            world.cast(vote, tree, ALICE, SPLIT, split)
    assert world.ballot.proposalVotes(vote) == (0, 0, 0)


def test_a_vote_counts_in_the_last_second_and_not_after_it(world: Voting, tree: Tree, vote: int) -> None:
    set_clock(DEADLINE)
    world.cast(vote, tree, ALICE, FOR)
    set_clock(DEADLINE + 1)
    for support, split in ((AGAINST, ()), (SPLIT, (0, 0, 0))):
        with refuses("voting: over"):
            world.cast(vote, tree, ALICE, support, split)
    with refuses("voting: over"):
        world.ballot.prove(vote, proof_of(tree, BOB), sender=BOB)
    assert world.ballot.proposalVotes(vote) == (0, HERS, 0)


def forged(tree: Tree) -> dict[str, tuple[bytes, str]]:
    """Alice's proof with one thing changed, and what it is refused for."""
    place, account, units, proof = law.TOP, tree.leaves.leaf(0).account, HERS, list(tree.proof(0))

    def given(place: int = place, account: bytes = account, units: int = units, proof: list[law.Node] = proof) -> bytes:
        return encoded(place, account, units, proof)

    def sibling(level: int, change: int) -> list[law.Node]:
        found = list(proof)
        found[level] = law.Node(found[level].hash, found[level].sum + change)
        return found

    nothing = law.Node(bytes(32), 0)
    return {
        "units + 1": (given(units=HERS + 1), BAD),
        "units - 1": (given(units=HERS - 1), BAD),
        "no units": (given(units=0), BAD),
        "units beyond 128 bits": (given(units=HERS + 2**128), SUM),
        "units that would be a node's": (given(units=HERS | law.TOP), SUM),
        "the most units": (given(units=MAX), SUM),
        "a sibling's sum + 1": (given(proof=sibling(0, 1)), BAD),
        "an upper sibling's sum + 1": (given(proof=sibling(19, 1)), BAD),
        "a sum moved into the leaf": (given(units=HERS + 1, proof=sibling(0, -1)), BAD),
        "a sum beyond 128 bits": (given(proof=sibling(0, 2**128)), SUM),
        "a sum with the top bit": (given(proof=sibling(0, 2**255)), SUM),
        "sums that overflow": (given(proof=sibling(19, 2**256 - 1 - proof[19].sum)), SUM),
        "index + 2^20": (given(place=place + 2**20), INDEX),
        "index + 2^8": (given(place=place + 2**8), BAD),
        "an index of 254 bits": (given(place=place | 1 << 254), INDEX),
        "not pushable": (given(place=0), BAD),
        "another account": (given(account=bytes(12) + bytes.fromhex(MALLORY[2:])), BAD),
        "more than an address": (given(account=b"\1" + account[1:]), FORM),
        "a shorter proof": (given(proof=proof[:-1]), BAD),
        "a shorter proof from below": (given(proof=proof[1:]), BAD),
        "a leaf alone": (given(proof=[]), BAD),
        "a padded proof": (given(proof=[*proof, nothing]), BAD),
        "a proof padded to 32": (given(proof=[*proof, *[nothing] * 12]), BAD),
        "a byte less": (given()[:-1], FORM),
        "more than the longest": (given().ljust(2209, b"\0"), FORM),
        "amounts before it": (amounts((HERS, 0, 0)) + given(), FORM),
        "packed": (law.word(place) + account + law.word(HERS) + b"".join(one.hash for one in proof), FORM),
        "an offset beyond it": (given()[:96] + law.word(2**255) + given()[128:], FORM),
        "more siblings than there are": (given()[:128] + law.word(32) + given()[160:], FORM),
        "siblings swapped": (given(proof=[proof[1], proof[0], *proof[2:]]), BAD),
    }


@pytest.mark.parametrize("case", sorted(forged(usual())))
def test_a_forged_proof_votes_nothing(world: Voting, tree: Tree, vote: int, case: str) -> None:
    given, name = forged(tree)[case]
    for split, support in ((b"", FOR), (amounts((1, 0, 0)), SPLIT)):
        with refuses(name):
            world.ballot.castVoteWithReasonAndParams(vote, support, "", split + given, sender=ALICE)
    with refuses(name):
        world.ballot.prove(vote, given, sender=MALLORY)
    if name:
        place, account, units, proof = decode(["uint256", "address", "uint256", "(bytes32,uint256)[]"], given)
        with refuses(name):
            world.ballot.castVoteWithProof(vote, FOR, place, account, units, list(proof), sender=ALICE)
    assert world.ballot.proposalVotes(vote) == (0, 0, 0)


def test_support_is_one_of_four_and_255_needs_its_amounts(world: Voting, tree: Tree, vote: int) -> None:
    for support in (3, 4, 128, 254):
        with refuses("voting: bad support"):
            world.cast(vote, tree, ALICE, support)
    for given in (b"", b"\0" * 47):
        with refuses(BAD):
            world.ballot.castVoteWithReasonAndParams(vote, SPLIT, "", given, sender=ALICE)


def test_nobody_votes_with_another_s_leaf(world: Voting, tree: Tree, vote: int) -> None:
    for sender in (MALLORY, BOB, DESK, named("guardian")):
        with refuses("voting: not the account"):
            world.cast(vote, tree, ALICE, sender=sender)
    # Units that were proven are the account's, whoever proved them.
    world.ballot.prove(vote, proof_of(tree, ALICE), sender=MALLORY)
    for sender in (MALLORY, BOB):
        with refuses("voting: no weight"):
            world.ballot.castVote(vote, FOR, sender=sender)


def test_a_proof_in_words_of_its_own_votes_the_same(world: Voting, tree: Tree, vote: int) -> None:
    def words(place: int) -> tuple[Any, ...]:
        leaf = tree.leaves.leaf(place)
        account = "0x" + leaf.account[-20:].hex()
        return place | law.TOP, account, leaf.net, [(one.hash, one.sum) for one in tree.proof(place)]

    for support, now in ((FOR, (0, HERS, 0)), (ABSTAIN, (0, 0, HERS)), (AGAINST, (HERS, 0, 0))):
        assert world.ballot.castVoteWithProof(vote, support, *words(0), sender=ALICE) == HERS
        assert world.ballot.events()[-1].name == "VoteCast"
        assert world.ballot.proposalVotes(vote) == now
    for support in (3, SPLIT):
        with refuses("voting: bad support"):
            world.ballot.castVoteWithProof(vote, support, *words(0), sender=ALICE)
    with refuses("voting: not the account"):
        world.ballot.castVoteWithProof(vote, FOR, *words(1), sender=ALICE)
    with refuses("voting: unknown proposal"):
        world.ballot.castVoteWithProof(vote + 2, FOR, *words(0), sender=ALICE)
    set_clock(DEADLINE + 1)
    with refuses("voting: over"):
        world.ballot.castVoteWithProof(vote, FOR, *words(0), sender=ALICE)


def test_a_weight_that_was_proven_votes_on_every_resolution_without_a_proof(
    world: Voting, tree: Tree, vote: int
) -> None:
    with refuses("voting: no weight"):
        world.ballot.castVote(vote, FOR, sender=ALICE)
    world.ballot.prove(vote + 1, proof_of(tree, ALICE), sender=MALLORY)
    said = {"vote": vote, "account": ALICE, "weight": HERS}
    assert world.ballot.events()[-1] == Event(world.ballot.address, "WeightProven", said)
    assert world.ballot.weightOf(vote + 1, ALICE) == HERS
    assert world.ballot.castVote(vote, AGAINST, sender=ALICE) == HERS
    assert world.ballot.castVoteWithReason(vote + 1, ABSTAIN, "no view", sender=ALICE) == HERS
    assert world.ballot.castVoteWithReasonAndParams(vote, SPLIT, "", amounts((2, 3, 4)), sender=ALICE) == 9
    assert (world.ballot.proposalVotes(vote), world.ballot.proposalVotes(vote + 1)) == ((2, 3, 4), (0, 0, HERS))
    with refuses("voting: unknown proposal"):
        world.ballot.castVote(vote + 2, FOR, sender=ALICE)


def test_what_is_unknown_takes_no_vote(world: Voting, tree: Tree, vote: int) -> None:
    for proposal in (0, MAX, vote + 2, vote + 255, vote - 1, vote + 256, vote ^ 1 << 200):
        with refuses("voting: unknown proposal"):
            world.cast(proposal, tree, ALICE)
        with refuses("voting: unknown proposal"):
            world.ballot.prove(proposal, proof_of(tree, ALICE), sender=ALICE)
        with refuses("voting: unknown proposal"):
            world.ballot.state(proposal)


def test_a_lapsed_holder_votes_and_so_does_one_in_a_pause_or_a_halt(world: Voting, tree: Tree, vote: int) -> None:
    world.lapse()
    world.freeze()
    world.pause()
    world.halt()
    assert world.cast(vote, tree, ALICE) == HERS


def test_a_blocked_holder_does_not_and_its_earlier_vote_stays(world: Voting, tree: Tree, vote: int) -> None:
    world.cast(vote, tree, ALICE, AGAINST)
    world.block()
    for support, split in ((FOR, ()), (SPLIT, (0, 0, 0))):
        with refuses("voting: held"):
            world.cast(vote, tree, ALICE, support, split)
    assert world.ballot.proposalVotes(vote) == (HERS, 0, 0)


def test_a_successor_votes_in_its_place_and_never_both(world: Voting, tree: Tree, vote: int) -> None:
    world.cast(vote, tree, ALICE, AGAINST)
    world.ballot.prove(vote, proof_of(tree, ALICE), sender=ALICE)
    newest = world.recover(world.recover(), named("alice's newest"))
    for sender in (ALICE, named("alice's new"), MALLORY):
        with refuses("voting: not the account"):
            world.cast(vote, tree, ALICE, sender=sender)
    with refuses("voting: not the account"):
        world.ballot.castVote(vote, FOR, sender=ALICE)
    assert world.cast(vote, tree, ALICE, FOR, sender=newest) == HERS
    said = {"proposalId": vote, "account": ALICE, "successor": newest}
    assert world.ballot.events()[-1] == Event(world.ballot.address, "VotedInPlace", said)
    assert world.ballot.proposalVotes(vote) == (0, HERS, 0)
    assert (world.ballot.hasVoted(vote, ALICE), world.ballot.hasVoted(vote, newest)) == (True, False)


def test_a_successor_that_is_blocked_or_another_s_does_not(world: Voting, tree: Tree, vote: int) -> None:
    new = world.recover()
    with boa.env.anchor():
        world.block()
        with refuses("voting: held"):
            world.cast(vote, tree, ALICE, sender=new)
    world.registry.unlinkWallet(b"\1" * 32, 1, new, 7, b"\7" * 32, sender=named("compliance"))
    world.registry.linkWallet(b"\2" * 32, 2, new, sender=named("compliance"))
    with refuses("voting: held"):
        world.cast(vote, tree, ALICE, sender=new)


def test_a_successor_with_units_of_its_own_has_two_votes_of_two_leaves(world: Voting) -> None:
    new = named("alice's new")
    tree = register((ALICE, 10), (new, 4))
    vote = world.opened(tree)
    world.recover()
    world.cast(vote, tree, ALICE, FOR, sender=new)
    world.cast(vote, tree, new, AGAINST)
    assert world.ballot.proposalVotes(vote) == (4, 10, 0)


def test_an_account_that_stands_twice_in_a_tree_has_one_vote(world: Voting) -> None:
    tree = register((ALICE, 10), (ALICE, 4))
    vote = world.opened(tree)
    for place, now in ((0, 10), (1, 4), (0, 10)):
        leaf = tree.leaves.leaf(place)
        given = encoded(place | law.TOP, leaf.account, leaf.net, tree.proof(place))
        world.ballot.castVoteWithReasonAndParams(vote, FOR, "", given, sender=ALICE)
        assert world.ballot.proposalVotes(vote) == (0, now, 0)


def test_the_deepest_tree_with_the_most_units_votes(world: Voting) -> None:
    from support.dividend_world import deepened

    most = 2**128 - 1
    tree = deepened(register((CAROL, most)), 32)
    vote = world.opened(tree, multiplier=2**96 - 1)
    assert world.cast(vote, tree, CAROL, AGAINST) == most
    assert world.cast(vote, tree, CAROL, SPLIT, (most, 0, 0)) == most
    assert world.ballot.proposalVotes(vote) == (most, 0, 0)
    assert world.ballot.tally(vote) == (most * (2**96 - 1) // WAD, 0, 0)


def test_a_contract_votes_as_any_account_does(world: Voting) -> None:
    venue = deploy_stub("caller")
    tree = register((venue.address, 30 * WAD), (BOB, WAD))
    vote = world.opened(tree)
    split: tuple[Any, ...] = (10 * WAD, 15 * WAD, 5 * WAD)
    given = amounts(split) + proof_of(tree, venue.address)
    venue.call(world.ballot.address, world.ballot.calldata("castVoteWithReasonAndParams", vote, SPLIT, "", given))
    assert world.ballot.votesOf(vote, venue.address) == split


def test_a_leaf_of_nothing_has_no_vote(world: Voting) -> None:
    tree = register((ALICE, 0), (BOB, 1))
    vote = world.opened(tree)
    for support, split in ((FOR, ()), (SPLIT, (0, 0, 0))):
        with refuses("voting: no weight"):
            world.cast(vote, tree, ALICE, support, split)


def test_a_pool_votes_in_parts(world: Voting, tree: Tree, vote: int) -> None:
    assert world.cast(vote, tree, POOL, SPLIT, (WAD, 2 * WAD, 3 * WAD)) == 6 * WAD
    assert world.ballot.usedVotes(vote, POOL) == 6 * WAD


def test_another_vote_s_proof_is_good_for_its_own_root_alone(world: Voting, tree: Tree) -> None:
    other = register((ALICE, HERS + 1), (BOB, 1), deep=True)
    vote, second = world.opened(tree), world.opened(other)
    set_clock(RECORD)
    with refuses(BAD):
        world.cast(vote, other, ALICE)
    assert world.cast(second, other, ALICE) == HERS + 1
