"""`ape run emergency`: stop one stock or all, go on again, take a role from a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._cli.carry import carry_out
from scripts._cli.exits import Group
from scripts._cli.request import change_options, request_of

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.plan import Plan


@click.group(cls=Group, short_help="Stop one stock or the fleet, go on again, take a role from a key")
def cli() -> None:
    """Stop one stock or the fleet, go on again, take a role from a key."""


def _fleet(name: str, wished: bool, doc: str) -> None:
    @cli.command(name, help=doc)
    @change_options
    def command(**options: Any) -> None:
        request = request_of(options)
        carry_out(
            f"emergency {name}",
            request,
            lambda network: flows.fleet.halt(network, wished, request.reference, request.sender),
            retype=request.network,
        )


_fleet("halt", True, "Stop every stock at once (GUARDIAN): views, the registry's news and forced actions go on.")
_fleet("unhalt", False, "End a halt (the timelock).")


def _stock(name: str, wished: bool, doc: str) -> None:
    @cli.command(name, help=doc)
    @click.argument("ticker")
    @change_options
    def command(ticker: str, **options: Any) -> None:
        request = request_of(options)
        carry_out(
            f"emergency {name}",
            request,
            lambda network: flows.fleet.pause(network, ticker, wished, request.reference, request.sender),
            retype=ticker if wished else "",
        )


_stock("pause", True, "Stop transfers, mints and redemptions of one stock (PAUSER).")
_stock("unpause", False, "End a stock's pause (UNPAUSER).")


def _role(name: str, own: bool, doc: str) -> None:
    @cli.command(name, help=doc)
    @click.argument("role")
    @click.argument("account")
    @change_options
    def command(role: str, account: str, **options: Any) -> None:
        request = request_of(options)

        def plan(network: Network) -> Plan:
            take = flows.fleet.renounce if own else flows.fleet.revoke
            return take(network, role, account, request.reference)

        carry_out(f"emergency {name}", request, plan, retype=account)


_role("revoke", False, "Take a role from an account (the timelock, after its delay).")
_role("renounce", True, "Have an account give up its own role at once: the first thing to do with a key that leaked.")
