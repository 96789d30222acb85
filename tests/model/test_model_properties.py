"""The accounting laws as properties: any sequence of instructions, refused or not, keeps them."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model_world import DAY, STOCK, World, fingerprint, small_world
from support.days import ex_of

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import MultiplierState
from scrip.model.laws import arithmetic as law
from scrip.units import WAD, RawUnits, Shares, Stablecoin

ALL_COINS = 3 * 10**6 * 10**6

accounts = st.sampled_from(["alice", "bob", "alice", "bob", "mallory", ins.TREASURY, ""])
holders = st.sampled_from(["alice", "bob", "alice", "bob", "mallory"])
investors = st.sampled_from(["Alice", "Bob", "Carol"])
rarely = st.sampled_from([False] * 7 + [True])


def mostly(usual: st.SearchStrategy[Any], *odd: Any) -> st.SearchStrategy[Any]:
    """One draw in eight is an odd one."""
    return rarely.flatmap(lambda rare: st.sampled_from(odd) if rare else usual)


amounts = mostly(st.integers(0, 10**19), 0, 1, 10**21, 2**128 - 1).map(lambda raw: RawUnits(raw, 18))
coins = mostly(st.integers(0, 10**7), 2 * 10**12).map(Stablecoin)
people = mostly(st.just("issuer"), "mallory")
splits = mostly(st.sampled_from([(2, 1), (3, 2), (1, 7), (100, 1), (1, 100), (4, 2)]), (101, 1), (1, 1))
notices = mostly(st.just(2 * DAY), 0, 3_599, DAY - 1, DAY)
gross_dividends = mostly(st.integers(1, 10 * WAD), 0, 30 * WAD)
prices = mostly(st.integers(40 * WAD, 200 * WAD), 0, WAD)
reasons = mostly(st.just(7), 0)
expiries = st.sampled_from([0, 1, 2**39, 2**39])


STOPS = (
    (ins.Pause(STOCK), ins.Unpause(STOCK)),
    (ins.Halt(), ins.Unhalt()),
    (ins.PauseMarket(), ins.UnpauseMarket()),
    (ins.Block("Alice", 7, "order"), ins.Unblock("Alice", 7, "order")),
)


class Laws(RuleBasedStateMachine):
    """Random instructions on the model alone."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World = small_world()
        self.numbers = count()
        self.known: list[tuple[str, str]] = [("SPLF", "never")]
        self.last: MultiplierState = self.world.ledger.multiplier(STOCK)
        self.last_seen = self.world.ledger.now()

    @initialize()
    def first_units(self) -> None:
        self.world.do(self.world.mint("alice", 100))

    def attempt(self, instruction: ins.Instruction) -> bool:
        """Every refusal leaves the ledger exactly as it was."""
        before = fingerprint(self.world.ledger)
        try:
            self.world.ledger.apply(instruction)
        except Refusal:
            assert fingerprint(self.world.ledger) == before
            return False
        return True

    def quoted(self, kind: Any, account: str, amount: RawUnits, settlement: Stablecoin, late: bool) -> bool:
        quote = self.world.terms(expiry=self.world.ledger.now() + (0 if late else 1))
        return self.attempt(kind(STOCK, account, amount, settlement, quote))

    # --- rules ---

    @rule(account=holders, amount=amounts, settlement=coins, late=rarely)
    def mint(self, account: str, amount: RawUnits, settlement: Stablecoin, late: bool) -> None:
        self.quoted(ins.Mint, account, amount, settlement, late)

    @rule(account=holders, amount=amounts, settlement=coins)
    def redeem(self, account: str, amount: RawUnits, settlement: Stablecoin) -> None:
        self.quoted(ins.Redeem, account, amount, settlement, late=False)

    @rule(sender=holders, to=accounts, amount=amounts)
    def transfer(self, sender: str, to: str, amount: RawUnits) -> None:
        self.attempt(ins.Transfer(STOCK, sender, to, amount))

    @rule(spender=holders, sender=holders, to=accounts, amount=amounts, allowed=amounts)
    def transfer_from(self, spender: str, sender: str, to: str, amount: RawUnits, allowed: RawUnits) -> None:
        self.attempt(ins.Approve(STOCK, sender, spender, allowed))
        self.attempt(ins.TransferFrom(STOCK, spender, sender, to, amount))

    @rule(sender=holders, to=accounts, amount=amounts, reason=reasons, by=people)
    def seize(self, sender: str, to: str, amount: RawUnits, reason: int, by: str) -> None:
        self.attempt(ins.ForcedTransfer(STOCK, sender, to, amount, reason, "order" if reason else "", by=by))

    @rule(account=holders, amount=amounts, frozen=rarely, reason=reasons)
    def freeze(self, account: str, amount: RawUnits, frozen: bool, reason: int) -> None:
        self.attempt(ins.SetFrozenTokens(STOCK, account, amount, reason, "order"))
        self.attempt(ins.Transfer(STOCK, account, "bob", amount))
        self.attempt(ins.SetFrozenTokens(STOCK, account, RawUnits(0, 18), 7, "order"))
        self.attempt(ins.Freeze(STOCK, account, frozen, reason, "order"))

    @rule(investor=investors, account=accounts, choice=st.integers(0, 6), reason=reasons, expiry=expiries)
    def compliance(self, investor: str, account: str, choice: int, reason: int, expiry: int) -> None:
        orders: list[ins.Instruction] = [
            ins.Onboard(investor, account, 276, "retail", expiry),
            ins.LinkWallet(investor, account),
            ins.UnlinkWallet(investor, account, reason, "order"),
            ins.Renew(investor, expiry, key="again"),
            ins.Block(investor, reason, "order"),
            ins.Unblock(investor, reason, "order"),
            ins.BlockWallet(account, reason, "order"),
        ]
        self.attempt(orders[choice])

    @rule(terms=splits, notice=notices, by=people, skip=rarely)
    def split(self, terms: tuple[int, int], notice: int, by: str, skip: bool) -> None:
        code, reference = "SPLF" if terms[0] > terms[1] else "SPLR", f"s{next(self.numbers)}"
        at = self.world.ledger.now() + notice
        order = ins.Announce(STOCK, code, reference, ex_of(at), at, num=terms[0], den=terms[1], by=by)
        if self.attempt(order):
            self.known.append((code, reference))
            if not skip:
                self.attempt(ins.Schedule(STOCK, code, reference))

    @rule(gross=gross_dividends, price=prices, notice=notices, join=st.booleans())
    def dividend(self, gross: int, price: int, notice: int, join: bool) -> None:
        reference, pending = f"d{next(self.numbers)}", self.world.ledger.multiplier(STOCK).effective_at
        at = pending if join and pending else self.world.ledger.now() + notice
        if self.attempt(ins.Announce(STOCK, "DRIP", reference, ex_of(at), at, gross=gross, pay=at + DAY)):
            self.known.append(("DRIP", reference))
            self.attempt(ins.Schedule(STOCK, "DRIP", reference, price))

    @rule(data=st.data(), price=prices)
    def schedule_again(self, data: st.DataObject, price: int) -> None:
        code, reference = data.draw(st.sampled_from(self.known))
        self.attempt(ins.Schedule(STOCK, code, reference, price if code == "DRIP" else 0))

    @rule(data=st.data(), reason=reasons)
    def cancel(self, data: st.DataObject, reason: int) -> None:
        code, reference = data.draw(st.sampled_from(self.known))
        self.attempt(ins.Cancel(STOCK, code, reference, reason, "minutes"))

    @rule(shares=st.sampled_from([-1, 0, 50, 10**6, 2 * 10**6]), age=st.sampled_from([-5, 0, DAY]))
    def attest(self, shares: int, age: int) -> None:
        self.world.attest(shares, updated_at=self.world.ledger.now() - age)

    @rule(ceiling=st.sampled_from([0, 200, 10**9]), choice=st.integers(0, 2), by=people)
    def feed(self, ceiling: int, choice: int, by: str) -> None:
        orders = [ins.ConfirmBasis(STOCK), ins.SetBasis(STOCK, by=by), ins.SetCeiling(STOCK, Shares.of(ceiling), by=by)]
        self.attempt(orders[choice])

    @rule(kind=st.sampled_from(STOPS), lift=mostly(st.just(True), False))
    def stop(self, kind: tuple[ins.Instruction, ins.Instruction], lift: bool) -> None:
        """Mostly lifted at once, so that the rest of a run is not all the same refusal."""
        self.attempt(kind[0])
        self.quoted(ins.Redeem, "alice", RawUnits(1, 18), Stablecoin(0), late=False)
        if lift:
            self.attempt(kind[1])

    @rule(seconds=st.sampled_from([1, 3_600, DAY, 2 * DAY, 40 * DAY]))
    def wait(self, seconds: int) -> None:
        self.world.at(self.world.ledger.now() + seconds)

    @precondition(lambda self: self.world.ledger.multiplier(STOCK).effective_at)
    @rule()
    def wait_for_the_change(self) -> None:
        """What was shown as pending is what becomes current, at its second and not before."""
        before = self.world.ledger.multiplier(STOCK)
        self.world.at(before.effective_at - 1)
        assert self.world.ledger.multiplier(STOCK) == before
        self.world.at(before.effective_at)
        after = self.world.ledger.multiplier(STOCK)
        assert after.ui_multiplier == before.pending_ui_multiplier
        assert (after.effective_at, after.generation) == (0, before.generation + 1)

    # --- invariants ---

    @invariant()
    def no_sequence_creates_a_unit(self) -> None:
        """The balances of all accounts add up to the supply, and none is negative."""
        token = self.world.ledger.stocks[STOCK].token
        balances = [account.balance for account in token.accounts.values()]
        assert sum(balances) == token.supply <= law.U128_MAX
        assert min(balances, default=0) >= 0

    @invariant()
    def settlement_is_neither_made_nor_lost(self) -> None:
        """The stablecoin of all accounts adds up to what was given out."""
        paid = self.world.ledger.market.coins.values()
        assert sum(paid) == ALL_COINS
        assert min(paid) >= 0

    @invariant()
    def the_index_never_falls(self) -> None:
        """Nor does the generation, and neither moves unless time does."""
        state, now = self.world.ledger.multiplier(STOCK), self.world.ledger.now()
        assert state.index >= self.last.index
        assert state.generation >= self.last.generation
        if now == self.last_seen:
            assert (state.index, state.num, state.den) == (self.last.index, self.last.num, self.last.den)
            assert state.generation == self.last.generation
        self.last, self.last_seen = state, now

    @invariant()
    def the_multiplier_is_the_floor_formula(self) -> None:
        """The pair fits, is in lowest terms, and shows its floor; with nothing pending both values are equal."""
        state = self.world.ledger.multiplier(STOCK)
        assert law.pair_fits(state.index, state.num, state.den)
        assert law.reduce(state.num, state.den) == (state.num, state.den)
        assert state.ui_multiplier == state.index * state.num // state.den
        if state.effective_at == 0:
            assert state.pending_ui_multiplier == state.ui_multiplier
        else:
            assert state.effective_at > self.world.ledger.now()

    @invariant()
    def a_second_look_gives_the_same_answer(self) -> None:
        """Views change nothing."""
        before = fingerprint(self.world.ledger)
        self.world.ledger.snapshot()
        assert fingerprint(self.world.ledger) == before


Laws.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLaws = Laws.TestCase


@given(terms=st.lists(st.tuples(st.integers(4, 10**20), st.integers(0, 10**20)), max_size=12))
def test_the_rounding_of_many_dividends_is_bounded_by_their_count(terms: list[tuple[int, int]]) -> None:
    """Each dividend loses less than one unit of the index, which later ones (a quarter at most each) let grow."""
    index, exact, bound = WAD, Fraction(WAD), Fraction(0)
    for price, cash in terms:
        net = min(cash, price // 4)
        index = law.next_index(index, price, net)
        exact *= Fraction(price + net, price)
        bound = bound * Fraction(5, 4) + 1
    assert 0 <= exact - index <= bound
