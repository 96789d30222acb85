"""The beacon: which implementation every stock runs, and who may say so."""

import boa
import pytest
from support.contract_calls import ZERO, Handle, deploy, deploy_implementation, deploy_registry, named, refuses
from support.contract_world import (
    ACTIONS,
    ADMIN,
    ALICE,
    BOB,
    EVERYONE,
    GUARDIAN,
    HALTED,
    NORMAL,
    STRICT,
    World,
    deploy_counterparts,
)


@pytest.fixture
def beacon(world: World) -> Handle:
    return world.beacon


def _mode(world: World) -> int:
    """The mode, on which beacon, implementation and stocks must agree."""
    mode = world.beacon.mode()
    current = world.implementations[mode].address
    assert (world.beacon.implementation(), world.registry.implementation()) == (current, current)
    assert world.stock.mode() == world.open_stock.mode() == mode
    return mode


def test_a_new_fleet_runs_normal(world: World) -> None:
    assert _mode(world) == NORMAL
    assert world.beacon.pinned() == tuple(implementation.address for implementation in world.implementations)
    assert world.beacon.registry() == world.registry.address
    assert world.beacon.accessControl() == world.roles.address


def test_a_halt_is_the_guardians_and_its_end_the_timelocks(world: World, beacon: Handle) -> None:
    for name, actor in EVERYONE.items():
        if name != "guardian":
            with refuses("roles: not authorised"):
                beacon.halt(sender=actor)
    with refuses("beacon: not halted"):
        beacon.unhalt(sender=ADMIN)
    beacon.halt(sender=GUARDIAN)
    [event] = beacon.events()
    assert event.name == "ModeChanged"
    assert event.values == {"mode": HALTED, "implementation": world.implementations[HALTED].address}
    assert _mode(world) == HALTED
    with refuses("beacon: halted"):
        beacon.halt(sender=GUARDIAN)
    for name, actor in EVERYONE.items():
        if name != "admin":
            with refuses("roles: not authorised"):
                beacon.unhalt(sender=actor)
    beacon.unhalt(sender=ADMIN)
    assert _mode(world) == NORMAL
    with refuses("beacon: not halted"):
        beacon.unhalt(sender=ADMIN)


def test_strict_is_the_registrys(world: World, beacon: Handle) -> None:
    for actor in (*EVERYONE.values(), world.factory.address, world.stock.address):
        for call in (beacon.enterStrict, beacon.exitStrict):
            with refuses("beacon: not the registry"):
                call(sender=actor)
    for _ in range(2):
        beacon.enterStrict(sender=world.registry.address)
        assert _mode(world) == STRICT
    for _ in range(2):
        beacon.exitStrict(sender=world.registry.address)
        assert _mode(world) == NORMAL


def test_a_halt_outranks_strict_and_returns_to_what_is_due(world: World, beacon: Handle) -> None:
    registry = world.registry.address
    beacon.halt(sender=GUARDIAN)
    beacon.enterStrict(sender=registry)
    assert _mode(world) == HALTED
    with boa.env.anchor():
        beacon.unhalt(sender=ADMIN)
        assert _mode(world) == STRICT
        beacon.halt(sender=GUARDIAN)
        assert _mode(world) == HALTED
    beacon.exitStrict(sender=registry)
    assert _mode(world) == HALTED
    beacon.unhalt(sender=ADMIN)
    assert _mode(world) == NORMAL


@pytest.mark.parametrize("mode", [NORMAL, STRICT, HALTED])
def test_pinning_keeps_the_mode(world: World, beacon: Handle, mode: int) -> None:
    if mode == STRICT:
        beacon.enterStrict(sender=world.registry.address)
    elif mode == HALTED:
        beacon.halt(sender=GUARDIAN)
    new = [deploy_implementation(mode, world.roles, world.registry, ACTIONS, world.feed) for mode in range(3)]
    beacon.pin(*new, sender=ADMIN)
    names = [event.name for event in beacon.events()]
    assert names == ["Pinned", "ModeChanged"]
    assert beacon.implementation() == world.registry.implementation() == new[mode].address
    assert beacon.pinned() == tuple(implementation.address for implementation in new)
    assert (beacon.mode(), world.stock.mode()) == (mode, mode)


