"""The model and the program in LiteSVM, given the same random instructions, answer alike."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from machine.rules import Desk, accounts, holders, open_market, stocks
from machine.twins import DONE, Twins
from solana_world import fresh

from scrip import instructions as ins
from scrip.instructions import Instruction
from scrip.ledger import SOLANA
from scrip.model.ledger import ModelLedger
from scrip.solana.ledger import SolanaLedger
from scrip.solana.suite import deploy_suite

EXAMPLES = int(os.environ.get("SCRIP_SOLANA_MACHINE_EXAMPLES", "12"))
STEPS = 30
START = 1_767_600_000
ABSENT = (
    ins.Approve,
    ins.TransferFrom,
    ins.Halt,
    ins.Unhalt,
    ins.OpenCase,
    ins.CloseCase,
    ins.ForcedTransfer,
    ins.BlockWallet,
    ins.UnblockWallet,
)
"""What Solana does not offer yet: asked of nobody."""


class SolanaTwins(Twins):
    """Twins that ask neither side for what Solana does not offer."""

    def apply(self, instruction: Instruction) -> str:
        """The one answer of both."""
        if isinstance(instruction, ABSENT):
            return DONE
        if isinstance(instruction, ins.ConfirmBasis):
            # The program keeps the attestations around a split itself.
            instruction = replace(instruction, old_round=None, new_round=None)
        return super().apply(instruction)


class SolanaDesk(Desk):
    """The machine over the model with Solana's traits and a fresh LiteSVM per example."""

    def start(self) -> Twins:
        chain, program = fresh(START)
        twins = SolanaTwins(
            ModelLedger(SOLANA, START), {"solana": SolanaLedger(chain, deploy_suite(chain, program))}, ("solana",)
        )
        open_market(twins)
        return twins

    @rule(stock=stocks, sender=holders, to=accounts)
    def stop(self, stock: str, sender: str, to: str) -> None:
        """A pause: there is no halt of everything here."""
        super().stop(stock, sender, to, everything=False)


def test_model_and_solana_agree() -> None:
    """Whatever is asked, in whatever order, both do it or both refuse it by the same name."""

    class Run(SolanaDesk):
        counts: Counter[str] = Counter()
        answers: Counter[str] = Counter()

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        seed(1)(Run),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=checks,
            phases=(Phase.generate,),
            print_blob=False,
        ),
    )
    assert Run.counts["mint"]
    assert Run.counts["redeem"]
    assert Run.counts["split"]
