"""`ape run stock`: the stocks of the manifest."""

from __future__ import annotations

from typing import Any

import click

from scrip import flows
from scrip.parameters import HOLDERS
from scripts._cli.carry import carry_out
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, CLASSES, COUNTRIES, TOKENS, Whole


@click.group(cls=Group, short_help="Create the manifest's stocks, and show how each stands")
def cli() -> None:
    """Create the manifest's stocks, and show how each stands."""


@cli.command()
@click.argument("ticker")
@change_options
def create(ticker: str, **options: Any) -> None:
    """Create a stock of the manifest (ISSUER); given again, set who may hold it (COMPLIANCE), then its reserve (the
    timelock)."""
    request = request_of(options)
    carry_out(
        "stock create", request, lambda network: flows.fleet.create(network, ticker, request.sender), retype=ticker
    )


@cli.command()
@click.argument("ticker")
@click.option("--deny", "countries", type=COUNTRIES, default=(), help="Countries to shut out as well: RU,BY.")
@click.option("--deny-class", "classes", type=CLASSES, default=(), help="Classes to shut out as well: retail.")
@change_options
def rules(ticker: str, countries: Any, classes: Any, **options: Any) -> None:
    """Who may hold a stock: as the manifest says, or fewer than now (COMPLIANCE; to let others in, the timelock)."""
    request = request_of(options)
    carry_out(
        "stock rules",
        request,
        lambda network: flows.holder_limits.set_rules(network, ticker, countries, classes, request.reference),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.option("--holders", type=Whole(HOLDERS.floor, HOLDERS.ceiling), help="How many may hold it, 0 for any number.")
@click.option("--maximum", type=TOKENS, help="Tokens of one holder, 0 for any amount.")
@click.option("--minimum", type=TOKENS, help="Tokens that a transfer or mint must leave its parties, or none at all.")
@change_options
def limits(ticker: str, holders: int | None, maximum: Any, minimum: Any, **options: Any) -> None:
    """Limits on a stock's holders: as the manifest says, or these (COMPLIANCE; what is looser, the timelock)."""
    request = request_of(options)
    carry_out(
        "stock limits",
        request,
        lambda network: flows.holder_limits.set_limits(network, ticker, holders, maximum, minimum, request.reference),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@change_options
def seed(ticker: str, **options: Any) -> None:
    """Count who holds a stock whose limits came later, while it is paused. Anyone may."""
    request = request_of(options)
    carry_out(
        "stock seed",
        request,
        lambda network: flows.holder_limits.seed(network, ticker, request.reference, request.sender),
    )


@cli.command()
@click.argument("ticker")
@click.option("--from", "sender", type=ACCOUNT, required=True, help="Who would send.")
@click.option("--to", type=ACCOUNT, required=True, help="Who would receive.")
@click.option("--amount", type=TOKENS, required=True, help="Tokens.")
@view_options
def why(ticker: str, sender: str, to: str, amount: Any, **options: Any) -> None:
    """Whether a transfer would pass now, and if not why: ERC-1404's code and message."""
    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("stock why", request.as_json) as report, opened(request) as network:
        found = agreed(
            network, lambda one: flows.holder_limits.restriction(one, ticker, sender, to, amount), what="transfer"
        )
        report.more["restriction"] = {"code": found.code, "message": found.message}
        report.say(f"{found.code}: {found.message}")


@cli.command("free-seat")
@click.argument("ticker")
@click.argument("investor")
@change_options
def free_seat(ticker: str, investor: str, **options: Any) -> None:
    """Take the seat of an investor who holds nothing any more (COMPLIANCE), where holders have seats (Solana)."""
    request = request_of(options)
    carry_out(
        "stock free-seat",
        request,
        lambda network: flows.holder_limits.free_seat(network, ticker, investor, request.reference, request.sender),
        retype=ticker,
    )


@cli.command("change-isin")
@click.argument("ticker")
@click.argument("before")
@change_options
def change_isin(ticker: str, before: str, **options: Any) -> None:
    """Have a stock carry the manifest's ISIN instead of BEFORE; its address stays (the timelock)."""
    request = request_of(options)
    carry_out(
        "stock change-isin",
        request,
        lambda network: flows.fleet.change_isin(network, ticker, before, request.reference),
        retype=ticker,
    )


@cli.command("bump-epoch")
@click.argument("ticker")
@change_options
def bump_epoch(ticker: str, **options: Any) -> None:
    """Have a stock ask the registry anew about every account at its next touch (the timelock)."""
    request = request_of(options)
    carry_out(
        "stock bump-epoch",
        request,
        lambda network: flows.fleet.bump_epoch(network, ticker, request.reference),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@view_options
def show(ticker: str, **options: Any) -> None:
    """How a stock stands on the chain, and which of its rules no contract enforces."""
    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("stock show", request.as_json) as report, opened(request) as network:
        sheet, stopped = agreed(
            network,
            lambda one: (flows.fleet.show(one, ticker), flows.fleet.stopped(one, [ticker])),
            lambda both: {ticker: both[0].facts, "stopped": both[1]},
        )
        report.show_stopped(stopped)
        report.more["stock"] = sheet.facts
        for what, value in sheet.facts.items():
            report.say(f"{what:16} {value}")
