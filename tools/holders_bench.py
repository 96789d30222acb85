"""The register's figures: pages read from anvil, the tree beside npm's, and the register at its size on each engine.

    tools/holders_bench.py PART ... [--json FILE] [--scale FACTOR]

Parts: `paging` (transfers from an anvil of its own, through a kill and a reorganisation), `merkle` (a million accounts,
ours and @openzeppelin/merkle-tree's), `duckdb` and `polars` (a million holders out of ten million movements), `spark`
(a hundred thousand out of one million), `linear` (DuckDB over 1, 3 and 10 million, drawn in build/holders.svg). FACTOR
makes all of them smaller. Part of ``make campaign``. Exit 1 where something is wrong or beyond its target.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import spark
from setup import ROOT

sys.path[:0] = [str(ROOT)]

from scrip.evm.local import anvil  # noqa: E402
from scrip.evm.rpc.node import Node  # noqa: E402
from scrip.holders import pages  # noqa: E402
from scrip.holders.movements import parquet  # noqa: E402
from scrip.holders.pages import Pages, table_of_logs  # noqa: E402
from scrip.holders.tree import Leaves, build  # noqa: E402

NPM = ROOT / "tests" / "holders" / "openzeppelin_tree.mjs"
DRAWN = ROOT / "build" / "holders.svg"
MILLION = 1_000_000
TARGETS: Mapping[str, Mapping[str, float]] = {
    "duckdb_10m": {"seconds": 60, "peak_mib": 3_072},
    "polars_10m": {"seconds": 90},
    "spark_1m": {"seconds": 600},
}
"""The most that a run may take, on two cores that do nothing else."""
RATIO, LOGS_A_SECOND = 20, 25_000
"""The least: how many times faster than npm's the tree is, and how fast pages come from anvil."""
TOKEN = "0x" + "70" * 20
EMITTER = (
    "5f35"  # how many: the call's first word
    "5b8015603957"  # while there are any left
    "60019003805f52"  # one less; the amount is what is left
    "80"  # to the account of that number
    "33"  # from the caller
    f"7f{pages.TRANSFER[2:]}"
    "60205fa3"  # a Transfer
    "600256"
    "5b00"
)
"""Code that emits as many transfers as its caller says; as far as a reader of logs can tell, a token."""
LOGS, A_CALL = 400_000, 8_000


