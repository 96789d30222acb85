"""The factory: a stock is created, initialised, numbered and found by its ISIN in one transaction."""

from dataclasses import dataclass

import pytest
from eth_abi import encode
from eth_utils import keccak
from support.contract_calls import ZERO, Handle, deploy, deploy_registry, named, refuses
from support.contract_orders import bring_about, change, every_two
from support.contract_world import ADMIN, ALICE, ALLOWLIST, BLOCKLIST, BOB, EVERYONE, HALTED, ISSUER, MINTER, World

from scrip.evm.compiled.artifacts import artifact

ISIN = "US4592001014"
LATER = "US4592001015"
TAKEN = "US5949181045"


@pytest.fixture
def factory(world: World) -> Handle:
    return world.factory


@dataclass
class Attempt:
    """A creation that would succeed, until a fault says otherwise."""

    world: World
    by: str = ISSUER
    isin: str = ISIN
    policy: int = ALLOWLIST
    series: int = 1


CREATE_FAULTS = {
    "roles: not authorised": change(by=ADMIN),
    "factory: isin taken": lambda a: a.world.create_stock(ISIN),
    "factory: bad isin": change(isin="US459200101"),
    "token: bad policy": change(policy=2),
    "token: bad series": change(series=0),
}


@every_two(CREATE_FAULTS, ("factory: isin taken", "factory: bad isin"))
def test_create_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(CREATE_FAULTS, first, second, a)
    with refuses(first):
        world.factory.createStock("IBM", "IBM", a.isin, a.series, a.policy, sender=a.by)


def test_a_stock_is_whole_when_it_is_created(world: World, factory: Handle) -> None:
    address = factory.createStock("IBM", "IBM", ISIN, 1, BLOCKLIST, sender=ISSUER)
    stock = Handle(address, world.stock.abi)
    event = factory.events(world.registry, Handle(address, artifact("StockProxy").abi))[-1]
    assert event.name == "StockCreated"
    assert event.values == {"token": address, "isin": ISIN, "series": 1, "policy": BLOCKLIST}
    assert (stock.name(), stock.symbol(), stock.isin(), stock.policy()) == ("IBM", "IBM", ISIN, BLOCKLIST)
    assert (factory.tokenOf(ISIN), world.registry.tokenNumber(address)) == (address, 3)
    assert stock.transfer(ALICE, 0, sender=named("anyone")) is True


def test_an_address_follows_from_birth_isin_and_series_whatever_the_policy(world: World, factory: Handle) -> None:
    def at(isin: str, series: int) -> str:
        salt = keccak(encode(["string", "uint256"], [isin, series]))
        init = artifact("StockProxy").initcode + encode(["address"], [world.registry.address])
        return "0x" + keccak(b"\xff" + bytes.fromhex(factory.address[2:]) + salt + keccak(init))[-20:].hex()

    assert world.stock.address == at(TAKEN, 1)
    assert world.open_stock.address == at("US0378331005", 1)
    for series, policy in ((1, ALLOWLIST), (2, BLOCKLIST), (2**24 - 1, ALLOWLIST)):
        isin = f"US{series % 10:010}"
        assert factory.createStock("X", "X", isin, series, policy, sender=ISSUER) == at(isin, series)


@pytest.mark.parametrize("isin", ["", "US", "US594918104"])
def test_an_isin_has_twelve_characters(factory: Handle, isin: str) -> None:
    with refuses("factory: bad isin"):
        factory.createStock("X", "X", isin, 1, ALLOWLIST, sender=ISSUER)
    with refuses("factory: bad isin"):
        factory.setIsin(TAKEN, isin, sender=ADMIN)


def test_what_does_not_fit_its_string_reverts(factory: Handle) -> None:
    for name, symbol, isin in (("N" * 65, "S", ISIN), ("N", "S" * 17, ISIN), ("N", "S", ISIN + "0")):
        with refuses(""):
            factory.createStock(name, symbol, isin, 1, ALLOWLIST, sender=ISSUER)


