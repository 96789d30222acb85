"""The machine without the EVM: model and program (LiteSVM), given the same random instructions, answer alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from machine.lapse_rules import ALL_RULES, FullDesk
from machine.rules import accounts, holders, open_market, stocks
from machine.three_way import LAG, SolanaTwins
from machine.twins import DONE, Twins

EXAMPLES = int(os.environ.get("SCRIP_SOLANA_MACHINE_EXAMPLES", "10"))
STEPS = 30
START = 1_767_600_000


class SolanaDesk(FullDesk):
    """The machine over the model with Solana's traits and a fresh LiteSVM per example."""

    def start(self) -> Twins:
        twins = SolanaTwins(START)
        open_market(twins)
        return twins

    @rule(stock=stocks, sender=holders, to=accounts)
    def stop(self, stock: str, sender: str, to: str) -> None:
        """A pause: there is no halt of everything here."""
        super().stop(stock, sender, to, everything=False)

    @rule(stock=stocks, account=holders)
    def same_quote_again(self, stock: str, account: str) -> None:
        """A quote that was honoured a moment ago is not honoured again."""
        order = self._mint(stock, account, 10**18)
        if self._count("mint", self.twins.apply(order)) == DONE:
            assert self.twins.apply(order) == "market: quote used"


def test_model_and_solana_agree(record_property: Callable[[str, object], None]) -> None:
    """Whatever is asked, in whatever order, both do it or both refuse it by the same name."""

    class Run(SolanaDesk):
        counts: Counter[str] = Counter()
        answers: Counter[str] = Counter()

    run_state_machine_as_test(
        seed(1)(Run),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            phases=(Phase.generate,),
            print_blob=False,
        ),
    )
    counts = ", ".join(f"{name} {Run.counts[name]} ({Run.counts[f'{name} refused']})" for name in ALL_RULES)
    lag = f"{Run.answers[LAG]} transfers passed before the crank"
    record_property("summary", f"{EXAMPLES} examples of up to {STEPS} steps, {lag}; done (refused): {counts}")
    assert Run.counts["mint"]
    assert Run.counts["redeem"]
    assert Run.counts["split"]
