"""A report, live on this machine: read anew when it is asked for, to be looked at and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scrip.errors import ScripError
from scrip.inputs.reading.text import visible
from scrip.records.files import text_of
from scrip.site.files import PAGE, REPORT
from scrip.site.page import page

HERE = "127.0.0.1"
KEPT = 10.0
"""Seconds for which one reading is shown: whoever reloads asks no node again."""
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
}


class Live:
    """One reading at a time, kept for KEPT seconds."""

    def __init__(self, read: Callable[[], Mapping[str, Any]]) -> None:
        self._read, self._lock = read, threading.Lock()
        self._until, self._files = 0.0, dict[str, bytes]()

    def file(self, name: str) -> bytes:
        """A file of the report; ScripError where a network does not answer."""
        with self._lock:
            if time.monotonic() >= self._until:
                content = self._read()
                self._files = {PAGE: page(content).encode(), REPORT: text_of(content).encode()}
                self._until = time.monotonic() + KEPT
            return self._files[name]


def server(read: Callable[[], Mapping[str, Any]], port: int) -> ThreadingHTTPServer:
    """A server on this machine's own address, port 0 for any free one. OSError where the port is taken.

    GET and HEAD of `/`, `/index.html` and `/report.json` are answered, where the Host is this machine: a page from
    elsewhere that a browser was led to by another name reads nothing.
    """
    live = Live(read)

    class Handler(BaseHTTPRequestHandler):
        server_version = "scrip"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(True)

        def do_HEAD(self) -> None:
            self._answer(False)

        def _answer(self, whole: bool) -> None:
            host = (self.headers.get("Host") or "").rpartition(":")[0] or (self.headers.get("Host") or "")
            if host not in (HERE, "localhost"):
                self._say(HTTPStatus.MISDIRECTED_REQUEST, b"this page is served to this machine alone\n", whole=whole)
                return
            name = {"/": PAGE, f"/{PAGE}": PAGE, f"/{REPORT}": REPORT}.get(self.path.partition("?")[0])
            if name is None:
                self._say(HTTPStatus.NOT_FOUND, b"there are / and /report.json\n", whole=whole)
                return
            kind = "text/html" if name == PAGE else "application/json"
            try:
                self._say(HTTPStatus.OK, live.file(name), f"{kind}; charset=utf-8", whole)
            except ScripError as error:
                told = f"a network does not answer: {visible(str(error))}\n".encode()
                self._say(HTTPStatus.BAD_GATEWAY, told, whole=whole)

        def _say(
            self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8", whole: bool = True
        ) -> None:
            self.send_response(status)
            for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if whole:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: who looked is nobody's."""

    return ThreadingHTTPServer((HERE, port), Handler)
