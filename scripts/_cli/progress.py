"""A plan while it is carried out: a bar on a terminal, a line for each step, and how fast it went."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrip.executor import Event
    from scrip.plan import Plan, Step
    from scrip.records import Record
    from scripts._cli.report import Report


class Progress:
    """Shows a plan's progress while its context is entered; `watch` is for the executor."""

    def __init__(self, report: Report, plan: Plan) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from scrip.executor import orders_of

        rate = TextColumn("{task.fields[rate]}")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn())
        self._report, self._plan, self._done, self._started = report, plan, 0, time.monotonic()
        self._sent = report.more["transactions"] = []
        shown = report.console.is_terminal
        self._bar = Progress(*columns, console=report.console, transient=True, disable=not shown)
        self._task = self._bar.add_task("", total=orders_of(plan), rate="")

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._bar.stop()
        if kind is not None:
            return
        seconds = time.monotonic() - self._started
        self._report.more["rate"] = {"orders": self._done, "seconds": round(seconds, 1)}
        if self._done > 1:
            told = f"{self._done} orders in {len(self._plan.steps)} transactions, {seconds:.0f} s"
            self._report.say(f"{told}: {_rate(self._done, seconds)}")

    def watch(self, event: Event, step: Step, record: Record | None = None) -> None:
        """Show an event."""
        from scrip.executor import ended, orders_in

        self._bar.update(self._task, description=step.title)
        end = ended(event, step, record)
        if end is None:
            return
        self._done += orders_in(step)
        rate = _rate(self._done, time.monotonic() - self._started)
        self._bar.update(self._task, completed=self._done, rate=rate)
        row: dict[str, Any] = {"step": step.name, "status": end.status, "tx": end.tx, "block": end.block}
        self._sent.append(row | {"gas": end.gas})
        self._report.say(f"{end.status:8} {step.title}  {end.tx}")


def _rate(done: int, seconds: float) -> str:
    return f"{done / max(seconds, 0.1):.1f} a second"
