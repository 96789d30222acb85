"""What a reader of public prices makes of units and cash: shares bought for every dividend, at its ex date's close.

It knows what was paid, the terms that the exchange published and the closes, and nothing of how a ledger counts: no
multiplier, no index, no model is imported here. Exact fractions, dollars and shares.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

MICRO = 10**6
"""Base units of the coin in a dollar."""


class Reader:
    """Somebody who holds all units, and at a broker's the shares that their cash bought.

    `factor` is what splits have made of one share of the first day. The broker's shares live through the same splits,
    and are paid the same dividends.
    """

    def __init__(self) -> None:
        self.factor = Fraction(1)
        self.bought = Fraction(0)
        self.received = Fraction(0)

    def split(self, num: int, den: int) -> None:
        """Have `num` new shares for `den` old ones."""
        self.factor *= Fraction(num, den)
        self.bought *= Fraction(num, den)

    def due(self, tokens: Fraction, gross: Fraction) -> int:
        """What so many tokens are paid of a dividend per share, whole base units of the coin, rounded down."""
        return floor(tokens * self.factor * gross * MICRO)

    def dividend(self, gross: Fraction, close: Fraction) -> None:
        """Be paid by the broker, and buy shares for it."""
        self.bought += self.bought * gross / close

    def receive(self, total: Fraction, close: Fraction) -> None:
        """Buy shares for what has come since the last time; `total` is all that ever came on the ledger, dollars."""
        self.bought += (total - self.received) / close
        self.received = total

    def worth(self, shares: Fraction, close: Fraction) -> Fraction:
        """What units that show as so many shares are worth together with the broker's, dollars."""
        return (shares + self.bought) * close
