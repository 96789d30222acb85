"""mint and burn: the only two that change the supply."""

from dataclasses import dataclass

import pytest
from support.contract_calls import MAX, ZERO, Handle, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_stubs import deploy_stub
from support.contract_world import ACTIONS, ALICE, BOB, CAROL, EXPIRY, HELD, MALLORY, MINTER, PAUSER, START, UNIT, World

U128 = 2**128 - 1


@dataclass
class Attempt:
    """A mint or burn that would succeed, until a fault says otherwise."""

    world: World
    by: str = MINTER
    account: str = ALICE
    amount: int = 5


MINT_FAULTS = {
    "roles: not authorised": change(by=ALICE),
    "token: halted": lambda a: a.world.halt(),
    "token: paused": lambda a: a.world.stock.pause(sender=PAUSER),
    "token: zero amount": change(amount=0),
    "ERC20InvalidReceiver": change(account=ZERO),
    "ERC7943CannotReceive": lambda a: a.world.block(1),
    "token: supply too large": change(amount=U128 - 2 * HELD + 1),
    "reserve: insufficient": lambda a: a.world.feed.set_ceiling(2 * HELD + 4),
}
BURN_FAULTS = {
    "roles: not authorised": change(by=ALICE),
    "token: halted": lambda a: a.world.halt(),
    "token: paused": lambda a: a.world.stock.pause(sender=PAUSER),
    "token: zero amount": change(amount=0),
    "ERC7943CannotSend": lambda a: a.world.block(1),
    "ERC20InsufficientBalance": change(amount=HELD + 1),
    "ERC7943InsufficientUnfrozenBalance": lambda a: a.world.freeze_tokens(a.world.stock, ALICE, HELD - 4),
}


@every_two(MINT_FAULTS)
def test_mint_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    attempt = Attempt(world)
    bring_about(MINT_FAULTS, first, second, attempt)
    with refuses(first):
        world.stock.mint(attempt.account, attempt.amount, sender=attempt.by)


@every_two(BURN_FAULTS)
def test_burn_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    attempt = Attempt(world)
    bring_about(BURN_FAULTS, first, second, attempt)
    with refuses(first):
        world.stock.burn(attempt.account, attempt.amount, sender=attempt.by)


def test_mint_creates_units_and_logs_a_transfer_from_nobody(stock: Handle) -> None:
    assert stock.mint(CAROL, 5, sender=MINTER) is True
    [event] = stock.events()
    assert event.values == {"sender": ZERO, "receiver": CAROL, "value": 5}
    assert (stock.balanceOf(CAROL), stock.totalSupply()) == (5, 2 * HELD + 5)


def test_burn_destroys_units_and_logs_a_transfer_to_nobody(stock: Handle) -> None:
    assert stock.burn(ALICE, 5, sender=MINTER) is True
    [event] = stock.events()
    assert event.values == {"sender": ALICE, "receiver": ZERO, "value": 5}
    assert (stock.balanceOf(ALICE), stock.totalSupply()) == (HELD - 5, 2 * HELD - 5)


def test_a_second_mint_adds_and_a_second_burn_of_all_is_refused(stock: Handle) -> None:
    stock.mint(CAROL, 5, sender=MINTER)
    stock.mint(CAROL, 5, sender=MINTER)
    assert stock.burn(CAROL, 10, sender=MINTER) is True
    with refuses("ERC20InsufficientBalance", CAROL, 0, 10):
        stock.burn(CAROL, 10, sender=MINTER)


def test_the_supply_reaches_its_bound_and_no_further(stock: Handle) -> None:
    stock.mint(CAROL, U128 - 2 * HELD, sender=MINTER)
    assert stock.totalSupply() == U128
    assert (stock.paused(), stock.policy(), stock.epoch()) == (False, 0, 1)
    with refuses("token: supply too large"):
        stock.mint(CAROL, 1, sender=MINTER)
    for account in (ALICE, BOB):
        stock.transfer(CAROL, HELD, sender=account)
    assert stock.balanceOf(CAROL) == U128
    assert stock.canSend(CAROL) is True
    stock.burn(CAROL, U128, sender=MINTER)
    assert (stock.totalSupply(), stock.balanceOf(CAROL), stock.epoch()) == (0, 0, 1)


@pytest.mark.parametrize("amount", [2**128 - 2 * HELD, 2**128, 2**168, MAX])
def test_no_amount_reaches_the_bits_above_the_supply(stock: Handle, amount: int) -> None:
    with refuses("token: supply too large"):
        stock.mint(CAROL, amount, sender=MINTER)


@pytest.mark.parametrize("amount", [HELD + 1, 2**128, MAX])
def test_no_burn_exceeds_the_balance(stock: Handle, amount: int) -> None:
    with refuses("ERC20InsufficientBalance", ALICE, HELD, amount):
        stock.burn(ALICE, amount, sender=MINTER)
    with refuses("ERC20InsufficientBalance", MALLORY, 0, amount):
        stock.burn(MALLORY, amount, sender=MINTER)


@pytest.mark.parametrize("stopped", ["blocked", "frozen"])
def test_a_blocked_or_frozen_account_neither_receives_a_mint_nor_redeems(world: World, stopped: str) -> None:
    if stopped == "blocked":
        world.block(1)
    else:
        world.freeze(world.stock, ALICE)
    with refuses("ERC7943CannotReceive", ALICE):
        world.stock.mint(ALICE, 1, sender=MINTER)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.burn(ALICE, 1, sender=MINTER)


