"""ERC-20's transfer, transferFrom and approve, through the proxy."""

from contextlib import nullcontext
from dataclasses import dataclass

import boa
import pytest
from support.contract_calls import MAX, ZERO, Handle, Refused, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_stubs import deploy_stub
from support.contract_world import (
    ALICE,
    BOB,
    CAROL,
    EXPIRY,
    HELD,
    MALLORY,
    MINTER,
    PAUSER,
    World,
)


@dataclass
class Attempt:
    """A transfer that would succeed, until a fault says otherwise."""

    world: World
    sender: str = ALICE
    to: str = BOB
    amount: int = 5


FAULTS = {
    "token: halted": lambda a: a.world.halt(),
    "token: paused": lambda a: a.world.stock.pause(sender=PAUSER),
    "ERC20InvalidReceiver": change(to=ZERO),
    "ERC7943CannotSend": lambda a: a.world.block(1),
    "ERC7943CannotReceive": lambda a: a.world.block(2),
    "ERC20InsufficientBalance": change(amount=HELD + 1),
    "ERC7943InsufficientUnfrozenBalance": lambda a: a.world.freeze_tokens(a.world.stock, ALICE, HELD - 4),
}
FROM_FAULTS = dict(list(FAULTS.items())[:2]) | {
    "ERC20InsufficientAllowance": lambda a: a.world.stock.approve(CAROL, 4, sender=ALICE),
    **dict(list(FAULTS.items())[2:]),
}


def test_transfer_moves_raw_units_and_logs(stock: Handle) -> None:
    assert stock.transfer(CAROL, 5, sender=ALICE) is True
    [event] = stock.events()
    assert (stock.balanceOf(ALICE), stock.balanceOf(CAROL), stock.totalSupply()) == (HELD - 5, 5, 2 * HELD)
    assert (event.name, event.emitter) == ("Transfer", stock.address)
    assert event.values == {"sender": ALICE, "receiver": CAROL, "value": 5}


@every_two(FAULTS)
def test_transfer_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    attempt = Attempt(world)
    bring_about(FAULTS, first, second, attempt)
    with refuses(first):
        world.stock.transfer(attempt.to, attempt.amount, sender=attempt.sender)


@every_two(FROM_FAULTS)
def test_transfer_from_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    attempt = Attempt(world)
    world.stock.approve(CAROL, HELD + 1, sender=ALICE)
    bring_about(FROM_FAULTS, first, second, attempt)
    with refuses(first):
        world.stock.transferFrom(attempt.sender, attempt.to, attempt.amount, sender=CAROL)


def test_the_standards_errors_carry_their_arguments(world: World) -> None:
    stock = world.stock
    with refuses("ERC20InvalidReceiver", ZERO):
        stock.transfer(ZERO, 1, sender=ALICE)
    with refuses("ERC7943CannotSend", MALLORY):
        stock.transfer(BOB, 0, sender=MALLORY)
    with refuses("ERC7943CannotReceive", MALLORY):
        stock.transfer(MALLORY, 1, sender=ALICE)
    with refuses("ERC20InsufficientBalance", ALICE, HELD, HELD + 1):
        stock.transfer(BOB, HELD + 1, sender=ALICE)
    with refuses("ERC20InsufficientAllowance", CAROL, 0, 1):
        stock.transferFrom(ALICE, BOB, 1, sender=CAROL)
    with refuses("ERC20InvalidSpender", ZERO):
        stock.approve(ZERO, 1, sender=ALICE)
    world.freeze_tokens(stock, ALICE, HELD - 3)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 4, 3):
        stock.transfer(BOB, 4, sender=ALICE)


@pytest.mark.parametrize("amount", [HELD + 1, 2**128 - 1, 2**128, MAX])
def test_more_than_the_balance_is_refused_up_to_the_largest_amount(stock: Handle, amount: int) -> None:
    with refuses("ERC20InsufficientBalance", ALICE, HELD, amount):
        stock.transfer(BOB, amount, sender=ALICE)
    with refuses("ERC20InsufficientBalance", ALICE, HELD, amount):
        stock.transfer(ALICE, amount, sender=ALICE)


def test_nothing_and_everything_can_be_moved(stock: Handle) -> None:
    assert stock.transfer(BOB, 0, sender=ALICE) is True
    assert stock.events()[0].values["value"] == 0
    assert stock.transfer(BOB, HELD, sender=ALICE) is True
    assert stock.transfer(CAROL, 2 * HELD, sender=BOB) is True
    assert [stock.balanceOf(account) for account in (ALICE, BOB, CAROL)] == [0, 0, 2 * HELD]


