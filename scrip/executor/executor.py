"""Plans carried out so that nothing happens twice and nothing is lost, whenever the process stops.

Each step: resolved, signed, its intent on disk, sent, in a block, recorded. A run that finds an intent sends the same
bytes again or records what came of them; it signs anew only what was never signed, what a record says has failed, and
what can never land any more. The executor is the same on every kind of chain; a transaction manager knows one kind's
transactions.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from scrip.errors import Drift, InputError, Refusal, ScripError
from scrip.plan import Plan, Step
from scrip.plan.identity import Booked, identity
from scrip.records import Intent, Record, Records
from scrip.records.journal import is_urgent
from scrip.records.lock import Locked
from scrip.records.record import Action

Event = Literal["already", "resumed", "signed", "sent", "mined", "expired", "done", "failed"]


class Watcher(Protocol):
    """Told of what becomes of each step, as it happens. `record` comes with the last word on a step."""

    def __call__(self, event: Event, step: Step, record: Record | None = None) -> None:
        """Hear of an event of a step."""


def silent(event: Event, step: Step, record: Record | None = None) -> None:
    """Hear of nothing: the watcher of an executor that nobody watches."""


class StepFailed(ScripError):
    """A step's transaction was refused, before it was sent (`record` None) or by the chain, and the plan stopped there.

    What was done before stands. The next run signs the step anew.
    """

    def __init__(self, step: Step, reason: Refusal, record: Record | None = None) -> None:
        where = f"failed on the chain in {record.tx}" if record else "would fail and was not sent"
        super().__init__(f"{step.title}: {where}: {reason}")
        self.step = step
        self.reason = reason
        self.record = record


class NeverLands(ScripError):
    """A transaction is in no block and can never come into one."""


class Ready(Protocol):
    """A step with every name resolved."""

    @property
    def action(self) -> Action:
        """What a record says of the step."""


_Ready = TypeVar("_Ready", bound=Ready)
_Landing = TypeVar("_Landing")


class TransactionManager(Booked, Protocol[_Ready, _Landing]):
    """One network's transactions: resolved, signed, sent, found again. It writes no records.

    What a resolved step is, and a transaction in a block, each kind of chain has its own way.
    """

    attempts: int
    """How often a step is signed in one run, where what was signed can expire."""

    def begin(self, journal: Records) -> None:
        """Start a run that notes what it does in a journal: what an earlier one knew of nonces is forgotten."""

    def demand_signer(self, name: str) -> None:
        """InputError where nobody signs for a sender."""

    def prepare(self, plan: Plan, step: Step) -> _Ready:
        """Resolve a step; InputError for a name that nobody knows."""

    def is_done(self, step: Step, ready: _Ready) -> bool:
        """Whether the chain says that it carried a step out, by the step's key, whoever sent it."""

    def carried_out(self, step: Step, ready: _Ready) -> tuple[Intent, _Landing] | None:
        """The transaction that carried a step out; None when the node does not tell."""

    def sign(self, step: Step, ready: _Ready, attempt: int) -> Intent:
        """Sign a step; StepFailed when it would fail. An intent without bytes is sent already."""

    def send(self, intent: Intent) -> None:
        """Hand an intent's bytes to the network."""

    def send_again(self, intent: Intent) -> None:
        """Hand an intent's bytes over once more, though they may have landed."""

    def outbid(self, intent: Intent) -> Intent | None:
        """What takes an intent's place at a higher offer, where it may wait for want of one; None to leave it."""

    def earlier(self, intent: Intent) -> tuple[Intent, _Landing] | None:
        """The transaction of an intent's step that was given up for it and landed all the same; None for none."""

    def find(self, intent: Intent) -> _Landing | None:
        """Where an intent's transaction is; None when it is in no block."""

    def can_land(self, intent: Intent) -> bool:
        """Whether an intent's bytes are still good. Whoever is told no asks `find` once more."""

    def lost(self, intent: Intent) -> str:
        """Why a transaction that is in no block and cannot land is given up; Drift where a person has to look.

        No person has to where another operation of ours was signed for the same place, as an emergency's is.
        """

    def wait(self, intent: Intent) -> _Landing:
        """Wait until an intent's transaction is in a block; NeverLands where it never will be."""

    def recheck(self, intent: Intent, landing: _Landing) -> _Landing:
        """Where a transaction is now: the same place, or another where the chain was reorganised."""

    def is_final(self, landing: _Landing) -> bool:
        """Whether a transaction stays in the block that it is in."""

    def wait_final(self, intent: Intent, landing: _Landing) -> None:
        """Wait until a transaction stays in the block that it is in."""

    def succeeded(self, landing: _Landing) -> bool:
        """Whether a transaction did what it was to do."""

    def outcome(self, intent: Intent, landing: _Landing) -> dict[str, object]:
        """The further fields of a transaction's record. Drift where the chain made something else than was foreseen."""

    def disagreement(self, record: Record) -> str:
        """What the chain says otherwise than a record; "" for nothing."""

    def give_up(self, intent: Intent) -> None:
        """See to it that an intent never lands, or wait until it has landed after all."""

    def learn(self, record: Record) -> None:
        """Know by its label what a record says was made."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: "done" now, or "already" done. A step found done by its key alone has no record."""

    step: Step
    status: Literal["done", "already"]
    record: Record | None