def test_only_the_beacon_tells_the_registry_what_stocks_run(world: World) -> None:
    _, _, halted = world.implementations
    for actor in (*EVERYONE.values(), world.factory.address, world.registry.address, world.stock.address):
        with refuses("registry: not the beacon"):
            world.registry.setImplementation(halted, sender=actor)
    assert _mode(world) == NORMAL


def test_a_beacon_that_the_registry_does_not_know_moves_no_stock(world: World) -> None:
    """Anybody may deploy one with the fleet's own parts; whoever halts it has halted nothing."""
    another = deploy("StockBeacon", world.roles, world.registry, *world.implementations)
    another.halt(sender=GUARDIAN)
    another.pin(*world.implementations, sender=ADMIN)
    assert (another.mode(), another.implementation()) == (HALTED, world.implementations[HALTED].address)
    assert _mode(world) == NORMAL


def test_what_a_beacon_decided_before_the_registry_knew_it_holds_when_it_does(world: World) -> None:
    registry = deploy_registry(world.roles)
    modes = [deploy_implementation(mode, world.roles, registry, ACTIONS, world.feed) for mode in range(3)]
    deploy_counterparts(world.roles, registry, ACTIONS, world.feed)
    beacon = deploy("StockBeacon", world.roles, registry, *modes)
    beacon.halt(sender=GUARDIAN)
    assert registry.implementation() == ZERO
    registry.setBeacon(beacon, sender=ADMIN)
    assert registry.implementation() == beacon.implementation() == modes[HALTED].address
    beacon.unhalt(sender=ADMIN)
    assert registry.implementation() == beacon.implementation() == modes[NORMAL].address


def test_only_the_timelock_pins(world: World, beacon: Handle) -> None:
    for name, actor in EVERYONE.items():
        if name != "admin":
            with refuses("roles: not authorised"):
                beacon.pin(*world.implementations, sender=actor)


def test_an_implementation_must_be_of_its_mode_and_of_this_registry(world: World, beacon: Handle) -> None:
    normal, strict, halted = world.implementations
    for wrong in ((strict, normal, halted), (normal, halted, strict), (normal, strict, normal)):
        with refuses("beacon: wrong mode"):
            beacon.pin(*wrong, sender=ADMIN)
    other = deploy_registry(world.roles)
    foreign = deploy_implementation(HALTED, world.roles, other, ACTIONS, world.feed)
    with refuses("beacon: wrong registry"):
        beacon.pin(normal, strict, foreign, sender=ADMIN)
    for nothing in (ZERO, named("an account without code")):
        for parts in ((nothing, strict, halted), (normal, nothing, halted), (normal, strict, nothing)):
            with refuses("beacon: no code"):
                beacon.pin(*parts, sender=ADMIN)
    assert beacon.pinned() == tuple(implementation.address for implementation in world.implementations)


def test_a_beacon_is_not_born_with_wrong_parts(world: World) -> None:
    normal, strict, halted = world.implementations
    with refuses("beacon: wrong mode"):
        deploy("StockBeacon", world.roles, world.registry, strict, normal, halted)
    with refuses("beacon: wrong registry"):
        deploy("StockBeacon", world.roles, named("another registry"), normal, strict, halted)
    with refuses("beacon: no code"):
        deploy("StockBeacon", world.roles, world.registry, normal, named("an account without code"), halted)
    with refuses("roles: zero address"):
        deploy("StockBeacon", ZERO, world.registry, normal, strict, halted)


def test_a_halt_refuses_everything_that_moves_units(world: World) -> None:
    stock = world.stock
    stock.approve(BOB, 5, sender=ALICE)
    world.beacon.halt(sender=GUARDIAN)
    for call in (
        lambda: stock.transfer(BOB, 1, sender=ALICE),
        lambda: stock.transferFrom(ALICE, BOB, 1, sender=BOB),
        lambda: stock.approve(BOB, 1, sender=ALICE),
        lambda: stock.mint(ALICE, 1, sender=named("minter")),
        lambda: stock.burn(ALICE, 1, sender=named("minter")),
    ):
        with refuses("token: halted"):
            call()
