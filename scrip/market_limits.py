"""How much may be minted and redeemed on quotes within a window, and what of it is left.

Amounts are cents of settlement, a part of a cent counting as one. A limit is a bucket that leaks: what was traded
counts, and drains at the cap a window. So a full bucket is empty after one window, and any window can see up to twice
the cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip.units import Stablecoin

LimitScope = Literal["issuer", "stock", "investor"]
"""Whose trades count together: everybody's, one stock's, one investor's."""
SCOPES: tuple[LimitScope, ...] = ("issuer", "stock", "investor")
"""In the order in which the market numbers and asks them."""
CAP_BITS, WINDOW_BITS, CENT_DECIMALS = 47, 24, 2


@dataclass(frozen=True, slots=True)
class MarketLimits:
    """Most cents of mints over redemptions, or the other way round, and of both together, within `window` seconds.

    A cap of 0 is none; without a cap the window is 0.
    """

    net: int = 0
    gross: int = 0
    window: int = 0

    def __bool__(self) -> bool:
        """Whether anything is limited."""
        return bool(self.net or self.gross)

    @property
    def is_possible(self) -> bool:
        """Whether the market can store it."""
        caps = all(0 <= cap < 1 << CAP_BITS for cap in (self.net, self.gross))
        return caps and 0 <= self.window < 1 << WINDOW_BITS and bool(self) == bool(self.window)

    def __str__(self) -> str:
        """For people: "5000.00 net, 20000.00 gross within 86400 s"."""
        caps = [f"{money(cap)} {name}" for name, cap in (("net", self.net), ("gross", self.gross)) if cap]
        return f"{', '.join(caps)} within {self.window} s" if caps else "no limit"

    def __le__(self, other: MarketLimits) -> bool:
        """Whether it lets nothing through that the other refuses: no cap is higher, and none drains faster."""
        pairs = ((self.net, other.net), (self.gross, other.gross))
        return all(not theirs or 0 < ours <= theirs for ours, theirs in pairs) and self.window >= other.window


@dataclass(frozen=True, slots=True)
class Level:
    """What counts against a limit as of the second `since`, in cents: mints less redemptions, and both added."""

    net: int = 0
    gross: int = 0
    since: int = 0


def holds_tighter(wanted: tuple[int, int], found: tuple[int, int]) -> bool:
    """Whether terms of quotes, highest fee and cents from which two sign, let nothing through that others refuse."""
    (fee, second), (old_fee, old_second) = wanted, found
    return fee <= old_fee and (not old_second or 0 < second <= old_second)


def money(cents: int) -> str:
    """Cents as money."""
    return f"{'-' * (cents < 0)}{abs(cents) // 100}.{abs(cents) % 100:02}"


def cents_of(settlement: Stablecoin) -> int:
    """A settlement in cents, a part of one counting whole."""
    cent = int(10 ** (settlement.decimals - CENT_DECIMALS))
    return -(-settlement.value // cent)
