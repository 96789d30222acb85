"""A lost wallet: a fresh one takes its place and its units, and the old one is done with, everywhere and for ever."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import boa
import pytest
from support.contract_calls import ZERO, ZERO32, Handle, named, refuses, set_clock, word32
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ADMIN,
    ALICE,
    BLOCKLIST,
    BOB,
    CAROL,
    COMPLIANCE,
    DOCUMENT,
    ENFORCER,
    EVERYONE,
    EXPIRY,
    HELD,
    MALLORY,
    MINTER,
    PAUSER,
    REASON,
    RECOVERER,
    World,
    fresh_key,
)
from support.registry_stubs import deploy_stub

NEW, NEWER, NEWEST = named("new wallet"), named("newer wallet"), named("newest wallet")
USED = b"\x04" * 32
FROZEN, BLOCKED, ENROLLED = 1 << 168, 1 << 169, 1 << 170


@pytest.fixture
def registry(world: World) -> Handle:
    return world.registry


class Recovery:
    """Alice's recovery as it would be made, until a fault says otherwise."""

    def __init__(self, world: World) -> None:
        self.world, self.by, self.key, self.investor = world, RECOVERER, fresh_key(), 1
        self.old, self.new, self.reason, self.document = ALICE, NEW, REASON, DOCUMENT
        self.stocks: list[Any] = [world.stock, world.open_stock]

    def make(self) -> None:
        args = (self.key, self.investor, self.old, self.new, self.reason, self.document, self.stocks)
        self.world.registry.recoverWallet(*args, sender=self.by)


def recover(world: World, old: str = ALICE, new: str = NEW, stocks: list[Any] | None = None, investor: int = 1) -> None:
    recovery = Recovery(world)
    recovery.old, recovery.new, recovery.investor = old, new, investor
    if stocks is not None:
        recovery.stocks = stocks
    recovery.make()


def _use_key(recovery: Recovery) -> None:
    recovery.world.registry.renew(USED, 3, EXPIRY, sender=COMPLIANCE)
    recovery.key = USED


def _list_new(recovery: Recovery) -> None:
    oracle = deploy_stub("oracle")
    recovery.world.registry.setSanctionsOracle(oracle, sender=ADMIN)
    oracle.set_listed(NEW, True)


FAULTS = {
    "roles: not authorised": change(by=COMPLIANCE),
    "keys: used": _use_key,
    "registry: unknown investor": change(investor=98),
    "registry: reason and document": change(reason=0),
    "registry: unknown wallet": change(old=BOB),
    "registry: wallet known": change(new=BOB),
    "registry: zero address": change(new=ZERO),
    "registry: wallet blocked": lambda r: r.world.block_wallet(NEW),
    "sanctions: listed": _list_new,
    "registry: not a stock": lambda r: r.stocks.append(MALLORY),
}


@every_two(FAULTS)
def test_recovery_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    recovery = Recovery(world)
    bring_about(FAULTS, first, second, recovery)
    with refuses(first):
        recovery.make()


@pytest.mark.parametrize("actor", sorted(set(EVERYONE) - {"recoverer"}))
def test_only_the_recoverer_recovers(world: World, actor: str) -> None:
    recovery = Recovery(world)
    recovery.by = named(actor)
    with refuses("roles: not authorised"):
        recovery.make()


def test_a_recovery_needs_a_document_a_key_and_another_wallet(world: World) -> None:
    for name, fault in (
        ("registry: reason and document", {"document": ZERO32}),
        ("keys: empty", {"key": ZERO32}),
        ("registry: wallet known", {"new": ALICE}),
        ("registry: unknown wallet", {"old": MALLORY}),
    ):
        recovery = Recovery(world)
        change(**fault)(recovery)
        with refuses(name):
            recovery.make()


