"""A vault whose stablecoin does what it likes, with an investor as accomplice: nobody's coin pays another's claim."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import boa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from support.contract_calls import Handle, Refused, named, now, set_clock
from support.issuance_world import ALICE, BOB, CAROL, HOUR, START, TREASURY, WAD
from support.redemption_world import DESK, OTHER, PRICE, Redemption, fresh

PEOPLE = (ALICE, OTHER, BOB, CAROL)
EXAMPLES, STEPS = 6, 20


@cache
def prepared() -> tuple[Redemption, Handle, Handle]:
    """The world, its coin and the vault for it; Bob is the coin's accomplice."""
    world = Redemption()
    return world, *world.unruly()


class Coin(RuleBasedStateMachine):
    """Every call may be refused; what it leaves behind is looked at after each."""

    def __init__(self) -> None:
        super().__init__()
        self.world, self.coin, self.vault = prepared()
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        set_clock(START)

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            self.anchor.__exit__(None, None, None)

    def settle(self) -> None:
        """The coin behaves again, and everybody is paid what they were owed."""
        self.coin.set_mode(0)
        self.coin.set_callback("0x" + "00" * 20, b"")
        for one in (*PEOPLE, TREASURY):
            self.coin.blacklist(one, False)
        self.desk(list(PEOPLE), 0)
        for one in PEOPLE:
            owed, before = self.vault.claimableAssets(one), self.coin.balanceOf(one)
            self.vault.claimAll([one], sender=one)
            assert self.coin.balanceOf(one) == before + owed
            if self.vault.claimableCancelRedeemRequest(0, one):
                self.vault.claimCancelRedeemRequest(0, one, one, sender=one)
        assert (self.vault.totalAssets(), self.vault.totalRequested()) == (0, 0)

    def attempt(self, name: str, *args: object, sender: str) -> None:
        with suppress(Refused):
            getattr(self.vault, name)(*args, sender=sender)

    @rule(mode=st.sampled_from([0, 0, 1, 2, 3, 4, 5]))
    def behave(self, mode: int) -> None:
        self.coin.set_mode(mode)

    @rule(one=st.sampled_from((*PEOPLE, TREASURY)), listed=st.booleans())
    def blacklist(self, one: str, listed: bool) -> None:
        self.coin.blacklist(one, listed)

    @rule(name=st.sampled_from(["redeem", "claimAll", "cancelRedeemRequest", "skim", ""]), one=st.sampled_from(PEOPLE))
    def call_back(self, name: str, one: str) -> None:
        """From within a payment; for Bob it is the accomplice's operator."""
        self.vault.setOperator(self.coin, True, sender=BOB)
        args = {"redeem": (WAD, BOB, BOB), "claimAll": ([BOB, one],), "cancelRedeemRequest": (0, BOB), "skim": ()}
        data = self.vault.calldata(name, *args[name]) if name else b""
        self.coin.set_callback(self.vault if name else "0x" + "00" * 20, data)

    @rule(one=st.sampled_from(PEOPLE), amount=st.sampled_from([1, WAD, 3 * WAD + 7]))
    def ask(self, one: str, amount: int) -> None:
        self.attempt("requestRedeem", amount, one, one, sender=one)

    @rule(one=st.sampled_from(PEOPLE))
    def cancel(self, one: str) -> None:
        self.attempt("cancelRedeemRequest", 0, one, sender=one)

    @rule(controllers=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4), late=st.sampled_from([0, 1, HOUR]))
    def desk(self, controllers: list[str], late: int) -> None:
        set_clock(now() + 1)
        key = fresh()
        self.vault.strike(key, PRICE, now() + HOUR, sender=DESK)
        set_clock(now() + late)
        self.attempt("fill", key, controllers, sender=DESK)

    @rule(one=st.sampled_from(PEOPLE), to=st.sampled_from(PEOPLE), part=st.sampled_from([1, 2, 3]))
    def fetch(self, one: str, to: str, part: int) -> None:
        self.attempt("redeem", self.vault.claimableRedeemRequest(0, one) // part, to, one, sender=one)

    @rule(one=st.sampled_from(PEOPLE), to=st.sampled_from(PEOPLE), part=st.sampled_from([1, 2, 3]))
    def withdraw(self, one: str, to: str, part: int) -> None:
        self.attempt("withdraw", self.vault.claimableAssets(one) // part, to, one, sender=one)

    @rule(keeper=st.sampled_from(PEOPLE))
    def keep(self, keeper: str) -> None:
        self.attempt("claimAll", list(PEOPLE), sender=keeper)

    @rule()
    def skim(self) -> None:
        self.attempt("skim", sender=named("anyone"))

    @invariant()
    def what_is_owed_is_there_and_is_the_sum_of_the_claims(self) -> None:
        owed = self.vault.totalAssets()
        assert owed == sum(self.vault.claimableAssets(one) for one in PEOPLE)
        assert owed <= self.coin.balanceOf(self.vault)

    @invariant()
    def what_waits_is_there_and_is_the_sum_of_the_requests(self) -> None:
        views = (self.vault.pendingRedeemRequest, self.vault.claimableCancelRedeemRequest)
        assert self.vault.totalRequested() == sum(view(0, one) for view in views for one in PEOPLE)
        assert self.vault.totalRequested() == self.world.stock.balanceOf(self.vault)


def test_no_coin_however_it_behaves_pays_one_with_anothers() -> None:
    prepared()  # outside the stories, each of which titanoboa takes back
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        seed(3)(Coin),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=checks,
            phases=(Phase.generate, Phase.shrink),
        ),
    )
