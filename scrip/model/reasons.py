"""What every forced action needs (law 7)."""

from __future__ import annotations

from scrip.errors import Refusal


def check_grounds(module: str, reason: int, document: str) -> None:
    """Refuses: reason and document, in the name of `module`."""
    if reason == 0 or not document:
        raise Refusal(f"{module}: reason and document")
