"""Instructions about the price of a stock: where it comes from, how it is judged, and when it is agreed.

A source answers in dollars for a share, or for 1e18 raw units, the multiplier in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip.instructions.base import Account, CalendarName, Instruction, PricedStock, PriceSourceName, RoleInstruction
from scrip.instructions.calendar import Hours
from scrip.roles import ADMIN

__all__ = [
    "AcceptPrice",
    "AnswerPrice",
    "ConfigurePrice",
    "PokePrice",
    "PriceBasis",
    "ResumePrice",
    "SetSequencer",
    "SuspendPrice",
    "TightenPrice",
]

PriceBasis = Literal["share", "raw"]
"""What a source's answer is of: one share, or 1e18 raw units with the multiplier in it."""


@dataclass(frozen=True)
class ConfigurePrice(RoleInstruction, role=ADMIN):
    """Say where a stock's price comes from and how it is judged; the timelock's.

    Oldest answer in seconds while the exchange trades; the band around a change of the multiplier and the deviation
    from the second source in basis points. Refused: "feeds: unknown stock", "feeds: bad config".
    """

    stock: PricedStock
    source: PriceSourceName
    basis: PriceBasis
    calendar: CalendarName
    hours: Hours
    max_age: int
    band_bps: int
    second: PriceSourceName = ""
    second_basis: PriceBasis = "share"
    deviation_bps: int = 0


@dataclass(frozen=True)
class TightenPrice(RoleInstruction, role="PAUSER"):
    """Judge a stock's price harder, at once. No bound may become looser.

    Refused: "feeds: not configured", "feeds: would loosen", "feeds: bad config".
    """

    stock: PricedStock
    max_age: int
    band_bps: int
    deviation_bps: int = 0


@dataclass(frozen=True)
class SuspendPrice(RoleInstruction, role="PAUSER"):
    """Stop a stock's price: nobody trades at it, and lenders keep the one agreed last.

    Refused: "feeds: not configured", "feeds: suspended".
    """

    stock: PricedStock


@dataclass(frozen=True)
class ResumePrice(RoleInstruction, role="UNPAUSER"):
    """End a suspension; nobody trades at the price before the next poke. Refused: "feeds: not suspended"."""

    stock: PricedStock


@dataclass(frozen=True)
class PokePrice(Instruction):
    """Ask a stock's sources and keep the price that they agree on. Anyone may; `by` sends it.

    The first after a change of the multiplier took effect opens the window in which nothing is priced.
    """

    stock: PricedStock
    by: Account = ""


@dataclass(frozen=True)
class AcceptPrice(RoleInstruction, role=ADMIN):
    """End a window with what the sources say, in the band or not, five sessions after it opened; the timelock's.

    Refused: "feeds: no window", "feeds: too early", then as a poke.
    """

    stock: PricedStock


@dataclass(frozen=True)
class SetSequencer(RoleInstruction, role=ADMIN):
    """Name the uptime feed of a layer 2's sequencer, "" for none, and the seconds after its return without a price.

    The timelock's. Refused: "feeds: bad config".
    """

    sequencer: PriceSourceName
    grace: int


@dataclass(frozen=True)
class AnswerPrice(Instruction):
    """What a mock of a source says from now on, at 8 decimals, as of a second (None: now). For demonstrations and
    tests; no live one hears it."""

    source: PriceSourceName
    answer: int
    updated_at: int | None = None
