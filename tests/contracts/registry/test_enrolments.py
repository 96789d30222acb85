"""Enrolments: which stocks keep a copy of a wallet's clearance, by a number that is never used again."""

from collections.abc import Iterator

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, ZERO, Handle, deploy, deploy_implementation, deploy_registry, named, refuses
from support.contract_stubs import deploy_stub
from support.contract_world import ADMIN, ALICE, CAROL, EVERYONE, EXPIRY, MALLORY, World, deploy_counterparts
from support.examples import examples


@pytest.fixture
def registry(world: World) -> Handle:
    return world.registry


def test_stocks_are_numbered_from_one_in_order(world: World, registry: Handle) -> None:
    assert (registry.tokenNumber(world.stock), registry.tokenNumber(world.open_stock)) == (1, 2)
    assert (registry.stockAt(1), registry.stockAt(2)) == (world.stock.address, world.open_stock.address)
    assert registry.stockCount() == 2
    for unknown in (0, 3, MAX):
        assert registry.stockAt(unknown) == ZERO
    assert registry.tokenNumber(MALLORY) == registry.tokenNumber(ZERO) == 0


def test_a_stock_is_registered_once_and_by_the_factory(world: World, registry: Handle) -> None:
    token = named("token")
    for actor in EVERYONE.values():
        with refuses("roles: not authorised"):
            registry.registerToken(token, sender=actor)
    assert registry.registerToken(token, sender=world.factory.address) == 3
    [event] = registry.events()
    assert (event.name, event.values) == ("StockRegistered", {"token": token, "number": 3})
    with refuses("registry: stock known"):
        registry.registerToken(token, sender=world.factory.address)
    with refuses("registry: zero address"):
        registry.registerToken(ZERO, sender=world.factory.address)
    with refuses("roles: not authorised"):
        registry.registerToken(ZERO, sender=ALICE)


def test_enrol_is_open_to_registered_stocks_only(world: World, registry: Handle) -> None:
    for actor in (*EVERYONE.values(), world.factory.address, world.beacon.address, world.implementations[0].address):
        with refuses("registry: not a stock"):
            registry.enrol(ALICE, sender=actor)
    with refuses("registry: not a stock"):
        deploy_stub("caller").call(registry, registry.selector("enrol", 1) + bytes(32))
    assert registry.isEnrolled(CAROL, 1) is False
    assert registry.enrol(CAROL, sender=world.stock.address) == EXPIRY << 128 | 1 << 170
    assert (registry.isEnrolled(CAROL, 1), registry.isEnrolled(CAROL, 2)) == (True, False)


def test_record_answers_as_enrol_does_and_remembers_nothing(world: World, registry: Handle) -> None:
    world.block(1)
    for account in (ALICE, CAROL, MALLORY, ZERO):
        answer = registry.record(account)
        assert registry.isEnrolled(account, 1) is (account == ALICE)
        assert registry.enrol(account, sender=world.stock.address) == answer
        assert answer & ~((2**40 - 1) << 128 | 0b100110 << 168) == 0


def test_a_number_that_does_not_exist_is_not_enrolled(registry: Handle) -> None:
    for number in (0, 3, 129, 4096, 4097, MAX):
        assert registry.isEnrolled(ALICE, number) is False


def beacon_of(roles: Handle, registry: Handle) -> Handle:
    """A beacon that takes orders from a registry, over stocks of one role table."""
    actions = named(f"actions beside {registry.address}, {roles.address}")
    feed = deploy_counterparts(roles, registry, actions)
    modes = [deploy_implementation(mode, roles, registry, actions, feed) for mode in range(3)]
    return deploy("StockBeacon", roles, registry, *modes)


def test_the_beacon_is_set_once_by_the_timelock(world: World) -> None:
    registry = deploy_registry(world.roles)
    beacon = beacon_of(world.roles, registry)
    assert registry.beacon() == ZERO
    with refuses("roles: not authorised"):
        registry.setBeacon(world.beacon, sender=ALICE)
    with refuses("registry: zero address"):
        registry.setBeacon(ZERO, sender=ADMIN)
    for wrong in (world.beacon, MALLORY):
        with refuses("registry: bad beacon"):
            registry.setBeacon(wrong, sender=ADMIN)
    under_other_roles = beacon_of(deploy("Roles"), registry)
    with refuses("registry: bad beacon"):
        registry.setBeacon(under_other_roles, sender=ADMIN)
    with refuses(""):
        registry.setBeacon(world.roles, sender=ADMIN)  # a contract that does not answer
    registry.setBeacon(beacon, sender=ADMIN)
    assert registry.beacon() == beacon.address
    with refuses("registry: beacon is set"):
        registry.setBeacon(beacon, sender=ADMIN)


def test_nothing_to_push_is_said_so(registry: Handle) -> None:
    for account in (ALICE, MALLORY, ZERO):
        assert registry.unfinishedPush(account) == 0
        with refuses("registry: nothing to push"):
            registry.continuePush(account)


@pytest.fixture(scope="module")
def many_stocks(built_world: World) -> Iterator[list[str]]:
    """Stocks 3 to 400: more than the 128 of a wallet's own word and the 256 of the next."""
    with boa.env.anchor():
        stocks = [named(f"stock {number}") for number in range(3, 401)]
        for stock in stocks:
            built_world.registry.registerToken(stock, sender=built_world.factory.address)
        yield stocks


EDGES = [3, 127, 128, 129, 130, 255, 256, 257, 383, 384, 385, 386, 400]


@settings(max_examples=examples(12))
@given(numbers=st.sets(st.sampled_from(EDGES) | st.integers(3, 400), min_size=1, max_size=6))
def test_each_number_has_its_own_bit(built_world: World, many_stocks: list[str], numbers: set[int]) -> None:
    """Enrolling in some stocks marks those and no others, wherever the edges of words lie."""
    registry = built_world.registry
    with boa.env.anchor():
        for number in numbers:
            registry.enrol(CAROL, sender=many_stocks[number - 3])
        probes = {near for number in numbers | set(EDGES) for near in (number - 1, number, number + 1)}
        assert {number for number in probes if registry.isEnrolled(CAROL, number)} == numbers
        assert (registry.investorOf(CAROL), registry.isCleared(CAROL)) == (3, True)
