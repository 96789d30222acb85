"""The queue of requests to redeem, model against contract, with a malicious investor, a slow desk and officers.

After every step units and coins are where the model has them, and every coin is with an account, owed to a named claim
or in the treasury. At the end of every story an honest desk closes whatever is open, with no signature but those of the
people whose it is.
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
from scrip.evm.handlers.redemption import read_requests
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.evm.vaults import VaultDesign
from scrip.instructions.base import ISSUER, TREASURY
from scrip.instructions.subjects import Subjects
from scrip.labels import STABLECOIN, vault_label
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state import VaultTerms
from scrip.units import RawUnits, Shares, Stablecoin

EXAMPLES, STEPS = int(os.environ.get("SCRIP_REDEMPTION_EXAMPLES", "20")), 40
DAY, HOUR, WHOLE = 86_400, 3_600, 10**18
STOCK, AT = "ACME", vault_label("ACME")
OWNERS = ("alice", "alice2", "bob", "mallory")
"""Alice with two wallets, Bob, and Mallory, who is cleared and tries everything."""
FRESH = ("fresh0", "fresh1", "fresh2")
EVERYBODY = (*OWNERS, *FRESH, "keeper")
INVESTORS = {"alice": "inv-alice", "alice2": "inv-alice", "bob": "inv-bob", "mallory": "inv-mallory"}
TERMS = VaultTerms(5 * WHOLE, DAY, 2_000)
PRICE = Stablecoin.parse("400")
WHY = (7, "order")
DELIVERIES = tuple("0x" + digit * 64 for digit in "12")
"""Documents by their hashes, as a vault knows them."""

documents = st.sampled_from([*DELIVERIES, DELIVERIES[0], ""])
people = st.sampled_from(EVERYBODY)
owners = st.sampled_from(OWNERS)
amounts = st.sampled_from([0, 1, WHOLE, 5 * WHOLE, 7 * WHOLE + 3, 200 * WHOLE, 2**128])
some = st.lists(people, min_size=1, max_size=4).map(tuple)
senders = st.sampled_from(["", "", "", "keeper", "mallory"])


class Prepared:
    """A stock with a vault on revm, made once and wound back before each story."""

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
        for account in OWNERS:
            quote = ins.QuoteTerms(f"first {account}", START + HOUR, 0)
            twins.must(ins.Mint(STOCK, account, RawUnits(100 * WHOLE, 18), Stablecoin(1), quote))
        design = VaultDesign(STOCK, RawUnits(TERMS.minimum, 18), TERMS.patience, TERMS.band_bps, PRICE)
        self.vault = open_vault(chain, design, STABLECOIN, ISSUER, TREASURY)
        self.ledger.vaults[AT] = self.vault
        self.model.open_vault(STOCK, TERMS, PRICE).in_kind = True
        chain.send(self.vault, "setInKind", True, sender=ISSUER)
        self.mark = chain.mark()

    def start(self) -> Twins:
        chain = self.ledger.chain
        chain.back_to(self.mark)
        self.mark = chain.mark()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


class Queue(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.vault = self.model.stocks[STOCK].vaults[STABLECOIN]
        self.chain = prepared().ledger.chain
        self.serial = 0
        self.struck: list[str] = []
        self.coins = sum(self.model.market.coins.values())

    # --- holders ---

    @rule(owner=owners, controller=st.one_of(st.just(""), people), amount=amounts, by=senders)
    def ask(self, owner: str, controller: str, amount: int, by: str) -> None:
        self.give(ins.RequestRedemption(STOCK, owner, RawUnits(amount, 18), controller, by))

    @rule(owner=owners)
    def ask_plainly(self, owner: str) -> None:
        self.give(ins.RequestRedemption(STOCK, owner, RawUnits(6 * WHOLE, 18)))

    @rule(owner=owners, delivery=documents, receipt=documents)
    def the_shares_themselves(self, owner: str, delivery: str, receipt: str) -> None:
        """As far as nothing stops it."""
        self.give(ins.RequestInKind(STOCK, owner, RawUnits(6 * WHOLE, 18), delivery))
        self.deliver(owner, 0, delivery or DELIVERIES[0], receipt)

    @rule(controller=people, more=st.sampled_from([0, 0, 1]), delivery=documents)
    def delivery(self, controller: str, more: int, delivery: str) -> None:
        self.deliver(controller, more, delivery, DELIVERIES[0])

    def deliver(self, controller: str, more: int, delivery: str, receipt: str) -> None:
        """The custodian says that it keeps what waits for a controller, or one unit more."""
        amount = RawUnits(self.vault.waiting_of(controller).units + more, 18)
        self.give(ins.DeliverInKind(STOCK, controller, amount, delivery, receipt))

    @rule(owner=owners, back=st.booleans(), late=st.sampled_from([0, DAY]))
    def a_request_from_beginning_to_end(self, owner: str, back: bool, late: int) -> None:
        """As far as nothing stops it."""
        self.ask_plainly(owner)
        self.advance(late)
        self.give(ins.SuspendMints(STOCK, owner))
        if back:
            self.give(ins.CallBack(STOCK, owner))
            self.give(ins.FetchUnits(STOCK, owner))
        else:
            self.fill(100, EVERYBODY, 0)
            self.give(ins.FetchMoney(STOCK, owner, RawUnits(WHOLE, 18)))

    @rule(controller=people, by=st.one_of(senders, people))
    def call_back(self, controller: str, by: str) -> None:
        self.give(ins.CallBack(STOCK, controller, by))

    @rule(controller=people, receiver=st.one_of(st.just(""), people), by=st.one_of(senders, people))
    def fetch_units(self, controller: str, receiver: str, by: str) -> None:
        self.give(ins.FetchUnits(STOCK, controller, receiver, by))

    @rule(controller=people, receiver=st.one_of(st.just(""), people), by=st.one_of(senders, people), amount=amounts)
    def fetch_money(self, controller: str, receiver: str, by: str, amount: int) -> None:
        filled = self.vault.claim_of(controller).units
        self.give(ins.FetchMoney(STOCK, controller, RawUnits(min(amount, filled) or amount, 18), receiver, by))

    @rule(controllers=some, by=people)
    def fetch_all(self, controllers: tuple[str, ...], by: str) -> None:
        self.give(ins.FetchAll(STOCK, controllers, by))

    @rule(account=people, operator=people, approved=st.sampled_from([True, True, False]))
    def operator(self, account: str, operator: str, approved: bool) -> None:
        self.give(ins.SetOperator(STOCK, account, operator, approved))

    @rule(place=st.integers(0, 9))
    def whoever_has_something_fetches_it(self, place: int) -> None:
        units = bool(self.vault.called_back)
        if found := sorted(self.vault.called_back or self.vault.claims):
            one = found[place % len(found)]
            heir = self.model.investors.successor_of(one)
            amount = RawUnits(self.vault.claim_of(one).units * (place + 1) // 10, 18)
            self.give(
                ins.FetchUnits(STOCK, one, heir, heir) if units else ins.FetchMoney(STOCK, one, amount, heir, heir)
            )

    @rule(place=st.integers(0, 9), late=st.sampled_from([0, DAY, DAY]), back=st.booleans())
    def whoever_waits_loses_patience(self, place: int, late: int, back: bool) -> None:
        if found := sorted(self.vault.waiting):
            self.advance(late)
            one = found[place % len(found)]
            heir = self.model.investors.successor_of(one)
            self.give(ins.CallBack(STOCK, one, heir) if back else ins.SuspendMints(STOCK, one, "mallory"))

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
        price = Stablecoin(self.vault.last * percent // 100)
        name = f"s{self.serial}"
        self.struck.append(name)
        if self.give(ins.Strike(STOCK, name, price, self.model.now() + HOUR)) == DONE:
            self.advance(late)
        self.give(ins.FillRequests(STOCK, name, controllers))

    @rule(percent=st.sampled_from([0, 95, 130]), void=st.booleans())
    def prices(self, percent: int, void: bool) -> None:
        """The last price struck is void, or prices are held to another."""
        if void:
            self.give(ins.VoidStrike(STOCK, self.struck[-1] if self.struck else "none"))
        else:
            self.give(ins.SetReference(STOCK, Stablecoin(PRICE.value * percent // 100)))

    @rule(stray=st.sampled_from([0, 7]))
    def skim(self, stray: int) -> None:
        """What somebody sent to the vault by mistake is the treasury's."""
        coin, market = prepared().ledger.suite.stablecoin, self.model.market
        self.chain.send(coin, "mint", self.chain.address(AT), stray, sender=TREASURY)
        market.coins[AT] = market.coins_of(AT) + stray
        self.coins += stray
        self.give(ins.SkimVault(STOCK, "keeper"))

    @rule(amount=st.sampled_from([0, 10**9, 10**12]))
    def treasury(self, amount: int) -> None:
        """The treasury is left with this much, and what it had over goes to the keeper."""
        over = self.model.market.coins_of(TREASURY) - amount
        if over < 0:
            self.coins -= over
            self.give(ins.FundStablecoin(TREASURY, Stablecoin(-over)))
        else:
            market = self.model.market
            market.coins[TREASURY], market.coins["keeper"] = amount, market.coins_of("keeper") + over
            coin = prepared().ledger.suite.stablecoin
            self.chain.send(coin, "transfer", self.chain.address("keeper"), over, sender=TREASURY)

    # --- officers, and time ---

    @rule(wallet=owners, blocked=st.sampled_from([True, False, False]))
    def block(self, wallet: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[wallet], *WHY))

    @rule(account=people, frozen=st.sampled_from([True, False, False]))
    def freeze(self, account: str, frozen: bool) -> None:
        self.give(ins.Freeze(STOCK, account, frozen, *WHY))

    @rule(account=owners, amount=amounts)
    def freeze_part(self, account: str, amount: int) -> None:
        self.give(ins.SetFrozenTokens(STOCK, account, RawUnits(amount, 18), *WHY))

    @rule(owner=owners, account=people, approved=st.sampled_from([True, True, False]))
    def approve(self, owner: str, account: str, approved: bool) -> None:
        self.give(ins.ApproveAccount(STOCK, owner, account, approved))

    @rule(controller=people)
    def give_back(self, controller: str) -> None:
        self.give(ins.ReturnUnits(STOCK, controller, *WHY))

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

    @rule(controller=people)
    def suspend(self, controller: str) -> None:
        self.give(ins.SuspendMints(STOCK, controller))

    @rule()
    def resume(self) -> None:
        self.give(ins.ResumeMints(STOCK))

    @rule()
    def mint(self) -> None:
        self.serial += 1
        quote = ins.QuoteTerms(f"q{self.serial}", self.model.now() + HOUR, 0)
        self.give(ins.Mint(STOCK, "mallory", RawUnits(WHOLE, 18), Stablecoin(1), quote))

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
        """A unit in the vault is somebody's request; a coin is with an account, owed to a claim or in the treasury."""
        assert self.vault.requested == self.model.balance(STOCK, AT).value
        assert self.vault.owed == self.model.market.coins_of(AT)
        assert sum(self.model.market.coins.values()) == self.coins

    @invariant()
    def the_book_is_the_models(self) -> None:
        at = {self.chain.address(one): one for one in EVERYBODY}
        vault = prepared().vault
        for address, found in read_requests(self.chain, vault, at).items():
            one = at[address]
            waiting, claim = self.vault.waiting_of(one), self.vault.claim_of(one)
            assert (found.waiting, found.since, found.delivery) == (waiting.units, waiting.since, waiting.delivery), one
            assert (found.filled, found.coins) == (claim.units, claim.coins), one
            assert found.called_back == self.vault.called_back.get(one, 0), one
        assert self.chain.call(vault, "totalRequested") == self.vault.requested
        assert self.chain.call(vault, "totalAssets") == self.vault.owed
        suspended = self.model.stocks[STOCK].token.mints_suspended
        assert self.chain.call(prepared().ledger.token(STOCK), "mintsSuspended") == suspended

    @rule()
    def read(self) -> None:
        """A model that is read from the chain is the model, of everybody and every strike."""
        accounts = frozenset((*EVERYBODY, TREASURY, AT))
        subjects = Subjects(frozenset({STOCK}), accounts, frozenset(INVESTORS.values()), strikes=frozenset(self.struck))
        states.compare(self.model, states.read(prepared().ledger, subjects), subjects, "revm")
        type(self).counts["read"] += 1

    def teardown(self) -> None:
        """An honest issuer ends its stops, fills what waits, and everybody fetches what is theirs."""
        if self.model.fleet.halted:
            self.twins.must(ins.Unhalt())
        if self.model.stocks[STOCK].token.paused:
            self.twins.must(ins.Unpause(STOCK))
        for investor, record in self.model.investors.records.items():
            if record.blocked:
                self.twins.must(ins.Unblock(investor, *WHY))
        for account in EVERYBODY:
            self.twins.must(ins.Freeze(STOCK, account, False, *WHY))
        self.coins += 10**15
        self.twins.must(ins.FundStablecoin(TREASURY, Stablecoin(10**15)))
        self.advance(1)
        order = ins.Strike(STOCK, "last", Stablecoin(self.vault.last), self.model.now() + HOUR)
        reference = self.vault.reference_now(self.model.now())[0]
        if abs(order.price.value - reference) * 10_000 > reference * TERMS.band_bps:
            self.advance(DAY)
            order = ins.Strike(STOCK, "last", Stablecoin(self.vault.last), self.model.now() + HOUR)
        self.twins.must(order)
        self.twins.must(ins.FillRequests(STOCK, "last", EVERYBODY))
        for controller, found in sorted(self.vault.waiting.items()):
            amount = RawUnits(found.units, 18)
            self.twins.must(ins.DeliverInKind(STOCK, controller, amount, found.delivery, DELIVERIES[0]))
        for controller in EVERYBODY:
            heir = self.model.investors.successor_of(controller)
            if self.vault.called_back.get(controller):
                self.twins.must(ins.FetchUnits(STOCK, controller, heir, heir))
            self.twins.must(ins.FetchAll(STOCK, (controller,), heir))
        assert (self.vault.requested, self.vault.owed) == (0, 0)
        assert not self.model.stocks[STOCK].token.mints_suspended
        self.units_and_coins_are_where_the_model_has_them()
        self.the_book_is_the_models()


def test_model_and_vault_agree_and_everything_can_be_closed(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Queue, 1, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {
        "RequestRedemption",
        "CallBack",
        "FetchUnits",
        "FetchMoney",
        "FillRequests",
        "SuspendMints",
        "Mint",
        "RequestInKind",
        "DeliverInKind",
        "VoidStrike",
        "SetReference",
        "SkimVault",
        "read",
    }
