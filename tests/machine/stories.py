"""What machines of one subject share: orders given to model and chain alike and counted, and how stories are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from machine.test_evm_agrees import EXPLORE, PHASES
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.ledger import EvmLedger


class Story(RuleBasedStateMachine):
    """A model and a chain that are given the same; how often each answer came, by instruction."""

    counts: Counter[str] = Counter()

    def __init__(self, twins: Twins, ledger: EvmLedger) -> None:
        super().__init__()
        self.twins, self.model, self.ledger = twins, twins.model, ledger

    def give(self, order: ins.Instruction) -> str:
        """Apply it to both, which answer alike."""
        answer = self.twins.apply(order)
        name = type(order).__name__
        type(self).counts[name if answer == DONE else f"{name}: {answer}"] += 1
        return answer

    def advance(self, seconds: int) -> None:
        """Let time pass on both."""
        second = self.model.now() + seconds
        for one in (self.model, self.ledger):
            one.advance_to(second)


def tell(
    kind: type[Story], draw: int, examples: int, steps: int, record_property: Callable[[str, object], None]
) -> Counter[str]:
    """Tell stories of a machine, the same ones at every run unless new ones are asked for; what came of its orders."""
    counts: Counter[str] = Counter()
    run = type("Run", (kind,), {"counts": counts})
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        run if EXPLORE else seed(draw)(run),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, phases=PHASES
        ),
    )
    record_property("summary", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return counts
