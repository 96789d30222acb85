"""Carries out plans on Solana, in children that may be killed: `solana_victim.py serve`."""

from __future__ import annotations

import sys
from pathlib import Path

from scrip import flows

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "executor/killing")]

import loaded  # noqa: E402, F401
from kill_server import serve  # noqa: E402
from solana_network_world import START, solana_manifest  # noqa: E402

from scrip.chains.solana import SolanaNetwork  # noqa: E402
from scrip.executor import Executor  # noqa: E402
from scrip.inputs.batch import Batch, Newcomer  # noqa: E402
from scrip.plan import Plan  # noqa: E402
from scrip.solana.addresses import local_address  # noqa: E402

YEAR = 365 * 86_400


def newcomers(count: int) -> Batch[Newcomer]:
    """A file of so many investors."""
    names = [f"newcomer {number}" for number in range(count)]
    rows = [Newcomer(one, str(local_address(one)), 276, "retail", START + YEAR) for one in names]
    return Batch("newcomers.csv", f"{count} newcomers", tuple(enumerate(rows, start=2)))


def plan_of(network: SolanaNetwork, rows: int) -> Plan:
    """An onboarding of so many; the set-up for none."""
    return flows.investors.onboard(network, newcomers(rows)) if rows else network.deployment()


def perform(url: str, folder: str, rows: int) -> None:
    """Open the network, plan and carry out, as a command does."""
    network = SolanaNetwork.open(solana_manifest(), url, Path(folder))
    Executor(network.transactions()).run(plan_of(network, rows))


if __name__ == "__main__":
    serve(perform)
