"""JSON-RPC to a node on this machine over one kept connection: no proxies, no sessions, a third of the time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from web3.providers.base import JSONBaseProvider

from scrip.errors import ScripError

TIMEOUT = 60.0
"""Seconds that one request may take."""


class RpcError(ScripError):
    """The node does not answer, or refuses a request for a reason that is not a contract's."""


class Loopback(JSONBaseProvider):
    """A web3 provider for `http://127.0.0.1:port`."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        self.endpoint_uri = url
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT)

    def _post(self, payload: object) -> Any:
        try:
            self._connection.request("POST", "/", json.dumps(payload), {"Content-Type": "application/json"})
            return json.loads(self._connection.getresponse().read())
        except (OSError, HTTPException, ValueError) as error:
            # A request may have been carried out: never send it again, say so.
            self._connection.close()
            reason = str(error) or type(error).__name__
            raise RpcError(f"the node at {self.endpoint_uri} does not answer: {reason}") from None

    def _request(self, method: str, params: object) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": next(self.request_counter), "method": method, "params": params or []}

    def make_request(self, method: str, params: object) -> Any:
        """One request; the whole answer."""
        return self._post(self._request(method, params))

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        """Several at once, which the node may answer in any order of time; the answers in the order asked."""
        answers = self._post([self._request(method, params) for method, params in requests])
        return sorted(answers, key=lambda answer: answer["id"]) if isinstance(answers, list) else answers
