"""Ballot against OpenZeppelin's own Governor: the same bytes count the same, and the same signature is a vote in both.

The Governor is compiled from npm's package, with its fractional counting open to the test. Where the law differs it is
said here: there a vote stands for ever and parts add up; here the last vote counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import boa
import pytest
from eth_account import Account
from support.contract_calls import Handle, Refused, create
from support.issuance_world import ALICE, MALLORY, WAD
from support.solidity import compiled
from support.voting_world import FOR, HELD, SPLIT, TYPES, VOTER, Voting, amounts, proof_of, usual

SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingFractional} from
    "@openzeppelin/contracts/governance/extensions/GovernorCountingFractional.sol";
contract Counting is GovernorCountingFractional {
    constructor() Governor("Scrip Ballot") {}
    function clock() public view override returns (uint48) { return uint48(block.timestamp); }
    function CLOCK_MODE() public pure override returns (string memory) { return "mode=timestamp"; }
    function votingDelay() public pure override returns (uint256) { return 0; }
    function votingPeriod() public pure override returns (uint256) { return 1; }
    function quorum(uint256) public pure override returns (uint256) { return 0; }
    function _getVotes(address, uint256, bytes memory) internal pure override returns (uint256) { return 0; }
    function count(uint256 id, address account, uint8 support, uint256 weight, bytes memory params)
        external returns (uint256) { return _countVote(id, account, support, weight, params); }
    function isSigned(uint256 id, uint8 support, address voter, bytes memory signature)
        external returns (bool) { return _validateVoteSig(id, support, voter, signature); }
}
"""
HERS = HELD[ALICE] * WAD


@pytest.fixture(scope="module")
def governor() -> Iterator[Handle]:
    found = compiled("Counting", SOURCE, optimise=False)
    with boa.env.anchor():
        yield Handle(create(bytes.fromhex(found["bytecode"])), found["abi"])


def answer(call: Any) -> Any:
    """What a call says; None for a refusal."""
    try:
        return call()
    except Refused:
        return None


def test_the_same_bytes_count_the_same(world: Voting, governor: Handle) -> None:
    tree = usual()
    vote = world.opened(tree)
    world.ballot.prove(vote, proof_of(tree, ALICE), sender=ALICE)
    third = HERS // 3
    parts = [(), *product((0, third, HERS), repeat=3), (1, HERS, 0), (2**128 - 1, 1, 0), (HERS, 2**127, 2**127)]
    splits = [b"", b"\0" * 47, *map(amounts, parts[1:])]
    for support, split in [*((one, b"") for one in (0, 1, 2, 3, 254, SPLIT)), *((SPLIT, one) for one in splits)]:
        with boa.env.anchor():
            theirs = answer(
                lambda support=support, split=split: governor.count(1, ALICE, support, HERS, split, sender=MALLORY)
            )
            ours = answer(
                lambda support=support, split=split: world.ballot.castVoteWithReasonAndParams(
                    vote, support, "", split, sender=ALICE
                )
            )
            assert ours == theirs, (support, split.hex())
            assert world.ballot.proposalVotes(vote) == governor.proposalVotes(1)
            assert world.ballot.usedVotes(vote, ALICE) == governor.usedVotes(1, ALICE)
            assert world.ballot.hasVoted(vote, ALICE) == governor.hasVoted(1, ALICE)


def test_the_same_types_are_signed(world: Voting, governor: Handle) -> None:
    assert governor.BALLOT_TYPEHASH() == world.ballot.BALLOT_TYPEHASH()
    assert governor.EXTENDED_BALLOT_TYPEHASH() == world.ballot.EXTENDED_BALLOT_TYPEHASH()
    _, name, version, chain_id, contract, _, _ = governor.eip712Domain()
    domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}
    mine = {**world.domain(), "verifyingContract": contract}
    assert mine == domain
    types = {"Ballot": [{"name": one, "type": kind} for one, kind in TYPES["Ballot"]]}
    message = {"proposalId": 7, "support": FOR, "voter": VOTER.address, "nonce": 0}
    signature = bytes(Account.sign_typed_data(VOTER.key, domain, types, message).signature)
    assert governor.isSigned(7, FOR, VOTER.address, signature, sender=MALLORY) is True
    assert governor.isSigned(7, 0, VOTER.address, signature, sender=MALLORY) is False


def test_what_ours_adds_is_that_the_last_vote_counts(world: Voting, governor: Handle) -> None:
    tree = usual()
    vote = world.opened(tree)
    with boa.env.anchor():
        governor.count(1, ALICE, FOR, HERS, b"", sender=MALLORY)
        assert answer(lambda: governor.count(1, ALICE, 0, HERS, b"", sender=MALLORY)) is None
    world.cast(vote, tree, ALICE, FOR)
    assert world.cast(vote, tree, ALICE, 0) == HERS
    assert world.ballot.proposalVotes(vote) == (HERS, 0, 0)
