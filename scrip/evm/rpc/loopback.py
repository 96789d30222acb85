"""JSON-RPC to a node on this machine over one kept connection: no proxies, no sessions, a third of the time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from scrip.evm.rpc.wire import RpcError, payload, sorted_answers

TIMEOUT = 60.0
"""Seconds that one request may take."""


class Loopback:
    """A kept connection to the node at `http://127.0.0.1:port`."""

    def __init__(self, url: str, seconds: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self.endpoint_uri = url
        self._numbers = itertools.count(1)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=seconds)

    def _post(self, body: object) -> Any:
        try:
            self._connection.request("POST", "/", json.dumps(body), {"Content-Type": "application/json"})
            return json.loads(self._connection.getresponse().read())
        except (OSError, HTTPException, ValueError) as error:
            # A request may have been carried out: never send it again, say so.
            self._connection.close()
            reason = str(error) or type(error).__name__
            raise RpcError(f"the node at {self.endpoint_uri} does not answer: {reason}") from None

    def make_request(self, method: str, params: object) -> Any:
        """Make one request; the node's whole answer."""
        return self._post(payload(next(self._numbers), method, params))

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        """Make several requests at once; the answers in the order asked."""
        return sorted_answers(self._post([payload(next(self._numbers), *request) for request in requests]))
