"""A node as of one block: what it says of the newest state is said of that block, so that two nodes can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrip.evm.rpc.wire import Wire

NEWEST = "latest"
"""How JSON-RPC names the newest block."""


class AtBlock:
    """A wire whose newest block is the one of a number. What names another block, or none, is asked as it stands."""

    def __init__(self, wire: Wire, number: int) -> None:
        self._wire, self._block = wire, hex(number)
        self.endpoint_uri = str(getattr(wire, "endpoint_uri", ""))

    def make_request(self, method: str, params: object) -> Any:
        """Make one request; the node's whole answer."""
        return self._wire.make_request(method, self._at(params))

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        """Make several requests at once; the answers in the order asked."""
        return self._wire.make_batch_request([(method, self._at(params)) for method, params in requests])

    def _at(self, params: object) -> Any:
        if params == NEWEST:
            return self._block
        if isinstance(params, Mapping):
            return {name: self._at(one) for name, one in params.items()}
        return [self._at(one) for one in params] if isinstance(params, list | tuple) else params
