"""ERC-7943's promises: canTransfer false means a revert, true means success, and can* never revert."""

from collections.abc import Callable
from contextlib import nullcontext

import boa
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, ZERO, Handle, Refused, refuses, set_clock
from support.contract_stubs import deploy_stub
from support.contract_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    EXPIRY,
    HELD,
    MALLORY,
    PAUSER,
    START,
    World,
)
from support.examples import examples

NOW = START + 1000
# What may have happened to alice, who sends, to bob, who receives, and to the stock, in this order.
EVENTS: dict[str, Callable[[World, Handle], object]] = {
    "alice lapses now": lambda world, _: world.renew(1, NOW),
    "alice lapses in a second": lambda world, _: world.renew(1, NOW + 1),
    "bob lapsed": lambda world, _: world.renew(2, NOW - 1),
    "bob is renewed": lambda world, _: world.renew(2, 2 * EXPIRY),
    "alice is blocked": lambda world, _: world.block(1),
    "alice is unblocked": lambda world, _: world.registry.investorRecord(1)[1] and world.unblock(1),
    "bob is blocked": lambda world, _: world.block(2),
    "bob is unblocked": lambda world, _: world.registry.investorRecord(2)[1] and world.unblock(2),
    "alice is frozen": lambda world, stock: world.freeze(stock, ALICE),
    "bob is frozen": lambda world, stock: world.freeze(stock, BOB),
    "alice has 5 unfrozen": lambda world, stock: world.freeze_tokens(stock, ALICE, HELD - 5),
    "alice has none unfrozen": lambda world, stock: world.freeze_tokens(stock, ALICE, HELD),
    "alice has more frozen": lambda world, stock: world.freeze_tokens(stock, ALICE, MAX),
    "alice has 4 unlocked": lambda world, stock: world.lock(stock, ALICE, HELD - 4, NOW + 1),
    "alice has more locked": lambda world, stock: world.lock(stock, ALICE, 2**128 - 1, NOW + 1),
    "alice's lock-up ends now": lambda world, stock: world.lock(stock, ALICE, HELD, NOW),
    "alice has 2 frozen": lambda world, stock: world.freeze_tokens(stock, ALICE, 2),
    "bob has some frozen": lambda world, stock: world.freeze_tokens(stock, BOB, HELD + 1),
    "a new epoch": lambda _, stock: stock.bumpEpoch(sender=ADMIN),
    "a pause": lambda _, stock: stock.pause(sender=PAUSER),
    "strict": lambda world, _: world.beacon.enterStrict(sender=world.registry.address),
    "a halt": lambda world, _: world.halt(),
}


# ERC-1404's codes, in the order in which a transfer refuses, and what the transfer says.
CODES = [
    "",
    "token: halted",
    "token: paused",
    "ERC20InvalidSender",
    "ERC20InvalidReceiver",
    *["ERC7943CannotSend"] * 3,
    *["ERC7943CannotReceive"] * 3,
    "ERC20InsufficientBalance",
    *["ERC7943InsufficientUnfrozenBalance"] * 2,
]


@settings(max_examples=examples(40))
@given(
    happened=st.sets(st.sampled_from(list(EVENTS)), max_size=3),
    receiver=st.sampled_from([BOB, BOB, BOB, BOB, ALICE, MALLORY, ZERO]),
    open_policy=st.booleans(),
    amount=st.sampled_from([0, 1, 5, 6, HELD, HELD + 1, 2**128, MAX]),
)
@example(happened={"alice has 5 unfrozen"}, receiver=BOB, open_policy=False, amount=6)
@example(happened={"alice has more frozen", "strict"}, receiver=BOB, open_policy=True, amount=1)
@example(happened={"alice has 4 unlocked"}, receiver=BOB, open_policy=False, amount=5)
@example(happened={"alice has 4 unlocked", "alice has 2 frozen"}, receiver=BOB, open_policy=False, amount=5)
@example(happened={"alice's lock-up ends now"}, receiver=BOB, open_policy=False, amount=HELD)
@example(happened={"a halt"}, receiver=BOB, open_policy=False, amount=1)
@example(happened={"alice lapses now"}, receiver=BOB, open_policy=False, amount=0)
def test_can_transfer_and_transfer_agree(
    built_world: World, happened: set[str], receiver: str, open_policy: bool, amount: int
) -> None:
    """canTransfer false ⇒ transfer reverts; true and amount ≤ balance ⇒ it succeeds; true ⇒ canSend and canReceive."""
    with boa.env.anchor():
        set_clock(START)
        stock = built_world.open_stock if open_policy else built_world.stock
        for name, bring_about in EVENTS.items():
            if name in happened:
                bring_about(built_world, stock)
        set_clock(NOW)
        can = stock.canTransfer(ALICE, receiver, amount)
        code = stock.detectTransferRestriction(ALICE, receiver, amount)
        sides = stock.canSend(ALICE) and stock.canReceive(receiver)
        try:
            done = stock.transfer(receiver, amount, sender=ALICE)
            refusal = ""
        except Refused as refused:
            done, refusal = False, refused.name
        event(f"canTransfer {can}, transfer {refusal or 'done'}")
        assert CODES[code] == refusal
        if not can:
            assert not done
        elif amount <= HELD:
            assert done
        else:
            assert refusal == "ERC20InsufficientBalance"
        assert sides or not can
        if sides and not done:
            stopped = {"token: halted", "token: paused"}
            assert refusal in {"ERC20InsufficientBalance", "ERC7943InsufficientUnfrozenBalance", *stopped}


