"""`ape run stock`: the stocks of the manifest."""

from __future__ import annotations

from typing import Any

import click

from scripts._desk.carry import carry_out
from scripts._desk.exits import DeskGroup
from scripts._desk.report import reporting
from scripts._desk.session import desk_options, opened, request_of, view_options


@click.group(cls=DeskGroup, short_help="Create the manifest's stocks, and show how each stands")
def cli() -> None:
    """Create the manifest's stocks, and show how each stands."""


@cli.command()
@click.argument("ticker")
@desk_options
def create(ticker: str, **options: Any) -> None:
    """Create a stock of the manifest (ISSUER); given again, configure its reserve (the timelock)."""
    from scrip.evm.operations import stocks

    request = request_of(options)
    carry_out("stock create", request, lambda desk: stocks.create(desk, ticker, request.sender), retype=ticker)


@cli.command("change-isin")
@click.argument("ticker")
@click.argument("before")
@desk_options
def change_isin(ticker: str, before: str, **options: Any) -> None:
    """Have a stock carry the manifest's ISIN instead of BEFORE; its address stays (the timelock)."""
    from scrip.evm.operations import amendments

    request = request_of(options)
    carry_out(
        "stock change-isin",
        request,
        lambda desk: amendments.change_isin(desk, ticker, before, request.reference),
        retype=ticker,
    )


@cli.command("bump-epoch")
@click.argument("ticker")
@desk_options
def bump_epoch(ticker: str, **options: Any) -> None:
    """Have a stock ask the registry anew about every account at its next touch (the timelock)."""
    from scrip.evm.operations import amendments

    request = request_of(options)
    carry_out(
        "stock bump-epoch",
        request,
        lambda desk: amendments.bump_epoch(desk, ticker, request.reference),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@view_options
def show(ticker: str, **options: Any) -> None:
    """How a stock stands on the chain, and which of its rules no contract enforces."""
    from scrip.evm.operations import stocks

    request = request_of(options)
    with reporting("stock show", request.as_json) as report, opened(request) as desk:
        sheet = stocks.show(desk, ticker)
        report.more["stock"] = sheet.facts
        for what, value in sheet.facts.items():
            report.say(f"{what:16} {value}")
