"""A second node that must have a transaction as the first has it, before what became of it is recorded."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scrip.errors import Unconfirmed

PATIENCE = 30.0
"""Seconds that a second node is given to come to know a transaction that is final as the first says."""
POLL, POLL_MAX = 0.05, 2.0
"""Seconds to the second look, and at most between two: the pause doubles."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Whose word is compared: the network's name, and the URLs of its first and its second node."""

    network: str
    first: str
    second: str


def demand_confirmed(
    title: str, tx: str, nodes: Nodes, said: Mapping[str, object], ask: Callable[[], Mapping[str, object] | None]
) -> None:
    """Unconfirmed where a second node has a transaction otherwise, by field, or has it not when its time is over.

    `said` is what the first says of it, `ask` what the second says of the same fields: None while it has none.
    """
    deadline, pause = time.monotonic() + PATIENCE, POLL
    while (found := ask()) is None and time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(2 * pause, POLL_MAX)
    place = f"{nodes.network}: {title}: the two nodes do not agree: {tx}"
    if found is None:
        has = ", ".join(f"{field} {value}" for field, value in said.items())
        raise Unconfirmed(
            f"{place}: the first, {nodes.first}, has it with {has}, "
            f"the second, {nodes.second}, has no such transaction after {PATIENCE:.0f} s"
        )
    for field, value in said.items():
        if (other := found.get(field)) != value:
            raise Unconfirmed(
                f"{place}: {field}: the first, {nodes.first}, says {value}, the second, {nodes.second}, says {other}"
            )
