"""Transfers from a HyperSync server, which keeps chains' events by column, in the place of a node's eth_getLogs.

A server is asked for transfers alone. Blocks and their hashes, the supply and the registry are the node's, and what a
server says is held to them: the last block of each of its answers has to be the node's. Its client is an extra, loaded
only where a server is named: `make setup WITH=hypersync`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from scrip.errors import InputError, NodeError
from scrip.holders.pages import Asked

TOKEN_VARIABLE = "ENVIO_API_TOKEN"
"""Holds what the server knows its user by."""
RETRIES = 2
LOGS = "eth_getLogs"
FIELDS = (
    "ADDRESS",
    "DATA",
    "TOPIC0",
    "TOPIC1",
    "TOPIC2",
    "TOPIC3",
    "BLOCK_NUMBER",
    "BLOCK_HASH",
    "LOG_INDEX",
    "REMOVED",
)
"""Columns of a log that are asked for, as the client names them."""

_T = TypeVar("_T")


class Hypersync:
    """A node whose events a HyperSync server tells; every other request goes to the node itself."""

    def __init__(self, node: Asked, url: str, chain_id: int) -> None:
        """Connect to a server. InputError where its client is missing, or it serves another chain; NodeError."""
        self._node, self._url, self._runner = node, url, asyncio.Runner()
        self._library = _library()
        config = self._library.ClientConfig(
            url=url, api_token=os.environ.get(TOKEN_VARIABLE, ""), max_num_retries=RETRIES
        )
        try:
            self._client = self._library.HypersyncClient(config)
        except RuntimeError as error:
            raise InputError(_first(error), field="hypersync", value=url) from None
        found = self._awaited(self._client.get_chain_id)
        if found != chain_id:
            raise InputError(f"serves chain {found}, and this is {chain_id}", field="hypersync", value=url)

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Mapping[str, Any]]:
        """The whole answers to several requests, in the order asked; NodeError where the server has none."""
        others = [one for one in requests if one[0] != LOGS]
        answers = iter(self._node.batch(others) if others else ())
        return [
            {"result": [*self._logs(params[0])]} if method == LOGS else next(answers) for method, params in requests
        ]

    def _logs(self, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The events of a query, as JSON-RPC tells them; as many requests as the server takes for it."""
        at, end = int(query["fromBlock"], 16), int(query["toBlock"], 16) + 1
        while at < end:
            answer = self._awaited(partial(self._client.get, self._query(query, at, end)))
            if answer.next_block <= at:
                raise NodeError(f"{self._url} has blocks up to {answer.archive_height}, and none of {at} to {end - 1}")
            found = [log for log in answer.data.logs if at <= log.block_number < end]
            if found:
                self._demand_same_chain(max(found, key=lambda log: log.block_number))
            yield from map(_told, found)
            at = answer.next_block

    def _demand_same_chain(self, log: Any) -> None:
        """NodeError where the block of an event is none of the node's: the server was left behind on another fork."""
        [answer] = self._node.batch([("eth_getBlockByNumber", [hex(log.block_number), False])])
        block = answer.get("result") or {}
        if block.get("hash") != log.block_hash:
            told = f"tells of block {log.block_number} as {log.block_hash}, and the node has {block.get('hash')}"
            raise NodeError(f"{self._url} {told}")

    def _query(self, query: Mapping[str, Any], first: int, end: int) -> Any:
        library = self._library
        wanted = library.LogSelection(address=[query["address"]], topics=[[topic] for topic in query["topics"]])
        fields = library.FieldSelection(log=[getattr(library.LogField, name) for name in FIELDS])
        return library.Query(from_block=first, to_block=end, logs=[wanted], field_selection=fields)

    def _awaited(self, call: Callable[[], Awaitable[_T]]) -> _T:
        async def whole() -> _T:
            return await call()

        try:
            return self._runner.run(whole())
        except RuntimeError as error:
            raise NodeError(f"{self._url}: {_first(error)}") from None


def _library() -> Any:
    try:
        import hypersync
    except ImportError:
        reason = "needs its client, which is not installed here: `make setup WITH=hypersync`"
        raise InputError(reason, field="hypersync") from None
    return hypersync


def _first(error: RuntimeError) -> str:
    """What went wrong, without the stack that the client puts behind it."""
    return " ".join(str(error).partition("Stack backtrace")[0].split())


def _told(log: Any) -> dict[str, Any]:
    """An event as JSON-RPC tells it."""
    return {
        "address": log.address,
        "data": log.data,
        "topics": [topic for topic in log.topics if topic is not None],
        "blockNumber": hex(log.block_number),
        "blockHash": log.block_hash,
        "logIndex": hex(log.log_index),
        "removed": bool(log.removed),
    }
