"""The model and the contracts, given the same random instructions, answer alike.

All examples are played on revm, a few on titanoboa too: it runs the same code twenty times as slowly, and is held to
revm's answers and to every word that revm has stored.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine.force_rules import ForceRules
from machine.holder_limits_rules import with_an_officer
from machine.register_rules import with_a_sanctions_oracle
from machine.rules import NEVER_DONE, RULES, open_market
from machine.twins import DONE, Twins

from scrip.evm.chain import Contract
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.boa_chain import BoaChain
from scrip.evm.local.revm_chain import RevmChain
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger

EXAMPLES = int(os.environ.get("SCRIP_MACHINE_EXAMPLES", "120"))
STEPS = 30
EXPLORE = bool(os.environ.get("SCRIP_EXPLORE"))
"""New examples at every run; otherwise the same ones, so that a change is judged and not the day's luck."""
PHASES = (Phase.generate, Phase.shrink) if not os.environ.get("SCRIP_MACHINE_FAST_FAIL") else (Phase.generate,)
"""Whether a failure is made small before it is told."""
START = 1_767_600_000
ONE_IN = 10
"""Of so many examples one is played on titanoboa, too."""
CHAINS = {"titanoboa": BoaChain, "revm": RevmChain}


class WordForWord(Twins):
    """What is seen of revm holds for titanoboa, which is not asked: it has stored the same, word for word."""

    words = 0
    """Compared so far."""

    def watch_all(self) -> None:
        """Compare what was stored instead."""
        WordForWord.words += prepared(*CHAINS).same_words()


class Prepared:
    """The suite on these chains and the open market, made once in this process and wound back before each example."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.model = ModelLedger(EVM, START)
        chains = {name: CHAINS[name](START) for name in names}
        self.ledgers = {name: EvmLedger(chain, deploy_suite(chain)) for name, chain in chains.items()}
        with_an_officer(self.model, self.ledgers.values())
        with_a_sanctions_oracle(self.model, self.ledgers.values())
        open_market(Twins(self.model, self.ledgers, ()))
        assert len(names) < len(CHAINS) or self.same_words() > 100
        self.marks = {name: ledger.chain.mark() for name, ledger in self.ledgers.items()}

    def same_words(self) -> int:
        """Every word of storage that titanoboa has written since the last time is revm's; how many there are."""
        boa, revm = (self.ledgers[name].chain for name in ("titanoboa", "revm"))
        written = [(str(account), slot) for account, slots in boa.env.sstore_trace.items() for slot in slots]
        for account, slot in written:
            contract = Contract("", account.lower())
            assert boa.word(contract, slot) == revm.word(contract, slot), (account, slot)
        boa.env.sstore_trace.clear()
        return len(written)

    def start(self) -> Twins:
        """The market as it opened."""
        ledgers = {}
        for name, ledger in self.ledgers.items():
            ledger.chain.back_to(self.marks[name])
            self.marks[name] = ledger.chain.mark()
            ledgers[name] = replace(ledger, stocks=dict(ledger.stocks), _approved=set(ledger._approved))
        kind = WordForWord if len(ledgers) == len(CHAINS) else Twins
        return kind(self.model.copy(), ledgers, watched=("revm",))


@cache
def prepared(*names: str) -> Prepared:
    """One for all examples on these chains."""
    return Prepared(names)


class EvmRules(ForceRules):
    """The machine over the model and these chains: revm is fast enough to be looked at after every step."""

    chains: tuple[str, ...] = ("revm",)

    def start(self) -> Twins:
        return prepared(*self.chains).start()


@pytest.mark.parametrize(("draw", "played_on"), [(12, tuple(CHAINS)), (13, ("revm",))])
def test_model_and_evm_agree(
    draw: int, played_on: tuple[str, ...], record_property: Callable[[str, object], None]
) -> None:
    """Whatever is asked, in whatever order, all do it or all refuse it by the same name.

    It takes 20 CPU-seconds: a hundred examples, the fewest in which every rule is carried out.
    """

    class Run(EvmRules):
        chains = played_on
        counts: Counter[str] = Counter()
        answers: Counter[str] = Counter()

    both = len(played_on) == len(CHAINS)
    examples = EXAMPLES // ONE_IN if both else EXAMPLES - EXAMPLES // ONE_IN
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Run if EXPLORE else seed(draw)(Run),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=checks,
            phases=PHASES,
        ),
    )
    lines = [f"{examples} examples of up to {STEPS} steps; by rule, carried out (refused):"]
    lines += [f"  {name:<22}{Run.counts[name]:>6} ({Run.counts[f'{name} refused']})" for name in RULES]
    refusals = sorted(set(Run.answers) - {DONE})
    lines += [f"{len(refusals)} different refusals: {', '.join(refusals)}"]
    record_property("summary", "\n".join(lines))
    if both:
        assert WordForWord.words > 10 * examples
    if examples >= 100:
        idle = [name for name in RULES if not Run.counts[f"{name} refused" if name in NEVER_DONE else name]]
        assert not idle, f"never happened: {idle}"
