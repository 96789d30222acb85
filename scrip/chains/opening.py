"""The one place that opens a network: over the URL in the manifest's variable, and no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrip.errors import InputError
from scrip.manifest.model import AnyManifest, EvmManifest

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.evm.rpc.signers import Signer

LOCAL_URL = "http://127.0.0.1:8545"
"""The node of an Ethereum-family network that is not public, where no variable names another."""
LOCAL_CLUSTER = "http://127.0.0.1:8899"
"""The node of a Solana network that is not public, where no variable names another."""


THIS_MACHINE = "localhost"
SECONDS_FOR_A_SECOND = 10.0
"""Seconds in which a second node answers a question: it only confirms, and people wait for it."""
TRIES_OF_A_SECOND = 2
"""How often a second node is asked that does not answer."""


def demand_evm(manifest: AnyManifest) -> EvmManifest:
    """The manifest, of an operation that Ethereum-family networks alone have; InputError for a Solana network's."""
    if not isinstance(manifest, EvmManifest):
        reason = "is a Solana network, where this has no equivalent"
        raise InputError(reason, field="network", value=manifest.network)
    return manifest


def url_of(manifest: AnyManifest, variable: str = "") -> str:
    """The URL of a network's node, from the variable of its manifest or another one.

    InputError by the variable's name where it is not set: nobody else's node is ever asked in its place. A network of
    this machine has a usual one.
    """
    named = variable or manifest.chain.rpc_env
    if url := os.environ.get(named, "") if named else "":
        return url
    if manifest.chain.public or variable:
        reason = "is not set: put the node's URL into this variable"
        raise InputError(reason, field=named or "chain.rpc_env", value=manifest.network)
    return LOCAL_URL if isinstance(manifest, EvmManifest) else LOCAL_CLUSTER


def place_of(url: str) -> tuple[str, int, str]:
    """Host, port and path at which a node answers: whatever leads to this machine itself is one host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        found = ip_address(host)
        found = getattr(found, "ipv4_mapped", None) or found
        here, host = found.is_loopback or found.is_unspecified, str(found)
    except ValueError:
        here = host == THIS_MACHINE or host.endswith(f".{THIS_MACHINE}")
    port = parts.port or (443 if parts.scheme in ("https", "wss") else 80)
    return THIS_MACHINE if here else host, port, parts.path.rstrip("/")


def opened(manifest: AnyManifest, records: Path, alone: bool = False) -> AbstractContextManager[Network]:
    """The network of a manifest, with its records below a folder. What a kind of chain needs is loaded only for it.

    InputError where the variable is not set that names a node, before anything is asked, or where the node is of
    another network. A second node is asked when it is first needed; `alone`, as an emergency is, there is none: neither
    its silence nor its variable is in the way.
    """
    network = _opened(manifest, records, url_of(manifest))
    if (variable := manifest.chain.second_rpc_env) and not alone:
        second = url_of(manifest, variable)
        if place_of(second) == place_of(url_of(manifest)):
            raise InputError("is the first node again: name another", field=variable, value=manifest.network)
        network.witness = cache(lambda: _second(network, records, second))
    return nullcontext(network)


def _second(network: Network, records: Path, url: str) -> Network:
    """The network over its second node; InputError by that node's variable where it is of another network."""
    variable = network.manifest.chain.second_rpc_env
    try:
        second = _opened(network.manifest, records, url, True)
    except InputError as wrong:
        raise InputError(wrong.message, field=variable, value=wrong.value) from None
    if second.genesis != network.genesis:
        raise InputError(f"the node is of genesis {second.genesis}", field=variable, value=network.genesis)
    return second


def _opened(manifest: AnyManifest, records: Path, url: str, hasty: bool = False) -> Network:
    """The network over a node, which is `hasty` where it only confirms what another says."""
    if isinstance(manifest, EvmManifest):
        return _opened_evm(manifest, records, url, hasty)
    from scrip.chains.solana import SolanaNetwork
    from scrip.solana.rpc.cluster import Cluster

    node = Cluster(url, SECONDS_FOR_A_SECOND, TRIES_OF_A_SECOND) if hasty else url
    return SolanaNetwork.open(manifest, node, records)


def _opened_evm(manifest: EvmManifest, records: Path, url: str, hasty: bool) -> Network:
    from scrip.chains.evm import EvmNetwork
    from scrip.evm.rpc.connect import connect

    node = connect(url, SECONDS_FOR_A_SECOND, TRIES_OF_A_SECOND - 1) if hasty else url
    aliases = {name: one.alias for name, one in manifest.accounts.items() if one.alias}
    if not aliases:
        return EvmNetwork.open(manifest, node, records)
    import ape

    from scrip.evm.rpc.ape_accounts import load

    provider = ape.networks.get_provider_from_choice(manifest.chain.ape)
    return EvmNetwork.open(manifest, node, records, _keystores(aliases, lambda alias: load(alias, provider)))


def _keystores(aliases: Mapping[str, str], load: Callable[[str], Signer]) -> dict[str, Signer]:
    """Load those of the manifest's keystores that this machine has, by name of the manifest: no machine has all."""
    import ape

    known = set(ape.accounts.aliases)
    return {name: load(alias) for name, alias in aliases.items() if alias in known}
