"""What was found of a venue's account in a stock: one question, its answer, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class VenueAnswer:
    """One question about an account in a stock. `answer` is "yes", "no", or "unknown" where the chain does not tell."""

    network: str
    stock: str
    venue: str
    question: str
    answer: str
    seen: str

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "venue": "venue",
        "question": "question",
        "answer": "answer",
        "seen": "seen",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {name: getattr(self, name) for name in self.COLUMNS}
