"""What a bound is: a value that nobody moves, one that somebody has to choose, or one with a default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BPS = 10_000
"""How many basis points make one."""
DAY = 86_400
"""Seconds of a day."""

Unit = Literal[
    "seconds", "bps", "raw units", "shares, 18 decimals", "wad", "count", "number", "decimals", "bytes", "gas"
]
"""What a value counts. A wad is a number with 18 decimals; a number is a code or an index, which counts nothing."""

CODE = "code"
"""Where a parameter is set that nobody can move without another release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What is known of every bound.

    `set_in` is the manifest's field ("*" for any stock), a command's option, or CODE. `read_in` names the packages of
    scrip, the contracts and the program ("stock-token") that obey it.
    """

    name: str
    unit: Unit
    what: str
    set_in: str = CODE
    read_in: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Parameter):
    """A bound with one value."""

    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Parameter):
    """What somebody has to choose, from `floor` to `ceiling`, both included."""

    floor: int = 0
    ceiling: int

    def __contains__(self, value: int) -> bool:
        """Whether it may be chosen."""
        return self.floor <= value <= self.ceiling

    @property
    def bounds(self) -> str:
        """What may be chosen, for people: "3,600 to 2,592,000 seconds"."""
        return f"{self.floor:,} to {self.ceiling:,} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Chosen):
    """What somebody may choose; `default` holds where nobody does."""

    default: int