def paging(scale: float) -> dict[str, Any]:
    """Transfers from anvil: how fast, and that a kill and a reorganisation leave exactly what the node has."""
    calls = max(6, round(LOGS * scale) // A_CALL)
    with anvil.running(1_800_000_000) as url, tempfile.TemporaryDirectory(prefix="scrip-paging-") as name:
        node = Node.at(url)
        node.rpc("anvil_setCode", TOKEN, "0x" + EMITTER)
        emit(node, calls)
        folder = Path(name)
        killed(url, folder / "killed")
        demand(_same(node, reader(node, folder / "killed"), node.block().number), "pages after a kill")
        head, started = node.block().number, time.monotonic()
        files = reader(node, folder / "fast").read(head)
        seconds = time.monotonic() - started
        rows = sum(parquet(path).metadata.num_rows for path in files)
        node.rpc("anvil_rollback", 3)
        emit(node, 4, A_CALL - 1)
        kept = reader(node, folder / "fast")
        kept.drop_reorged()
        left = [parquet(path).read(["block"]).column("block").to_numpy() for path in kept.files()]
        demand(
            max(blocks.max() for blocks in left if len(blocks)) == head - 3, "exactly the reorganised blocks dropped"
        )
        demand(_same(node, kept, node.block().number), "pages after a reorganisation")
    demand(rows == calls * A_CALL, "every transfer")
    return {"logs": rows, "seconds": round(seconds, 1), "logs_per_s": round(rows / seconds)}


def demand(holds: bool, what: str) -> None:
    """End where something is not as it must be."""
    if not holds:
        raise SystemExit(f"holders: NOT SO: {what}")


def emit(node: Node, calls: int, count: int = A_CALL) -> None:
    """Transfers, a block of them for each call."""
    sender = node.rpc("eth_accounts")[0]
    for _ in range(calls):
        fields = {"from": sender, "to": TOKEN, "data": "0x" + count.to_bytes(32, "big").hex(), "gas": hex(29_000_000)}
        receipt = node.wait(node.rpc("eth_sendTransaction", fields))
        demand(len(receipt["logs"]) == count, "a transfer for each that was asked")


def reader(node: Node, folder: Path) -> Pages:
    """Pages of the emitter's."""
    return Pages(folder, node, "0x" + "00" * 32, TOKEN, 0)


def killed(url: str, folder: Path) -> None:
    """A reader that is killed once it has a page or two."""
    program = (
        "import sys; sys.path[:0] = sys.argv[3:]; import holders_bench as b; from pathlib import Path;"
        "b.pages.ROWS = 9_000; b.pages.SPAN = 2; b.pages.LONGEST = 2; n = b.Node.at(sys.argv[1]);"
        "b.reader(n, Path(sys.argv[2])).read(n.block().number)"
    )
    words = [sys.executable, "-c", program, url, str(folder), str(ROOT / "tools"), str(ROOT)]
    process = subprocess.Popen(words)
    while len(list(folder.glob("*.parquet"))) < 2:
        if process.poll() is not None:
            raise RuntimeError("the reader ended before it was killed")
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _same(node: Node, found: Pages, head: int) -> bool:
    """Whether the pages hold what the node says of every block, asked for block by block."""
    rows = [row for path in found.read(head) for row in parquet(path).read().to_pylist()]
    wanted: list[Any] = []
    for number in range(head + 1):
        wanted += table_of_logs(node.logs(TOKEN, [pages.TRANSFER], number, number), TOKEN, number, number).to_pylist()
    return rows == wanted


def merkle(scale: float) -> dict[str, Any]:
    """CPU seconds of a tree over the same accounts, ours and npm's."""
    count = max(1_000, round(MILLION * scale))
    numbers = [(index * 0x9E3779B97F4A7C15 + 1).to_bytes(32, "big") for index in range(count)]
    accounts = np.frombuffer(b"".join(numbers), np.uint8).reshape(-1, 32)
    dues = np.zeros((count, 4), np.int64)
    dues[:, 0] = np.arange(1, count + 1)
    started = time.process_time()
    root = build(Leaves(accounts, dues, np.zeros_like(dues), dues, np.ones(count, np.bool_))).root
    ours = time.process_time() - started
    done = subprocess.run(["node", "--max-old-space-size=8192", NPM, str(count)], capture_output=True, check=True)
    npm = json.loads(done.stdout)["seconds"]
    demand(root.sum == count * (count + 1) // 2, "the sum of all")
    return {"leaves": count, "ours_s": round(ours, 1), "npm_s": round(npm, 1), "ratio": round(npm / ours, 1)}


def engine(name: str, movements: int, holders: int) -> dict[str, Any]:
    """A register of invented movements on an engine, all files written."""
    with tempfile.TemporaryDirectory(prefix="scrip-holders-") as scratch:
        folder = Path(scratch)
        words = ["make", folder / "movements", "--movements", movements, "--holders", holders]
        spark.job(sys.executable, *words)
        if name == "spark":
            return spark.on_spark(folder / "movements", folder / "out", folder / "found.json")
        words = ["run", folder / "movements", "--engine", name, "--out", folder / "out"]
        spark.job(sys.executable, *words, "--json", folder / "found.json")
        found: dict[str, Any] = json.loads((folder / "found.json").read_text())
        return found


def linear(scale: float) -> dict[str, dict[str, Any]]:
    """DuckDB over 1, 3 and 10 million movements of a tenth as many holders, drawn."""
    found = {}
    for millions in (1, 3, 10):
        movements = round(millions * MILLION * scale)
        found[f"linear_{millions}m"] = engine("duckdb", movements, movements // 10)
    draw(found)
    return found


def draw(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Seconds over movements, as a picture."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "scrip", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot([one["transfers"] / MILLION for one in found.values()], [one["seconds"] for one in found.values()], "o-")
    axes.set(xlabel="million transfers", ylabel="seconds", xlim=(0, None), ylim=(0, None))
    axes.set_title("A register with all its files, DuckDB")
    DRAWN.parent.mkdir(exist_ok=True)
    figure.savefig(DRAWN, metadata={"Date": None})
    plt.close(figure)


def at_size(name: str, millions: int, holders: int) -> Callable[[float], dict[str, Any]]:
    """A run on an engine, over so many million movements of so many holders."""

    def found(scale: float) -> dict[str, Any]:
        sizes = round(millions * MILLION * scale), round(holders * scale)
        return {"holders": {f"{name}_{millions}m": engine(name, *sizes)}}

    return found


PARTS: Mapping[str, Callable[[float], dict[str, Any]]] = {
    "paging": lambda scale: {"paging": paging(scale) | _load()},
    "merkle": lambda scale: {"merkle": merkle(scale) | _load()},
    "duckdb": at_size("duckdb", 10, MILLION),
    "polars": at_size("polars", 10, MILLION),
    "spark": at_size("spark", 1, MILLION // 10),
    "linear": lambda scale: {"holders": linear(scale)},
}


def _load() -> dict[str, float]:
    """How much else the machine did: its load over the last minute."""
    return {"load": round(os.getloadavg()[0], 1)}


def missed(found: Mapping[str, Any]) -> list[str]:
    """The targets that figures miss, in words."""
    wrong = []
    for name, figures in found.get("holders", {}).items():
        for what, most in TARGETS.get(name, {}).items():
            if figures[what] > most:
                wrong.append(f"{name}.{what} is {figures[what]}, more than {most}")
    if "merkle" in found and found["merkle"]["ratio"] < RATIO:
        wrong.append(f"merkle.ratio is {found['merkle']['ratio']}, less than {RATIO}")
    if "paging" in found and found["paging"]["logs_per_s"] < LOGS_A_SECOND:
        wrong.append(f"paging.logs_per_s is {found['paging']['logs_per_s']}, less than {LOGS_A_SECOND}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=[*PARTS], metavar="PART")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    for name in asked.parts:
        print(f"holders: {name}", flush=True)
        for key, value in PARTS[name](asked.scale).items():
            found[key] = found.get(key, {}) | value if key == "holders" else value
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    print(json.dumps(found, indent=2, sort_keys=True))
    for line in missed(found):
        print(f"holders: {line}", file=sys.stderr)
    return 1 if missed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