def test_one_call_moves_what_the_old_wallet_has_and_is(world: World, registry: Handle) -> None:
    world.freeze_tokens(world.stock, ALICE, 30)
    world.stock.openCase(ALICE, 9, word32("case"), sender=ENFORCER)
    recover(world)
    names = [event.name for event in registry.events(world.stock)]
    assert names[:2] == ["KeyUsed", "WalletRecovered"]
    [event] = [event for event in registry.events(world.stock) if event.name == "WalletRecovered"]
    expected = {"investor": 1, "wallet": ALICE, "successor": NEW, "reason": REASON, "document": DOCUMENT}
    assert event.values == expected
    for stock in (world.stock, world.open_stock):
        assert (stock.balanceOf(ALICE), stock.balanceOf(NEW)) == (0, HELD)
    assert (world.stock.getFrozenTokens(NEW), world.stock.caseOf(NEW)) == (30, (9, word32("case")))
    assert (registry.walletsOf(1), registry.investorOf(NEW), registry.investorOf(ALICE)) == ((NEW,), 1, 0)
    assert (registry.successorOf(ALICE), registry.successorOf(NEW)) == (NEW, NEW)
    assert world.stock.transfer(BOB, HELD - 30, sender=NEW) is True
    with refuses("ERC7943InsufficientUnfrozenBalance"):
        world.stock.transfer(BOB, 1, sender=NEW)


def test_the_old_wallet_is_stopped_in_every_stock_at_once_and_for_ever(world: World, registry: Handle) -> None:
    recover(world, stocks=[])
    assert registry.isBlocked(ALICE) is True
    for stock in (world.stock, world.open_stock):
        assert stock.accountWord(ALICE) & BLOCKED
        with refuses("ERC7943CannotSend", ALICE):
            stock.transfer(BOB, 1, sender=ALICE)
        with refuses("ERC7943CannotReceive", ALICE):
            stock.transfer(ALICE, 1, sender=BOB)
        with refuses("ERC7943CannotSend", ALICE):
            stock.burn(ALICE, 1, sender=MINTER)
    with refuses("registry: wallet recovered"):
        world.unblock_wallet(ALICE)
    with refuses("registry: wallet blocked"):
        world.link(1, ALICE)
    with refuses("registry: wallet blocked"):
        recover(world, BOB, ALICE, investor=2)
    world.block(1)
    world.unblock(1)
    assert registry.isBlocked(ALICE) is True


def test_a_stranger_that_was_blocked_is_no_recovered_wallet(world: World) -> None:
    world.block_wallet(MALLORY)
    world.unblock_wallet(MALLORY)


def _lapse(world: World) -> None:
    set_clock(EXPIRY)


STATES: dict[str, Callable[[World], object]] = {
    "lapsed": _lapse,
    "frozen": lambda world: world.freeze(world.stock, ALICE),
    "partly frozen beyond the balance": lambda world: world.freeze_tokens(world.stock, ALICE, 2 * HELD),
    "blocked": lambda world: world.block(1),
    "paused": lambda world: world.stock.pause(sender=PAUSER),
    "halted": lambda world: world.halt(),
}


@pytest.mark.parametrize("state", STATES)
def test_a_recovery_works_in_every_state(world: World, state: str) -> None:
    STATES[state](world)
    recover(world)
    assert (world.stock.balanceOf(ALICE), world.stock.balanceOf(NEW)) == (0, HELD)
    assert world.registry.isBlocked(NEW) is (state == "blocked")
    if state == "frozen":
        assert world.stock.accountWord(NEW) & FROZEN
    if state == "partly frozen beyond the balance":
        assert world.stock.getFrozenTokens(NEW) == 2 * HELD


def test_a_recovery_works_while_strict(world: World) -> None:
    with world.strict():
        recover(world)
        assert world.stock.transfer(BOB, 1, sender=NEW) is True


def test_a_blocked_investors_new_wallet_is_born_blocked_where_it_was_known(world: World) -> None:
    world.open_stock.transfer(NEW, 5, sender=BOB)
    world.block(1)
    recover(world)
    assert world.open_stock.balanceOf(NEW) == HELD + 5
    with refuses("ERC7943CannotSend", NEW):
        world.open_stock.transfer(BOB, 1, sender=NEW)


