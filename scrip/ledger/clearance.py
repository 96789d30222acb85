"""An investor's clearance as a chain's register shows it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias

Owner: TypeAlias = Hashable
"""Whose a wallet is, as the chain tells investors apart: equal for two wallets of one investor; None for nobody's."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """An investor as the register has it; all empty for one that it does not know.

    `country` is ISO 3166 numeric, `expiry` in UTC seconds: cleared while now < expiry. `investor_class` is a name of
    InvestorClass, "" for one that the register does not know.
    """

    known: bool = False
    blocked: bool = False
    country: int = 0
    investor_class: str = ""
    expiry: int = 0

    def good(self, now: int) -> bool:
        """Whether the investor may hold at `now`, UTC seconds."""
        return self.known and not self.blocked and now < self.expiry
