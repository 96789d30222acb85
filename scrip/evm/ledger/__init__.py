"""The ledger protocol on an Ethereum-family chain."""

from scrip.evm.ledger.ledger import EvmLedger, Listing, listing_of

__all__ = ["EvmLedger", "Listing", "listing_of"]
