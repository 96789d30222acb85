"""A node's questions and answers on a port of this machine, for a fork to read from: nothing can be sent through it.

A fork is started with a URL in its arguments, where every process of the machine can read it. This is the URL to give
it: the node's own, which may hold a key, stays in here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scrip.errors import ScripError
from scrip.evm.rpc.loopback import Loopback
from scrip.evm.rpc.wire import RpcError, Wire

READS = ("eth_get", "eth_call", "eth_chainId", "eth_blockNumber", "eth_gasPrice", "eth_fee", "eth_maxPriority", "net_")
"""How the methods begin that are passed on."""
REFUSED = -32601
"""JSON-RPC: no such method."""


def answer(wire: Wire, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request; an error object for what is no question, and for a node that does not answer."""
    method = str(asked.get("method"))
    if not method.startswith(READS):
        found: Any = {"error": {"code": REFUSED, "message": f"{method} is not passed on"}}
    else:
        try:
            found = wire.make_request(method, asked.get("params") or [])
        except RpcError as error:
            found = {"error": {"code": error.code or -32000, "message": str(error)}}
    kept = {key: found[key] for key in ("result", "error") if key in found}
    return {"jsonrpc": "2.0", "id": asked.get("id"), **kept}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A fork opens many connections at once, and takes a refused one for an answer.
    request_queue_size = 512


@contextmanager
def readable(wire: Wire) -> Iterator[str]:
    """A URL where a fork may read what `wire` leads to: a relay's, or the node's own if it is on this machine."""
    if isinstance(wire, Loopback):
        yield wire.endpoint_uri
    else:
        with relayed(wire) as url:
            yield url


@contextmanager
def relayed(wire: Wire) -> Iterator[str]:
    """The URL of a relay to what `wire` leads to; it ends with the context."""
    turn = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer is one packet, sent at once: a fork asks thousands of small questions.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            # A wire is one connection: one request at a time.
            with turn:
                found = [answer(wire, one) for one in body] if isinstance(body, list) else answer(wire, body)
            text = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Write nothing: the server's log has no reader."""

    try:
        server = _Server(("127.0.0.1", 0), Handler)
    except OSError as error:
        raise ScripError(f"no port for a fork to read from: {error.strerror}") from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