@pytest.mark.parametrize("amount", [0, 1, HELD])
def test_a_transfer_to_oneself_changes_no_balance(stock: Handle, amount: int) -> None:
    assert stock.transfer(ALICE, amount, sender=ALICE) is True
    assert (stock.balanceOf(ALICE), stock.totalSupply()) == (HELD, 2 * HELD)


def test_the_frozen_part_stays_and_the_rest_moves(world: World) -> None:
    world.freeze_tokens(world.stock, ALICE, HELD - 5)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 6, 5):
        world.stock.transfer(ALICE, 6, sender=ALICE)
    assert world.stock.transfer(BOB, 5, sender=ALICE) is True
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        world.stock.transfer(BOB, 1, sender=ALICE)
    assert world.stock.transfer(BOB, 0, sender=ALICE) is True
    assert world.stock.getFrozenTokens(ALICE) == HELD - 5


def test_a_clearance_holds_until_the_second_before_its_expiry(stock: Handle) -> None:
    set_clock(EXPIRY - 1)
    assert stock.transfer(CAROL, 1, sender=ALICE) is True
    set_clock(EXPIRY)
    with refuses("ERC7943CannotSend", ALICE):
        stock.transfer(BOB, 1, sender=ALICE)


def test_a_lapsed_account_neither_sends_nor_receives(world: World) -> None:
    world.renew(2, EXPIRY - 10)
    set_clock(EXPIRY - 10)
    with refuses("ERC7943CannotReceive", BOB):
        world.stock.transfer(BOB, 1, sender=ALICE)
    with refuses("ERC7943CannotSend", BOB):
        world.stock.transfer(ALICE, 1, sender=BOB)


def test_a_renewal_is_found_at_the_next_touch(world: World) -> None:
    set_clock(EXPIRY)
    for investor in (1, 2):
        world.renew(investor, EXPIRY + 1)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_an_expiry_does_not_matter_to_a_blocklist_stock(world: World, open_stock: Handle) -> None:
    set_clock(EXPIRY + 1)
    assert open_stock.transfer(MALLORY, 2, sender=ALICE) is True
    assert open_stock.transfer(BOB, 1, sender=MALLORY) is True
    world.block_wallet(MALLORY)
    with refuses("ERC7943CannotSend", MALLORY):
        open_stock.transfer(BOB, 1, sender=MALLORY)
    with refuses("ERC7943CannotReceive", MALLORY):
        open_stock.transfer(MALLORY, 1, sender=BOB)


@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_a_frozen_account_neither_sends_nor_receives(world: World, side: str) -> None:
    world.freeze(world.stock, ALICE if side == "sender" else BOB)
    refusal = "ERC7943CannotSend" if side == "sender" else "ERC7943CannotReceive"
    with refuses(refusal):
        world.stock.transfer(BOB, 1, sender=ALICE)
    world.freeze(world.stock, ALICE if side == "sender" else BOB, frozen=False)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_a_contract_holds_and_sends_like_anyone(world: World) -> None:
    caller = deploy_stub("caller")
    stock = world.stock
    with refuses("ERC7943CannotReceive", caller):
        stock.transfer(caller, 5, sender=ALICE)
    world.link(1, caller.address)
    stock.transfer(caller, 5, sender=ALICE)
    payload = stock.selector("transfer", 2) + bytes.fromhex(BOB[2:].rjust(64, "0")) + (2).to_bytes(32, "big")
    caller.call(stock, payload)
    assert (stock.balanceOf(caller), stock.balanceOf(BOB)) == (3, HELD + 2)
    with refuses("ERC20InsufficientBalance", caller, 3, 4):
        caller.call(stock, payload[:-1] + b"\x04")


def test_ether_is_not_accepted(stock: Handle) -> None:
    with refuses(""):
        stock.transfer(BOB, 1, sender=ALICE, value=1)
    with refuses(""):
        stock.send(b"", sender=ALICE, value=1)


# --- allowances ---


def test_approve_replaces_the_allowance_and_logs(stock: Handle) -> None:
    for amount in (7, 3, 0, MAX):
        assert stock.approve(CAROL, amount, sender=ALICE) is True
        [event] = stock.events()
        assert event.values == {"owner": ALICE, "spender": CAROL, "value": amount}
        assert stock.allowance(ALICE, CAROL) == amount


def test_transfer_from_counts_the_allowance_down(stock: Handle) -> None:
    stock.approve(CAROL, 7, sender=ALICE)
    assert stock.transferFrom(ALICE, BOB, 5, sender=CAROL) is True
    assert (stock.allowance(ALICE, CAROL), stock.balanceOf(BOB)) == (2, HELD + 5)
    with refuses("ERC20InsufficientAllowance", CAROL, 2, 3):
        stock.transferFrom(ALICE, BOB, 3, sender=CAROL)
    stock.transferFrom(ALICE, BOB, 2, sender=CAROL)
    with refuses("ERC20InsufficientAllowance", CAROL, 0, 1):
        stock.transferFrom(ALICE, BOB, 1, sender=CAROL)


