"""Events of a contract over many blocks, in spans that a node accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from scrip.errors import ScripError

SPAN = 50_000
"""Blocks asked for at once, to begin with; a quarter of that where a node says that it is too much, and so on."""


Address = str | Sequence[str]
"""Whose events: a contract's, or those of any of several."""
Topic = str | Sequence[str] | None
"""What an event must have at a place: this, any of these, or anything."""


class LogSource(Protocol):
    """What reads events: a node."""

    def logs(self, address: Address, topics: Sequence[Topic], first: int, last: int) -> list[dict[str, Any]]:
        """Events of contracts in blocks `first` to `last`, both included."""


def everywhere(
    node: LogSource, address: Address, topics: Sequence[Topic], first: int, last: int
) -> list[dict[str, Any]]:
    """The few events with these topics: asked for at once, and in spans where the node refuses that."""
    try:
        return node.logs(address, topics, first, last)
    except ScripError:
        return list(in_spans(node, address, topics, first, last))


def in_spans(
    node: LogSource, address: Address, topics: Sequence[Topic], first: int, last: int
) -> Iterator[dict[str, Any]]:
    """Events of contracts, or of any, asked for in spans that the node accepts; its error when it refuses a block."""
    span = SPAN
    while first <= last:
        until = min(first + span - 1, last)
        try:
            events = node.logs(address, topics, first, until)
        except ScripError:
            if span == 1:
                raise
            span = max(span // 4, 1)
            continue
        yield from events
        first = until + 1
