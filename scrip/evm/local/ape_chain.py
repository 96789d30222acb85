"""Ape over RPC: its accounts sign, its provider carries, a local anvil decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ape
from ape_ethereum.provider import Web3Provider
from web3.providers.base import JSONBaseProvider

from scrip.evm.rpc.ape_accounts import test_account
from scrip.evm.rpc.chain import AnvilChain
from scrip.evm.rpc.loopback import Loopback
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import Signer


class LoopbackProvider(Loopback, JSONBaseProvider):
    """A kept connection to a node on this machine, as web3 wants a provider."""

    def __init__(self, url: str) -> None:
        JSONBaseProvider.__init__(self)
        Loopback.__init__(self, url)


@contextmanager
def connected(url: str) -> Iterator[Web3Provider]:
    """Ape's provider for the anvil at `url`."""
    settings = {"host": url, "manage_process": False}
    with ape.networks.ethereum.local.use_provider("foundry", provider_settings=settings) as provider:
        provider.web3.provider = LoopbackProvider(url)
        yield provider


class ApeChain(AnvilChain):
    """The anvil behind a connected provider. Accounts are keys derived from their names, held by Ape."""

    def __init__(self, provider: Web3Provider) -> None:
        wire: Any = provider.web3.provider  # what connected() put there
        super().__init__(Node(wire))
        self.provider = provider

    def signer(self, name: str) -> Signer:
        """Ape's test account of a name."""
        if name not in self._signers:
            self._signers[name] = test_account(name, len(self._signers), self.provider)
        return self._signers[name]
