"""An endpoint in a process of its own, and the switches by which a test makes things go wrong there."""

from __future__ import annotations

import itertools
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
from typing import Any
from urllib.request import Request, urlopen

UPGRADER = "upgrade authority"
GENESIS = sha256(b"scrip local endpoint").digest()
ROOT = Path(__file__).resolve().parents[3]
TIMEOUT = 30.0


class Served:
    """A running endpoint, seen by the test."""

    def __init__(self, url: str) -> None:
        self.url = url
        port = int(url.rpartition(":")[2])
        self.ws_url = f"ws://127.0.0.1:{port + 1}"
        self._numbers = itertools.count(1)

    def whole(self, method: str, *params: object) -> dict[str, Any]:
        """The whole answer to a request, as it came over the wire."""
        body = json.dumps({"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": params})
        request = Request(self.url, body.encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=TIMEOUT) as response:
            return json.loads(response.read())

    def ask(self, method: str, *params: object) -> Any:
        """A request's result."""
        return self.whole(method, *params)["result"]

    def fault(self, name: str, count: int = 1, spared: int = 0) -> int:
        """Let a fault befall the next transactions (endpoint.bank.Faults) after `spared` others.

        How many it was still to befall before.
        """
        return self.ask("endpoint_fault", name, count, spared)

    def advance(self, blocks: int) -> int:
        """Make blocks at once; the height after them."""
        return self.ask("endpoint_advance", blocks)


@cache
def _nursery() -> subprocess.Popen[str]:
    """The process that forks endpoints; it ends with this one, whose end closes its input."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests/solana")])
    return subprocess.Popen(
        [sys.executable, "-m", "endpoint"], env=os.environ | {"PYTHONPATH": paths},
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
