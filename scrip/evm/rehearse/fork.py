"""A fork of a network: the same contracts and records on an anvil that is thrown away, any account acting."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.connection.book import AddressBook
from scrip.evm.local import anvil
from scrip.evm.rpc.chain import RpcChain
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.relay import readable
from scrip.evm.rpc.signers import Impersonated
from scrip.labels import SAFE, TIMELOCK
from scrip.records import Records

_Network = TypeVar("_Network", bound=EvmConnection)


@contextmanager
def forked(network: _Network) -> Iterator[_Network]:
    """A network on a fork of another's latest block; it ends with the context, and nothing of it is kept.

    Its records are a copy, without intents: what is under way on the network is none of the fork's. Its clock stands at
    the block's second. Every account of the manifest acts, the Safe and the timelock too, without a signature.
    """
    with readable(network.node.wire) as url, anvil.forking(url) as fork, TemporaryDirectory() as folder:
        node = Node.at(fork)
        node.rpc("anvil_setLoggingEnabled", False)
        node.rpc("anvil_setBlockTimestampInterval", 0)
        yield unlocked(network, node, Path(folder))


def unlocked(network: _Network, node: Node, folder: Path) -> _Network:
    """A network like another on an anvil, where every account acts unsigned. `folder` takes a copy of its records."""
    records = Records(folder, network.records.network, network.genesis)
    records.folder.mkdir(parents=True)
    for path in network.records.paths():
        shutil.copy(path, records.folder)
    if (layouts := network.records.layout_path("").parent).is_dir():
        shutil.copytree(layouts, records.layout_path("").parent)
    # Blocks come with transactions alone: none would ever become final.
    chain = network.manifest.chain.model_copy(update={"finality": 0})
    manifest = network.manifest.model_copy(update={"chain": chain})
    fork = type(network)(manifest, node, RpcChain(node), AddressBook(), records)
    # Holders that the network calls by name keep it.
    fork.chain.names = copy.deepcopy(network.chain.names)
    for label, contract in network.book:
        fork.learn(label, contract)
    for name in (*manifest.accounts, SAFE, TIMELOCK):
        if address := _address(network, name):
            fork.chain.add_signer(name, Impersonated(address))
    return fork


def _address(network: EvmConnection, name: str) -> str:
    """Where a name stands; "" for a keystore of another machine, and for what is not deployed."""
    try:
        return network.chain.address(name)
    except InputError:
        return ""


def pass_time(network: EvmConnection, until: int) -> None:
    """Mine an empty block of that UTC second on a fork, unless it has passed."""
    if until > network.chain.now():
        network.node.rpc("evm_mine", {"timestamp": until})
