"""The commands on a Solana network, in the folder of its records, and investors from a file."""

from __future__ import annotations

from typing import Any

import pytest
from solana_network_world import SolanaNetworkWorld
from support.network_cli import Cli, fresh

from scrip.solana.addresses import local_address


class SolanaCli(Cli):
    """The commands, on the Solana network."""

    world: SolanaNetworkWorld  # type: ignore[assignment]

    def run(self, line: str, typed: str = "") -> Any:
        """Run what is typed after `ape run`."""
        return super().run(f"{line} --network solana-local", typed)


def fresh_cli(world: SolanaNetworkWorld, patch: pytest.MonkeyPatch) -> SolanaCli:
    """The commands where nothing is left of an earlier test's files."""
    folder = world.records.parent
    fresh(folder)
    patch.chdir(folder)
    patch.setenv("SCRIP_SOLANA_LOCAL_RPC", world.served.url)
    return SolanaCli(world)  # type: ignore[arg-type]


def wallet(name: str) -> str:
    """The address of a local account."""
    return str(local_address(name))


def onboarded(cli: SolanaCli, *names: str) -> None:
    """Each owner as an investor of that name, from a file."""
    rows = [f"{name},{wallet(name)},CH,professional,2029-12-31" for name in names]
    file = cli.folder / f"{'-'.join(names)}.csv"
    file.write_text("\n".join(["investor,wallet,country,class,expiry", *rows, ""]))
    cli.done(f"compliance onboard {file} --apply")
