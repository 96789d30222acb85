"""The sanctions oracle: asked about whoever enters, and by anyone about anyone; nobody's to trust."""

import boa
import pytest
from support.contract_calls import ZERO, Handle, named, refuses
from support.contract_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    EVERYONE,
    EXPIRY,
    MALLORY,
    MINTER,
    RETAIL,
    World,
    fresh_key,
)
from support.registry_stubs import BURNS, GARBAGE, HONEST, LIES, LONG, REENTERS, SILENT_MODES, deploy_stub

NEW = named("new wallet")
BLOCKED = 1 << 169
ENROLLED = 1 << 170


@pytest.fixture
def oracle(world: World) -> Handle:
    """An honest oracle that lists nobody, named by the registry."""
    oracle = deploy_stub("oracle")
    world.registry.setSanctionsOracle(oracle, sender=ADMIN)
    return oracle


@pytest.fixture
def registry(world: World) -> Handle:
    return world.registry


def onboard(world: World, wallet: str) -> None:
    world.registry.onboard(fresh_key(), [(99, wallet, 840, RETAIL, EXPIRY)], sender=COMPLIANCE)


# --- naming it ---


def test_the_timelock_names_the_oracle(world: World, registry: Handle) -> None:
    oracle = deploy_stub("oracle")
    assert registry.sanctionsOracle() == (ZERO, False)
    for name, actor in EVERYONE.items():
        if name != "admin":
            with refuses("roles: not authorised"):
                registry.setSanctionsOracle(oracle, sender=actor)
    registry.setSanctionsOracle(oracle, sender=ADMIN)
    [event] = registry.events()
    assert (event.name, event.values) == ("SanctionsOracleSet", {"oracle": oracle.address})
    assert registry.sanctionsOracle() == (oracle.address, False)
    registry.setSanctionsOracle(ZERO, sender=ADMIN)
    assert registry.sanctionsOracle() == (ZERO, False)


def test_what_does_not_answer_is_not_named(world: World, registry: Handle) -> None:
    with refuses("sanctions: not a contract"):
        registry.setSanctionsOracle(named("an account"), sender=ADMIN)
    oracle = deploy_stub("oracle")
    oracle.set_target(registry.address)
    for mode in (*SILENT_MODES, LIES):
        oracle.set_mode(mode)
        with refuses("sanctions: no answer"):
            registry.setSanctionsOracle(oracle, sender=ADMIN)
    with refuses("sanctions: no answer"):
        registry.setSanctionsOracle(world.beacon, sender=ADMIN)


def test_compliance_suspends_an_oracle_until_the_timelock_names_one(
    world: World, registry: Handle, oracle: Handle
) -> None:
    for name, actor in EVERYONE.items():
        if name != "compliance":
            with refuses("roles: not authorised"):
                registry.suspendSanctionsOracle(sender=actor)
    registry.suspendSanctionsOracle(sender=COMPLIANCE)
    [event] = registry.events()
    assert (event.name, event.values) == ("SanctionsOracleSuspended", {"oracle": oracle.address})
    assert registry.sanctionsOracle() == (oracle.address, True)
    with refuses("sanctions: suspended"):
        registry.suspendSanctionsOracle(sender=COMPLIANCE)
    with refuses("sanctions: suspended"):
        registry.screen([ALICE])
    with refuses("sanctions: no answer"):
        onboard(world, NEW)
    with refuses("ERC7943CannotReceive", MALLORY):
        world.open_stock.transfer(MALLORY, 1, sender=ALICE)
    assert world.stock.transfer(CAROL, 1, sender=ALICE) is True
    registry.setSanctionsOracle(oracle, sender=ADMIN)
    onboard(world, NEW)
    registry.setSanctionsOracle(ZERO, sender=ADMIN)
    with refuses("sanctions: no oracle"):
        registry.suspendSanctionsOracle(sender=COMPLIANCE)


# --- entering ---


def test_a_listed_address_is_neither_onboarded_nor_linked(world: World, oracle: Handle) -> None:
    oracle.set_listed(NEW, True)
    with refuses("sanctions: listed"):
        onboard(world, NEW)
    with refuses("sanctions: listed"):
        world.link(1, NEW)
    oracle.set_listed(NEW, False)
    world.link(1, NEW)


