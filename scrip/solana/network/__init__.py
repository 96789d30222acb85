"""A Solana network, opened."""

from scrip.solana.network.network import ATTESTOR, SolanaNetwork

__all__ = ["ATTESTOR", "SolanaNetwork"]
