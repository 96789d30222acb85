"""What the cluster proves about a deployment, and the records about what was sent. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable

from scrip.reports.findings import Finding, in_order
from scrip.solana.audit import audit
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy.suite import Build
from scrip.solana.tx.verify import verify


def chain(network: SolanaConnection, release: Callable[[], Build]) -> list[Finding]:
    """Program, roles, mints, settings and reserves against build and manifest, records against the cluster."""
    return in_order([*audit(network, release()), *records(network)])


def records(network: SolanaConnection) -> list[Finding]:
    """The records alone: their chain of hashes, and each against the cluster."""
    return verify(network.records, network.chain)
