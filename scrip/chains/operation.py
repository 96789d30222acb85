"""An operation on one network, from its plan to what became of it: previewed, then sent, proposed or rehearsed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from scrip.chains.network import Network, Proposal
from scrip.errors import InputError
from scrip.executor import Executor, Watcher, silent
from scrip.plan import Plan, Step
from scrip.plan.identity import identity, is_recorded
from scrip.preview import Preview
from scrip.records import Intent, Record
from scrip.records.files import standing
from scrip.reports.rehearsal import Report


@dataclass(frozen=True)
class Operation:
    """A plan for an opened network, and what the model says that it changes or why it refuses it.

    Steps that are not `ordered` are sent by whoever signs them, in any order; else each waits for the one before.
    """

    network: Network
    plan: Plan
    preview: Preview
    ordered: bool = True

    # --- which part of it is meant ---

    def signed_here(self) -> Plan:
        """The steps that keys of this machine sign now: as far as they reach from the first, or all where order is
        none. InputError when there is none."""
        kept = takewhile if self.ordered else filter
        steps = tuple(kept(lambda step: self.network.signs(step.sender), self.plan.steps))
        if not steps:
            reason = "does not sign here: write a proposal with --propose"
            raise InputError(reason, field="sender", value=self.plan.steps[0].sender)
        return replace(self.plan, steps=steps)

    def signed_elsewhere(self) -> Plan:
        """The steps that others are asked to sign in one file; InputError when there is none."""
        return self.network.part(self.plan, self.ordered)

    def left(self, part: Plan) -> list[Step]:
        """The steps that are neither in a part nor done, as the records say."""
        return [
            step
            for step in self.plan.steps
            if step not in part.steps and not is_recorded(self.network, self.plan, step)
        ]

    # --- what is done with it ---

    def apply(self, part: Plan, watch: Watcher = silent) -> None:
        """Carry a part out until it is final; errors as Executor.run."""
        Executor(self.network.transactions(), watch=watch).run(part)

    def under_way(self, part: Plan) -> Sequence[Intent]:
        """What of a part was signed and is in no record yet: it may have landed, or may still land."""
        ours = {identity(self.network, part, step) for step in part.steps}
        journals = self.network.records.of(part.name)
        return [one for journal in journals for one in journal.open_intents() if one.action.step_id in ours]

    def settle(self) -> Sequence[Record]:
        """Record what a run that was stopped after its last transaction left in a block. Nothing is sent."""
        return Executor(self.network.transactions()).settle(self.plan.name)

    def propose(self, part: Plan, path: Path, nonce: int | None = None) -> Proposal:
        """Write a part for others to sign, with a Safe's `nonce` or the lowest that nothing waiting has.

        InputError where the file stands already, for it may hold signatures.
        """
        demand_new(path)
        return self.network.propose(part, path, nonce)

    def rehearse(self, build: Any = None) -> Report:
        """Carry the whole plan out on a copy of the chain, where `build` runs from then on; what that showed."""
        return self.network.rehearse(self.plan, build)


def demand_whole(network: Network) -> None:
    """Refuse to plan on records of which some are missing or were changed: RecordError, or Drift where all are."""
    network.records.all()
    network.demand_recorded()


def demand_new(path: Path, field: str = "propose") -> None:
    """InputError where a file that is to be written stands already, for it may hold signatures."""
    if path.exists():
        raise standing(path, field)


def demand_writable(path: Path, field: str) -> None:
    """InputError where a file that is to be written stands already, or its folder is missing or not to be written to.

    Asked before anything is signed: what is signed for a file that nobody can write counts as given away all the same.
    """
    demand_new(path, field)
    if not path.parent.is_dir():
        raise InputError(f"cannot be written: there is no folder {path.parent}", field=field, value=path)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise InputError(f"cannot be written: {path.parent} may not be written to", field=field, value=path)


def prepared(network: Network, plan: Plan, ordered: bool = True) -> Operation:
    """The operation of a plan, previewed in the network's present state."""
    return Operation(network, plan, network.preview(plan), ordered)
