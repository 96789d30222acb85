"""Two real networks with the same stocks, an anvil and a cluster behind its endpoint, as operators work on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, solana_manifest
from support.network_cli import Cli, fresh
from support.network_world import NetworkWorld, deployed_world, local_manifest

from scrip import instructions as ins
from scrip.executor import Executor
from scrip.manifest.model import Manifest
from scrip.multichain.actions import MultichainAction
from scrip.multichain.networks import NetworkSide
from scrip.units import WAD

ISINS = {"MSFT": "US5949181045", "AAPL": "US0378331005"}
ORDERS = [("local", "solana-local"), ("solana-local", "local")]
ISSUER = "issuer: Example Securities AG\n"


@dataclass
class Both:
    """Two networks that share a folder of records."""

    local: NetworkWorld
    solana: SolanaNetworkWorld

    @property
    def records(self) -> Path:
        """Where both keep them."""
        return self.local.records

    @property
    def urls(self) -> dict[str, str]:
        """The variables that name their nodes."""
        return {"SCRIP_LOCAL_RPC": self.local.url, "SCRIP_SOLANA_LOCAL_RPC": self.solana.served.url}

    def mark(self) -> None:
        """Remember both, and the records."""
        self.solana.mark()
        self.local.mark()

    def back(self) -> None:
        """Both as they were at the mark."""
        self.solana.back()
        self.local.back()

    def sides(self, order: Sequence[str] = ORDERS[0]) -> list[NetworkSide]:
        """Both networks, as the next command would find them."""
        found = {"local": NetworkSide(self.local.open()), "solana-local": NetworkSide(self.solana.open())}
        return [found[name] for name in order]

    def action(self, stock: str, code: str, reference: str, sides: Sequence[NetworkSide] = ()) -> MultichainAction:
        """An action, as the next command would find it."""
        return MultichainAction(sides or self.sides(), self.records, ISINS[stock], code, reference)

    def ceilings(self, order: Sequence[str] = ORDERS[0]) -> list[int]:
        """Of MSFT, in shares."""
        return [side.ceilings("MSFT").own.to_wad() // WAD for side in self.sides(order)]

    def run(self, side: NetworkSide, order: ins.Announce | ins.Schedule | ins.Cancel) -> None:
        """Carry an order out on one network alone."""
        Executor(side.network.transactions()).run(side.plan(order))

    def commands(self, patch: pytest.MonkeyPatch) -> Cli:
        """Commands in a folder whose manifests span each other."""
        folder = self.records.parent
        fresh(folder)
        for name, other in ORDERS:
            path = folder / f"manifests/{name}.yaml"
            text = path.read_text().replace(ISSUER, f"{ISSUER}spans: [{other}]\n")
            path.write_text(re.sub(r'ceiling: ("\d+")', r"ceiling: \1, others: \1", text))
        patch.chdir(folder)
        for variable, url in self.urls.items():
            patch.setenv(variable, url)
        return Cli(self.local)


def both_counted(manifest: Manifest) -> Manifest:
    """The manifest of a network that has the stocks beside another with the same ceilings."""
    stocks = {
        ticker: one.model_copy(update={"reserve": one.reserve.model_copy(update={"others": one.reserve.ceiling})})
        for ticker, one in manifest.stocks.items()
    }
    return manifest.model_copy(update={"stocks": stocks})


@contextmanager
def deployed_both(folder: Path) -> Iterator[Both]:
    """Everything deployed on both, and marked."""
    manifests = both_counted(local_manifest()), both_counted(solana_manifest())
    with deployed_world(folder, manifests[0]) as local, deployed_solana_world(folder, manifests[1]) as solana:
        assert local.records == solana.records
        # A block is a second after the one before, whatever the machine does meanwhile.
        local.open().node.rpc("anvil_setBlockTimestampInterval", 1)
        found = Both(local, solana)
        found.mark()
        yield found
