"""Gas of our transactions beside the peers', each measured on an anvil of its own in the same run.

python tests/gas/gas.py           the table, against the targets and the committed figures (``make gas``)
python tests/gas/gas.py --write   note the figures in tests/snapshots (``make snapshots``)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scrip.evm.local import anvil

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

import erc3643  # noqa: E402
import openzeppelin  # noqa: E402
import ours  # noqa: E402
from bench_chain import BenchChain  # noqa: E402

SNAPSHOTS = TESTS / "snapshots"
OURS, PEERS = SNAPSHOTS / "gas.json", SNAPSHOTS / "gas_peers.json"
START = 1_700_000_000
TARGETS = {
    "transfer.proxy.warm": 45_000,
    "transfer.proxy.new": 72_000,
    "transfer.impl.warm": 37_500,
    "transferFrom.proxy.warm": 53_000,
    "mint.proxy.warm": 66_000,
    "market.instantMint.warm": 153_000,
    "market.instantRedeem.warm": 136_000,
    "market.instantMint.first": 200_000,
    "market.instantMint.second": 162_000,
    "book.announce": 150_000,
    "multiplier.announce": 130_000,
    "multiplier.schedule": 150_000,
    "multiplier.schedule.joined": 200_000,
    "multiplier.schedule.token": 60_000,
    "redemption.request": 140_000,
    "redemption.fill.50.each": 55_000,
    "redemption.claim": 70_000,
    "dividend.claim.20.warm": 84_000,
    "dividend.claim.20.new": 101_000,
    "dividend.push.128.each": 40_000,
    "voting.cast": 85_000,
    "election.cast": 75_000,
    "election.elect": 85_000,
    "wind_up.burn.50.each": 75_000,
    "factory.create": 400_000,
    "registry.onboard.200.each": 60_000,
    "registry.block.300": 4_500_000,
    "feeds.read": 6_000,
    "calendar.year": 650_000,
}
MISSED = {
    "election.cast": "7,668 over: a position is a new word (22,100), and the stock moves units itself (about 32,000)",
    "book.announce": "61,370 over: a stock's first is five new words (110,500), and mints are shut (24,649)",
    "multiplier.announce": "31,339 over: a stock's first is four new words (88,400), and the reserve is told (9,208)",
    "multiplier.schedule": "24,161 over: two new words (44,200), the slot's and the stock's; 31,524 are the reserve's",
    "multiplier.schedule.joined": "65,502 over: a receivable, a point of the index and the slot: five words (110,500)",
    "market.instantMint.warm": "2,887 over: an aggregator is called twice (6,362), and the investor looked up (5,600)",
    "market.instantMint.second": "5,375 over: as above, and a second signature is 11,488 (9,000), 1,830 of it calldata",
    "mint.proxy.warm": "an aggregator is called twice, for its answer and its decimals: 6,362 more than an attestation",
}
"""Targets that are not met, and what it costs: any other fails."""
ALIKE = {
    "transfer.proxy.warm": "transfer.warm",
    "transfer.proxy.new": "transfer.new",
    "transferFrom.proxy.warm": "transferFrom.warm",
    "mint.proxy.warm": "mint.warm",
}
"""Our case → the peers' case that does the same."""


def measure_ours() -> dict[str, int]:
    """Every case of ours."""
    with anvil.running(START) as url:
        return ours.measure(BenchChain(url))


def measure_peers() -> dict[str, dict[str, object]]:
    """Each peer's version and cases."""
    found: dict[str, dict[str, object]] = {}
    for name, peer in {"erc3643": erc3643, "openzeppelin_erc20": openzeppelin}.items():
        with anvil.running(START) as url:
            found[name] = {"version": peer.version(), **peer.measure(BenchChain(url))}
    return found


def committed() -> dict[str, int]:
    """The figures in git."""
    return json.loads(OURS.read_text())["cases"]


def dearer(cases: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Cases that cost over 1 % more than is committed: case → (committed, now)."""
    return {name: (was, cases[name]) for name, was in committed().items() if cases[name] * 100 > was * 101}


def show(cases: dict[str, int], peers: dict[str, dict[str, object]]) -> None:
    """The table."""
    table = Table("case", "gas", "target", "committed", *peers)
    kept = committed() if OURS.is_file() else {}
    for name, gas in cases.items():
        target = TARGETS.get(name)
        others = [_ratio(gas, peer.get(ALIKE.get(name, ""))) for peer in peers.values()]
        mark = "" if target is None else f"{target:,}" if gas <= target else f"[red]{target:,}[/red]"
        table.add_row(name, f"{gas:,}", mark, f"{kept.get(name, 0):,}", *others)
    for column in table.columns[1:]:
        column.justify = "right"
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    for name, peer in peers.items():
        console.print(f"{name}: {peer['version']}", soft_wrap=True, highlight=False)


def _ratio(gas: int, peer: object) -> str:
    return f"{peer:,} ({gas / peer:.2f})" if isinstance(peer, int) else ""


def write(path: Path, content: dict[str, object]) -> None:
    """A committed snapshot, whole or not at all."""
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    scratch.rename(path)


def main(arguments: list[str]) -> int:
    """0 when nothing costs more than committed, by over 1 %, and every target is met or named as missed."""
    cases, peers = measure_ours(), measure_peers()
    if arguments == ["--write"]:
        write(OURS, {"schema": 1, "hardfork": anvil.HARDFORK, "cases": cases})
        write(PEERS, {"schema": 1, "hardfork": anvil.HARDFORK, "peers": peers})
    show(cases, peers)
    risen = dearer(cases)
    for name, (was, now) in risen.items():
        print(f"{name}: {was:,} committed, {now:,} now")
    failed = {name: over for name, over in missed(cases).items() if name not in MISSED}
    for name, over in failed.items():
        print(f"{name}: {over:,} over its target of {TARGETS[name]:,}")
    return 1 if risen or failed else 0


def missed(cases: dict[str, int]) -> dict[str, int]:
    """By how much each case that has a target is over it."""
    return {name: cases[name] - most for name, most in TARGETS.items() if cases[name] > most}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
