"""The queue of subscriptions, model against contract: a malicious investor, a slow desk, a short reserve, officers.

After every step units and coins are where the model has them, and every coin is with an account, somebody's request or
in the treasury. At the end of every story whatever is open is closed, with no signature but those of the people whose
it is: what the desk does not fill anyone sends back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine import states
from machine.stories import Story, tell
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.deploy.vaults import open_vault
from scrip.evm.handlers.subscriptions import read_subscriptions
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.evm.vaults import ENTERING, VaultDesign
from scrip.instructions.base import ISSUER, TREASURY
from scrip.instructions.subjects import Subjects
from scrip.labels import STABLECOIN, entry_label
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state import VaultTerms
from scrip.units import RawUnits, Shares, Stablecoin

EXAMPLES, STEPS = int(os.environ.get("SCRIP_SUBSCRIPTION_EXAMPLES", "20")), 50
DAY, HOUR, WHOLE, MONEY = 86_400, 3_600, 10**18, 10**6
STOCK, AT = "ACME", entry_label("ACME")
OWNERS = ("alice", "alice2", "bob", "mallory")
"""Alice with two wallets, Bob, and Mallory, who is cleared and tries everything."""
FRESH = ("fresh0", "fresh1", "fresh2")
EVERYBODY = (*OWNERS, *FRESH, "keeper")
INVESTORS = {"alice": "inv-alice", "alice2": "inv-alice", "bob": "inv-bob", "mallory": "inv-mallory"}
TERMS = VaultTerms(100 * MONEY, DAY, 2_000)
PRICE = Stablecoin.parse("400")
WHY = (7, "order")

people = st.sampled_from(EVERYBODY)
owners = st.sampled_from(OWNERS)
sums = st.sampled_from([0, 1, 100 * MONEY - 1, 100 * MONEY, 1_234 * MONEY + 7, 4_000 * MONEY, 10**13, 2**128])
units = st.sampled_from([0, 1, WHOLE, 7 * WHOLE + 3, 2**128])
some = st.lists(people, min_size=1, max_size=4).map(tuple)
senders = st.sampled_from(["", "", "", "keeper", "mallory"])


class Prepared:
    """A stock with a vault into it on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        chain = RevmChain(START)
        self.ledger = EvmLedger(chain, deploy_suite(chain))
        twins = Twins(self.model, {"revm": self.ledger}, ())
        twins.must(ins.CreateStock(STOCK, "Acme", "US0000000001"))
        twins.must(ins.AttestReserve(STOCK, Shares.of(10**6)))
        twins.must(ins.ConfigureReserve(STOCK, 365 * DAY, 0, Shares.of(10**6)))
        for wallet, investor in INVESTORS.items():
            link = ins.LinkWallet(investor, wallet)
            twins.must(link if wallet == "alice2" else ins.Onboard(investor, wallet, 276, "retail", START + 10 * DAY))
        for account in (*OWNERS, TREASURY):
            twins.must(ins.FundStablecoin(account, Stablecoin(10**12)))
        design = VaultDesign(STOCK, Stablecoin(TERMS.minimum), TERMS.patience, TERMS.band_bps, PRICE, ENTERING)
        self.entry = open_vault(chain, design, STABLECOIN, ISSUER, TREASURY)
        self.ledger.vaults[AT] = self.entry
        self.model.open_entry(STOCK, TERMS, PRICE)
        self.mark = chain.mark()

    def start(self) -> Twins:
        chain = self.ledger.chain
        chain.back_to(self.mark)
        self.mark = chain.mark()
        self.ledger._approved.clear()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


