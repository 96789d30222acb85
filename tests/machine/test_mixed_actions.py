"""Actions of all codes at once, model against bytecode, a custodian and a clerk beside them, to the stock's end.

Splits and dividends, cash and units by roots, elections, votes, offers in escrow, transfers, blocks, recoveries, and
an end of the stock, in any order and one in the middle of another. Whatever happens:

- no mint, in the market, for a root or for an offer, goes past the shares that the stock's custodian has;
- every unit is one account's or nobody's yet, once, wherever it is: so a register counts each once;
- nobody has more of a root than its leaves, and all together have no more than its sum;
- a burned unit is paid what the terms say of it, once;
- every story ends with the stock's end: everybody is paid, and no unit is left that comes to anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine.mixed_rules import PAR, Acting, owners
from machine.mixed_world import (
    CONTRACTS,
    DAY,
    EVERYBODY,
    FRESH,
    HELD,
    HOUR,
    INVESTORS,
    KEEPER,
    OWNERS,
    PEOPLE,
    SPUN,
    STOCKS,
    WHOLE,
    WHY,
    YEAR,
    Paper,
    prepared,
    raw,
)
from machine.stories import tell
from machine.twins import DONE

from scrip import instructions as ins
from scrip.instructions.base import TREASURY
from scrip.labels import OFFERS
from scrip.model.state import Dividends
from scrip.model.state.offers import Offers
from scrip.model.state.wind_up import WindUps
from scrip.units import WAD, Stablecoin, Wad

EXAMPLES, STEPS = int(os.environ.get("SCRIP_MIXED_EXAMPLES", "20")), 60
PRICE = Fraction(12_345_678_901, 10**9)


class Mixing(Acting):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.paper = Paper(self.model)
        self.begin()
        self.end, self.handed_in = "", False
        self.coins = sum(self.model.market.coins.values())
        for code in ("SOFF", "MEET", "DVOP"):
            self.announce(code, 3)

    @property
    def book(self) -> Dividends:
        assert self.model.state.dividends is not None
        return self.model.state.dividends

    @property
    def escrow(self) -> Offers:
        assert self.model.state.offers is not None
        return self.model.state.offers

    @property
    def ends(self) -> WindUps:
        assert self.model.state.wind_ups is not None
        return self.model.state.wind_ups

    # --- time, and officers ---

    def advance(self, seconds: int) -> None:
        """Up to each record on the way, at which the clerk looks who holds what."""
        second = self.model.now() + seconds
        for one in sorted(self.actions, key=lambda one: one.record_at):
            if one.register is None and one.record_at <= second:
                self._advance_to(max(one.record_at, self.model.now()))
                one.register = self.paper.register(HELD)[0]
        self._advance_to(second)
        self.tell()

    def _advance_to(self, second: int) -> None:
        self.paper.advance_to(second)
        super().advance(second - self.model.now())
        end = self.ends.endings.get(HELD)
        if end is not None and end.status == "OPENED" and end.end_at <= second and not self.handed_in:
            self.handed_in = True
            self.paper.hands_in(HELD)

    @rule(seconds=st.sampled_from([HOUR, DAY, DAY, 3 * DAY]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    @rule(account=owners, blocked=st.sampled_from([True, False, False]))
    def block(self, account: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[account], *WHY))

    @rule(stock=st.sampled_from(STOCKS), account=owners, frozen=st.sampled_from([True, False, False]))
    def freeze(self, stock: str, account: str, frozen: bool) -> None:
        self.give(ins.Freeze(stock, account, frozen, *WHY))

    @rule(stock=st.sampled_from(STOCKS), paused=st.sampled_from([True, False, False, False]))
    def pause(self, stock: str, paused: bool) -> None:
        self.give((ins.Pause if paused else ins.Unpause)(stock))

    @rule(old=st.sampled_from(("alice", "bob", "fresh0")), new=st.sampled_from(FRESH), sure=st.sampled_from([1, 0, 0]))
    def recover(self, old: str, new: str, sure: int) -> None:
        investor = self.paper.investor.get(old, "inv-bob")
        if sure and self.give(ins.RecoverWallet(investor, old, new, *WHY, STOCKS)) == DONE:
            self.paper.heirs[old], self.paper.investor[new] = new, investor

    # --- in the middle of each other ---

    @rule(code=st.sampled_from(["DVCA", "DVOP", "CAPD", "SOFF", "MRGR", "RHTS", "LIQU", "MEET"]))
    def one_is_carried_out(self, code: str) -> None:
        """As far as nothing stops it: units are tendered over the record, some fetch and the rest are sent."""
        if not self.announced(code, 1):
            return
        one = self.actions[-1]
        self.an_offer("TEND", False, False)
        self.tender(0, "alice", 3 * WHOLE + 7, 0)
        self.advance(one.record_at - self.model.now())
        if code in ("DVOP", "MEET"):
            self.open_choice_of(one)
            self.choose("alice", 5, "heir")
            self.choose("bob", 0, "heir")
        self.advance(one.deadline + 1 - self.model.now())
        for in_units in (True, False):
            if self.post_of(one, in_units):
                self.custodian_says(SPUN, 40)
                self.fund(0, 0)
        self.advance(max(one.pay - self.model.now(), 0))
        for place in (0, 1):
            self.claim(place, 0, KEEPER)
            self.push(place)
            self.claim(place, 1, KEEPER)

    @rule(code=st.sampled_from(["TEND", "RHTS"]), late=st.booleans(), move=st.sampled_from(["", "DRIP", "SPLF"]))
    def an_offer_is_carried_out(self, code: str, late: bool, move: str) -> None:
        """As far as nothing stops it: rights are given, some choose, the multiplier moves, it is funded, all fetch."""
        offers = len(self.offers)
        self.an_offer(code, late, late)
        if len(self.offers) == offers:
            return
        if code == "RHTS":
            one = self.actions[-1]
            self.advance(max(one.record_at - self.model.now(), 0))
            self.post_of(one, True)
            self.custodian_says(SPUN, 40)
            self.fund(0, 0)
            self.push(0)
        for account, amount in (("alice", 2 * WHOLE), ("bob", WHOLE + 1)):
            self.tender(0, account, amount, 0)
        if move:
            self.multiplier(move, 2)
        self.custodian_says(HELD, 40)
        self.fund_offer(0, True, 0)
        self.end_of_offer(0, "alice", "settle" if late else "claim")
        self.advance(max(self.escrow.offers[self.offers[-1]].pay - self.model.now(), 0))
        self.end_of_offer(0, "bob", "claim")

    # --- the stock's end ---

    @rule(code=st.sampled_from(["LIQU", "MRGR"]), sure=st.sampled_from([1, 0, 0, 0]))
    def an_end(self, code: str, sure: int) -> None:
        if sure and not self.end:
            pay = self.model.now() + 6 * DAY
            money = {"price" if code == "LIQU" else "gross": Wad(int(PRICE * WAD))}
            more = {"num": 1, "den": 10, "other": SPUN} if code == "MRGR" else {}
            terms = ins.RecordTerms(pay=pay, expiry=pay + 3 * YEAR + DAY, **PAR, **money, **more)
            reference = self.named("end")
            self.give(ins.AnnounceRecord(HELD, code, reference, terms))
            if self.give(ins.BeginEnd(HELD, code, reference)) == DONE:
                self.end = code

    @rule(code=st.sampled_from(["LIQU", "MRGR"]), account=owners, sure=st.sampled_from([1, 0, 0]))
    def an_end_comes(self, code: str, account: str, sure: int) -> None:
        """As far as nothing stops it: some burn at once, whoever is pushed is, the rest waits."""
        if sure:
            self.an_end(code, 1)
            self.tender(0, "bob", WHOLE, 0)
            self.arm(True)
            self.burn(account, WHOLE)
            self.burn_for(OWNERS)

    @rule(ripe=st.booleans())
    def arm(self, ripe: bool) -> None:
        end = self.ends.endings.get(HELD)
        if ripe and end is not None:
            self.advance(max(end.end_at - self.model.now(), 0))
        supply = self.paper.supply(HELD)
        if self.give(ins.ArmEnd(HELD, TREASURY)) == DONE:
            assert self.ends.endings[HELD].cash == self.worth(supply)[0]

    @rule(account=owners, amount=st.sampled_from([1, WHOLE, 200 * WHOLE]))
    def burn(self, account: str, amount: int) -> None:
        before = self.has(account)
        if self.give(ins.BurnAtEnd(HELD, raw(amount), account)) == DONE:
            after, worth = self.has(account), self.worth(amount)
            assert (after[0] - before[0], after[1] - before[1]) == worth

    @rule(accounts=st.sampled_from([OWNERS, PEOPLE, (*PEOPLE, *CONTRACTS)]))
    def burn_for(self, accounts: tuple[str, ...]) -> None:
        held = {one: self.model.balance(HELD, one).value for one in EVERYBODY}
        before = {one: self.has(one) for one in PEOPLE}
        if self.give(ins.BurnForHolders(HELD, accounts, KEEPER)) == DONE:
            for one in PEOPLE:
                after, worth = self.has(one), self.worth(held[one] - self.model.balance(HELD, one).value)
                assert (after[0] - before[one][0], after[1] - before[one][1]) == worth, one
            assert all(self.model.balance(HELD, one).value == held[one] for one in CONTRACTS)

    def worth(self, units: int) -> tuple[int, int]:
        """What so many units come to by the terms."""
        shares = Fraction(units * self.model.multiplier(HELD).ui_multiplier, WHOLE)
        other = Fraction(self.model.multiplier(SPUN).ui_multiplier, WHOLE)
        return int(shares * PRICE * 10**6 / WHOLE), int(shares / 10 / other) if self.end == "MRGR" else 0

    def has(self, account: str) -> tuple[int, int]:
        """Coins and units of the other stock that an account has, or that are parked for it."""
        end = self.ends.endings.get(HELD)
        cash, stock = end.parked.get(account, (0, 0)) if end else (0, 0)
        ledger = prepared().ledger
        return ledger.stablecoin(account).value + cash, ledger.balance(SPUN, account).value + stock

    # --- what always holds ---

    @invariant()
    def units_and_coins_are_where_the_model_has_them(self) -> None:
        for account in EVERYBODY:
            for stock in STOCKS:
                assert self.ledger.balance(stock, account) == self.model.balance(stock, account), (stock, account)
            assert self.ledger.stablecoin(account) == self.model.stablecoin(account), account
        for stock in STOCKS:
            held = sum(self.ledger.balance(stock, one).value for one in EVERYBODY)
            assert held == self.paper.supply(stock)
        assert sum(self.model.market.coins.values()) == self.coins

    @invariant()
    def every_unit_is_counted_once(self) -> None:
        self.paper.every_unit_is_counted_once()

    @invariant()
    def a_root_gives_its_sum_and_each_leaf_once(self) -> None:
        self.paper.a_root_gives_its_sum_and_each_leaf_once()

    @invariant()
    def what_is_left_pays_everybody_who_is_left(self) -> None:
        end = self.ends.endings.get(HELD)
        if end is not None and end.status == "ARMED":
            cash, stock = end.parked_sums
            owed = self.worth(self.paper.supply(HELD))
            assert end.cash >= owed[0] + cash
            assert end.stock >= owed[1] + stock

    # --- the end of every story ---

    def teardown(self) -> None:
        """An honest issuer ends its stops, pays whoever can be paid, and ends the stock."""
        must = self.must
        for stock in STOCKS:
            if self.model.stocks[stock].token.paused:
                must(ins.Unpause(stock))
            for account in (*OWNERS, *FRESH):
                must(ins.Freeze(stock, account, False, *WHY))
        for investor, record in self.model.investors.records.items():
            if record.blocked:
                must(ins.Unblock(investor, *WHY))
        # Past every pay, and past what an offer may be funded until.
        self.advance(60 * DAY)
        for known, root in list(self.book.distributions.items()):
            if root.stopped and root.status in ("POSTED", "FUNDED"):
                must(ins.ResumeDividend(known))
            if root.status == "FUNDED":
                self._all_have(known)
        for offer in self.offers:
            self._all_out(offer)
        for _ in range(2):
            end = self.ends.endings.get(HELD)
            if end is None:
                self.end = ""
                self.an_end("LIQU", 1)
        end = self.ends.endings[HELD]
        self.advance(max(end.end_at - self.model.now(), 0))
        if end.status == "OPENED":
            self.paper.buy(SPUN, 10_000)
            must(ins.AttestReserve(SPUN, self.paper.told(SPUN)))
            quote = ins.QuoteTerms(self.named("q"), self.model.now() + HOUR, self.model.multiplier(SPUN).generation)
            must(ins.FundStablecoin(TREASURY, Stablecoin(1)))
            self.coins += 1
            must(ins.Mint(SPUN, TREASURY, raw(1_000 * WHOLE), Stablecoin(1), quote))
            must(ins.ArmEnd(HELD, TREASURY))
        self.burn_for(PEOPLE)
        for account in PEOPLE:
            assert self.model.balance(HELD, account).value == 0, account
        for account in list(self.ends.endings[HELD].parked):
            must(ins.TakeAtEnd(HELD, account, KEEPER))
        assert not self.ends.endings[HELD].parked
        self.the_books_are_closed()

    def must(self, order: ins.Instruction) -> None:
        """Give what cannot be refused."""
        answer = self.give(order)
        assert answer == DONE, f"{order}: {answer}"

    def _all_have(self, known: str) -> None:
        """Everybody has what a root gives."""
        self.paid(known, ins.PushDividend(
            known, 0, tuple(self.leaf(known, one) for one in range(len(PEOPLE))),
            ins.proof_nodes(self.trees[known].proof(0)[7:]), KEEPER,
        ))  # fmt: skip
        for place in sorted(self.book.distributions[known].parked):
            self.paid(known, ins.PayParked(known, place, KEEPER, PEOPLE[place]))
        assert self.book.distributions[known].unpaid == 0
        assert sum(self.paper.got[known].values()) == self.trees[known].root.sum

    def _all_out(self, offer: str) -> None:
        """Nothing of an offer waits for anybody."""
        found = self.escrow.offers[offer]
        other = SPUN if SPUN in (found.token, found.given) else ""
        for account in sorted(found.positions):
            self.must(ins.ClaimOffer(HELD, offer, account, self.paper.heir(account), other))
        if found.taken or found.proceeds:
            self.must(ins.CollectOffer(HELD, offer, KEEPER, other))
        assert (found.taken, found.proceeds) == (0, 0)
        assert found.coins <= 3
        assert found.minted <= 10

    def the_books_are_closed(self) -> None:
        """No unit is left but what rounding left in the escrow of offers, and the funder has the rest."""
        assert self.paper.supply(HELD) == self.model.balance(HELD, OFFERS).value <= 10 * len(self.offers)
        self.must(ins.CloseEnd(HELD))
        assert self.ends.endings[HELD].cash == 0
        self.units_and_coins_are_where_the_model_has_them()
        self.every_unit_is_counted_once()
        self.a_root_gives_its_sum_and_each_leaf_once()


def test_actions_of_all_codes_at_once(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Mixing, 5, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {
        *("Announce", "Schedule", "AnnounceRecord", "AnnounceCash", "PostRoot", "FundUnits", "FundDividend"),
        *("ClaimDividend", "PushDividend", "OpenElection", "Elect", "OpenVote", "CastVote", "OpenOffer"),
        *(
            "ChooseInOffer",
            "FundOffer",
            "Mint",
            "Transfer",
            "Block",
            "RecoverWallet",
            "BeginEnd",
            "ArmEnd",
            "BurnForHolders",
            "CloseEnd",
        ),
    }
