"""`ape run redemption wind-up`: a stock's end, from what each holder gets to the last claim."""

from __future__ import annotations

from typing import Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, reason_of
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, TOKENS, reasoned
from scripts._cli.vaults import demand_sender

REFERENCE = click.argument("reference", default="")


def add_wind_up(cli: click.Group) -> None:
    """Add the group to the commands of redemptions."""

    @cli.group("wind-up", cls=Group, short_help="A stock's end: plan, run, burn, take, sweep, show")
    def wind_up() -> None:
        """A stock's end by MRGR, DLST or the last LIQU: mints stop, all units are funded, and redeemed by burning."""

    _add_views(wind_up)
    _add_changes(wind_up)


def _add_views(group: click.Group) -> None:
    def show_end(command: str, ticker: str, action: str, options: dict[str, Any]) -> None:
        from scrip.chains.agreement import agreed

        given = request_of(options)
        with (
            reporting(f"redemption wind-up {command}", given.as_json) as report,
            opened(given, evm_only=True) as network,
        ):
            found = agreed(network, lambda one: flows.wind_up.show(one, ticker, action), lambda shown: shown.facts)
            report.more["end"] = found.facts
            for line in found.lines():
                report.say(line)

    @group.command()
    @click.argument("ticker")
    @REFERENCE
    @view_options
    def plan(ticker: str, reference: str, **options: Any) -> None:
        """Show how a stock would end by REFERENCE: holders, what they get, the funding, and what stands against it."""
        show_end("plan", ticker, reference, options)

    @group.command()
    @click.argument("ticker")
    @view_options
    def show(ticker: str, **options: Any) -> None:
        """Show how far a stock's end is: what is funded, paid and parked, and who has units yet."""
        show_end("show", ticker, "", options)


def _add_changes(group: click.Group) -> None:
    @group.command()
    @click.argument("ticker")
    @REFERENCE
    @click.option("--funder", type=ACCOUNT, default="", help="Who pays for all units; else the treasury.")
    @change_options
    def run(ticker: str, reference: str, funder: str, **options: Any) -> None:
        """Do what the clock allows: open the end, fund it at its effect, redeem page by page, return the rest.

        The same again goes on where a run was cut short.
        """
        given = request_of({**options, "reference": ""})
        carry_out(
            "redemption wind-up",
            given,
            lambda network: flows.wind_up.run(network, ticker, reference, given.sender, funder),
            retype=ticker,
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @click.argument("amount", type=TOKENS)
    @change_options
    def burn(ticker: str, amount: Any, **options: Any) -> None:
        """Redeem AMOUNT tokens of the account --as at the end's terms; a contract does it itself."""
        given = request_of(options)
        demand_sender(given.sender)
        carry_out(
            "redemption wind-up burn",
            given,
            lambda network: flows.wind_up.burn(network, ticker, amount, given.sender),
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @click.argument("account", type=ACCOUNT)
    @change_options
    def take(ticker: str, account: str, **options: Any) -> None:
        """Have what is parked for ACCOUNT paid, to it or its successor. Anyone may, but of a contract's."""
        given = request_of({**options, "reference": ""})
        carry_out(
            "redemption wind-up take",
            given,
            lambda network: flows.wind_up.take(network, ticker, account, given.sender),
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @reasoned
    @change_options
    def sweep(ticker: str, **options: Any) -> None:
        """Send the escheat account what nobody fetched until the expiry, never before (ACTIONS)."""
        given, why = reason_of(options)
        carry_out(
            "redemption wind-up sweep",
            given,
            lambda network: flows.wind_up.sweep(network, ticker, why),
            retype=ticker,
            evm_only=True,
        )
