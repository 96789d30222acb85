"""Execution: what the real Safe refuses, and what is refused before it is asked."""

from dataclasses import replace

import pytest
from safe_world import ANNOUNCE, SCHEDULE, SPLIT_AT, World

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.evm.accounts import local_account
from scrip.evm.compiled.safe import SAFE
from scrip.evm.proposals.execution import SUCCESS, State, state
from scrip.evm.safe.proposal import Proposal
from scrip.evm.safe.signing import joined
from scrip.plan import Address, Step

SENTINEL = "0x" + "00" * 19 + "01"
"""What comes before the first owner in the Safe's list."""


@pytest.fixture
def signed(world: World) -> Proposal:
    """The Safe holds ACTIONS; two of three signed a split."""
    world.give("ACTIONS", "safe")
    return world.sign(world.propose(world.split("safe")), "owner-a", "owner-c")


def refused(world: World, proposal: Proposal) -> InputError:
    with pytest.raises(InputError) as caught:
        world.execute_step(proposal)
    return caught.value


def by_safe_refused(world: World, proposal: Proposal, signatures: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        world.exec_transaction(proposal, signatures)
    return caught.value.name


def spend_nonce(world: World) -> None:
    """Another transaction takes the Safe's next nonce."""
    world.give("PAUSER", "safe")
    world.execute(world.sign(world.propose(world.plan(world.step(ins.Pause("MSFT"), "safe"))), "owner-a", "owner-b"))


@pytest.fixture
def queued(world: World) -> Proposal:
    """The same with nonce 1, behind a change of owners."""
    world.give("ACTIONS", "safe")
    return world.sign(world.propose(world.split("safe"), nonce=1), "owner-a", "owner-c")


def change_owners(world: World, function: str, *args: object) -> None:
    """A change of the Safe's own settings, with nonce 0."""
    step = Step(function, function, "safe", SAFE, function, args, "safe")
    world.execute(world.sign(world.propose(world.plan(step, reference="owners")), "owner-a", "owner-b"))


def test_two_of_three_carry_out_a_split(world: World, signed: Proposal) -> None:
    world.execute(signed)
    assert world.ledger.multiplier("MSFT").pending_ui_multiplier == 2 * 10**18
    assert world.chain.call(world.safe, "nonce") == 1


def test_one_signature_short_is_refused_by_us_and_by_the_safe(world: World, signed: Proposal) -> None:
    short = replace(signed, signatures=dict([*signed.signatures.items()][:1]))
    error = refused(world, short)
    assert error.field == "scrip.signatures"
    assert "has 1 signatures of present owners and needs 2" in error.message
    assert "owner-b" in error.message
    assert by_safe_refused(world, signed, joined(short.signatures)) == "GS020"


def test_a_third_partys_signature_is_refused_by_the_safe(world: World, signed: Proposal) -> None:
    stranger = bytes(local_account("mallory").unsafe_sign_hash(signed.tx.digest()).signature)
    one = next(iter(signed.signatures.items()))
    both = joined(dict([one, (world.chain.address("mallory"), stranger)]))
    assert by_safe_refused(world, signed, both) == "GS026"


def test_one_owner_twice_or_out_of_order_is_refused_by_the_safe(world: World, signed: Proposal) -> None:
    first, second = (signed.signatures[owner] for owner in sorted(signed.signatures))
    assert by_safe_refused(world, signed, first + first) == "GS026"
    assert by_safe_refused(world, signed, second + first) == "GS026"


def test_a_replay_is_refused_by_us_and_by_the_safe(world: World, signed: Proposal) -> None:
    world.execute(signed)
    error = refused(world, signed)
    assert (error.field, error.value) == ("scrip.tx.nonce", "0")
    assert "was used: the Safe's next is 1" in error.message
    assert by_safe_refused(world, signed, joined(signed.signatures)) == "GS026"


def test_a_stale_nonce_is_refused(world: World, signed: Proposal) -> None:
    spend_nonce(world)
    assert "was used" in refused(world, signed).message
    assert by_safe_refused(world, signed, joined(signed.signatures)) == "GS026"


def test_a_queued_proposal_waits_for_the_one_before(world: World, signed: Proposal) -> None:
    world.give("PAUSER", "safe")
    plan = world.plan(world.step(ins.Pause("MSFT"), "safe"))
    later = world.sign(world.propose(plan, nonce=1), "owner-a", "owner-b")
    assert "nonce 0 must be executed first" in refused(world, later).message
    world.execute(signed)
    world.execute(later)
    assert world.chain.call(world.safe, "nonce") == 2


def test_what_fails_inside_reverts_whole_and_may_be_tried_again(world: World) -> None:
    """ACTIONS is missing: the Safe's transaction reverts, its nonce too, and works once the role is given."""
    proposal = world.sign(world.propose(world.split("safe")), "owner-a", "owner-b")
    with pytest.raises(Refusal, match="GS013"):
        world.execute(proposal)
    assert world.chain.call(world.safe, "nonce") == 0
    world.give("ACTIONS", "safe")
    world.execute(proposal)
    assert world.ledger.multiplier("MSFT").effective_at


def test_a_batch_is_all_or_none(world: World) -> None:
    world.give("ACTIONS", "safe")
    wrong = world.step(replace(SCHEDULE, reference="never announced"), "safe", "wrong")
    proposal = world.propose(world.plan(world.step(ANNOUNCE, "safe"), wrong))
    with pytest.raises(Refusal, match="GS013"):
        world.execute(world.sign(proposal, "owner-a", "owner-b"))
    again = world.sign(world.propose(world.split("safe")), "owner-a", "owner-b")
    world.execute(again)


def test_a_signature_of_a_former_owner_does_not_count(world: World, queued: Proposal) -> None:
    former, owners = world.chain.address("owner-a"), world.chain.call(world.safe, "getOwners")
    previous = dict(zip(owners, (SENTINEL, *owners), strict=False))[former]
    change_owners(world, "swapOwner", previous, former, Address("heir"))
    error = refused(world, queued)
    assert "has 1 signatures of present owners and needs 2" in error.message
    assert by_safe_refused(world, queued, joined(queued.signatures)) == "GS026"
    world.execute(world.sign(queued, "owner-b"))


def test_a_raised_threshold_asks_for_more(world: World, queued: Proposal) -> None:
    change_owners(world, "changeThreshold", 3)
    assert "needs 3" in refused(world, queued).message
    world.execute(world.sign(queued, "owner-b"))


def test_more_signatures_than_needed_do_no_harm(world: World, signed: Proposal) -> None:
    world.execute(world.sign(signed, "owner-b"))
    assert world.ledger.multiplier("MSFT").effective_at == SPLIT_AT


def test_another_chain_network_or_safe_is_refused(world: World, signed: Proposal) -> None:
    for field, other in (
        ("chainId", replace(signed, tx=replace(signed.tx, chain_id=5))),
        ("scrip.genesis", replace(signed, genesis="0x" + "11" * 32)),
        ("meta.createdFromSafeAddress", replace(signed, tx=replace(signed.tx, safe="0x" + "11" * 20))),
    ):
        assert refused(world, other).field == field


def test_a_batch_contract_whose_code_is_other_is_not_executed(world: World, signed: Proposal) -> None:
    real = world.code_at
    world.code_at = lambda address: b"\x60\x00" if address == signed.tx.to else real(address)
    try:
        assert refused(world, signed).field == "to"
    finally:
        world.code_at = real


def test_where_a_proposal_stands(world: World, signed: Proposal) -> None:
    asked: list[tuple] = []

    def logs(found: list) -> object:
        return lambda *query: asked.append(query) or found

    assert state(world.chain, world.propose(world.split("safe")), logs([])) is State.SIGNING
    assert state(world.chain, signed, logs([])) is State.READY
    assert state(world.chain, world.propose(world.split("safe"), nonce=1), logs([])) is State.QUEUED
    assert asked == []
    world.execute(signed)
    later = replace(signed, block=7)
    assert state(world.chain, later, logs([{}])) is State.EXECUTED
    assert asked == [(world.safe.address, [SUCCESS, "0x" + signed.tx.digest().hex()], 7)]
    assert state(world.chain, signed, logs([])) is State.STALE
