"""An Ethereum-family network, opened."""

from scrip.evm.connection.connection import EvmConnection, signers_of

__all__ = ["EvmConnection", "signers_of"]
