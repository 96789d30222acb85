"""Lock-ups: four tranches at most, each until its second; on top of what is frozen; dug through by forced actions."""

from collections.abc import Sequence

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import Handle, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ALICE,
    BOB,
    CAROL,
    DAY,
    DOCUMENT,
    ENFORCER,
    HELD,
    MINTER,
    PAUSER,
    REASON,
    START,
    World,
    fresh_key,
)
from support.examples import examples

from scrip.model.laws import lockups as law

MOST = 2**128 - 1
USED = b"\x02" * 32


def tranches(stock: Handle, account: str = ALICE) -> list[tuple[int, int]]:
    """(amount, until) of what has not ended, by date."""
    amounts, untils = stock.lockupsOf(account)
    return [(amount, until) for amount, until in zip(amounts, untils, strict=True) if amount or until]


class Attempt:
    """A lock-up that would succeed, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by, self.amount, self.until = ENFORCER, 5, START + DAY
        self.reason, self.document, self.key = REASON, DOCUMENT, fresh_key()


def _use_key(attempt: Attempt) -> None:
    attempt.world.stock.setFrozen(CAROL, False, REASON, DOCUMENT, USED, sender=ENFORCER)
    attempt.key = USED


FAULTS = {
    "roles: not authorised": change(by=ALICE),
    "case: reason and document": change(reason=0),
    "keys: used": _use_key,
    "lockup: bad amount": change(amount=0),
    "lockup: bad date": change(until=START),
}


@every_two(FAULTS)
def test_lock_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(FAULTS, first, second, a)
    with refuses(first):
        world.stock.lock(ALICE, a.amount, a.until, a.reason, a.document, a.key, sender=a.by)
    assert tranches(world.stock) == []


@pytest.mark.parametrize(
    ("amount", "until", "refusal"),
    [
        (MOST + 1, START + 1, "lockup: bad amount"),
        (1, START, "lockup: bad date"),
        (1, 0, "lockup: bad date"),
        (1, 2**40, "lockup: bad date"),
    ],
)
def test_the_bounds_of_a_lock_up(world: World, amount: int, until: int, refusal: str) -> None:
    with refuses(refusal):
        world.lock(world.stock, ALICE, amount, until)
    world.lock(world.stock, ALICE, MOST, 2**40 - 1)
    assert tranches(world.stock) == [(MOST, 2**40 - 1)]


def test_locked_units_stay_until_their_second(world: World) -> None:
    stock = world.stock
    world.lock(stock, ALICE, HELD - 5, START + DAY)
    for call in (
        lambda: stock.transfer(BOB, 6, sender=ALICE),
        lambda: stock.burn(ALICE, 6, sender=MINTER),
    ):
        with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 6, 5):
            call()
    assert stock.transfer(BOB, 5, sender=ALICE) is True
    assert (stock.lockedTokens(ALICE), stock.availableBalance(ALICE)) == (HELD - 5, 0)
    set_clock(START + DAY - 1)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        stock.transfer(BOB, 1, sender=ALICE)
    set_clock(START + DAY)
    assert (stock.lockedTokens(ALICE), stock.availableBalance(ALICE)) == (0, HELD - 5)
    assert stock.burn(ALICE, 1, sender=MINTER) is True
    assert stock.transfer(BOB, HELD - 6, sender=ALICE) is True


def test_a_holder_who_sends_after_the_last_end_drops_the_flag(world: World) -> None:
    locked = 1 << 172
    world.lock(world.stock, ALICE, 5, START + DAY)
    assert world.stock.accountWord(ALICE) & locked
    world.stock.transfer(BOB, 1, sender=ALICE)
    assert world.stock.accountWord(ALICE) & locked
    set_clock(START + DAY)
    world.stock.transfer(ALICE, 1, sender=ALICE)
    assert world.stock.accountWord(ALICE) & locked == 0
    assert world.stock.balanceOf(ALICE) == HELD - 1
    world.lock(world.stock, ALICE, 7, START + 2 * DAY)
    assert tranches(world.stock) == [(7, START + 2 * DAY)]


def test_frozen_and_locked_units_add_up(world: World) -> None:
    stock = world.stock
    world.freeze_tokens(stock, ALICE, 10)
    world.lock(stock, ALICE, 20, START + DAY)
    assert (stock.availableBalance(ALICE), stock.getFrozenTokens(ALICE), stock.lockedTokens(ALICE)) == (
        HELD - 30,
        10,
        20,
    )
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, HELD - 29, HELD - 30):
        stock.transfer(BOB, HELD - 29, sender=ALICE)
    for frozen in (HELD, 2**256 - 1):
        world.freeze_tokens(stock, ALICE, frozen)
        assert stock.availableBalance(ALICE) == 0


def test_a_lock_up_waits_for_what_comes_later(world: World) -> None:
    world.lock(world.stock, CAROL, 7, START + DAY)
    world.stock.transfer(CAROL, 5, sender=ALICE)
    with refuses("ERC7943InsufficientUnfrozenBalance", CAROL, 1, 0):
        world.stock.transfer(BOB, 1, sender=CAROL)
    world.stock.transfer(CAROL, 5, sender=ALICE)
    world.stock.transfer(BOB, 3, sender=CAROL)


def test_a_lock_up_tells_the_registry_that_the_stock_keeps_something(world: World) -> None:
    number = world.registry.tokenNumber(world.stock)
    assert world.registry.isEnrolled(CAROL, number) is False
    world.lock(world.stock, CAROL, 7, START + DAY)
    assert world.registry.isEnrolled(CAROL, number) is True


def test_what_is_logged(world: World) -> None:
    key = fresh_key()
    world.stock.lock(ALICE, 5, START + DAY, REASON, DOCUMENT, key, sender=ENFORCER)
    used, enforced, changed = world.stock.events()
    assert (used.name, enforced.name, changed.name) == ("KeyUsed", "Enforced", "LockupsChanged")
    assert enforced.values == {"account": ALICE, "key": key, "reason": REASON, "document": DOCUMENT}
    assert changed.values == {"account": ALICE, "amounts": (5, 0, 0, 0), "untils": (START + DAY, 0, 0, 0)}


@pytest.mark.parametrize(
    ("fifth", "merged"),
    [
        (5, [(50 + 10, 10), (20, 20), (30, 30), (40, 40)]),
        (15, [(10, 10), (50 + 20, 20), (30, 30), (40, 40)]),
        (35, [(10, 10), (20, 20), (30, 30), (50 + 40, 40)]),
        (45, [(10, 10), (20, 20), (30, 30), (40 + 50, 45)]),
        (20, [(10, 10), (20 + 50, 20), (30, 30), (40, 40)]),
    ],
)
def test_a_fifth_lock_up_merges_to_the_later_date(world: World, fifth: int, merged: list[tuple[int, int]]) -> None:
    for days in (30, 10, 40, 20):
        world.lock(world.stock, ALICE, days, START + days * DAY)
    world.lock(world.stock, ALICE, 50, START + fifth * DAY)
    assert tranches(world.stock) == [(amount, START + days * DAY) for amount, days in merged]
    assert world.stock.lockedTokens(ALICE) == 150


def test_the_largest_amounts_merge_without_overflow(world: World) -> None:
    for _ in range(2):
        world.lock(world.stock, ALICE, MOST, START + DAY)
    assert tranches(world.stock) == [(MOST, START + DAY)]
    for days in (2, 3, 4):
        world.lock(world.stock, ALICE, MOST, START + days * DAY)
    assert world.stock.lockedTokens(ALICE) == 4 * MOST
    assert world.stock.availableBalance(ALICE) == 0


def test_what_has_ended_makes_room(world: World) -> None:
    for days in (1, 2, 3, 4):
        world.lock(world.stock, ALICE, days, START + days * DAY)
    set_clock(START + 2 * DAY)
    world.lock(world.stock, ALICE, 9, START + 9 * DAY)
    assert tranches(world.stock) == [(3, START + 3 * DAY), (4, START + 4 * DAY), (9, START + 9 * DAY)]


@pytest.mark.parametrize("state", ["blocked", "frozen", "paused", "halted", "unknown to the registry"])
def test_locks_are_set_and_released_whatever_the_state(world: World, state: str) -> None:
    stock = world.stock
    match state:
        case "blocked":
            world.block(1)
        case "frozen":
            world.freeze(stock, ALICE)
        case "paused":
            stock.pause(sender=PAUSER)
        case "halted":
            world.halt()
        case _:
            world.unlink(1, ALICE)
    world.lock(stock, ALICE, 5, START + DAY)
    assert stock.lockedTokens(ALICE) == 5
    stock.releaseLocks(ALICE, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)
    assert (stock.lockedTokens(ALICE), tranches(stock)) == (0, [])


def test_only_what_runs_is_released(world: World) -> None:
    def release() -> None:
        world.stock.releaseLocks(ALICE, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)

    with refuses("lockup: none"):
        release()
    world.lock(world.stock, ALICE, 5, START + DAY)
    with refuses("case: reason and document"):
        world.stock.releaseLocks(ALICE, REASON, bytes(32), fresh_key(), sender=ENFORCER)
    with refuses("roles: not authorised"):
        world.stock.releaseLocks(ALICE, REASON, DOCUMENT, fresh_key(), sender=ALICE)
    release()
    assert world.stock.transfer(BOB, HELD, sender=ALICE) is True
    world.lock(world.stock, ALICE, 5, START + DAY)
    set_clock(START + DAY)
    with refuses("lockup: none"):
        release()


@pytest.mark.parametrize(
    ("amount", "frozen", "locked"),
    [
        (HELD - 30, 10, [5, 15]),
        (HELD - 29, 9, [5, 15]),
        (HELD - 20, 0, [5, 15]),
        (HELD - 19, 0, [4, 15]),
        (HELD - 15, 0, [15]),
        (HELD - 1, 0, [1]),
        (HELD, 0, []),
    ],
)
@pytest.mark.parametrize("how", ["seized", "burnt"])
def test_forced_actions_dig_through_the_frozen_first_and_then_what_ends_first(
    world: World, how: str, amount: int, frozen: int, locked: list[int]
) -> None:
    stock = world.stock
    world.freeze_tokens(stock, ALICE, 10)
    world.lock(stock, ALICE, 15, START + 2 * DAY)
    world.lock(stock, ALICE, 5, START + DAY)
    if how == "seized":
        world.seize(stock, ALICE, BOB, amount)
    else:
        stock.forcedBurn(ALICE, amount, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)
    assert stock.getFrozenTokens(ALICE) == frozen
    assert [tranche for tranche, _ in tranches(stock)] == locked
    assert stock.availableBalance(ALICE) == max(HELD - 30 - amount, 0)


def test_what_is_locked_beyond_the_balance_outlives_a_seizure(world: World) -> None:
    world.lock(world.stock, ALICE, HELD + 7, START + DAY)
    world.seize(world.stock, ALICE, BOB, HELD)
    assert tranches(world.stock) == [(7, START + DAY)]


steps = st.lists(
    st.tuples(st.sampled_from(["lock", "wait", "seize"]), st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=12
)


@settings(max_examples=examples(12))
@given(steps=steps)
def test_the_tranches_are_the_models(built_world: World, steps: Sequence[tuple[str, int, int]]) -> None:
    with boa.env.anchor():
        set_clock(START)
        stock, now, expected, left = built_world.stock, START, (), HELD
        for what, amount, days in steps:
            if what == "lock":
                built_world.lock(stock, ALICE, amount * HELD // 8, now + days * DAY)
                expected = law.added(expected, law.Tranche(now + days * DAY, amount * HELD // 8), now)
            elif what == "wait":
                now += days * DAY
                set_clock(now)
            else:
                taken = left * amount // 8
                available = left - min(left, law.locked(expected, now))
                built_world.seize(stock, ALICE, BOB, taken)
                if taken > available:
                    expected = law.dug(expected, taken - available, now)
                left -= taken
            expected = law.running(expected, now)
            assert tranches(stock) == [(tranche.amount, tranche.until) for tranche in expected]
            assert stock.lockedTokens(ALICE) == law.locked(expected, now)
            assert stock.availableBalance(ALICE) == left - min(left, law.locked(expected, now))
