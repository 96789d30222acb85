"""`ape run records`: what was sent and what came of it, made again from the chain where it was lost."""

from __future__ import annotations

from typing import Any

import click

from scripts._cli.carry import confirm
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import opened, request_of, view_options
from scripts._cli.values import WHOLE


@click.group(cls=Group, short_help="Make lost records again, from the manifest and the chain")
def cli() -> None:
    """The records: what was sent, and what came of it."""


@cli.command()
@click.option(
    "--since",
    type=WHOLE,
    default=0,
    help="The block (Solana: slot) from which the chain is read, not after the deployment's first.",
)
@click.option("--apply", is_flag=True, help="Write them. Without it the command only says what it would do.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@view_options
def rebuild(since: int, apply: bool, yes: bool, **options: Any) -> None:
    """Write lost records anew, each marked as rebuilt. Nothing is sent; records that are there are not touched."""
    from scrip.chains.agreement import agreed

    request = request_of({**options, "yes": yes})
    with reporting("records rebuild", request.as_json) as report, opened(request) as network:
        suites = agreed(network, lambda one: one.standing(), what="the deployment's roles")
        report.more["roles"] = suites
        for at in suites:
            report.say(f"the deployment's roles stand at {at}")
        if not apply:
            report.say(
                f"this is the plan: --apply writes into {network.records.folder} what blocks from {since} on hold"
            )
            return
        confirm(request, request.network)
        written = network.rebuild(since)
        report.more["records"] = len(written)
        named = sum(one.action.operation != "rebuilt" for one in written)
        report.say(
            f"{len(written)} records written, {named} of them steps of the deployment: `ape run audit chain` now"
        )
