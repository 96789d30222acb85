"""`ape run audit`: what a chain proves about a deployment. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.build import sources_option
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import Request, opened, request_of, view_options

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.reports.findings import Finding


@click.group(cls=Group, short_help="Prove a deployment from the chain: exit 3 where it differs")
def cli() -> None:
    """Prove a deployment from the chain. Exit 0 when everything is as the manifest says, 3 when something is not."""


@cli.command()
@sources_option
@view_options
def chain(sources: Path | None, **options: Any) -> None:
    """Every role, owner, pointer and slot, code against build, parameters against manifest, records against chain.

    Where the manifest names a second node, both are asked about one final block, and must find the same.
    Where the manifest spans other networks: what each of them has and another has not, and what was decided about them.
    """

    def check(network: Network, request: Request) -> list[Finding]:
        from scrip.chains.agreement import agreed, findings_told
        from scrip.multichain.comparison import compared

        build = network.build(sources)
        found = agreed(network, lambda one: one.audit(build), findings_told, final=True)
        return [*found, *compared(network, request.manifests, request.records)]

    _report("audit chain", options, check)


@cli.command()
@view_options
def records(**options: Any) -> None:
    """The records alone: their chain of hashes, and each against the chain.

    Also what was decided about this network and others: against itself, the chains and the networks' own records.
    """

    def check(network: Network, request: Request) -> list[Finding]:
        from scrip.chains.agreement import agreed, findings_told
        from scrip.multichain.comparison import decided

        found = agreed(network, lambda one: one.audit_records(), findings_told, final=True)
        return [*found, *decided(network, request.manifests, request.records)]

    _report("audit records", options, check)


def _report(command: str, options: dict[str, Any], check: Callable[[Network, Request], list[Finding]]) -> None:
    request = request_of(options)
    with reporting(command, request.as_json) as report, opened(request) as network:
        for finding in check(network, request):
            report.show_finding(finding)
        if not report.drift:
            report.say(f"{network.manifest.deployment} on {request.network}: as the manifest says")
