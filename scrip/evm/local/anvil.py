"""A local anvil, of its own clock or a fork of another node: its own process, on a loopback port that was free."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from scrip.errors import ScripError

HARDFORK = "cancun"
START_TIMEOUT = 30.0
"""Seconds that a loaded machine may take to start anvil."""
KEEP, EMPTY_BLOCK = 5, 60
"""Seconds between two writings of an anvil that is kept, and from a block to an empty one."""
HEAD = 65_536
"""Bytes of anvil's output in which it says where it listens."""
_LISTENING = re.compile(rb"Listening on (127\.0\.0\.1:\d+)")


def command(binary: str, *kind: str, port: int = 0) -> list[str]:
    """How anvil is started: free gas, so that no account needs funds, and one block per transaction.

    For port 0 it takes whichever is free.
    """
    return [
        binary,
        *("--host", "127.0.0.1", "--port", str(port), *kind),
        *("--block-base-fee-per-gas", "0", "--gas-price", "0", "--accounts", "1", "--prune-history", "64"),
    ]


def running(start: int) -> AbstractContextManager[str]:
    """The URL of an anvil whose first block is of `start` (UTC seconds); it ends with the context."""
    return _started("--timestamp", str(start), "--hardfork", HARDFORK)


def forking(url: str) -> AbstractContextManager[str]:
    """The URL of an anvil in the state of the node at `url`, under the newest rules; it ends with the context.

    `url` can be read in the list of processes: give a relay's, never one with a key in it.
    """
    # What it reads of one chain must not answer for another of the same number.
    return _started("--fork-url", url, "--no-storage-caching")


def keeping(state: Path, port: int, start: int) -> list[str]:
    """How an anvil is started that goes on from the file `state`, or begins at `start` (UTC seconds), and keeps it.

    `start` must be the same every time: of two first blocks anvil would take now one and now the other for its genesis.
    An empty block every now and then lets views see the hour, for its clock goes with the machine's. What it holds is
    written every few seconds, and whole when it is terminated. ScripError where there is no anvil.
    """
    kept = ("--state", str(state), "--state-interval", str(KEEP), "--mixed-mining", "--block-time", str(EMPTY_BLOCK))
    return command(_binary(), "--timestamp", str(start), "--hardfork", HARDFORK, *kept, "--quiet", port=port)


def _binary() -> str:
    binary = shutil.which("anvil")
    if binary is None:
        raise ScripError("anvil is not on PATH (make setup puts it into .venv/bin)")
    return binary


@contextmanager
def _started(*kind: str) -> Iterator[str]:
    binary = _binary()
    # Its output goes to a file: a pipe that nobody reads would stop it when full.
    with tempfile.TemporaryFile() as log:
        try:
            process = subprocess.Popen(
                command(binary, *kind), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        except OSError as error:
            raise ScripError(f"anvil does not start: {error.strerror}") from None
        try:
            yield f"http://{_listening(process, log)}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listening(process: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    """Host and port that it says it listens on."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        heard = os.pread(log.fileno(), HEAD, 0)
        if found := _LISTENING.search(heard):
            return found[1].decode()
        if ended:
            last = heard.decode(errors="replace").strip().splitlines()
            raise ScripError(f"anvil ended at once: {last[-1] if last else 'it said nothing'}")
        time.sleep(0.02)
    raise ScripError(f"anvil did not listen within {START_TIMEOUT:.0f} s")
