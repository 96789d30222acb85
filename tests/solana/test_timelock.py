"""The administrator's delay: what it does is scheduled, waits, and is carried out by anyone or cancelled by another."""

from __future__ import annotations

import pytest
from delayed_world import DELAY, KEY, Delayed, handed_over, set_timelock
from solana_world import DAY, ISSUER, STOCK, World
from solders.instruction import AccountMeta, Instruction

from scrip import instructions as ins
from scrip.solana.addresses import SYSTEM, document_hash, local_address, local_keypair, reference_word
from scrip.solana.encoding.mint import Mint
from scrip.solana.encoding.operations import as_call, scheduled
from scrip.units import WAD

WHY = 7, list(document_hash("minutes"))


@pytest.fixture
def delayed(world: World) -> Delayed:
    """The role handed over."""
    return handed_over(world)


def test_who_names_the_timelock_and_within_which_bounds(world: World) -> None:
    world.fails("NotAuthorised", [set_timelock(world, "mallory", DELAY, "a", "b")], "mallory")
    for delay, proposer, canceller in (
        (3_599, "a", "b"),
        (30 * DAY + 1, "a", "b"),
        (DAY, "a", "a"),
        (DAY, "", "b"),
        (DAY, "a", ""),
    ):
        world.fails("BadSetting", [set_timelock(world, ISSUER, delay, proposer, canceller)], ISSUER)
    nobody = Delayed(world)
    for name, args in (("cancel_operation", ()), ("schedule_operation", (list(KEY), {"accounts": [], "data": b""}))):
        world.fails("TimelockNotSet", [nobody.call(name, *args)], "proposer")
    sent = world.send([set_timelock(world, ISSUER, 3_600, "a", "b")], ISSUER)
    (event,) = world.program.events(sent.inner)
    assert (event.name, event.data.delay) == ("TimelockSet", 3_600)
    assert (event.data.proposer, event.data.canceller) == (local_address("a"), local_address("b"))
    world.send([set_timelock(world, ISSUER, 30 * DAY, "b", "a")], ISSUER)
    kept = world.stored(world.program.at.timelock)
    assert (kept.delay, kept.proposer, kept.canceller) == (30 * DAY, local_address("b"), local_address("a"))


def test_a_correction_waits_where_everybody_sees_it(delayed: Delayed) -> None:
    world, at = delayed.world, delayed.world.program.at
    action = at.action(world.listing.stock, "CORR", reference_word("c"))
    effective = world.now() + 4 * DAY
    args = list(reference_word("c")), WAD // 2, effective, *WHY
    inner = delayed.signed("correct_index", *args, action=action)
    world.fails("NotAuthorised", [world.signed("correct_index", ISSUER, *args, action=action)], ISSUER)
    world.fails("NotAuthorised", [delayed.schedule(inner, by="canceller")], "canceller")
    sent = world.send([delayed.schedule(inner)], "proposer")
    (event,) = world.program.events(sent.inner)
    waits = world.stored(at.operation(KEY))
    assert (event.name, event.data.ready_at) == ("OperationScheduled", world.now() + DELAY)
    assert (event.data.operation, event.data.call) == (at.operation(KEY), waits.call)
    assert (waits.ready_at, waits.payer) == (world.now() + DELAY, local_address("proposer"))
    assert world.program.parse(Instruction(world.program.id, bytes(waits.call.data), []))[0] == "correct_index"
    world.fails("OperationKnown", [delayed.schedule(inner)], "proposer")
    world.wait(DELAY - 1)
    world.fails("OperationNotReady", [delayed.execute(inner)], "anyone")
    world.wait(1)
    # The address without a key has nothing to pay the record's rent with: nothing happened, and it waits on.
    with pytest.raises(Exception, match="Custom"):
        world.send([delayed.execute(inner)], "anyone")
    delayed.fund()
    before = world.chain.svm.get_balance(local_address("proposer"))
    sent = world.send([delayed.execute(inner)], "anyone")
    ended = world.program.events(sent.inner)[-1]
    assert (ended.name, ended.data.executed, ended.data.by) == ("OperationEnded", True, local_address("anyone"))
    assert world.chain.account(at.operation(KEY)) in (None, b"")
    assert world.chain.svm.get_balance(local_address("proposer")) > before
    assert world.ledger.action(STOCK, "CORR", "c").status == "scheduled"
    world.fails("UnknownOperation", [delayed.execute(inner)], "anyone")
    world.apply(ins.Cancel(STOCK, "CORR", "c", 1, "doc"))


def test_what_was_scheduled_in_quiet_times_ends_no_later_halt(delayed: Delayed) -> None:
    """An operation lapses fourteen days after it is ready, to the second; it can still be cancelled."""
    world = delayed.world
    inner, life = delayed.signed("unhalt"), 14 * DAY
    world.send([delayed.schedule(inner)], "proposer")
    world.wait(DELAY + life - 1)
    world.apply(ins.Halt())
    world.send([delayed.execute(inner)], "anyone")
    assert not world.stored(world.program.at.issuer).halted
    world.send([delayed.schedule(inner)], "proposer")
    world.wait(DELAY + life)
    world.apply(ins.Halt())
    world.fails("OperationLapsed", [delayed.execute(inner)], "anyone")
    assert world.stored(world.program.at.issuer).halted
    world.fails("OperationKnown", [delayed.schedule(inner)], "proposer")
    world.send([delayed.call("cancel_operation", by="canceller")], "canceller")
    assert delayed.carried(inner) == ["FleetStopped", "OperationEnded"]


