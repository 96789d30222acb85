"""Another build of the stocks: what it is, whether it may take over, and the plan that lets it."""

from __future__ import annotations

from pathlib import Path

from scrip.evm import upgrade
from scrip.evm.artifacts import CONTRACTS
from scrip.evm.desk import Desk
from scrip.evm.release import Release
from scrip.findings import Finding
from scrip.plan import Plan


def release(desk: Desk, sources: Path | None) -> Release:  # noqa: ARG001
    """The build of a folder of contracts, compiled once; the project's own for None."""
    return Release.of(sources.resolve() if sources else CONTRACTS)


def check(desk: Desk, build: Release) -> tuple[str, list[Finding]]:
    """What tells the build from others, and all that forbids it to take over."""
    return build.name, upgrade.check_upgrade(desk, build)


def plan(desk: Desk, build: Release) -> Plan:
    """Deploy it (any key) and pin it (the timelock)."""
    return upgrade.plan_upgrade(desk, build)
