"""A network on an anvil of its own: the manifest `local`, deployed once and wound back before each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrip.chains.evm import EvmNetwork
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.local import anvil
from scrip.executor import Executor, Result
from scrip.manifest.load import load
from scrip.manifest.model import Manifest
from scrip.plan import Plan

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"
START = 1_800_000_000


def local_manifest() -> Manifest:
    """The manifest of a chain on this machine."""
    return load(MANIFESTS / "local.yaml")


class NetworkWorld:
    """A running anvil and the records of what was sent to it."""

    def __init__(self, url: str, folder: Path, manifest: Manifest) -> None:
        self.url = url
        self.manifest = manifest
        self.records = folder / "records"
        self._kept = folder / "kept"
        self._mark = ""

    def open(self, manifest: Manifest | None = None) -> EvmNetwork:
        """The network, as the next command would find it."""
        return EvmNetwork.open(manifest or self.manifest, self.url, self.records)

    def run(self, plan: Plan) -> Result:
        """Carry a plan out."""
        return Executor(self.open().transactions()).run(plan)

    def mark(self) -> None:
        """Remember chain and records."""
        self._mark = self.open().node.rpc("evm_snapshot")
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.records, self._kept)

    def back(self) -> None:
        """Chain and records as they were at the mark."""
        assert self.open().node.rpc("evm_revert", self._mark)
        shutil.rmtree(self.records)
        shutil.copytree(self._kept, self.records)
        self._mark = self.open().node.rpc("evm_snapshot")


@contextmanager
def empty_world(folder: Path, manifest: Manifest | None = None) -> Iterator[NetworkWorld]:
    """Nothing deployed yet."""
    with anvil.running(START) as url:
        yield NetworkWorld(url, folder, manifest or local_manifest())


@contextmanager
def deployed_world(folder: Path, manifest: Manifest | None = None) -> Iterator[NetworkWorld]:
    """Everything deployed and handed over."""
    with empty_world(folder, manifest) as world:
        world.run(plan_deployment(world.open()))
        world.mark()
        yield world
