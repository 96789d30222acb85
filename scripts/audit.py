"""`ape run audit`: what a chain proves about a deployment. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.build import sources_option
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import Request, opened, request_of, spanned, view_options
from scripts._cli.values import SHARES

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.reports.findings import Finding, Severity


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


@cli.command()
@click.option("--statement", "statements", multiple=True, required=True, metavar="CSV",
              type=click.Path(path_type=Path, dir_okay=False),
              help="What a custodian or a venue says; may be given several times.")  # fmt: skip
@click.option("--tolerance", type=SHARES, default="1", show_default=True,
              help="Shares of a stock that may be apart: whole shares stand behind fractions.")  # fmt: skip
@click.option("--now", is_flag=True, help="As the chains are now, not as they were when the statements were made.")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write the table into a new file."
)
@click.option("--alone", is_flag=True, help="This network only, though its manifest spans others.")
@view_options
def reserve(
    statements: tuple[Path, ...], tolerance: Any, now: bool, table: Path | None, alone: bool, **options: Any
) -> None:
    """Hold statements of custodians and venues to supply × multiplier on all networks: exit 3 where one is apart.

    Each difference is named with what likely makes it: a mint that is not settled, a redemption that is not burnt or
    delivered, a dividend that is not bought yet, an ex date that one side has passed. docs/reconciliation.md has the
    columns.
    """
    request = request_of(options)
    with reporting("audit reserve", request.as_json) as report:
        from contextlib import ExitStack

        from scrip.chains import opening
        from scrip.errors import InputError
        from scrip.preview import moment
        from scrip.reconcile import Line, read_statement, reconcile, sheet
        from scrip.reconcile.sheet import address_of
        from scrip.records.files import create_new
        from scrip.reports.findings import Finding
        from scrip.reports.table import as_csv, rows_of

        entries = [row for path in statements for _, row in read_statement(path).rows]
        with ExitStack() as stack:
            networks = {
                one.network: stack.enter_context(opening.opened(one, request.records))
                for one in spanned(request, alone)
            }
            at = max(one.as_of for one in entries)
            clock = max(one.now() for one in networks.values())
            if at > clock:
                raise InputError(f"is in the future: it is {moment(clock)}", field="as_of", value=moment(at))
            addresses = {
                (one.network, one.account): address_of(networks, one.network, one.account)
                for one in entries
                if one.kind == "venue"
            }
            wallets = {name: [at for (network, _), at in addresses.items() if network == name] for name in networks}
            sheets, places = sheet(list(networks.values()), None if now else at + 1, wallets)
        lines = reconcile(sheets, entries, tolerance.value, addresses)
        rows = report.more["reconciliation"] = [one.as_json() for one in lines]
        report.more["read_at"] = [one.as_json() for one in places]
        if table:
            create_new(table, as_csv(tuple(Line.COLUMNS), rows), field="csv")
            report.say(f"{table} written, {len(rows)} rows")
        report.show_table(tuple(Line.COLUMNS.values()), rows_of(Line.COLUMNS, rows), "rows")
        for one, row in zip(lines, rows, strict=True):
            if not one.good:
                said = f"{row['said']} {one.unit}, {row['apart']} apart; likely: {one.causes}"
                named = one.stock or one.isin
                worst: Severity = "critical" if one.apart < 0 and one.unit == "shares" else "drift"
                report.show_finding(Finding(f"{named}: {one.what}", f"{row['wanted']} {one.unit}", said, worst))
        for place in places:
            report.say(f"read at {place}")


def _report(command: str, options: dict[str, Any], check: Callable[[Network, Request], list[Finding]]) -> None:
    request = request_of(options)
    with reporting(command, request.as_json) as report, opened(request) as network:
        for finding in check(network, request):
            report.show_finding(finding)
        if not report.drift:
            report.say(f"{network.manifest.deployment} on {request.network}: as the manifest says")
