"""`ape run deploy`: the suite of contracts from a manifest, and what of it changes later."""

from __future__ import annotations

from typing import Any

import click

from scripts._desk.carry import carry_out
from scripts._desk.exits import DeskGroup
from scripts._desk.session import desk_options, request_of


@click.group(cls=DeskGroup, short_help="Deploy the suite from a manifest, and keep its settings")
def cli() -> None:
    """Deploy the suite from a manifest, and keep its settings as the manifest says."""


@cli.command()
@desk_options
def suite(**options: Any) -> None:
    """Deploy, wire and hand over all contracts, the Safe and the manifest's stocks; nothing is left with the deployer.

    An interrupted deployment goes on where it stopped when the command is given again.
    """
    from scrip.evm.deployment import plan_deployment

    request = request_of(options)
    carry_out("deploy suite", request, lambda desk: plan_deployment(desk), retype=request.network)
