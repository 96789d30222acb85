"""A fork of a desk's network: the same contracts and records on an anvil that is thrown away, any account acting."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from scrip.errors import InputError
from scrip.evm import anvil
from scrip.evm.desk import Desk
from scrip.evm.node import Node
from scrip.evm.relay import readable
from scrip.evm.rpc_chain import RpcChain
from scrip.evm.signers import Impersonated
from scrip.evm.words import SAFE, TIMELOCK
from scrip.records import AddressBook, Records


@contextmanager
def forked(desk: Desk) -> Iterator[Desk]:
    """A desk on a fork of the network's latest block; it ends with the context, and nothing of it is kept.

    Its records are a copy, without intents: what is under way on the network is none of the fork's. Its clock stands at
    the block's second. Every account of the manifest acts, the Safe and the timelock too, without a signature.
    """
    with readable(desk.node.wire) as url, anvil.forking(url) as fork, TemporaryDirectory() as folder:
        node = Node.at(fork)
        node.rpc("anvil_setLoggingEnabled", False)
        node.rpc("anvil_setBlockTimestampInterval", 0)
        yield unlocked(desk, node, Path(folder))


def unlocked(desk: Desk, node: Node, folder: Path) -> Desk:
    """A desk like another on an anvil, where every account acts unsigned. `folder` takes a copy of its records."""
    records = Records(folder, desk.records.network, desk.genesis)
    records.folder.mkdir(parents=True)
    for path in desk.records.paths():
        shutil.copy(path, records.folder)
    if (layouts := desk.records.layout_path("").parent).is_dir():
        shutil.copytree(layouts, records.layout_path("").parent)
    # Blocks come with transactions alone: none would ever become final.
    chain = desk.manifest.chain.model_copy(update={"finality": 0})
    manifest = desk.manifest.model_copy(update={"chain": chain})
    fork = Desk(manifest, node, RpcChain(node), AddressBook(), records)
    # Holders that the desk calls by name keep it.
    fork.chain.names = copy.deepcopy(desk.chain.names)
    for label, contract in desk.book:
        fork.learn(label, contract)
    for name in (*manifest.accounts, SAFE, TIMELOCK):
        if address := _address(desk, name):
            fork.chain.add_signer(name, Impersonated(address))
    return fork


def _address(desk: Desk, name: str) -> str:
    """Where a name stands; "" for a keystore of another machine, and for what is not deployed."""
    try:
        return desk.chain.address(name)
    except InputError:
        return ""


def pass_time(desk: Desk, until: int) -> None:
    """On a fork: an empty block of that UTC second, unless it has passed."""
    if until > desk.chain.now():
        desk.node.rpc("evm_mine", {"timestamp": until})
