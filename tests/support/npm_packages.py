"""The TypeScript package, packed by npm and installed in a folder beside what it is used with, and run by Node."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / "node_modules"
USED = ("viem", "@solana", "@noble")
VECTORS = json.loads((ROOT / "tests/vectors/quote.json").read_text())


def packed(folder: Path, records: Path) -> Path:
    """A folder in which the package is installed as npm packs it, beside what it is used with."""
    sys.path.insert(0, str(ROOT / "tools"))
    from npm_package import build

    made = build(folder / "made", records=records)
    command = ["npm", "pack", "--silent", "--offline", "--pack-destination", str(folder)]
    name = subprocess.run(command, cwd=made, check=True, capture_output=True, text=True).stdout.split()[-1]
    modules = folder / "node_modules"
    modules.mkdir()
    with tarfile.open(folder / name) as archive:
        archive.extractall(modules, filter="data")
    (modules / "package").rename(modules / "scrip")
    for used in USED:
        if (NODE_MODULES / used).exists():
            (modules / used).symlink_to(NODE_MODULES / used)
    for file in ("npm_package.mjs", "npm_types.ts"):
        (folder / file).write_bytes((ROOT / "tests/support" / file).read_bytes())
    return folder


def run(folder: Path, given: dict[str, Any]) -> dict[str, Any]:
    """What Node says of what it is given: see npm_package.mjs."""
    said = subprocess.run(
        ["node", "npm_package.mjs"],
        cwd=folder,
        input=json.dumps({"vectors": VECTORS, **given}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    return found
