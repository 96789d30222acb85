"""A subject a file: each of its instructions as calls of the program, how a ledger applies it, and its state read back.

The three stand in one file, because a change of the program's interface changes all of them. A subject that the program
lacks says so, and why.
"""

from __future__ import annotations

from scrip.solana.handlers import (
    actions,
    attestations,
    calendar,
    dividends,
    elections,
    enforcement,
    feeds,
    fleet,
    holder_limits,
    investors,
    market,
    offers,
    recovery,
    redemption,
    region_exit,
    reserve,
    sanctions,
    subscriptions,
    transfers,
    voting,
    wind_up,
)
from scrip.solana.handlers.table import APPLIED, CALLS, Context

STEMS = (
    *(transfers, market, reserve, actions, investors, holder_limits),
    *(enforcement, dividends, recovery, redemption, subscriptions, attestations, sanctions, fleet, feeds, calendar),
    *(voting, elections, offers, wind_up, region_exit),
)
"""The files that fill the tables."""

__all__ = ["APPLIED", "CALLS", "STEMS", "Context"]
