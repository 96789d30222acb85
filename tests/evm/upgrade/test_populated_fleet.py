"""A fleet in use is upgraded: whatever it answered it answers still, and what was under way goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import Any

import boa
import pytest
from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import Handle, both_halves, named, now, refuses, set_clock, word32
from support.contract_fixtures import built_world
from support.contract_world import (
    ACTIONS,
    ADMIN,
    ALICE,
    BLOCKLIST,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DOCUMENT,
    ENFORCER,
    EXPIRY,
    HELD,
    MALLORY,
    MINTER,
    PAUSER,
    REASON,
    RECOVERER,
    START,
    UNIT,
    VENUE,
    World,
    deploy_counterparts,
    fresh_key,
)
from support.edited_sources import VERSION_2, edited

from scrip.evm.compiled.release import Release

__all__ = ["built_world"]

OWNER = Account.from_key(keccak(text="a holder who signs"))
ALICE2, DAVE, POOL, LAPSED, LOST, FOUND = (named(who) for who in ("alice 2", "dave", "pool", "lapsed", "lost", "found"))
SPENDERS = (BOB, CAROL, DAVE)
ACCOUNTS = [ALICE, ALICE2, BOB, CAROL, DAVE, POOL, LAPSED, LOST, FOUND, MALLORY, OWNER.address.lower()]
USED, CANCELLED, UNUSED = (word32(text) for text in ("used", "cancelled", "unused"))
KEY = word32("a key that has served")
RULED_CLASSES = 0b10010
LONGER = 1000 * DAY
AMOUNTS = {"canTransfer", "detectTransferRestriction"}
"""Views that are asked about pairs of accounts and an amount."""
OTHER = {"extension", "supportsInterface", "toUIAmount", "fromUIAmount", "messageForTransferRestriction"}
"""Views that answer of code and arithmetic, not of a stock's storage."""


@dataclass
class Used:
    """A fleet with a past: what stands in it, and how a holder signs for one of its stocks."""

    world: World
    stocks: dict[str, Handle]

    @property
    def stock(self) -> Handle:
        """The one in which everything has happened."""
        return self.stocks["plain"]

    def sign(self, kind: str, fields: dict[str, str], values: dict[str, Any]) -> tuple[int, bytes, bytes]:
        """The signing holder's EIP-712 signature for the plain stock."""
        domain = {"name": "Microsoft", "version": "1", "chainId": 1, "verifyingContract": self.stock.address}
        types = {kind: [{"name": name, "type": of} for name, of in fields.items()]}
        signed = OWNER.sign_message(encode_typed_data(domain, types, values))
        return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")

    def permit(self, amount: int, nonce: int) -> None:
        """The signing holder allows bob an amount."""
        values = {"owner": OWNER.address, "spender": BOB, "value": amount, "nonce": nonce, "deadline": START + LONGER}
        fields = {"owner": "address", "spender": "address", "value": "uint256", "nonce": "uint256"}
        signature = self.sign("Permit", fields | {"deadline": "uint256"}, values)
        self.stock.permit(OWNER.address, BOB, amount, START + LONGER, *signature)

    def authorized(self, nonce: bytes) -> None:
        """The signing holder's transfer of one unit to bob, carried in by anyone."""
        order = {"from": OWNER.address, "to": BOB, "value": 1, "validAfter": 0, "validBefore": START + LONGER}
        fields = {"from": "address", "to": "address", "value": "uint256", "validAfter": "uint256"}
        fields |= {"validBefore": "uint256", "nonce": "bytes32"}
        signature = self.sign("TransferWithAuthorization", fields, order | {"nonce": nonce})
        self.stock.transferWithAuthorization(*order.values(), nonce, *signature)

    def cancel(self, nonce: bytes) -> None:
        """The signing holder takes a nonce back."""
        fields = {"authorizer": "address", "nonce": "bytes32"}
        values = {"authorizer": OWNER.address, "nonce": nonce}
        self.stock.cancelAuthorization(OWNER.address, nonce, *self.sign("CancelAuthorization", fields, values))


