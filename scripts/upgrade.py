"""`ape run upgrade`: another build of the stocks, checked and then pinned through the timelock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scripts._desk.build import release_of, sources_option
from scripts._desk.carry import carry_out
from scripts._desk.exits import DeskGroup
from scripts._desk.report import reporting
from scripts._desk.session import desk_options, opened, request_of, view_options


@click.group(cls=DeskGroup, short_help="Check another build of the stocks, and pin it through the timelock")
def cli() -> None:
    """Another build of the stocks: its layout, bit maps, code and size are checked before anything is sent."""


@cli.command()
@sources_option
@view_options
def check(sources: Path | None, **options: Any) -> None:
    """Whether a build may take over the stocks that stand: exit 3, and each reason, when it may not."""
    from scrip.evm.upgrade import check_upgrade

    request = request_of(options)
    with reporting("upgrade check", request.as_json) as report, opened(request, evm_only=True) as desk:
        release = release_of(sources)
        for finding in check_upgrade(desk, release):
            report.show_drift(finding.field, finding.expected, finding.found, finding.severity)
        report.more["release"] = release.name
        if not report.drift:
            report.say(f"{release.name} may take over every stock of {desk.manifest.deployment}")


@cli.command()
@sources_option
@desk_options
def apply(sources: Path | None, **options: Any) -> None:
    """Deploy a build (any key) and pin it (the timelock); refused for whatever `upgrade check` finds."""
    from scrip.evm.upgrade import plan_upgrade

    request = request_of(options)
    carry_out(
        "upgrade apply",
        request,
        lambda desk: plan_upgrade(desk, release_of(sources)),
        retype=request.network,
        release=lambda: release_of(sources),
        evm_only=True,
    )
