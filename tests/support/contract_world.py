"""A small fleet on titanoboa's chain: the suite deployed, a stock of each policy, investors with balances.

The reserve feed is a stub and CorporateActions an account, for what is tested through here is the stock, its registry
and its fleet. Actors are named by what they do: "minter", "enforcer", …; alice and bob are cleared and hold both
stocks, carol is cleared and holds nothing, mallory is unknown to the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import boa
from eth_utils import keccak
from support.contract_calls import (
    Handle,
    deploy,
    deploy_blueprint,
    deploy_implementation,
    deploy_registry,
    named,
    set_clock,
    word32,
)
from support.contract_stubs import deploy_stub

START = 1_900_000_000
DAY = 86_400
YEAR = 365 * DAY
EXPIRY = START + YEAR
UNIT = 10**18
HELD = 1000 * UNIT
ALLOWLIST, BLOCKLIST = 0, 1
NORMAL, STRICT, HALTED = 0, 1, 2
RETAIL, VENUE = 1, 4
REASON = 7
DOCUMENT = word32("court order")
ADMIN_ROLE = b"\x00" * 32

ROLES = {
    "minter": "MINTER",
    "compliance": "COMPLIANCE",
    "enforcer": "ENFORCER",
    "pauser": "PAUSER",
    "unpauser": "UNPAUSER",
    "guardian": "GUARDIAN",
    "issuer": "ISSUER",
    "recoverer": "RECOVERER",
}
ADMIN = named("admin")
MINTER = named("minter")
COMPLIANCE = named("compliance")
ENFORCER = named("enforcer")
PAUSER = named("pauser")
UNPAUSER = named("unpauser")
GUARDIAN = named("guardian")
ISSUER = named("issuer")
RECOVERER = named("recoverer")
ACTIONS = named("corporate actions")
ALICE, BOB, CAROL, MALLORY = named("alice"), named("bob"), named("carol"), named("mallory")
INVESTORS = {ALICE: 1, BOB: 2, CAROL: 3}
EVERYONE = {name: named(name) for name in (*ROLES, "admin", "corporate actions", "alice", "mallory")}

_keys = count(1)


def fresh_key() -> bytes:
    """A key that no operation has used."""
    return word32(f"key {next(_keys)}")


def deploy_counterparts(roles: Handle, registry: Handle, actions: str, feed: Handle | None = None) -> Handle:
    """A feed, and actions at an address, which name each other as a beacon asks of them; the feed.

    Another fleet's may have taken the address since: with `feed` the actions come back to it.
    """
    feed = feed or deploy_stub("feed", roles, actions)
    deploy_stub("actions", roles, feed, registry, at=actions)
    return feed


class Fleet:
    """The deployed suite, and the steps that most tests begin with."""

    def __init__(self, deploy_registry: Callable[[Handle], Handle] = deploy_registry, actions: str = ACTIONS) -> None:
        set_clock(START)
        self.roles = deploy("Roles")
        deploying = boa.env.eoa
        self.registry = deploy_registry(self.roles)
        self.feed = self.deploy_counterparts(actions)
        self.implementations = [
            deploy_implementation(mode, self.roles, self.registry, actions, self.feed)
            for mode in (NORMAL, STRICT, HALTED)
        ]
        self.beacon = deploy("StockBeacon", self.roles, self.registry, *self.implementations)
        self.blueprint = deploy_blueprint("StockProxy")
        self.factory = deploy("StockFactory", self.roles, self.registry, self.blueprint)
        for actor, role in ROLES.items():
            self.roles.grantRole(keccak(text=role), named(actor), sender=deploying)
        self.roles.grantRole(keccak(text="FACTORY"), self.factory, sender=deploying)
        self.roles.grantRole(ADMIN_ROLE, ADMIN, sender=deploying)
        self.roles.renounceRole(ADMIN_ROLE, deploying, sender=deploying)
        self.registry.setBeacon(self.beacon, sender=ADMIN)

    def deploy_counterparts(self, actions: str) -> Handle:
        """A feed of this role table, and actions at an address, which name each other; the feed."""
        return deploy_counterparts(self.roles, self.registry, actions)

    def create_stock(self, isin: str, policy: int = ALLOWLIST, name: str = "Microsoft", symbol: str = "MSFT") -> Handle:
        """A new stock, through the factory; the handle speaks to the proxy."""
        address = self.factory.createStock(name, symbol, isin, 1, policy, sender=ISSUER)
        return Handle(address, self.implementations[NORMAL].abi)

    def onboard(self, investor: int, wallet: str, expiry: int = EXPIRY, investor_class: int = RETAIL) -> None:
        """One investor with one wallet."""
        entry = (investor, wallet, 840, investor_class, expiry)
        self.registry.onboard(fresh_key(), [entry], sender=COMPLIANCE)

    def link(self, investor: int, wallet: str) -> None:
        """One more wallet for an investor."""
        self.registry.linkWallet(fresh_key(), investor, wallet, sender=COMPLIANCE)

    def unlink(self, investor: int, wallet: str) -> None:
        """A wallet taken from an investor."""
        self.registry.unlinkWallet(fresh_key(), investor, wallet, REASON, DOCUMENT, sender=COMPLIANCE)

    def renew(self, investor: int, expiry: int) -> None:
        """Another expiry."""
        self.registry.renew(fresh_key(), investor, expiry, sender=COMPLIANCE)

    def block(self, investor: int) -> None:
        """An investor blocked."""
        self.registry.block(fresh_key(), investor, REASON, DOCUMENT, sender=COMPLIANCE)

    def unblock(self, investor: int) -> None:
        """The block lifted."""
        self.registry.unblock(fresh_key(), investor, REASON, DOCUMENT, sender=COMPLIANCE)

    def block_wallet(self, wallet: str) -> None:
        """A stranger blocked."""
        self.registry.blockWallet(fresh_key(), wallet, REASON, DOCUMENT, sender=COMPLIANCE)

    def unblock_wallet(self, wallet: str) -> None:
        """A stranger's block lifted."""
        self.registry.unblockWallet(fresh_key(), wallet, REASON, DOCUMENT, sender=COMPLIANCE)

    def freeze(self, stock: Handle, account: str, frozen: bool = True) -> None:
        """The full freeze of an account, or its end."""
        stock.setFrozen(account, frozen, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)

    def freeze_tokens(self, stock: Handle, account: str, amount: int) -> None:
        """A partial freeze."""
        stock.setFrozenTokens(account, amount, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)

    def lock(self, stock: Handle, account: str, amount: int, until: int) -> None:
        """A lock-up."""
        stock.lock(account, amount, until, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)

    def seize(self, stock: Handle, sender: str, to: str, amount: int) -> bool:
        """A forced transfer with a reason of its own."""
        return stock.forcedTransfer(sender, to, amount, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)

    def halt(self) -> None:
        """The whole fleet stopped."""
        self.beacon.halt(sender=GUARDIAN)

    @contextmanager
    def strict(self) -> Iterator[None]:
        """The fleet runs STRICT, as while the registry pages."""
        self.beacon.enterStrict(sender=self.registry.address)
        yield
        self.beacon.exitStrict(sender=self.registry.address)


class World(Fleet):
    """A fleet with `stock` (ALLOWLIST), `open_stock` (BLOCKLIST) and the investors of this module's docstring."""

    def __init__(self, deploy_registry: Callable[[Handle], Handle] = deploy_registry) -> None:
        super().__init__(deploy_registry)
        self.stock = self.create_stock("US5949181045")
        self.open_stock = self.create_stock("US0378331005", BLOCKLIST, "Apple", "AAPL")
        for wallet, investor in INVESTORS.items():
            self.onboard(investor, wallet)
        for stock in (self.stock, self.open_stock):
            for wallet in (ALICE, BOB):
                stock.mint(wallet, HELD, sender=MINTER)