@pytest.mark.parametrize("mode", SILENT_MODES)
def test_without_an_answer_nobody_enters(world: World, oracle: Handle, mode: int) -> None:
    oracle.set_target(world.registry.address)
    oracle.set_mode(mode)
    with refuses("sanctions: no answer"):
        onboard(world, NEW)
    with refuses("sanctions: no answer"):
        world.link(1, NEW)
    assert world.open_stock.canReceive(MALLORY) is False
    with refuses("ERC7943CannotReceive", MALLORY):
        world.open_stock.transfer(MALLORY, 1, sender=ALICE)
    with refuses("sanctions: no answer"):
        world.registry.screen([ALICE])
    assert world.registry.isBlocked(ALICE) is False
    assert world.stock.transfer(CAROL, 1, sender=ALICE) is True


def test_an_answer_with_more_behind_it_counts(world: World, oracle: Handle) -> None:
    oracle.set_mode(LONG)
    onboard(world, NEW)


def test_a_listed_stranger_does_not_enter_a_stock_and_is_asked_about_anew(
    world: World, registry: Handle, oracle: Handle
) -> None:
    oracle.set_listed(MALLORY, True)
    stock = world.open_stock
    assert registry.record(MALLORY, sender=stock.address) == BLOCKED
    assert stock.canReceive(MALLORY) is False
    with refuses("ERC7943CannotReceive", MALLORY):
        stock.transfer(MALLORY, 1, sender=ALICE)
    with refuses("ERC7943CannotReceive", MALLORY):
        stock.mint(MALLORY, 1, sender=MINTER)
    assert registry.enrol(MALLORY, sender=stock.address) == BLOCKED
    assert (registry.isEnrolled(MALLORY, 2), registry.isBlocked(MALLORY)) == (False, False)
    oracle.set_listed(MALLORY, False)
    assert registry.enrol(MALLORY, sender=stock.address) == ENROLLED
    assert stock.transfer(MALLORY, 1, sender=ALICE) is True


def test_a_stranger_that_a_stock_knows_is_not_asked_about_again(world: World, oracle: Handle) -> None:
    """Transfers pay for the oracle once; what it learns later comes by `screen`."""
    stock = world.open_stock
    stock.transfer(MALLORY, 5, sender=ALICE)
    oracle.set_listed(MALLORY, True)
    assert stock.transfer(BOB, 1, sender=MALLORY) is True
    world.registry.screen([MALLORY])
    with refuses("ERC7943CannotSend", MALLORY):
        stock.transfer(BOB, 1, sender=MALLORY)


def test_stocks_past_the_first_word_of_the_enrolments_ask_too(world: World, registry: Handle, oracle: Handle) -> None:
    far = named("stock 200")
    for number in range(3, 201):
        registry.registerToken(named(f"stock {number}"), sender=world.factory.address)
    oracle.set_listed(MALLORY, True)
    assert registry.enrol(MALLORY, sender=far) == BLOCKED
    assert registry.isEnrolled(MALLORY, 200) is False
    oracle.set_listed(MALLORY, False)
    assert registry.enrol(MALLORY, sender=far) == ENROLLED


# --- screening ---


def test_a_hit_blocks_the_investor_with_all_its_wallets_in_every_stock(
    world: World, registry: Handle, oracle: Handle
) -> None:
    world.link(1, NEW)
    world.stock.transfer(NEW, 5, sender=ALICE)
    oracle.set_listed(NEW, True)
    registry.screen([BOB, NEW, MALLORY, ZERO], sender=MALLORY)
    hit, blocked = registry.events()
    assert (hit.name, hit.values) == ("SanctionsHit", {"wallet": NEW})
    document = int(oracle.address, 16).to_bytes(32, "big")
    assert blocked.values == {"investor": 1, "reason": 65535, "document": document}
    for wallet in (ALICE, NEW):
        assert registry.isBlocked(wallet) is True
        assert world.stock.accountWord(wallet) & BLOCKED
    with refuses("ERC7943CannotSend", ALICE):
        world.open_stock.transfer(BOB, 1, sender=ALICE)
    assert registry.isBlocked(BOB) is False


