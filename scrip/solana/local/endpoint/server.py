"""The endpoint itself: JSON-RPC over HTTP on a loopback port, WebSocket on the next one, a leader that makes blocks.

Besides a cluster's methods it answers a few of its own (`endpoint_…`), which move its clock and its blocks, and bring
about what goes wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web
from solders.account import Account
from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip.solana.local.endpoint.bank import Bank, slot_of
from scrip.solana.local.endpoint.landed import Landed
from scrip.solana.local.endpoint.methods import Methods, Refused

PARSE, INVALID_REQUEST, UNKNOWN = -32700, -32600, -32601


class ConnectionLost(Exception):
    """The connection ends here, without an answer."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody waits for a transaction."""

    socket: web.WebSocketResponse
    signature: Signature
    final: bool


class Endpoint:
    """Serves a bank."""

    def __init__(self, start: Callable[[], Methods], block_seconds: float) -> None:
        self._start = start
        self.methods = start()
        self.block_seconds = block_seconds
        self._subscriptions: dict[int, Subscription] = {}
        self._last = 0
        self._control: dict[str, Callable[..., Any]] = {
            "endpoint_fault": self._fault,
            "endpoint_advance": self._advance,
            "endpoint_setTime": lambda time: self.bank.set_time(time),
            "endpoint_setAccount": self._set_account,
            "endpoint_mark": lambda: self.bank.mark(),
            "endpoint_back": lambda: self.bank.back(),
            "endpoint_restart": self._restart,
            "endpoint_received": self._received,
            "endpoint_accounts": self._accounts,
        }

    @property
    def bank(self) -> Bank:
        """The cluster that stands."""
        return self.methods.bank

    # --- what is brought about ---

    def _fault(self, name: str, count: int, spared: int = 0) -> int:
        """How many of the fault were still to come."""
        if not hasattr(self.bank.faults, name):
            raise ValueError(f"no fault is called {name}")
        left: int = getattr(self.bank.faults, name)
        setattr(self.bank.faults, name, count)
        self.bank.faults.spared[name] = spared
        return left

    def _advance(self, blocks: int) -> int:
        self.bank.advance(blocks)
        return self.bank.height

    def _set_account(self, address: str, account: dict[str, Any]) -> None:
        data, owner = b64decode(account["data"]), Pubkey.from_string(account["owner"])
        self.bank.set_account(Pubkey.from_string(address), Account(account["lamports"], data, owner))

    def _restart(self) -> None:
        """The cluster as it was at the start."""
        self.methods = self._start()
        self._subscriptions.clear()

    def _received(self) -> list[dict[str, Any]]:
        """Every transaction that arrived, in order, and whether it is in a block."""
        return [
            {
                "transaction": b64encode(bytes(one.transaction)).decode(),
                "final": one.final,
                "last": one.last,
                "landed": one.transaction.signatures[0] in self.bank.landed,
            }
            for one in self.bank.received
        ]

    def _accounts(self) -> dict[str, list[str]]:
        """Owner and data of every account that a transaction has named."""
        found = {address: self.bank.account(address) for address in self.bank.addresses}
        return {
            str(address): [str(one.owner), b64encode(one.data).decode()]
            for address, one in found.items()
            if one is not None
        }

    # --- HTTP ---

    def answer(self, request: Any) -> dict[str, Any] | None:
        """The answer to one request; ConnectionLost when a fault befalls it."""
        if not isinstance(request, dict) or "method" not in request:
            return {"jsonrpc": "2.0", "error": {"code": INVALID_REQUEST, "message": "Invalid request"}, "id": None}
        head, name = {"jsonrpc": "2.0", "id": request.get("id")}, request["method"]
        sends = name == "sendTransaction"
        if sends and self.bank.faults.strikes("refuse"):
            raise ConnectionLost
        try:
            params = request.get("params") or []
            call = self._control.get(name)
            result = call(*params) if call else self.methods.call(name, params)
        except Refused as refused:
            return head | {"error": refused.answer}
        if sends and self.bank.faults.strikes("lose_reply"):
            raise ConnectionLost
        return head | {"result": result}

    async def post(self, request: web.Request) -> web.Response:
        """One request or a batch."""
        try:
            body = json.loads(await request.read())
        except ValueError:
            return web.json_response({"jsonrpc": "2.0", "error": {"code": PARSE, "message": "Parse error"}, "id": None})
        try:
            many = isinstance(body, list)
            answers = [self.answer(one) for one in body] if many else self.answer(body)
        except ConnectionLost:
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPServiceUnavailable from None
        return web.json_response(answers)

    # --- WebSocket ---

    async def subscribe(self, request: web.Request) -> web.WebSocketResponse:
        """One client's connection: signatureSubscribe and signatureUnsubscribe."""
        ws = web.WebSocketResponse(heartbeat=30)
        await ws.prepare(request)
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                await self._told(ws, json.loads(message.data))
        self._subscriptions = {key: one for key, one in self._subscriptions.items() if one.socket is not ws}
        return ws

    async def _told(self, ws: web.WebSocketResponse, request: dict[str, Any]) -> None:
        head = {"jsonrpc": "2.0", "id": request.get("id")}
        params = request.get("params") or []
        match request.get("method"):
            case "signatureSubscribe":
                options = params[1] if len(params) > 1 and params[1] else {}
                final = options.get("commitment", "finalized") == "finalized"
                self._last += 1
                self._subscriptions[self._last] = Subscription(ws, Signature.from_string(params[0]), final)
                await ws.send_json(head | {"result": self._last})
                await self.notify()
            case "signatureUnsubscribe":
                known = self._subscriptions.pop(params[0], None) is not None
                await ws.send_json(head | {"result": known})
            case _:
                await ws.send_json(head | {"error": {"code": UNKNOWN, "message": "Method not found"}})

    async def notify(self) -> None:
        """Tell each subscriber once, when the transaction has come as far as they asked."""
        for key, waiting in list(self._subscriptions.items()):
            landed = self.bank.landed.get(waiting.signature)
            if landed is None or (waiting.final and landed.height > self.bank.final()):
                continue
            del self._subscriptions[key]
            # Who has hung up is not told.
            with contextlib.suppress(ConnectionError):
                await waiting.socket.send_json(_notification(key, landed))

    # --- blocks ---

    async def lead(self) -> None:
        """Make blocks for ever."""
        while True:
            await asyncio.sleep(self.block_seconds)
            self.bank.advance()
            await self.notify()

    async def serve(self, ready: Callable[[int], None], port: int = 0) -> None:
        """Listen until this is cancelled; `ready` is called with the HTTP port, `port` or for 0 whichever is free."""
        http, ws = web.Application(client_max_size=2**22), web.Application()
        http.router.add_post("/", self.post)
        ws.router.add_get("/", self.subscribe)
        with two_ports(port) as (first, second):
            for app, listening in ((http, first), (ws, second)):
                runner = web.AppRunner(app, access_log=None)
                await runner.setup()
                await web.SockSite(runner, listening).start()
            ready(first.getsockname()[1])
            await self.lead()


def _notification(key: int, landed: Landed) -> dict[str, Any]:
    value = {"context": {"slot": slot_of(landed.height)}, "value": {"err": landed.error}}
    return {"jsonrpc": "2.0", "method": "signatureNotification", "params": {"result": value, "subscription": key}}


@contextlib.contextmanager
def two_ports(port: int = 0) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two bound sockets on neighbouring loopback ports: clients look for the WebSocket on the port after HTTP's.

    OSError where `port` or the one after it is taken; for 0 it is whichever is free.
    """
    while True:
        first, second = socket.socket(), socket.socket()
        # What listened here before may have connections that are not quite forgotten.
        for one in (first, second) if port else ():
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", first.getsockname()[1] + 1))
            break
        except (OSError, OverflowError):
            first.close()
            second.close()
            if port:
                raise
    with first, second:
        yield first, second
