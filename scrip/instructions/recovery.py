"""Instructions about lost wallets: a fresh wallet takes the place of an investor's lost or stolen one."""

from __future__ import annotations

from dataclasses import dataclass

from scrip import parameters
from scrip.instructions.base import Account, Document, Instruction, InvestorName, KeyedInstruction, StockName

__all__ = ["MAX_RECOVERED", "RecoverIn", "RecoverWallet", "Recovery"]

MAX_RECOVERED = parameters.MAX_RECOVERED.value
"""Stocks in one instruction; for further ones there is RecoverIn."""


@dataclass(frozen=True)
class RecoverWallet(KeyedInstruction, role="RECOVERER"):
    """`new` takes the place of `old` among its investor's wallets; RECOVERER gives it.

    `old` is blocked in every stock for ever, and what it has in `stocks` is `new`'s: balance, freezes, lock-ups, the
    open case. Allowances stay behind. It works whatever the state of account, stock and fleet. `new` must be nobody's,
    neither blocked nor listed by the sanctions oracle. InputError for more than MAX_RECOVERED stocks.
    """

    investor: InvestorName
    old: Account
    new: Account
    reason: int
    document: Document
    stocks: tuple[StockName, ...] = ()


@dataclass(frozen=True)
class RecoverIn(Instruction):
    """What a recovered wallet has in further stocks goes to its last successor. Anyone may; `by` sends it."""

    old: Account
    stocks: tuple[StockName, ...]
    by: Account = ""


Recovery = RecoverWallet | RecoverIn
"""Any instruction about a lost wallet."""
