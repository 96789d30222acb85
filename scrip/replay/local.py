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


def timeline_of(stock: str, events: Path | None = None) -> Timeline:
    """A stock's timeline, its events from the project's data or from a file; InputError for one without data."""
    history = prices.load_history(stock)
    return build(stock, history, read_events(events) if events else load_events(stock))


def replay(timeline: Timeline, console: Console, folder: Path, project: Path, with_solana: bool = True) -> None:
    """Run the job on the model, a fresh anvil and a fresh LiteSVM, and publish what it found.

    `project` is where the program was built; outputs go into `folder`. Without Solana, while the program is not built
    yet, the table and the picture are anvil's alone, and there is no report: a report says that the run was whole.
    """
    started = time.monotonic()
    others = _solana(timeline, project, console) if with_solana else {}
    if not artifacts.all_kept():
        console.print("compiling the contracts (about 30 s, once)")
    with anvil.running(timeline.genesis) as url, connected(url) as provider:
        chain = ApeChain(provider)
        suite = deploy_suite(chain)
        console.print(f"suite deployed on anvil at {url}, chain {chain.chain_id()}, market {suite.market.address}")
        # The last digits of Solana's amounts are not in play: one model answers for both chains.
        model = ModelLedger(EVM, timeline.genesis)
        ledgers: Mapping[str, Ledger] = {"model": model, "evm": EvmLedger(chain, suite), **others}
        with show.Show(console, timeline) as watcher:

            def ready(at: int) -> None:
                hand_over(chain, suite)
                watcher.told(at, f"administration handed to the timelock, {TIMELOCK_DELAY // 3600} h")

            result = Replay(timeline, ledgers, watcher, ready).run()
    show.summary(console, result)
    picture.draw(result, folder / "demo.png")
    seconds = time.monotonic() - started
    if not with_solana:
        console.print(f"{folder}/demo.png written, of anvil alone, {seconds:.0f} s")
        return
    # The report is the last thing written: where it stands, the run was whole.
    report.write(result, seconds, folder / "demo.json")
    console.print(f"{folder}/demo.json and {folder}/demo.png written, {seconds:.0f} s")


def _solana(timeline: Timeline, project: Path, console: Console) -> dict[str, Ledger]:
    cluster, program = start_chain(timeline.genesis, Build(project))
    ledger = SolanaLedger(cluster, deploy_program(cluster, program))
    console.print(f"program {program.id} initialised in LiteSVM, with Token-2022 {TOKEN_2022_VERSION}")
    return {"solana": ledger}
