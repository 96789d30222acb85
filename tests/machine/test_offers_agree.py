"""Offers, model against contract: holders who try everything, a desk that funds late or not, officers, splits, blocks.

The units that wait in the escrow are those of the positions and what waits to be collected, always. What is paid of an
offer is never more than came in for it. Nobody is taken more than it put in. At the end of every story whatever is open
is closed, and everybody has got what is theirs: nothing is left in the escrow but what rounding leaves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine import states
from machine.stories import Story, tell
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.offers import open_escrow
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.dividends import DividendDesign
from scrip.evm.handlers.offers import hex_of, read_due, read_offer, read_positions
from scrip.evm.labels import UNLIMITED
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.instructions.base import ISSUER, TREASURY
from scrip.instructions.subjects import Subjects
from scrip.labels import OFFERS
from scrip.ledger import EVM
from scrip.model.laws.offers import needs, offer_number, outcome
from scrip.model.ledger import ModelLedger
from scrip.model.offers import final_of
from scrip.model.state.dividends import Dividends
from scrip.model.state.offers import Offers
from scrip.units import EVM_DECIMALS, WAD, RawUnits, Shares, Stablecoin, Wad

EXAMPLES, STEPS = int(os.environ.get("SCRIP_OFFER_EXAMPLES", "20")), 60
DAY, WHOLE, COINS = 86_400, 10**18, 10**12
STOCK, OTHER = "ACME", "NEXT"
HOLDERS = ("alice", "bob", "mallory")
FRESH = ("fresh0", "fresh1")
TAKER = "taker"
EVERYBODY = (*HOLDERS, *FRESH, TAKER, TREASURY, OFFERS)
WHY = (7, "order")
EX = START - START % DAY + 4 * DAY
RECORD, DEADLINE, PAY = EX + DAY, EX + 6 * DAY, EX + 8 * DAY
REFERENCES = {"TEND": ("taken", "burnt"), "RHTS": ("rights",), "MRGR": ("merger",)}

holders = st.sampled_from(HOLDERS)
people = st.sampled_from((*HOLDERS, *FRESH))
units = st.sampled_from([0, 1, WHOLE, 3 * WHOLE + 7, 40 * WHOLE, 99 * WHOLE + 1, 2**95])
offers_ = st.integers(0, 3)


def paid(**more: object) -> ins.RecordTerms:
    """Terms of an offer that is paid at par."""
    given = {"pay": PAY, "deadline": DEADLINE, "currency": "USD", "asset": "stablecoin", "rate": WAD, "source": "par"}
    return ins.RecordTerms(**given | more)


TERMS = {
    "taken": paid(price=Wad(400 * WAD + 1), most=50 * WHOLE + 1),
    "burnt": paid(price=Wad(WAD // 3)),
    "rights": paid(
        ex=datetime.fromtimestamp(EX, UTC).date(),
        record_at=RECORD,
        expiry=PAY,
        price=Wad(WAD * 3 // 2),
        num=1,
        den=4,
        other=OTHER,
    ),
    "merger": paid(gross=Wad(90 * WAD), num=1, den=3, other=OTHER),
}
WISHES = {"taken": (TAKER, 0), "burnt": ("", 0), "rights": ("", 120 * WHOLE), "merger": ("", 30 * WHOLE)}


class Prepared:
    """Two stocks, their book and four open offers on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        suite = open_distributor(chain, deploy_suite(chain), DividendDesign(TREASURY, "tax"), ISSUER)
        self.escrow = open_escrow(chain, suite, ISSUER).offers
        assert self.escrow is not None
        self.ledger = EvmLedger(chain, replace(suite, offers=self.escrow))
        self.model.state.dividends = Dividends(TREASURY, "tax")
        self.model.state.offers = Offers()
        twins = Twins(self.model, {"revm": self.ledger}, ())
        for stock, isin in ((STOCK, "US0000000001"), (OTHER, "US0000000002")):
            twins.must(ins.CreateStock(stock, "Acme", isin))
            twins.must(ins.ConfigureReserve(stock, 365 * DAY, 0, Shares.of(10**6)))
            twins.must(ins.AttestReserve(stock, Shares.of(10**6)))
        for account in (*HOLDERS, TAKER):
            twins.must(ins.Onboard(f"inv-{account}", account, 276, "retail", START + 9 * DAY))
        for account in HOLDERS:
            for stock in (STOCK, OTHER):
                self.given(twins, stock, account, 100 * WHOLE)
            twins.must(ins.FundStablecoin(account, Stablecoin(COINS)))
        twins.must(ins.FundStablecoin(TREASURY, Stablecoin(COINS)))
        for account in (*HOLDERS, *FRESH, TREASURY, ISSUER):
            chain.send(suite.stablecoin, "approve", self.escrow.address, UNLIMITED, sender=account)
        self.offers = [self.opened(twins, code, one) for code, names in REFERENCES.items() for one in names]
        self.mark = chain.mark()

    def given(self, twins: Twins, stock: str, account: str, amount: int) -> None:
        """Units that an account bought."""
        generation = self.ledger.multiplier(stock).generation
        terms = ins.QuoteTerms(f"{stock} {account}", START + DAY, generation)
        twins.must(ins.FundStablecoin(account, Stablecoin(1)))
        twins.must(ins.Mint(stock, account, RawUnits(amount, 18), Stablecoin(1), terms))

    def opened(self, twins: Twins, code: str, name: str) -> str:
        """An offer that takes choices."""
        twins.must(ins.AnnounceRecord(STOCK, code, name, TERMS[name]))
        action = self.ledger.action_id(STOCK, code, name)
        at = bytes.fromhex(self.escrow.address[2:])
        offer = hex_of(offer_number(self.chain.chain_id(), at, action, 0, code, DEADLINE))
        taker, most = WISHES[name]
        place = (STOCK, code, name, 0, TREASURY, offer)
        other = OTHER if TERMS[name].other else ""
        twins.must(ins.OpenOffer(*place, taker, RawUnits(most, EVM_DECIMALS), other))
        return offer

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        self.ledger._approved.clear()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


