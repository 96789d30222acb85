"""A stock's replay on this machine: on the model, an anvil and a LiteSVM that are started for it, and published."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from scrip.evm.compiled import artifacts
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import TIMELOCK_DELAY, deploy_suite, hand_over
from scrip.evm.dividends import DividendDesign
from scrip.evm.ledger import EvmLedger
from scrip.evm.local import anvil
from scrip.evm.local.ape_chain import ApeChain, connected
from scrip.holders.instant import At
from scrip.instructions.base import ISSUER, TREASURY
from scrip.ledger import EVM, Ledger
from scrip.model.ledger import ModelLedger
from scrip.replay import payout, picture, prices, report, show
from scrip.replay.events import load_events, read_events
from scrip.replay.job import Replay
from scrip.replay.result import ReplayError
from scrip.replay.timeline import Timeline, build
from scrip.solana.build import Build
from scrip.solana.deploy.suite import deploy_suite as deploy_program
from scrip.solana.deploy.suite import start_chain
from scrip.solana.ledger import SolanaLedger
from scrip.solana.local.litesvm import TOKEN_2022_VERSION


def timeline_of(stock: str, events: Path | None = None, in_cash: bool = False) -> Timeline:
    """A stock's timeline, its events from the project's data or from a file; InputError for one without data."""
    history = prices.load_history(stock)
    return build(stock, history, read_events(events) if events else load_events(stock), in_cash)


def replay(timeline: Timeline, console: Console, folder: Path, project: Path, with_solana: bool = True) -> None:
    """Run the job on the model, a fresh anvil and a fresh LiteSVM, and publish what it found.

    `project` is where the program was built; outputs go into `folder`. Without Solana, while the program is not built
    yet, the table and the picture are anvil's alone, and there is no report: a report says that the run was whole.
    With dividends in cash it is anvil's alone and whole: nothing pays them on Solana.
    """
    started = time.monotonic()
    with_solana, whole = with_solana and not timeline.in_cash, with_solana or timeline.in_cash
    others = _solana(timeline, project, console) if with_solana else {}
    if not artifacts.all_kept():
        console.print("compiling the contracts (about 30 s, once)")
    with anvil.running(timeline.genesis) as url, connected(url) as provider:
        chain = ApeChain(provider)
        suite = deploy_suite(chain)
        if timeline.in_cash:
            suite = open_distributor(chain, suite, DividendDesign(TREASURY, payout.TAX), ISSUER)
        console.print(f"suite deployed on anvil at {url}, chain {chain.chain_id()}, market {suite.market.address}")
        # The last digits of Solana's amounts are not in play: one model answers for both chains.
        model = ModelLedger(EVM, timeline.genesis)
        evm = EvmLedger(chain, suite)
        ledgers: Mapping[str, Ledger] = {"model": model, "evm": evm, **others}
        with show.Show(console, timeline) as watcher:

            def ready(at: int) -> None:
                hand_over(chain, suite)
                watcher.told(at, f"administration handed to the timelock, {TIMELOCK_DELAY // 3600} h")

            if timeline.in_cash:
                binder = payout.EvmBinder(evm, timeline.stock.ticker, lambda instant: _block_before(chain, instant))
                payout.pays(model, binder)
                result = payout.CashReplay(timeline, ledgers, binder, watcher, ready).run()
            else:
                result = Replay(timeline, ledgers, watcher, ready).run()
    show.summary(console, result)
    picture.draw(result, folder / "demo.png")
    seconds = time.monotonic() - started
    if not whole:
        console.print(f"{folder}/demo.png written, of anvil alone, {seconds:.0f} s")
        return
    # The report is the last thing written: where it stands, the run was whole.
    report.write(result, seconds, folder / "demo.json")
    console.print(f"{folder}/demo.json and {folder}/demo.png written, {seconds:.0f} s")


def _block_before(chain: ApeChain, instant: int) -> At:
    """The last block before an instant that has just come: an anvil has few since."""
    for number in range(chain.node.block().number, -1, -1):
        found = chain.node.block(number)
        if found.timestamp < instant:
            return At(found.number, found.hash, found.timestamp)
    raise ReplayError(f"no block is before {instant}")


def _solana(timeline: Timeline, project: Path, console: Console) -> dict[str, Ledger]:
    cluster, program = start_chain(timeline.genesis, Build(project))
    ledger = SolanaLedger(cluster, deploy_program(cluster, program))
    console.print(f"program {program.id} initialised in LiteSVM, with Token-2022 {TOKEN_2022_VERSION}")
    return {"solana": ledger}
