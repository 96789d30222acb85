"""A Solana network, opened."""

from scrip.solana.connection.connection import ATTESTOR, SolanaConnection

__all__ = ["ATTESTOR", "SolanaConnection"]
