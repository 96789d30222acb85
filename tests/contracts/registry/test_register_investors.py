"""The register of investors: onboarding, renewal, profile, blocks."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Handle, named, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DOCUMENT,
    EVERYONE,
    EXPIRY,
    HELD,
    MALLORY,
    REASON,
    RETAIL,
    START,
    VENUE,
    World,
    fresh_key,
)

USED = b"\x02" * 32
NEW = named("new wallet")
LAST = 2**40 - 1
VENUE_BIT = 1 << 173


@pytest.fixture
def registry(world: World) -> Handle:
    return world.registry


@dataclass
class Attempt:
    """An entry in the register that would be made, until a fault says otherwise."""

    world: World
    by: str = COMPLIANCE
    key: bytes = field(default_factory=fresh_key)
    investor: int = 99
    wallet: str = NEW
    expiry: int = EXPIRY
    country: int = 840
    investor_class: int = RETAIL
    reason: int = REASON

    def entry(self) -> tuple[Any, ...]:
        return (self.investor, self.wallet, self.country, self.investor_class, self.expiry)


def _use_key(attempt: Attempt) -> None:
    attempt.world.registry.setProfile(USED, 3, 840, RETAIL, sender=COMPLIANCE)
    attempt.key = USED


KEY_FAULTS = {"roles: not authorised": change(by=ALICE), "keys: used": _use_key}
ONBOARD_FAULTS = KEY_FAULTS | {
    "registry: bad investor": change(investor=0),
    "registry: wallet known": change(wallet=ALICE),
    "registry: investor known": change(investor=1),
    "registry: zero address": change(wallet=ZERO),
    "registry: bad expiry": change(expiry=0),
    "registry: bad country": change(country=1000),
    "registry: bad class": change(investor_class=0),
    "registry: wallet blocked": lambda a: a.world.block_wallet(NEW),
}


@every_two(ONBOARD_FAULTS)
def test_onboard_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(ONBOARD_FAULTS, first, second, a)
    with refuses(first):
        world.registry.onboard(a.key, [a.entry()], sender=a.by)


def _unknown_then_others(block: bool) -> dict[str, Any]:
    state = "registry: already blocked" if block else "registry: not blocked"
    change_state = (lambda a: a.world.block(a.investor)) if block else (lambda a: a.world.unblock(a.investor))
    return KEY_FAULTS | {
        "registry: unknown investor": change(investor=98),
        "registry: reason and document": change(reason=0),
        state: change_state,
    }


@every_two(_unknown_then_others(block=True))
def test_block_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world, investor=1)
    bring_about(_unknown_then_others(block=True), first, second, a)
    with refuses(first):
        world.registry.block(a.key, a.investor, a.reason, DOCUMENT, sender=a.by)


@every_two(_unknown_then_others(block=False))
def test_unblock_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    world.block(1)
    a = Attempt(world, investor=1)
    bring_about(_unknown_then_others(block=False), first, second, a)
    with refuses(first):
        world.registry.unblock(a.key, a.investor, a.reason, DOCUMENT, sender=a.by)


RENEW_FAULTS = KEY_FAULTS | {
    "registry: unknown investor": change(investor=98),
    "registry: bad expiry": change(expiry=LAST + 1),
}


@every_two(RENEW_FAULTS)
def test_renew_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world, investor=1)
    bring_about(RENEW_FAULTS, first, second, a)
    with refuses(first):
        world.registry.renew(a.key, a.investor, a.expiry, sender=a.by)


# --- onboarding ---


def test_onboarding_records_and_logs(registry: Handle) -> None:
    registry.onboard(fresh_key(), [(99, NEW, 276, 2, LAST)], sender=COMPLIANCE)
    used, event = registry.events()
    assert (used.name, event.name) == ("KeyUsed", "InvestorOnboarded")
    assert event.values == {"investor": 99, "wallet": NEW, "country": 276, "investor_class": 2, "expiry": LAST}
    assert registry.investorRecord(99) == (True, False, 276, 2, LAST)
    assert (registry.investorOf(NEW), registry.walletsOf(99)) == (99, (NEW,))
    assert (registry.isCleared(NEW), registry.isBlocked(NEW)) == (True, False)


def test_the_largest_values_stay_in_their_fields(registry: Handle) -> None:
    registry.onboard(fresh_key(), [(2**64 - 1, NEW, 999, VENUE, LAST)], sender=COMPLIANCE)
    assert registry.investorRecord(2**64 - 1) == (True, False, 999, VENUE, LAST)
    assert (registry.investorOf(NEW), registry.walletsOf(2**64 - 1)) == (2**64 - 1, (NEW,))
    assert registry.record(NEW) == LAST << 128 | 1 << 170 | VENUE_BIT


def test_a_batch_is_all_or_nothing_and_none_is_legal(world: World) -> None:
    entries = [(99, NEW, 840, RETAIL, EXPIRY), (98, ALICE, 840, RETAIL, EXPIRY)]
    key = fresh_key()
    with refuses("registry: wallet known"):
        world.registry.onboard(key, entries, sender=COMPLIANCE)
    assert (world.registry.investorOf(NEW), world.registry.keyUsed(key)) == (0, False)
    for doubled in ([entries[0], entries[0]], [entries[0], (97, NEW, 840, RETAIL, EXPIRY)]):
        with refuses("registry: wallet known"):
            world.registry.onboard(key, doubled, sender=COMPLIANCE)
    with refuses("registry: investor known"):
        world.registry.onboard(key, [entries[0], (99, named("x"), 840, RETAIL, EXPIRY)], sender=COMPLIANCE)
    world.registry.onboard(key, [], sender=COMPLIANCE)
    assert world.registry.keyUsed(key) is True


def test_a_full_batch_fits_a_transaction(world: World) -> None:
    """EIP-7825 caps a transaction at 2**24 gas; the calldata's own price comes on top of the execution's."""
    entries = [(1000 + i, named(f"wallet {i}"), 840, RETAIL, EXPIRY) for i in range(200)]
    world.registry.onboard(fresh_key(), entries, sender=COMPLIANCE)
    calldata = 21_000 + 16 * (32 * 5 * 200 + 132)
    assert world.registry.computation.get_gas_used() + calldata < 2**24
    assert world.registry.investorOf(named("wallet 199")) == 1199


@pytest.mark.parametrize("expiry", [1, START - 1, START])
def test_an_expiry_in_the_past_clears_nothing(world: World, expiry: int) -> None:
    world.onboard(99, NEW, expiry)
    assert world.registry.isCleared(NEW) is False
    with refuses("ERC7943CannotReceive", NEW):
        world.stock.transfer(NEW, 1, sender=ALICE)


@pytest.mark.parametrize("expiry", [0, LAST + 1, MAX])
def test_an_expiry_outside_forty_bits_is_refused(world: World, expiry: int) -> None:
    with refuses("registry: bad expiry"):
        world.onboard(99, NEW, expiry)
    with refuses("registry: bad expiry"):
        world.renew(1, expiry)


def test_a_stranger_is_onboarded_where_a_stock_met_it(world: World) -> None:
    world.open_stock.transfer(MALLORY, 5, sender=ALICE)
    with refuses("ERC7943CannotReceive", MALLORY):
        world.stock.transfer(MALLORY, 1, sender=ALICE)
    world.onboard(99, MALLORY)
    assert world.stock.transfer(MALLORY, 1, sender=ALICE) is True
    assert world.registry.isEnrolled(MALLORY, 2) is True
    world.block(99)
    with refuses("ERC7943CannotSend", MALLORY):
        world.open_stock.transfer(ALICE, 5, sender=MALLORY)


# --- renewal ---


def test_an_earlier_expiry_takes_effect_everywhere_at_once(world: World) -> None:
    world.renew(1, START)
    _, event = world.registry.events()
    assert event.values == {"investor": 1, "country": 840, "investor_class": RETAIL, "expiry": START}
    for stock in (world.stock, world.open_stock):
        assert stock.accountWord(ALICE) >> 128 & LAST == START
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)
    assert world.open_stock.transfer(BOB, 1, sender=ALICE) is True


def test_a_later_expiry_waits_to_be_asked_for(world: World) -> None:
    world.renew(1, LAST)
    assert world.stock.accountWord(ALICE) >> 128 & LAST == EXPIRY
    set_clock(EXPIRY)
    world.renew(2, LAST)
    assert world.stock.canSend(ALICE) is True
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True
    assert world.stock.accountWord(ALICE) >> 128 & LAST == LAST


def test_renewing_twice_and_to_the_same_second_is_accepted(world: World) -> None:
    for expiry in (EXPIRY, EXPIRY, EXPIRY + 1, EXPIRY - 1):
        world.renew(1, expiry)
        assert world.registry.investorRecord(1)[4] == expiry
    assert world.registry.isCleared(ALICE) is True


def test_a_blocked_investor_can_be_renewed_and_stays_blocked(world: World) -> None:
    world.block(1)
    world.renew(1, LAST)
    world.renew(1, EXPIRY)
    assert world.registry.investorRecord(1) == (True, True, 840, RETAIL, EXPIRY)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)


# --- profile ---


def test_a_profile_is_replaced_and_pushed(world: World) -> None:
    world.registry.setProfile(fresh_key(), 1, 276, VENUE, sender=COMPLIANCE)
    assert world.registry.investorRecord(1) == (True, False, 276, VENUE, EXPIRY)
    assert world.stock.accountWord(ALICE) & VENUE_BIT
    world.registry.setProfile(fresh_key(), 1, 999, RETAIL, sender=COMPLIANCE)
    assert world.registry.investorRecord(1) == (True, False, 999, RETAIL, EXPIRY)
    assert world.stock.accountWord(ALICE) & VENUE_BIT == 0
    assert (world.registry.walletsOf(1), world.registry.isCleared(ALICE)) == ((ALICE,), True)
    with refuses("registry: unknown investor"):
        world.registry.setProfile(fresh_key(), 98, 0, 0, sender=COMPLIANCE)


@pytest.mark.parametrize(
    ("country", "investor_class", "error"),
    [
        (0, 1, "country"),
        (1000, 1, "country"),
        (0, 0, "country"),
        (840, 0, "class"),
        (840, 5, "class"),
        (1, 255, "class"),
    ],
)
def test_country_and_class_are_of_the_lists(world: World, country: int, investor_class: int, error: str) -> None:
    with refuses(f"registry: bad {error}"):
        world.registry.setProfile(fresh_key(), 1, country, investor_class, sender=COMPLIANCE)
    with refuses(f"registry: bad {error}"):
        world.registry.onboard(fresh_key(), [(99, NEW, country, investor_class, EXPIRY)], sender=COMPLIANCE)


# --- blocks ---


def test_a_block_reaches_every_stock_and_wallet_in_its_transaction(world: World) -> None:
    second = named("alice's second wallet")
    world.link(1, second)
    world.stock.transfer(second, 1, sender=ALICE)
    world.block(1)
    names = [event.name for event in world.registry.events(world.stock)]
    assert names == ["KeyUsed", "InvestorBlocked"]
    for wallet in (ALICE, second):
        assert world.registry.isBlocked(wallet) is True
        assert world.registry.isCleared(wallet) is False
        assert world.stock.accountWord(wallet) >> 169 & 1 == 1
        with refuses("ERC7943CannotSend", wallet):
            world.stock.transfer(BOB, 0, sender=wallet)
        with refuses("ERC7943CannotReceive", wallet):
            world.stock.transfer(wallet, 0, sender=BOB)
    with refuses("ERC7943CannotSend", ALICE):
        world.open_stock.transfer(BOB, 0, sender=ALICE)


def test_lifting_a_block_gives_back_what_was(world: World) -> None:
    world.block(1)
    world.unblock(1)
    assert world.stock.accountWord(ALICE) >> 169 & 1 == 1
    assert world.stock.canSend(ALICE) is True
    assert world.stock.transfer(BOB, HELD, sender=ALICE) is True
    assert world.registry.investorRecord(1) == (True, False, 840, RETAIL, EXPIRY)
    world.block(1)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 0, sender=ALICE)


def test_a_block_does_not_outlive_its_lapse(world: World) -> None:
    world.block(1)
    set_clock(EXPIRY)
    world.unblock(1)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 0, sender=ALICE)
    assert world.open_stock.transfer(BOB, 1, sender=ALICE) is True


@pytest.mark.parametrize(("reason", "document"), [(0, DOCUMENT), (REASON, ZERO32), (0, ZERO32)])
def test_bad_news_needs_a_reason_and_a_document(registry: Handle, reason: int, document: bytes) -> None:
    for call in (
        lambda: registry.block(fresh_key(), 1, reason, document, sender=COMPLIANCE),
        lambda: registry.unblock(fresh_key(), 1, reason, document, sender=COMPLIANCE),
        lambda: registry.unlinkWallet(fresh_key(), 1, ALICE, reason, document, sender=COMPLIANCE),
        lambda: registry.blockWallet(fresh_key(), MALLORY, reason, document, sender=COMPLIANCE),
        lambda: registry.unblockWallet(fresh_key(), MALLORY, reason, document, sender=COMPLIANCE),
    ):
        with refuses("registry: reason and document"):
            call()


# --- keys and callers ---


def _keyed_calls(registry: Handle, key: bytes, by: str) -> list[Any]:
    return [
        lambda: registry.onboard(key, [], sender=by),
        lambda: registry.linkWallet(key, 1, NEW, sender=by),
        lambda: registry.unlinkWallet(key, 1, ALICE, REASON, DOCUMENT, sender=by),
        lambda: registry.renew(key, 1, EXPIRY, sender=by),
        lambda: registry.setProfile(key, 1, 840, RETAIL, sender=by),
        lambda: registry.block(key, 1, REASON, DOCUMENT, sender=by),
        lambda: registry.unblock(key, 1, REASON, DOCUMENT, sender=by),
        lambda: registry.blockWallet(key, MALLORY, REASON, DOCUMENT, sender=by),
        lambda: registry.unblockWallet(key, MALLORY, REASON, DOCUMENT, sender=by),
    ]


def test_an_operation_is_carried_out_once_whatever_it_is(registry: Handle) -> None:
    registry.renew(USED, 1, EXPIRY, sender=COMPLIANCE)
    for call in _keyed_calls(registry, USED, COMPLIANCE):
        with refuses("keys: used"):
            call()
    for call in _keyed_calls(registry, ZERO32, COMPLIANCE):
        with refuses("keys: empty"):
            call()


@pytest.mark.parametrize("actor", sorted(set(EVERYONE) - {"compliance"}))
def test_only_compliance_keeps_the_register(registry: Handle, actor: str) -> None:
    for call in _keyed_calls(registry, USED, named(actor)):
        with refuses("roles: not authorised"):
            call()
    assert registry.keyUsed(USED) is False


def test_views_of_the_unknown_are_empty(registry: Handle) -> None:
    assert registry.investorRecord(98) == (False, False, 0, 0, 0)
    assert registry.walletsOf(98) == ()
    assert (registry.investorOf(MALLORY), registry.isBlocked(MALLORY), registry.isCleared(MALLORY)) == (0, False, False)
    assert (registry.investorOf(CAROL), registry.isCleared(CAROL)) == (3, True)
    set_clock(EXPIRY)
    assert registry.isCleared(CAROL) is False
