"""Any story of sources, splits, settings and clocks: the price feed on a chain and the model of it answer alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import boa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from support.contract_calls import now, set_clock
from support.price_world import DAY, OPEN, SECOND, SOURCE, STOCK, UPTIME, WAD, Prices, two_sources, usual

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions.base import Instruction
from scrip.instructions.calendar import CloseDays

# A story of twenty steps asks the chain six questions after each: a CPU-second.
EXAMPLES = int(os.environ.get("SCRIP_PRICE_EXAMPLES", "6"))
STEPS = 20

NAMES = st.sampled_from((SOURCE, SOURCE, SECOND, UPTIME))
DOLLARS = st.sampled_from((180, 200, 200, 399, 400, 400, 440, 800))
WAITS = st.sampled_from((1, 30, 61, 600, 3_540, 3_600, 7_200, DAY, 3 * DAY))
FAULTS = st.sampled_from(({"fails": True}, {"short": True}, {"carried": True}, {"decimals": 18}, {"answer": -1}))
TERMS = st.sampled_from(
    (
        usual(),
        usual(basis="raw"),
        usual(calendar="", hours="24/7", max_age=60),
        usual(calendar="XPAR"),
        two_sources(),
        two_sources(second_basis="share", deviation_bps=2_000, band_bps=5_000),
        usual(max_age=0),
    )
)
SETTINGS = st.sampled_from(
    (
        ins.TightenPrice(STOCK, 600, 500),
        ins.TightenPrice(STOCK, 600, 500, 50),
        ins.SuspendPrice(STOCK),
        ins.ResumePrice(STOCK),
        ins.ResumePrice(STOCK),
        ins.AcceptPrice(STOCK),
        ins.SetSequencer(UPTIME, 60),
        ins.SetSequencer("", 0),
    )
)


class Story(RuleBasedStateMachine):
    """The feed and its model, given the same orders. `built` is where every story begins."""

    counts: Counter[str]
    built: Prices

    @initialize()
    def begin(self) -> None:
        self.anchor = boa.env.anchor()
        self.anchor.__enter__()
        set_clock(OPEN)
        self.prices = replace(self.built, model=self.built.model.copy())

    def teardown(self) -> None:
        if hasattr(self, "anchor"):
            self.anchor.__exit__(None, None, None)

    def give(self, order: Instruction) -> None:
        try:
            self.prices.apply(order)
            self.counts[type(order).__name__] += 1
        except Refusal as refusal:
            self.counts[refusal.name] += 1

    @rule(seconds=WAITS)
    def wait(self, seconds: int) -> None:
        self.prices.advance(seconds)

    @rule()
    def poke(self) -> None:
        self.give(ins.PokePrice(STOCK))

    @rule(dollars=DOLLARS, seconds=st.sampled_from((1, 61, 3_000)))
    def answer_and_poke(self, dollars: int, seconds: int) -> None:
        self.prices.advance(seconds)
        self.prices.say(SOURCE, dollars)
        self.prices.say(SECOND, 400)
        self.give(ins.PokePrice(STOCK))

    @rule(data=st.data())
    def disturb(self, data: st.DataObject) -> None:
        """Something that does not happen every day: a fault, other terms, an order of the desk's."""
        match data.draw(st.sampled_from(("say", "fail", "terms", "order", "order", "close"))):
            case "say":
                said = data.draw(st.sampled_from((0, 1, 400))), data.draw(st.sampled_from((0, 1, 3_600, 3_601, -1)))
                self.prices.say(data.draw(NAMES), said[0], at=now() - said[1])
            case "fail":
                fault = data.draw(FAULTS)
                self.prices.say(data.draw(NAMES), **({} if "answer" in fault else {"dollars": 400}), **fault)
            case "terms":
                self.give(data.draw(TERMS))
            case "order":
                self.give(data.draw(SETTINGS))
            case "close":
                self.give(CloseDays("XNYS", "exchange", now() // DAY, data.draw(st.integers(0, 14))))

    @rule(times=st.sampled_from((2, 1)), wait=st.sampled_from((3_600, 7_200, DAY)))
    def schedule(self, times: int, wait: int) -> None:
        if not self.prices.multiplier.effective_at:
            index = self.prices.multiplier.current.index
            self.prices.schedule(index * times if index < 16 * WAD else WAD, now() + wait)

    @rule(times=st.sampled_from((2, 1)), before=DOLLARS, after=DOLLARS, again=st.sampled_from((1, 61)))
    def whole_change(self, times: int, before: int, after: int, again: int) -> None:
        """A change from its schedule to the second answer after it: the sources follow it early, late, or in time."""
        self.schedule(times, 3_600)
        self.answer_and_poke(before, 3_000)
        self.through_a_change()
        self.answer_and_poke(after, again)

    @rule()
    def cancel(self) -> None:
        if self.prices.multiplier.effective_at:
            self.prices.cancel()

    @rule()
    def through_a_change(self) -> None:
        """Its second comes, and somebody pokes: the window opens, if there was a price."""
        if at := self.prices.multiplier.effective_at:
            self.prices.at(at)
            self.give(ins.PokePrice(STOCK))
            self.counts["windows"] += self.prices.model.prices.feeds[STOCK].window

    @invariant()
    def both_answer_alike(self) -> None:
        """And what is traded at was agreed since the present multiplier took effect."""
        if hasattr(self, "prices") and not isinstance(self.prices.agree(), str):
            self.counts["strict"] += 1
            feed = self.prices.model.prices.feeds[STOCK]
            assert feed.settled == self.prices.multiplier.generation


def test_the_price_feed_agrees_with_the_model(record_property: Callable[[str, object], None]) -> None:
    with boa.env.anchor():
        prepared = Prices.build()
        for name, dollars in ((SECOND, 400), (UPTIME, 0)):
            prepared.say(name, dollars, at=OPEN - DAY if name == UPTIME else OPEN)
        prepared.poke()
        _play(prepared, record_property)


def _play(prepared: Prices, record_property: Callable[[str, object], None]) -> None:
    class Run(Story):
        counts: Counter[str] = Counter()
        built = prepared

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=checks,
        phases=(Phase.explicit, Phase.generate),
    )
    run_state_machine_as_test(seed(1)(Run), settings=chosen)
    record_property("summary", f"{EXAMPLES} stories: {dict(Run.counts.most_common())}")
    assert Run.counts["PokePrice"] > 2 * EXAMPLES
    assert Run.counts["windows"] > EXAMPLES // 2