def test_only_the_issuer_creates(factory: Handle) -> None:
    for name, actor in EVERYONE.items():
        if name != "issuer":
            with refuses("roles: not authorised"):
                factory.createStock("X", "X", ISIN, 1, ALLOWLIST, sender=actor)


def test_a_changed_isin_is_followed(world: World, factory: Handle) -> None:
    factory.setIsin(TAKEN, LATER, sender=ADMIN)
    [event] = factory.events()
    assert event.name == "IsinChanged"
    assert event.values == {"token": world.stock.address, "old_isin": TAKEN, "new_isin": LATER}
    assert (factory.tokenOf(TAKEN), factory.tokenOf(LATER)) == (ZERO, world.stock.address)
    assert world.stock.isin() == TAKEN
    with refuses("factory: unknown stock"):
        factory.setIsin(TAKEN, ISIN, sender=ADMIN)
    factory.setIsin(LATER, TAKEN, sender=ADMIN)
    assert factory.tokenOf(TAKEN) == world.stock.address


def test_a_change_of_isin_names_its_refusals_in_order(factory: Handle) -> None:
    for name, actor in EVERYONE.items():
        if name != "admin":
            with refuses("roles: not authorised"):
                factory.setIsin("", "", sender=actor)
    with refuses("factory: unknown stock"):
        factory.setIsin(ISIN, TAKEN, sender=ADMIN)
    for taken in (TAKEN, "US0378331005"):
        with refuses("factory: isin taken"):
            factory.setIsin(TAKEN, taken, sender=ADMIN)
    assert factory.tokenOf("") == ZERO


def test_a_factory_is_not_born_with_wrong_parts(world: World) -> None:
    roles, registry, blueprint = world.roles, world.registry, world.blueprint
    elsewhere = deploy("Roles")
    nobody = named("an account without code")
    wrong = {
        "roles: zero address": [(ZERO, registry, blueprint)],
        "factory: bad registry": [
            (roles, nobody, blueprint),
            (roles, ZERO, blueprint),
            (elsewhere, registry, blueprint),
        ],
        "factory: bad blueprint": [(roles, registry, thing) for thing in (nobody, ZERO, world.beacon, world.stock)],
    }
    for reason, cases in wrong.items():
        for parts in cases:
            with refuses(reason):
                deploy("StockFactory", *parts)
    # What does not answer makes no factory, either.
    with refuses(""):
        deploy("StockFactory", roles, roles, blueprint)
    assert deploy("StockFactory", roles, registry, blueprint).BLUEPRINT() == blueprint


def test_nothing_is_born_before_the_registry_knows_its_beacon(world: World) -> None:
    """A call to no code succeeds: a stock would be registered that has no code to run and was never initialised."""
    registry = deploy_registry(world.roles)
    factory = deploy("StockFactory", world.roles, registry, world.blueprint)
    world.roles.grantRole(keccak(text="FACTORY"), factory, sender=ADMIN)
    with refuses("factory: no beacon"):
        factory.createStock("IBM", "IBM", ISIN, 1, ALLOWLIST, sender=ISSUER)
    assert (registry.implementation(), registry.stockCount()) == (ZERO, 0)


def test_a_stock_created_in_a_halt_is_born_halted(world: World, factory: Handle) -> None:
    world.halt()
    stock = world.create_stock(ISIN)
    assert (factory.tokenOf(ISIN), stock.mode(), stock.isin()) == (stock.address, HALTED, ISIN)
    with refuses("token: halted"):
        stock.mint(ALICE, 1, sender=MINTER)
    with refuses("token: halted"):
        stock.transfer(ALICE, 0, sender=ALICE)
    world.beacon.unhalt(sender=ADMIN)
    stock.mint(ALICE, 2, sender=MINTER)
    assert stock.transfer(BOB, 1, sender=ALICE) is True


def test_its_parts_are_readable(world: World, factory: Handle) -> None:
    assert (factory.BLUEPRINT(), factory.accessControl()) == (world.blueprint, world.roles.address)
    assert factory.tokenOf(ISIN) == ZERO
