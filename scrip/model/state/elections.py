"""What is kept of elections between cash and stock: what the book says of each action, and what was opened and
chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scrip.model.laws.elections import Option, Split

if TYPE_CHECKING:
    from scrip.model.laws.merkle_sum import Root

ELECTION_CODES = ("DVOP",)
"""ISO 15022 codes of the actions that leave a choice by record."""

ElectionStatus = Literal["OPENED", "VOIDED"]


@dataclass(slots=True)
class Offer:
    """What an election goes by of an action: its code and record, the last second of choices, UTC seconds, and whether
    it is announced, cancelled, or something else, as paid."""

    code: str
    record_at: int
    deadline: int
    status: Literal["ANNOUNCED", "CANCELLED", "OTHER"] = "ANNOUNCED"


@dataclass(slots=True)
class Election:
    """An election, and what was chosen in it. Units are raw; `said` and `changes` are by the leaf's index.

    `totals` is the sum of what was said, without the default's.
    """

    stock: str
    reference: str
    root: Root
    record_at: int
    deadline: int
    default: Option
    status: ElectionStatus = "OPENED"
    said: dict[int, Split] = field(default_factory=dict)
    changes: dict[int, int] = field(default_factory=dict)
    totals: Split = field(default_factory=Split)


@dataclass(slots=True)
class Elections:
    """Actions by stock and reference, elections by their ids, and each action's in their order."""

    offers: dict[tuple[str, str], Offer] = field(default_factory=dict)
    held: dict[str, Election] = field(default_factory=dict)
    parts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
