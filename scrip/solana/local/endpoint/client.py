"""A running endpoint, asked over HTTP: a cluster's own methods, and those by which its blocks and clock are moved."""

from __future__ import annotations

import itertools
import json
from typing import Any
from urllib.request import Request, urlopen

TIMEOUT = 30.0
"""Seconds that an answer may take."""


class Served:
    """A running endpoint. Its WebSocket is on the port after that of `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        port = int(url.rpartition(":")[2])
        self.ws_url = f"ws://127.0.0.1:{port + 1}"
        self._numbers = itertools.count(1)

    def whole(self, method: str, *params: object) -> dict[str, Any]:
        """The whole answer to a request, as it came over the wire. OSError where nobody answers."""
        body = json.dumps({"jsonrpc": "2.0", "id": next(self._numbers), "method": method, "params": params})
        request = Request(self.url, body.encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=TIMEOUT) as response:
            answer: dict[str, Any] = json.loads(response.read())
        return answer

    def ask(self, method: str, *params: object) -> Any:
        """A request's result."""
        return self.whole(method, *params)["result"]

    def fault(self, name: str, count: int = 1, spared: int = 0) -> int:
        """Let a fault befall the next transactions (bank.Faults) after `spared` others.

        How many it was still to befall before.
        """
        left: int = self.ask("endpoint_fault", name, count, spared)
        return left

    def advance(self, blocks: int) -> int:
        """Make blocks at once; the height after them."""
        height: int = self.ask("endpoint_advance", blocks)
        return height

    def set_time(self, t: int) -> None:
        """Set the clock, UTC seconds."""
        self.ask("endpoint_setTime", t)
