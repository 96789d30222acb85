"""The one ledger protocol, which the model and every chain implement, and how a ledger shows a stock."""

from scrip.ledger.protocol import EVM, SOLANA, ChainTraits, Ledger, Receipt
from scrip.ledger.states import ActionState, ActionStatus, Coverage, MultiplierState, Surplus

__all__ = [
    "ActionState",
    "ActionStatus",
    "ChainTraits",
    "Coverage",
    "EVM",
    "Ledger",
    "MultiplierState",
    "Receipt",
    "SOLANA",
    "Surplus",
]
