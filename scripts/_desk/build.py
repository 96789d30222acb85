"""The build that a command is about: this project's, or another release's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scripts._desk.carry import Build

sources_option = click.option(
    "--sources",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of another release: its contracts or (Solana) where its program was built; else this project's.",
)


def release_of(network: Network, sources: Path | None) -> Build:
    """The build of a folder, as the desk's kind of chain has it."""
    found: Build = network.build(sources)
    return found
