"""The account word: its bit map, pinned by number, and who may write which bit."""

import ast
import re

import pytest
from support.contract_calls import MAX, named, refuses
from support.contract_world import ALICE, BOB, ENFORCER, EXPIRY, HELD, VENUE, World

from scrip.evm.compiled.artifacts import source

BALANCE, CLEARED = 2**128 - 1, (2**40 - 1) << 128
FROZEN, BLOCKED, ENROLLED, PARTIAL, LOCKED, IS_VENUE = (1 << bit for bit in range(168, 174))
EPOCH = (2**80 - 1) << 176
REGISTRY_BITS = CLEARED | BLOCKED | ENROLLED | IS_VENUE

# A change here breaks every stock that exists: words in storage are not rewritten by an upgrade.
GOLDEN = {
    "BALANCE_MASK": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF,
    "CLEARED_SHIFT": 128,
    "CLEARED_MASK": 0xFFFFFFFFFF,
    "FROZEN": 0x01 << 168,
    "BLOCKED": 0x02 << 168,
    "ENROLLED": 0x04 << 168,
    "PARTIAL": 0x08 << 168,
    "LOCKED": 0x10 << 168,
    "VENUE": 0x20 << 168,
    "EPOCH_SHIFT": 176,
    "EPOCH_UNIT": 1 << 176,
    "EPOCH_MASK": (2**80 - 1) << 176,
    "HELD_MASK": 0x18 << 168,
    "REGISTRY_BITS": 0x26FFFFFFFFFF << 128,
    "STANDING_MASK": ((2**80 - 1) << 176) | (3 << 168),
    "STOPPED_MASK": 0x03 << 168,
}


def _constants(module: str) -> dict[str, int]:
    """The integer constants of a module, from its source."""
    text = source(module).read_text()
    found = re.findall(r"^(\w+): constant\(uint256\) = (.+)$", text, re.MULTILINE)
    return {name: eval(compile(ast.parse(value, mode="eval"), module, "eval")) for name, value in found}


def test_the_bit_map_is_what_it_was() -> None:
    assert _constants("account_word") == GOLDEN


def test_each_bit_has_one_place() -> None:
    parts = [BALANCE, CLEARED, FROZEN, BLOCKED, ENROLLED, PARTIAL, LOCKED, IS_VENUE, EPOCH]
    assert sum(part.bit_count() for part in parts) == sum(parts).bit_count()
    assert GOLDEN["REGISTRY_BITS"] == REGISTRY_BITS


def test_the_configuration_word_meets_the_account_word_at_the_epoch() -> None:
    config = _constants("token_config")
    flags = [config[name] for name in ("PAUSED", "BLOCKLIST", "INITIALISED")]
    assert flags == [1 << 168, 1 << 169, 1 << 170]
    assert config["SUPPLY_MASK"] == GOLDEN["BALANCE_MASK"]
    assert all(flag & (EPOCH | config["SUPPLY_MASK"]) == 0 for flag in flags)
    assert config["END_MASK"] == (2**40 - 1) << config["END_SHIFT"]
    others = [*flags, config["CAPPED"], config["SUSPENDED"], EPOCH, config["SUPPLY_MASK"]]
    assert all(other & config["END_MASK"] == 0 for other in others)


def test_the_registrys_wallet_word_holds_its_bits_in_the_same_places() -> None:
    wallet = _constants("wallet_word")
    outside = wallet["DIRECTORY_MASK"] | (0xFFFF << wallet["COUNTRY_SHIFT"]) | (0xFFFFFFFFFFFFFFFF << 192)
    assert wallet["INVESTOR_SHIFT"] == 192
    assert outside & (CLEARED | BLOCKED | IS_VENUE) == 0


def test_a_word_is_read_as_the_map_says(world: World) -> None:
    stock = world.stock
    assert stock.accountWord(ALICE) == HELD | EXPIRY << 128 | ENROLLED | 1 << 176
    world.freeze(stock, ALICE)
    world.freeze_tokens(stock, ALICE, MAX)
    world.block(1)
    assert stock.accountWord(ALICE) == HELD | EXPIRY << 128 | ENROLLED | FROZEN | PARTIAL | BLOCKED | 1 << 176
    world.freeze(stock, ALICE, frozen=False)
    world.freeze_tokens(stock, ALICE, 0)
    assert stock.accountWord(ALICE) == HELD | EXPIRY << 128 | ENROLLED | BLOCKED | 1 << 176


def test_a_venue_carries_its_flag(world: World) -> None:
    venue = named("venue")
    world.onboard(50, venue, investor_class=VENUE)
    world.stock.transfer(venue, 1, sender=ALICE)
    assert world.stock.accountWord(venue) == 1 | EXPIRY << 128 | ENROLLED | IS_VENUE | 1 << 176


@pytest.mark.parametrize("record", [0, REGISTRY_BITS, MAX, MAX ^ REGISTRY_BITS])
def test_a_push_reaches_only_the_registrys_bits(world: World, record: int) -> None:
    stock = world.stock
    world.freeze_tokens(stock, ALICE, 5)
    before = stock.accountWord(ALICE)
    stock.sync(ALICE, record, sender=world.registry.address)
    assert stock.accountWord(ALICE) == (before & ~REGISTRY_BITS) | (record & REGISTRY_BITS)
    assert (stock.balanceOf(ALICE), stock.getFrozenTokens(ALICE)) == (HELD, 5)


def test_only_the_registry_pushes(world: World) -> None:
    for actor in (ALICE, ENFORCER, named("admin"), named("compliance"), world.factory.address):
        with refuses("token: not the registry"):
            world.stock.sync(ALICE, 0, sender=actor)


def test_a_push_works_in_a_pause_and_in_a_halt(world: World) -> None:
    world.stock.pause(sender=named("pauser"))
    world.block(1)
    assert world.stock.accountWord(ALICE) & BLOCKED
    world.halt()
    world.block(2)
    assert world.stock.accountWord(BOB) & BLOCKED


def test_a_push_to_a_stranger_gives_it_no_standing(world: World) -> None:
    """Without an epoch a word is believed in nothing, whatever the registry said in it."""
    mallory = named("mallory")
    world.stock.sync(mallory, CLEARED | ENROLLED, sender=world.registry.address)
    assert world.stock.canReceive(mallory) is False
    with refuses("ERC7943CannotReceive", mallory):
        world.stock.transfer(mallory, 1, sender=ALICE)
