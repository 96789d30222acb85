"""Processes that carry out a plan and may be killed: each on its own, or forked from one that has loaded everything."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import kill_points

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def victim(arguments: Sequence[str], kill: str = "", **environment: str) -> int:
    """A process of its own, from the start of Python to its end; its exit code."""
    given = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    if kill:
        given |= {kill_points.VARIABLE: kill, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])}
    return subprocess.run(arguments, env=given, cwd=ROOT, timeout=900, check=False).returncode


class Server:
    """A running `<script> serve`: children, one at a time."""

    def __init__(self, script: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(script), "serve"], env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def victim(self, kill: str = "", **asked: Any) -> int:
        """A child's exit code. `asked` is what the script's own function takes."""
        pipes = self._process.stdin, self._process.stdout
        assert pipes[0] is not None
        assert pipes[1] is not None
        pipes[0].write(json.dumps({"kill": kill, "asked": asked}) + "\n")
        pipes[0].flush()
        return int(pipes[1].readline())

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def serve(perform: Callable[..., int | None]) -> None:
    """Fork a child for each request on standard input, and answer with how it ended; it may say so itself."""
    # A child is short-lived, and shares what was loaded before: no use in looking through it for garbage.
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _child(perform, **json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _child(perform: Callable[..., int | None], kill: str, asked: dict[str, Any]) -> None:
    try:
        if kill:
            kill_points.arm(kill)
        code = perform(**asked)
    except BaseException:  # noqa: BLE001 - told, and nothing of the parent's runs here
        traceback.print_exc()
        os._exit(1)
    os._exit(code or 0)
