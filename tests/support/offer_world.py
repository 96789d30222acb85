"""The world of dividend_world with an OfferEscrow, and a second stock that is the rights or the successor.

Alice holds SUPPLY of `stock`, Bob and Carol a tenth of it each; of `other` Alice has 300 units, Bob and Carol 100. Each
has a million coins and has approved the escrow, so has the treasury.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from eth_account import Account
from eth_utils import keccak
from support.book_terms import NONE, record
from support.contract_calls import MAX, ZERO, Handle, deploy, named, now, set_clock, word32
from support.days import ex_of, number_of
from support.dividend_world import EX, PAY, RECORD, SOURCE, Dividends
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DESK,
    DOCUMENT,
    MINTER,
    REASON,
    START,
    TREASURY,
    WAD,
    YEAR,
)
from support.redemption_world import ENFORCER, fresh

DEADLINE = RECORD + 5 * DAY
GRACE = 10 * DAY
PRICE = 400 * WAD
"""Dollars for a share of a tender offer."""
COST = 3 * WAD // 2
"""Dollars for a new share of a rights issue."""
OFFEROR = named("the offeror")
KEEPER = named("a keeper")
SIGNED = Account.from_key(keccak(text="who signs a choice"))
HOLDERS = (ALICE, BOB, CAROL)
TOKEN, COIN, TAKER, TREASURED, GIVEN, PRICED, RATIO, SUMS, UNITS = range(9)
"""Places among an offer's words."""
OPEN, FUNDED, CANCELLED, SWEPT, LAPSED = range(1, 6)
CHOICE = [("owner", "address")] + [(name, "uint256") for name in ("offer", "units", "more", "nonce", "expiry")]

_references = count(1)


