"""`ape run upgrade`: another build of the stocks, or of the program, checked and then put in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scripts._cli.build import sources_option
from scripts._cli.carry import carry_out
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options


@click.group(cls=Group, short_help="Check another build of the stocks or the program, and put it in place")
def cli() -> None:
    """Another build: its layout, code and size are checked before anything is sent."""


@cli.command()
@sources_option
@view_options
def check(sources: Path | None, **options: Any) -> None:
    """Whether a build may take over the stocks that stand: exit 3, and each reason, when it may not."""
    request = request_of(options)
    from scrip.chains.agreement import agreed, findings_told

    with reporting("upgrade check", request.as_json) as report, opened(request) as network:
        build = network.build(sources)
        name, findings = agreed(
            network, lambda one: one.check_build(build), lambda both: {"build": both[0], **findings_told(both[1])}
        )
        for finding in findings:
            report.show_finding(finding)
        report.more["release"] = name
        if not report.drift:
            report.say(f"{name} may take over every stock of {network.manifest.deployment}")


@cli.command()
@sources_option
@change_options
def apply(sources: Path | None, **options: Any) -> None:
    """Put a build in place; refused for whatever `upgrade check` finds.

    It is deployed (any key) and pinned (the timelock). On Solana the upgrade authority takes it from the buffer that
    `solana program write-buffer` made.
    """
    request = request_of(options)
    carry_out(
        "upgrade apply",
        request,
        lambda network: network.upgrade(network.build(sources)),
        retype=request.network,
        build=lambda network: network.build(sources),
    )
