"""The commands, run in this process on a deployment of their own, and what they said."""

from __future__ import annotations

import importlib
import json
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from support.network_world import MANIFESTS, NetworkWorld

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


DELAY = 2 * 86_400
"""Of the local manifest's timelock, seconds."""


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """What stands on stdout, all of it, as JSON."""
        return json.loads(self.out)


def groups() -> dict[str, click.Command]:
    """Every script that `ape run` offers, by name."""
    names = sorted(path.stem for path in SCRIPTS.glob("*.py") if not path.stem.startswith("_"))
    return {name: importlib.import_module(f"scripts.{name}").cli for name in names}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command, by what is typed after `ape run`."""
    for name, found in groups().items():
        yield from _below(name, found)


def _below(name: str, found: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(found, click.Group):
        for inner, command in found.commands.items():
            yield from _below(f"{name} {inner}", command)
    else:
        yield name, found


@dataclass(frozen=True)
class Cli:
    """Commands in the folder of a deployment: manifests beside records, as a project has them."""

    world: NetworkWorld

    @property
    def folder(self) -> Path:
        """Where they run."""
        return self.world.records.parent

    def run(self, line: str, typed: str = "") -> Said:
        """Run what is typed after `ape run`; `typed` answers what it asks."""
        group, *words = shlex.split(line)
        said = CliRunner(mix_stderr=False).invoke(groups()[group], words, input=typed, prog_name=group)
        if said.exception is not None and not isinstance(said.exception, SystemExit):
            raise said.exception
        return Said(said.exit_code, said.stdout, said.stderr)

    def done(self, line: str) -> dict[str, Any]:
        """Run it with --json and --yes; the object, of a command that did not fail."""
        known, words = dict(commands()), line.split()
        command = next(known[name] for name in (" ".join(words[:count]) for count in (2, 3, 1)) if name in known)
        asks = any("--yes" in one.opts for one in command.params)
        said = self.run(f"{line} --json" + " --yes" * asks)
        assert said.code == 0, said
        return said.object

    def signed(self, line: str, name: str) -> None:
        """Have the Safe do what a command plans, up to its execution."""
        path = self.folder / name
        self.done(f"{line} --propose {path}")
        for owner in ("owner-1", "owner-3"):
            assert self.run(f"safe sign {path} --as {owner} --yes").code == 0
        self.done(f"safe execute {path} --apply")

    def by_the_timelock(self, line: str) -> None:
        """Propose a command, have the owners sign it, and carry it out once it has waited."""
        file = self.folder / "proposal.json"
        file.unlink(missing_ok=True)
        self.signed(line, "proposal.json")
        self.pass_time(DELAY)
        self.done(f"safe execute {file} --apply")

    def pass_time(self, seconds: int) -> None:
        """An empty block so much later."""
        network = self.world.open()
        network.node.rpc("evm_mine", {"timestamp": network.chain.now() + seconds})


def prepared(world: NetworkWorld, steps: Callable[[Cli], None]) -> dict[str, bytes]:
    """Give commands in a deployment's folder once, to which it is wound back from then on; the files that they left."""
    cli = Cli(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cli.folder)
        patch.setenv("SCRIP_LOCAL_RPC", world.url)
        steps(cli)
    world.mark()
    return {path.name: path.read_bytes() for path in cli.folder.iterdir() if path.is_file()}


def fresh(folder: Path, files: Mapping[str, bytes] | None = None) -> None:
    """Nothing that an earlier test left but these files, and the project's manifests, to be edited."""
    for path in folder.iterdir():
        if path.is_symlink() or path.is_file():
            path.unlink()
    shutil.rmtree(folder / "manifests", ignore_errors=True)
    shutil.copytree(MANIFESTS, folder / "manifests")
    for name, content in (files or {}).items():
        (folder / name).write_bytes(content)
