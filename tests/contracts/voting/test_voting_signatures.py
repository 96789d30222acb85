"""Ballot: votes that a holder signs, as OpenZeppelin's Governor and its wallets do; the signature counts once."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import ZERO, named, refuses
from support.contract_stubs import deploy_stub
from support.issuance_world import ALICE, BOB, MALLORY, WAD
from support.voting_world import (
    AGAINST,
    FOR,
    HELD,
    SPLIT,
    TYPES,
    VOTER,
    Voting,
    amounts,
    proof_of,
    register,
    usual,
)

from scrip.holders.tree import Tree

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Of secp256k1: a signature's twin has this less its s."""
BAD = "voting: bad signature"
ME = VOTER.address.lower()
MINE = HELD[ME] * WAD


@pytest.fixture
def tree() -> Tree:
    return usual()


@pytest.fixture
def vote(world: Voting, tree: Tree) -> int:
    found = world.opened(tree)
    world.ballot.prove(found, proof_of(tree, ME), sender=MALLORY)
    return found


def test_a_signed_vote_counts_once(world: Voting, vote: int) -> None:
    signature = world.sign(vote, AGAINST)
    assert world.ballot.castVoteBySig(vote, AGAINST, ME, signature, sender=MALLORY) == MINE
    assert world.ballot.proposalVotes(vote) == (MINE, 0, 0)
    assert world.ballot.nextNonce(vote, ME) == 1
    world.ballot.castVote(vote, FOR, sender=ME)
    assert world.ballot.nextNonce(vote, ME) == 2
    with refuses(BAD):
        world.ballot.castVoteBySig(vote, AGAINST, ME, signature, sender=MALLORY)
    world.ballot.castVoteBySig(vote, AGAINST, ME, world.sign(vote, AGAINST), sender=MALLORY)
    assert world.ballot.proposalVotes(vote) == (MINE, 0, 0)


def test_a_direct_vote_uses_up_what_was_signed_before_it(world: Voting, tree: Tree, vote: int) -> None:
    """The signed vote was never handed in: the later one stays, whatever its way; another resolution's is good."""
    proof, other = proof_of(tree, ME), world.sign(vote + 1, FOR)
    ways = (
        lambda: world.ballot.castVote(vote, FOR, sender=ME),
        lambda: world.ballot.castVoteWithReason(vote, FOR, "why", sender=ME),
        lambda: world.ballot.castVoteWithReasonAndParams(vote, FOR, "", proof, sender=ME),
        lambda: world.ballot.castVoteWithReasonAndParams(vote, SPLIT, "", amounts((0, MINE, 0)), sender=ME),
        lambda: world.cast(vote, tree, ME, FOR),
        lambda: world.ballot.castVoteBySig(vote, FOR, ME, world.sign(vote, FOR), sender=MALLORY),
    )
    for count, way in enumerate(ways):
        assert world.ballot.nextNonce(vote, ME) == count
        signed = world.sign(vote, AGAINST)
        extended = world.sign(vote, AGAINST, "ExtendedBallot", reason="", params=proof)
        way()
        with refuses(BAD):
            world.ballot.castVoteBySig(vote, AGAINST, ME, signed, sender=MALLORY)
        with refuses(BAD):
            world.ballot.castVoteWithReasonAndParamsBySig(vote, AGAINST, ME, "", proof, extended, sender=MALLORY)
        assert world.ballot.votesOf(vote, ME) == (0, MINE, 0)
        assert world.ballot.nonces(ME) == 0
    world.ballot.castVoteBySig(vote + 1, FOR, ME, other, sender=MALLORY)
    assert world.ballot.nextNonce(vote + 1, ME) == 1


def test_what_others_do_uses_up_no_number(world: Voting, tree: Tree, vote: int) -> None:
    signed = world.sign(vote, FOR)
    world.cast(vote, tree, ALICE, AGAINST)
    world.ballot.prove(vote, proof_of(tree, ME), sender=MALLORY)
    with refuses("voting: not the account"):
        world.cast(vote, tree, ME, AGAINST, sender=MALLORY)
    world.ballot.castVoteBySig(vote, FOR, ME, signed, sender=MALLORY)