def test_an_investor_with_eight_wallets_recovers_any_of_them(world: World, registry: Handle) -> None:
    more = [named(f"alice {at}") for at in range(2, 9)]
    for wallet in more:
        world.link(1, wallet)
    for at, old in enumerate((more[6], ALICE, more[2])):
        recover(world, old, named(f"fresh {at}"))
    fresh = [named(f"fresh {at}") for at in range(3)]
    assert registry.walletsOf(1) == (fresh[1], *more[:2], fresh[2], *more[3:6], fresh[0])
    assert all(registry.investorOf(wallet) == 1 for wallet in registry.walletsOf(1))
    with refuses("registry: too many wallets"):
        world.link(1, NEW)


# --- what is left behind ---


def test_anyone_moves_the_rest_later(world: World, registry: Handle) -> None:
    recover(world, stocks=[world.stock])
    assert world.open_stock.balanceOf(ALICE) == HELD
    registry.recoverIn(ALICE, [world.open_stock, world.stock], sender=MALLORY)
    assert (world.open_stock.balanceOf(ALICE), world.open_stock.balanceOf(NEW)) == (0, HELD)
    recovered = [event for event in registry.events(world.stock) if event.name == "Recovered"]
    assert [event.values["amount"] for event in recovered] == [HELD, 0]
    assert recovered[0].values["document"] == DOCUMENT
    registry.recoverIn(ALICE, [world.open_stock])


def test_only_recovered_wallets_have_anything_to_move(world: World, registry: Handle) -> None:
    for wallet in (ALICE, MALLORY, ZERO):
        with refuses("registry: no successor"):
            registry.recoverIn(wallet, [world.stock])
        assert registry.successorOf(wallet) == wallet
    recover(world)
    with refuses("registry: no successor"):
        registry.recoverIn(NEW, [world.stock])
    with refuses("registry: not a stock"):
        registry.recoverIn(ALICE, [MALLORY])


def test_nothing_moves_to_a_successor_that_lost_its_investor(world: World, registry: Handle) -> None:
    recover(world, stocks=[])
    world.unlink(1, NEW)
    with refuses("registry: unknown wallet"):
        registry.recoverIn(ALICE, [world.stock])
    world.link(1, NEW)
    registry.recoverIn(ALICE, [world.stock])
    assert world.stock.balanceOf(NEW) == HELD


def test_nothing_moves_to_a_successor_that_became_anothers(world: World, registry: Handle) -> None:
    """What one investor had is not given to another, to whom its successor was linked later."""
    recover(world, stocks=[])
    recover(world, NEW, NEWER, [])
    assert registry.successionOf(ALICE) == registry.successionOf(NEW) == (NEWER, 1)
    world.unlink(1, NEWER)
    assert registry.successorOf(ALICE) == ZERO
    world.link(2, NEWER)
    for old in (ALICE, NEW):
        with refuses("registry: unknown wallet"):
            registry.recoverIn(old, [world.stock], sender=MALLORY)
        assert (registry.successorOf(old), registry.successionOf(old)) == (ZERO, (NEWER, 1))
    assert (world.stock.balanceOf(ALICE), world.stock.balanceOf(NEWER)) == (HELD, 0)
    # Lost in its turn, by its new investor, it hands on nothing of the first one's.
    recover(world, NEWER, NEWEST, [], investor=2)
    with refuses("registry: unknown wallet"):
        registry.recoverIn(ALICE, [world.stock])
    assert registry.successorOf(NEWER) == NEWEST


def test_a_successor_is_not_enrolled_where_there_was_nothing(world: World, registry: Handle) -> None:
    third = world.create_stock("US0231351067", name="Amazon", symbol="AMZN")
    recover(world, stocks=[world.stock, third])
    registry.recoverIn(ALICE, [third])
    assert third.accountWord(NEW) == 0
    assert world.stock.accountWord(NEW) & ENROLLED != 0


@pytest.mark.parametrize("left", ["a freeze", "a partial freeze", "a lock-up", "a case"])
def test_a_successor_is_enrolled_where_it_inherits_a_burden_alone(world: World, registry: Handle, left: str) -> None:
    """Else the registry would not know of the stock, and the next block or recovery would pass it by."""
    third = world.create_stock("US0231351067", name="Amazon", symbol="AMZN")
    if left == "a freeze":
        world.freeze(third, ALICE)
    elif left == "a partial freeze":
        world.freeze_tokens(third, ALICE, 5)
    elif left == "a lock-up":
        world.lock(third, ALICE, 5, EXPIRY)
    else:
        third.openCase(ALICE, REASON, DOCUMENT, sender=ENFORCER)
    recover(world, stocks=[third])
    assert third.accountWord(NEW) & ENROLLED != 0
    world.block(1)
    assert third.accountWord(NEW) & BLOCKED != 0


