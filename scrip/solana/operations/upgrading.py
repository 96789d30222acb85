"""Another build of the program: what it is, whether it may take over, and the plan that lets it."""

from __future__ import annotations

from pathlib import Path

from scrip.plan import Plan
from scrip.reports.findings import Finding
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy import upgrade
from scrip.solana.deploy.suite import Build


def release(network: SolanaConnection, sources: Path | None) -> Build:  # noqa: ARG001
    """The build in a folder where the program was built; the project's own for None."""
    return Build(sources.resolve()) if sources else Build()


def check(network: SolanaConnection, build: Build) -> tuple[str, list[Finding]]:
    """What tells the build from others, and all that forbids it to take over."""
    return upgrade.Built.of(build).digest[:8], upgrade.check_upgrade(network, build)


def plan(network: SolanaConnection, build: Build) -> Plan:
    """Put it in the program's place (the upgrade authority)."""
    return upgrade.plan_upgrade(network, build)