class Entering(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.entry = self.model.stocks[STOCK].entries[STABLECOIN]
        self.chain = prepared().ledger.chain
        self.serial = 0
        self.struck: list[str] = []
        self.coins = sum(self.model.market.coins.values())

    # --- investors ---

    @rule(owner=owners, controller=st.one_of(st.just(""), people), amount=sums, by=senders)
    def pay_in(self, owner: str, controller: str, amount: int, by: str) -> None:
        self.give(ins.RequestSubscription(STOCK, owner, Stablecoin(amount), controller, by))

    @rule(owner=owners, back=st.booleans(), late=st.sampled_from([0, DAY]), shares=st.sampled_from([0, 10**6, 10**6]))
    def a_request_from_beginning_to_end(self, owner: str, back: bool, late: int, shares: int) -> None:
        """As far as nothing stops it."""
        self.custodian(shares)
        self.give(ins.RequestSubscription(STOCK, owner, Stablecoin(4_000 * MONEY)))
        self.advance(late)
        if back:
            self.give(ins.CallBackCoins(STOCK, owner))
            self.give(ins.FetchRefund(STOCK, owner))
        else:
            self.fill(100, EVERYBODY, 0)
            self.give(ins.FetchSubscribed(STOCK, owner, RawUnits(WHOLE, 18)))

    @rule(first=owners, second=owners, short=st.booleans(), forced=st.booleans())
    def an_ordinary_day(self, first: str, second: str, short: bool, forced: bool) -> None:
        """As far as nothing stops it: two subscribe, all are filled, the first gets its units, by force or not."""
        self.give(ins.OpenEntry(STOCK))
        for owner in (first, second):
            self.give(ins.RequestSubscription(STOCK, owner, Stablecoin(1_234 * MONEY + 7)))
        self.custodian(0 if short else 10**6)
        self.fill(100, EVERYBODY, 0)
        if forced:
            self.give(ins.ReturnSubscribed(STOCK, first, *WHY))
        else:
            self.give(ins.FetchSubscribed(STOCK, first, RawUnits(WHOLE, 18)))

    @rule(controller=people, by=st.one_of(senders, people))
    def call_back(self, controller: str, by: str) -> None:
        self.give(ins.CallBackCoins(STOCK, controller, by))

    @rule(controller=people, receiver=st.one_of(st.just(""), people), by=st.one_of(senders, people))
    def fetch_refund(self, controller: str, receiver: str, by: str) -> None:
        self.give(ins.FetchRefund(STOCK, controller, receiver, by))

    @rule(controller=people, receiver=st.one_of(st.just(""), people), by=st.one_of(senders, people), amount=units)
    def fetch_units(self, controller: str, receiver: str, by: str, amount: int) -> None:
        there = self.entry.claim_of(controller).units
        self.give(ins.FetchSubscribed(STOCK, controller, RawUnits(min(amount, there) or amount, 18), receiver, by))

    @rule(controllers=some, by=people)
    def fetch_all(self, controllers: tuple[str, ...], by: str) -> None:
        self.give(ins.FetchEntered(STOCK, controllers, by))

    @rule(account=people, operator=people, approved=st.sampled_from([True, True, False]))
    def operator(self, account: str, operator: str, approved: bool) -> None:
        self.give(ins.SetOperator(STOCK, account, operator, approved, entry=True))

    @rule(place=st.integers(0, 9), part=st.integers(1, 10))
    def whoever_has_something_fetches_it(self, place: int, part: int) -> None:
        if found := sorted({*self.entry.called_back, *self.entry.claims}):
            one = found[place % len(found)]
            heir = self.model.investors.successor_of(one)
            if one in self.entry.called_back:
                self.give(ins.FetchRefund(STOCK, one, heir, heir))
            else:
                amount = RawUnits(self.entry.claim_of(one).units * part // 10, 18)
                self.give(ins.FetchSubscribed(STOCK, one, amount, heir, heir))

    @rule(controllers=some, by=st.sampled_from(["mallory", "keeper", ISSUER]), late=st.sampled_from([0, 0, DAY]))
    def send_back(self, controllers: tuple[str, ...], by: str, late: int) -> None:
        self.advance(late)
        self.give(ins.SendBack(STOCK, controllers, by))

    # --- the desk ---

    @rule(
        percent=st.sampled_from([100, 100, 100, 90, 120, 121, 79, 0]),
        controllers=st.one_of(some, st.just(EVERYBODY)),
        late=st.sampled_from([0, 0, 1, HOUR]),
    )
    def fill_some(self, percent: int, controllers: tuple[str, ...], late: int) -> None:
        self.fill(percent, controllers, late)

    def fill(self, percent: int, controllers: tuple[str, ...], late: int) -> None:
        """The desk strikes at so many percent of the last price, and fills."""
        self.serial += 1
        self.advance(1)
        price = Stablecoin(self.entry.last * percent // 100)
        name = f"s{self.serial}"
        self.struck.append(name)
        if self.give(ins.Strike(STOCK, name, price, self.model.now() + HOUR, entry=True)) == DONE:
            self.advance(late)
        self.give(ins.FillSubscriptions(STOCK, name, controllers))

    @rule(percent=st.sampled_from([0, 95, 130]), void=st.booleans())
    def prices(self, percent: int, void: bool) -> None:
        """The last price struck is void, or prices are held to another."""
        if void:
            self.give(ins.VoidStrike(STOCK, self.struck[-1] if self.struck else "none", entry=True))
        else:
            self.give(ins.SetReference(STOCK, Stablecoin(PRICE.value * percent // 100), entry=True))

    @rule(stray=st.sampled_from([0, 7]))
    def skim(self, stray: int) -> None:
        """What somebody sent to the vault by mistake is the treasury's."""
        coin, market = prepared().ledger.suite.stablecoin, self.model.market
        self.chain.send(coin, "mint", self.chain.address(AT), stray, sender=TREASURY)
        market.coins[AT] = market.coins_of(AT) + stray
        self.coins += stray
        self.give(ins.SkimVault(STOCK, "keeper", entry=True))

    @rule(shares=st.sampled_from([5, 15, 10**6, 10**6]))
    def custody(self, shares: int) -> None:
        self.custodian(shares)

    def custodian(self, shares: int) -> None:
        """The custodian holds this many, and says so."""
        self.give(ins.AttestReserve(STOCK, Shares.of(shares)))

    # --- officers, and time ---

    @rule(closed=st.sampled_from([True, False, False]))
    def close(self, closed: bool) -> None:
        self.give((ins.CloseEntry if closed else ins.OpenEntry)(STOCK))

    @rule(wallet=owners, blocked=st.sampled_from([True, False, False]))
    def block(self, wallet: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[wallet], *WHY))

    @rule(account=people, frozen=st.sampled_from([True, False, False]))
    def freeze(self, account: str, frozen: bool) -> None:
        self.give(ins.Freeze(STOCK, account, frozen, *WHY))

    @rule(owner=owners, account=people, approved=st.sampled_from([True, True, False]))
    def approve(self, owner: str, account: str, approved: bool) -> None:
        self.give(ins.ApproveAccount(STOCK, owner, account, approved, entry=True))

    @rule(controller=people, place=st.integers(0, 9))
    def hand_over(self, controller: str, place: int) -> None:
        found = [*sorted(self.entry.claims), controller]
        self.give(ins.ReturnSubscribed(STOCK, found[place % len(found)], *WHY))

    @rule(old=st.sampled_from(("alice", "bob", "fresh0")), new=st.sampled_from(FRESH))
    def recover(self, old: str, new: str) -> None:
        investor = self.model.investors.investor_of(old) or "inv-bob"
        self.give(ins.RecoverWallet(investor, old, new, *WHY, (STOCK,)))

    @rule(what=st.sampled_from([ins.Pause(STOCK), ins.Unpause(STOCK), ins.Unpause(STOCK)]))
    def pause(self, what: ins.Instruction) -> None:
        if isinstance(what, ins.Pause) != self.model.stocks[STOCK].token.paused:
            self.give(what)

    @rule(stop=st.sampled_from([True, False, False, False]))
    def halt(self, stop: bool) -> None:
        if stop != self.model.fleet.halted:
            self.give(ins.Halt() if stop else ins.Unhalt())

    @rule(seconds=st.sampled_from([1, HOUR, DAY, 3 * DAY, 9 * DAY]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    # --- what always holds ---

    @invariant()
    def units_and_coins_are_where_the_model_has_them(self) -> None:
        ledger = prepared().ledger
        for account in (*EVERYBODY, AT):
            assert ledger.balance(STOCK, account) == self.model.balance(STOCK, account), account
        for account in (*EVERYBODY, TREASURY, AT):
            assert ledger.stablecoin(account) == self.model.stablecoin(account), account
        assert ledger.supply(STOCK) == self.model.supply(STOCK)

    @invariant()
    def every_unit_and_every_coin_has_a_name(self) -> None:
        """A coin in the vault is somebody's request; a unit there was made for somebody's coins."""
        assert self.entry.requested == self.model.market.coins_of(AT)
        assert self.entry.owed == self.model.balance(STOCK, AT).value
        assert sum(self.model.market.coins.values()) == self.coins

    @invariant()
    def the_book_is_the_models(self) -> None:
        at = {self.chain.address(one): one for one in EVERYBODY}
        entry = prepared().entry
        for address, found in read_subscriptions(self.chain, entry, at).items():
            one = at[address]
            waiting, claim = self.entry.waiting_of(one), self.entry.claim_of(one)
            assert (found.waiting, found.since) == (waiting.units, waiting.since), one
            assert (found.filled, found.units) == (claim.coins, claim.units), one
            assert found.called_back == self.entry.called_back.get(one, 0), one
        assert self.chain.call(entry, "totalRequested") == self.entry.requested
        assert self.chain.call(entry, "totalClaimable") == self.entry.owed

    @rule()
    def read(self) -> None:
        """A model that is read from the chain is the model, of everybody and every strike."""
        accounts = frozenset((*EVERYBODY, TREASURY, AT))
        subjects = Subjects(frozenset({STOCK}), accounts, frozenset(INVESTORS.values()), strikes=frozenset(self.struck))
        states.compare(self.model, states.read(prepared().ledger, subjects), subjects, "revm")
        type(self).counts["read"] += 1

    def teardown(self) -> None:
        """An honest issuer ends its stops and fills nothing; a stranger sends back, and everybody fetches theirs."""
        if self.model.fleet.halted:
            self.twins.must(ins.Unhalt())
        if self.model.stocks[STOCK].token.paused:
            self.twins.must(ins.Unpause(STOCK))
        for investor, record in self.model.investors.records.items():
            if record.blocked:
                self.twins.must(ins.Unblock(investor, *WHY))
            self.twins.must(ins.Renew(investor, self.model.now() + 10 * DAY))
        for account in EVERYBODY:
            self.twins.must(ins.Freeze(STOCK, account, False, *WHY))
        self.advance(DAY)
        self.twins.must(ins.SendBack(STOCK, EVERYBODY, "stranger"))
        for controller in EVERYBODY:
            heir = self.model.investors.successor_of(controller)
            self.twins.must(ins.FetchEntered(STOCK, (controller,), heir))
        assert (self.entry.requested, self.entry.owed) == (0, 0)
        self.units_and_coins_are_where_the_model_has_them()
        self.the_book_is_the_models()


def test_model_and_entry_agree_and_everything_can_be_closed(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Entering, 7, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {
        "RequestSubscription",
        "CallBackCoins",
        "FetchRefund",
        "FetchSubscribed",
        "FetchEntered",
        "FillSubscriptions",
        "SendBack",
        "ReturnSubscribed",
        "read",
    }
    assert any(name.startswith("FillSubscriptions: reserve") for name in counts)
