"""`ape run emergency`: stop one stock or all, go on again, take a role from a key."""

from __future__ import annotations

from typing import Any

import click

from scrip import flows
from scripts._cli.carry import carry_out
from scripts._cli.groups import Group
from scripts._cli.request import Request, change_options, request_of


@click.group(cls=Group, short_help="Stop one stock or the fleet, go on again, take a role from a key")
def cli() -> None:
    """Stop one stock or the fleet, go on again, take a role from a key."""


@cli.command()
@change_options
def halt(**options: Any) -> None:
    """Stop every stock at once (GUARDIAN): views, the registry's news and forced actions go on."""
    _halt("emergency halt", True, request_of(options))


@cli.command()
@change_options
def unhalt(**options: Any) -> None:
    """End a halt (the timelock)."""
    _halt("emergency unhalt", False, request_of(options))


def _halt(command: str, wished: bool, request: Request) -> None:
    carry_out(
        command,
        request,
        lambda network: flows.fleet.halt(network, wished, request.reference, request.sender),
        retype=request.network,
    )


@cli.command()
@click.argument("ticker")
@change_options
def pause(ticker: str, **options: Any) -> None:
    """Stop transfers, mints and redemptions of one stock (PAUSER)."""
    _pause("emergency pause", ticker, True, request_of(options))


@cli.command()
@click.argument("ticker")
@change_options
def unpause(ticker: str, **options: Any) -> None:
    """End a stock's pause (UNPAUSER)."""
    _pause("emergency unpause", ticker, False, request_of(options))


def _pause(command: str, ticker: str, wished: bool, request: Request) -> None:
    carry_out(
        command,
        request,
        lambda network: flows.fleet.pause(network, ticker, wished, request.reference, request.sender),
        retype=ticker if wished else "",
    )


@cli.command()
@click.argument("role")
@click.argument("account")
@change_options
def revoke(role: str, account: str, **options: Any) -> None:
    """Take a role from an account (the timelock, after its delay)."""
    request = request_of(options)
    carry_out(
        "emergency revoke",
        request,
        lambda network: flows.fleet.revoke(network, role, account, request.reference),
        retype=account,
    )


@cli.command()
@click.argument("role")
@click.argument("account")
@change_options
def renounce(role: str, account: str, **options: Any) -> None:
    """Have an account give up its own role at once: the first thing to do with a key that leaked."""
    request = request_of(options)
    carry_out(
        "emergency renounce",
        request,
        lambda network: flows.fleet.renounce(network, role, account, request.reference),
        retype=account,
    )
