"""Who takes part in a replay, and with how much. One place to change the demonstration's numbers."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.holder_limits import InvestorClass

INVESTORS = ("alice", "bob")
OUTSIDER = "outsider"
"""The name of somebody who has a wallet and no clearance."""


@dataclass(frozen=True, slots=True)
class Investor:
    """An investor and the tokens it buys on the first day. `country` is ISO 3166 numeric."""

    name: str
    country: int
    investor_class: InvestorClass
    tokens: str


BUYERS = (
    Investor("alice", 276, "retail", "10000"),
    Investor("bob", 756, "professional", "5000"),
)
PAYMENT = "1234.5"
"""Tokens that alice pays bob half-way, and tries to pay the outsider."""
REDEMPTION = "5000"
"""Tokens that alice redeems on the last day."""
HELD_SHARES = 15_150
"""The custodian's shares on the first day: one percent above the tokens, for whole-share reinvestment lags behind."""
MARGIN_BPS = 50
"""What the feed takes off an attestation."""
MAX_AGE = 4 * 24 * 3600
"""Oldest attestation that a mint may rest on: a long weekend, seconds."""
QUOTE_LIFE = 600
"""Seconds that a quote of the issuer is good for."""
CLEARANCE_AFTER = 365 * 24 * 3600
"""Investors stay cleared this long after the last trading day, seconds."""
