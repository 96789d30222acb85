"""JSON-RPC over HTTP: what goes over the wire, to a node anywhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrip.errors import NodeError, ScripError

TIMEOUT = 30.0
"""Seconds that one request may take."""
RETRIES = 4
"""How often a busy node is asked again. Every request that Scrip makes may be repeated, sending signed bytes too."""
BUSY = (429, 502, 503, 504)


class RpcError(NodeError):
    """The node does not answer, or refuses a request for a reason that is not a contract's. `code` is JSON-RPC's."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class Wire(Protocol):
    """Carries requests to one node. Answers are whole: "result" or "error"."""

    def make_request(self, method: str, params: object) -> Any:
        """Make one request; the node's whole answer. RpcError when there is none."""

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        """Make several requests at once; the answers in order, or one error object when the node refuses all."""


def payload(number: int, method: str, params: object) -> dict[str, Any]:
    """The body of one request, as JSON-RPC has it."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params or []}


def sorted_answers(answers: Any) -> Any:
    """A batch's answers in the order of their requests."""
    return sorted(answers, key=lambda answer: answer["id"]) if isinstance(answers, list) else answers


def shown(url: str) -> str:
    """A URL as it may be printed: without user, path and query, where providers put their keys."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


class Remote:
    """Requests to any http or https URL, through the environment's proxies. Its errors never show the URL's key.

    One may take `seconds`, and is made again as often as `retries` says while the node is busy or silent.
    """

    def __init__(self, url: str, seconds: float = TIMEOUT, retries: int | None = None) -> None:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        self._url, self.endpoint_uri, self._seconds = url, shown(url), seconds
        self._numbers = itertools.count(1)
        self._errors = (requests.RequestException, ValueError)
        self._session = requests.Session()
        again = RETRIES if retries is None else retries
        retry = Retry(again, backoff_factor=0.5, status_forcelist=BUSY, allowed_methods=None, raise_on_status=False)
        self._session.mount(url, HTTPAdapter(max_retries=retry))

    def _post(self, body: object) -> Any:
        try:
            response = self._session.post(self._url, json=body, timeout=self._seconds)
            return response.json()
        except self._errors as error:
            # The error's own text holds the URL.
            raise RpcError(f"the node at {self.endpoint_uri} does not answer: {type(error).__name__}") from None

    def make_request(self, method: str, params: object) -> Any:
        """Make one request; the node's whole answer."""
        return self._post(payload(next(self._numbers), method, params))

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        """Make several requests at once; the answers in the order asked."""
        return sorted_answers(self._post([payload(next(self._numbers), *request) for request in requests]))


class Foreign:
    """Another library's provider as a wire: whatever it raises is an RpcError, without the URL that it may name."""

    def __init__(self, provider: Wire) -> None:
        self._provider = provider
        self.endpoint_uri = shown(str(getattr(provider, "endpoint_uri", "")))

    def make_request(self, method: str, params: object) -> Any:
        """Make one request; the node's whole answer."""
        return self._asked(lambda: self._provider.make_request(method, params))

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        """Make several requests at once; the answers in the order asked."""
        return self._asked(lambda: self._provider.make_batch_request(requests))

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except ScripError:
            raise
        except Exception as error:  # noqa: BLE001 - of any HTTP library
            raise RpcError(f"the node at {self.endpoint_uri} does not answer: {type(error).__name__}") from None
