"""Two nodes that must say the same before something is sent that is hard to undo."""

from __future__ import annotations

import time
from collections.abc import Callable

from scrip.chains.network import Network
from scrip.errors import Drift
from scrip.plan import Plan

PAUSES = (0.0, 2.0, 10.0)
"""Seconds before each comparison: of two nodes one is often a block behind."""


def demand_agreement(network: Network, plan_of: Callable[[Network], Plan]) -> None:
    """Make a plan of what each of a network's two nodes says, and preview it there; nothing for one node alone.

    Drift where the transactions or what they change are not the same: one of the two nodes is wrong, or far behind.
    """
    if network.witness is None:
        return
    found = ""
    for pause in PAUSES:
        time.sleep(pause)
        found = _difference(_said(network, plan_of), _said(network.witness(), plan_of))
        if not found:
            return
    raise Drift(f"the two nodes do not agree, and nothing is sent: {found}")


def _said(network: Network, plan_of: Callable[[Network], Plan]) -> list[str]:
    """What one node makes of a plan, a line for each transaction, difference and refusal."""
    plan = plan_of(network)
    seen = network.preview(plan)
    changes = (f"{one.what}: {one.before} to {one.after}" for one in (*plan.changes, *seen.changes))
    refused = [f"refused: {seen.refusal}"] if seen.refusal is not None else []
    return [*(f"{step.title}, by {step.sender}" for step in plan.steps), *changes, *refused]


def _difference(first: list[str], second: list[str]) -> str:
    if first == second:
        return ""
    one = next((line for line in first if line not in second), "nothing more")
    other = next((line for line in second if line not in first), "nothing more")
    return f"the first says {one!r}, the second {other!r}"
