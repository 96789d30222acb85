"""The whole suite on titanoboa's chain, with mock stablecoin and oracle: for what moves supply or multiplier.

Actors are named by what they do: "desk" (ACTIONS), "admin", "ceiling", …; the quote signer has a key. Alice and Bob are
cleared, funded and have approved the market; Carol is cleared and penniless; Mallory is unknown to the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import boa
from eth_account import Account
from eth_utils import keccak
from support.contract_calls import (
    MAX,
    ZERO,
    Handle,
    deploy,
    deploy_blueprint,
    deploy_implementation,
    deploy_registry,
    named,
    now,
    set_clock,
    word32,
)
from support.days import ex_of, number_of

from scrip.model.laws import sessions
from scrip.parameters import BLIND_SPLITS_APART

STUBS = Path(__file__).resolve().parents[1] / "contracts" / "stubs"
START = 1_900_000_000
HOUR = 3_600
DAY = 86_400
YEAR = 365 * DAY
WAD = 10**18
ISIN = "US5949181045"
ADMIN_ROLE = b"\x00" * 32
MINT, REDEEM = 0, 1
ALLOWLIST = 0
REASON = 7
DOCUMENT = word32("minutes of the board")
U40, U64, U96, U128 = 2**40 - 1, 2**64 - 1, 2**96 - 1, 2**128 - 1
SUPPLY = 1000 * WAD
"""Raw units that Alice holds when a test begins."""

ROLES = {
    "desk": "ACTIONS",
    "ceiling": "CEILING",
    "compliance": "COMPLIANCE",
    "guardian": "GUARDIAN",
    "issuer": "ISSUER",
    "minter": "MINTER",
    "pauser": "PAUSER",
    "unpauser": "UNPAUSER",
}
ADMIN, DESK, CEILING, GUARDIAN = named("admin"), named("desk"), named("ceiling"), named("guardian")
PAUSER, UNPAUSER, MINTER, ISSUER = named("pauser"), named("unpauser"), named("minter"), named("issuer")
COMPLIANCE, TREASURY = named("compliance"), named("treasury")
ALICE, BOB, CAROL, MALLORY = named("alice"), named("bob"), named("carol"), named("mallory")
SIGNER = Account.from_key(keccak(text="quote signer"))
STRANGER = Account.from_key(keccak(text="somebody else"))
OTHERS = {name: named(name) for name in ("admin", *ROLES, "treasury", "alice", "mallory")}
"""One account for each role, and some with none."""


@cache
def _stub_deployer(name: str) -> Any:
    return boa.load_partial(str(STUBS / f"{name}.vy"))


def deploy_stub(name: str, *arguments: Any) -> Handle:
    """Deploy one of tests/contracts/stubs."""
    plain = [argument.address if isinstance(argument, Handle) else argument for argument in arguments]
    contract = _stub_deployer(name).deploy(*plain)
    return Handle(contract.address, contract.abi)


@dataclass(frozen=True)
class Quote:
    """The struct that the issuer signs, in its order."""

    token: str
    side: int
    account: str
    stablecoin: str
    amount: int
    settlement: int
    fee: int
    generation: int
    ref: bytes
    nonce: int
    epoch: int
    expiry: int

    @property
    def values(self) -> tuple[Any, ...]:
        """The struct as the ABI takes it."""
        return tuple(self.__dict__.values())


class Issuance:
    """The deployed suite: `stock` is configured at `feed` with `oracle`, and Alice holds SUPPLY of it."""

    def __init__(self) -> None:
        set_clock(START)
        deploying = boa.env.eoa
        self.roles = deploy("Roles")
        self.registry = deploy_registry(self.roles)
        self.feed = deploy("ReserveFeed", self.roles)
        self.actions = deploy("CorporateActions", self.roles, self.registry, self.feed)
        self.market = deploy("PrimaryMarket", self.roles, self.registry, TREASURY)
        self.implementations = [
            deploy_implementation(mode, self.roles, self.registry, self.actions, self.feed) for mode in (0, 1, 2)
        ]
        self.beacon = deploy("StockBeacon", self.roles, self.registry, *self.implementations)
        blueprint = deploy_blueprint("StockProxy")
        self.factory = deploy("StockFactory", self.roles, self.registry, blueprint)
        self.coin = deploy("MockStablecoin")
        self.oracle = deploy("MockReserveOracle", 8)
        holders = {named(actor): role for actor, role in ROLES.items()}
        holders |= {self.market.address: "MINTER", self.factory.address: "FACTORY", SIGNER.address: "QUOTE_SIGNER"}
        for account, role in holders.items():
            self.roles.grantRole(keccak(text=role), account, sender=deploying)
        self.roles.grantRole(ADMIN_ROLE, ADMIN, sender=deploying)
        self.roles.renounceRole(ADMIN_ROLE, deploying, sender=deploying)
        self.registry.setBeacon(self.beacon, sender=ADMIN)
        self.feed.setActions(self.actions, sender=ADMIN)
        self.market.listAsset(self.coin, True, sender=ADMIN)
        self.stock = self.create_stock(ISIN)
        for number, wallet in enumerate((ALICE, BOB, CAROL), 1):
            entry = (number, wallet, 840, 1, START + 50 * YEAR)
            self.registry.onboard(word32(f"onboard {number}"), [entry], sender=COMPLIANCE)
        for wallet in (ALICE, BOB, TREASURY):
            self.coin.mint(wallet, 10**15)
            self.coin.approve(self.market, MAX, sender=wallet)
        self.configure()
        self.attest(10_000)
        self.stock.mint(ALICE, SUPPLY, sender=MINTER)

    def create_stock(self, isin: str) -> Handle:
        """A new ALLOWLIST stock; the handle speaks to the proxy."""
        address = self.factory.createStock("A stock", "STOCK", isin, 1, ALLOWLIST, sender=ISSUER)
        return Handle(address, self.implementations[0].abi)

    # --- the reserve ---

    def configure(self, stock: Handle | None = None, **changes: Any) -> None:
        """Admin's settings of a stock at the feed: a day of age, no margin, a ceiling of a million shares and none
        elsewhere, in the stock's own basis now."""
        terms = {"oracle": self.oracle, "max_age": DAY, "margin": 0, "ceiling": 10**6 * WAD, "others": 0} | changes
        basis = terms.pop("basis", None) or self.basis(stock)
        self.feed.configure(stock or self.stock, *terms.values(), *basis, sender=ADMIN)

    def basis(self, stock: Handle | None = None) -> tuple[int, int, int]:
        """The basis that a stock's shares are counted in now."""
        at = stock or self.stock
        num, den, counter, second = self.feed.step(at)[:4]
        if 0 < second <= now():
            return num, den, counter
        num, den, counter = self.feed.basis(at)
        configured = self.feed.configuration(at)[2] or counter or second
        return (num, den, counter) if configured else (*at.multiplierTerms()[1:3], 0)

    def adopt(self, stock: Handle | None = None) -> None:
        """Admin adopts the stock's own basis."""
        self.feed.setBasis(stock or self.stock, *self.basis(stock), sender=ADMIN)

    def books_follow(self) -> None:
        """Ten days pass: an aggregator's books must have followed a split, and the next may be scheduled."""
        set_clock(now() + BLIND_SPLITS_APART.value)

    def ceiling(self, own: int, others: int = 0, basis: tuple[int, int, int] | None = None) -> None:
        """CEILING moves both ceilings of the stock."""
        self.feed.setCeiling(self.stock, own, others, *(basis or self.basis()), sender=CEILING)

    def attest(self, shares: int, at: int | None = None) -> int:
        """The oracle's next round: whole shares in custody. Returns the round."""
        return self.oracle.pushAt(shares * 10**8, now() if at is None else at)

    # --- actions ---

    def announce(
        self, code: str = "DRIP", reference: str = "2030-1", stock: Handle | None = None, **terms: Any
    ) -> bytes:
        """An action that can be scheduled at once; `terms` by the contract's names. Returns the id."""
        at = terms.pop("effectiveAt", now() + 2 * DAY)
        sender = terms.pop("sender", DESK)
        values: dict[str, Any] = {"ex": number_of(ex_of(at)), "exAt": 0, "pay": 0, "buy": 0, "effectiveAt": at}
        values |= {"num": 0, "den": 0, "gross": 0}
        if code == "DRIP":
            values |= {"gross": WAD, "pay": at + 10 * DAY}
        elif code == "SPLR":
            values |= {"num": 1, "den": 10}
        else:
            values |= {"num": 2, "den": 1}
        values |= terms
        return self.actions.announce(stock or self.stock, code, word32(reference), *values.values(), sender=sender)

    def schedule(self, code: str = "DRIP", reference: str = "2030-1", price: int | None = None, **terms: Any) -> bytes:
        """Announce and schedule; a dividend of 1 at a price of 20 unless told otherwise. Returns the id."""
        id = self.announce(code, reference, **terms)
        self.strike(id, (20 * WAD if code == "DRIP" else 0) if price is None else price)
        return id

    def strike(self, id: bytes, price: int = 20 * WAD, sender: str = DESK) -> None:
        """Schedule what is announced."""
        self.actions.schedule(id, price, sender=sender)

    def cancel(self, id: bytes, sender: str = DESK) -> None:
        """Cancel with a reason."""
        self.actions.cancel(id, REASON, DOCUMENT, sender=sender)

    def terms(self, stock: Handle | None = None) -> tuple[int, ...]:
        """multiplierTerms: index, num, den, those pending, effectiveAt."""
        return (stock or self.stock).multiplierTerms()

    def record(self, id: bytes) -> dict[str, Any]:
        """The action's record by field."""
        [entry] = [entry for entry in self.actions.abi if entry.get("name") == "action"]
        names = [field["name"] for field in entry["outputs"][0]["components"]]
        return dict(zip(names, self.actions.action(id), strict=True))

    def take_effect(self, id: bytes) -> None:
        """The clock moves to the action's second."""
        set_clock(self.record(id)["effectiveAt"])

    # --- quotes ---

    def bound(self, band: int = 5_000) -> None:
        """A price feed bounds the stock's quotes, at 200 dollars around the clock."""
        feed, source = deploy("SharePriceFeed", self.roles, self.registry, self.actions), deploy("MockReserveOracle", 8)
        terms = (source, False, ZERO, False, sessions.ALWAYS, HOUR, 1_000, 0)
        feed.configure(self.stock, *terms, sender=ADMIN)
        source.push(200 * 10**8)
        feed.poke(self.stock)
        self.market.setBand(self.stock, feed, band, sender=ADMIN)

    def quote(self, side: int = MINT, **changes: Any) -> Quote:
        """Ten units for 2,000 stablecoin, good for an hour."""
        quote = Quote(
            token=self.stock.address,
            side=side,
            account=ALICE,
            stablecoin=self.coin.address,
            amount=10 * WAD,
            settlement=2_000 * 10**6,
            fee=0,
            generation=self.stock.multiplierGeneration(),
            ref=word32("quote 1"),
            nonce=1,
            epoch=0,
            expiry=now() + HOUR,
        )
        return replace(quote, **changes)

    def sign(self, quote: Quote, signer: Any = SIGNER) -> bytes:
        """The signer's 65 bytes over the market's own digest."""
        return bytes(Account.unsafe_sign_hash(self.market.hashQuote(quote.values), signer.key).signature)

    def is_spent(self, quote: Quote, signer: Any = SIGNER) -> bool:
        """Whether the bit of the quote's number is set, in its signer's words."""
        return bool(self.market.quoteBitmap(signer.address, quote.nonce >> 8) >> (quote.nonce & 255) & 1)

    def submit(self, quote: Quote, *, sender: str | None = None, signer: Any = SIGNER, side: int | None = None) -> None:
        """The quote, signed, at the function of its side, from its account."""
        function = self.market.mint if (quote.side if side is None else side) == MINT else self.market.redeem
        function(quote.values, signer.address, self.sign(quote, signer), sender=sender or quote.account)
