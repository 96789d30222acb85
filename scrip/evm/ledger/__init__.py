"""The ledger protocol on an EVM chain."""

from scrip.evm.ledger.ledger import EvmLedger

__all__ = ["EvmLedger"]