@pytest.fixture(scope="module")
def used(built_world: World) -> Iterator[Used]:
    """Stocks of either policy, paused, ruled and capped; a split that is past and a dividend that is pending."""
    with boa.env.anchor():
        set_clock(START)
        world = built_world
        stocks = {"plain": world.stock, "open": world.open_stock}
        for name, isin in {"paused": "US0000000001", "ruled": "US0000000002", "capped": "US0000000003"}.items():
            stocks[name] = world.create_stock(isin, name=name.title(), symbol=name.upper())
        stocks["unused"] = world.create_stock("US0000000004", BLOCKLIST, "Unused", "NEW")
        fleet = Used(world, stocks)
        people(fleet)
        history(fleet)
        yield fleet


@pytest.fixture
def put_back(used: Used) -> Iterator[Used]:
    with boa.env.anchor():
        set_clock(START + 3 * DAY)
        yield used


def people(fleet: Used) -> None:
    """Who holds what of every stock but the unused one."""
    world, registry = fleet.world, fleet.world.registry
    world.link(1, ALICE2)
    world.onboard(10, OWNER.address)
    world.onboard(11, DAVE)
    world.onboard(12, POOL, investor_class=VENUE)
    world.onboard(13, LAPSED, START + DAY)
    world.onboard(14, LOST)
    registry.setStockRules(fleet.stocks["ruled"], RULED_CLASSES, [2**256 - 1] * 4, sender=COMPLIANCE)
    registry.setHolderLimits(fleet.stocks["capped"], 6, HELD * 3, 10, sender=ADMIN)
    for name in ("plain", "open", "paused", "ruled", "capped"):
        for at, account in enumerate((ALICE, ALICE2, BOB, POOL, LAPSED, LOST, OWNER.address)):
            fleet.stocks[name].mint(account, (at + 1) * UNIT, sender=MINTER)
    fleet.stocks["open"].transfer(MALLORY, 3, sender=ALICE)


