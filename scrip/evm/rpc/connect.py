"""A wire to a node by its URL: a kept connection to one on this machine, HTTP through the proxies to any other."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrip.errors import InputError
from scrip.evm.rpc import loopback, wire
from scrip.evm.rpc.loopback import Loopback
from scrip.evm.rpc.wire import Remote, Wire, shown


def connect(url: str, seconds: float = 0.0, retries: int | None = None) -> Wire:
    """A wire to the node at an http or https URL; InputError for another.

    `seconds` and `retries` are how long and how often it is asked, where that is not to be as long as usual.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("is no http or https URL", field="rpc", value=shown(url) if parts.hostname else "")
    # Only a bare address: a path may be a key, which Remote asks with and does not show.
    if url.rstrip("/") == f"http://127.0.0.1:{parts.port}":
        return Loopback(url, seconds or loopback.TIMEOUT)
    return Remote(url, seconds or wire.TIMEOUT, retries)
