"""In what two chains' accounts of one corporate action differ."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.ledger.states import ActionState

TERMS = ("effective_at", "ex", "ex_at", "pay", "buy", "num", "den", "gross")
"""What an announcement fixes."""
STRIKE = ("withheld", "net", "price")
"""The fields that scheduling a dividend fixes."""


def differing(one: ActionState, other: ActionState) -> Iterator[str]:
    """The fields in which two chains' accounts of one action differ: its terms, and the strike where both have one."""
    fields = TERMS + STRIKE if one.counts and other.counts else TERMS
    return (name for name in fields if getattr(one, name) != getattr(other, name))
