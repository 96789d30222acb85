"""A plan carried out on a fork, all of it, and the chain's answer held against the model's.

Before anything runs, the model is read from the fork: all stocks, every holder, the register. Each instruction of the
plan is applied to it in the second in which the fork carries it out. At the end the model is read from the fork again,
and the two must be the same, fact by fact; and an audit may find nothing that it did not find before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from scrip.errors import Refusal, ScripError
from scrip.evm.audit import audit, evidence_of
from scrip.evm.compiled.release import Release
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.calldata import MessageCall, step_data
from scrip.evm.rehearse.forecast import with_grants
from scrip.evm.rehearse.fork import forked, pass_time
from scrip.evm.rehearse.holders import everybody
from scrip.evm.rpc.signers import Impersonated
from scrip.evm.safe import timelock
from scrip.evm.state.snapshot import load_model
from scrip.evm.tx.manager import EvmTransactionManager
from scrip.executor import Executor
from scrip.instructions.base import Instruction
from scrip.instructions.subjects import Subjects, called_by_name, subjects_of
from scrip.labels import IMPLEMENTATIONS, LABELS, STABLECOIN, TIMELOCK
from scrip.model.ledger import ModelLedger
from scrip.plan import Plan, Step, step_id
from scrip.preview import differences, facts
from scrip.reports.findings import Finding, in_order, worse
from scrip.reports.rehearsal import Rehearsed, Report, unforeseen

_Network = TypeVar("_Network", bound=EvmConnection)


def rehearse(network: EvmConnection, plan: Plan, release: Release | None = None) -> Report:
    """Carry a plan out on a fork of a network; what it showed. Nothing is sent to the network.

    Steps of the timelock are scheduled by its first proposer, wait its delay, and are executed. `release` is what the
    plan pins, where it is not the project's build. ScripError when no fork can be made.
    """
    with _ready(network, plan) as fork:
        return _Rehearsal(fork, plan, release).run()


def rehearse_decided(network: _Network, plan: Plan, rest: Callable[[_Network], Plan], not_before: int = 0) -> Report:
    """Carry out on a fork what was decided already: a Safe's proposal, an operation of the timelock.

    The fork's clock stands at `not_before`, UTC seconds, or later; the timelock's delay after the plan comes what
    `rest` plans on the fork. What all this changes, time alone apart, is shown; there is no preview to hold it against,
    for that was the proposing command's. A step that is refused is a finding, and whatever the audit did not find
    before.
    """
    with _ready(network, plan) as fork:
        pass_time(fork, not_before)
        return _Rehearsal(fork, plan, None, lambda: rest(fork)).run()


@contextmanager
def _ready(network: _Network, plan: Plan) -> Iterator[_Network]:
    """A fork on which the plan's senders act."""
    with forked(network) as fork:
        for sender in {step.sender for step in plan.steps}:
            fork.chain.add_signer(sender, Impersonated(fork.chain.address(sender)))
        yield fork


