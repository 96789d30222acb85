"""What the commands about a vault that takes requests share, whichever way it takes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._cli.carry import carry_out
from scripts._cli.request import change_options, request_of
from scripts._cli.values import ACCOUNT, DURATION, MONEY

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.evm.vaults import Kind
    from scrip.plan import Plan

ASSET = click.option(
    "--asset", default="", metavar="SYMBOL", help="Paid in this stablecoin; else the manifest's first."
)
FILE = click.Path(path_type=Path, dir_okay=False)
PAID_TO = click.option(
    "--to", "receiver", type=ACCOUNT, default="", help="Another account of CONTROLLER's investor: one claim at a time."
)
REVOKE = click.option("--revoke", is_flag=True, help="No longer.")
HOUR = 3_600


def filling(command: Any) -> Any:
    """What a fill takes: a stock, a price, whose requests, how long the price fills, and what every change takes."""
    for option in (
        change_options,
        ASSET,
        click.option(
            "--life", type=DURATION, default=HOUR, show_default="1h", help="How long the price fills, a day at most."
        ),
        click.option(
            "--file", "file", type=FILE, help="CSV with the column controller: these alone; else all that wait."
        ),
        click.argument("price", type=MONEY),
        click.argument("ticker"),
    ):
        command = option(command)
    return command


def carry_fill(command: str, ticker: str, options: dict[str, Any], plan_of: Callable[..., Plan]) -> None:
    """Carry a fill out; `plan_of` is the flow's, and `options` what `filling` took."""
    from scrip.inputs.batch import read_controllers

    price, file, life, asset = (options.pop(name) for name in ("price", "file", "life", "asset"))
    given = request_of(options)
    batch = read_controllers(file) if file else None
    terms = (price, given.reference, life, given.sender, batch, asset)
    carry_out(command, given, lambda network: plan_of(network, ticker, *terms), retype=ticker, evm_only=True)


def add_keepers(cli: click.Group, kind_of: Callable[[], Kind]) -> None:
    """Add the commands about who acts and is named for whom in a vault of a kind, which is loaded when one is given."""

    @cli.command()
    @click.argument("ticker")
    @click.argument("operator", type=ACCOUNT)
    @REVOKE
    @ASSET
    @change_options
    def operator(ticker: str, operator: str, revoke: bool, asset: str, **options: Any) -> None:
        """Let OPERATOR, a keeper for example, ask, call back and fetch for the account --as. It pays out to that
        alone.
        """
        kind, given = kind_of(), request_of(options)
        demand_sender(given.sender)
        terms = (given.sender, operator, not revoke, asset, kind)

        def plan(network: Network) -> Plan:
            return flows.requests.operator(network, ticker, *terms)

        carry_out(f"{kind.group} operator", given, plan, evm_only=True)

    @cli.command()
    @click.argument("ticker")
    @click.argument("owner", type=ACCOUNT)
    @click.argument("account", type=ACCOUNT)
    @REVOKE
    @ASSET
    @change_options
    def approve(ticker: str, owner: str, account: str, revoke: bool, asset: str, **options: Any) -> None:
        """Let OWNER name ACCOUNT, of another investor, as controller or receiver (COMPLIANCE)."""
        kind, given = kind_of(), request_of(options)
        terms = (owner, account, not revoke, given.reference, given.sender, asset, kind)

        def plan(network: Network) -> Plan:
            return flows.requests.approve(network, ticker, *terms)

        carry_out(f"{kind.group} approve", given, plan, retype=owner, evm_only=True)


def add_prices(cli: click.Group, kind_of: Callable[[], Kind]) -> None:
    """Add the commands about the prices of a vault of a kind, and about coins that are nobody's in it."""

    @cli.command("void-strike")
    @click.argument("ticker")
    @click.argument("named", required=False, default="", metavar="[FILL]")
    @click.option("--every", is_flag=True, help="Every price that fills now.")
    @ASSET
    @change_options
    def void_strike(ticker: str, named: str, every: bool, asset: str, **options: Any) -> None:
        """Let a price fill no more (PAUSER, or QUOTE_SIGNER): that of a fill's reference, or of a strike's 0x word."""
        kind, given = kind_of(), request_of(options)
        if every == bool(named):
            raise click.UsageError("name the FILL whose price is void, or say --every")
        terms = (named, given.reference, given.sender, asset, kind)
        carry_out(
            f"{kind.group} void-strike",
            given,
            lambda network: flows.requests.void_strike(network, ticker, *terms),
            retype=ticker,
            evm_only=True,
        )

    @cli.command("set-reference")
    @click.argument("ticker")
    @click.argument("price", type=MONEY)
    @ASSET
    @change_options
    def set_reference(ticker: str, price: Any, asset: str, **options: Any) -> None:
        """Hold prices to PRICE from now on (the timelock), where the market has left the band around the last."""
        kind, given = kind_of(), request_of(options)
        terms = (price, given.reference, given.sender, asset, kind)
        carry_out(
            f"{kind.group} set-reference",
            given,
            lambda network: flows.requests.set_reference(network, ticker, *terms),
            retype=ticker,
            evm_only=True,
        )

    @cli.command()
    @click.argument("ticker")
    @ASSET
    @change_options
    def skim(ticker: str, asset: str, **options: Any) -> None:
        """Send the treasury the coins in the vault that are nobody's: sent there by mistake. Anyone may; --as pays."""
        kind, given = kind_of(), request_of(options)
        demand_sender(given.sender)
        terms = (given.sender, given.reference, asset, kind)
        carry_out(
            f"{kind.group} skim",
            given,
            lambda network: flows.requests.skim(network, ticker, *terms),
            evm_only=True,
        )


def demand_sender(sender: str) -> None:
    """A mistake in the command where nobody is named who signs."""
    if not sender:
        raise click.UsageError("--as must name the account")
