"""An Ethereum-family network as operations read it."""

from scrip.evm.views.quotes import EvmQuote
from scrip.evm.views.views import EvmViews

__all__ = ["EvmQuote", "EvmViews"]
