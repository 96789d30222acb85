"""Model, contracts (revm) and program (LiteSVM), given the same random instructions, answer alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import initialize, run_state_machine_as_test
from machine.lapse_rules import ALL_RULES, FullRules
from machine.rules import DAY, RESERVE, open_market
from machine.test_evm_agrees import EXPLORE, START, STEPS, prepared
from machine.three_way import LAG, SolanaTwins, ThreeTwins
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.units import Shares

EXAMPLES = int(os.environ.get("SCRIP_MACHINE_ALL_EXAMPLES", "20"))
AT_ONCE = ("finer_amount", "lapse", "crank")
"""What every example begins with, so that no run is without it."""


def attested_alone(evm: Twins, stock: str) -> None:
    """Take the aggregator of a stock, which Solana has none of: from here on its nonces are those of Solana's."""
    terms = 30 * DAY, 50, Shares(RESERVE)
    evm.must(ins.ConfigureReserve(stock, *terms, source="attested"))


class AllRules(FullRules):
    """The machine over the EVM's model, revm, Solana's model and a LiteSVM of its own for each example."""

    def start(self) -> Twins:
        evm, solana = prepared("revm").start(), SolanaTwins(START)
        open_market(solana)
        attested_alone(evm, "OPEN")
        both = ThreeTwins(evm, solana)
        both.advance_to(START + 1)
        both.must(ins.AttestReserve("OPEN", Shares(RESERVE)))
        return both

    @initialize()
    def where_chains_differ(self) -> None:
        """An amount too fine for Solana; a lapse with a transfer before the crank; a lapse with the crank first."""
        self.finer_amount("ACME", "alice", "bob", 1, 1)
        self.lapse("ACME", "inv-alice", "bob", "trade", True)
        self.lapse("ACME", "inv-bob", "alice", "crank", True)


def test_all_ledgers_agree(record_property: Callable[[str, object], None]) -> None:
    """Whatever is asked, in whatever order, all do it or all refuse it by the same name."""

    class Run(AllRules):
        counts: Counter[str] = Counter()
        answers: Counter[str] = Counter()

    run_state_machine_as_test(
        Run if EXPLORE else seed(3)(Run),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            phases=(Phase.generate,),
        ),
    )
    lag = f"{Run.answers[LAG]} transfers passed before the crank"
    lines = [f"{EXAMPLES} examples of up to {STEPS} steps on both chains, {lag}; by rule, carried out (refused):"]
    lines += [f"  {name:<22}{Run.counts[name]:>6} ({Run.counts[f'{name} refused']})" for name in ALL_RULES]
    refusals = sorted(set(Run.answers) - {DONE, LAG})
    lines += [f"{len(refusals)} different refusals: {', '.join(refusals)}"]
    record_property("summary", "\n".join(lines))
    assert Run.answers[LAG] >= EXAMPLES
    assert all(Run.counts[name] >= EXAMPLES for name in AT_ONCE)
