"""What is known by hand of a story in which everybody takes part: whose every coin is, and what each feed was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import count

import boa
from hypothesis.stateful import RuleBasedStateMachine
from market_world import (
    BASE,
    BEGIN,
    INVESTORS,
    JUMP,
    LIFE,
    LIMITS,
    MAX_AGE,
    PEG_AGE,
    PEG_BAND,
    PEOPLE,
    TRADE_BAND,
    VAULT_BAND,
    Market,
)
from support.contract_calls import Refused, now, set_clock
from support.issuance_world import WAD, Quote
from support.market_oracles import BPS, Bucket, Coin, Desk, Price, Told

WELL = (0, 2)
"""How a coin behaves that is believed to the last unit: it answers True, or nothing."""


@cache
def prepared() -> Market:
    """Made once for all stories, each of which titanoboa takes back."""
    return Market()


class Known(RuleBasedStateMachine):
    """A story's world, and beside it what must be so."""

    counts: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.world = prepared()
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        set_clock(BEGIN)
        self.serial = count(1)
        self.changes, self.multiplier = 0, Fraction(1)
        self.pending: tuple[int, Fraction] | None = None
        self.told, self.shares = Told(0, 0, sound=False), 10_000
        self.peg_told = Told(0, 0, sound=False)
        self.price = Price(MAX_AGE, Fraction(JUMP, BPS), LIFE)
        self.peg = Coin(PEG_BAND, PEG_AGE)
        self.band = TRADE_BAND
        scopes: dict[tuple[int, int], tuple[int, int, int]] = {(0, 0): LIMITS[0], (1, 0): LIMITS[1]}
        scopes |= {(2, investor): LIMITS[2] for investor in INVESTORS.values()}
        self.buckets = {scope: Bucket(*limits, since=BEGIN) for scope, limits in scopes.items()}
        self.out, self.into = (Desk(400 * BASE, BEGIN, 400 * BASE, VAULT_BAND) for _ in range(2))
        for desk, vault in ((self.out, self.world.vault), (self.into, self.world.entry)):
            desk.since = vault.reference()[1]
        self.used: list[Quote] = []
        self.paused = False
        self.mode, self.calls_back = 0, False
        self.blacklisted = ""
        self.money = {one: self.world.coins(one) for one in self.world.holders}
        self.looked = 0
        self.asked: dict[str, int] = {}
        self.claims: dict[str, int] = dict.fromkeys(PEOPLE, 0)
        self.paid_in: dict[str, int] = {}
        self.waits: dict[str, int] = dict.fromkeys(PEOPLE, 0)
        self.back: dict[str, int] = dict.fromkeys(PEOPLE, 0)

    # --- what is known by hand ---

    @property
    def wild(self) -> bool:
        """Whether the coin does what nobody can know: then what it left is taken as it is."""
        return self.mode not in WELL or self.calls_back

    def tell(self, name: str) -> None:
        type(self).counts[name] += 1

    def attempt(self, call: Callable[[], object]) -> bool:
        """Whether it was carried out. What a coin that misbehaves moved is taken as it moved it."""
        try:
            call()
        except Refused as refused:
            self.refusal = refused.name
            return False
        finally:
            self.effects()
            if self.wild:
                self.resync()
        return True

    def pay(self, payer: str, payee: str, amount: int) -> None:
        """By hand; a vault's coins are what it owes, and stand in no account."""
        if not self.wild:
            for one, sign in ((payer, -1), (payee, 1)):
                if one in self.money:
                    self.money[one] += sign * amount

    def resync(self) -> None:
        vault, entry = self.world.vault, self.world.entry
        self.money = {one: self.world.coins(one) for one in self.world.holders}
        self.claims = {one: vault.claimableAssets(one) for one in PEOPLE}
        self.back = {one: entry.claimableCancelDepositRequest(0, one) for one in PEOPLE}
        self.waits = {one: entry.pendingDepositRequest(0, one) for one in PEOPLE}

    def effects(self) -> None:
        """A change whose second has come has taken effect."""
        if self.pending is not None and now() >= self.pending[0]:
            self.multiplier *= self.pending[1]
            self.changes += 1
            self.pending = None
            # The custodian's books follow, and ADMIN has the reserve count in them.
            self.shares = 2 * self.shares
            self.world.attest(self.shares)
            with suppress(Refused):
                self.world.adopt()

    def backed(self) -> None:
        """No unit that no share stands for: what the custodian said last, and a dividend that it is to buy for."""
        owed = Fraction(self.world.stock.totalSupply(), WAD) * self.multiplier
        assert owed <= self.shares + owed / 20, "minted past the shares"
