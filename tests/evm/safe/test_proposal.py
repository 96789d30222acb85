"""Proposals: which steps make one, what the owners are asked to sign, and what the chain says to it."""

from dataclasses import replace

import pytest
from safe_world import ANNOUNCE, DAY, DELAY, SCHEDULE, World

from scrip import instructions as ins
from scrip.errors import InputError, ScripError
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.handlers.investors import onboarding
from scrip.evm.safe import timelock
from scrip.evm.safe.proposal import DELEGATED_CODE
from scrip.evm.safe.transaction import CALL, DELEGATECALL, check_digest, safe_tx
from scrip.plan import Address, Plan, Step, step_id


def asked(world: World, proposal) -> bytes:
    """The hash that the Safe itself computes."""
    tx = proposal.tx
    return bytes(world.chain.call(world.safe, "getTransactionHash", *tx.arguments(), tx.nonce))


def refused(world: World, plan: Plan, **how: object) -> InputError:
    with pytest.raises(InputError) as caught:
        world.propose(plan, **how)
    return caught.value


def test_one_step_is_one_call_of_the_safe(world: World) -> None:
    proposal = world.propose(world.plan(world.step(ANNOUNCE, "safe")))
    assert proposal.tx.operation == CALL
    assert proposal.tx.to == world.ledger.suite.actions.address
    assert proposal.tx.digest() == asked(world, proposal)
    assert proposal.calls[0].method.name == "announce"
    assert proposal.calls[0].method.values(proposal.tx.data)["num"] == "2"


def test_several_steps_are_a_batch_that_cannot_delegate(world: World) -> None:
    proposal = world.propose(world.split("safe"))
    assert proposal.tx.operation == DELEGATECALL
    assert proposal.tx.to == world.chain.address("multisend")
    assert proposal.tx.digest() == asked(world, proposal)
    assert [one.method.name for one in proposal.calls] == ["announce", "schedule"]


def test_the_timelocks_steps_are_one_scheduled_operation(world: World) -> None:
    plan = world.split("timelock")
    proposal = world.propose(plan)
    (delayed,) = proposal.delayed
    assert [one.method.name for one in delayed.calls] == ["announce", "schedule"]
    assert delayed.delay == DELAY
    assert (proposal.tx.operation, proposal.tx.to) == (CALL, world.timelock.address)
    assert proposal.tx.digest() == asked(world, proposal)
    batch = delayed.operation.arguments()
    assert bytes(world.chain.call(world.timelock, "hash_operation_batch", *batch)) == delayed.operation.id
    assert proposal.tx.data == timelock.schedule_call(world.timelock.address, delayed.operation, DELAY).data


def test_the_same_plan_is_the_same_operation_and_another_reference_is_not(world: World) -> None:
    first, again = (world.propose(world.split("timelock")).delayed[0].operation.id for _ in range(2))
    other = world.propose(replace(world.split("timelock"), reference="another")).delayed[0].operation.id
    assert first == again != other


def test_a_longer_delay_is_taken_and_a_shorter_is_not(world: World) -> None:
    assert world.propose(world.split("timelock"), delay=9 * DAY).delayed[0].delay == 9 * DAY
    assert world.propose(world.split("timelock"), delay=1).delayed[0].delay == DELAY


def test_steps_of_the_safe_come_before_those_of_the_timelock(world: World) -> None:
    mine, waiting = world.step(ANNOUNCE, "safe"), world.step(SCHEDULE, "timelock")
    proposal = world.propose(world.plan(mine, waiting))
    assert [one.method.name for one in proposal.calls] == ["announce", "schedule_batch"]
    error = refused(world, world.plan(world.step(ANNOUNCE, "timelock"), world.step(SCHEDULE, "safe", "late")))
    assert (error.field, error.value) == ("step", "late")


def test_steps_of_others_are_not_proposed(world: World) -> None:
    error = refused(world, world.plan(world.step(ANNOUNCE, "safe"), world.step(SCHEDULE, "issuer", "mine")))
    assert (error.field, error.value) == ("step", "mine")
    assert "issuer" in error.message


def test_a_plan_without_steps_is_not_proposed(world: World) -> None:
    assert refused(world, world.plan()).field == "plan"


def test_a_contract_is_not_created_by_a_proposal(world: World) -> None:
    step = Step("new", "deploy", "safe", "Roles", label="roles")
    assert refused(world, world.plan(step)).value == "new"


