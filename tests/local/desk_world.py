"""A desk brought up once, and put back as it was for each test that uses it up."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.network_cli import SCRIPTS, Cli
from support.network_world import MANIFESTS
from support.runbook import obey

DOCS = SCRIPTS.parent / "docs"
KEPT = (".scrip", "records")


@dataclass(frozen=True)
class DeskWorld:
    """A folder with the project's manifests, in which commands run; and a desk in it, shut."""

    folder: Path
    ports: tuple[int, int]

    @property
    def cli(self) -> Cli:
        """The commands."""
        return Cli(None)  # type: ignore[arg-type] - none of its deployment's parts is asked for

    @property
    def up(self) -> str:
        """The command that brings the desk up."""
        return f"ape run local up --port {self.ports[0]} --solana-port {self.ports[1]}"

    @property
    def urls(self) -> dict[str, str]:
        """The variables that name its nodes."""
        names = ("SCRIP_LOCAL_RPC", "SCRIP_SOLANA_LOCAL_RPC")
        return {name: f"http://127.0.0.1:{port}" for name, port in zip(names, self.ports, strict=True)}

    def keep(self) -> None:
        """Remember it, shut."""
        for name in KEPT:
            shutil.copytree(self.folder / name, self.folder / "kept" / name)

    def back(self) -> None:
        """The desk as it was when it was kept."""
        self.cli.run("local down")
        for name in KEPT:
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / "kept" / name, self.folder / name)

    def follow(self, lines: Iterator[str]) -> dict[str, str]:
        """Give commands, one after the other; what each said, the last of those that were given twice."""
        return {line: obey(self.cli, line) for line in lines}


def free_ports() -> tuple[int, int]:
    """A port for HTTP, and one that has a free one after it."""
    for port in range(20_000, 60_000, 7):
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            try:
                for number, each in enumerate((one, two, three)):
                    each.bind(("127.0.0.1", port + number))
            except OSError:
                continue
            return port, port + 1
    raise RuntimeError("no port is free")


def blocks(page: str) -> Iterator[str]:
    """The commands of a page, in order: every line of its blocks that are of no language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, flags=re.M | re.S):
        if not language:
            yield from block.splitlines()


@contextmanager
def brought_up(folder: Path) -> Iterator[DeskWorld]:
    """A desk that was brought up, and shut; whatever runs at the end is ended."""
    shutil.copytree(MANIFESTS, folder / "manifests")
    yield DeskWorld(folder, free_ports())
