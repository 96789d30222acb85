"""A network on Solana over an endpoint of its own: the manifest `solana-local`, deployed once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from served import Served, running

from scrip.chains.solana import SolanaNetwork
from scrip.executor import Executor, Result
from scrip.labels import DEPLOYER
from scrip.manifest.load import load
from scrip.manifest.model import Manifest
from scrip.plan import Plan

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"
START = 1_800_000_000


def solana_manifest() -> Manifest:
    """The manifest of a cluster on this machine."""
    return load(MANIFESTS / "solana-local.yaml")


class SolanaNetworkWorld:
    """A running endpoint and the records of what was sent to it."""

    def __init__(self, served: Served, folder: Path, manifest: Manifest) -> None:
        self.served = served
        self.manifest = manifest
        self.records = folder / "records"
        self._kept = folder / "kept"

    def open(self, manifest: Manifest | None = None) -> SolanaNetwork:
        """The network, as the next command would find it."""
        return SolanaNetwork.open(manifest or self.manifest, self.served.url, self.records)

    def run(self, plan: Plan) -> Result:
        """Carry a plan out."""
        return Executor(self.open().transactions()).run(plan)

    def pass_time(self, seconds: int) -> None:
        """Move the clock on."""
        self.served.ask("endpoint_setTime", self.open().chain.now() + seconds)

    def mark(self) -> None:
        """Remember the cluster's accounts and the records."""
        self.served.ask("endpoint_mark")
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.records, self._kept)

    def back(self) -> None:
        """Accounts, second and records as they were at the mark."""
        self.served.ask("endpoint_back")
        shutil.rmtree(self.records)
        shutil.copytree(self._kept, self.records)


@contextmanager
def empty_solana_world(folder: Path, manifest: Manifest | None = None) -> Iterator[SolanaNetworkWorld]:
    """The program is uploaded, by the deployer, and nothing else is done."""
    with running(block_ms=20, start=START, upgrader=DEPLOYER) as served:
        yield SolanaNetworkWorld(served, folder, manifest or solana_manifest())


@contextmanager
def deployed_solana_world(folder: Path, manifest: Manifest | None = None) -> Iterator[SolanaNetworkWorld]:
    """Everything deployed and handed over."""
    with empty_solana_world(folder, manifest) as world:
        world.run(world.open().deployment())
        yield world
