"""An operation can be carried out from when it is ready, for fourteen days: what waited longer ends no later halt."""

from __future__ import annotations

from collections.abc import Iterator

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import ZERO, ZERO32, Handle, deploy, named, refuses, set_clock, word32

DELAY, START, LIFE = 172_800, 1_900_000_000, 14 * 86_400
READY = START + DELAY
PROPOSER, ANYONE = named("proposer"), named("anyone")
PAUSER = keccak(text="PAUSER")


@pytest.fixture
def both() -> Iterator[tuple[Handle, Handle]]:
    """The roles, and the timelock that alone administers them; anyone carries out."""
    with boa.env.anchor():
        set_clock(START)
        roles = deploy("Roles")
        timelock = deploy("Timelock", DELAY, [PROPOSER], [ZERO], ZERO)
        roles.grantRole(ZERO32, timelock, sender=boa.env.eoa)
        yield roles, timelock


def granting(roles: Handle, name: str) -> bytes:
    return roles.selector("grantRole", 2) + PAUSER + bytes(12) + bytes.fromhex(named(name)[2:])


@pytest.mark.parametrize("late", [0, 1, 40 * 86_400])
def test_in_its_last_second_it_is_carried_out_and_never_later(both: tuple[Handle, Handle], late: int) -> None:
    roles, timelock = both
    one = (roles, 0, granting(roles, "a"), ZERO32, word32("one"))
    many = ([roles] * 2, [0] * 2, [granting(roles, name) for name in ("b", "c")], ZERO32, word32("many"))
    timelock.schedule(*one, DELAY, sender=PROPOSER)
    timelock.schedule_batch(*many, DELAY, sender=PROPOSER)
    ids = (timelock.hash_operation(*one), timelock.hash_operation_batch(*many))
    assert [timelock.lapsesAt(one) for one in ids] == [READY + LIFE] * 2
    set_clock(READY + LIFE + late)
    assert [timelock.is_operation_ready(one) for one in ids] == [False] * 2
    with refuses("timelock: lapsed"):
        timelock.execute(*one, sender=ANYONE)
    with refuses("timelock: lapsed"):
        timelock.execute_batch(*many, sender=ANYONE)
    assert not any(roles.hasRole(PAUSER, named(name)) for name in "abc")
    # It still stands in the way of the same, until somebody cancels it.
    with refuses("timelock_controller: operation already scheduled"):
        timelock.schedule(*one, DELAY, sender=PROPOSER)
    timelock.cancel(ids[0], sender=PROPOSER)
    assert timelock.lapsesAt(ids[0]) == 0
    timelock.schedule(*one, DELAY, sender=PROPOSER)
    set_clock(READY + LIFE + late + DELAY)
    timelock.execute(*one, sender=ANYONE)
    assert roles.hasRole(PAUSER, named("a"))


def test_until_then_it_is_ready_and_once_done_it_lapses_no_more(both: tuple[Handle, Handle]) -> None:
    roles, timelock = both
    many = ([roles] * 2, [0] * 2, [granting(roles, name) for name in ("b", "c")], ZERO32, word32("many"))
    timelock.schedule_batch(*many, DELAY, sender=PROPOSER)
    identifier = timelock.hash_operation_batch(*many)
    set_clock(READY - 1)
    assert not timelock.is_operation_ready(identifier)
    with refuses("timelock_controller: operation is not ready"):
        timelock.execute_batch(*many, sender=ANYONE)
    set_clock(READY + LIFE - 1)
    assert timelock.is_operation_ready(identifier)
    timelock.execute_batch(*many, sender=ANYONE)
    told = [one.values for one in timelock.events(roles) if one.name == "CallExecuted"]
    assert [(one["id"], one["index"], one["payload"]) for one in told] == [
        (identifier, index, payload) for index, payload in enumerate(many[2])
    ]
    assert timelock.is_operation_done(identifier)
    assert timelock.lapsesAt(identifier) == timelock.lapsesAt(word32("unknown")) == 0
    for name in "bc":
        assert roles.hasRole(PAUSER, named(name))
    with refuses("timelock_controller: operation is not ready"):
        timelock.execute_batch(*many, sender=ANYONE)


def test_what_is_carried_out_is_what_was_scheduled(both: tuple[Handle, Handle]) -> None:
    roles, timelock = both
    good = ([roles], [0], [granting(roles, "b")], ZERO32, word32("good"))
    timelock.schedule_batch(*good, DELAY, sender=PROPOSER)
    set_clock(READY)
    for amounts, payloads in (([0, 0], good[2]), ([0], [])):
        with refuses("timelock_controller: length mismatch"):
            timelock.execute_batch([roles], amounts, payloads, ZERO32, good[4], sender=ANYONE)
    with refuses("timelock_controller: operation is not ready"):
        timelock.execute_batch([roles], [0], [granting(roles, "c")], ZERO32, good[4], sender=ANYONE)
    later = (roles, 0, granting(roles, "c"), word32("missing"), ZERO32)
    timelock.schedule(*later, DELAY, sender=PROPOSER)
    set_clock(READY + DELAY)
    with refuses("timelock_controller: missing dependency"):
        timelock.execute(*later, sender=ANYONE)
