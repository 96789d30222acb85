"""A model that is read from the chain in the middle of any story goes on with it as the chain does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from machine import states
from machine.force_rules import ForceRules
from machine.test_evm_agrees import EXPLORE, PHASES, STEPS, prepared
from machine.twins import Twins

from scrip import instructions as ins
from scrip.evm.state.snapshot import load_model
from scrip.instructions.subjects import Subjects
from scrip.model.state import Rules

EXAMPLES = int(os.environ.get("SCRIP_STATE_EXAMPLES", "12"))


class Reading(ForceRules):
    """The machine, whose model is thrown away and read from the chain again and again."""

    def start(self) -> Twins:
        return prepared("revm").start()

    @rule()
    def read(self) -> None:
        """From here on the model is what the chain says; it says the same of everything that both know."""
        subjects = self.everybody()
        loaded = states.read(self.twins.chains["revm"], subjects)
        before, after = self.model.snapshot(), loaded.snapshot()
        assert after.multipliers == before.multipliers
        assert after.coverages == before.coverages
        assert after.supplies == before.supplies
        states.compare(self.model, loaded, subjects, "revm")
        self.twins.model = self.model = loaded
        type(self).counts["read"] += 1


def test_a_model_read_from_the_chain_goes_on_with_the_story(record_property: Callable[[str, object], None]) -> None:
    class Run(Reading):
        counts: Counter[str] = Counter()
        answers: Counter[str] = Counter()

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Run if EXPLORE else seed(1)(Run),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks, phases=PHASES
        ),
    )
    record_property("summary", f"{EXAMPLES} stories, read {Run.counts['read']} times from the chain")
    assert Run.counts["read"] > EXAMPLES // 3


def test_settings_that_are_not_the_usual_ones_are_read() -> None:
    twins = prepared("revm").start()
    ledger = twins.chains["revm"]
    notices = {0: 50 * 3_600, 1: 60 * 3_600, 2: 2 * 3_600}
    for kind, seconds in notices.items():
        ledger.chain.send(ledger.suite.actions, "setNotice", kind, seconds, sender=ins.ISSUER)
    ledger.chain.send(ledger.suite.actions, "setWithholding", 1_234, sender=ins.ISSUER)
    ledger.chain.send(ledger.suite.actions, "setGrace", 3 * 86_400, sender=ins.ISSUER)
    assert load_model(ledger, Subjects()).config.rules == Rules(*notices.values(), 1_234, 3 * 86_400)
