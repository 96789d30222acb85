"""A Solana network as operations read it."""

from scrip.solana.views.views import SolanaQuote, SolanaViews, step

__all__ = ["SolanaQuote", "SolanaViews", "step"]