def test_a_recovered_wallet_spends_nobodys_units(world: World, registry: Handle) -> None:
    """Neither where it held something nor where nothing: the recovery tells both stocks."""
    third = world.create_stock("US0231351067", BLOCKLIST, "Amazon", "AMZN")
    third.mint(BOB, HELD, sender=MINTER)
    for stock in (world.stock, third):
        stock.approve(ALICE, HELD, sender=BOB)
    recover(world, stocks=[world.stock, third])
    for stock in (world.stock, third):
        with refuses("ERC7943CannotSend", ALICE):
            stock.transferFrom(BOB, CAROL, 1, sender=ALICE)


def test_a_successor_that_is_lost_too_hands_on(world: World, registry: Handle) -> None:
    recover(world, stocks=[])
    recover(world, NEW, NEWER, [])
    recover(world, NEWER, NEWEST, [])
    for wallet in (ALICE, NEW, NEWER, NEWEST):
        assert registry.successorOf(wallet) == NEWEST
    registry.recoverIn(ALICE, [world.stock])
    assert (world.stock.balanceOf(NEWEST), world.stock.balanceOf(NEW)) == (HELD, 0)
    assert registry.walletsOf(1) == (NEWEST,)


def test_a_chain_of_recoveries_ends_at_255(world: World, registry: Handle) -> None:
    wallets = [ALICE, *(named(f"wallet {at}") for at in range(256))]
    for old, new in pairwise(wallets[:256]):
        recover(world, old, new, [])
    assert registry.successorOf(ALICE) == wallets[255]
    assert registry.successorOf(wallets[254]) == wallets[255]
    with refuses("registry: too many recoveries"):
        recover(world, wallets[255], wallets[256], [])
    recover(world, BOB, wallets[256], [], investor=2)


# --- stocks with limits, and long pushes ---


def test_a_recovery_changes_no_count_of_holders(world: World, registry: Handle) -> None:
    stock = world.create_stock("US0000000077")
    registry.setHolderLimits(stock, 2, 0, 0, sender=COMPLIANCE)
    for wallet in (ALICE, BOB):
        stock.mint(wallet, 10, sender=MINTER)
    recover(world, stocks=[stock])
    assert (registry.holderCount(stock), registry.heldWith(stock, NEW)) == ((2, 0), 10)
    assert registry.heldWith(stock, ALICE) == 0


def test_what_a_recovery_leaves_behind_is_a_holders_until_it_is_moved(world: World, registry: Handle) -> None:
    stock = world.create_stock("US0000000077")
    registry.setHolderLimits(stock, 2, 0, 0, sender=COMPLIANCE)
    for wallet in (ALICE, BOB):
        stock.mint(wallet, 10, sender=MINTER)
    recover(world, stocks=[])
    assert (registry.heldWith(stock, ALICE), registry.heldWith(stock, NEW)) == (10, 0)
    registry.recoverIn(ALICE, [stock])
    assert (registry.holderCount(stock), registry.heldWith(stock, NEW)) == ((2, 0), 10)


def test_fifty_stocks_fit_a_transaction(world: World, registry: Handle, record_property: Any) -> None:
    stocks = [world.create_stock(f"US3{at:09}") for at in range(50)]
    for stock in stocks:
        registry.setHolderLimits(stock, 9, 0, 0, sender=COMPLIANCE)
        stock.mint(ALICE, 5, sender=MINTER)
        world.freeze_tokens(stock, ALICE, 1)
    with boa.env.anchor():
        recover(world, stocks=stocks)
        used = registry.computation.get_gas_used()
    record_property("summary", f"recovery with 50 capped stocks and a freeze in each: {used:,} gas")
    assert used < 2**24 - 500 * 15_000
