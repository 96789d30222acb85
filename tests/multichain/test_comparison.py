"""A network held against those that its manifest spans: which of them are opened, and what a silent one becomes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.network_world import MANIFESTS

from scrip.chains import opening
from scrip.errors import ScripError
from scrip.executor import silent
from scrip.manifest.load import load
from scrip.manifest.model import AnyManifest
from scrip.multichain import comparison
from scrip.multichain.decisions import Decisions
from scrip.multichain.opening import opened_sides
from scrip.multichain.side import Side
from scrip.plan import Step
from scrip.reports.findings import Finding

ISSUER = "issuer: Example Securities AG\n"
KNOWN = Finding("multichain.MSFT", "a", "b")


@dataclass
class Opened:
    """A network of which nothing is asked."""

    manifest: AnyManifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Manifests of two networks that span each other."""
    shutil.copytree(MANIFESTS, tmp_path / "manifests")
    for name, other in (("local", "solana-local"), ("solana-local", "local")):
        path = tmp_path / f"manifests/{name}.yaml"
        path.write_text(path.read_text().replace(ISSUER, f"{ISSUER}spans: [{other}]\n"))
    return tmp_path / "manifests"


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the networks that were opened; those that were closed again have a minus."""
    found: list[str] = []

    @contextmanager
    def opened(manifest: AnyManifest, _records: Path) -> Iterator[Opened]:
        found.append(manifest.network)
        yield Opened(manifest)
        found.append(f"-{manifest.network}")

    monkeypatch.setattr(opening, "opened", opened)
    return found


def looking(seen: list[str]) -> Callable[..., list[Finding]]:
    """Stands for a comparison, which other tests are about."""

    def look(sides: Sequence[Side], *_: Any) -> list[Finding]:
        seen.extend(side.manifest.network for side in sides)
        return [KNOWN]

    return look


def local(folder: Path) -> Any:
    return Opened(load(folder / "local.yaml"))


def test_all_are_opened_and_compared_and_closed(
    folder: Path, opens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(comparison, "one_sided", looking(seen))
    assert comparison.compared(local(folder), folder, folder.parent) == [KNOWN]
    assert seen == ["local", "solana-local"]
    assert opens == ["solana-local", "-solana-local"]


def test_one_that_cannot_be_opened_is_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_manifest: AnyManifest, _records: Path) -> Any:
        raise ScripError("the node does not answer")

    monkeypatch.setattr(opening, "opened", closed)
    monkeypatch.setattr(comparison, "one_sided", looking([]))
    (first, second) = comparison.compared(local(folder), folder, folder.parent)
    assert first == KNOWN
    assert (second.field, second.found, second.severity) == (
        "multichain.solana-local", "the node does not answer", "unproven"
    )  # fmt: skip


def test_where_nothing_was_decided_nobody_is_asked(
    folder: Path, opens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(comparison, "verify", looking(seen))
    assert comparison.decided(local(folder), folder, folder.parent) == []
    assert (seen, opens) == ([], [])
    decisions = Decisions(folder.parent, "a subject")
    with decisions.locked("test"):
        decisions.decide("schedule", "ordered", ("local-0x", "solana-local-0x"), {})
    assert comparison.decided(local(folder), folder, folder.parent) == [KNOWN]
    assert seen == ["local", "solana-local"]


def test_sides_are_opened_in_order_and_what_happens_is_told_of_each(folder: Path, opens: list[str]) -> None:
    told: list[tuple[str, str]] = []

    def watch(network: str, event: str, *_: Any) -> None:
        told.append((network, event))

    manifests = [load(folder / f"{name}.yaml") for name in ("solana-local", "local")]
    with opened_sides(manifests, folder.parent, watch) as sides:  # type: ignore[arg-type]
        assert opens == ["solana-local", "local"]
        for side in sides:
            assert side.watch is not silent
            side.watch("done", Step("s", "s", "", ""))
    assert told == [("solana-local", "done"), ("local", "done")]
    assert opens[2:] == ["-local", "-solana-local"]