@dataclass(frozen=True, slots=True)
class Result:
    """A plan that was carried out, step by step in order."""

    plan: Plan
    outcomes: tuple[Outcome, ...]

    @property
    def changed(self) -> bool:
        """Whether this run did anything."""
        return any(one.status == "done" for one in self.outcomes)


@dataclass
class _Flight(Generic[_Landing]):
    """A transaction in a block that is not recorded yet."""

    step: Step
    intent: Intent
    landing: _Landing


@dataclass
class Executor(Generic[_Ready, _Landing]):
    """Carries plans out on the network of a transaction manager; `watch` is told of what becomes of each step.

    A step's sender that nobody signs for is an InputError before anything is sent.
    """

    manager: TransactionManager[_Ready, _Landing] = field(repr=False)
    watch: Watcher = silent
    _journal: Records = field(init=False, repr=False)
    _flying: list[_Flight[_Landing]] = field(default_factory=list, init=False)
    _outcomes: dict[str, Outcome] = field(default_factory=dict, init=False)

    def run(self, plan: Plan) -> Result:
        """Carry out what is not done yet, in order, and record it.

        Drift when the records and the chain disagree, or when a transaction of an unfinished step lost its nonce to
        another; StepFailed when a step is refused; Locked when another operator works on the network, which keeps no
        emergency waiting; NeverLands when the network takes nothing. Whatever is raised, what was done is on disk, and
        running the plan again goes on from there.
        """
        names = [step.name for step in plan.steps]
        ids = {identity(self.manager, plan, step) for step in plan.steps}
        if len(set(names)) < len(names):
            raise InputError("has two steps of the same name", field="plan", value=plan.name)
        for step in plan.steps:
            self.manager.demand_signer(step.sender)
        with self.manager.records.working(plan.name, ids) as journal:
            self._begin_in(journal)
            self._flying.clear()
            self._outcomes.clear()
            if not journal.lane:
                self._finish_others(ids)
            for step in plan.steps:
                self._carry_out(plan, step)
            self._land_all()
        return Result(plan, tuple(self._outcomes[step.name] for step in plan.steps))

    def settle(self, operation: str = "") -> list[Record]:
        """Record what a run that was stopped left in a block, where nothing else is to do. Nothing is sent.

        After an emergency it is looked for in the emergencies' journals alone, those that nobody works in.
        """
        if not is_urgent(operation):
            return self._settle(self.manager.records)
        found: list[Record] = []
        for journal in self.manager.records.lanes():
            with suppress(Locked):
                found += self._settle(journal)
        return found

    def _settle(self, journal: Records) -> list[Record]:
        if journal.is_whole:
            return []
        with journal.locked("settle"):
            self._begin_in(journal)
            found = [(one, self.manager.find(one)) for one in journal.open_intents()]
            for intent, landing in found:
                if landing is not None:
                    self.manager.wait_final(intent, landing)
            return [self._record(intent, landing) for intent, landing in found if landing is not None]

    def _begin_in(self, journal: Records) -> None:
        self._journal = journal
        self.manager.begin(journal)

    def abandon(self, step: str, reason: str) -> Record:
        """Give up an intent, by its step id; the record of what became of it. The next run signs the step anew.

        While its bytes are good they could still land: they are made bad first (a nonce is used up by sending nothing
        at a higher fee), or waited for until they are. Should the intent's own transaction land all the same, the
        record says so. InputError for a step without an open intent.
        """
        with self.manager.records.left(step)[0].locked(f"abandon {step}"):
            # Who held the journal until now may have settled it.
            journal, intent = self.manager.records.left(step)
            self._begin_in(journal)
            if self.manager.find(intent) is None and self.manager.can_land(intent):
                self.manager.give_up(intent)
            landing = self.manager.find(intent)
            if landing is None:
                return journal.append("abandoned", intent.action, intent.tx, reason=reason)
            self.manager.wait_final(intent, landing)
            return self._record(intent, landing)

    # --- before the first step ---

    def _finish_others(self, ours: Collection[str]) -> None:
        """Record what other operations left landed and unrecorded; refuse to overtake what they left on its way.

        `ours` are the ids of the plan's own steps.
        """
        for intent in self._journal.open_intents():
            if intent.action.step_id in ours:
                continue
            action, landing = intent.action, self.manager.find(intent)
            if landing is None and self.manager.can_land(intent):
                raise ScripError(
                    f"{action.operation!r} ({action.reference}) stopped at step {action.step!r}, which was signed and "
                    "is not mined: run it again first"
                )
            landing = landing or self.manager.find(intent)
            if landing is None:
                self._abandon(intent, self.manager.lost(intent))
                continue
            self.manager.wait_final(intent, landing)
            self._learn(action.label, self._record(intent, landing))

    # --- one step ---

    def _carry_out(self, plan: Plan, step: Step) -> None:
        records, identifier = self._journal, identity(self.manager, plan, step)
        latest, intent = records.known(plan.name, identifier), records.intent(identifier)
        if latest is not None and latest.done:
            if problem := self.manager.disagreement(latest):
                raise Drift(f"record {latest.number}, {step.title}: {problem}")
            self._end(step, "already", latest)
        elif intent is not None and not records.settled(intent):
            self.watch("resumed", step)
            self._resume(plan, step, intent)
            self._demand_terms(plan, step, intent)
        else:
            self._begin(plan, step)
        self._land()

    def _demand_terms(self, plan: Plan, step: Step, intent: Intent) -> None:
        """ScripError where what a stopped run had signed under a step's name was another order, and is carried out now.

        It is recorded as what it was, and nobody is told that his own order is done.
        """
        if not self._flying or self._flying[-1].intent is not intent:
            return
        asked, signed = self.manager.prepare(plan, step).action, intent.action
        if step.title == signed.title or (asked.to, asked.data_hash) == (signed.to, signed.data_hash):
            return
        self._land_all()
        raise ScripError(
            f"{signed.title}: was under way under this reference, and is carried out now, {intent.tx}; "
            f"what is asked for, {step.title}, is another order: give it again, or a reference of its own"
        )

    def _begin(self, plan: Plan, step: Step, attempt: int = 0) -> None:
        ready = self.manager.prepare(plan, step)
        if self._is_carried_out(step, ready):
            return
        intent = self.manager.sign(step, ready, attempt)
        if intent.signed:
            self._journal.write_intent(intent)
            self.watch("signed", step)
            self.manager.send(intent)
            self.watch("sent", step)
        self._take_off(plan, step, intent, attempt)

    def _is_carried_out(self, step: Step, ready: _Ready) -> bool:
        """Whether the chain says that it carried a step out, in a transaction that no record holds."""
        if not self.manager.is_done(step, ready):
            return False
        self._end(step, "already", self._find(step, ready))
        return True

    def _find(self, step: Step, ready: _Ready) -> Record | None:
        found = self.manager.carried_out(step, ready)
        return self._record(*found, found=True) if found else None

    def _resume(self, plan: Plan, step: Step, intent: Intent) -> None:
        """Send an intent's bytes again, unless they have landed; sign anew only once they never can."""
        if self.manager.find(intent) is None:
            if self.manager.can_land(intent):
                if (higher := self.manager.outbid(intent)) is not None:
                    self._outbid(plan, step, intent, higher)
                    return
                self.manager.send_again(intent)
            # Its own transaction may have landed just now.
            elif self.manager.find(intent) is None:
                self._replace(plan, step, intent)
                return
        self._take_off(plan, step, intent)

    def _outbid(self, plan: Plan, step: Step, intent: Intent, higher: Intent) -> None:
        """Have another offer take the place of an intent: one of the two lands, and whichever does is recorded."""
        self._abandon(intent, f"outbidden by {higher.tx}, of the same nonce")
        self._journal.write_intent(higher)
        self.watch("signed", step)
        self.manager.send(higher)
        self.watch("sent", step)
        self._take_off(plan, step, higher)

    def _replace(self, plan: Plan, step: Step, intent: Intent, attempt: int = 0) -> None:
        """Settle an intent that can never land: another transaction did it, or it is signed anew."""
        if (earlier := self.manager.earlier(intent)) is not None:
            self._abandon(intent, self.manager.lost(intent))
            self._end(step, "done", self._record(*earlier, found=True))
            return
        ready = self.manager.prepare(plan, step)
        if self.manager.is_done(step, ready):
            self._abandon(intent, "another transaction did it")
            self._end(step, "already", self._find(step, ready))
            return
        self._abandon(intent, self.manager.lost(intent))
        self.watch("expired", step)
        self._begin(plan, step, attempt)

    def _abandon(self, intent: Intent, reason: str) -> None:
        self._journal.append("abandoned", intent.action, intent.tx, reason=reason)

    def _take_off(self, plan: Plan, step: Step, intent: Intent, attempt: int = 0) -> None:
        """Wait until a step is in a block; labels of what was made are known from then on."""
        try:
            landing = self.manager.wait(intent)
        except NeverLands:
            if attempt + 1 >= self.manager.attempts:
                raise
            self._replace(plan, step, intent, attempt + 1)
            return
        self.watch("mined", step)
        self._flying.append(_Flight(step, intent, landing))
        if not self.manager.succeeded(landing):
            self._land_all()
        self._learn(intent.action.label, Record(0, "", "done", intent.action, intent.tx))

    # --- recording ---

    def _land(self) -> None:
        """Record, in order, what is final by now."""
        while self._flying:
            flight = self._flying[0]
            if not self.manager.is_final(flight.landing):
                return
            landing = self.manager.recheck(flight.intent, flight.landing)
            if landing is not flight.landing:
                flight.landing = landing
                continue
            self._flying.pop(0)
            self._conclude(flight)

    def _land_all(self) -> None:
        while self._flying:
            self.manager.wait_final(self._flying[-1].intent, self._flying[-1].landing)
            self._land()

    def _conclude(self, flight: _Flight[_Landing]) -> None:
        record = self._record(flight.intent, flight.landing)
        if record.done:
            self._end(flight.step, "done", record)
            return
        self.watch("failed", flight.step, record)
        raise StepFailed(flight.step, Refusal(record.reason), record)

    def _record(self, intent: Intent, landing: _Landing, found: bool = False) -> Record:
        status: Literal["done", "failed"] = "done" if self.manager.succeeded(landing) else "failed"
        outcome = self.manager.outcome(intent, landing)
        return self._journal.append(status, intent.action, intent.tx, found=found, **outcome)

    def _end(self, step: Step, status: Literal["done", "already"], record: Record | None) -> None:
        if record is not None:
            self._learn(step.label, record)
        self._outcomes[step.name] = Outcome(step, status, record)
        self.watch(status, step, record)

    def _learn(self, label: str, record: Record) -> None:
        if label and record.done:
            self.manager.learn(record)
