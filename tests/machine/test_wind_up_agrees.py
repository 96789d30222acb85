"""A stock's end, model against contracts and both against a paper of its own, in any order.

Transfers, splits, blocks, freezes, recoveries, amendments, burns by holders and for them, sweeps and mints that come
too late. The paper is plain: what a unit is worth by the terms, as a fraction, floored for each that burns; it knows
none of the code's formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine.stories import Story, tell
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.deploy.vaults import open_vault
from scrip.evm.deploy.wind_up import open_wind_up
from scrip.evm.dividends import DividendDesign
from scrip.evm.handlers.wind_up import read_wind_ups
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.evm.vaults import ENTERING, VaultDesign
from scrip.instructions.base import ISSUER, TREASURY
from scrip.labels import STABLECOIN, WIND_UP, entry_label, vault_label
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.model.state.redemption import Queue, VaultTerms
from scrip.model.state.wind_up import WindUps
from scrip.units import RawUnits, Shares, Stablecoin, Wad

EXAMPLES, STEPS = 20, 70
DAY, HOUR, YEAR, WHOLE = 86_400, 3_600, 365 * 86_400, 10**18
STOCK, OTHER, ESCHEAT = "ACME", "BIDDER", "state"
AT = vault_label(STOCK), entry_label(STOCK)
PAY, EXPIRY = START + 5 * DAY, START + 5 * DAY + 4 * YEAR
OWNERS = ("alice", "bob", "carol")
FRESH = ("fresh0", "fresh1")
EVERYBODY = (*OWNERS, *FRESH, "keeper", ESCHEAT)
INVESTORS = {
    "alice": "inv-alice",
    "bob": "inv-bob",
    "carol": "inv-carol",
    ESCHEAT: "inv-state",
    TREASURY: "inv-treasury",
}
WHY = (7, "order")
PRICE = Fraction(12_345_678_901, 10**9)
"""Dollars that a share is paid, of more decimals than the coin has."""
RATIO = Fraction(10_256, 100_000)
ENDS = {
    "LIQU": ins.RecordTerms(
        PAY,
        expiry=EXPIRY,
        currency="USD",
        asset=STABLECOIN,
        rate=Wad(WHOLE),
        source="par",
        price=Wad(int(PRICE * WHOLE)),
    ),
    "MRGR": ins.RecordTerms(
        PAY,
        expiry=EXPIRY,
        currency="USD",
        asset=STABLECOIN,
        rate=Wad(WHOLE),
        source="par",
        gross=Wad(int(PRICE * WHOLE)),
        num=RATIO.numerator,
        den=RATIO.denominator,
        other=OTHER,
    ),
    "DLST": ins.RecordTerms(PAY),
}

people = st.sampled_from(EVERYBODY)
owners = st.sampled_from(OWNERS)
amounts = st.sampled_from([0, 1, WHOLE // 3, 7 * WHOLE + 3, 200 * WHOLE, 2**128])
some = st.lists(people, min_size=0, max_size=5).map(tuple)


class Prepared:
    """Two stocks, a book and a wind-up on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        suite = open_distributor(chain, deploy_suite(chain), DividendDesign(TREASURY, "tax"), ISSUER)
        self.ledger = EvmLedger(chain, open_wind_up(chain, suite, ESCHEAT, ISSUER, TREASURY))
        self.model.state.dividends, self.model.state.wind_ups = Dividends(TREASURY, "tax"), WindUps(ESCHEAT)
        twins = Twins(self.model, {"revm": self.ledger}, ())
        for stock, isin in ((STOCK, "US0000000001"), (OTHER, "US0000000002")):
            twins.must(ins.CreateStock(stock, stock, isin))
            twins.must(ins.AttestReserve(stock, Shares.of(10**6)))
            twins.must(ins.ConfigureReserve(stock, 365 * DAY, 0, Shares.of(10**6)))
        for wallet, investor in INVESTORS.items():
            until = START + 4 * DAY if wallet == "carol" else START + 9 * YEAR
            twins.must(ins.Onboard(investor, wallet, 276, "retail", until))
        for account in (*OWNERS, TREASURY):
            twins.must(ins.FundStablecoin(account, Stablecoin(10**12)))
        for stock, account in (*((STOCK, one) for one in OWNERS), (OTHER, TREASURY)):
            quote = ins.QuoteTerms(f"first {stock} {account}", START + HOUR, 0)
            units = RawUnits(100 * WHOLE + len(account), 18)
            twins.must(ins.Mint(stock, account, units, Stablecoin(1), quote))
        design = VaultDesign(STOCK, RawUnits(WHOLE, 18), 7 * DAY, 2_000, Stablecoin(10**6))
        self.ledger.vaults[vault_label(STOCK)] = open_vault(chain, design, STABLECOIN, ISSUER, TREASURY)
        way_in = replace(design, minimum=Stablecoin(1), kind=ENTERING)
        self.ledger.vaults[entry_label(STOCK)] = open_vault(chain, way_in, STABLECOIN, ISSUER, TREASURY)
        self.model.open_vault(STOCK, VaultTerms(WHOLE, 7 * DAY, 2_000), Stablecoin(10**6))
        self.model.open_entry(STOCK, VaultTerms(1, 7 * DAY, 2_000), Stablecoin(10**6))
        for code, terms in ENDS.items():
            twins.must(ins.AnnounceRecord(STOCK, code, "end", terms))
        self.mark = chain.mark()

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        self.ledger._approved.clear()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


