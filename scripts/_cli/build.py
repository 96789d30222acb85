"""The option of commands that are about a build of the contracts or the program."""

from __future__ import annotations

from pathlib import Path

import click

sources_option = click.option(
    "--sources",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of another release: its contracts or (Solana) where its program was built; else this project's.",
)
