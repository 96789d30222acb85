"""An Ethereum-family network as operations read it."""

from scrip.evm.views.views import EvmQuote, EvmViews

__all__ = ["EvmQuote", "EvmViews"]
