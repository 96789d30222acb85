"""What the cluster proves about a deployment, and the records about what was sent. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable

from scrip.findings import Finding, in_order
from scrip.solana.audit import audit
from scrip.solana.desk import SolanaDesk
from scrip.solana.suite import Build
from scrip.solana.verify import verify


def chain(desk: SolanaDesk, release: Callable[[], Build]) -> list[Finding]:
    """Program, roles, mints, settings and reserves against build and manifest, records against the cluster."""
    return in_order([*audit(desk, release()), *records(desk)])


def records(desk: SolanaDesk) -> list[Finding]:
    """The records alone: their chain of hashes, and each against the cluster."""
    return verify(desk.records, desk.chain)
