"""What a step is called for ever, and whether it was done before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from scrip.errors import InputError
from scrip.plan.steps import Plan, Step, step_id
from scrip.records import Records
from scrip.records.journal import is_urgent
from scrip.records.record import Action


class Booked(Protocol):
    """What an operation's identity hangs on: a network and its records."""

    @property
    def records(self) -> Records:
        """What was sent to the network, and what came of it."""

    @property
    def genesis(self) -> str:
        """The hash of the network's first block."""


def identity(network: Booked, plan: Plan, step: Step) -> str:
    """A step's id on a network, 0x-prefixed."""
    return "0x" + step_id(network.genesis, plan, step).hex()


def is_recorded(network: Booked, plan: Plan, step: Step) -> bool:
    """Whether the records have a step as done."""
    latest = network.records.known(plan.name, identity(network, plan, step))
    return latest is not None and latest.done


def unrecorded(network: Booked, plan: Plan) -> Plan:
    """The plan without the steps that the records have as done; InputError where none is left."""
    steps = tuple(step for step in plan.steps if not is_recorded(network, plan, step))
    if not steps:
        raise InputError("is done, as the records say", field="reference", value=plan.reference)
    return replace(plan, steps=steps)


def unrepeated(network: Booked, plan: Plan) -> Plan:
    """The plan, unless a step of it was carried out before under its reference and does not stand any more.

    The records would have it done, so it needs a reference of its own: InputError says so.
    """
    for step in plan.steps:
        latest = network.records.known(plan.name, identity(network, plan, step))
        if latest is not None and latest.done:
            reason = f"names an operation that did this before ({step.title}, record {latest.number}): give another"
            raise InputError(reason, field="reference", value=plan.reference)
    return plan


def booked_under(network: Booked, name: str, reference: str) -> Iterator[Action]:
    """What was done, or signed and not settled yet, by an operation under a reference."""
    for journal in network.records.of(name):
        done = [one.action for one in journal.all() if one.done]
        for action in (*done, *(one.action for one in journal.open_intents())):
            if (action.operation, action.reference) == (name, reference):
                yield action


def demand_same_terms(network: Booked, plan: Plan) -> None:
    """InputError where another order than the plan's was given under its reference: each has one of its own.

    An emergency's may stop several things: to stop one twice does no harm.
    """
    ours = {(step.name, step.title) for step in plan.steps}
    for action in () if is_urgent(plan.name) else booked_under(network, plan.name, plan.reference):
        if (action.step, action.title) not in ours:
            reason = f"names an order of other terms already ({action.title}): give this one a reference of its own"
            raise InputError(reason, field="reference", value=plan.reference)
