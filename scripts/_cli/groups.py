"""Groups of commands: click's own errors leave with this desk's exit code, and text is read in one form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from scrip.errors import InputError
from scrip.inputs.reading.text import plain
from scripts._cli.exits import USAGE
from scripts._cli.report import usage_error

_Result = TypeVar("_Result")


def _mapped(run: Callable[[], _Result], words: Sequence[str] = ()) -> _Result:
    """Run a part of click; its usage errors leave with our code instead of click's 2. `words` are not parsed yet."""
    try:
        return run()
    except click.UsageError as error:
        usage_error(error, "--json" in words)
        sys.exit(USAGE)


def _read_text(ctx: click.Context) -> None:
    """Put a command's text into the one form that names have; a usage error for text of which something is hidden."""

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
