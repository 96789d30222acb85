"""`ape run deploy`: the suite of contracts from a manifest, and what of it changes later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, confirm
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.plan import Plan


@click.group(cls=Group, short_help="Deploy the suite from a manifest, and keep its settings")
def cli() -> None:
    """Deploy the suite from a manifest, and keep its settings as the manifest says."""


@cli.command()
@change_options
def suite(**options: Any) -> None:
    """Deploy, wire and hand over all contracts, the Safe and the manifest's stocks; nothing is left with the deployer.

    An interrupted deployment goes on where it stopped when the command is given again.
    """
    request = request_of(options)

    def plan(network: Network) -> Plan:
        if request.mode in ("apply", "propose"):
            network.manifest.demand_complete()
        return network.deployment()

    carry_out("deploy suite", request, plan, retype=request.network)


@cli.command()
@change_options
def table(**options: Any) -> None:
    """Make or extend Solana's lookup table (the deployer): with it a halt pauses 50 stocks in a transaction.

    Give it again when a stock was created; `audit chain` says so.
    """
    request = request_of(options)
    carry_out("deploy table", request, flows.fleet.tables, retype=request.network, ordered=False)


@cli.command()
@change_options
def settings(**options: Any) -> None:
    """Bring roles, notices, listings, rules and reserves to what the manifest says now (mostly the timelock's).

    Give --reference where the same change was made before. --apply sends what keys of this machine sign, --propose
    writes the rest.
    """
    request = request_of(options)
    carry_out(
        "deploy settings",
        request,
        lambda network: network.settings(request.reference),
        retype=request.network,
        ordered=False,
    )


@cli.command()
@view_options
def show(**options: Any) -> None:
    """The manifest in words, and the address of every contract."""
    from scrip.chains.agreement import agreed
    from scrip.flows.fleet import stopped
    from scrip.manifest.describe import describe
    from scrip.manifest.enforced import not_yet_enforced

    request = request_of(options)
    with reporting("deploy show", request.as_json) as report, opened(request) as network:
        found, still, misfits = agreed(
            network,
            lambda one: ({label: dict(at) for label, at in one.contracts().items()}, stopped(one), one.misfits()),
            lambda all: {"contracts": all[0], "stopped": all[1], "misfits": {one.field: one.found for one in all[2]}},
        )
        report.more["contracts"] = found
        report.show_stopped(still)
        for line in describe(network.manifest, found.get("safe", {}).get("address", "")):
            report.say(line)
        report.more["not_yet_enforced"] = dict(not_yet_enforced(network.manifest))
        for label, one in found.items():
            report.say(f"{one['address']}  {label} ({one['contract']})")
        for finding in misfits:
            report.show_finding(finding)


@cli.command()
@click.argument("step")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--apply", is_flag=True, help="Write the record. Without it the command only shows what is open.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@view_options
def abandon(step: str, reason: str, apply: bool, yes: bool, **options: Any) -> None:
    """Give up a signed transaction, by its step's id. It is first made sure that it can never land."""
    from scrip.executor import Executor

    request = request_of({**options, "yes": yes})
    with reporting("deploy abandon", request.as_json) as report, opened(request) as network:
        _, left = network.records.left(step)
        report.say(f"{left.action.operation}, {left.action.title}: {left.tx}, {left.validity}")
        if not apply:
            report.say("this is the plan: --apply uses its nonce up or waits until it expires, and records that")
            return
        confirm(request, request.network)
        record = Executor(network.transactions()).abandon(step, reason)
        report.more["record"] = record.number
        report.say(f"record {record.number}: {'given up' if record.status == 'abandoned' else 'it was mined'}")
