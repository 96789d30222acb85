"""An operation on several networks, from its plans to what became of them: previewed, sent, proposed or rehearsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from scrip.chains.network import Proposal
from scrip.chains.operation import demand_new
from scrip.multichain.actions import MultichainAction
from scrip.multichain.side import Order, Side
from scrip.plan import Change, Plan, Step
from scrip.preview import Preview
from scrip.reports.rehearsal import Report


class Work(Protocol):
    """What several networks are to do as one: a CeilingMove, an order of a MultichainAction."""

    def plans(self) -> Sequence[Plan]:
        """A plan for each network, in the order of the sides. Nothing is sent."""

    def carry_out(self) -> bool:
        """Do it on all of them or on none; whether anything was to do."""


@dataclass(frozen=True)
class ActionWork:
    """An order about a corporate action: announce, schedule or cancel it on all networks."""

    action: MultichainAction
    order: Order

    def plans(self) -> Sequence[Plan]:
        """A plan for each network; InputError when the networks do not agree on what was announced."""
        return self.action.plans(self.order)

    def carry_out(self) -> bool:
        """Do it on all of them or on none; whether anything was to do. Errors as MultichainAction's methods."""
        return self.action.carry_out(self.order)


@dataclass(frozen=True)
class MultichainOperation:
    """An operation with its plans and what each network's model says of its own, all in the order of the sides."""

    sides: Sequence[Side]
    work: Work
    plans: Sequence[Plan]
    previews: Sequence[Preview]

    @property
    def networks(self) -> list[str]:
        """The names of the networks."""
        return [side.manifest.network for side in self.sides]

    @property
    def is_empty(self) -> bool:
        """Whether every network stands as wished."""
        return not any(plan.steps for plan in self.plans)

    def together(self, name: str) -> Plan:
        """One plan of this name for people: all plans, each line beginning with the network that it is about.

        Its changes are the models' too.
        """
        steps: list[Step] = []
        changes: list[Change] = []
        same: list[str] = []
        for network, plan, seen in zip(self.networks, self.plans, self.previews, strict=True):
            steps += [replace(step, title=f"{network}: {step.title}") for step in plan.steps]
            changes += [replace(one, what=f"{network}: {one.what}") for one in (*plan.changes, *seen.changes)]
            same += [f"{network}: {text}" for text in plan.same]
        return Plan(name, self.plans[0].reference, tuple(steps), tuple(changes), tuple(same))

    # --- what is done with it ---

    def demand_accepted(self) -> None:
        """Raise the Refusal of the first network whose model refuses its plan.

        It is not for `apply` to ask: what one network refuses may be on another already, and then there is something to
        do, for it is called off there.
        """
        for seen in self.previews:
            if seen.refusal is not None:
                raise seen.refusal

    def apply(self) -> bool:
        """Carry it out on all networks or on none; whether anything was to do."""
        return self.work.carry_out()

    def rehearse(self) -> Mapping[str, Report]:
        """Carry each plan out on a copy of its chain; what that showed, by network."""
        return {
            network: side.rehearse(plan)
            for network, side, plan in zip(self.networks, self.sides, self.plans, strict=True)
        }

    def proposals(self, path: Path) -> list[Asked]:
        """What others are asked to sign, a file beside `path` for each network that has something to do.

        InputError where a file stands already, for it may hold signatures, and where keys of this machine sign.
        """
        asked = [
            Asked(side, side.part(plan), path.with_suffix(f".{side.manifest.network}{path.suffix}"))
            for side, plan in zip(self.sides, self.plans, strict=True)
            if plan.steps
        ]
        for one in asked:
            demand_new(one.path)
        return asked


@dataclass(frozen=True)
class Asked:
    """What others are asked to sign on one network, and the file that is to ask them."""

    side: Side
    plan: Plan
    path: Path

    def write(self) -> Proposal:
        """Write the file; what to tell people, and programs."""
        return self.side.propose(self.plan, self.path)


def prepared(sides: Sequence[Side], work: Work) -> MultichainOperation:
    """The operation of some work, planned and previewed in the networks' present state."""
    plans = list(work.plans())
    previews = [side.preview(plan) for side, plan in zip(sides, plans, strict=True)]
    return MultichainOperation(sides, work, plans, previews)
