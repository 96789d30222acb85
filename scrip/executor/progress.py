"""How far a plan has come, from what an executor tells step by step."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.executor.executor import Event
from scrip.plan import Plan, Step
from scrip.records import Record

LAST: frozenset[Event] = frozenset({"already", "done", "failed"})
"""Events that end a step."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a step, and in which transaction; `tx` is "" and the numbers are 0 where no record names one.

    `gas` is compute units on Solana.
    """

    step: Step
    status: Event
    tx: str = ""
    block: int = 0
    gas: int = 0


def ended(event: Event, step: Step, record: Record | None = None) -> Ended | None:
    """The last word on a step; None for an event after which more comes."""
    if event not in LAST:
        return None
    return Ended(step, event, record.tx, record.block, record.gas) if record else Ended(step, event)


def orders_in(step: Step) -> int:
    """Count what a step does: the rows of a batch that it carries out, or 1."""
    return max(len(step.instructions), 1)


def orders_of(plan: Plan) -> int:
    """Count what all steps of a plan do."""
    return sum(map(orders_in, plan.steps))
