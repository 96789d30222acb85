"""A model that is read from the chain in the middle of any story goes on with it as the chain does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from machine import states
from machine.force_rules import ForceRules
from machine.holder_limits_rules import with_an_officer
from machine.register_rules import with_a_sanctions_oracle
from machine.rules import open_market
from machine.test_evm_agrees import EXPLORE, PHASES, START, STEPS
from machine.twins import Twins

from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger

EXAMPLES = int(os.environ.get("SCRIP_STATE_EXAMPLES", "12"))


class Prepared:
    """The open market on revm, made once and wound back."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        chain = RevmChain(START)
        self.ledger = EvmLedger(chain, deploy_suite(chain))
        with_an_officer(self.model, [self.ledger])
        with_a_sanctions_oracle(self.model, [self.ledger])
        open_market(Twins(self.model, {"revm": self.ledger}, ()))
        self.mark = chain.mark()

    def start(self) -> Twins:
        """The market as it opened."""
        chain = self.ledger.chain
        chain.back_to(self.mark)
        self.mark = chain.mark()
        ledger = replace(self.ledger, stocks=dict(self.ledger.stocks), _approved=set(self.ledger._approved))
        return Twins(self.model.copy(), {"revm": ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all examples."""
    return Prepared()


class Reading(ForceRules):
    """The machine, whose model is thrown away and read from the chain again and again."""

    def start(self) -> Twins:
        return prepared().start()

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
