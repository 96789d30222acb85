"""Exit codes, and what a command that is interrupted while it loads says."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

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
