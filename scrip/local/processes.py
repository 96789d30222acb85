"""Processes that outlive the command that starts them, and are found again by a file with their number."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrip.errors import InputError, ScripError

START_TIMEOUT = 90.0
"""Seconds that a loaded machine may take until a node answers."""
STOP_TIMEOUT = 30.0
"""Seconds that a node may take to write what it holds."""
PAUSE = 0.1
LAST_LINES = 3
"""How many lines of a node's log are shown when it does not start."""


@dataclass(frozen=True)
class Daemon:
    """A node of the desk's: its number is in `<name>.pid`, what it says in `<name>.log`.

    `mark` is a word of its command line that no other process has: a number that was given to somebody else meanwhile
    is not taken for it.
    """

    folder: Path
    name: str
    mark: str

    @property
    def log(self) -> Path:
        """What it says goes there."""
        return self.folder / f"{self.name}.log"

    @property
    def _file(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def pid(self) -> int:
        """Its process; 0 when it does not run."""
        try:
            found = int(self._file.read_text())
        except (OSError, ValueError):
            return 0
        return found if self.mark in _command_line(found) else 0

    def start(self, command: Sequence[str], answers: Callable[[], bool]) -> None:
        """Start it and wait until it answers; ScripError, with its last words, when it ends instead."""
        with self.log.open("ab") as log:
            try:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
            except OSError as error:
                raise ScripError(f"{self.name} does not start: {error.strerror}") from None
        self._file.write_text(f"{process.pid}\n")
        deadline = time.monotonic() + START_TIMEOUT
        while not answers():
            ended = process.poll()
            if ended is None and time.monotonic() < deadline:
                time.sleep(PAUSE)
                continue
            last = " / ".join(self.log.read_text(errors="replace").strip().splitlines()[-LAST_LINES:])
            how = f"did not answer within {START_TIMEOUT:.0f} s" if ended is None else f"ended with exit code {ended}"
            self.stop()
            raise ScripError(f"{self.name} {how} ({self.log}): {last or 'it said nothing'}")

    def stop(self) -> bool:
        """End it, once it has written what it holds; whether it ran."""
        found = self.pid()
        if found:
            os.kill(found, signal.SIGTERM)
            deadline = time.monotonic() + STOP_TIMEOUT
            while self.pid() and time.monotonic() < deadline:
                time.sleep(PAUSE)
            if self.pid():
                os.kill(found, signal.SIGKILL)
        self._file.unlink(missing_ok=True)
        return bool(found)


def _command_line(pid: int) -> str:
    """How a process was started; "" for one that is not there, or has ended and is only still listed."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout


def demand_free(port: int, field: str) -> None:
    """InputError where somebody listens on a port of this machine already."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            reason = f"cannot be listened on ({error.strerror}): end what does, or name another port"
            raise InputError(reason, field=field, value=port) from None
