"""`ape run venue`: what holds stocks for others, and whether a stock would go in and out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import opened, request_of, view_options

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.read import ReadAt


@click.group(
    cls=Group, short_help="Pools, lenders and custodial wallets: what they hold, and whether a stock fits them"
)
def cli() -> None:
    """Venues: investors of class `venue`, whose accounts hold units for others."""


@cli.command("list")
@view_options
def list_(**options: Any) -> None:
    """Every account of a venue's and what it has of each stock."""
    request = request_of(options)
    from scrip.chains.agreement import agreed
    from scrip.read import VenueFacts, pinned, venue_accounts, venues

    with reporting("venue list", request.as_json) as report, opened(request) as network:

        def read(one: Network) -> tuple[Network, ReadAt, list[VenueFacts]]:
            at_one_block, where = pinned(one)
            return at_one_block, where, venues(at_one_block)

        # Pinned, a network has no second node any more: both are asked first.
        seen, place, found = agreed(
            network, read, lambda told: {str(number): one.as_json() for number, one in enumerate(told[2])}
        )
        views, held = seen.views(), {one.holding.account for one in found}
        empty = [one for one in venue_accounts(seen) if one not in held]
        report.more["read_at"] = [place.as_json()]
        report.more["venues"] = [one.as_json() for one in found]
        report.more["empty"] = empty
        head = tuple(VenueFacts.COLUMNS)
        rows = [tuple(str(one.as_json()[name]) for name in head) for one in found]
        if rows:
            report.show_table(tuple(VenueFacts.COLUMNS.values()), rows, "rows")
        for account in empty:
            report.say(f"{views.name(account)} holds nothing")
        if not found and not empty:
            report.say("no investor is of class venue")


@cli.command()
@click.argument("accounts", nargs=-1)
@click.option("--stock", default="", help="This stock alone.")
@view_options
def check(accounts: tuple[str, ...], stock: str, **options: Any) -> None:
    """Whether a unit of each stock would go into a venue's account and out again: exit 3, and why, where it would not.

    ACCOUNTS are names of the manifest or addresses, of venues or of what may become one; all venues' without any. On
    Solana it is tried on a copy of the cluster, with the venue's accounts as they are there.
    """
    request = request_of(options)
    from scrip.chains.agreement import agreed
    from scrip.read import VenueAnswer, venue_checks
    from scrip.reports.findings import Finding

    with reporting("venue check", request.as_json) as report, opened(request) as network:
        found = agreed(network, lambda one: venue_checks(one, accounts, stock), what="answer")
        report.more["answers"] = [one.as_json() for one in found]
        names = [one for one in VenueAnswer.COLUMNS if one != "network"]
        rows = [tuple(getattr(one, name) for name in names) for one in found]
        report.show_table(tuple(VenueAnswer.COLUMNS[name] for name in names), rows, "answers")
        for one in found:
            if one.answer == "no":
                where = f"{one.stock}.{one.venue}"
                report.show_finding(Finding(where, f"{one.question}: yes", one.seen or "no"))