class Offers(Dividends):
    """The suite with `offers` and `other`."""

    def __init__(self) -> None:
        super().__init__()
        self.terms_of_offers = deploy("OfferTerms", self.roles, self.book)
        self.offers = deploy("OfferEscrow", self.roles, self.registry, self.terms_of_offers)
        for role in ("VAULT", "MINTER"):
            self.roles.grantRole(keccak(text=role), self.offers, sender=ADMIN)
        self.other = self.create_stock("US0000000777")
        self.configure(self.other)
        for account, units in {ALICE: 300, BOB: 100, CAROL: 100}.items():
            self.other.mint(account, units * WAD, sender=MINTER)
        entries = [(4, OFFEROR, 840, 1, START + 50 * YEAR), (5, SIGNED.address, 840, 1, START + 50 * YEAR)]
        self.registry.onboard(word32("offerors"), entries, sender=COMPLIANCE)
        for account in (*HOLDERS, OFFEROR, SIGNED.address, TREASURY):
            self.coin.mint(account, 10**12)
            self.coin.approve(self.offers, MAX, sender=account)

    # --- the desk ---

    def action(self, code: str = "TEND", reference: str = "", **changes: Any) -> bytes:
        """Announce an action that can be offered; its id."""
        paid = {"currency": "USD", "coin": self.coin.address, "rate": WAD, "source": SOURCE}
        times = {"deadline": DEADLINE, "pay": PAY}
        given = NONE | paid | times
        if code == "TEND":
            given |= {"price": PRICE}
        elif code == "RHTS":
            given |= {"ex": number_of(ex_of(EX)), "exAt": EX, "recordAt": RECORD, "expiry": PAY + DAY, "price": COST}
            given |= {"num": 1, "den": 4, "other": self.other.address}
        else:
            given |= {"gross": 90 * WAD, "num": 1, "den": 2, "other": self.other.address}
        name = reference or f"offer {next(_references)}"
        return record(self, code, name, terms=given | changes)

    def open(self, action: bytes, part: int = 0, sender: str = DESK, **changes: Any) -> int:
        """Open an action's offer; its number."""
        terms = {"taker": ZERO, "treasury": TREASURY, "most": 0} | changes
        return self.offers.open(action, part, tuple(terms.values()), sender=sender)

    def opened(self, code: str = "TEND", taker: str = ZERO, most: int = 0, **changes: Any) -> int:
        """An offer that takes choices; its number."""
        if code == "TEND":
            return self.open(self.action(code, most=most, **changes), taker=taker)
        return self.open(self.action(code, **changes), most=most)

    def over(self) -> None:
        """The second after the deadline."""
        set_clock(max(now(), DEADLINE + 1))

    def fund(self, offer: int, sender: str = DESK, at: int = PAY) -> int:
        """Bring in what is needed after the deadline, and wait for pay; what it came to."""
        self.over()
        self.attest(10_000)
        due, _ = self.offers.need(offer)
        self.coin.mint(sender, due)
        self.coin.approve(self.offers, MAX, sender=sender)
        self.offers.fund(offer, due, sender=sender)
        set_clock(max(now(), at))
        return due

    def seize(self, offer: int, account: str, to: str, amount: int = 0, sender: str = ENFORCER, **changes: Any) -> None:
        """An officer's order."""
        given = {"reason": REASON, "document": DOCUMENT, "key": fresh()} | changes
        self.offers.enforce(offer, account, to, amount, *given.values(), sender=sender)

    # --- holders ---

    def tender(self, offer: int, account: str, units: int) -> None:
        """A holder's whole units into a tender offer."""
        self.offers.tender(offer, units * WAD, sender=account)

    def choose(self, offer: int, account: str, units: int, more: int = 0) -> None:
        """A holder's choice, in whole units."""
        self.offers.choose(offer, units * WAD, more * WAD, sender=account)

    def sign(self, offer: int, units: int, more: int = 0, signer: Any = SIGNED, **changes: Any) -> bytes:
        """A choice's signature as eth_account makes it of typed data."""
        message = {"owner": signer.address, "offer": offer, "units": units, "more": more}
        message |= {"nonce": self.offers.nextNonce(signer.address), "expiry": DEADLINE} | changes
        _, name, version, chain_id, contract, _, _ = self.offers.eip712Domain()
        domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}
        types = {"Choice": [{"name": name, "type": type_} for name, type_ in CHOICE]}
        return bytes(Account.sign_typed_data(signer.key, domain, types, message).signature)

    # --- what there is ---

    def status(self, offer: int) -> int:
        """Where an offer stands."""
        return self.offers.offerOf(offer)[0]

    def word(self, offer: int, place: int) -> int:
        """One of an offer's words."""
        return self.offers.offerOf(offer)[7][place]

    def total(self, offer: int) -> int:
        """Units of all first choices."""
        return self.word(offer, TOKEN) >> 160 & 2**95 - 1

    def check(self, *offers: int, stock: Handle | None = None, accounts: tuple[str, ...] = ()) -> None:
        """The units that wait are those of the positions, and the coins that are due are there."""
        units, coins = {self.stock.address: 0, self.other.address: 0}, 0
        for offer in offers:
            status, _, token, given, *_, words = self.offers.offerOf(offer)
            coins += (words[SUMS] & 2**128 - 1) + (words[SUMS] >> 128)
            units[token] += words[UNITS] & 2**128 - 1
            if given != ZERO:
                units[given] += words[UNITS] >> 128
            is_tender = offer >> 40 & 255 == 1
            for account in (*HOLDERS, OFFEROR, SIGNED.address.lower(), *accounts):
                first, second, settled = self.offers.choiceOf(offer, account)
                if not settled:
                    units[token] += first + (second if offer >> 40 & 255 == 3 else 0)
                elif is_tender or status not in (FUNDED, SWEPT):
                    units[token] += first
        for one in (self.stock, self.other):
            assert one.balanceOf(self.offers) == units[one.address]
        assert self.coin.balanceOf(self.offers) == coins


__all__ = ["ADMIN", "ALICE", "BOB", "CAROL", "Offers"]
