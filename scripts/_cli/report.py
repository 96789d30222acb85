"""What a command says: for people with rich, or one JSON object on stdout and all else on stderr."""

from __future__ import annotations

import json
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrip.inputs.reading.text import visible
from scripts._cli.exits import DONE, DRIFT, ERROR, INTERRUPTED, SAID_NOTHING, USAGE, reports

if TYPE_CHECKING:
    from rich.console import Console

    from scrip.chains.network import Proposal
    from scrip.errors import InputError
    from scrip.plan import Change, Plan
    from scrip.reports.findings import Finding
    from scrip.reports.rehearsal import Report as Rehearsal


PIPE_WIDTH = 240
"""Characters of a line that goes to no terminal."""


MANY = 20
"""Rows of a table that are shown; --all shows the others."""
FEW = 5
"""Things that stand as wished and are named; more are counted."""


@dataclass
class Report:
    """What one command found and did."""

    command: str
    as_json: bool
    changes: list[dict[str, str]] = field(default_factory=list)
    drift: list[dict[str, str]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    shows_all: bool = False

    @cached_property
    def console(self) -> Console:
        """Where words for people go; in a pipe no line is broken."""
        from rich.console import Console

        stream = sys.stderr if self.as_json else sys.stdout
        width = None if stream.isatty() else PIPE_WIDTH
        return Console(file=stream, soft_wrap=True, highlight=False, width=width)

    def say(self, text: str) -> None:
        """A line for people; what it has of a chain's or a node's text is shown as it may be."""
        self.console.print(visible(text, "\n"), markup=False)

    def show_plan(self, plan: Plan, previewed: tuple[Change, ...]) -> None:
        """The plan's difference, the model's preview and the transactions, for people to approve."""
        self.changes += [asdict(change) for change in (*plan.changes, *previewed)]
        self.more["steps"] = [{"name": step.name, "title": step.title, "sender": step.sender} for step in plan.steps]
        self.more["same"] = list(plan.same)
        self.more["reference"] = plan.reference
        if len(plan.same) > FEW:
            self.say(f"{len(plan.same)} already stand as wished")
        else:
            for text in plan.same:
                self.say(f"already: {text}")
        if plan.changes or previewed:
            rows = [(one["what"], one["before"], one["after"]) for one in self.changes]
            self._show_rows(("", "now", "then"), rows, "changes")
        if plan.steps:
            rows = [(str(number), step.sender, step.title) for number, step in enumerate(plan.steps, start=1)]
            self._show_rows(("", "signs", "transaction"), rows, "transactions")

    def show_table(self, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], what: str, count: int = 0) -> None:
        """A table of what was read; of a long one the first rows and how many follow, unless all are asked for.

        `count` is how many there are, where `rows` are the first of them.
        """
        self._show_rows(head, list(rows), what, count)

    def _show_rows(self, head: tuple[str, ...], rows: list[tuple[str, ...]], what: str, count: int = 0) -> None:
        """A table; of a long one the first rows and how many follow, unless all are asked for."""
        shown = rows if self.shows_all or len(rows) <= MANY else rows[:MANY]
        self.console.print(_table(head, shown))
        if len(shown) < (whole := max(count, len(rows))):
            self.say(f"and {whole - len(shown):,} more {what}, {whole:,} in all: --all shows them")

    def show_finding(self, one: Finding, place: str = "") -> None:
        """One thing that is not as it should be; `place` goes before the field that it is about."""
        what = f"{place}{one.field}"
        self.drift.append({"what": what, "expected": one.expected, "found": one.found, "severity": one.severity})
        said = f"expected {_plain(one.expected)}, found {_plain(one.found)}"
        self.console.print(f"[red]{one.severity}[/red] {_plain(what)}: {said}")

    def show_stopped(self, lines: Sequence[str]) -> None:
        """What is halted or paused."""
        self.more["stopped"] = list(lines)
        for line in lines:
            self.console.print(f"[bold red]STOPPED[/bold red] {_plain(line)}")

    def show_untold(self, found: Sequence[Finding], place: str = "") -> None:
        """What was done and no record tells: records may be lost. A plan goes on, for a chain does nothing twice."""
        for one in found:
            self.more.setdefault("untold", []).append(f"{place}{one.expected}: {one.found}")
            self.say(f"NOT ON RECORD {place}{one.expected}: {one.found}")
        if found:
            self.say("`audit records` looks at all; what was lost is taken back from the backup, or rebuilt")

    def show_waiting(self, plan: Plan) -> None:
        """What is left to do and cannot be done now: the command ends as if it had found a difference."""
        from scrip.reports.findings import Finding

        for what, why in plan.waits:
            self.show_finding(Finding(what, "carried out", why))

    def show_rehearsal(self, found: Rehearsal, place: str = "") -> None:
        """What a rehearsal showed; `place` goes before each line."""
        self.more["rehearsal"] = found.as_json()
        for line in found.lines():
            self.say(f"{place}{line}")
        for finding in found.findings:
            self.show_finding(finding, place)

    def show_proposal(self, written: Proposal) -> None:
        """What was written for others to sign."""
        self.more["proposal"] = written.values
        for line in written.lines:
            self.say(line)

    def interruption(self) -> str:
        """How far the command came that was interrupted, and how to go on."""
        done = sum(one["status"] in ("done", "already") for one in self.more.get("transactions", ()))
        flying = len(self.more.get("under_way", ()))
        if "transactions" not in self.more:
            return SAID_NOTHING
        whole = len(self.more.get("steps", ()))
        program, *words = sys.argv
        again = f"`ape {shlex.join(words)}`" if Path(program).name == "ape" else "the same command"
        told = f"interrupted: {done} of {whole} transactions are done"
        if flying:
            told += f", {flying} signed and perhaps sent"
        return f"{told}: give {again} again to go on, nothing is done twice"

    def close(self, error: dict[str, Any] | None = None) -> None:
        """The one object on stdout, where it is asked for."""
        if self.as_json:
            whole = {"ok": error is None and not self.drift, "command": self.command, "changes": self.changes}
            click.echo(json.dumps(whole | {"drift": self.drift, "error": error} | self.more, indent=2, sort_keys=True))


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(visible(text))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Any:
    from rich.table import Table

    table = Table(*head, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(*map(_plain, row))
    return table


def _error(message: str, *, file: str = "", line: int = 0, field: str = "", value: str = "") -> dict[str, Any]:
    return {"file": file, "line": line, "field": field, "value": value, "message": message}


def _input_error(wrong: InputError) -> dict[str, Any]:
    """The first error's place, and all of them where there are several."""
    from scrip.errors import InputErrors

    first = _error(wrong.message, file=wrong.file, line=wrong.line, field=wrong.field, value=wrong.value)
    if isinstance(wrong, InputErrors):
        return first | {"all": [_input_error(one) for one in wrong.errors]}
    return first


def usage_error(error: click.UsageError, as_json: bool) -> None:
    """Say what is wrong with the command line; as JSON too where it asks for that."""
    if as_json or (error.ctx is not None and error.ctx.params.get("as_json")):
        command = error.ctx.command_path.removeprefix("ape run ") if error.ctx else ""
        Report(command, True).close(_error(error.format_message()))
    error.show(sys.stderr)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt what is going on, so that a report can say how far it came: Ape's own handler ends the
    process where it stands."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def at_prompt() -> Iterator[None]:
    """Let Ctrl-C at a question interrupt the command, as it does elsewhere: click takes it for a no."""
    came: list[int] = []

    def interrupt(number: int, frame: Any) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except click.Abort:
        if came:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def reporting(command: str, as_json: bool, ends: bool = True) -> Iterator[Report]:
    """A command's report: whatever happens inside ends as one line, the JSON object if asked for, and an exit code.

    Without `ends` what goes well goes on instead: for what a command finds out before its own report begins.
    """
    from scrip.errors import Drift, InputError, Refusal, ScripError

    report = Report(command, as_json)
    reports(command)
    said = ""
    try:
        with interruptible():
            yield report
        code, error = (DRIFT if report.drift else DONE), None
    except click.Abort:
        code, error = ERROR, _error("not confirmed: nothing was sent")
    except InputError as wrong:
        # What stands in a file is an error of the file; what came with the command line is its usage.
        code, error, said = ERROR if wrong.file else USAGE, _input_error(wrong), str(wrong)
    except Drift as drift:
        code, error = DRIFT, _error(str(drift))
    except Refusal as refusal:
        from scrip.reports.advice import told

        code, error = ERROR, _error(f"refused: {told(refusal)}")
    except ScripError as failure:
        code, error = ERROR, _error(str(failure))
    except KeyboardInterrupt:
        code, error = INTERRUPTED, _error(report.interruption())
    except click.UsageError:
        raise
    except Exception as bug:  # noqa: BLE001 - whatever it is, one line says so
        code, error = ERROR, _error(f"{type(bug).__name__}: {' '.join(str(bug).split())}")
    if error is None and not ends:
        return
    report.close(error)
    if error is not None:
        click.echo(f"{command}: FAILED: {visible(said or error['message'], chr(10))}", err=True)
    sys.exit(code)