def history(fleet: Used) -> None:
    """Everything that can happen to a stock happens to the plain one, and something to the others."""
    world, stock = fleet.world, fleet.stock
    for account in (ALICE, BOB, MALLORY):
        stock.approve(CAROL, 7, sender=account)
    stock.approve(DAVE, 2**256 - 1, sender=ALICE)
    fleet.permit(5, nonce=0)
    fleet.authorized(USED)
    fleet.cancel(CANCELLED)
    world.freeze(stock, DAVE)
    world.freeze_tokens(stock, ALICE, UNIT // 2)
    world.freeze_tokens(stock, CAROL, 99)  # of what she may come to hold
    for part in range(1, 6):
        world.lock(stock, BOB, UNIT // 10 * part, START + part * 10 * DAY)
    world.lock(stock, MALLORY, 5, START + LONGER)
    world.lock(fleet.stocks["capped"], ALICE, UNIT // 4, START + 10 * DAY)
    stock.openCase(POOL, REASON, DOCUMENT, sender=ENFORCER)
    stock.forcedTransfer(BOB, ALICE, 11, REASON, DOCUMENT, KEY, sender=ENFORCER)
    stock.scheduleMultiplier(2 * UNIT, 2, 1, START + DAY, sender=ACTIONS)
    fleet.stocks["paused"].pause(sender=PAUSER)
    fleet.stocks["open"].bumpEpoch(sender=ADMIN)
    world.block(14)
    world.unblock(14)
    held = [fleet.stocks[name].address for name in ("plain", "capped")]
    world.registry.recoverWallet(fresh_key(), 14, LOST, FOUND, REASON, DOCUMENT, held, sender=RECOVERER)
    world.block(11)
    set_clock(START + 2 * DAY)
    stock.scheduleMultiplier(2 * UNIT + UNIT // 50, 2, 1, START + 5 * DAY, sender=ACTIONS)
    stock.transfer(ALICE2, 1, sender=ALICE)
    set_clock(START + 3 * DAY)


@cache
def version_2() -> Release:
    """The next release's build."""
    return Release.of(edited("version-2", VERSION_2))


def upgrade(world: World) -> list[Handle]:
    """The fleet onto its second version, as a deployment would bring it."""
    release = version_2()
    deploy_counterparts(world.roles, world.registry, ACTIONS, world.feed)
    parts = [one.address for one in (world.roles, world.registry)] + [ACTIONS, world.feed.address]
    made = []
    for mode in range(3):
        counterparts = encode(["uint256", *["address"] * 4], [mode, *parts])
        extension, _ = boa.env.deploy_code(bytecode=release.extension.initcode + counterparts)
        more = encode(["address"], [str(extension)])
        token, _ = boa.env.deploy_code(bytecode=release.token.initcode + counterparts + more)
        made.append(both_halves(Handle(token, release.token.abi), Handle(extension, release.extension.abi)))
    world.beacon.pin(*made, sender=ADMIN)
    return made


def questions(stock: Handle, accounts: list[str]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every view of a stock, about these accounts."""
    for entry in stock.abi:
        if entry["type"] != "function" or entry["stateMutability"] not in {"view", "pure"} or entry["name"] in OTHER:
            continue
        match [item["type"] for item in entry["inputs"]]:
            case []:
                yield entry["name"], ()
            case ["address"]:
                yield from ((entry["name"], (account,)) for account in accounts)
            case ["address", "address"]:
                yield from ((entry["name"], pair) for pair in product(accounts, SPENDERS))
            case ["address", "bytes32"]:
                nonces = (USED, CANCELLED, UNUSED)
                yield from ((entry["name"], asked) for asked in product(accounts, nonces))
            case ["address", "uint256"] if entry["name"] == "canEscrow":
                yield from ((entry["name"], (account, UNIT)) for account in accounts)
            case ["bytes32"]:
                yield from ((entry["name"], (key,)) for key in (KEY, UNUSED))
            case ["address", "address", "uint256"] if entry["name"] in AMOUNTS:
                yield from ((entry["name"], (*pair, UNIT)) for pair in pairwise([*accounts, ALICE]))
            case other:
                raise AssertionError(f"{entry['name']}{other}: say how it is asked")


def facts(fleet: Used) -> dict[tuple[Any, ...], Any]:
    """What every stock answers (the plain one of everybody), and what the registry counts."""
    found = {
        (name, view, asked): getattr(stock, view)(*asked)
        for name, stock in fleet.stocks.items()
        for view, asked in questions(stock, ACCOUNTS if name == "plain" else ACCOUNTS[:4])
    }
    registry, capped = fleet.world.registry, fleet.stocks["capped"]
    found["holders"] = registry.holderCount(capped), registry.holderLimits(capped)
    found["totals"] = [registry.heldWith(capped, account) for account in ACCOUNTS]
    found["enrolled"] = [
        registry.isEnrolled(account, at + 1) for account in ACCOUNTS for at in range(registry.stockCount())
    ]
    return found


def test_the_fleet_has_something_to_lose(put_back: Used) -> None:
    stock, capped = put_back.stock, put_back.stocks["capped"]
    assert stock.lockupsOf(BOB)[1] == (START + 10 * DAY, START + 20 * DAY, START + 30 * DAY, START + 50 * DAY)
    assert stock.lockedTokens(MALLORY) == 5 > stock.balanceOf(MALLORY)
    assert (stock.getFrozenTokens(ALICE), stock.getFrozenTokens(CAROL)) == (UNIT // 2, 99)
    assert (stock.canSend(DAVE), stock.canSend(LAPSED), stock.canSend(LOST)) == (False, False, False)
    assert (stock.balanceOf(LOST), stock.balanceOf(FOUND)) == (0, 6 * UNIT)
    assert (stock.nonces(OWNER.address), stock.authorizationState(OWNER.address, CANCELLED)) == (1, True)
    assert (stock.uiMultiplier(), stock.effectiveAt()) == (4 * UNIT, START + 5 * DAY)
    assert (put_back.stocks["paused"].paused(), put_back.stocks["open"].epoch(), capped.capped()) == (True, 2, True)
    assert put_back.world.registry.holderCount(capped) == (5, 0)


def test_every_answer_is_what_it_was(put_back: Used) -> None:
    before = facts(put_back)
    assert len(before) > 500
    made = upgrade(put_back.world)
    assert facts(put_back) == before
    assert put_back.stock.extension() == made[0].extension() != put_back.world.implementations[0].extension()
    # The new version's own word is empty, and writing it touches no other.
    for name, stock in put_back.stocks.items():
        new = Handle(stock.address, made[0].abi)
        assert new.reviewed() == 0
        new.review(sender=ADMIN)
        assert new.reviewed() == now(), name
    assert {
        key: getattr(put_back.stock, key[1])(*key[2]) for key in before if key[0] == "plain"
    }.items() <= before.items()


def test_what_was_locked_frozen_and_allowed_still_is(put_back: Used) -> None:
    upgrade(put_back.world)
    stock, world = put_back.stock, put_back.world
    free = stock.balanceOf(BOB) - stock.lockedTokens(BOB)
    with refuses("ERC7943InsufficientUnfrozenBalance", BOB, free + 1, free):
        stock.transfer(ALICE, free + 1, sender=BOB)
    with refuses("ERC7943InsufficientUnfrozenBalance"):
        stock.burn(ALICE, stock.balanceOf(ALICE), sender=MINTER)
    with refuses("ERC7943CannotReceive", DAVE):
        stock.transfer(DAVE, 1, sender=ALICE)
    with refuses("ERC7943CannotSend", LOST):
        stock.transfer(ALICE, 0, sender=LOST)
    assert stock.transferFrom(ALICE, BOB, 7, sender=CAROL) is True
    with refuses("ERC20InsufficientAllowance", CAROL, 0, 1):
        stock.transferFrom(ALICE, BOB, 1, sender=CAROL)
    with refuses("keys: used"):
        stock.forcedTransfer(BOB, ALICE, 1, REASON, DOCUMENT, KEY, sender=ENFORCER)
    assert stock.forcedTransfer(POOL, ALICE, 1, sender=ENFORCER) is True  # under the case that was open
    with refuses("token: paused"):
        put_back.stocks["paused"].transfer(BOB, 1, sender=ALICE)
    set_clock(START + 60 * DAY)
    assert stock.transfer(ALICE, stock.balanceOf(BOB), sender=BOB) is True
    world.renew(13, EXPIRY)
    assert stock.transfer(ALICE, 1, sender=LAPSED) is True


def test_signatures_and_schedules_go_on_where_they_were(put_back: Used) -> None:
    upgrade(put_back.world)
    stock = put_back.stock
    for nonce in (USED, CANCELLED):
        with refuses("auth: used"):
            put_back.authorized(nonce)
    put_back.authorized(UNUSED)
    with refuses("ERC2612InvalidSigner"):
        put_back.permit(9, nonce=0)
    put_back.permit(9, nonce=1)
    assert (stock.allowance(OWNER.address, BOB), stock.nonces(OWNER.address)) == (9, 2)
    set_clock(START + 5 * DAY)
    assert (stock.uiMultiplier(), stock.effectiveAt()) == (4 * UNIT + UNIT // 25, 0)


def test_holders_are_counted_on(put_back: Used) -> None:
    upgrade(put_back.world)
    registry, capped = put_back.world.registry, put_back.stocks["capped"]
    capped.transfer(CAROL, 20, sender=ALICE)
    assert registry.holderCount(capped) == (6, 0)
    with refuses("holders: below the minimum"):
        capped.transfer(CAROL, capped.balanceOf(BOB) - 1, sender=BOB)
    assert registry.heldWith(capped, CAROL) == capped.balanceOf(CAROL) == 20
