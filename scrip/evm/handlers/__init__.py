"""A subject a file: each of its instructions as the transaction that carries it out, and its state read back.

The transaction and the reading stand in one file, because a change of a contract's interface changes both.
"""

from __future__ import annotations

from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers import (
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
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.instructions.base import Instruction

STEMS = (
    *(transfers, market, reserve, actions, investors, holder_limits),
    *(enforcement, dividends, recovery, redemption, subscriptions, attestations, sanctions, fleet, feeds, calendar),
    *(voting, elections, offers, wind_up, region_exit),
)
"""The files that fill the table."""

__all__ = ["STEMS", "TRANSACTIONS", "Facts", "Transaction", "transaction"]


def transaction(order: Instruction, facts: Facts) -> Transaction:
    """The transaction that carries an instruction out. InputError for a stock that no chain could be asked about."""
    return TRANSACTIONS(facts, order)