def test_a_successor_s_vote_uses_up_what_it_signed_for_the_account(world: Voting, tree: Tree, vote: int) -> None:
    world.recover(new=ME)
    params = proof_of(tree, ALICE)
    signed = world.sign(vote, AGAINST, "ExtendedBallot", reason="", params=params, nonce=0)
    world.ballot.castVote(vote, AGAINST, sender=ME)
    world.cast(vote, tree, ALICE, FOR, sender=ME)
    with refuses(BAD):
        world.ballot.castVoteWithReasonAndParamsBySig(vote, AGAINST, ME, "", params, signed, sender=MALLORY)
    assert world.ballot.votesOf(vote, ALICE) == (0, HELD[ALICE] * WAD, 0)


def test_a_signature_is_good_for_what_was_signed_alone(world: Voting, tree: Tree, vote: int) -> None:
    good = world.sign(vote, FOR)
    twin = good[:32] + (ORDER - int.from_bytes(good[32:64], "big")).to_bytes(32, "big") + bytes([55 - good[64]])
    for proposal, support, voter, signature in (
        (vote + 1, FOR, ME, good),
        (vote, AGAINST, ME, good),
        (vote, FOR, ALICE, good),
        (vote, FOR, ZERO, good),
        (vote, FOR, ME, good[:64]),
        (vote, FOR, ME, b""),
        (vote, FOR, ME, twin),
        (vote, FOR, ME, world.sign(vote, FOR, signer=Account.from_key(keccak(text="another")))),
        (vote, FOR, ME, world.sign(vote, FOR, nonce=1)),
        (vote, FOR, ME, world.sign(vote, FOR, "ExtendedBallot", reason="", params=b"")),
    ):
        with refuses(BAD):
            world.ballot.castVoteBySig(proposal, support, voter, signature, sender=MALLORY)
    for place, changed in (("chainId", 5), ("verifyingContract", world.stock.address), ("name", "Governor")):
        domain = dict(world.domain()) | {place: changed}
        with refuses(BAD):
            world.ballot.castVoteBySig(vote, FOR, ME, _signed(domain, vote, FOR), sender=MALLORY)
    assert world.ballot.nextNonce(vote, ME) == 0
    world.ballot.castVoteBySig(vote, FOR, ME, good, sender=MALLORY)


def _signed(domain: dict[str, Any], vote: int, support: int) -> bytes:
    types = {"Ballot": [{"name": name, "type": kind} for name, kind in TYPES["Ballot"]]}
    message = {"proposalId": vote, "support": support, "voter": VOTER.address, "nonce": 0}
    return bytes(Account.sign_typed_data(VOTER.key, domain, types, message).signature)


def test_a_signed_vote_brings_its_proof_and_its_parts(world: Voting, tree: Tree) -> None:
    vote = world.opened(tree)
    split = (WAD, 2 * WAD, WAD)
    params = amounts(split) + proof_of(tree, ME)
    content = {"reason": "the venue's holders", "params": params}
    signature = world.sign(vote, SPLIT, "ExtendedBallot", **content)
    cast = world.ballot.castVoteWithReasonAndParamsBySig
    for given in (
        (vote, SPLIT, ME, "another reason", params, signature),
        (vote, SPLIT, ME, content["reason"], amounts((WAD, WAD, WAD)) + proof_of(tree, ME), signature),
        (vote, FOR, ME, content["reason"], proof_of(tree, ME), signature),
        (vote + 1, SPLIT, ME, content["reason"], params, signature),
    ):
        with refuses(BAD):
            cast(*given, sender=MALLORY)
    assert cast(vote, SPLIT, ME, content["reason"], params, signature, sender=MALLORY) == 4 * WAD
    assert world.ballot.votesOf(vote, ME) == split
    with refuses(BAD):
        cast(vote, SPLIT, ME, content["reason"], params, signature, sender=MALLORY)