class Ends(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.token, self.other = (self.model.stocks[one].token for one in (STOCK, OTHER))
        self.serial, self.highest = 0, self.token.supply
        self.coins = sum(self.model.market.coins.values())

    @property
    def ends(self) -> WindUps:
        assert self.model.state.wind_ups is not None
        return self.model.state.wind_ups

    # --- the desk ---

    @rule(code=st.sampled_from(["LIQU", "LIQU", "MRGR", "MRGR", "DLST", "DVCA"]))
    def begin(self, code: str) -> None:
        self.give(ins.BeginEnd(STOCK, code, "end"))

    @rule(code=st.sampled_from(["LIQU", "MRGR", "MRGR"]), late=st.sampled_from([0, HOUR]))
    def amend(self, code: str, late: int) -> None:
        if self.model.now() < PAY:
            self.give(ins.BeginEnd(STOCK, code, "end"))
        self.give(ins.AmendRecord(STOCK, code, "end", replace(ENDS[code], pay=PAY + late, expiry=EXPIRY + late)))
        self.give(ins.FollowEnd(STOCK, "keeper"))

    @rule(code=st.sampled_from(["LIQU", "MRGR", "DLST"]), sure=st.sampled_from([0, 0, 0, 1]))
    def cancel(self, code: str, sure: int) -> None:
        if sure:
            self.give(ins.CancelRecord(STOCK, code, "end", *WHY))
        self.give(ins.FollowEnd(STOCK, "keeper"))

    @rule(effective=st.sampled_from([PAY, PAY + 1, PAY + 1, START + 2 * DAY]))
    def split(self, effective: int) -> None:
        self.serial += 1
        day = datetime.fromtimestamp(effective, UTC).date()
        name = f"split {self.serial}"
        self.give(ins.Announce(STOCK, "SPLF", name, day, effective, 3, 2))
        self.give(ins.Schedule(STOCK, "SPLF", name))

    @rule()
    def fund(self) -> None:
        if self.ends.endings.get(STOCK) is None:
            self.give(ins.BeginEnd(STOCK, "MRGR", "end"))
        end = self.ends.endings.get(STOCK)
        if end is not None and end.end_at > self.model.now():
            self.advance(end.end_at - self.model.now())
        supply, mine = self.token.supply, self.model.balance(OTHER, TREASURY).value
        if self.give(ins.ArmEnd(STOCK, TREASURY)) == DONE:
            made = self.ends.endings[STOCK]
            assert made.cash == self.worth(supply)[0]
            assert mine - self.model.balance(OTHER, TREASURY).value == made.stock == self.worth(supply)[1]

    @rule(seconds=st.sampled_from([1, HOUR, DAY]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    @rule(accounts=some, ripe=st.sampled_from([True, False, False]))
    def sweep(self, accounts: tuple[str, ...], ripe: bool) -> None:
        end = self.ends.endings.get(STOCK)
        if ripe and end is not None and end.expiry > self.model.now():
            self.advance(end.expiry - self.model.now())
        units, parked = self.units(), self.parked()
        before, before_stock = self.paid(ESCHEAT)
        if self.give(ins.SweepEnd(STOCK, accounts, *WHY)) == DONE:
            gone = [one for one in OWNERS if one in accounts]
            cash = stock = 0
            for one in dict.fromkeys((*gone, *(name for name in FRESH if name in accounts))):
                worth = self.worth(units[one] - self.units()[one])
                was = parked.get(one, (0, 0)) if one not in self.parked() else (0, 0)
                cash, stock = cash + worth[0] + was[0], stock + worth[1] + was[1]
            after, after_stock = self.paid(ESCHEAT)
            assert (after - before, after_stock - before_stock) == (cash, stock)

    @rule(emptied=st.booleans())
    def close(self, emptied: bool) -> None:
        if emptied:
            self.give(ins.BurnForHolders(STOCK, EVERYBODY, "keeper"))
        self.give(ins.CloseEnd(STOCK))

    # --- holders ---

    @rule(account=st.sampled_from([*OWNERS, *OWNERS, *FRESH, "keeper"]), amount=amounts, armed=st.booleans())
    def burn(self, account: str, amount: int, armed: bool) -> None:
        if armed and self.model.now() > START + 2 * DAY:
            self.fund()
        before = self.paid(account)
        if self.give(ins.BurnAtEnd(STOCK, RawUnits(amount, 18), account)) == DONE:
            after, worth = self.paid(account), self.worth(amount)
            assert (after[0] - before[0], after[1] - before[1]) == worth

    @rule(accounts=st.one_of(some, st.just(OWNERS), st.just(EVERYBODY)))
    def burn_for(self, accounts: tuple[str, ...]) -> None:
        units, before = self.units(), {one: self.paid(one) for one in EVERYBODY}
        if self.give(ins.BurnForHolders(STOCK, accounts, "keeper")) == DONE:
            for one in EVERYBODY:
                worth, now = self.worth(units[one] - self.units()[one]), self.paid(one)
                assert (now[0] - before[one][0], now[1] - before[one][1]) == worth, one

    @rule(
        account=owners, amount=amounts, coins=st.sampled_from([0, 1, 10**6]), then=st.sampled_from(["", "back", "in"])
    )
    def ask(self, account: str, amount: int, coins: int, then: str) -> None:
        self.give(ins.RequestRedemption(STOCK, account, RawUnits(amount, 18)))
        self.give(ins.RequestSubscription(STOCK, account, Stablecoin(coins)))
        if then == "back":
            self.give(ins.CallBack(STOCK, account))
            self.give(ins.CallBackCoins(STOCK, account))
        elif then == "in":
            self.fill_in()

    def fill_in(self) -> None:
        self.serial += 1
        self.advance(1)
        name = f"in {self.serial}"
        self.give(ins.Strike(STOCK, name, Stablecoin(10**6), self.model.now() + HOUR, entry=True))
        self.give(ins.FillSubscriptions(STOCK, name, OWNERS))

    @rule(accounts=st.one_of(some, st.just(OWNERS)), entry=st.booleans(), armed=st.booleans())
    def hand_back(self, accounts: tuple[str, ...], entry: bool, armed: bool) -> None:
        if armed and self.model.now() > START + 2 * DAY:
            self.fund()
        before = {one: self.owned(one) for one in OWNERS}
        if self.give(ins.HandBackAtEnd(STOCK, accounts, "keeper", entry=entry)) == DONE:
            gone = {one: self.model.state.investors.successor_of(one) for one in OWNERS}
            for one in OWNERS:
                # A wallet's own, and its successor's where it was recovered: moved, and none lost.
                if gone[one] == one:
                    assert self.owned(one) == before[one]
                queue = self.queue(entry)
                if one in accounts and self.token.may_leave(gone[one] or one):
                    assert one not in queue.waiting
                    assert one not in queue.called_back

    def queue(self, entry: bool) -> Queue:
        stock = self.model.stocks[STOCK]
        return stock.entries[STABLECOIN] if entry else stock.vaults[STABLECOIN]

    def owned(self, account: str) -> tuple[int, int]:
        """Units and coins of an account, those that vaults have of it too."""
        out, into = self.queue(entry=False), self.queue(entry=True)
        units = out.waiting_of(account).units + out.called_back.get(account, 0) + into.claim_of(account).units
        coins = into.waiting_of(account).units + into.called_back.get(account, 0)
        return units + self.model.balance(STOCK, account).value, coins + self.model.market.coins_of(account)

    @rule(account=people, renewed=st.booleans())
    def take(self, account: str, renewed: bool) -> None:
        if renewed:
            # Carol, who has lapsed, is not handed shares.
            self.fund()
            self.give(ins.BurnForHolders(STOCK, OWNERS, "keeper"))
        account = next(iter(self.parked()), account)
        if renewed:
            for one in OWNERS:
                self.give(ins.Renew(INVESTORS[one], self.model.now() + 30 * DAY))
        self.give(ins.TakeAtEnd(STOCK, account, "keeper"))

    @rule(sender=owners, to=people, amount=amounts)
    def transfer(self, sender: str, to: str, amount: int) -> None:
        self.give(ins.Transfer(STOCK, sender, to, RawUnits(amount, 18)))

    @rule(account=owners)
    def mint(self, account: str) -> None:
        self.serial += 1
        quote = ins.QuoteTerms(f"late {self.serial}", self.model.now() + HOUR, self.model.multiplier(STOCK).generation)
        answer = self.give(ins.Mint(STOCK, account, RawUnits(WHOLE, 18), Stablecoin(1), quote))
        assert answer != DONE or not self.token.has_ended(self.model.now())

    # --- officers ---

    @rule(account=owners, blocked=st.sampled_from([True, False, False]))
    def block(self, account: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[account], *WHY))

    @rule(account=owners, amount=st.sampled_from([0, 0, 50 * WHOLE]))
    def freeze(self, account: str, amount: int) -> None:
        self.give(ins.SetFrozenTokens(STOCK, account, RawUnits(amount, 18), *WHY))

    @rule(account=owners, new=st.sampled_from(FRESH), sure=st.sampled_from([0, 0, 0, 1]))
    def recover(self, account: str, new: str, sure: int) -> None:
        if sure:
            self.give(ins.RecoverWallet(INVESTORS[account], account, new, *WHY, (STOCK, OTHER)))

    @rule(paused=st.sampled_from([True, False, False, False]))
    def pause(self, paused: bool) -> None:
        self.give(ins.Pause(STOCK) if paused else ins.Unpause(STOCK))

    # --- the paper ---

    def worth(self, units: int) -> tuple[int, int]:
        """What so many units come to by the terms."""
        end = self.ends.endings.get(STOCK)
        if end is None or end.status == "OPENED":
            return 0, 0
        shares = Fraction(units * self.model.multiplier(STOCK).ui_multiplier, WHOLE)
        other = Fraction(self.model.multiplier(OTHER).ui_multiplier, WHOLE)
        cash = int(shares * PRICE * 10**6 / WHOLE) if end.code != "DLST" else 0
        return cash, int(shares * RATIO / other) if end.code == "MRGR" else 0

    def units(self) -> dict[str, int]:
        """What each has."""
        return {one: self.model.balance(STOCK, one).value for one in EVERYBODY}

    def parked(self) -> dict[str, tuple[int, int]]:
        """What is parked."""
        end = self.ends.endings.get(STOCK)
        return dict(end.parked) if end else {}

    def paid(self, account: str) -> tuple[int, int]:
        """Coins and units of the other stock that an account has, or that are parked for it."""
        cash, stock = self.parked().get(account, (0, 0))
        return self.model.market.coins_of(account) + cash, self.model.balance(OTHER, account).value + stock

    def teardown(self) -> None:
        """Every story ends in the same steps, as far as it lets them: what an end refuses hangs on no draw."""
        self.give(ins.Unpause(STOCK))
        self.fund()
        self.mint(OWNERS[0])
        self.hand_back(OWNERS, entry=False, armed=False)
        self.hand_back(OWNERS, entry=True, armed=False)
        for account in OWNERS:
            self.burn(account, 1, armed=False)
        self.sweep(OWNERS, ripe=False)
        self.close(emptied=False)
        super().teardown()

    # --- what always holds ---

    @invariant()
    def units_and_coins_are_where_the_model_has_them(self) -> None:
        for account in (*EVERYBODY, TREASURY, WIND_UP, *AT):
            for stock in (STOCK, OTHER):
                assert self.ledger.balance(stock, account) == self.model.balance(stock, account), account
            assert self.ledger.stablecoin(account) == self.model.stablecoin(account), account
        assert self.ledger.supply(STOCK) == self.model.supply(STOCK)
        assert sum(self.model.market.coins.values()) == self.coins

    @invariant()
    def what_is_left_pays_everybody_who_is_left(self) -> None:
        end = self.ends.endings.get(STOCK)
        if end is not None and end.status != "OPENED":
            cash, stock = end.parked_sums
            owed = self.worth(self.token.supply)
            assert end.cash >= owed[0] + cash
            assert end.stock >= owed[1] + stock
            assert self.model.market.coins_of(WIND_UP) == end.cash
            assert self.model.balance(OTHER, WIND_UP).value == end.stock

    @invariant()
    def what_is_in_the_vaults_is_somebodys(self) -> None:
        out, into = self.queue(entry=False), self.queue(entry=True)
        assert out.requested == self.model.balance(STOCK, AT[0]).value
        assert sum(one.units for one in into.claims.values()) == self.model.balance(STOCK, AT[1]).value
        assert into.requested == self.model.market.coins_of(AT[1])

    @invariant()
    def past_its_end_nothing_is_minted(self) -> None:
        if not self.token.has_ended(self.model.now()):
            self.highest = max(self.highest, self.token.supply)
        assert self.token.supply <= self.highest

    @rule()
    def read(self) -> None:
        """What is read from the chain is what the model keeps."""
        chain, ledger = prepared().chain, prepared().ledger
        tokens = {stock: ledger.token(stock) for stock in (STOCK, OTHER)}
        ids = {ledger.action_id(STOCK, code, "end"): (code, "end") for code in ENDS}
        names = {chain.address(one): one for one in (*EVERYBODY, TREASURY)}
        names |= {ledger.token(OTHER).address: OTHER, ledger.suite.stablecoin.address: STABLECOIN}
        suite = ledger.suite.wind_up
        assert suite is not None
        accounts = {one: chain.address(one) for one in EVERYBODY}
        found = read_wind_ups(chain, suite, tokens, lambda _, one: ids[one], accounts, lambda one: names[one])
        assert found == self.ends
        assert chain.call(tokens[STOCK], "mintsEnd") == self.token.mints_end
        type(self).counts["read"] += 1


def test_model_wind_up_and_paper_agree(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Ends, 1, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {"BeginEnd", "FollowEnd", "ArmEnd", "BurnAtEnd", "BurnForHolders", "SweepEnd", "CloseEnd", "read"}
    assert done >= {"HandBackAtEnd", "RequestRedemption", "RequestSubscription", "FillSubscriptions"}
    assert done >= {"RecoverWallet", "Block", "Transfer", "TakeAtEnd"}
    refused = {name.partition(": ")[2] for name in counts if ": " in name}
    assert refused >= {"token: mints ended", "windup: another end", "windup: not armed", "windup: units left"}
    assert refused >= {"windup: not expired", "ERC7943CannotSend"}
