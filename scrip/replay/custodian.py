"""The custodian's books. The market moves them, not the ledgers: that makes coverage evidence."""

from __future__ import annotations

from fractions import Fraction

from scrip.replay.events import Event
from scrip.units import Shares


class Custodian:
    """Whole shares of one stock, and the dollars left over from reinvesting at the ex dates' closes."""

    def __init__(self, shares: int) -> None:
        self.shares = shares
        self.cash = Fraction(0)

    def take(self, event: Event) -> None:
        """Live through a corporate action: a split turns shares into shares, a dividend is reinvested in whole ones."""
        close = Fraction(event.close)
        if event.is_split:
            shares = Fraction(self.shares * event.num, event.den)
            self.shares = int(shares)
            self.cash += (shares - self.shares) * close
        else:
            self.cash += self.shares * Fraction(event.gross)
        bought = int(self.cash // close)
        self.shares += bought
        self.cash -= bought * close

    def sell(self, shares: int) -> None:
        """Sell to pay a redemption."""
        self.shares -= shares

    @property
    def attested(self) -> Shares:
        """The shares that an auditor counts, without the cash."""
        return Shares.of(self.shares)
