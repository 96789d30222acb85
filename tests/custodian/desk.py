"""A desk, an oracle and strangers as a machine that draws histories and makes what it finds small."""

from __future__ import annotations

from typing import ClassVar

from custodian.history import Maker, Play
from custodian.market import DAY
from custodian.terms import Op, Setup
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

numbers = st.integers(0, 999)


class Desk(RuleBasedStateMachine):
    """A desk, an oracle and strangers without corporate actions, on the chains of `make`."""

    make: ClassVar[Maker]
    attested: ClassVar[bool] = False
    mints = 0

    @initialize(
        chains=st.integers(1, 2),
        loose=st.booleans(),
        margin_bps=st.sampled_from([0, 50, 200]),
        delay=st.sampled_from([0, DAY, 3 * DAY]),
        whole=st.booleans(),
    )
    def begin(self, chains: int, loose: bool, margin_bps: int, delay: int, whole: bool) -> None:
        drawn = {"chains": chains, "loose": loose, "margin_bps": margin_bps, "delay": delay, "whole": whole}
        self.play = Play(Setup(**drawn, overlap=False, attested=self.attested), type(self).make)
        self.play.step(Op("mint"))

    def teardown(self) -> None:
        if hasattr(self, "play"):
            type(self).mints += self.play.counts["mint"]

    @rule(name=st.sampled_from(["wait", "answer", "buy", "redeem", "sell", "ceiling"]), a=numbers, b=numbers, c=numbers)
    def do(self, name: str, a: int, b: int, c: int) -> None:
        self.play.step(Op(name, a, b, c))

    @rule(b=numbers)
    def mint_on_a_fresh_answer(self, b: int) -> None:
        self.play.run([Op("answer"), Op("mint", b, b)])


class ActingDesk(Desk):
    """With splits, dividends and confirmations as well."""

    @rule(name=st.sampled_from(["split", "dividend", "dividend", "strike", "cancel"]), a=numbers, b=numbers, c=numbers)
    def act(self, name: str, a: int, b: int, c: int) -> None:
        self.play.step(Op(name, a, b, c))

    @rule(a=numbers, b=numbers, c=numbers)
    def confirm_on_a_fresh_answer(self, a: int, b: int, c: int) -> None:
        self.play.run([Op("answer", 0, b), Op("confirm", a, b, c), Op("set_basis", a)])
