"""What the chain proves about a deployment, and the records about what was sent. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable

from scrip.evm.audit import audit
from scrip.evm.compiled.release import Release
from scrip.evm.connection import EvmConnection
from scrip.evm.tx.verify import verify
from scrip.reports.findings import Finding


def chain(network: EvmConnection, release: Callable[[], Release]) -> list[Finding]:
    """Every role, owner, pointer and slot, code against build, parameters against manifest, records against chain."""
    return audit(network, release())


def records(network: EvmConnection) -> list[Finding]:
    """The records alone: their chain of hashes, and each against the chain."""
    return verify(network.records, network.node)
