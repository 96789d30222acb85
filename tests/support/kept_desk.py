"""A desk of a deployment of its own, at which each test of a module begins as it was made ready, in whatever order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.network_cli import Cli, fresh
from support.network_world import deployed_world

from scrip.manifest.load import load

OWN = ("records", "kept")
"""What the world itself puts back."""


class KeptDesk:
    """The desk as it was when it was kept: chain, records, and every file and folder that commands left."""

    def __init__(self, cli: Cli) -> None:
        self.cli, self._files = cli, cli.folder.with_name(f"{cli.folder.name}-as-it-was")
        cli.world.mark()
        shutil.copytree(
            cli.folder, self._files, symlinks=True, ignore=lambda at, _: OWN if Path(at) == cli.folder else ()
        )

    def again(self) -> Cli:
        """All as it was."""
        self.cli.world.back()
        for path in self.cli.folder.iterdir():
            if path.name in OWN:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        shutil.copytree(self._files, self.cli.folder, symlinks=True, dirs_exist_ok=True)
        return self.cli


@contextmanager
def opened_desk(folder: Path, edit: Callable[[dict[str, Any]], None], ready: Callable[[Cli], None]) -> Iterator[Cli]:
    """A desk in a folder, whose manifest is the local one as `edit` leaves it; `ready` gives its first commands."""
    fresh(folder)
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    edit(content)
    path.write_text(yaml.safe_dump(content))
    with pytest.MonkeyPatch.context() as patch, deployed_world(folder, load(path)) as world:
        patch.chdir(folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        cli = Cli(world)
        ready(cli)
        yield cli
