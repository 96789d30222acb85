"""How a corporate action stands on one chain, in the words of every chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Status = Literal["unknown", "announced", "scheduled", "cancelled", "effective"]

TERMS = ("effective_at", "ex", "pay", "num", "den", "gross")
"""What an announcement fixes."""
STRIKE = ("withheld", "net", "price")
"""What scheduling a dividend fixes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An action. Money is a wad of currency per share, times are UTC seconds, `ex` YYYYMMDD.

    `id` is that of (ISIN, code, reference), the same on every chain; `reference` is for people. A scheduled action is
    `effective` from its second on, by its own chain's clock.
    """

    id: bytes
    code: str
    reference: str
    status: Status
    effective_at: int = 0
    ex: int = 0
    pay: int = 0
    num: int = 0
    den: int = 0
    gross: int = 0
    withheld: int = 0
    net: int = 0
    price: int = 0

    @property
    def known(self) -> bool:
        """Whether it was ever announced."""
        return self.status != "unknown"

    @property
    def counts(self) -> bool:
        """Whether it moves the multiplier, now or at its second."""
        return self.status in ("scheduled", "effective")

    @property
    def open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.status in ("announced", "scheduled")

    @property
    def named(self) -> str:
        """Code and reference."""
        return f"{self.code} {self.reference}"


def differing(one: Standing, other: Standing) -> Iterator[str]:
    """The fields in which two chains' accounts of one action differ: its terms, and the strike where both have one."""
    fields = TERMS + STRIKE if one.counts and other.counts else TERMS
    return (name for name in fields if getattr(one, name) != getattr(other, name))
