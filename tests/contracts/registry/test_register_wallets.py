"""An investor's wallets, and addresses that belong to nobody."""

from dataclasses import dataclass, field

from support.contract_calls import ZERO, Handle, named, refuses
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ALICE,
    BOB,
    COMPLIANCE,
    DOCUMENT,
    EXPIRY,
    MALLORY,
    MINTER,
    REASON,
    World,
    fresh_key,
)

USED = b"\x03" * 32
NEW = named("new wallet")
MORE = [named(f"alice {i}") for i in range(2, 9)]


@dataclass
class Attempt:
    """A change of wallets that would be made, until a fault says otherwise."""

    world: World
    by: str = COMPLIANCE
    key: bytes = field(default_factory=fresh_key)
    investor: int = 1
    wallet: str = NEW
    reason: int = REASON


def _use_key(attempt: Attempt) -> None:
    attempt.world.registry.renew(USED, 3, EXPIRY, sender=COMPLIANCE)
    attempt.key = USED


def _fill(attempt: Attempt) -> None:
    for wallet in MORE:
        attempt.world.link(1, wallet)


KEY_FAULTS = {"roles: not authorised": change(by=ALICE), "keys: used": _use_key}
LINK_FAULTS = KEY_FAULTS | {
    "registry: unknown investor": change(investor=98),
    "registry: wallet known": change(wallet=BOB),
    "registry: zero address": change(wallet=ZERO),
    "registry: too many wallets": _fill,
    "registry: wallet blocked": lambda a: a.world.block_wallet(NEW),
}
UNLINK_FAULTS = KEY_FAULTS | {
    "registry: unknown investor": change(investor=98),
    "registry: reason and document": change(reason=0),
    "registry: investor blocked": lambda a: a.world.block(1),
    "registry: unknown wallet": change(wallet=BOB),
}
STRANGER_FAULTS = KEY_FAULTS | {
    "registry: reason and document": change(reason=0),
    "registry: zero address": change(wallet=ZERO),
    "registry: wallet known": change(wallet=BOB),
}


@every_two(LINK_FAULTS)
def test_link_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(LINK_FAULTS, first, second, a)
    with refuses(first):
        world.registry.linkWallet(a.key, a.investor, a.wallet, sender=a.by)


@every_two(UNLINK_FAULTS)
def test_unlink_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world, wallet=ALICE)
    bring_about(UNLINK_FAULTS, first, second, a)
    with refuses(first):
        world.registry.unlinkWallet(a.key, a.investor, a.wallet, a.reason, DOCUMENT, sender=a.by)


@every_two(STRANGER_FAULTS | {"registry: already blocked": lambda a: a.world.block_wallet(NEW)})
def test_block_wallet_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    faults = STRANGER_FAULTS | {"registry: already blocked": lambda a: a.world.block_wallet(NEW)}
    bring_about(faults, first, second, a)
    with refuses(first):
        world.registry.blockWallet(a.key, a.wallet, a.reason, DOCUMENT, sender=a.by)


@every_two(STRANGER_FAULTS | {"registry: not blocked": lambda a: a.world.unblock_wallet(NEW)})
def test_unblock_wallet_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    world.block_wallet(NEW)
    a = Attempt(world)
    faults = STRANGER_FAULTS | {"registry: not blocked": lambda a: a.world.unblock_wallet(NEW)}
    bring_about(faults, first, second, a)
    with refuses(first):
        world.registry.unblockWallet(a.key, a.wallet, a.reason, DOCUMENT, sender=a.by)


# --- linking ---


def test_a_linked_wallet_shares_its_investors_standing(world: World) -> None:
    world.link(1, NEW)
    _, event = world.registry.events()
    assert (event.name, event.values) == ("WalletLinked", {"investor": 1, "wallet": NEW})
    assert world.registry.walletsOf(1) == (ALICE, NEW)
    assert (world.registry.investorOf(NEW), world.registry.isCleared(NEW)) == (1, True)
    assert world.stock.transfer(NEW, 1, sender=ALICE) is True
    with refuses("registry: wallet known"):
        world.link(1, NEW)
    with refuses("registry: wallet known"):
        world.link(2, NEW)


def test_an_investor_has_at_most_eight_wallets(world: World) -> None:
    for wallet in MORE:
        world.link(1, wallet)
        world.stock.transfer(wallet, 1, sender=ALICE)
    assert world.registry.walletsOf(1) == (ALICE, *MORE)
    with refuses("registry: too many wallets"):
        world.link(1, NEW)
    world.block(1)
    for wallet in (ALICE, *MORE):
        with refuses("ERC7943CannotSend", wallet):
            world.stock.transfer(BOB, 1, sender=wallet)
    world.unblock(1)
    world.unlink(1, MORE[0])
    world.link(1, NEW)
    assert set(world.registry.walletsOf(1)) == {ALICE, NEW, *MORE[1:]}