def test_each_restriction_has_its_code_and_its_words(world: World) -> None:
    stock, said = world.stock, {}

    def note(sender: str = ALICE, to: str = BOB, amount: int = 1) -> None:
        code = stock.detectTransferRestriction(sender, to, amount)
        said[code] = stock.messageForTransferRestriction(code)

    note()
    note(sender=ZERO, amount=0)
    note(to=ZERO)
    note(amount=HELD + 1)
    note(sender=MALLORY)
    note(to=MALLORY)
    for side in ("sender", "to"):
        with boa.env.anchor():
            world.freeze(stock, CAROL)
            note(**{side: CAROL})
        with boa.env.anchor():
            world.block(3)
            note(**{side: CAROL})
    with boa.env.anchor():
        world.freeze_tokens(stock, ALICE, HELD)
        world.lock(stock, ALICE, HELD, NOW)
        note()
    with boa.env.anchor():
        world.lock(stock, ALICE, HELD, NOW)
        note()
    with boa.env.anchor():
        stock.pause(sender=PAUSER)
        note()
        world.halt()
        note()
    assert said == {
        0: "no restriction",
        1: "fleet halted",
        2: "stock paused",
        3: "sender is zero",
        4: "receiver is zero",
        5: "sender frozen",
        6: "sender blocked",
        7: "sender not cleared",
        8: "receiver frozen",
        9: "receiver blocked",
        10: "receiver not cleared",
        11: "balance too small",
        12: "units frozen",
        13: "units locked up",
    }
    assert {stock.messageForTransferRestriction(code) for code in (18, 255)} == {"unknown code"}


@pytest.mark.parametrize("stop", ["nothing", "strict", "pause", "halt"])
def test_a_pause_and_a_halt_speak_in_can_transfer_alone(world: World, stop: str) -> None:
    """canSend and canReceive speak of the account: a forced transfer succeeds just where canReceive is true."""
    stock = world.stock
    with world.strict() if stop == "strict" else nullcontext():
        if stop == "pause":
            stock.pause(sender=PAUSER)
        if stop == "halt":
            world.halt()
        runs = stop in {"nothing", "strict"}
        assert (stock.canSend(ALICE), stock.canReceive(BOB)) == (True, True)
        assert stock.canTransfer(ALICE, BOB, 1) is runs
        if not runs:
            with refuses({"pause": "token: paused", "halt": "token: halted"}[stop]):
                stock.transfer(BOB, 1, sender=ALICE)
        assert world.seize(stock, ALICE, BOB, 1) is True
        world.block(2)
        assert stock.canReceive(BOB) is False
        with refuses("ERC7943CannotReceive", BOB):
            world.seize(stock, ALICE, BOB, 1)


def test_can_never_reverts_for_strange_arguments(world: World) -> None:
    contract = deploy_stub("caller").address
    for stock in (world.stock, world.open_stock, world.implementations[0], world.implementations[2]):
        for account in (ZERO, MALLORY, contract, stock.address, "0x" + "ff" * 20):
            assert stock.canSend(account) in {True, False}
            assert stock.canReceive(account) in {True, False}
            for amount in (0, 1, MAX):
                assert stock.canTransfer(account, BOB, amount) in {True, False}
                assert stock.canTransfer(ALICE, account, amount) in {True, False}
            assert stock.getFrozenTokens(account) == 0


def test_the_zero_address_never_receives(world: World) -> None:
    for stock in (world.stock, world.open_stock):
        assert stock.canReceive(ZERO) is False
        assert stock.canTransfer(ALICE, ZERO, 0) is False


def test_can_views_change_nothing(world: World) -> None:
    """A view that would have to ask the registry does not enrol the account."""
    number = world.registry.tokenNumber(world.open_stock)
    assert world.open_stock.canReceive(MALLORY) is True
    assert world.open_stock.accountWord(MALLORY) == 0
    assert world.registry.isEnrolled(MALLORY, number) is False
    world.open_stock.transfer(MALLORY, 1, sender=ALICE)
    assert world.registry.isEnrolled(MALLORY, number) is True


def test_a_clearance_ends_at_its_second_in_views_too(world: World) -> None:
    set_clock(EXPIRY - 1)
    assert world.stock.canSend(ALICE) is True
    set_clock(EXPIRY)
    assert world.stock.canSend(ALICE) is False
    assert world.open_stock.canSend(ALICE) is True
    with refuses("ERC7943CannotSend"):
        world.stock.transfer(BOB, 0, sender=ALICE)
