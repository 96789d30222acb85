"""Another build of the program: what it is, whether it may take over, and the plan that lets it."""

from __future__ import annotations

from pathlib import Path

from scrip.findings import Finding
from scrip.plan import Plan
from scrip.solana import upgrade
from scrip.solana.desk import SolanaDesk
from scrip.solana.suite import Build


def release(desk: SolanaDesk, sources: Path | None) -> Build:  # noqa: ARG001
    """The build in a folder where the program was built; the project's own for None."""
    return Build(sources.resolve()) if sources else Build()


def check(desk: SolanaDesk, build: Build) -> tuple[str, list[Finding]]:
    """What tells the build from others, and all that forbids it to take over."""
    return upgrade.Built.of(build).digest[:8], upgrade.check_upgrade(desk, build)


def plan(desk: SolanaDesk, build: Build) -> Plan:
    """Put it in the program's place (the upgrade authority)."""
    return upgrade.plan_upgrade(desk, build)
