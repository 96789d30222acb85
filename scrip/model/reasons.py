"""What every forced action rests on (law 7): a reason and a document."""

from __future__ import annotations

from scrip.errors import Refusal


def check_reason(module: str, reason: int, document: str) -> None:
    """Refuses a code or a document that is none: reason and document, in the name of `module`."""
    if reason == 0 or not document:
        raise Refusal(f"{module}: reason and document")