@dataclass
class _Rehearsal:
    fork: EvmConnection
    plan: Plan
    release: Release | None
    rest: Callable[[], Plan] | None = None
    done: list[Rehearsed] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)
    waited: int = 0

    def run(self) -> Report:
        block = self.fork.node.block().number
        audited = self._audit()
        subjects = self._subjects()
        model = self._model(subjects)
        if model:
            with_grants(model, self.plan.steps)
        before = facts(model) if model else {}
        try:
            for steps in _runs(self.plan.steps):
                self._carry_out(model, steps)
            self._carry_out_rest()
        except ScripError as error:
            self.refusals.append(Finding("plan", "every step carried out", str(error), "critical"))
        later = self._model(subjects)
        after = facts(later) if later else {}
        if model:
            model.advance_to(self.fork.chain.now())
        # What was not there before has no preview: the audit says whether it is as the manifest wants it.
        previewed = facts(model) if model else after
        if self.rest is not None:
            before, previewed = previewed, after
        new = worse(audited, self._audit())
        grave = [one for one in new if one.severity != "drift"]
        return Report(
            plan=self.plan,
            block=block,
            steps=tuple(self.done),
            waited=self.waited,
            stocks=len(later.stocks) if later else 0,
            accounts=len(subjects.accounts),
            facts=len({*previewed, *after}),
            changes=tuple(differences(before, after)),
            findings=tuple(in_order([*self.refusals, *unforeseen(previewed, after), *grave])),
            notes=tuple(one for one in new if one.severity == "drift"),
            previewed=self.rest is None,
        )

    # --- what is compared ---

    def _is_deployed(self) -> bool:
        return all(label in self.fork.book for label in (*LABELS, *IMPLEMENTATIONS, STABLECOIN))

    def _audit(self) -> list[Finding]:
        return audit(self.fork, self.release) if self._is_deployed() else []

    def _subjects(self) -> Subjects:
        named = subjects_of(order for step in self.plan.steps for order in self._orders(step))
        if not self._is_deployed():
            return named
        return named | everybody(self.fork, self.fork.ledger(), evidence_of(self.fork).since)

    def _model(self, subjects: Subjects) -> ModelLedger | None:
        """The model in the fork's state; None before there is a suite."""
        return load_model(self.fork.ledger(), subjects) if self._is_deployed() else None

    # --- what is carried out ---

    def _carry_out(self, model: ModelLedger | None, steps: Sequence[Step]) -> None:
        if steps[0].sender == TIMELOCK:
            self._through_timelock(model, steps)
            return
        for step in steps:
            self._preview(model, step)
            self._execute(step)

    def _execute(self, step: Step) -> None:
        outcome = (
            Executor(EvmTransactionManager(self.fork))
            .run(Plan(self.plan.name, self.plan.reference, (step,)))
            .outcomes[0]
        )
        gas = outcome.record.gas if outcome.record else 0
        self.done.append(Rehearsed(step.title, step.sender, self.fork.chain.now(), gas))

    def _carry_out_rest(self) -> None:
        """Carry out what can only be done after the timelock's delay."""
        if self.rest is None:
            return
        pass_time(self.fork, self.fork.chain.now() + self._delay())
        steps = self.rest().steps
        self.waited += self._delay() if steps else 0
        for step in steps:
            self._execute(step)

    def _delay(self) -> int:
        """The timelock's delay, seconds."""
        return int(self.fork.chain.call(self.fork.book.contract(TIMELOCK), "get_minimum_delay"))

    def _through_timelock(self, model: ModelLedger | None, steps: Sequence[Step]) -> None:
        """Schedule, let the delay pass, execute, as the Safe and anybody after it would."""
        proposer = self.fork.manifest.timelock.proposers[0]
        ids = [step_id(self.fork.genesis, self.plan, step) for step in steps]
        calls = [
            MessageCall(self.fork.chain.address(step.to), 0, step_data(self.fork.chain, step, key))
            for step, key in zip(steps, ids, strict=True)
        ]
        delay = self._delay()
        batches = timelock.operations(calls, ids)
        for batch in batches:
            self._execute(timelock.schedule_step(batch, delay, proposer))
        pass_time(self.fork, self.fork.chain.now() + delay)
        self.waited += delay
        for step in steps:
            self._preview(model, step)
        for batch in batches:
            self._execute(timelock.execute_step(batch, proposer))
        self.done += [Rehearsed(step.title, TIMELOCK, self.fork.chain.now(), 0) for step in steps]

    def _orders(self, step: Step) -> list[Instruction]:
        """The step's instructions, each account under its one name."""
        return [called_by_name(order, self.fork.chain.name) for order in step.instructions]

    def _preview(self, model: ModelLedger | None, step: Step) -> None:
        """Apply the step's instructions to the model, in the fork's second."""
        if model is None:
            return
        model.advance_to(self.fork.chain.now())
        for order in self._orders(step):
            try:
                model.apply(order)
            except Refusal as refusal:
                self.refusals.append(Finding(step.title, "an instruction that may be", str(refusal), "critical"))


def _runs(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Group the steps in order: those of one sender that follow each other together."""
    for _, together in groupby(steps, key=lambda step: step.sender):
        yield list(together)
