"""Exits from countries, model against contracts and both against a paper of its own, in any order.

Transfers, moves to other countries, rules that tighten and loosen, blocks, freezes, recoveries, fundings, pages, claims
and sweeps. The paper is plain: a token is worth a price, floored for each account and page; who is of a left country is
told by a list that the machine itself keeps of where it moved everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine.stories import Story, tell
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.deploy.region_exit import open_region_exit
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.handlers.region_exit import EXIT_CODE, read_region_exits
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holder_limits import Countries, StockRules
from scrip.instructions.base import ISSUER, TREASURY
from scrip.labels import REGION_EXIT, STABLECOIN
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state.region_exit import RegionExits
from scrip.units import RawUnits, Shares, Stablecoin

EXAMPLES, STEPS = 20, 70
DAY, HOUR, YEAR, WHOLE = 86_400, 3_600, 365 * 86_400, 10**18
STOCK, EXIT, ESCHEAT = "ACME", "leave", "state"
UNTIL = START + 31 * DAY
EXPIRY = UNTIL + 3 * YEAR
GERMANY, JAPAN, USA = 276, 392, 840
OWNERS = ("alice", "bob", "carol")
FRESH = ("fresh0", "fresh1")
EVERYBODY = (*OWNERS, *FRESH, "keeper", ESCHEAT)
INVESTORS = {one: f"inv-{one}" for one in (*OWNERS, TREASURY)}
WHY = (7, "order")
PRICE = 12_345_679
"""Base units of six decimals for a whole token."""

owners = st.sampled_from(OWNERS)
people = st.sampled_from(EVERYBODY)
amounts = st.sampled_from([0, 1, WHOLE // 3, 7 * WHOLE + 3, 2**128])
some = st.lists(people, min_size=0, max_size=5).map(tuple)


class Prepared:
    """A stock and a region exit on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        self.ledger = EvmLedger(chain, open_region_exit(chain, deploy_suite(chain), ESCHEAT, ISSUER, TREASURY))
        self.model.state.region_exits = RegionExits(ESCHEAT)
        twins = Twins(self.model, {"revm": self.ledger}, ())
        twins.must(ins.CreateStock(STOCK, STOCK, "US0000000001"))
        twins.must(ins.AttestReserve(STOCK, Shares.of(10**6)))
        twins.must(ins.ConfigureReserve(STOCK, 365 * DAY, 0, Shares.of(10**6)))
        for wallet, investor in INVESTORS.items():
            until = START + 4 * DAY if wallet == "carol" else START + 9 * YEAR
            twins.must(ins.Onboard(investor, wallet, USA if wallet == "alice" else GERMANY, "retail", until))
        for account in (*OWNERS, TREASURY):
            twins.must(ins.FundStablecoin(account, Stablecoin(10**10)))
        for account in OWNERS:
            quote = ins.QuoteTerms(f"first {account}", START + HOUR, 0)
            twins.must(ins.Mint(STOCK, account, RawUnits(100 * WHOLE + len(account), 18), Stablecoin(1), quote))
        self.mark = chain.mark()

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


