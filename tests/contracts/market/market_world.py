"""Everything that moves money beside stock: the market with a band, limits, a peg and a fee, and a vault either way.

The coin misbehaves as it is told, the feeds say what they are told, and the clock stands in July 2030, on the eve of a
half day and a holiday in New York. A unit is worth 400 dollars.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import boa
from support.contract_calls import MAX, ZERO, Handle, deploy, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, CAROL, DAY, HOUR, MINTER, TREASURY, WAD, deploy_stub
from support.market_oracles import Exchange, sessions
from support.redemption_world import BAND, OTHER
from support.subscription_world import Subscription

from scrip.inputs.sessions import year_of
from scrip.model.laws.sessions import number_of

DECIMALS = 8
BASE = 10**DECIMALS
PEOPLE = (ALICE, OTHER, BOB, CAROL)
"""Alice with two wallets; Bob is the coin's accomplice; Carol."""
INVESTORS = {ALICE: 1, OTHER: 1, BOB: 2, CAROL: 3}
BEGIN = 1_909_229_400
"""Tuesday, 2 July 2030, 13:50 UTC: twenty minutes after the open."""
MAX_AGE, TRADE_BAND, JUMP, MAX_FEE = 1_800, 150, 1_000, 50
PEG_BAND, PEG_AGE = 50, 2 * HOUR
LIFE = HOUR
"""How long a price serves after a poke, at most: the shortest notice of a change."""
LIMITS = {0: (1_200_000, 2_000_000, 6 * HOUR), 1: (1_000_000, 1_500_000, 3 * HOUR), 2: (500_000, 900_000, 2 * HOUR)}
"""Net and gross in cents, and the window: of all, of the stock, of an investor."""
VAULT_BAND = BAND
NEW_YORK = Exchange(sessions(date(2030, 6, 20), date(2030, 9, 20)))


class Market(Subscription):
    """`coin` is the unruly one, `vault` and `entry` are for it; `price_feed` asks `source`, the coin's peg is `peg`."""

    def __init__(self) -> None:
        super().__init__()
        self.coin, self.vault = self.unruly(DECIMALS)
        self.entry = self.create_entry(self.coin, price=400 * BASE)
        for one in (*PEOPLE, TREASURY):
            self.coin.approve(self.market, MAX, sender=one)
        self.coin.mint(TREASURY, 10**9 * BASE)
        for one in (OTHER, BOB, CAROL):
            self.stock.mint(one, 100 * WAD, sender=MINTER)
        set_clock(BEGIN)
        self.configure(max_age=2**32 - 1)
        self.price_feed = deploy("SharePriceFeed", self.roles, self.registry, self.actions)
        self.source, self.peg = (deploy_stub("StubPriceSource", 8) for _ in range(2))
        exchange = number_of("XNYS", "exchange")
        for first, words in year_of("XNYS", "exchange", 2030):
            self.price_feed.setSessions(exchange, first, list(words), sender=ADMIN)
        terms = (self.source, False, ZERO, False, exchange, MAX_AGE, JUMP, 0)
        self.price_feed.configure(self.stock, *terms, sender=ADMIN)
        self.market.setBand(self.stock, self.price_feed, TRADE_BAND, sender=ADMIN)
        self.market.setPeg(self.coin, self.peg, PEG_BAND, PEG_AGE, sender=ADMIN)
        self.market.setTerms(MAX_FEE, 0, sender=ADMIN)
        for scope, limits in LIMITS.items():
            self.market.setLimit(scope, self.stock if scope == 1 else ZERO, *limits, sender=ADMIN)
        self.holders = (*PEOPLE, TREASURY)

    def say(self, feed: Handle, answer: int, at: int, mode: int = 0, carried: bool = False) -> None:
        """What a feed answers from now on."""
        feed.set(mode, 8, [7, answer % 2**256, at, at, 6 if carried else 7])

    def coins(self, account: Any) -> int:
        """Of the unruly coin."""
        return self.coin.balanceOf(account)

    def peek(self) -> Any:
        """What happens within is undone."""
        return boa.env.anchor()


__all__ = ["BAND", "DAY", "Market"]