def test_an_unlimited_allowance_is_not_counted_down(stock: Handle) -> None:
    stock.approve(CAROL, MAX, sender=ALICE)
    stock.transferFrom(ALICE, BOB, HELD, sender=CAROL)
    assert stock.allowance(ALICE, CAROL) == MAX
    stock.approve(CAROL, MAX - 1, sender=BOB)
    stock.transferFrom(BOB, ALICE, 1, sender=CAROL)
    assert stock.allowance(BOB, CAROL) == MAX - 2


def test_a_refused_transfer_from_spends_no_allowance(world: World) -> None:
    world.stock.approve(CAROL, 7, sender=ALICE)
    world.block(2)
    with refuses("ERC7943CannotReceive", BOB):
        world.stock.transferFrom(ALICE, BOB, 5, sender=CAROL)
    assert world.stock.allowance(ALICE, CAROL) == 7


@pytest.mark.parametrize("stop", ["blocked", "frozen"])
@pytest.mark.parametrize("strict", [False, True])
def test_a_spender_who_is_stopped_moves_nobodys_units(world: World, stop: str, strict: bool) -> None:
    stocks = (world.stock, world.open_stock)
    for stock in stocks:
        stock.mint(CAROL, 1, sender=MINTER)
        for spender in (CAROL, MALLORY):
            stock.approve(spender, HELD, sender=ALICE)
    if stop == "blocked":
        world.block(3)
    else:
        for stock in stocks:
            world.freeze(stock, CAROL)
    for stock in stocks:
        with world.strict() if strict else nullcontext(), refuses("ERC7943CannotSend", CAROL):
            stock.transferFrom(ALICE, BOB, 1, sender=CAROL)
        assert stock.allowance(ALICE, CAROL) == HELD
        assert stock.transferFrom(ALICE, BOB, 1, sender=MALLORY) is True
    if stop == "blocked":
        world.unblock(3)
    else:
        for stock in stocks:
            world.freeze(stock, CAROL, False)
    for stock in stocks:
        assert stock.transferFrom(ALICE, BOB, 1, sender=CAROL) is True


def test_a_spender_whose_clearance_lapsed_still_moves_what_it_was_allowed(world: World) -> None:
    """As a router does that never had one."""
    world.open_stock.approve(CAROL, 1, sender=ALICE)
    set_clock(EXPIRY)
    assert world.open_stock.transferFrom(ALICE, BOB, 1, sender=CAROL) is True


def test_an_owner_needs_an_allowance_for_transfer_from(stock: Handle) -> None:
    with refuses("ERC20InsufficientAllowance", ALICE, 0, 1):
        stock.transferFrom(ALICE, BOB, 1, sender=ALICE)


def test_a_spender_needs_no_clearance_of_its_own(stock: Handle) -> None:
    stock.approve(MALLORY, 1, sender=ALICE)
    assert stock.transferFrom(ALICE, BOB, 1, sender=MALLORY) is True


def test_approve_works_in_a_pause_and_not_in_a_halt(world: World) -> None:
    stock = world.stock
    stock.pause(sender=PAUSER)
    assert stock.approve(CAROL, 0, sender=ALICE) is True
    world.halt()
    with refuses("token: halted"):
        stock.approve(ZERO, 1, sender=ALICE)


def test_a_blocked_holder_can_still_revoke(world: World) -> None:
    world.stock.approve(CAROL, 7, sender=ALICE)
    world.block(1)
    assert world.stock.approve(CAROL, 0, sender=ALICE) is True
    with refuses("ERC20InsufficientAllowance"):
        world.stock.transferFrom(ALICE, BOB, 1, sender=CAROL)


@pytest.mark.parametrize("strict", [False, True])
def test_balances_add_up_to_the_supply_after_any_moves(world: World, strict: bool) -> None:
    stock = world.stock
    if strict:
        world.beacon.enterStrict(sender=world.registry.address)
    moves = [(ALICE, BOB, 1), (BOB, CAROL, HELD), (CAROL, CAROL, 7), (ALICE, CAROL, MAX), (CAROL, ALICE, HELD // 3)]
    done = 0
    for sender, to, amount in moves:
        with boa.env.anchor():
            try:
                stock.transfer(to, amount, sender=sender)
            except Refused:
                continue
        stock.transfer(to, amount, sender=sender)
        done += 1
        assert sum(stock.balanceOf(account) for account in (ALICE, BOB, CAROL)) == stock.totalSupply() == 2 * HELD
    assert done == 4
    assert stock.mint(CAROL, 1, sender=MINTER) is True
