"""The replay as a person watches it, on a rich console that the caller brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from scrip.replay import theoretical
from scrip.replay.result import LIMIT, Outcome, Refused, Result, ratio
from scrip.replay.timeline import Timeline, dollars
from scrip.units import format_wad

WIDTHS = (10, 5, 17, 12, 8, 8, 8)
HEADINGS = ("ex date", "event", "terms", "multiplier", "coverage", "gas", "CU")
RIGHT = (3, 4, 5, 6)


def _row(cells: Sequence[str]) -> str:
    return "  ".join(
        cell.rjust(width) if place in RIGHT else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )


def _date(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


class Show:
    """A watcher that prints a table row by row above a progress bar. Use it as a context manager."""

    def __init__(self, console: Console, timeline: Timeline) -> None:
        self.console = console
        self.timeline = timeline
        self.headed = False
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=36),
            MofNCompleteColumn(),
            TextColumn("trading days"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.task = self.progress.add_task(timeline.stock.ticker, total=len(timeline.days))

    def __enter__(self) -> Show:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def told(self, at: int, text: str) -> None:
        """Print a line of the story."""
        self.console.print(Text.assemble((f"{_date(at)}  ", "dim"), text))

    def refused(self, at: int, refusal: Refused) -> None:
        """Print a refusal that had to come; the model's own are silent, a chain's show what was decoded from it."""
        if refusal.ledger == "model":
            return
        reason = refusal.reason
        if refusal.detail:
            reason += f" ({refusal.detail})" if " " in reason else f"({refusal.detail})"
        what = f"{refusal.step} to {refusal.to}" if refusal.step == "transfer" else refusal.step
        self.console.print(
            Text.assemble((f"{_date(at)}  ", "dim"), f"{what}: refused on {refusal.ledger}, ", (reason, "bold red"))
        )

    def acted(self, outcome: Outcome) -> None:
        """Print a corporate action as a row of the table."""
        event = outcome.action.event
        if event.is_split:
            terms = f"{event.num} for {event.den}"
        elif outcome.action.in_cash:
            terms = f"${event.gross:.2f} in cash"
        else:
            terms = f"${event.gross:.2f} at {dollars(event.close)}"
        multiplier = format_wad(next(iter(outcome.multiplier.values())).ui_multiplier, 9)
        coverage = min(ratio(c) for c in outcome.coverage.values())
        costs = (f"{cost:,}" if cost is not None else "-" for cost in (outcome.gas, outcome.compute_units))
        cells = (event.ex.isoformat(), outcome.action.code, terms, multiplier, f"{float(coverage):.3%}", *costs)
        if not self.headed:
            self.console.print(Text(_row(HEADINGS), style="bold"))
            self.headed = True
        self.console.print(Text(_row(cells), style="cyan" if event.is_split else ""))

    def day(self, index: int) -> None:
        """Let the progress bar go on by a trading day."""
        self.progress.update(self.task, completed=index + 1)


def summary(console: Console, result: Result) -> None:
    """Print what the whole replay showed."""
    splits = sum(outcome.action.event.is_split for outcome in result.outcomes)
    dividends = len(result.outcomes) - splits
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name in result.finals:
        days, worst = len(result.timeline.days), result.deviation(name)
        table.add_row(f"largest deviation, {name}", f"{worst:.2e} over {days:,} trading days (limit {LIMIT:g})")
    if result.in_cash:
        wealth = max(result.deviation(name) for name in result.finals)
        table.add_row("units plus cash, reinvested", f"{wealth:.2e} by a reader's arithmetic (limit {LIMIT:g})")
    else:
        before_the_open = theoretical.deviation(result.timeline)
        table.add_row("at the theoretical ex price", f"{before_the_open:.2e}, struck before the open")
    if result.lowest_coverage is not None:
        table.add_row("lowest coverage", f"{float(result.lowest_coverage):.3%}")
    table.add_row("events", f"{_count(splits, 'split')}, {_count(dividends, 'dividend')}")
    last = list(result.finals.values())[-1]
    for account, units in last.balances.items():
        table.add_row(account, f"{Decimal(str(units)):,} tokens, {dollars(Decimal(str(last.stablecoin[account])))}")
    console.print()
    console.print(table)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
