"""What a step is called for ever, and whether it was done before."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from scrip.errors import InputError
from scrip.plan.steps import Plan, Step, step_id
from scrip.records import Records


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