def test_two_may_cancel_and_nobody_else(delayed: Delayed) -> None:
    world = delayed.world
    inner = delayed.signed("set_isin", list(b"US5949181052"))
    for canceller in ("canceller", "proposer"):
        world.send([delayed.schedule(inner)], "proposer")
        world.fails("NotAuthorised", [delayed.call("cancel_operation", by="mallory")], "mallory")
        other = delayed.call("cancel_operation", by=canceller, payer=canceller if canceller != "proposer" else "x")
        world.fails("UnknownOperation", [other], canceller)
        sent = world.send([delayed.call("cancel_operation", by=canceller)], canceller)
        (event,) = world.program.events(sent.inner)
        assert (event.name, event.data.executed, event.data.by) == ("OperationEnded", False, local_address(canceller))
        world.wait(DELAY)
        world.fails("UnknownOperation", [delayed.execute(inner)], "anyone")
        world.fails("UnknownOperation", [delayed.call("cancel_operation", by=canceller)], canceller)


def test_what_is_carried_out_is_what_waited(delayed: Delayed) -> None:
    """Other accounts than the call's, one less, one more, one to be read that it writes: refused. A call that fails
    leaves the operation waiting."""
    world = delayed.world
    inner = delayed.signed("set_isin", list(b"US5949181052"))
    world.send([delayed.schedule(inner)], "proposer")
    world.wait(DELAY)
    named = scheduled(inner)
    bent = AccountMeta(world.listing.reserve, False, named[2].is_writable)
    read = [AccountMeta(one.pubkey, False, False) for one in named]
    for rest in (named[:-1], [*named, bent], [named[0], bent, *named[2:]], read):
        world.fails("BadCall", [delayed.call("execute_operation", by="anyone", rest=rest)], "anyone")
    for stranger in (world.program.at.timelock, world.listing.stock, local_address("nowhere")):
        other = delayed.call("execute_operation", by="anyone", rest=named, accounts={"operation": stranger})
        world.fails("UnknownOperation", [other], "anyone")
    world.send([delayed.execute(inner)], "anyone")
    assert Mint(world.ledger.mint_data(world.listing)).metadata.more["isin"] == "US5949181052"


def test_nobody_elses_signature_is_scheduled_and_nothing_too_long(delayed: Delayed) -> None:
    world = delayed.world
    inner = world.signed("pause", ISSUER)
    world.fails("BadCall", [delayed.schedule(inner)], "proposer")
    call = as_call(delayed.signed("pause"))
    for bad in (call | {"data": b"1234567"}, call | {"data": bytes(257)}, call | {"accounts": call["accounts"] * 3}):
        whole = delayed.call("schedule_operation", list(KEY), bad)
        world.fails("BadCall", [whole], "proposer")
    elsewhere = delayed.call("schedule_operation", list(KEY), call, key=b"\x08" * 32)
    world.fails("UnknownOperation", [elsewhere], "proposer")


def test_an_operation_does_not_carry_itself_out(delayed: Delayed) -> None:
    """An operation whose call carries out an operation, itself among them, is refused from within."""
    world, at = delayed.world, delayed.world.program.at
    accounts = {"signer": at.admin, "operation": at.operation(KEY), "payer": local_address("proposer")}
    inner = world.program.build("execute_operation", accounts=accounts)
    world.send([delayed.schedule(inner)], "proposer")
    world.wait(DELAY)
    world.fails("OperationNotReady", [delayed.execute(inner)], "anyone")
    assert world.stored(at.operation(KEY)).ready_at == world.now()


def test_the_delay_itself_waits(delayed: Delayed) -> None:
    world, at = delayed.world, delayed.world.program.at
    names = [local_address("canceller"), local_address("proposer")]
    accounts = {"signer": at.admin, "operation": SYSTEM, "payer": local_address("proposer")}
    inner = world.program.build("set_timelock", 3_600, *names, accounts=accounts)
    world.fails("NotAuthorised", [set_timelock(world, ISSUER, 3_600, "a", "b")], ISSUER)
    assert delayed.carried(inner) == ["TimelockSet", "OperationEnded"]
    assert world.stored(at.timelock).delay == 3_600
    world.fails("NotAuthorised", [delayed.schedule(inner)], "proposer")


def test_a_role_is_never_offered_to_whom_nobody_can_act_for(world: World) -> None:
    """The address without a key takes the role by an operation, so somebody proposes by then."""
    offer = world.signed("offer_role", ISSUER, world.role("Admin"), world.program.at.admin)
    world.send([offer], ISSUER)
    accept = world.program.build(
        "accept_role", world.role("Admin"), accounts={"signer": local_keypair("mallory").pubkey()}
    )
    world.fails("NothingOffered", [accept], "mallory")
