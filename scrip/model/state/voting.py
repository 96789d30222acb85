"""What is kept of votes at meetings: what the book says of each, and what was opened, voted and reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scrip.model.laws.voting import Votes
from scrip.units import Wad

if TYPE_CHECKING:
    from scrip.model.laws.merkle_sum import Root

MEETING_CODE = "MEET"
"""ISO 15022 code of a meeting."""

PollStatus = Literal["OPENED", "VOIDED"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a vote goes by of a meeting: its record, and the last second of instructions, UTC seconds.

    One that was cancelled makes its votes void.
    """

    record_at: int
    deadline: int
    is_cancelled: bool = False


@dataclass(slots=True)
class Poll:
    """A vote, and how far it is. Units are raw; `proven` are the accounts that vote without a proof.

    `votes` are by resolution and account, `times` how often the account voted there, `totals` all of a
    resolution, `cast` what the custodian did by the last report, in shares of 10^-18.
    """

    stock: str
    reference: str
    root: Root
    record_at: int
    deadline: int
    resolutions: int
    multiplier: Wad
    status: PollStatus = "OPENED"
    proven: dict[str, int] = field(default_factory=dict)
    votes: dict[tuple[int, str], Votes] = field(default_factory=dict)
    times: dict[tuple[int, str], int] = field(default_factory=dict)
    totals: dict[int, Votes] = field(default_factory=dict)
    cast: dict[int, Votes] = field(default_factory=dict)
    reports: int = 0


@dataclass(slots=True)
class Voting:
    """Announced meetings by stock and reference, votes by their numbers, and each meeting's votes in their order."""

    meetings: dict[tuple[str, str], Meeting] = field(default_factory=dict)
    polls: dict[str, Poll] = field(default_factory=dict)
    parts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
