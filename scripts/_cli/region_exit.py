"""`ape run redemption region-exit`: leaving countries, from who is of them to the last claim."""

from __future__ import annotations

from typing import Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, reason_of
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, COUNTRIES, INSTANT, MONEY, reasoned

NAMED = click.argument("reference")
LEFT = click.option("--countries", type=COUNTRIES, required=True, help="Countries that are left: RU,BY.")
NAME = "redemption region-exit"


def add_region_exit(cli: click.Group) -> None:
    """Add the group to the commands of redemptions."""

    @cli.group(
        "region-exit",
        cls=Group,
        short_help="Leaving countries: plan, open, price, run, take, sweep, close, show",
    )
    def region_exit() -> None:
        """Leaving countries: holders redeem until a date; then what is left is burned, and its price waits for them."""

    _add_views(region_exit)
    _add_desk(region_exit)
    _add_claims(region_exit)


def _add_views(group: click.Group) -> None:
    @group.command()
    @click.argument("ticker")
    @LEFT
    @view_options
    def plan(ticker: str, countries: Any, **options: Any) -> None:
        """Show who is of the countries, what they hold, and what stands against leaving them."""
        from scrip.chains.agreement import agreed

        given = request_of(options)
        with reporting(f"{NAME} plan", given.as_json) as report, opened(given, evm_only=True) as network:
            found = agreed(
                network, lambda one: flows.region_exit.plan(one, ticker, countries), lambda shown: shown.facts
            )
            report.more["exit"] = found.facts
            for line in found.lines():
                report.say(line)

    @group.command()
    @click.argument("ticker")
    @click.argument("reference", default="")
    @view_options
    def show(ticker: str, reference: str, **options: Any) -> None:
        """Show how far an exit is: who has units, what is funded and parked; without REFERENCE all exits there were."""
        from scrip.chains.agreement import agreed

        given = request_of(options)
        with reporting(f"{NAME} show", given.as_json) as report, opened(given, evm_only=True) as network:
            if not reference:
                report.more["exits"] = agreed(
                    network, lambda one: flows.region_exit.every(one, ticker), lambda found: {"exits": found}
                )
                for one in report.more["exits"]:
                    report.say(f"{one['id']}  {one['status']}  {', '.join(one['countries'])}  parked {one['parked']}")
                return
            shown = agreed(network, lambda one: flows.region_exit.show(one, ticker, reference), lambda one: one.facts)
            report.more["exit"] = shown.facts
            for line in shown.lines():
                report.say(line)


def _add_desk(group: click.Group) -> None:
    @group.command("open")
    @click.argument("ticker")
    @NAMED
    @LEFT
    @click.option("--until", type=INSTANT, required=True, help="UTC instant from which what is left is burned.")
    @click.option("--expiry", type=INSTANT, default=0, help="UTC instant from which the parked is swept; else never.")
    @click.option("--funder", type=ACCOUNT, default="", help="Who alone pays for it; else the treasury.")
    @change_options
    def open_(
        ticker: str, reference: str, countries: Any, until: int, expiry: int, funder: str, **options: Any
    ) -> None:
        """Shut the countries out of all but redeeming (COMPLIANCE), then announce the exit (the timelock)."""
        given = request_of({**options, "reference": ""})
        carry_out(
            f"{NAME} open",
            given,
            lambda network: flows.region_exit.open_(
                network, ticker, reference, countries, until, expiry, funder, given.sender
            ),
            retype=ticker,
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @NAMED
    @click.argument("amount", metavar="PRICE", type=MONEY)
    @click.option("--source", required=True, help="Where the price is read: a document's name, or the 0x hash of it.")
    @change_options
    def price(ticker: str, reference: str, amount: Any, source: str, **options: Any) -> None:
        """Name what one token that is left is paid, once (the timelock), from the date on."""
        carry_out(
            f"{NAME} price",
            request_of({**options, "reference": ""}),
            lambda network: flows.region_exit.price(network, ticker, reference, amount, source),
            retype=ticker,
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @NAMED
    @change_options
    def run(ticker: str, reference: str, **options: Any) -> None:
        """Do what the clock allows: drop countries that are admitted again, fund what is short, burn and park by pages.

        The same again goes on where a run was cut short, and parks whoever is held no more.
        """
        given = request_of({**options, "reference": ""})
        carry_out(
            f"{NAME} run",
            given,
            lambda network: flows.region_exit.run(network, ticker, reference, given.sender),
            retype=ticker,
            evm_only=True,
        )

    @group.command("take-in")
    @click.argument("ticker")
    @NAMED
    @click.argument("account", type=ACCOUNT)
    @change_options
    def take_in(ticker: str, reference: str, account: str, **options: Any) -> None:
        """Let ACCOUNT keep its units, for good (COMPLIANCE)."""
        given = request_of({**options, "reference": ""})
        carry_out(
            f"{NAME} take-in",
            given,
            lambda network: flows.region_exit.take_in(network, ticker, reference, account, given.sender),
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @NAMED
    @change_options
    def close(ticker: str, reference: str, **options: Any) -> None:
        """End an exit: nothing more is burned, what is not parked returns to the funder, the parked waits (ACTIONS)."""
        given = request_of({**options, "reference": ""})
        carry_out(
            f"{NAME} close",
            given,
            lambda network: flows.region_exit.close(network, ticker, reference, given.sender),
            retype=ticker,
            evm_only=True,
        )


def _add_claims(group: click.Group) -> None:
    @group.command()
    @click.argument("ticker")
    @NAMED
    @click.argument("account", type=ACCOUNT)
    @change_options
    def take(ticker: str, reference: str, account: str, **options: Any) -> None:
        """Have what is parked for ACCOUNT paid, to it or its successor. Anyone may, but of a contract's."""
        given = request_of({**options, "reference": ""})
        carry_out(
            f"{NAME} take",
            given,
            lambda network: flows.region_exit.take(network, ticker, reference, account, given.sender),
            evm_only=True,
        )

    @group.command()
    @click.argument("ticker")
    @NAMED
    @reasoned
    @change_options
    def sweep(ticker: str, reference: str, **options: Any) -> None:
        """Send the escheat account what nobody fetched until the expiry, never before (ACTIONS)."""
        given, why = reason_of(options)
        carry_out(
            f"{NAME} sweep",
            given,
            lambda network: flows.region_exit.sweep(network, ticker, reference, why),
            retype=ticker,
            evm_only=True,
        )
