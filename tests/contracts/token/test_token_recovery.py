"""A stock's part in the recovery of a lost wallet, and burns from holders who cannot redeem."""

import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Handle, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ALICE,
    BOB,
    CAROL,
    DAY,
    DOCUMENT,
    ENFORCER,
    EVERYONE,
    HELD,
    MINTER,
    PAUSER,
    REASON,
    START,
    World,
    fresh_key,
)

USED = b"\x03" * 32
BLOCKED = 1 << 169


def recover(world: World, account: str = ALICE, successor: str = CAROL, stock: Handle | None = None) -> None:
    """What the registry does to one stock."""
    (stock or world.stock).recover(account, successor, REASON, DOCUMENT, sender=world.registry.address)


class Attempt:
    """A recovery that would succeed, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.by, self.successor, self.reason = world.registry.address, CAROL, REASON


FAULTS = {
    "token: not the registry": change(by=ENFORCER),
    "case: reason and document": change(reason=0),
    "ERC20InvalidReceiver": change(successor=ZERO),
    "ERC7943CannotTransfer": change(successor=ALICE),
}


@every_two(FAULTS, ("ERC20InvalidReceiver", "ERC7943CannotTransfer"))
def test_recover_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(FAULTS, first, second, a)
    with refuses(first):
        world.stock.recover(ALICE, a.successor, a.reason, DOCUMENT, sender=a.by)


@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_nobody_but_the_registry_recovers(world: World, actor: str) -> None:
    with refuses("token: not the registry"):
        world.stock.recover(ALICE, CAROL, REASON, DOCUMENT, sender=EVERYONE[actor])


LOCKED = (
    ((20, 0, 0, 0), (START + DAY, 0, 0, 0)),
    ((20, 30, 0, 0), (START + DAY, START + 2 * DAY, 0, 0)),
    ((0, 0, 0, 0), (0, 0, 0, 0)),
)
"""Amounts and dates as they are said, of the successor twice and of the lost account."""


def test_everything_moves_and_nothing_is_left(world: World) -> None:
    stock = world.stock
    world.freeze(stock, ALICE)
    world.freeze_tokens(stock, ALICE, 10)
    world.lock(stock, ALICE, 20, START + DAY)
    world.lock(stock, ALICE, 30, START + 2 * DAY)
    stock.openCase(ALICE, 9, USED, sender=ENFORCER)
    recover(world)
    events = stock.events()
    assert [event.name for event in events] == [
        "AccountFrozen",
        "Frozen",
        "Frozen",
        "LockupsChanged",
        "LockupsChanged",
        "LockupsChanged",
        "CaseOpened",
        "CaseClosed",
        "Transfer",
        "Recovered",
    ]
    # Two lock-ups are moved one after the other, before those of the lost account are forgotten.
    first, both, gone = ({"amounts": one[0], "untils": one[1]} for one in LOCKED)
    assert [event.values for event in events[:8]] == [
        {"account": CAROL, "frozen": True, "reason": REASON, "document": DOCUMENT},
        {"account": ALICE, "amount": 0},
        {"account": CAROL, "amount": 10},
        {"account": CAROL} | first,
        {"account": CAROL} | both,
        {"account": ALICE} | gone,
        {"account": CAROL, "reason": 9, "document": USED},
        {"account": ALICE},
    ]
    assert events[-2].values == {"sender": ALICE, "receiver": CAROL, "value": HELD}
    assert events[-1].values == {
        "account": ALICE,
        "successor": CAROL,
        "amount": HELD,
        "reason": REASON,
        "document": DOCUMENT,
    }
    assert (stock.balanceOf(ALICE), stock.balanceOf(CAROL), stock.totalSupply()) == (0, HELD, 2 * HELD)
    assert (stock.getFrozenTokens(ALICE), stock.getFrozenTokens(CAROL)) == (0, 10)
    assert (stock.lockedTokens(ALICE), stock.lockedTokens(CAROL)) == (0, 50)
    assert (stock.caseOf(ALICE), stock.caseOf(CAROL)) == ((0, ZERO32), (9, USED))
    assert stock.lockupsOf(ALICE) == ((0,) * 4, (0,) * 4)
    # Of the lost account the word says that it is blocked, and whether the registry knows of it; nothing else.
    assert stock.accountWord(ALICE) & ~((2**80 - 1) << 176) & ~(1 << 170) == BLOCKED
    with refuses("ERC7943CannotSend", CAROL):
        stock.transfer(BOB, 1, sender=CAROL)
    world.freeze(stock, CAROL, frozen=False)
    with refuses("ERC7943InsufficientUnfrozenBalance", CAROL, HELD - 59, HELD - 60):
        stock.transfer(BOB, HELD - 59, sender=CAROL)
    assert stock.transfer(BOB, HELD - 60, sender=CAROL) is True


def test_what_the_successor_has_is_added_to(world: World) -> None:
    stock = world.stock
    for account, amount in ((ALICE, 10), (BOB, 5)):
        world.freeze_tokens(stock, account, amount)
        world.lock(stock, account, amount, START + DAY)
        stock.openCase(account, amount, USED, sender=ENFORCER)
    world.freeze(stock, BOB)
    recover(world, successor=BOB)
    assert (stock.balanceOf(BOB), stock.getFrozenTokens(BOB), stock.lockedTokens(BOB)) == (2 * HELD, 15, 15)
    assert (stock.caseOf(BOB), stock.caseOf(ALICE)) == ((5, USED), (0, ZERO32))
    assert stock.canSend(BOB) is False


def test_frozen_amounts_add_up_to_no_more_than_the_largest(world: World) -> None:
    world.freeze_tokens(world.stock, ALICE, MAX - 3)
    world.freeze_tokens(world.stock, BOB, 7)
    recover(world, successor=BOB)
    assert world.stock.getFrozenTokens(BOB) == MAX


def test_eight_lock_ups_become_four(world: World) -> None:
    for day in range(1, 5):
        world.lock(world.stock, ALICE, day, START + 2 * day * DAY)
        world.lock(world.stock, BOB, 10 * day, START + (2 * day + 1) * DAY)
    recover(world, successor=BOB)
    amounts, untils = world.stock.lockupsOf(BOB)
    assert amounts == (11, 22, 33, 44)
    assert untils == tuple(START + (2 * day + 1) * DAY for day in range(1, 5))


def test_what_has_ended_is_not_handed_on(world: World) -> None:
    world.lock(world.stock, ALICE, 5, START + DAY)
    set_clock(START + DAY)
    recover(world)
    assert world.stock.transfer(BOB, HELD, sender=CAROL) is True
    assert world.stock.accountWord(CAROL) & (1 << 172) == 0


def test_an_account_with_nothing_moves_nothing(world: World) -> None:
    recover(world, account=CAROL, successor=BOB)
    [event] = world.stock.events()
    assert (event.name, event.values["amount"]) == ("Recovered", 0)
    assert world.stock.balanceOf(BOB) == HELD


@pytest.mark.parametrize("state", ["blocked", "frozen", "lapsed", "successor blocked", "paused", "halted", "strict"])
def test_a_recovery_works_whatever_the_state(world: World, state: str) -> None:
    stock = world.stock
    match state:
        case "blocked":
            world.block(1)
        case "frozen":
            world.freeze(stock, ALICE)
        case "lapsed":
            set_clock(START + 10 * 365 * DAY)
        case "successor blocked":
            world.block(3)
        case "paused":
            stock.pause(sender=PAUSER)
        case "halted":
            world.halt()
        case "strict":
            world.beacon.enterStrict(sender=world.registry.address)
    recover(world)
    assert (stock.balanceOf(ALICE), stock.balanceOf(CAROL)) == (0, HELD)


def test_the_lost_account_is_blocked_at_once_and_its_allowances_move_nothing(world: World) -> None:
    stock = world.stock
    stock.approve(BOB, MAX, sender=ALICE)
    recover(world)
    assert stock.accountWord(ALICE) & BLOCKED
    assert (stock.allowance(ALICE, BOB), stock.allowance(CAROL, BOB)) == (MAX, 0)
    with refuses("ERC20InsufficientBalance", ALICE, 0, 1):
        stock.burn(ALICE, 1, sender=MINTER)


# --- forced burns ---


class Burn:
    """A forced burn that would succeed, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by, self.amount, self.reason, self.key = ENFORCER, 5, REASON, fresh_key()


