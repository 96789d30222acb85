"""A model that is read from the chain in the middle of any story goes on with it as the chain does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import permutations, product

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from machine.force_rules import ForceRules
from machine.holder_limits_rules import OFFICER, with_an_officer
from machine.register_rules import NEWCOMER, PROVIDERS, with_a_sanctions_oracle
from machine.rules import ACCOUNTS, INVESTORS, STOCKS, open_market
from machine.test_evm_agrees import EXPLORE, PHASES, START, STEPS
from machine.twins import Twins

from scrip import instructions as ins
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.evm.state.snapshot import load_model
from scrip.instructions.subjects import OTHERS, Subjects
from scrip.ledger import EVM
from scrip.model.laws.lockups import running
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

    def everybody(self) -> Subjects:
        """Whom the story is about, and everything that it has called by a name."""
        named = frozenset(f"ref-{number}" for number in range(self.serial + 1))
        opening = frozenset(f"{stock} {account}" for stock in STOCKS for account in ("alice", "bob"))
        return Subjects(
            stocks=frozenset(STOCKS),
            accounts=frozenset({*ACCOUNTS, ins.ISSUER, OFFICER, "custodian"}),
            investors=frozenset({*INVESTORS, NEWCOMER}),
            references=named,
            quotes=named | opening,
            assets=frozenset({"stablecoin", "unlisted"}),
            attestations=frozenset(product(PROVIDERS, range(4))),
            providers=frozenset(PROVIDERS),
            oracles=frozenset({ins.SANCTIONS_ORACLE}),
            allowances=frozenset(permutations(ACCOUNTS, 2)) | frozenset((one, one) for one in ACCOUNTS),
        )

    @rule()
    def read(self) -> None:
        """From here on the model is what the chain says; it says the same of everything that both know."""
        loaded = load_model(self.twins.chains["revm"], self.everybody())
        before, after = self.model.snapshot(), loaded.snapshot()
        assert after.multipliers == before.multipliers
        assert after.coverages == before.coverages
        assert after.supplies == before.supplies
        for stock in STOCKS:
            old, new = self.model.stocks[stock], loaded.stocks[stock]
            assert new.token.accounts.pop(OTHERS).balance == 0
            for name in ACCOUNTS:
                account = old.token.account(name)
                # The chain shows no lock-up that has ended.
                account.lockups = running(account.lockups, self.model.now())
                assert new.token.account(name) == account, name
            assert new.token.rules == old.token.rules
            assert new.token.holders.limits == old.token.holders.limits
            assert new.token.holders.count() == old.token.holders.count()
            assert new.token.holders.unseeded() == old.token.holders.unseeded()
            assert new.actions.records == old.actions.records
            for part in ("config", "basis", "step", "ceilings", "nonce", "said", "answered"):
                assert getattr(new.token.feed, part) == getattr(old.token.feed, part), (stock, part)
            assert new.token.feed.receivables == old.token.feed.receivables
        old_register, new_register = self.model.investors, loaded.investors
        assert new_register.records == old_register.records
        assert new_register.blocked_strangers == old_register.blocked_strangers
        assert new_register.attestations == old_register.attestations
        assert new_register.sanctions == old_register.sanctions
        for name in ACCOUNTS:
            assert new_register.successor_of(name) == old_register.successor_of(name)
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
