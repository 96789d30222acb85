"""The one ledger protocol, which the model and every chain implement, and how a ledger shows a stock."""

from scrip.ledger.protocol import EVM, SOLANA, ChainTraits, Coverage, Ledger, MultiplierState, Receipt

__all__ = ["ChainTraits", "Coverage", "EVM", "Ledger", "MultiplierState", "Receipt", "SOLANA"]