class Offering(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.offers = prepared().offers
        self.kept = self.model.state.offers
        self.coins = sum(self.model.market.coins.values())
        self.came = dict.fromkeys(self.offers, 0)
        self.splits = 0
        for place in range(len(self.offers)):
            for number, account in enumerate(HOLDERS[: 1 + place % 3]):
                self.choose(place, account, (3 + 5 * number) * WHOLE + number, WHOLE)

    def told(self, place: int) -> tuple[str, str]:
        """An offer, and its second stock."""
        offer = self.offers[place]
        found = self.kept.offers[offer]
        return offer, OTHER if OTHER in (found.token, found.given) else ""

    # --- holders ---

    @rule(place=offers_, account=people, amount=units, more=st.sampled_from([0, 0, 1, WHOLE, 60 * WHOLE]))
    def choose(self, place: int, account: str, amount: int, more: int) -> None:
        offer, other = self.told(place)
        found = self.kept.offers[offer]
        before = found.coins
        more = 0 if found.agreed.code == "TEND" else more
        pair = (RawUnits(amount, 18), RawUnits(more, 18))
        self.give(ins.ChooseInOffer(STOCK, offer, account, *pair, other))
        self.came[offer] += found.coins - before

    @rule(place=offers_, account=holders, by=st.sampled_from(["", "", "bob", "fresh0"]))
    def withdraw(self, place: int, account: str, by: str) -> None:
        offer, other = self.told(place)
        found = self.kept.offers[offer]
        before = found.coins
        self.give(ins.WithdrawChoice(STOCK, offer, account, by, other))
        self.came[offer] += found.coins - before

    @rule(place=offers_, account=people, by=st.sampled_from(["", "", "bob", "fresh0", "fresh1"]))
    def claim(self, place: int, account: str, by: str) -> None:
        offer, other = self.told(place)
        self.give(ins.ClaimOffer(STOCK, offer, account, by, other))

    @rule(account=people, operator=st.sampled_from(["bob", "fresh0"]), approved=st.booleans())
    def operator(self, account: str, operator: str, approved: bool) -> None:
        self.give(ins.SetOfferOperator(account, operator, approved))

    @rule(stock=st.sampled_from([STOCK, OTHER]), sender=holders, to=holders, amount=units)
    def transfer(self, stock: str, sender: str, to: str, amount: int) -> None:
        self.give(ins.Transfer(stock, sender, to, RawUnits(amount, 18)))

    # --- the desk ---

    @rule(place=offers_, by=st.sampled_from([TREASURY, ISSUER, ISSUER, "mallory"]), off=st.sampled_from([0, 0, 0, 1]))
    def fund(self, place: int, by: str, off: int) -> None:
        offer, other = self.told(place)
        found = self.kept.offers[offer]
        due, _ = needs(final_of(self.model.state, found), found.total, found.more)
        before = found.coins
        self.give(ins.FundOffer(STOCK, offer, Stablecoin(due + off), by, other))
        self.came[offer] += found.coins - before

    @rule(place=offers_, accounts=st.lists(people, max_size=3).map(tuple))
    def settle(self, place: int, accounts: tuple[str, ...]) -> None:
        offer, other = self.told(place)
        self.give(ins.SettleOffer(STOCK, offer, accounts, "mallory", other))

    @rule(place=offers_)
    def collect(self, place: int) -> None:
        offer, other = self.told(place)
        self.give(ins.CollectOffer(STOCK, offer, "mallory", other))

    @rule(place=offers_, what=st.sampled_from(["stop", "resume", "cancel", "let out", "sweep"]))
    def officer(self, place: int, what: str) -> None:
        offer, other = self.told(place)
        orders = {
            "stop": ins.StopOffer(STOCK, offer, other),
            "resume": ins.ResumeOffer(STOCK, offer, other),
            "cancel": ins.CancelOffer(STOCK, offer, *WHY, other),
            "let out": ins.LetOut(STOCK, offer, *WHY, "mallory", other),
            "sweep": ins.SweepOffer(STOCK, offer, other),
        }
        self.give(orders[what])

    @rule(place=offers_)
    def withdrawn_by_the_book(self, place: int) -> None:
        found = self.kept.offers[self.offers[place]]
        self.give(ins.CancelRecord(STOCK, found.agreed.code, found.reference, *WHY))

    @rule(place=offers_, account=holders, to=holders, amount=st.sampled_from([0, 1, WHOLE, 40 * WHOLE]))
    def seize(self, place: int, account: str, to: str, amount: int) -> None:
        offer, other = self.told(place)
        found = self.kept.offers[offer]
        before, opened = found.coins, found.status(self.model.now()) == "OPEN"
        self.give(ins.EnforceOffer(STOCK, offer, account, to, RawUnits(amount, 18), *WHY, other))
        self.came[offer] += found.coins - before if opened else 0

    @rule(place=offers_, account=holders)
    def a_change_of_mind(self, place: int, account: str) -> None:
        """As far as nothing stops it: in, out, and in again, new choices stopped in between."""
        offer, other = self.told(place)
        self.choose(place, account, 2 * WHOLE + 1, 0)
        self.give(ins.StopOffer(STOCK, offer, other))
        self.withdraw(place, account, "")
        self.choose(place, account, WHOLE, 0)
        self.give(ins.ResumeOffer(STOCK, offer, other))
        self.choose(place, account, WHOLE, 0)

    @rule(is_split=st.booleans())
    def multiplier(self, is_split: bool) -> None:
        (self.split if is_split else self.dividend)()

    def split(self) -> None:
        self.splits += 1
        at = self.model.now() + 2 * DAY
        day = datetime.fromtimestamp(at, UTC).date()
        name = f"split {self.splits}"
        if self.give(ins.Announce(STOCK, "SPLF", name, day, at, 2, 1)) == DONE:
            self.give(ins.Schedule(STOCK, "SPLF", name))

    def dividend(self) -> None:
        self.splits += 1
        at = self.model.now() + 3 * DAY
        day = datetime.fromtimestamp(at, UTC).date()
        name = f"dividend {self.splits}"
        order = ins.Announce(STOCK, "DRIP", name, day, at, gross=Wad(WAD), pay=at + DAY)
        if self.give(order) == DONE:
            self.give(ins.Schedule(STOCK, "DRIP", name, Wad(100 * WAD)))

    # --- people, and time ---

    @rule(account=holders, blocked=st.sampled_from([True, False, False]))
    def block(self, account: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(f"inv-{account}", *WHY))

    @rule(stock=st.sampled_from([STOCK, OTHER]), account=holders, frozen=st.sampled_from([True, False, False]))
    def freeze(self, stock: str, account: str, frozen: bool) -> None:
        self.give(ins.Freeze(stock, account, frozen, *WHY))

    @rule(old=st.sampled_from(("alice", "bob")), new=st.sampled_from(FRESH))
    def recover(self, old: str, new: str) -> None:
        self.give(ins.RecoverWallet(f"inv-{old}", old, new, *WHY, (STOCK, OTHER)))

    @rule(what=st.sampled_from([ins.Pause(STOCK), ins.Unpause(STOCK), ins.Unpause(STOCK)]))
    def pause(self, what: ins.Instruction) -> None:
        if isinstance(what, ins.Pause) != self.model.stocks[STOCK].token.paused:
            self.give(what)

    @rule(days=st.sampled_from([0, 1, 3]), shares=st.sampled_from([10**6, 10**6, 100]))
    def wait(self, days: int, shares: int) -> None:
        self.advance(days * DAY + 1)
        for stock in (STOCK, OTHER):
            self.give(ins.AttestReserve(stock, Shares.of(shares)))

    @rule(accounts=st.lists(holders, min_size=1, max_size=3, unique=True), place=offers_)
    def a_whole_offer(self, accounts: list[str], place: int) -> None:
        """As far as nothing stops it: some choose, it is funded, one page is settled, all fetch."""
        for number, account in enumerate(accounts):
            self.choose(place, account, (7 + 20 * number) * WHOLE + number, 3 * WHOLE)
        self.advance(max(DEADLINE + 1 - self.model.now(), 0))
        for stock in (STOCK, OTHER):
            self.give(ins.AttestReserve(stock, Shares.of(10**6)))
        self.fund(place, ISSUER if place > 1 else TREASURY, 0)
        self.settle(place, tuple(accounts[:1]))
        self.advance(max(PAY - self.model.now(), 0))
        for account in accounts:
            self.claim(place, account, "")
        self.collect(place)

    # --- what always holds ---

    @invariant()
    def units_and_coins_are_where_the_model_has_them(self) -> None:
        ledger = prepared().ledger
        for account in EVERYBODY:
            for stock in (STOCK, OTHER):
                assert ledger.balance(stock, account) == self.model.balance(stock, account), account
            assert ledger.stablecoin(account) == self.model.stablecoin(account), account
        assert sum(self.model.market.coins.values()) == self.coins

    @invariant()
    def the_units_that_wait_are_those_of_the_positions(self) -> None:
        held, coins = {STOCK: 0, OTHER: 0}, 0
        for found in self.kept.offers.values():
            carried_out = found.status(self.model.now()) in ("FUNDED", "SWEPT")
            coins += found.coins + found.proceeds
            held[found.token] += found.taken
            if found.given:
                held[found.given] += found.minted
            for one in found.positions.values():
                if not one.settled:
                    held[found.token] += one.first + (one.second if found.agreed.code == "MRGR" else 0)
                elif found.agreed.code == "TEND" or not carried_out:
                    held[found.token] += one.first
        for stock, there in held.items():
            assert prepared().ledger.balance(stock, OFFERS).value == there, stock
        assert prepared().ledger.stablecoin(OFFERS).value == coins

    @invariant()
    def nobody_is_taken_more_than_it_chose_nor_paid_more_than_came_in(self) -> None:
        for offer, found in self.kept.offers.items():
            if found.status(self.model.now()) != "FUNDED":
                continue
            ends = [
                (one, outcome(found.settled_on, one.first, one.second, found.total, found.more))
                for one in found.positions.values()
                if not one.settled
            ]
            assert all(end.taken <= one.first + one.second for one, end in ends)
            due = sum(end.coins + end.proceeds for _, end in ends)
            due += sum(one.second for one in found.positions.values() if one.settled)
            assert due <= found.coins <= self.came[offer]
            if found.agreed.code != "TEND":
                given = sum(end.units for _, end in ends)
                given += sum(one.first for one in found.positions.values() if one.settled)
                assert given <= found.minted

    @invariant()
    def the_escrow_says_what_the_model_says(self) -> None:
        chain, escrow = prepared().chain, prepared().escrow
        at = {chain.address(one): one for one in (*HOLDERS, *FRESH)}
        for offer, found in self.kept.offers.items():
            shown = read_offer(chain, escrow, offer)
            assert shown is not None
            assert (shown.status, shown.stopped) == (found.status(self.model.now()), found.stopped)
            assert (shown.total, shown.more, shown.taken, shown.minted) == (
                found.total,
                found.more,
                found.taken,
                found.minted,
            )
            assert {at[one]: held for one, held in read_positions(chain, escrow, offer, at).items()} == found.positions
            if shown.status == "FUNDED":
                for address, end in zip(at, read_due(chain, escrow, offer, at), strict=True):
                    one = found.position(at[address])
                    if one is not None and not one.settled:
                        told = outcome(found.settled_on, one.first, one.second, found.total, found.more)
                        assert (end.taken, end.units, end.coins) == (told.taken, told.units, told.coins)

    @rule()
    def read(self) -> None:
        """A model that is read from the chain is the model."""
        names = frozenset(one for names in REFERENCES.values() for one in names)
        subjects = Subjects(
            frozenset({STOCK, OTHER}),
            frozenset(EVERYBODY),
            frozenset(f"inv-{one}" for one in (*HOLDERS, TAKER)),
            references=names,
            offers=frozenset(self.offers),
        )
        found = states.read(prepared().ledger, subjects)
        assert found.state.offers is not None
        for offer, mine in self.kept.offers.items():
            assert found.state.offers.offers[offer] == mine
        type(self).counts["read"] += 1

    def teardown(self) -> None:
        """An honest issuer ends its stops; then nothing waits for anybody."""
        for stock in (STOCK, OTHER):
            if self.model.stocks[stock].token.paused:
                self.twins.must(ins.Unpause(stock))
            for account in (*HOLDERS, *FRESH):
                self.twins.must(ins.Freeze(stock, account, False, *WHY))
        for investor, record in self.model.investors.records.items():
            if record.blocked:
                self.twins.must(ins.Unblock(investor, *WHY))
        self.advance(max(PAY + 30 * DAY - self.model.now(), 1))
        for investor in self.model.investors.records:
            self.twins.must(ins.Renew(investor, self.model.now() + DAY))
        for place, offer in enumerate(self.offers):
            found, other = self.kept.offers[offer], self.told(place)[1]
            for account in sorted(found.positions):
                heir = self.model.investors.successor_of(account)
                self.twins.must(ins.ClaimOffer(STOCK, offer, account, heir, other))
            if found.taken or found.proceeds:
                self.twins.must(ins.CollectOffer(STOCK, offer, "stranger", other))
            assert (found.taken, found.proceeds) == (0, 0)
            assert found.coins <= 3
            assert found.minted <= 10
        self.units_and_coins_are_where_the_model_has_them()
        self.the_units_that_wait_are_those_of_the_positions()


def test_model_and_escrow_agree_and_everybody_gets_what_is_theirs(
    record_property: Callable[[str, object], None],
) -> None:
    """Dear, for four offers of three kinds are carried to their ends in every story."""
    counts = tell(Offering, 5, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {
        *("ChooseInOffer", "WithdrawChoice", "ClaimOffer", "FundOffer", "SettleOffer", "CollectOffer"),
        *("EnforceOffer", "CancelOffer", "StopOffer", "ResumeOffer", "RecoverWallet", "Block", "read"),
    }
