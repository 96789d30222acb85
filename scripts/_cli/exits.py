"""Exit codes, and click's own errors among them."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

# Once a script is loaded Ape takes the project's folder off the path: what commands import later is found through this.
import scrip  # noqa: F401

DONE = 0
"""Done, or nothing to do."""
ERROR = 1
DRIFT = 3
"""What stands is not what the manifest or the records say."""
USAGE = 64
"""The command line cannot be used."""
INTERRUPTED = 130

SAID_NOTHING = "interrupted: nothing was sent"
_reported: list[str] = []
"""The command whose report has begun, which says itself what an interrupt cuts short."""


def _end_early(_number: int, _frame: object) -> None:
    """End a command that is interrupted while it loads: nothing was opened yet. Ape's own handler says nothing."""
    if not _reported:
        # Ape takes `run`, then the script and its command; what else is there are options.
        words = [word for word in sys.argv[2:] if not word.startswith("-")]
        command = " ".join(words[:2])
        if "--json" in sys.argv:
            error = {"file": "", "line": 0, "field": "", "value": "", "message": SAID_NOTHING}
            whole = {"ok": False, "command": command, "changes": [], "drift": [], "error": error}
            click.echo(json.dumps(whole, indent=2, sort_keys=True))
        click.echo(f"{command}: FAILED: {SAID_NOTHING}", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        # Whatever is being imported just now may catch an exception.
        os._exit(INTERRUPTED)
    sys.exit(INTERRUPTED)


def reports(command: str) -> None:
    """Note that a command's report has begun."""
    _reported.append(command)


if Path(sys.argv[0]).name == "ape" and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, _end_early)

_Result = TypeVar("_Result")


def _mapped(run: Callable[[], _Result], words: Sequence[str] = ()) -> _Result:
    """Run a part of click; its usage errors leave with our code instead of click's 2. `words` are not parsed yet."""
    from scripts._cli.report import usage_error

    try:
        return run()
    except click.UsageError as error:
        usage_error(error, "--json" in words)
        sys.exit(USAGE)


def _read_text(ctx: click.Context) -> None:
    """Put a command's text into the one form that names have; a usage error for text of which something is hidden."""
    from scrip.errors import InputError
    from scrip.inputs.reading.text import plain

    def read(value: Any) -> Any:
        # Several values of an option; a value that is a named tuple, as a split basis, holds no text and stays one.
        if type(value) is tuple:
            return tuple(map(read, value))
        if isinstance(value, Path):
            plain(str(value))
        return plain(value) if isinstance(value, str) else value

    for param in ctx.command.params:
        if param.name not in ctx.params:
            continue
        try:
            ctx.params[param.name] = read(ctx.params[param.name])
        except InputError as error:
            raise click.BadParameter(error.message, ctx, param) from None


class Command(click.Command):
    """A command whose usage errors exit 64."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> click.Context:
        """Parse the arguments."""
        words = tuple(args)

        def parsed() -> click.Context:
            ctx = super(Command, self).make_context(info_name, args, *more, **extra)
            _read_text(ctx)
            return ctx

        return _mapped(parsed, words)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        return _mapped(lambda: super(Command, self).invoke(ctx))


class Group(click.Group):
    """A group of commands whose usage errors exit 64."""

    command_class = Command

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> click.Context:
        """Parse the group's own arguments."""
        words = tuple(args)
        return _mapped(lambda: super(Group, self).make_context(info_name, args, *more, **extra), words)

    def invoke(self, ctx: click.Context) -> Any:
        """Find the command and run it."""
        words = (*ctx.protected_args, *ctx.args)
        return _mapped(lambda: super(Group, self).invoke(ctx), words)
