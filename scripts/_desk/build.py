"""The build of the stocks that a command is about: this project's, or another release's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scrip.evm.release import Release

sources_option = click.option(
    "--sources",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of another release's contracts. Default: this project's.",
)


def release_of(sources: Path | None) -> Release:
    """The build of a folder; compiled once."""
    from scrip.evm.artifacts import CONTRACTS
    from scrip.evm.release import Release

    return Release.of(sources.resolve() if sources else CONTRACTS)
