"""The part of a deployment by which holders vote at meetings: the Ballot, on the book that announces them."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.evm.deploy.design import Part, deployment
from scrip.evm.handlers.voting import CONTRACT_BALLOT
from scrip.labels import BALLOT, BOOK
from scrip.manifest.model import EvmManifest
from scrip.plan import Address


def wanted_parts(manifest: EvmManifest) -> Iterator[Part]:
    """All parts that a manifest asks for; none where nobody votes. It stands on the book of its cash dividends."""
    if manifest.voting is not None:
        counterparts = (Address("roles"), Address("registry"), Address(BOOK))
        yield deployment(BALLOT, CONTRACT_BALLOT, *counterparts)