def test_a_lapsed_account_redeems_and_receives_no_mint(stock: Handle) -> None:
    set_clock(EXPIRY)
    with refuses("ERC7943CannotReceive", ALICE):
        stock.mint(ALICE, 1, sender=MINTER)
    assert stock.burn(ALICE, HELD, sender=MINTER) is True


def test_an_unlinked_account_redeems(world: World) -> None:
    world.unlink(1, ALICE)
    assert world.stock.burn(ALICE, HELD, sender=MINTER) is True
    assert world.stock.balanceOf(ALICE) == 0


def test_what_redeems_is_only_the_unfrozen_part(world: World) -> None:
    world.freeze_tokens(world.stock, ALICE, MAX)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        world.stock.burn(ALICE, 1, sender=MINTER)
    world.freeze_tokens(world.stock, ALICE, HELD - 1)
    assert world.stock.burn(ALICE, 1, sender=MINTER) is True


def test_the_smallest_holding_redeems(stock: Handle) -> None:
    stock.mint(CAROL, 1, sender=MINTER)
    assert stock.burn(CAROL, 1, sender=MINTER) is True


def test_a_contract_receives_a_mint_when_it_is_cleared(world: World) -> None:
    caller = deploy_stub("caller")
    with refuses("ERC7943CannotReceive", caller):
        world.stock.mint(caller, 1, sender=MINTER)
    world.link(1, caller.address)
    assert world.stock.mint(caller, 1, sender=MINTER) is True


def test_a_mint_that_the_feed_refuses_changes_nothing(world: World) -> None:
    world.feed.set_ceiling(2 * HELD)
    with refuses("reserve: insufficient"):
        world.stock.mint(CAROL, 1, sender=MINTER)
    assert (world.stock.balanceOf(CAROL), world.stock.totalSupply()) == (0, 2 * HELD)


@pytest.mark.parametrize("effective", [START + 100, 2**32 - 2, 2**32 - 1, 2**32, 2**40 - 1])
@pytest.mark.parametrize(
    ("index", "num", "den", "before", "at"),
    [
        # A pending rise of the index is owed already; a pending split changes nothing until its second.
        (UNIT * 5 // 4, 1, 1, (UNIT * 5 // 4, 1, 1), (UNIT * 5 // 4, 1, 1)),
        (UNIT, 2, 1, (UNIT, 1, 1), (UNIT, 2, 1)),
        (UNIT * 5 // 4, 3, 2, (UNIT * 5 // 4, 1, 1), (UNIT * 5 // 4, 3, 2)),
        # A pending correction downwards is not yet a relief.
        (UNIT // 2, 1, 1, (UNIT, 1, 1), (UNIT // 2, 1, 1)),
    ],
)
def test_a_mint_asks_with_the_supply_after_it_and_what_is_owed(
    world: World,
    index: int,
    num: int,
    den: int,
    before: tuple[int, int, int],
    at: tuple[int, int, int],
    effective: int,
) -> None:
    """At whatever second it takes effect: up to 2106 that stands beside the pair, later elsewhere."""
    stock = world.open_stock  # whose clearances do not lapse until then
    world.feed.expect((2 * HELD, 2 * HELD + 1, UNIT, 1, 1))
    stock.mint(CAROL, 1, sender=MINTER)
    stock.scheduleMultiplier(index, num, den, effective, sender=ACTIONS)
    world.feed.expect((2 * HELD + 1, 2 * HELD + 2, *before))
    stock.mint(CAROL, 1, sender=MINTER)
    set_clock(effective - 1)
    world.feed.expect((2 * HELD + 2, 2 * HELD + 3, *before))
    stock.mint(CAROL, 1, sender=MINTER)
    set_clock(effective)
    world.feed.expect((2 * HELD + 3, 2 * HELD + 4, *at))
    stock.mint(CAROL, 1, sender=MINTER)


@pytest.mark.parametrize("effective", [START + 100, 2**32 - 1, 2**40 - 1])
def test_a_mint_after_a_cancelled_change_asks_as_before_it(world: World, effective: int) -> None:
    stock = world.open_stock
    stock.scheduleMultiplier(2 * UNIT, 3, 1, effective, sender=ACTIONS)
    stock.cancelMultiplier(sender=ACTIONS)
    world.feed.expect((2 * HELD, 2 * HELD + 1, UNIT, 1, 1))
    stock.mint(CAROL, 1, sender=MINTER)
    set_clock(effective)
    world.feed.expect((2 * HELD + 1, 2 * HELD + 2, UNIT, 1, 1))
    stock.mint(CAROL, 1, sender=MINTER)


def test_a_burn_asks_no_feed(world: World) -> None:
    world.feed.set_ceiling(0)
    world.feed.set_answer(False)
    assert world.stock.burn(ALICE, 1, sender=MINTER) is True


def test_supply_works_under_strict(world: World) -> None:
    with world.strict():
        assert world.stock.mint(CAROL, 2, sender=MINTER) is True
        assert world.stock.burn(CAROL, 1, sender=MINTER) is True
        world.block(3)
        with refuses("ERC7943CannotSend", CAROL):
            world.stock.burn(CAROL, 1, sender=MINTER)
    assert world.stock.totalSupply() == 2 * HELD + 1
