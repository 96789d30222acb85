"""A Solana network as operations read it."""

from scrip.solana.views.stepping import step
from scrip.solana.views.views import SolanaQuote, SolanaViews

__all__ = ["SolanaQuote", "SolanaViews", "step"]
