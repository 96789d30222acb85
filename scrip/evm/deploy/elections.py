"""The part of a deployment in which holders choose between cash and stock: Elections, on the book that announces it."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.evm.deploy.design import Part, deployment
from scrip.evm.handlers.elections import CONTRACT_ELECTIONS
from scrip.labels import BOOK, ELECTIONS
from scrip.manifest.model import EvmManifest
from scrip.plan import Address


def wanted_parts(manifest: EvmManifest) -> Iterator[Part]:
    """All parts that a manifest asks for; none where nobody chooses. It stands on the book of its cash dividends."""
    if manifest.elections is not None:
        counterparts = (Address("roles"), Address("registry"), Address(BOOK))
        yield deployment(ELECTIONS, CONTRACT_ELECTIONS, *counterparts)
