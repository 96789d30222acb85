"""Everybody at once, and three sentences that hold all the same.

Every stablecoin unit is with an investor, owed to a named claim, or in the treasury. Every open request can be closed
by someone honest without a forged signature. No order fills outside band, bucket or window.

The investors take whatever quote they are given, at any price, and use it again; the coin answers as it likes and calls
back; the price feed lags, lies and breaks; the peg too; the issuer is slow, splits and pays dividends; PAUSER tightens;
New York has a half day and a holiday. What is allowed is told by hand (support/market_oracles.py), the money too.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import ceil
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from market_known import WELL, Known, prepared
from market_world import (
    BASE,
    INVESTORS,
    MAX_AGE,
    MAX_FEE,
    NEW_YORK,
    PEG_AGE,
    PEOPLE,
    TRADE_BAND,
)
from support.contract_calls import ZERO, now, set_clock, word32
from support.issuance_world import BOB, DAY, HOUR, MINT, PAUSER, REDEEM, TREASURY, UNPAUSER, WAD, Quote
from support.market_oracles import BPS, Told
from support.redemption_world import DESK, OTHER, fresh
from support.subscription_world import PATIENCE

# A story asks the chain some twenty questions after each of its steps, and has an end of its own: 1.5 CPU-seconds.
EXAMPLES = int(os.environ.get("SCRIP_MARKET_EXAMPLES", "5"))
STEPS = 20
EXPLORE = bool(os.environ.get("SCRIP_EXPLORE"))
people = st.sampled_from(PEOPLE)
sides = st.sampled_from([MINT, REDEEM])
amounts = st.sampled_from([WAD, WAD // 7, 5 * WAD, 11 * WAD + 3, 24 * WAD])
offsets = st.sampled_from([0, 0, 0, TRADE_BAND, -TRADE_BAND, 2 * TRADE_BAND, -2 * TRADE_BAND, -BPS])
"""Basis points off what the units are worth."""
nudges = st.sampled_from([0, 0, 1, -1])
fees = st.sampled_from([0, 0, 1, MAX_FEE, MAX_FEE + 1])
lies = st.sampled_from(
    ["honest", "honest", "lags", "high", "low", "double", "half", "future", "zero", "fails", "short"]
)
pegs = st.sampled_from([100_000_000, 100_000_000, 99_500_000, 99_499_999, 100_500_000, 100_500_001, 0, 110_000_000])
waits = st.sampled_from([1, 60, 600, HOUR, 3 * HOUR, "open", "last second", "close", "effect", DAY])
parts = st.sampled_from([1, 2, 3])
calls = st.sampled_from(["redeem", "claimAll", "cancelRedeemRequest", "skim"])
lacks = st.sampled_from(["", "", "", "peg", "price", "hours", "all"])
"""What an ordinary hour lacks."""
trades = st.lists(st.tuples(people, sides, amounts, offsets, nudges, fees), min_size=1, max_size=6)
"""Who, which way, raw units, basis points off what they are worth, base units more, the fee."""


HAPPENS = (
    *("mint", "redeem", "fill", "fill in", "fetch", "refund", "poke", "SPLF", "DRIP"),
    *("market: off peg", "market: outside the band", "market: closed", "market: investor limit"),
)
"""What some story must have come to."""


class Everybody(Known):
    """What anyone may try, in any order; what was carried out is judged."""

    # --- the feeds, and time ---

    @rule(how=lies, poke=st.booleans())
    def feed_says(self, how: str, poke: bool) -> None:
        """400 dollars for a unit, whatever the multiplier: a share is worth less of them after a split."""
        share = int(400 * 10**8 / self.multiplier)
        answer = {"high": share * 12 // 10, "low": share * 8 // 10, "double": 2 * share, "half": share // 2, "zero": 0}
        at = now() + {"lags": -MAX_AGE - 1, "future": 1}.get(how, 0)
        mode = {"fails": 1, "short": 2}.get(how, 0)
        self.told = Told(answer.get(how, share), at, sound=not mode)
        self.world.say(self.world.source, self.told.answer, at, mode)
        if poke:
            self.poke_price()

    def poke_price(self) -> None:
        t = now()
        if self.attempt(lambda: self.world.price_feed.poke(self.world.stock)):
            self.price.poke(t, self.told, self.multiplier, self.changes, NEW_YORK.trades(t))
            self.tell("poke")

    @rule(answer=pegs, late=st.sampled_from([0, 0, PEG_AGE, PEG_AGE + 1, -1]), poke=st.booleans())
    def peg_says(self, answer: int, late: int, poke: bool) -> None:
        self.peg_told = Told(answer, now() - late)
        self.world.say(self.world.peg, answer, now() - late)
        if poke:
            self.poke_peg()

    def poke_peg(self) -> None:
        self.world.market.poke(self.world.coin)
        self.peg.poke(now(), self.peg_told)

    @rule(price=st.booleans())
    def poke(self, price: bool) -> None:
        (self.poke_price if price else self.poke_peg)()

    @rule(how=waits)
    def wait(self, how: int | str) -> None:
        t = now()
        if isinstance(how, int):
            to = t + how
        elif how == "effect":
            to = self.pending[0] if self.pending else t + 1
        elif how == "open" or not NEW_YORK.trades(t):
            to = NEW_YORK.following(t)[0]
        else:
            close = next(closes for opens, closes in NEW_YORK.sessions if opens <= t < closes)
            to = close - (how == "last second")
        set_clock(max(to, t + 1))
        self.effects()

    @rule(code=st.sampled_from(["SPLF", "DRIP"]))
    def change(self, code: str) -> None:
        """A split of two for one, or a dividend as large as a unit's quarter."""
        if self.pending is None:
            at, step = now() + 2 * DAY, Fraction(2) if code == "SPLF" else Fraction(21, 20)
            if self.attempt(lambda: self.world.schedule(code, f"change {next(self.serial)}", effectiveAt=at)):
                self.pending = (at, step)
                self.tell(code)

    def ready(self) -> None:
        """An ordinary hour: New York trades, both feeds are asked and say what is so, nothing is full any more."""
        if not NEW_YORK.trades(now() + 9):
            self.wait("open")
        for _ in range(2):
            # A window takes a second answer, as of later than it was opened.
            self.feed_says("honest", poke=True)
            self.peg_says(100_000_000, 0, poke=True)
            set_clock(now() + 1)
        self.peg_says(100_000_000, 0, poke=True)
        self.effects()

    # --- trades on quotes ---

    @rule(some=trades, lacks=lacks, apart=st.sampled_from([0, 0, 60, 1_200]))
    def trade(self, some: list[tuple[str, int, int, int, int, int]], lacks: str, apart: int) -> None:
        """The desk signs whatever it is asked to, and whoever is named carries it out."""
        self.many(some, lacks, apart)

    def many(self, some: list[tuple[str, int, int, int, int, int]], lacks: str, apart: int) -> None:
        if lacks != "all":
            self.ready()
        if lacks == "peg":
            self.peg_says(99_499_999, 0, poke=True)
        elif lacks == "price":
            self.feed_says("high", poke=True)
        elif lacks == "hours":
            self.wait("last second")
            self.feed_says("honest", poke=True)
            self.peg_says(100_000_000, 0, poke=True)
            set_clock(now() + 1)
        for one, side, amount, off, nudge, fee in some:
            worth = Fraction(400 * amount * BASE, WAD) * (BPS + off) / BPS
            settlement = max(int(worth) + nudge, 0)
            terms = {"account": one, "amount": amount, "settlement": settlement, "fee": fee, "nonce": next(self.serial)}
            quote = self.world.quote(side, ref=word32(f"quote {next(self.serial)}"), **terms)
            self.submit(quote, fair=not lacks and not off and not nudge and fee <= MAX_FEE and not apart)
            set_clock(now() + apart)
            self.effects()

    @rule(some=trades)
    def a_busy_minute(self, some: list[tuple[str, int, int, int, int, int]]) -> None:
        """The same at a fair price, in an hour in which all is well: what is refused is refused for want of room."""
        self.many([(one, side, amount, 0, 0, min(fee, MAX_FEE)) for one, side, amount, _, _, fee in some], "", 0)

    @rule(one=people, other=people, way=st.booleans(), late=st.sampled_from([0, 0, 0, HOUR]), part=parts)
    def an_ordinary_day(self, one: str, other: str, way: bool, late: int, part: int) -> None:
        """As far as nothing stops it: two ask, or pay in, all are filled, and one fetches, itself or as its keeper."""
        for each in (one, other):
            (self.pay_in(each, 2_000 * BASE) if way else self.ask(each, 3 * WAD + 7))
        self.desk(100, late, False, PEOPLE, way, False)
        if not way:
            self.fetch(one, one, part, "redeem")
        self.keep(other)

    @rule(place=st.integers(0, 9), one=people, side=sides)
    def again(self, place: int, one: str, side: int) -> None:
        """A quote that was carried out, or one that is revoked before, once more."""
        if place == 0 or not self.used:
            quote = self.world.quote(side, account=one, amount=WAD, settlement=400 * BASE, nonce=next(self.serial))
            self.world.market.revokeQuote(DESK, quote.nonce, sender=DESK)
            self.used.append(quote)
        quote = self.used[place % len(self.used)]
        self.ready()
        assert not self.attempt(lambda: self.world.submit(quote)), "a quote was carried out twice"

    def submit(self, quote: Quote, fair: bool) -> None:
        """What is carried out must have been allowed; what is fair must be carried out, or there was no room for it."""
        t, mint = now(), quote.side == MINT
        dollars, cents = Fraction(quote.settlement, BASE), ceil(Fraction(quote.settlement * 100, BASE))
        fee = ceil(Fraction(quote.settlement * quote.fee, BPS))
        scopes = ((0, 0), (1, 0), (2, INVESTORS[quote.account]))
        wild = self.wild
        if not self.attempt(lambda: self.world.submit(quote)):
            self.tell(self.refusal)
            if fair and self.refusal.startswith("market: "):
                self.refused(quote, t, cents, mint, scopes)
            return
        self.tell("mint" if mint else "redeem")
        self.used.append(quote)
        assert not self.paused, "traded in a pause"
        assert NEW_YORK.trades(t), "traded while New York does not"
        assert t <= self.peg.until, "traded in a coin that is not known to be a dollar"
        assert quote.fee <= MAX_FEE, "a fee over the cap"
        self.price.check(t, quote.amount, dollars, self.band, self.changes)
        for scope in scopes:
            self.buckets[scope].trade(t, cents, mint)
        if mint:
            self.pay(quote.account, TREASURY, quote.settlement + fee)
            self.backed()
        else:
            self.pay(TREASURY, quote.account, quote.settlement - fee)
        if wild:
            self.tell("trade in a wild coin")

    def refused(self, quote: Quote, t: int, cents: int, mint: bool, scopes: tuple[tuple[int, int], ...]) -> None:
        """A fair quote in an ordinary hour was refused: by a pause, a window, or a bucket that is full by hand too."""
        limits = {f"market: {name} limit": scopes[place] for place, name in enumerate(("issuer", "stock", "investor"))}
        if (scope := limits.get(self.refusal)) is not None:
            room = self.buckets[scope].room(t, mint)
            assert cents > room - 1, f"{cents} cents were refused, and {float(room)} were left"
            return
        excused = self.paused or self.peg.band == 0 or quote.settlement == 0 or self.pending is not None
        excused = excused or self.price.change != self.changes
        shifted = self.price.worth is None or abs(self.price.worth - 400) * BPS > 400 * self.band / 2
        blocked = {"market: paused", "market: off peg", "market: multiplier changed"}
        banded = self.refusal == "market: outside the band" and shifted
        payment = self.refusal in ("market: payment failed", "market: payment short") and self.mode not in WELL
        assert (self.refusal in blocked and excused) or banded or payment, f"refused a fair quote: {self.refusal}"

    # --- PAUSER ---

    @rule(
        what=st.sampled_from(["band", "issuer", "stock", "investor", "peg", "shut peg", "pause", "unpause", "unpause"])
    )
    def officer(self, what: str) -> None:
        market, t = self.world.market, now()
        if what == "band":
            self.band = max(self.band - 25, 1)
            market.setBand(self.world.stock, self.world.price_feed, self.band, sender=PAUSER)
        elif what in ("peg", "shut peg"):
            self.peg.band = max(self.peg.band - 5, 0) if what == "peg" else 0
            market.setPeg(self.world.coin, self.world.peg, self.peg.band, PEG_AGE, sender=PAUSER)
            self.peg.until = -1
        elif what in ("pause", "unpause"):
            self.paused = what == "pause"
            getattr(market, what)(sender=PAUSER if self.paused else UNPAUSER)
        else:
            scope = ("issuer", "stock", "investor").index(what)
            net, gross, window = next((b.net, b.gross, b.window) for key, b in self.buckets.items() if key[0] == scope)
            made = (net * 9 // 10, gross * 9 // 10, window)
            market.setLimit(scope, self.world.stock if scope == 1 else ZERO, *made, sender=PAUSER)
            for key, bucket in self.buckets.items():
                if key[0] == scope:
                    bucket.tighten(t, *made, at_once=scope != 2)

    # --- the coin ---

    @rule(
        what=st.sampled_from(
            ["behaves", "refuses", "keeps", "takes", "moves nothing", "silent", "blacklists", "hooks", "calls back"]
        ),
        one=st.sampled_from((*PEOPLE, TREASURY)),
        call=calls,
    )
    def coin(self, what: str, one: str, call: str) -> None:
        """One kind of mischief at a time, or none."""
        modes = {"refuses": 1, "silent": 2, "keeps": 3, "takes": 4, "moves nothing": 5}
        self.well()
        self.mode = modes.get(what, 0)
        self.world.coin.set_mode(self.mode)
        if what == "blacklists":
            self.blacklisted = one
            self.world.coin.blacklist(one, True)
        elif what == "hooks":
            # Told of a payment, it sends a unit of it back: from then on nobody's money is known by hand.
            self.world.coin.set_hook(one, 2)
            self.calls_back = True
        elif what == "calls back":
            # From within a payment; for Bob it is the accomplice's operator.
            vault = self.world.vault
            vault.setOperator(self.world.coin, True, sender=BOB)
            args = {"redeem": (WAD, BOB, BOB), "claimAll": ([BOB, one],), "cancelRedeemRequest": (0, BOB), "skim": ()}
            self.world.coin.set_callback(vault, vault.calldata(call, *args[call]))
            self.calls_back = True

    def well(self) -> None:
        """The coin does what it is told, and what it has moved so far is taken as it moved it."""
        coin = self.world.coin
        self.mode = 0
        coin.set_mode(0)
        if self.calls_back:
            coin.set_callback(ZERO, b"")
            for one in (*PEOPLE, TREASURY):
                coin.set_hook(one, 0)
        if self.blacklisted:
            coin.blacklist(self.blacklisted, False)
        self.calls_back, self.blacklisted = False, ""
        self.resync()

    # --- leaving, and coming in ---

    @rule(one=people, amount=st.sampled_from([1, WAD, 3 * WAD + 7, 1_000 * WAD]))
    def ask(self, one: str, amount: int) -> None:
        """No hour, feed, peg, limit or pause of the market refuses it."""
        has = self.world.stock.balanceOf(one)
        done = self.attempt(lambda: self.world.vault.requestRedeem(amount, one, one, sender=one))
        assert done == (amount <= has), "who has the units may ask"
        if done:
            self.asked[one] = now()
            self.tell("ask")

    @rule(one=people, amount=st.sampled_from([BASE, 400 * BASE + 7, 2_000 * BASE]))
    def pay_in(self, one: str, amount: int) -> None:
        if self.attempt(lambda: self.world.entry.requestDeposit(amount, one, one, sender=one)):
            self.paid_in[one] = now()
            if not self.wild:
                self.waits[one] += amount
            self.pay(one, "entry", amount)
            self.tell("pay in")

    @rule(one=people, fetch=st.booleans(), way=st.booleans())
    def cancel(self, one: str, fetch: bool, way: bool) -> None:
        """At any time."""
        (self.cancel_entry if way else self.cancel_request)(one, fetch)

    def cancel_request(self, one: str, fetch: bool) -> None:
        vault = self.world.vault
        waits = vault.pendingRedeemRequest(0, one)
        done = self.attempt(lambda: vault.cancelRedeemRequest(0, one, sender=one))
        assert done == bool(waits), "what waits is called back at any time"
        if fetch:
            self.attempt(lambda: vault.claimCancelRedeemRequest(0, one, one, sender=one))

    def cancel_entry(self, one: str, fetch: bool) -> None:
        entry = self.world.entry
        if self.attempt(lambda: entry.cancelDepositRequest(0, one, sender=one)) and not self.wild:
            self.back[one] += self.waits[one]
            self.waits[one] = 0
        back = self.back[one]
        if fetch and self.attempt(lambda: entry.claimCancelDepositRequest(0, one, one, sender=one)):
            self.pay("entry", one, back)
            if not self.wild:
                self.back[one] = 0
            self.tell("refund")

    @rule(
        percent=st.sampled_from([100, 100, 100, 101, 90, 120, 121, 79]),
        late=st.sampled_from([0, 0, 1, HOUR - 1, HOUR]),
        void=st.sampled_from([False, False, False, True]),
        among=st.sampled_from([PEOPLE, PEOPLE, PEOPLE[:2]]),
        entering=st.booleans(),
        early=st.booleans(),
    )
    def desk(self, percent: int, late: int, void: bool, among: tuple[str, ...], entering: bool, early: bool) -> None:
        """The desk strikes, in the very second of a request or later, and fills; PAUSER may be faster."""
        vault, book = (self.world.entry, self.into) if entering else (self.world.vault, self.out)
        set_clock(now() + (not early))
        self.effects()
        key, price, expiry, changes = fresh(), book.last * percent // 100, now() + HOUR, self.changes
        t = now()
        if not self.attempt(lambda: vault.strike(key, price, expiry, sender=DESK)):
            return
        book.strike(key, price, t, expiry, changes)
        set_clock(now() + late)
        self.effects()
        if void:
            vault.voidStrike(key, sender=PAUSER)
            book.void(key)
        if entering:
            self.fill_in(key, list(among))
        else:
            self.fill_out(key, list(among))

    def fill_out(self, key: bytes, among: list[str]) -> None:
        vault, wild, t = self.world.vault, self.wild, now()
        before = {one: (vault.pendingRedeemRequest(0, one), vault.claimableAssets(one)) for one in among}
        if not self.attempt(lambda: vault.fill(key, among, sender=DESK)):
            return
        total = 0
        for one, (units, owed) in before.items():
            if units and not vault.pendingRedeemRequest(0, one):
                due = int(Fraction(units * self.out.fill(key, t, self.asked[one], self.changes), WAD))
                assert wild or vault.claimableAssets(one) == owed + due, "filled for another sum"
                if not wild:
                    self.claims[one] += due
                total += due
                self.tell("fill")
        self.pay(TREASURY, "vault", total)

    def fill_in(self, key: bytes, among: list[str]) -> None:
        entry, wild, t = self.world.entry, self.wild, now()
        before = {one: (entry.pendingDepositRequest(0, one), entry.claimableShares(one)) for one in among}
        if not self.attempt(lambda: entry.fill(key, among, sender=DESK)):
            return
        total = 0
        for one, (coins, units) in before.items():
            if coins and not entry.pendingDepositRequest(0, one):
                made = int(Fraction(coins * WAD, self.into.fill(key, t, self.paid_in[one], self.changes)))
                assert wild or entry.claimableShares(one) == units + made, "filled with other units"
                if not wild:
                    self.waits[one] = 0
                total += coins
                self.tell("fill in")
        self.pay("entry", TREASURY, total)
        self.backed()

    @rule(one=people, to=people, part=parts, how=st.sampled_from(["redeem", "withdraw"]))
    def fetch(self, one: str, to: str, part: int, how: str) -> None:
        vault = self.world.vault
        filled, owed = vault.claimableRedeemRequest(0, one), vault.claimableAssets(one)
        amount = (filled if how == "redeem" else owed) // part
        if not self.attempt(lambda: getattr(vault, how)(amount, to, one, sender=one)):
            return
        assert INVESTORS[one] == INVESTORS[to], "paid to another investor"
        paid = owed if part == 1 else int(Fraction(owed * amount, filled)) if how == "redeem" else amount
        if not self.wild:
            self.claims[one] -= paid
        self.pay("vault", to, paid)
        self.tell("fetch")

    @rule(keeper=people, skim=st.booleans(), which=st.booleans())
    def keepers(self, keeper: str, skim: bool, which: bool) -> None:
        """What is nobody's is the treasury's, and what is somebody's its own."""
        if skim:
            self.skim(which)
        self.keep(keeper)

    def keep(self, keeper: str) -> None:
        """Each is paid what was its own, and no more, once."""
        for vault, book in ((self.world.vault, self.claims), (self.world.entry, self.back)):
            self.attempt(lambda vault=vault: vault.claimAll([*PEOPLE, keeper], sender=keeper))
            if not self.wild and keeper != self.blacklisted:
                self.pay("a vault", keeper, book[keeper])
                book[keeper] = 0

    def skim(self, which: bool) -> None:
        vault = self.world.vault if which else self.world.entry
        kept = vault.totalAssets() if which else vault.totalRequested()
        stray = max(self.world.coins(vault) - kept, 0)
        if self.attempt(lambda: vault.skim(sender=BOB)):
            self.pay("a vault", TREASURY, stray)

    # --- the three sentences ---

    @invariant()
    def every_coin_is_with_an_investor_owed_to_a_named_claim_or_in_the_treasury(self) -> None:
        """By totals, and of one person after another by name: at the end of a story of everybody."""
        world = self.world
        assert world.coins(world.market) == 0, "the market keeps coins"
        owed, waits = sum(self.claims.values()), sum(self.waits.values()) + sum(self.back.values())
        assert world.vault.totalAssets() == owed <= world.coins(world.vault), "a claim without its coins"
        assert world.entry.totalRequested() == waits <= world.coins(world.entry), "a request without its coins"
        self.looked += 1
        self.by_name(PEOPLE[self.looked % len(PEOPLE)])
        if not self.wild:
            assert world.coins(TREASURY) == self.money[TREASURY]

    def by_name(self, one: str) -> None:
        vault, entry = self.world.vault, self.world.entry
        assert vault.claimableAssets(one) == self.claims[one], one
        assert entry.claimableCancelDepositRequest(0, one) == self.back[one], one
        assert entry.pendingDepositRequest(0, one) == self.waits[one], one
        if not self.wild:
            assert self.world.coins(one) == self.money[one], one

    @invariant()
    def every_unit_that_waits_is_there(self) -> None:
        vault, entry, stock = self.world.vault, self.world.entry, self.world.stock
        assert vault.totalRequested() == stock.balanceOf(vault)
        assert entry.totalClaimable() == stock.balanceOf(entry)

    def teardown(self) -> None:
        try:
            self.close()
        finally:
            self.anchor.__exit__(None, None, None)

    def close(self) -> None:
        """The coin behaves again. Whatever is open is closed: by the desk, by patience, and by those whose it is.

        Nobody signs for another; the market may be paused, the feeds may be dead and New York may sleep.
        """
        world, vault, entry = self.world, self.world.vault, self.world.entry
        views = (vault.pendingRedeemRequest, vault.claimableCancelRedeemRequest)
        assert vault.totalRequested() == sum(view(0, one) for view in views for one in PEOPLE)
        assert entry.totalClaimable() == sum(map(entry.claimableShares, PEOPLE))
        for one in PEOPLE:
            self.by_name(one)
        self.well()
        for lacks in ("hours", "peg", "price"):
            # Whatever came before, either way: none of them is carried out.
            self.many([(BOB, side, WAD, 0, 0, 0) for side in (MINT, REDEEM)], lacks, 0)
        # After a night every bucket is empty: one that is nearly full has room for a part of what drained, and no more.
        self.many([(OTHER, REDEEM, amount, 0, 0, 0) for amount in (11 * WAD, 5 * WAD, 2 * WAD)], "", 1_200)
        self.ask(OTHER, WAD)
        set_clock(now() + DAY + 1)
        self.effects()
        for void in (True, False):
            key = fresh()
            vault.strike(key, vault.reference()[0], now() + HOUR, sender=DESK)
            if void:
                vault.voidStrike(key, sender=PAUSER)
            else:
                set_clock(now() + HOUR)
            self.effects()
            done = self.attempt(lambda key=key: vault.fill(key, list(PEOPLE), sender=DESK))
            assert not done, f"filled at a price that {'is void' if void else 'has expired'}"
        key = fresh()
        vault.strike(key, vault.reference()[0], now() + HOUR, sender=DESK)
        vault.fill(key, list(PEOPLE), sender=DESK)
        set_clock(now() + PATIENCE)
        entry.sendBack(list(PEOPLE), sender=BOB)
        for one in PEOPLE:
            owed = vault.claimableAssets(one) + entry.claimableCancelDepositRequest(0, one)
            before = world.coins(one)
            vault.claimAll([one], sender=one)
            entry.claimAll([one], sender=one)
            assert world.coins(one) == before + owed, "not all was paid"
            if vault.claimableCancelRedeemRequest(0, one):
                vault.claimCancelRedeemRequest(0, one, one, sender=one)
            assert entry.claimableShares(one) == 0, "units were not handed out"
        assert (vault.totalAssets(), vault.totalRequested()) == (0, 0)
        assert (entry.totalRequested(), entry.totalClaimable()) == (0, 0)


def test_every_coin_has_an_owner_every_request_an_end_and_no_order_leaves_its_bounds(
    record_property: Callable[[str, object], None],
) -> None:
    prepared()  # outside the stories, each of which titanoboa takes back
    counts: Counter[str] = Counter()
    run: Any = type("Run", (Everybody,), {"counts": counts})
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        run if EXPLORE else seed(1)(run),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=checks,
            phases=(Phase.generate, Phase.shrink) if EXPLORE else (Phase.generate,),
        ),
    )
    record_property("summary", f"{EXAMPLES} stories: {dict(counts.most_common())}")
    assert not [name for name in HAPPENS if not counts[name]], counts
