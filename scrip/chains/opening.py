"""The one place that opens a network: over the URL in the manifest's variable, or else as Ape is configured."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scrip.errors import InputError
from scrip.manifest.model import AnyManifest, EvmManifest

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.evm.rpc.signers import Signer

LOCAL_URL = "http://127.0.0.1:8545"
"""The node of an Ethereum-family network that is not public, where no variable names another."""
LOCAL_CLUSTER = "http://127.0.0.1:8899"
"""The node of a Solana network that is not public, where no variable names another."""


def demand_evm(manifest: AnyManifest) -> EvmManifest:
    """The manifest, of an operation that Ethereum-family networks alone have; InputError for a Solana network's."""
    if not isinstance(manifest, EvmManifest):
        reason = "is a Solana network, where this has no equivalent"
        raise InputError(reason, field="network", value=manifest.network)
    return manifest


@contextmanager
def opened(manifest: AnyManifest, records: Path) -> Iterator[Network]:
    """The network of a manifest, with its records below a folder. What a kind of chain needs is loaded only for it.

    InputError where no variable names the node of a public Solana network, or the node is of another network.
    """
    if isinstance(manifest, EvmManifest):
        with _opened_evm(manifest, records) as network:
            yield network
        return
    from scrip.chains.solana import SolanaNetwork

    variable = manifest.chain.rpc_env
    url = os.environ.get(variable, "") if variable else ""
    if not url and manifest.chain.public:
        raise InputError("is not set: it names the node", field=variable or "chain.rpc_env")
    yield SolanaNetwork.open(manifest, url or LOCAL_CLUSTER, records)


@contextmanager
def _opened_evm(manifest: EvmManifest, records: Path) -> Iterator[Network]:
    from scrip.chains.evm import EvmNetwork

    aliases = {name: one.alias for name, one in manifest.accounts.items() if one.alias}
    url = os.environ.get(manifest.chain.rpc_env, "") if manifest.chain.rpc_env else ""
    if not url and not manifest.chain.public:
        url = LOCAL_URL
    if url and not aliases:
        yield EvmNetwork.open(manifest, url, records)
        return
    import ape

    from scrip.evm.rpc.ape_accounts import load

    if url:
        provider = ape.networks.get_provider_from_choice(manifest.chain.ape)
        yield EvmNetwork.open(manifest, url, records, _keystores(aliases, lambda alias: load(alias, provider)))
        return
    with ape.networks.parse_network_choice(manifest.chain.ape) as provider:
        keystores = _keystores(aliases, lambda alias: load(alias, provider))
        yield EvmNetwork.open(manifest, provider.web3.provider, records, keystores)


def _keystores(aliases: Mapping[str, str], load: Callable[[str], Signer]) -> dict[str, Signer]:
    """Load those of the manifest's keystores that this machine has, by name of the manifest: no machine has all."""
    import ape

    known = set(ape.accounts.aliases)
    return {name: load(alias) for name, alias in aliases.items() if alias in known}
