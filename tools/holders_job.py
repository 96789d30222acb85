"""The register at its size: invented movements, a register computed from them with all files written, and its figures.

    tools/holders_job.py make FOLDER --movements N --holders M
    tools/holders_job.py run FOLDER --engine duckdb|polars|spark --out FOLDER [--json FILE]

`run` is a process of its own, so that its peak of memory is its own; on Spark, that of the Java machine beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402

from scrip.holders import files, limbs  # noqa: E402
from scrip.holders import movements as mv  # noqa: E402
from scrip.holders.engines import connected  # noqa: E402
from scrip.holders.register import Owner, Sources, raw_balances, take  # noqa: E402

PART = 1_000_000
LAST = 2**40
SUPPLY = "supply"
SUBJECT = files.Subject(
    network="invented",
    genesis="0x" + "11" * 32,
    chain_id=31_337,
    isin="US5949181045",
    token="0x" + "22" * 20,
    decimals=18,
    instant=1_900_000_000,
    block=LAST,
    block_hash="0x" + "33" * 32,
    timestamp=1_899_999_990,
)
"""What the invented register is of."""
OWNED = 1_000
"""Accounts that are an investor's; all others are strangers."""


def accounts(count: int) -> pa.Array:
    """Addresses as text, the same every time."""
    raw = np.random.default_rng(1).integers(0, 256, (count, 20), dtype=np.uint8)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.empty((count, 42), np.uint8)
    text[:, 0], text[:, 1], text[:, 2::2], text[:, 3::2] = ord("0"), ord("x"), digits[raw >> 4], digits[raw & 15]
    offsets = np.arange(0, 42 * (count + 1), 42, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(text)])


def make(folder: Path, movements: int, holders: int) -> int:
    """Write movements: every holder gets 2^64 units and some, and then gives small amounts to others; the supply."""
    known, draw = accounts(holders), np.random.default_rng(2)
    given = np.zeros((holders, limbs.COUNT), np.int64)
    given[:, 0], given[:, 2] = draw.integers(0, 2**32, holders), 1
    nobody = pa.array(np.full(holders, mv.NOBODY, dtype=object), pa.string())
    mv.write(folder / "minted.parquet", _table(np.ones(holders, np.int64), 0, nobody, known, given))
    for first in range(0, movements - holders, PART):
        count = min(PART, movements - holders - first)
        sender, receiver = (known.take(pa.array(draw.integers(0, holders, count))) for _ in range(2))
        amounts = np.zeros((count, limbs.COUNT), np.int64)
        amounts[:, 0], amounts[:, 1] = draw.integers(0, 2**32, count), draw.integers(0, 2**20, count)
        block = 2 + (first + np.arange(count)) // 100
        mv.write(folder / f"moved-{first // PART:03}.parquet", _table(block, first, sender, receiver, amounts))
    (folder / SUPPLY).write_text(str(limbs.total(given)))
    return limbs.total(given)


def _table(block: Any, first: int, sender: pa.Array, receiver: pa.Array, amounts: limbs.Columns) -> pa.Table:
    places = pa.array(first + np.arange(len(block)))
    columns = [
        pa.array(block),
        places,
        sender,
        receiver,
        *(pa.array(amounts[:, place]) for place in range(limbs.COUNT)),
    ]
    return pa.Table.from_arrays(columns, schema=mv.SCHEMA)


def run(folder: Path, engine: str, out: Path) -> dict[str, Any]:
    """Compute the register, write all of its files; the figures."""
    started, load = time.monotonic(), os.getloadavg()[0]
    paths = sorted(folder.glob("*.parquet"))
    named = mv.parquet(paths[0]).read(["receiver"]).column("receiver")[:OWNED].to_pylist()
    owners = {account: Owner(f"investor {place // 2}", "retail") for place, account in enumerate(named)}
    sources = Sources(paths, LAST, int((folder / SUPPLY).read_text()), owners)
    with connected(engine) as connection:
        register = take(connection, sources, raw_balances(connection, sources))
    written = files.write_register(out, register, SUBJECT, paths)
    return {
        "backend": engine,
        "digest": written.digest,
        "holders": len(register),
        "load": round(load, 1),
        "peak_mib": round(_peak()),
        "root": "0x" + written.root.hash.hex(),
        "seconds": round(time.monotonic() - started, 1),
        "transfers": sum(mv.parquet(path).metadata.num_rows for path in paths),
    }


def _peak() -> float:
    """The most memory that this process and what it started held, MiB."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("folder", type=Path)
    making.add_argument("--movements", type=int, required=True)
    making.add_argument("--holders", type=int, required=True)
    running = commands.add_parser("run")
    running.add_argument("folder", type=Path)
    running.add_argument("--engine", required=True)
    running.add_argument("--out", type=Path, required=True)
    running.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.command == "make":
        make(asked.folder, asked.movements, asked.holders)
        return 0
    found = run(asked.folder, asked.engine, asked.out)
    text = json.dumps(found, indent=2, sort_keys=True) + "\n"
    print(text, end="")
    if asked.json:
        asked.json.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