def test_calldata_that_the_timelock_does_not_take_is_refused(world: World) -> None:
    entries = [ins.Onboard(f"investor-{n}", f"wallet-{n}", 276, "retail", 2_000_000_000) for n in range(8)]
    one = onboarding(tuple(entries), "timelock")
    step = Step("onboard", "onboard", "timelock", one.contract, one.function, one.args, one.to)
    error = refused(world, world.plan(step))
    assert "1024" in error.message


def test_the_nonce_is_the_chains_or_a_later_one(world: World) -> None:
    assert world.propose(world.split("safe")).tx.nonce == 0
    assert world.propose(world.split("safe"), nonce=3).tx.nonce == 3
    world.give("GUARDIAN", "safe")
    world.execute(world.sign(world.propose(world.plan(world.step(ins.Halt(), "safe"))), "owner-a", "owner-b"))
    error = refused(world, world.split("safe"), nonce=0)
    assert (error.field, error.value) == ("nonce", "0")


def test_an_operation_that_waits_or_was_executed_is_not_proposed_again(world: World) -> None:
    world.give("ACTIONS", "timelock")
    proposal = world.sign(world.propose(world.split("timelock")), "owner-a", "owner-b")
    world.execute(proposal)
    assert "waits already" in refused(world, world.split("timelock")).message
    world.chain.advance_to(world.chain.now() + DELAY)
    world.carry_out(timelock.execute_step(proposal.delayed[0].operation, "anyone"))
    assert "was executed" in refused(world, world.split("timelock")).message


def test_many_calls_are_operations_one_after_the_other(world: World) -> None:
    count = 2 * timelock.BATCH + 1
    steps = [world.step(replace(ANNOUNCE, reference=f"split {n}"), "timelock", f"announce {n}") for n in range(count)]
    proposal = world.propose(world.plan(*steps), predecessor=b"\7" * 32)
    assert [len(one.calls) for one in proposal.delayed] == [timelock.BATCH, timelock.BATCH, 1]
    before = [b"\7" * 32, *(one.operation.id for one in proposal.delayed)]
    assert [one.predecessor for one in proposal.delayed] == before[:-1]
    assert len({one.salt for one in proposal.delayed}) == 3


def test_a_keyed_function_gets_the_key_of_its_step(world: World) -> None:
    order = ins.Block("investor-a", 7, "order", by="safe")
    plan = world.plan(world.step(order, "safe"))
    proposal = world.propose(plan)
    key = proposal.calls[0].method.values(proposal.tx.data)["key"]
    assert key == "0x" + step_id(world.genesis, plan, plan.steps[0]).hex()


def test_owners_that_are_contracts_do_not_count(world: World) -> None:
    first, second = world.chain.address("owner-a"), world.chain.address("owner-b")
    real = world.code_at
    world.code_at = lambda address: b"\x60\x00" if address == first else real(address)
    try:
        assert world.propose(world.split("safe")).contracts == (first,)
        world.code_at = lambda address: b"\x60\x00" if address in (first, second) else real(address)
        error = refused(world, world.split("safe"))
        assert "ERC-1271" in error.message
        world.code_at = lambda address: DELEGATED_CODE + bytes(20) if address in (first, second) else real(address)
        assert world.propose(world.split("safe")).contracts == ()
    finally:
        world.code_at = real


def test_a_batch_contract_of_other_code_is_refused(world: World) -> None:
    world.chain.label("multisend", world.ledger.suite.actions)
    try:
        assert refused(world, world.split("safe")).field == "to"
    finally:
        world.chain.label("multisend", world.known["multisend"])


def test_a_safe_that_computes_another_hash_is_noticed(world: World) -> None:
    tx = safe_tx(world.chain.chain_id() + 1, world.safe.address, 0, [MessageCall(ZERO_ADDRESS, 0, b"")], "")
    with pytest.raises(ScripError, match="computes the hash"):
        check_digest(world.chain, tx)


def test_a_label_stands_for_its_address(world: World) -> None:
    step = Step("grant", "grant", "safe", "Roles", "grantRole", (bytes(32), Address("owner-a")), "roles")
    world.chain.label("roles", world.ledger.suite.roles)
    proposal = world.propose(world.plan(step))
    assert proposal.calls[0].method.values(proposal.tx.data)["account"] == world.chain.address("owner-a")
