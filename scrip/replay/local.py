"""A stock's replay on this machine: on the model, an anvil and a LiteSVM that are started for it, and published."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from scrip.evm.compiled import artifacts
from scrip.evm.deploy.suite import TIMELOCK_DELAY, deploy_suite, hand_over
from scrip.evm.ledger import EvmLedger
from scrip.evm.local import anvil
from scrip.evm.local.ape_chain import ApeChain, connected
from scrip.ledger import EVM, Ledger
from scrip.model.ledger import ModelLedger
from scrip.replay import picture, prices, report, show
from scrip.replay.events import load_events, read_events
from scrip.replay.job import Replay
from scrip.replay.timeline import Timeline, build
from scrip.solana.build import Build
from scrip.solana.deploy.suite import deploy_suite as deploy_program
from scrip.solana.deploy.suite import start_chain
from scrip.solana.ledger import SolanaLedger
from scrip.solana.local.litesvm import TOKEN_2022_VERSION


def replay(timeline: Timeline, console: Console, folder: Path, project: Path) -> None:
    """Run the job on the model, a fresh anvil and a fresh LiteSVM, and publish what it found.

    `project` is where the program was built; outputs go into `folder`.
    """
    started = time.monotonic()
    cluster, program = start_chain(timeline.genesis, Build(project))
    solana = SolanaLedger(cluster, deploy_program(cluster, program))
    if not artifacts.all_kept():
        console.print("compiling the contracts (about 30 s, once)")
    with anvil.running(timeline.genesis) as url, connected(url) as provider:
        chain = ApeChain(provider)
        suite = deploy_suite(chain)
        console.print(f"suite deployed on anvil at {url}, chain {chain.chain_id()}, market {suite.market.address}")
        console.print(f"program {program.id} initialised in LiteSVM, with Token-2022 {TOKEN_2022_VERSION}")
        # The last digits of Solana's amounts are not in play: one model answers for both chains.
        model = ModelLedger(EVM, timeline.genesis)
        ledgers: Mapping[str, Ledger] = {"model": model, "evm": EvmLedger(chain, suite), "solana": solana}
        with show.Show(console, timeline) as watcher:

            def ready(at: int) -> None:
                hand_over(chain, suite)
                watcher.told(at, f"administration handed to the timelock, {TIMELOCK_DELAY // 3600} h")

            result = Replay(timeline, ledgers, watcher, ready).run()
    show.summary(console, result)
    picture.draw(result, folder / "demo.png")
    seconds = time.monotonic() - started
    # The report is the last thing written: where it stands, the run was whole.
    report.write(result, seconds, folder / "demo.json")
    console.print(f"build/demo.json and build/demo.png written, {seconds:.0f} s")


def replay_stock(stock: str, events: Path | None, console: Console, folder: Path, project: Path) -> None:
    """Replay a stock, its events from the project's data or from a file; see `replay`."""
    history = prices.load_history(stock)
    replay(build(stock, history, read_events(events) if events else load_events(stock)), console, folder, project)
