"""Another build of the stocks: what it is, whether it may take over, and the plan that lets it."""

from __future__ import annotations

from pathlib import Path

from scrip.evm.compiled.artifacts import CONTRACTS
from scrip.evm.compiled.release import Release
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy import upgrade
from scrip.plan import Plan
from scrip.reports.findings import Finding


def release(network: EvmConnection, sources: Path | None) -> Release:  # noqa: ARG001
    """The build of a folder of contracts, compiled once; the project's own for None."""
    return Release.of(sources.resolve() if sources else CONTRACTS)


def check(network: EvmConnection, build: Release) -> tuple[str, list[Finding]]:
    """What tells the build from others, and all that forbids it to take over."""
    return build.name, upgrade.check_upgrade(network, build)


def plan(network: EvmConnection, build: Release) -> Plan:
    """Deploy it (any key) and pin it (the timelock)."""
    return upgrade.plan_upgrade(network, build)
