"""The timelock's operations, proposed by the real Safe: they wait, they may be cancelled, anyone carries them out."""

from dataclasses import replace

import pytest
from safe_world import DELAY, SCHEDULE, World

from scrip import instructions as ins
from scrip.errors import InputError, Refusal, ScripError
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.safe import timelock
from scrip.evm.safe.timelock import Operation, State


@pytest.fixture
def operation(world: World) -> Operation:
    """A split that the Safe scheduled at the timelock, which holds ACTIONS."""
    world.give("ACTIONS", "timelock")
    proposal = world.sign(world.propose(world.split("timelock")), "owner-a", "owner-b")
    world.execute(proposal)
    return proposal.delayed[0].operation


def state(world: World, operation: Operation) -> State:
    return timelock.state(world.chain, world.timelock, operation.id)


def test_an_operation_waits_and_then_anyone_carries_it_out_once(world: World, operation: Operation) -> None:
    ready = world.chain.now() + DELAY
    assert state(world, operation) == State.WAITING
    assert timelock.ready_at(world.chain, world.timelock, operation.id) == ready
    step = timelock.execute_step(operation, "anyone")
    world.chain.advance_to(ready - 1)
    with pytest.raises(Refusal, match="operation is not ready"):
        world.carry_out(step)
    world.chain.advance_to(ready)
    assert state(world, operation) == State.READY
    world.carry_out(step)
    assert state(world, operation) == State.DONE
    assert world.ledger.multiplier("MSFT").pending_ui_multiplier == 2 * 10**18
    with pytest.raises(Refusal, match="operation is not ready"):
        world.carry_out(step)
    with pytest.raises(ScripError, match="DONE: nothing waits"):
        timelock.ready_at(world.chain, world.timelock, operation.id)


def test_nobody_but_the_safe_schedules(world: World, operation: Operation) -> None:
    other = Operation(operation.calls, b"\1" * 32)
    for sender in ("owner-a", "issuer", "anyone"):
        with pytest.raises(Refusal, match="missing role"):
            world.carry_out(timelock.schedule_step(other, DELAY, sender))


def test_the_safe_cancels_and_may_propose_again(world: World, operation: Operation) -> None:
    plan = world.plan(timelock.cancel_step(operation.id, "safe"), reference="wrong terms")
    with pytest.raises(Refusal, match="missing role"):
        world.carry_out(timelock.cancel_step(operation.id, "owner-a"))
    world.execute(world.sign(world.propose(plan), "owner-b", "owner-c"))
    assert state(world, operation) == State.UNSET
    world.chain.advance_to(world.chain.now() + DELAY)
    with pytest.raises(Refusal, match="operation is not ready"):
        world.carry_out(timelock.execute_step(operation, "anyone"))
    again = world.propose(world.split("timelock"))
    assert again.delayed[0].operation == operation


def test_a_batch_of_which_one_call_fails_does_nothing(world: World, operation: Operation) -> None:
    announce, schedule = world.split("timelock").steps
    unknown = world.step(replace(SCHEDULE, reference="never announced"), "timelock", "wrong")
    other = world.propose(world.plan(announce, schedule, unknown, reference="one too many"))
    world.execute(world.sign(other, "owner-a", "owner-b"))
    world.chain.advance_to(world.chain.now() + DELAY)
    with pytest.raises(Refusal, match="actions: not announced"):
        world.carry_out(timelock.execute_step(other.delayed[0].operation, "anyone"))
    assert state(world, other.delayed[0].operation) == State.READY
    assert world.ledger.multiplier("MSFT").effective_at == 0


def test_an_operation_after_another_waits_for_it_too(world: World, operation: Operation) -> None:
    world.give("PAUSER", "timelock")
    plan = world.plan(world.step(ins.Pause("MSFT"), "timelock"), reference="then pause")
    proposal = world.sign(world.propose(plan, predecessor=operation.id), "owner-a", "owner-b")
    world.execute(proposal)
    world.chain.advance_to(world.chain.now() + DELAY)
    with pytest.raises(Refusal, match="missing dependency"):
        world.carry_out(timelock.execute_step(proposal.delayed[0].operation, "anyone"))
    world.carry_out(timelock.execute_step(operation, "anyone"))
    world.carry_out(timelock.execute_step(proposal.delayed[0].operation, "anyone"))


def test_calldata_of_1024_bytes_is_the_most() -> None:
    target = "0x" + "11" * 20
    most = [MessageCall(target, 0, bytes(timelock.MAX_PAYLOAD))]
    assert timelock.operations(most, [bytes(32)])[0].calls == tuple(most)
    with pytest.raises(InputError):
        timelock.operations([MessageCall(target, 0, bytes(timelock.MAX_PAYLOAD + 1))], [bytes(32)])
