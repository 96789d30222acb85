"""SIGKILL to this process at the n-th time that it comes to a point of the write-ahead protocol.

Nothing of the product knows: the standard library's calls below it are replaced. An entry's file is opened under a
temporary name, written, synced, named, and its folder synced; a transaction is sent between an intent and a record.
Ethereum's travel by http.client, Solana's by httpx.
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
from collections import Counter
from contextvars import ContextVar
from typing import Any

VARIABLE = "SCRIP_TEST_KILL"
"""`<point>:<n>`, for processes that import sitecustomize from this folder."""
STAGES = ("half-written", "unnamed", "named", "durable")
POINTS = (
    *(f"intent-{stage}" for stage in STAGES),
    "sending",  # the request is out, the answer is not in
    "sent",
    *(f"record-{stage}" for stage in STAGES),
)
"""In the order in which a transaction comes to them. The n-th of each is the n-th transaction's."""
DECISION_POINTS = tuple(f"decision-{stage}" for stage in STAGES)
"""Those of what several networks are to do, which is on disk before any of them hears of it."""


class Killer:
    """Counts points, and kills at one of them."""

    def __init__(self, point: str, number: int) -> None:
        if point not in POINTS + DECISION_POINTS:
            raise ValueError(f"{point} is no point")
        self._target = (point, number)
        self._counts: Counter[str] = Counter()
        self._paths: dict[int, str] = {}
        self._named = ""
        self._open, self._sync, self._link, self._replace = os.open, os.fsync, os.link, os.replace

    def _comes_to(self, point: str) -> bool:
        self._counts[point] += 1
        return (point, self._counts[point]) == self._target

    def _pass(self, point: str) -> None:
        if self._comes_to(point):
            os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _kind(path: object) -> str:
        *_, above, folder, _ = str(path).split(os.sep)
        return "decision" if above == "multichain" else "intent" if folder == "intents" else "record"

    # --- the standard library's, replaced ---

    def open(self, path: Any, *args: Any, **kwargs: Any) -> int:
        descriptor = self._open(path, *args, **kwargs)
        self._paths[descriptor] = str(path)
        return descriptor

    def fsync(self, descriptor: int) -> None:
        path = self._paths.get(descriptor, "")
        if path.endswith(".part") and self._comes_to(f"{self._kind(path)}-half-written"):
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        self._sync(descriptor)
        if self._named and os.path.isdir(path):
            kind, self._named = self._named, ""
            self._pass(f"{kind}-durable")

    def link(self, source: Any, target: Any) -> None:
        self._name(self._link, source, target)

    def replace(self, source: Any, target: Any) -> None:
        self._name(self._replace, source, target)

    def _name(self, real: Any, source: Any, target: Any) -> None:
        if not str(source).endswith(".part"):
            real(source, target)
            return
        kind = self._kind(target)
        self._pass(f"{kind}-unnamed")
        real(source, target)
        self._named = kind
        self._pass(f"{kind}-named")

    def arm(self) -> None:
        """From here on, in this process."""
        os.open, os.fsync, os.link, os.replace = self.open, self.fsync, self.link, self.replace
        request, answer = http.client.HTTPConnection.request, http.client.HTTPConnection.getresponse
        sending: set[int] = set()

        def spy_request(connection: Any, method: str, url: str, body: Any = None, *args: Any, **kwargs: Any) -> None:
            request(connection, method, url, body, *args, **kwargs)
            if body and b"eth_sendRawTransaction" in (body.encode() if isinstance(body, str) else bytes(body)):
                sending.add(id(connection))
                self._pass("sending")

        def spy_answer(connection: Any) -> Any:
            response = answer(connection)
            if id(connection) in sending:
                sending.discard(id(connection))
                self._pass("sent")
            return response

        http.client.HTTPConnection.request = spy_request  # type: ignore[method-assign]
        http.client.HTTPConnection.getresponse = spy_answer  # type: ignore[method-assign]

    def arm_httpx(self) -> None:
        """The same where transactions travel by httpx."""
        import httpcore._async.http11 as wire
        import httpx

        body, handle = wire.AsyncHTTP11Connection._send_request_body, httpx.AsyncHTTPTransport.handle_async_request
        sending = ContextVar("sending", default=False)

        async def spy_body(connection: Any, request: Any) -> None:
            await body(connection, request)
            if sending.get():
                self._pass("sending")

        async def spy_handle(transport: Any, request: Any) -> Any:
            if b'"sendTransaction"' not in request.content:
                return await handle(transport, request)
            token = sending.set(True)
            try:
                return await handle(transport, request)
            finally:
                # The answer is in, or it is known that none comes.
                sending.reset(token)
                self._pass("sent")

        wire.AsyncHTTP11Connection._send_request_body = spy_body
        httpx.AsyncHTTPTransport.handle_async_request = spy_handle  # type: ignore[method-assign]


def arm(target: str, ahead: bool = False) -> None:
    """Arm this process with `<point>:<n>`; `ahead` of what it will load, else with what it has loaded."""
    point, _, number = target.rpartition(":")
    killer = Killer(point, int(number))
    killer.arm()
    if ahead or "httpx" in sys.modules:
        killer.arm_httpx()