def _use_key(burn: Burn) -> None:
    burn.world.stock.setFrozen(CAROL, False, REASON, DOCUMENT, USED, sender=ENFORCER)
    burn.key = USED


BURN_FAULTS = {
    "roles: not authorised": change(by=MINTER),
    "case: reason and document": change(reason=0),
    "keys: used": _use_key,
    "token: zero amount": change(amount=0),
    "ERC20InsufficientBalance": change(amount=HELD + 1),
}


@every_two(BURN_FAULTS, ("token: zero amount", "ERC20InsufficientBalance"))
def test_forced_burn_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    burn = Burn(world)
    bring_about(BURN_FAULTS, first, second, burn)
    with refuses(first):
        world.stock.forcedBurn(ALICE, burn.amount, burn.reason, DOCUMENT, burn.key, sender=burn.by)


@pytest.mark.parametrize("state", ["blocked", "frozen", "lapsed", "unlinked", "paused", "halted", "strict"])
def test_units_are_burnt_whatever_the_state_of_their_holder(world: World, state: str) -> None:
    stock = world.stock
    match state:
        case "blocked":
            world.block(1)
        case "frozen":
            world.freeze(stock, ALICE)
        case "lapsed":
            set_clock(START + 10 * 365 * DAY)
        case "unlinked":
            world.unlink(1, ALICE)
        case "paused":
            stock.pause(sender=PAUSER)
        case "halted":
            world.halt()
        case "strict":
            world.beacon.enterStrict(sender=world.registry.address)
    stock.forcedBurn(ALICE, HELD, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)
    used, enforced, moved, forced = stock.events()
    assert (used.name, enforced.name) == ("KeyUsed", "Enforced")
    assert (moved.name, moved.values) == ("Transfer", {"sender": ALICE, "receiver": ZERO, "value": HELD})
    assert (forced.name, forced.values) == ("ForcedTransfer", {"sender": ALICE, "to": ZERO, "amount": HELD})
    assert (stock.balanceOf(ALICE), stock.totalSupply()) == (0, HELD)
