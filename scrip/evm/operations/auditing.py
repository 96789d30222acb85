"""What the chain proves about a deployment, and the records about what was sent. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable

from scrip.evm.audit import audit
from scrip.evm.desk import Desk
from scrip.evm.release import Release
from scrip.findings import Finding
from scrip.records.verify import verify


def chain(desk: Desk, release: Callable[[], Release]) -> list[Finding]:
    """Every role, owner, pointer and slot, code against build, parameters against manifest, records against chain."""
    return audit(desk, release())


def records(desk: Desk) -> list[Finding]:
    """The records alone: their chain of hashes, and each against the chain."""
    return verify(desk.records, desk.node)
