"""Gives commands that are of two networks at once, in children that may be killed: `multichain_victim.py serve`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "executor/killing")]

import loaded  # noqa: E402, F401
from kill_server import serve  # noqa: E402
from support.network_cli import Cli, groups  # noqa: E402

import scrip.chains.evm  # noqa: E402
import scrip.chains.solana  # noqa: E402
import scrip.flows.actions  # noqa: E402
import scrip.flows.reserve  # noqa: E402
import scrip.multichain.ceilings  # noqa: E402, F401
from scrip.multichain.networks import NetworkSide  # noqa: E402
from scrip.preview import Preview  # noqa: E402


def perform(folder: str, line: str, urls: dict[str, str], unforeseen: str) -> int:
    """Give a command in a folder of manifests and records; its exit code.

    What the `unforeseen` network refuses its model does not know: somebody else was there a moment ago.
    """
    os.chdir(folder)
    os.environ.update(urls)
    if unforeseen:
        real = NetworkSide.preview
        NetworkSide.preview = (  # type: ignore[method-assign]
            lambda side, plan: Preview(()) if side.manifest.network == unforeseen else real(side, plan)
        )
    said = Cli(SimpleNamespace(records=Path(folder, "records"))).run(line)  # type: ignore[arg-type]
    if said.code:
        print(said.err, file=sys.stderr)
    return said.code


if __name__ == "__main__":
    groups()
    serve(perform)
