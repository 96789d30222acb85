"""An endpoint in a process of its own, and the switches by which a test makes things go wrong there."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

UPGRADER = "upgrade authority"
GENESIS = sha256(b"scrip local endpoint").digest()
LISTENING = "listening on http://127.0.0.1:"
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


@contextmanager
def running(block_ms: float = 20.0, start: int = 1_000_000_000, upgrader: str = UPGRADER) -> Iterator[Served]:
    """A fresh cluster behind an endpoint; its process ends with the context. `upgrader` may upgrade the program."""
    command = [sys.executable, "-m", "endpoint", "--block-ms", str(block_ms), "--start", str(start)]
    command += ["--upgrader", upgrader]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests/solana")])
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": paths}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(LISTENING):
                raise RuntimeError(f"the endpoint did not start: {line or 'it said nothing'}")
            yield Served("http://127.0.0.1:" + line.removeprefix(LISTENING).strip())
        finally:
            process.kill()
