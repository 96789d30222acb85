"""The role table and the delay: snekmate's, exported and wired as the suite uses them."""

from collections.abc import Iterator

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import ZERO, ZERO32, Handle, deploy, named, now, refuses, set_clock, word32

ADMIN_ROLE = ZERO32
DELAY = 172_800
START = 1_900_000_000
ADMIN, DESK, PROPOSER, EXECUTOR = named("admin"), named("desk"), named("proposer"), named("executor")
ACTIONS = keccak(text="ACTIONS")


@pytest.fixture
def roles() -> Iterator[Handle]:
    with boa.env.anchor():
        set_clock(START)
        deploying = boa.env.eoa
        contract = deploy("Roles")
        contract.grantRole(ADMIN_ROLE, ADMIN, sender=deploying)
        contract.renounceRole(ADMIN_ROLE, deploying, sender=deploying)
        yield contract


@pytest.fixture
def timelock(roles: Handle) -> Handle:
    """Holds ADMIN in `roles`, alone."""
    contract = deploy("Timelock", DELAY, [PROPOSER], [EXECUTOR], ZERO)
    roles.grantRole(ADMIN_ROLE, contract, sender=ADMIN)
    roles.renounceRole(ADMIN_ROLE, ADMIN, sender=ADMIN)
    return contract


def grant(roles: Handle, account: str) -> bytes:
    return roles.selector("grantRole", 2) + ACTIONS + bytes(12) + bytes.fromhex(account[2:])


def test_only_the_admin_grants_and_revokes(roles: Handle) -> None:
    for sender in (DESK, boa.env.eoa):
        with refuses("access_control: account is missing role"):
            roles.grantRole(ACTIONS, DESK, sender=sender)
    roles.grantRole(ACTIONS, DESK, sender=ADMIN)
    assert roles.hasRole(ACTIONS, DESK)
    roles.revokeRole(ACTIONS, DESK, sender=ADMIN)
    assert not roles.hasRole(ACTIONS, DESK)


def test_a_holder_renounces_its_own_role_only(roles: Handle) -> None:
    roles.grantRole(ACTIONS, DESK, sender=ADMIN)
    with refuses("access_control: can only renounce roles for itself"):
        roles.renounceRole(ACTIONS, DESK, sender=ADMIN)
    roles.renounceRole(ACTIONS, DESK, sender=DESK)
    assert not roles.hasRole(ACTIONS, DESK)


def test_a_role_does_not_grant_itself(roles: Handle) -> None:
    roles.grantRole(ACTIONS, DESK, sender=ADMIN)
    with refuses("access_control: account is missing role"):
        roles.grantRole(ACTIONS, named("friend"), sender=DESK)


def test_interfaces(roles: Handle, timelock: Handle) -> None:
    for contract in (roles, timelock):
        assert contract.supportsInterface(bytes.fromhex("01ffc9a7"))
        assert contract.supportsInterface(bytes.fromhex("7965db0b"))
        assert not contract.supportsInterface(b"\xff" * 4)


def test_a_change_waits_for_the_delay(roles: Handle, timelock: Handle) -> None:
    operation = (roles, 0, grant(roles, DESK), ZERO32, word32("salt"))
    timelock.schedule(*operation, DELAY, sender=PROPOSER)
    set_clock(START + DELAY - 1)
    with refuses("timelock_controller: operation is not ready"):
        timelock.execute(*operation, sender=EXECUTOR)
    set_clock(START + DELAY)
    timelock.execute(*operation, sender=EXECUTOR)
    assert roles.hasRole(ACTIONS, DESK)


def test_a_change_is_cancelled_while_it_waits(roles: Handle, timelock: Handle) -> None:
    operation = (roles, 0, grant(roles, DESK), ZERO32, word32("salt"))
    timelock.schedule(*operation, DELAY, sender=PROPOSER)
    timelock.cancel(timelock.hash_operation(*operation), sender=PROPOSER)
    set_clock(now() + DELAY)
    with refuses("timelock_controller: operation is not ready"):
        timelock.execute(*operation, sender=EXECUTOR)


def test_proposers_do_not_execute_and_the_deployer_does_nothing(roles: Handle, timelock: Handle) -> None:
    operation = (roles, 0, grant(roles, DESK), ZERO32, word32("salt"))
    for sender in (boa.env.eoa, EXECUTOR, ADMIN):
        with refuses("access_control: account is missing role"):
            timelock.schedule(*operation, DELAY, sender=sender)
    timelock.schedule(*operation, DELAY, sender=PROPOSER)
    set_clock(START + DELAY)
    with refuses("access_control: account is missing role"):
        timelock.execute(*operation, sender=PROPOSER)


def test_a_shorter_delay_is_itself_delayed(roles: Handle, timelock: Handle) -> None:
    with refuses("timelock_controller: insufficient delay"):
        timelock.schedule(roles, 0, b"", ZERO32, ZERO32, DELAY - 1, sender=PROPOSER)
    for sender in (PROPOSER, EXECUTOR, ADMIN):
        with refuses("timelock_controller: caller must be timelock"):
            timelock.update_delay(0, sender=sender)
    assert timelock.get_minimum_delay() == DELAY