def test_a_blocked_investors_new_wallet_is_born_blocked_everywhere(world: World) -> None:
    world.open_stock.transfer(MALLORY, 5, sender=ALICE)
    world.block(1)
    world.link(1, MALLORY)
    assert world.registry.isBlocked(MALLORY) is True
    assert world.open_stock.accountWord(MALLORY) >> 169 & 1 == 1
    with refuses("ERC7943CannotSend", MALLORY):
        world.open_stock.transfer(BOB, 1, sender=MALLORY)
    with refuses("ERC7943CannotSend", MALLORY):
        world.open_stock.burn(MALLORY, 1, sender=MINTER)


# --- unlinking ---


def test_an_unlinked_wallet_loses_its_clearance_everywhere_at_once(world: World) -> None:
    world.unlink(1, ALICE)
    _, event = world.registry.events()
    assert event.values == {"investor": 1, "wallet": ALICE, "reason": REASON, "document": DOCUMENT}
    assert (world.registry.investorOf(ALICE), world.registry.walletsOf(1)) == (0, ())
    for stock in (world.stock, world.open_stock):
        assert stock.accountWord(ALICE) >> 128 & (2**40 - 1) == 0
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)
    assert world.open_stock.transfer(BOB, 1, sender=ALICE) is True
    with refuses("registry: unknown wallet"):
        world.unlink(1, ALICE)


def test_each_position_can_be_unlinked(world: World) -> None:
    for wallet in MORE[:3]:
        world.link(1, wallet)
    order = [ALICE, *MORE[:3]]
    for gone in (MORE[1], ALICE, MORE[2], MORE[0]):
        world.unlink(1, gone)
        order.remove(gone)
        assert set(world.registry.walletsOf(1)) == set(order)
        assert all(world.registry.investorOf(wallet) == 1 for wallet in order)
    assert world.registry.investorRecord(1)[0] is True
    world.link(1, NEW)
    assert world.registry.walletsOf(1) == (NEW,)
    world.block(1)
    assert world.registry.isBlocked(NEW) is True


def test_an_investor_without_wallets_can_be_blocked_and_renewed(world: World) -> None:
    world.unlink(1, ALICE)
    world.block(1)
    world.renew(1, EXPIRY + 5)
    world.link(1, ALICE)
    assert world.registry.isBlocked(ALICE) is True
    with refuses("registry: investor blocked"):
        world.unlink(1, ALICE)
    world.unblock(1)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_an_unlinked_wallet_can_join_another_investor(world: World) -> None:
    world.unlink(1, ALICE)
    world.link(2, ALICE)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True
    world.block(1)
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True
    world.block(2)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(NEW, 1, sender=ALICE)


def test_nobody_unlinks_anothers_wallet(world: World) -> None:
    for wallet in (BOB, MALLORY, ZERO):
        with refuses("registry: unknown wallet"):
            world.unlink(1, wallet)


# --- strangers ---


def test_a_blocked_stranger_is_stopped_in_every_stock(world: World, open_stock: Handle) -> None:
    open_stock.transfer(MALLORY, 5, sender=ALICE)
    world.block_wallet(MALLORY)
    _, event = world.registry.events()
    assert (event.name, event.values["wallet"]) == ("WalletBlocked", MALLORY)
    assert world.registry.isBlocked(MALLORY) is True
    with refuses("ERC7943CannotSend", MALLORY):
        open_stock.transfer(BOB, 1, sender=MALLORY)
    world.unblock_wallet(MALLORY)
    _, event = world.registry.events()
    assert (event.name, event.values["wallet"]) == ("WalletUnblocked", MALLORY)
    assert open_stock.transfer(BOB, 1, sender=MALLORY) is True
    with refuses("ERC7943CannotReceive", MALLORY):
        world.stock.transfer(MALLORY, 1, sender=ALICE)


def test_a_stranger_blocked_before_its_first_touch_never_receives(world: World, open_stock: Handle) -> None:
    world.block_wallet(MALLORY)
    with refuses("ERC7943CannotReceive", MALLORY):
        open_stock.transfer(MALLORY, 1, sender=ALICE)
    assert open_stock.canReceive(MALLORY) is False
    world.unblock_wallet(MALLORY)
    assert open_stock.transfer(MALLORY, 1, sender=ALICE) is True
