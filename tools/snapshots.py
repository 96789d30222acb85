"""Rewrite the facts about the contracts that git keeps, after a change that is meant.

- ``contracts/layout/StockToken.json``: where each variable lies in a stock's storage, in the order of the slots. All
  three modes of the fleet are this one source, so they share it, and the extension must lay out the same. A stock in
  use keeps its words through an upgrade: append only. And the constants of the bit maps: a bit in use keeps its
  meaning.
- ``tests/snapshots/sizes.json``: bytes of code, by deployable contract: ``runtime`` as it lies on the chain, immutables
  included (EIP-170 allows 24,576), ``init`` without constructor arguments (EIP-3860 allows twice that); and of the
  Solana program as it was last built here;
- ``tests/snapshots/durations.json``: CPU seconds of the last whole run of the tests here, by folder.

A test compares the first two; only this command writes. A change here deserves a line in CHANGELOG.md.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scrip.evm.compiled.artifacts import CONTRACTS, Artifact, artifact, deployables
from scrip.evm.compiled.layout import layout_of

ROOT = Path(__file__).resolve().parent.parent
SIZES = "tests/snapshots/sizes.json"
DURATIONS = "tests/snapshots/durations.json"
RAN = ROOT / "build" / "durations.json"
"""What the last run of the tests noted of itself."""
RUNTIME_LIMIT = 24_576
UPGRADEABLE = ("StockToken",)
PROGRAM = ROOT / "build" / "program.json"


def layout(compiled: Artifact) -> dict[str, Any]:
    """The storage layout: a row for each variable, by slot; and the bit maps of the words."""
    return layout_of(compiled.layout["storage_layout"], CONTRACTS).values()


def size(compiled: Artifact) -> dict[str, int]:
    """Bytes of runtime and creation code."""
    immutables = sum(_lengths(compiled.layout.get("code_layout", {})))
    return {"init": len(compiled.initcode), "runtime": len(compiled.runtime) + immutables}


def _lengths(layout: Mapping[str, Any]) -> Iterator[int]:
    """Bytes of each immutable, of the contract's own and of its modules'."""
    for entry in layout.values():
        yield from [entry["length"]] if "length" in entry else _lengths(entry)


def program_size() -> dict[str, Any]:
    """The Solana program's, if it has been built here; otherwise what was noted before."""
    if PROGRAM.is_file():
        return {"solana": {"stock_token": {"so": json.loads(PROGRAM.read_text())["bytes"]}}}
    kept = ROOT / SIZES
    noted = json.loads(kept.read_text()) if kept.is_file() else {}
    return {key: noted[key] for key in ("solana",) if key in noted}


def measure() -> dict[str, dict[str, Any]]:
    """Every snapshot by its path in the project."""
    sizes = {name: size(artifact(name)) for name in deployables()}
    snapshots = {SIZES: {"evm": sizes, "evm_limit": RUNTIME_LIMIT, "schema": 1} | program_size()}
    for name in UPGRADEABLE:
        snapshots[f"contracts/layout/{name}.json"] = layout(artifact(name))
    if ran := last_run():
        snapshots[DURATIONS] = ran
    return snapshots


def last_run() -> dict[str, Any]:
    """CPU seconds of the last run of the tests, whole ones by folder; nothing where it was of some tests alone."""
    noted: dict[str, Any] = json.loads(RAN.read_text()) if RAN.is_file() else {}
    if not noted.get("whole"):
        return {}
    folders = {name: round(value) for name, value in noted["folders"].items()}
    return {"schema": 1, "total": noted["total"], "tests": noted["tests"], "folders": folders}


def text_of(snapshot: dict[str, Any]) -> str:
    """A snapshot as it is written: sorted keys, two spaces."""
    return json.dumps(snapshot, indent=2, sort_keys=True) + "\n"


def main() -> int:
    for name, snapshot in measure().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if path.is_file() else ""
        temporary = path.with_suffix(".tmp")
        temporary.write_text(text_of(snapshot))
        os.replace(temporary, path)
        print(f"{name}: {'unchanged' if before == text_of(snapshot) else 'rewritten'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
