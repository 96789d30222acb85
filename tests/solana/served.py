"""An endpoint for a test, in a process of its own that ends with the test's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

from scrip.solana.local.endpoint.client import Served

UPGRADER = "upgrade authority"
GENESIS = sha256(b"scrip local endpoint").digest()
ROOT = Path(__file__).resolve().parents[2]


@cache
def _nursery() -> subprocess.Popen[str]:
    """The process that forks endpoints; it ends with this one, whose end closes its input."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests/solana")])
    return subprocess.Popen(
        [sys.executable, "-m", "nursery"], env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def running(block_ms: float = 20.0, start: int = 1_000_000_000, upgrader: str = UPGRADER) -> Iterator[Served]:
    """A fresh cluster behind an endpoint; its process ends with the context. `upgrader` may upgrade the program."""
    pipes = _nursery().stdin, _nursery().stdout
    assert pipes[0] is not None
    assert pipes[1] is not None
    pipes[0].write(json.dumps({"block_ms": block_ms, "start": start, "upgrader": upgrader}) + "\n")
    pipes[0].flush()
    process, _, port = pipes[1].readline().strip().partition(" ")
    if not port.isdecimal():
        raise RuntimeError(f"the endpoint: {port or 'its parent did not start'}")
    try:
        yield Served(f"http://127.0.0.1:{port}")
    finally:
        os.kill(int(process), signal.SIGKILL)
