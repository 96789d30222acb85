"""What one holder is given of another stock, or more of its own, in raw units: exact integers, one floor a holder.

    given     floor(raw × multiplier × num ÷ (den × other multiplier)), both multipliers at the record

A raw unit counts for `multiplier` shares; num new shares are given for den old ones; a raw unit of the stock that is
given counts for its own multiplier. Of the same stock the two cancel. Rounding is against the holder, by less than one
raw unit, 10^-18 of a token on an Ethereum-family chain: no fraction of a share is lost or paid in cash. What the floors
leave of the whole is told as the remainder, and no unit is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from scrip.units import Wad


@dataclass(frozen=True, slots=True)
class Ratio:
    """Units that are given: `num` shares for `den`, and what a raw unit of either stock counts for at the record."""

    num: int
    den: int
    multiplier: Wad
    other_multiplier: Wad

    @property
    def exact(self) -> Fraction:
        """Raw units for a raw unit."""
        return Fraction(self.num * self.multiplier, self.den * self.other_multiplier)


def given(units: int, ratio: Ratio) -> int:
    """Raw units that a holder of raw units is given, rounded down."""
    return units * ratio.num * ratio.multiplier // (ratio.den * ratio.other_multiplier)


def remainder(units: Iterable[int], ratio: Ratio) -> int:
    """Whole raw units that the floors of each holder leave of what all of them together come to."""
    held = list(units)
    return given(sum(held), ratio) - sum(given(one, ratio) for one in held)
