"""Which classes and countries may hold a stock: through the clearance that it is handed, at once, and nobody else's."""

from collections.abc import Iterable

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, Handle, mapping_slot, named, refuses, slot_of
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    EVERYONE,
    EXPIRY,
    HELD,
    MALLORY,
    MINTER,
    VENUE,
    World,
    fresh_key,
)
from support.examples import examples

USA, GERMANY, FRANCE = 840, 276, 250
RETAIL, PROFESSIONAL, INSTITUTIONAL = 1, 2, 3
EVERY_CLASS = 0b11110
EVERYWHERE = (MAX, MAX, MAX, MAX)
CLEARED = (2**40 - 1) << 128


def only(countries: Iterable[int]) -> tuple[int, ...]:
    """An allow list."""
    words = [0, 0, 0, 0]
    for country in countries:
        words[country // 256] |= 1 << country % 256
    return tuple(words)


def but(countries: Iterable[int]) -> tuple[int, ...]:
    """A deny list."""
    return tuple(MAX & ~word for word in only(countries))


def classes(*admitted: int) -> int:
    return sum(1 << one for one in admitted)


@pytest.fixture
def registry(world: World) -> Handle:
    return world.registry


def set_rules(
    world: World, admitted: int = EVERY_CLASS, countries: tuple[int, ...] = EVERYWHERE, by: str = ADMIN
) -> None:
    world.registry.setStockRules(world.stock, admitted, countries, sender=by)


def profile(world: World, investor: int, country: int, investor_class: int) -> None:
    world.registry.setProfile(fresh_key(), investor, country, investor_class, sender=COMPLIANCE)


class Attempt:
    """Rules that would be set, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.world, self.by, self.token = world, COMPLIANCE, world.stock.address
        self.classes, self.countries = classes(RETAIL), but([FRANCE])

    def make(self) -> None:
        self.world.registry.setStockRules(self.token, self.classes, self.countries, sender=self.by)


def _tighten(attempt: Attempt) -> None:
    set_rules(attempt.world, EVERY_CLASS, but([FRANCE, GERMANY]))


FAULTS = {
    "roles: not authorised": change(by=ALICE),
    "registry: not a stock": change(token=MALLORY),
    "rules: not an allowlist": lambda a: setattr(a, "token", a.world.open_stock.address),
    "rules: bad classes": change(classes=0),
    "rules: would loosen": _tighten,
}


@every_two(FAULTS, ("registry: not a stock", "rules: not an allowlist"))
def test_rules_name_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    attempt = Attempt(world)
    bring_about(FAULTS, first, second, attempt)
    with refuses(first):
        attempt.make()


def test_rules_that_change_nothing_ask_nobody_anew(world: World, registry: Handle) -> None:
    """Else whoever holds COMPLIANCE could have every holder asked about again without an end."""
    with refuses("rules: nothing changes"):
        set_rules(world)
    set_rules(world, classes(RETAIL), but([FRANCE]))
    for by in (COMPLIANCE, ADMIN):
        with refuses("rules: nothing changes"):
            set_rules(world, classes(RETAIL), but([FRANCE]), by)
    assert world.stock.epoch() == 2


def test_a_stock_has_no_rules_until_it_is_given_some(world: World, registry: Handle) -> None:
    assert registry.stockRules(world.stock) == (EVERY_CLASS, EVERYWHERE)
    attempt = Attempt(world)
    attempt.make()
    [event, *_] = [e for e in registry.events(world.stock) if e.name == "StockRulesSet"]
    values = {"token": world.stock.address, "classes": attempt.classes, "countries": attempt.countries}
    assert event.values == values
    assert registry.stockRules(world.stock) == (attempt.classes, attempt.countries)
    set_rules(world)
    assert registry.stockRules(world.stock) == (EVERY_CLASS, EVERYWHERE)
    with refuses("registry: not a stock"):
        registry.stockRules(MALLORY)


@pytest.mark.parametrize("admitted", [1, 0b100000, 0b11111, MAX, 1 << 255])
def test_classes_are_one_to_four(world: World, admitted: int) -> None:
    with refuses("rules: bad classes"):
        set_rules(world, admitted)


@pytest.mark.parametrize("actor", sorted(set(EVERYONE) - {"compliance", "admin"}))
def test_only_compliance_and_the_timelock_set_rules(world: World, actor: str) -> None:
    with refuses("roles: not authorised"):
        set_rules(world, classes(RETAIL), by=named(actor))


def test_compliance_tightens_and_only_the_timelock_loosens(world: World) -> None:
    set_rules(world, classes(RETAIL, VENUE), but([FRANCE]), by=COMPLIANCE)
    set_rules(world, classes(RETAIL), but([FRANCE]), by=COMPLIANCE)
    for looser in (
        (EVERY_CLASS, but([FRANCE])),
        (classes(PROFESSIONAL), but([FRANCE])),
        (classes(RETAIL), EVERYWHERE),
        (classes(RETAIL), but([GERMANY])),
        (classes(RETAIL), only([FRANCE])),
    ):
        with refuses("rules: would loosen"):
            set_rules(world, *looser, by=COMPLIANCE)
        with boa.env.anchor():
            set_rules(world, *looser, by=ADMIN)
    set_rules(world, classes(RETAIL), only([USA]), by=COMPLIANCE)
    with refuses("rules: would loosen"):
        set_rules(world, classes(RETAIL), only([USA, GERMANY]), by=COMPLIANCE)


def test_whoever_a_rule_shuts_out_neither_sends_nor_receives_from_its_transaction_on(world: World) -> None:
    profile(world, 1, FRANCE, RETAIL)
    epoch = world.stock.epoch()
    set_rules(world, countries=but([FRANCE]))
    assert world.stock.epoch() == epoch + 1
    assert (world.stock.canSend(ALICE), world.stock.canReceive(ALICE)) == (False, False)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)
    with refuses("ERC7943CannotReceive", ALICE):
        world.stock.transfer(ALICE, 1, sender=BOB)
    with refuses("ERC7943CannotReceive", ALICE):
        world.stock.mint(ALICE, 1, sender=MINTER)
    assert world.open_stock.transfer(BOB, 1, sender=ALICE) is True
    assert world.stock.transfer(CAROL, 1, sender=BOB) is True


def test_whoever_a_rule_shuts_out_can_redeem(world: World) -> None:
    set_rules(world, classes(PROFESSIONAL), only([FRANCE]))
    world.stock.burn(ALICE, HELD, sender=MINTER)
    assert world.stock.balanceOf(ALICE) == 0


def test_a_rule_holds_in_a_halt_and_while_strict(world: World) -> None:
    with world.strict():
        set_rules(world, classes(PROFESSIONAL))
        with refuses("ERC7943CannotSend", ALICE):
            world.stock.transfer(BOB, 1, sender=ALICE)
    world.halt()
    epoch = world.stock.epoch()
    set_rules(world, countries=only([FRANCE]))
    assert world.stock.epoch() == epoch + 1
    with refuses("ERC7943CannotReceive", BOB):
        world.seize(world.stock, ALICE, BOB, 1)
    world.beacon.unhalt(sender=ADMIN)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)


def test_another_profile_shuts_out_and_lets_in_at_once(world: World) -> None:
    set_rules(world, classes(RETAIL, PROFESSIONAL), but([FRANCE]))
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True
    for country, investor_class in ((FRANCE, RETAIL), (USA, INSTITUTIONAL), (USA, VENUE)):
        profile(world, 1, country, investor_class)
        assert world.stock.accountWord(ALICE) & CLEARED == 0
        assert world.open_stock.accountWord(ALICE) & CLEARED
        with refuses("ERC7943CannotSend", ALICE):
            world.stock.transfer(BOB, 1, sender=ALICE)
        profile(world, 1, GERMANY, PROFESSIONAL)
        assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_looser_rules_let_in_at_the_next_touch(world: World) -> None:
    set_rules(world, classes(PROFESSIONAL))
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)
    set_rules(world)
    assert world.stock.canTransfer(ALICE, BOB, 1) is True
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_a_rule_clears_nobody_whom_the_register_does_not(world: World, registry: Handle) -> None:
    set_rules(world, countries=only([0, USA]))
    assert registry.isClearedFor(MALLORY, world.stock) is False
    with refuses("ERC7943CannotReceive", MALLORY):
        world.stock.transfer(MALLORY, 1, sender=ALICE)
    world.renew(1, 1)
    assert registry.isClearedFor(ALICE, world.stock) is False
    world.block(2)
    with refuses("ERC7943CannotReceive", BOB):
        world.stock.transfer(BOB, 1, sender=CAROL)


def test_rules_are_a_stocks_own(world: World, registry: Handle) -> None:
    other = world.create_stock("US0000000009")
    set_rules(world, classes(PROFESSIONAL))
    assert registry.stockRules(other) == (EVERY_CLASS, EVERYWHERE)
    other.mint(ALICE, 5, sender=MINTER)
    assert other.transfer(BOB, 5, sender=ALICE) is True
    assert (registry.isClearedFor(ALICE, other), registry.isClearedFor(ALICE, world.stock)) == (True, False)
    assert registry.record(ALICE, sender=other.address) & CLEARED == EXPIRY << 128
    assert registry.record(ALICE, sender=world.stock.address) & CLEARED == 0
    assert (registry.record(ALICE) & CLEARED, registry.isCleared(ALICE)) == (EXPIRY << 128, True)


def test_the_stock_knows_nobody_but_the_registry_for_its_epoch(world: World) -> None:
    world.halt()
    with refuses("token: halted"):
        world.stock.bumpEpoch(sender=ADMIN)
    with refuses("roles: not authorised"):
        world.stock.bumpEpoch(sender=COMPLIANCE)
    world.stock.bumpEpoch(sender=world.registry.address)


def test_the_last_epoch_refuses_new_rules_whole(world: World, registry: Handle) -> None:
    slot = slot_of("StockToken", "token_storage", "config")
    config = boa.env.get_storage(world.stock.address, slot)
    boa.env.set_storage(world.stock.address, slot, config | (2**80 - 1) << 176)
    with refuses("token: last epoch"):
        set_rules(world, classes(PROFESSIONAL))
    assert registry.stockRules(world.stock) == (EVERY_CLASS, EVERYWHERE)


def test_a_flag_without_a_rule_reads_no_bitmap(world: World) -> None:
    """Country words of a stock whose rule was lifted stay behind, and are not looked at."""
    set_rules(world, countries=only([FRANCE]))
    set_rules(world, classes(RETAIL))
    countries = slot_of("ComplianceRegistry", "enrolments", "countries")
    for at in range(4):
        boa.env.set_storage(world.registry.address, mapping_slot(countries, 0) + at, 0)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


@settings(max_examples=examples(15))
@given(
    admitted=st.integers(1, 15).map(lambda bits: bits << 1),
    listed=st.sets(st.sampled_from([1, 255, 256, 511, 512, 767, 768, 999]) | st.integers(1, 999), max_size=5),
    allow=st.booleans(),
    country=st.sampled_from([1, 255, 256, 511, 512, 767, 768, 999]) | st.integers(1, 999),
    investor_class=st.integers(1, 4),
)
def test_a_wallet_is_cleared_where_class_and_country_are_admitted(
    built_world: World, admitted: int, listed: set[int], allow: bool, country: int, investor_class: int
) -> None:
    with boa.env.anchor():
        countries = only(listed) if allow else but(listed)
        if (admitted, listed, allow) == (0b11110, set(), False):  # as every stock begins, and nothing would change
            set_rules(built_world, 0b10, countries)
        set_rules(built_world, admitted, countries)
        profile(built_world, 3, country, investor_class)
        expected = bool(admitted >> investor_class & 1) and (country in listed) is allow
        assert built_world.registry.isClearedFor(CAROL, built_world.stock) is expected
        assert built_world.stock.canReceive(CAROL) is expected
