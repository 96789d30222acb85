"""The ledger protocol on Solana."""

from scrip.solana.ledger.ledger import SolanaLedger

__all__ = ["SolanaLedger"]