def test_who_signs_with_another_s_proof_votes_nothing(world: Voting, tree: Tree, vote: int) -> None:
    params = proof_of(tree, ALICE)
    signature = world.sign(vote, FOR, "ExtendedBallot", reason="", params=params)
    with refuses("voting: not the account"):
        world.ballot.castVoteWithReasonAndParamsBySig(vote, FOR, ME, "", params, signature, sender=MALLORY)
    assert world.ballot.nextNonce(vote, ME) == 0


def test_a_successor_signs_in_the_place_of_a_recovered_account(world: Voting, tree: Tree, vote: int) -> None:
    world.recover(new=ME)
    params = proof_of(tree, ALICE)
    signature = world.sign(vote, FOR, "ExtendedBallot", reason="", params=params)
    world.ballot.castVoteWithReasonAndParamsBySig(vote, FOR, ME, "", params, signature, sender=MALLORY)
    assert world.ballot.proposalVotes(vote) == (0, HELD[ALICE] * WAD, 0)


def test_an_account_with_delegated_code_signs_with_its_key(world: Voting, vote: int) -> None:
    """EIP-7702: the account holds code that knows nothing of ERC-1271."""
    delegate = deploy_stub("caller")
    boa.env.set_code(VOTER.address, b"\xef\x01\x00" + bytes.fromhex(delegate.address[2:]))
    world.ballot.castVoteBySig(vote, FOR, ME, world.sign(vote, FOR), sender=MALLORY)
    assert world.ballot.proposalVotes(vote) == (0, MINE, 0)
    with refuses(BAD):
        world.ballot.castVoteBySig(vote, FOR, ME, b"\1" * 65, sender=MALLORY)


def test_a_contract_signs_by_erc_1271(world: Voting) -> None:
    wallet = deploy_stub("wallet")
    tree = register((wallet.address, 9), (BOB, 1))
    vote = world.opened(tree)
    world.ballot.prove(vote, proof_of(tree, wallet.address), sender=MALLORY)
    types = {"Ballot": [{"name": name, "type": kind} for name, kind in TYPES["Ballot"]]}
    message = {"proposalId": vote, "support": FOR, "voter": wallet.address, "nonce": 0}
    found = encode_typed_data(world.domain(), types, message)
    digest = keccak(b"\x19" + found.version + found.header + found.body)
    for mode in (1, 2, 3, 4):
        wallet.approve_digest(digest, mode)
        with refuses(BAD):
            world.ballot.castVoteBySig(vote, FOR, wallet, b"\1" * 65, sender=MALLORY)
    wallet.approve_digest(digest, 0)
    world.ballot.castVoteBySig(vote, FOR, wallet, b"\1" * 65, sender=MALLORY)
    assert world.ballot.proposalVotes(vote) == (0, 9, 0)
    with refuses(BAD):
        world.ballot.castVoteBySig(vote, FOR, wallet, b"\1" * 65, sender=MALLORY)


def test_a_blocked_holder_s_signature_votes_nothing(world: Voting, vote: int) -> None:
    signature = world.sign(vote, FOR)
    world.registry.onboard(b"\3" * 32, [(9, ME, 840, 1, 2**40 - 1)], sender=named("compliance"))
    world.block(9)
    with refuses("voting: held"):
        world.ballot.castVoteBySig(vote, FOR, ME, signature, sender=MALLORY)


def test_the_types_are_openzeppelins(world: Voting) -> None:
    """Governor.sol's BALLOT_TYPEHASH and EXTENDED_BALLOT_TYPEHASH, of its version 5."""
    ballot = "0xf2aad550cf55f045cb27e9c559f9889fdfb6e6cdaa032301d6ea397784ae51d7"
    extended = "0x3e83946653575f9a39005e1545185629e92736b7528ab20ca3816f315424a811"
    assert "0x" + world.ballot.BALLOT_TYPEHASH().hex() == ballot
    assert "0x" + world.ballot.EXTENDED_BALLOT_TYPEHASH().hex() == extended
    assert (world.ballot.name(), world.ballot.version()) == ("Scrip Ballot", "1")
