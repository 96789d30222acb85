"""ERC-7943's promises: canTransfer false means a revert, true means success, and can* never revert."""

import boa
from contract_calls import MAX, ZERO, Handle, Refused, refuses, set_clock
from contract_stubs import deploy_stub
from contract_world import (
    ADMIN,
    ALICE,
    BOB,
    EXPIRY,
    HELD,
    MALLORY,
    PAUSER,
    START,
    World,
)
from hypothesis import event, given, settings
from hypothesis import strategies as st

NOW = START + 1000
AMOUNTS = st.sampled_from([0, 1, 4, 5, 6, HELD - 1, HELD, HELD + 1, 2**128, MAX])
STANDING = st.fixed_dictionaries(
    {
        "expiry": st.sampled_from([NOW - 1, NOW, NOW + 1, EXPIRY]),
        "renewed": st.sampled_from([None, NOW, NOW + 1]),
        "blocked": st.sampled_from([False, False, False, True]),
        "unblocked": st.booleans(),
        "frozen": st.sampled_from([False, False, False, True]),
        "frozen_tokens": st.sampled_from([0, 0, 1, HELD - 5, HELD, HELD + 1, MAX]),
    }
)


def _bring_about(world: World, stock: Handle, investor: int, wallet: str, standing: dict) -> None:
    world.renew(investor, standing["expiry"])
    if standing["blocked"]:
        world.block(investor)
        if standing["unblocked"]:
            world.unblock(investor)
    if standing["renewed"]:
        world.renew(investor, standing["renewed"])
    if standing["frozen"]:
        world.freeze(stock, wallet)
    if standing["frozen_tokens"]:
        world.freeze_tokens(stock, wallet, standing["frozen_tokens"])


@settings(max_examples=40)
@given(
    sender=STANDING,
    to=STANDING,
    receiver=st.sampled_from([BOB, BOB, BOB, ALICE, MALLORY, ZERO]),
    open_policy=st.booleans(),
    mode=st.sampled_from(["normal", "normal", "strict", "halted"]),
    paused=st.sampled_from([False, False, False, True]),
    bumped=st.booleans(),
    amount=AMOUNTS,
)
def test_can_transfer_and_transfer_agree(
    built_world: World,
    sender: dict,
    to: dict,
    receiver: str,
    open_policy: bool,
    mode: str,
    paused: bool,
    bumped: bool,
    amount: int,
) -> None:
    """canTransfer false ⇒ transfer reverts; true and amount ≤ balance ⇒ it succeeds; true ⇒ canSend and canReceive."""
    with boa.env.anchor():
        set_clock(START)
        world = built_world
        stock = world.open_stock if open_policy else world.stock
        _bring_about(world, stock, 1, ALICE, sender)
        _bring_about(world, stock, 2, BOB, to)
        if bumped:
            stock.bumpEpoch(sender=ADMIN)
        if paused:
            stock.pause(sender=PAUSER)
        if mode == "strict":
            world.beacon.enterStrict(sender=world.registry.address)
        elif mode == "halted":
            world.halt()
        set_clock(NOW)
        can = stock.canTransfer(ALICE, receiver, amount)
        sides = stock.canSend(ALICE) and stock.canReceive(receiver)
        balance = stock.balanceOf(ALICE)
        try:
            done = stock.transfer(receiver, amount, sender=ALICE)
            refusal = ""
        except Refused as refused:
            done, refusal = False, refused.name
        event(f"canTransfer {can}, transfer {refusal or 'done'}")
        if can:
            assert sides
            assert done or refusal == "ERC20InsufficientBalance"
        else:
            assert not done
        if can and amount <= balance:
            assert done
        if sides and receiver != ZERO and not done:
            assert refusal in {"ERC20InsufficientBalance", "ERC7943InsufficientUnfrozenBalance"}


def test_can_answers_false_in_a_pause_and_in_a_halt(world: World) -> None:
    def answers() -> set[bool]:
        stock = world.stock
        return {stock.canSend(ALICE), stock.canReceive(BOB), stock.canTransfer(ALICE, BOB, 1)}

    assert answers() == {True}
    with boa.env.anchor():
        world.stock.pause(sender=PAUSER)
        assert answers() == {False}
    with world.strict():
        assert answers() == {True}
    world.halt()
    assert answers() == {False}


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
