"""An Ethereum-family network, opened."""

from scrip.evm.network.network import EvmNetwork, signers_of

__all__ = ["EvmNetwork", "signers_of"]
