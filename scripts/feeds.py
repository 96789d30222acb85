"""`ape run feeds`: prices of stocks, and the sessions of their exchanges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows
from scripts._cli.carry import carry_out
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import Request, change_options, opened, request_of, view_options
from scripts._cli.values import DAY, DURATION, WHOLE

TICKERS = click.argument("tickers", nargs=-1)


@click.group(cls=Group, short_help="Prices of stocks: show, check, agree, stop; sessions of exchanges")
def cli() -> None:
    """Prices of stocks as the chain keeps them, and the sessions of their exchanges."""


@cli.command()
@TICKERS
@view_options
def show(tickers: tuple[str, ...], **options: Any) -> None:
    """Show prices: to trade at, for lenders, as the sources say now, and until when sessions are loaded."""
    from scrip.chains.agreement import agreed

    request = request_of(options)
    with reporting("feeds show", request.as_json) as report, opened(request, evm_only=True) as network:
        found, calendars = agreed(
            network,
            lambda one: (flows.feeds.show(one, tickers), flows.calendar.loaded(one)),
            lambda both: {**{one.stock: one.facts for one in both[0]}, **{one.calendar: one.until for one in both[1]}},
            what="prices",
        )
        report.more["prices"] = {one.stock: one.facts for one in found}
        for one in found:
            for line in one.lines():
                report.say(line)
        report.more["calendars"] = {one.calendar: one.until for one in calendars}
        for loaded in calendars:
            report.say(f"{loaded.calendar} sessions: {loaded.told}")


@cli.command()
@TICKERS
@view_options
def check(tickers: tuple[str, ...], **options: Any) -> None:
    """Exit 0 when everyone may trade at the prices and sessions are loaded for 60 days, 3 when not."""
    from scrip.chains.agreement import agreed

    request = request_of(options)
    with reporting("feeds check", request.as_json) as report, opened(request, evm_only=True) as network:
        for finding in agreed(network, lambda one: list(flows.feeds.check(one, tickers)), what="findings"):
            report.show_finding(finding)
        if not report.drift:
            report.say("every price may be traded at, and sessions are loaded for 60 days")


@cli.command()
@TICKERS
@change_options
def poke(tickers: tuple[str, ...], **options: Any) -> None:
    """Have the feed ask its sources and keep the price that they agree on. Anyone may; --as names who pays for it."""
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name who sends it")
    _carry_out(
        "feeds poke", request, lambda network: flows.feeds.poke(network, tickers, request.sender, request.reference)
    )


@cli.command()
@click.argument("ticker")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@change_options
def report(ticker: str, file: Path, **options: Any) -> None:
    """Hand a signed report of a data stream, 0x and hex in FILE, to a price's source. --as names who pays for it."""
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name who sends it")
    named = (request.sender, request.reference)
    _carry_out(
        "feeds report",
        request,
        lambda network: flows.feeds.report(network, ticker, flows.feeds.payload_in(file), *named),
    )


@cli.command()
@click.argument("year", type=WHOLE)
@click.argument("calendars", nargs=-1)
@change_options
def calendar(year: int, calendars: tuple[str, ...], **options: Any) -> None:
    """Load a YEAR of sessions (the timelock), of all exchanges that prices go by or of CALENDARS (XNYS)."""
    request = request_of(options)
    named = (request.reference, request.sender)
    _carry_out("feeds calendar", request, lambda network: flows.calendar.load(network, year, calendars, *named))


@cli.command()
@click.argument("calendar")
@click.argument("day", type=DAY)
@click.option("--days", type=WHOLE, default=1, show_default=True, help="How many days, that one included.")
@change_options
def close(calendar: str, day: Any, days: int, **options: Any) -> None:
    """Close an exchange on a DAY that was to be a trading day (PAUSER), at once."""
    request = request_of(options)
    named = (request.reference, request.sender)
    _carry_out("feeds close", request, lambda network: flows.calendar.close(network, calendar, day, days, *named))


@cli.command()
@click.argument("ticker")
@click.option("--max-age", type=DURATION, help="Oldest answer while the exchange trades.")
@click.option("--band", "band_bps", type=WHOLE, help="Basis points around the price before a split or dividend.")
@click.option("--deviation", "deviation_bps", type=WHOLE, help="Basis points between the two sources.")
@change_options
def tighten(ticker: str, max_age: int | None, band_bps: int | None, deviation_bps: int | None, **options: Any) -> None:
    """Judge a price harder (PAUSER), at once. Loosening is the manifest's, by `deploy settings`."""
    request = request_of(options)
    bounds = (max_age, band_bps, deviation_bps)
    named = (request.reference, request.sender)
    _carry_out("feeds tighten", request, lambda network: flows.feeds.tighten(network, ticker, *bounds, *named))


@cli.command()
@click.argument("ticker")
@change_options
def suspend(ticker: str, **options: Any) -> None:
    """Stop a price (PAUSER): nobody trades at it, and lenders keep the one agreed last."""
    _suspend("feeds suspend", ticker, True, request_of(options))


@cli.command()
@click.argument("ticker")
@change_options
def resume(ticker: str, **options: Any) -> None:
    """End a suspension (UNPAUSER); the next poke agrees on a price."""
    _suspend("feeds resume", ticker, False, request_of(options))


def _suspend(command: str, ticker: str, wished: bool, request: Request) -> None:
    named = (request.reference, request.sender)
    _carry_out(command, request, lambda network: flows.feeds.suspend(network, ticker, wished, *named))


@cli.command()
@click.argument("ticker")
@change_options
def accept(ticker: str, **options: Any) -> None:
    """End a window outside the band (the timelock), five sessions after it opened."""
    request = request_of(options)
    named = (request.reference, request.sender)
    _carry_out("feeds accept", request, lambda network: flows.feeds.accept(network, ticker, *named))


def _carry_out(command: str, request: Request, plan_of: Any) -> None:
    carry_out(command, request, plan_of, evm_only=True)