def test_a_hit_blocks_a_stranger_and_twice_is_once(world: World, registry: Handle, oracle: Handle) -> None:
    world.open_stock.transfer(MALLORY, 5, sender=ALICE)
    oracle.set_listed(MALLORY, True)
    registry.screen([MALLORY, MALLORY])
    assert [event.name for event in registry.events()] == ["SanctionsHit", "WalletBlocked"]
    assert world.open_stock.accountWord(MALLORY) & BLOCKED
    registry.screen([MALLORY])
    assert registry.events() == []


def test_two_wallets_of_one_investor_are_one_block(world: World, registry: Handle, oracle: Handle) -> None:
    world.link(1, NEW)
    for wallet in (ALICE, NEW):
        oracle.set_listed(wallet, True)
    registry.screen([ALICE, NEW])
    assert [event.name for event in registry.events()] == ["SanctionsHit", "InvestorBlocked"]


def test_a_clean_answer_unblocks_nobody(world: World, registry: Handle, oracle: Handle) -> None:
    world.block(1)
    world.block_wallet(MALLORY)
    registry.screen([ALICE, MALLORY])
    assert (registry.isBlocked(ALICE), registry.isBlocked(MALLORY)) == (True, True)
    assert registry.events() == []


def test_a_delisted_investor_waits_for_compliance(world: World, registry: Handle, oracle: Handle) -> None:
    oracle.set_listed(ALICE, True)
    registry.screen([ALICE])
    oracle.set_listed(ALICE, False)
    registry.screen([ALICE])
    assert registry.isBlocked(ALICE) is True
    world.unblock(1)
    registry.screen([ALICE])
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_without_an_oracle_there_is_nothing_to_screen(world: World, registry: Handle) -> None:
    with refuses("sanctions: no oracle"):
        registry.screen([ALICE])


def test_one_missing_answer_does_nothing_about_any(world: World, registry: Handle, oracle: Handle) -> None:
    oracle.set_listed(ALICE, True)
    oracle.set_mode(GARBAGE)
    with refuses("sanctions: no answer"):
        registry.screen([ALICE])
    assert registry.isBlocked(ALICE) is False


def test_an_oracle_that_lies_is_suspended_and_its_blocks_are_lifted(
    world: World, registry: Handle, oracle: Handle
) -> None:
    oracle.set_mode(LIES)
    registry.screen([ALICE, BOB, CAROL])
    registry.suspendSanctionsOracle(sender=COMPLIANCE)
    for investor in (1, 2, 3):
        world.unblock(investor)
    with refuses("sanctions: suspended"):
        registry.screen([ALICE])
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_an_oracle_cannot_spend_more_than_its_gas(world: World, registry: Handle, oracle: Handle) -> None:
    oracle.set_mode(BURNS)
    assert registry.enrol(MALLORY, sender=world.open_stock.address) == BLOCKED
    assert registry.computation.get_gas_used() < 60_000 + 40_000


def test_a_caller_that_starves_the_oracle_blocks_nobody(world: World, registry: Handle, oracle: Handle) -> None:
    """With too little gas the oracle does not answer: whoever enters is refused, whoever is in goes on."""
    data = registry.selector("screen", 1) + bytes(31) + b"\x20" + bytes(31) + b"\x01" + bytes(12)
    data += bytes.fromhex(ALICE[2:])
    for gas in range(10_000, 60_000, 5_000):
        computation = boa.env.execute_code(to_address=registry.address, sender=MALLORY, data=data, gas=gas)
        assert computation.is_error or registry.isBlocked(ALICE) is False
    assert registry.isBlocked(ALICE) is False


def test_an_oracle_that_calls_back_changes_nothing(world: World, registry: Handle, oracle: Handle) -> None:
    oracle.set_target(registry.address)
    oracle.set_mode(REENTERS)
    with refuses("sanctions: no answer"):
        registry.screen([ALICE])
    oracle.set_mode(HONEST)
    registry.screen([ALICE])