class Leaving(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.token = self.model.stocks[STOCK].token
        self.coins = sum(self.model.market.coins.values())
        # The paper: where everybody is, whom the rules shut out, which countries are left, and who holds for others.
        self.home = {one: USA if one == "alice" else GERMANY for one in OWNERS}
        self.wallet = {one: one for one in OWNERS}
        self.shut: frozenset[int] = frozenset()
        self.left: frozenset[int] = frozenset()
        self.venues: set[str] = set()
        self.kept: set[str] = set()
        self.owed: dict[str, int] = {}
        self.funded = 0

    @property
    def exits(self) -> RegionExits:
        assert self.model.state.region_exits is not None
        return self.model.state.region_exits

    # --- the desk ---

    @rule(shut=st.sampled_from([(), (GERMANY,), (GERMANY, JAPAN), (GERMANY, JAPAN)]))
    def shut_out(self, shut: tuple[int, ...]) -> None:
        if self.give(ins.SetStockRules(STOCK, StockRules(countries=Countries.all_but(shut)))) == DONE:
            self.shut = frozenset(shut)

    @rule(
        countries=st.sampled_from([(GERMANY,), (GERMANY, JAPAN), (GERMANY, JAPAN), ()]),
        until=st.sampled_from([UNTIL, UNTIL, START + 29 * DAY]),
        expiry=st.sampled_from([EXPIRY, EXPIRY, 0, EXPIRY - 1]),
    )
    def open(self, countries: tuple[int, ...], until: int, expiry: int) -> None:
        order = ins.OpenExit(STOCK, EXIT, Countries.only(countries), until, expiry, TREASURY)
        if self.give(order) == DONE:
            assert frozenset(countries) <= self.shut
            self.left = frozenset(countries)

    @rule()
    def prepare(self) -> None:
        """An exit that burns: opened, past its date, priced and funded for everybody."""
        self.shut_out(())
        self.open((GERMANY,), UNTIL, EXPIRY)
        self.shut_out((GERMANY, JAPAN))
        self.open((GERMANY,), UNTIL, EXPIRY - 1)
        self.open((GERMANY,), START + 29 * DAY, 0)
        self.open((GERMANY, JAPAN), UNTIL, EXPIRY)
        if self.model.now() < UNTIL:
            self.advance(UNTIL - self.model.now())
        self.price(0)
        self.price(PRICE)
        self.fund(TREASURY, 10**9)

    @rule(price=st.sampled_from([PRICE, PRICE, 0]))
    def price(self, price: int) -> None:
        if self.give(ins.PriceExit(STOCK, EXIT, Stablecoin(price), "close")) == DONE:
            assert self.model.now() >= UNTIL

    @rule(
        by=st.sampled_from([TREASURY, TREASURY, "alice"]),
        amount=st.sampled_from([0, 1, 1_234_567_900, 2 * 10**9, 10**13]),
    )
    def fund(self, by: str, amount: int) -> None:
        if self.give(ins.FundExit(STOCK, EXIT, Stablecoin(amount), by)) == DONE:
            assert by == TREASURY
            self.funded += amount

    @rule(loosened=st.sampled_from([False, False, True]))
    def readmit(self, loosened: bool) -> None:
        if loosened:
            self.shut_out((GERMANY,))
        if self.give(ins.ReadmitCountries(STOCK, EXIT, "keeper")) == DONE:
            assert self.left - self.shut
            self.left &= self.shut

    @rule(account=owners)
    def take_in(self, account: str) -> None:
        if self.give(ins.TakeInAtExit(STOCK, EXIT, account)) == DONE:
            self.kept.add(account)

    @rule(accounts=some, ripe=st.sampled_from([True, False, False]))
    def sweep(self, accounts: tuple[str, ...], ripe: bool) -> None:
        found = self.exits.exits.get((STOCK, EXIT))
        if ripe and found is not None and found.expiry > self.model.now():
            self.advance(found.expiry - self.model.now())
        before, was = self.model.market.coins_of(ESCHEAT), dict(self.owed)
        if self.give(ins.SweepExit(STOCK, EXIT, accounts, *WHY)) == DONE:
            gone = {one for one in was if one in accounts and one not in self.parked()}
            assert self.model.market.coins_of(ESCHEAT) - before == sum(was[one] for one in gone)
            for one in gone:
                self.funded -= self.owed.pop(one)

    @rule(sure=st.sampled_from([0, 0, 0, 1]))
    def close(self, sure: int) -> None:
        before = self.model.market.coins_of(TREASURY)
        if sure and self.give(ins.CloseExit(STOCK, EXIT)) == DONE:
            assert self.model.market.coins_of(TREASURY) - before == self.funded - sum(self.owed.values())
            self.funded = sum(self.owed.values())

    # --- holders ---

    @rule(accounts=st.one_of(some, st.just(EVERYBODY), st.just(EVERYBODY)), prepared=st.booleans())
    def park(self, accounts: tuple[str, ...], prepared: bool) -> None:
        if prepared:
            self.prepare()
        before = {one: self.model.balance(STOCK, one).value for one in EVERYBODY}
        if self.give(ins.ParkAtExit(STOCK, EXIT, accounts, "keeper")) == DONE:
            for one in EVERYBODY:
                burned = before[one] - self.model.balance(STOCK, one).value
                assert not burned or (one in accounts and self.is_left(one)), one
                if cash := int(Fraction(burned * PRICE, WHOLE)):
                    self.owed[one] = self.owed.get(one, 0) + cash

    @rule(account=people, by=people)
    def take(self, account: str, by: str) -> None:
        account = next(iter(self.owed), account)
        owed, before = self.owed.get(account, 0), self.all_coins()
        if self.give(ins.TakeAtExit(STOCK, EXIT, account, by)) == DONE:
            after = self.all_coins()
            paid = {one: after[one] - before[one] for one in EVERYBODY if after[one] != before[one]}
            assert [*paid.values()] == [owed]
            assert set(paid) <= {account, *FRESH}
            self.funded -= self.owed.pop(account)

    @rule(sender=owners, to=people, amount=amounts)
    def transfer(self, sender: str, to: str, amount: int) -> None:
        if self.give(ins.Transfer(STOCK, sender, to, RawUnits(amount, 18))) == DONE and amount:
            assert self.home[sender] not in self.shut

    # --- officers ---

    @rule(account=owners, country=st.sampled_from([GERMANY, GERMANY, JAPAN, USA]), venue=st.sampled_from([0, 0, 0, 1]))
    def move(self, account: str, country: int, venue: int) -> None:
        kind: ins.InvestorClass = "venue" if venue else "retail"
        if self.give(ins.SetProfile(INVESTORS[account], country, kind)) == DONE:
            self.home[account] = country
            (self.venues.add if venue else self.venues.discard)(account)

    @rule(account=owners, blocked=st.sampled_from([True, False, False]))
    def block(self, account: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[account], *WHY))

    @rule(account=owners, amount=st.sampled_from([0, 0, 50 * WHOLE]))
    def freeze(self, account: str, amount: int) -> None:
        self.give(ins.SetFrozenTokens(STOCK, account, RawUnits(amount, 18), *WHY))

    @rule(account=owners, new=st.sampled_from(FRESH), sure=st.sampled_from([0, 0, 0, 1]))
    def recover(self, account: str, new: str, sure: int) -> None:
        order = ins.RecoverWallet(INVESTORS[account], account, new, *WHY, (STOCK,))
        if sure and self.give(order) == DONE:
            self.wallet[account] = new

    @rule(paused=st.sampled_from([True, False, False, False]))
    def pause(self, paused: bool) -> None:
        self.give(ins.Pause(STOCK) if paused else ins.Unpause(STOCK))

    @rule(seconds=st.sampled_from([1, HOUR, DAY]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    # --- the paper ---

    def is_left(self, account: str) -> bool:
        """Whether an account's units may be burned by the paper's own lists."""
        owner = next((one for one, wallet in self.wallet.items() if wallet == account), "")
        if not owner or account in self.kept or owner in self.venues:
            return False
        return self.home[owner] in self.left & self.shut

    def parked(self) -> dict[str, int]:
        """What is parked."""
        found = self.exits.exits.get((STOCK, EXIT))
        return dict(found.parked) if found else {}

    def all_coins(self) -> dict[str, int]:
        """Coins of everybody."""
        return {one: self.model.market.coins_of(one) for one in EVERYBODY}

    def teardown(self) -> None:
        """Every story ends in the same steps, as far as it lets them: what an exit refuses hangs on no draw."""
        self.give(ins.Unpause(STOCK))
        self.fund("alice", 1)
        self.fund(TREASURY, 10**13)
        self.sweep(OWNERS, ripe=False)
        self.park(EVERYBODY, prepared=True)
        for account in OWNERS:
            self.take(account, "keeper")
        self.read()
        super().teardown()

    # --- what always holds ---

    @invariant()
    def units_and_coins_are_where_the_model_has_them(self) -> None:
        for account in (*EVERYBODY, TREASURY, REGION_EXIT):
            assert self.ledger.balance(STOCK, account) == self.model.balance(STOCK, account), account
            assert self.ledger.stablecoin(account) == self.model.stablecoin(account), account
        assert self.ledger.supply(STOCK) == self.model.supply(STOCK)
        assert sum(self.model.market.coins.values()) == self.coins

    @invariant()
    def what_is_parked_is_there_and_is_what_the_paper_says(self) -> None:
        assert self.parked() == self.owed
        assert self.model.market.coins_of(REGION_EXIT) == self.funded >= sum(self.owed.values())
        assert not self.model.balance(STOCK, REGION_EXIT).value

    @rule()
    def read(self) -> None:
        """What is read from the chain is what the model keeps."""
        chain, ledger = prepared().chain, prepared().ledger
        contract = ledger.suite.region_exit
        assert contract is not None
        names = {chain.address(one): one for one in (*EVERYBODY, TREASURY)}
        names |= {ledger.suite.stablecoin.address: STABLECOIN}
        ids = {(STOCK, EXIT): ledger.action_id(STOCK, EXIT_CODE, EXIT)}
        accounts = {one: chain.address(one) for one in EVERYBODY}
        assert read_region_exits(chain, contract, ids, accounts, lambda one: names[one]) == self.exits
        type(self).counts["read"] += 1


def test_model_region_exit_and_paper_agree(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Leaving, 1, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {"OpenExit", "PriceExit", "FundExit", "ReadmitCountries", "TakeInAtExit", "ParkAtExit", "TakeAtExit"}
    assert done >= {"SweepExit", "CloseExit", "SetProfile", "RecoverWallet", "Block", "Transfer", "read"}
    refused = {name.partition(": ")[2] for name in counts if ": " in name}
    assert refused >= {"exit: still admitted", "exit: too early", "exit: expiry too early", "exit: no country"}
    assert refused >= {
        "exit: known",
        "exit: not opened",
        "exit: not the funder",
        "exit: not priced",
        "exit: not funded",
    }
    assert refused >= {"exit: not expired", "exit: nothing parked", "exit: nothing to follow", "exit: bad price"}
