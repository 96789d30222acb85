"""The arithmetic of prices: dollars with 18 decimals for 1e18 raw units."""

from __future__ import annotations

from scrip.parameters import BPS
from scrip.units import WAD


def raw_price(answer: int, decimals: int, multiplier: int = WAD) -> int:
    """The price of 1e18 raw units from a source's answer, rounded down once.

    `multiplier` is the stock's own, where the answer is of a share; else the answer is of raw units already.
    """
    return answer * multiplier // int(10**decimals)


def differs(one: int, other: int, bps: int) -> bool:
    """Whether one price is more than so many basis points of the other away from it."""
    return abs(one - other) * BPS > bps * other
