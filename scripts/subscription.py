"""`ape run subscription`: investors' requests to buy, filled by the desk at a price that it strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, carry_out_order
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, MONEY, reasoned
from scripts._cli.vaults import ASSET, PAID_TO, add_keepers, add_prices, carry_fill, demand_sender, filling

if TYPE_CHECKING:
    from scrip.evm.vaults import Kind


@click.group(cls=Group, short_help="Requests to buy: paid in, called back, filled, fetched")
def cli() -> None:
    """Requests to buy, which wait for the desk's price: paid in, called back in full, filled, fetched."""


@cli.command()
@click.argument("ticker")
@click.argument("amount", type=MONEY)
@click.option("--for", "controller", type=ACCOUNT, default="", help="Who calls it back and fetches; else the payer.")
@ASSET
@change_options
def request(ticker: str, amount: Any, controller: str, asset: str, **options: Any) -> None:
    """Pay AMOUNT of the account --as in. It waits in the vault, the payer's, until a fill, or a cancel."""
    given = request_of(options)
    demand_sender(given.sender)
    carry_out(
        "subscription request",
        given,
        lambda network: flows.subscriptions.request(network, ticker, amount, given.sender, controller, asset),
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@click.argument("controller", type=ACCOUNT)
@click.option("--to", "receiver", type=ACCOUNT, default="", help="Another account of the same investor.")
@ASSET
@change_options
def cancel(ticker: str, controller: str, receiver: str, asset: str, **options: Any) -> None:
    """Call back all that waits for CONTROLLER, and have it paid out in full. By itself or its operator (--as)."""
    given = request_of(options)
    sender = given.sender or controller
    carry_out(
        "subscription cancel",
        given,
        lambda network: flows.subscriptions.cancel(network, ticker, controller, sender, receiver, asset),
        evm_only=True,
    )


@cli.command()
@filling
def fill(ticker: str, **options: Any) -> None:
    """Strike PRICE, what one token costs, and fill requests of before at it (QUOTE_SIGNER): units are made.

    --reference names the price: the same again goes on where a run was cut short. The reserve may refuse it whole.
    """
    carry_fill("subscription fill", ticker, options, flows.subscriptions.fill)


@cli.command()
@click.argument("ticker")
@click.argument("controllers", nargs=-1, type=ACCOUNT)
@PAID_TO
@ASSET
@change_options
def claim(ticker: str, controllers: tuple[str, ...], receiver: str, asset: str, **options: Any) -> None:
    """Have units and refunds handed out, each to its controller, by the account --as that acts for them."""
    given = request_of(options)
    demand_sender(given.sender)
    carry_out(
        "subscription claim",
        given,
        lambda network: flows.subscriptions.claim(network, ticker, controllers, given.sender, asset, receiver),
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@click.argument("controllers", nargs=-1, type=ACCOUNT)
@ASSET
@change_options
def decline(ticker: str, controllers: tuple[str, ...], asset: str, **options: Any) -> None:
    """Call back for CONTROLLERS what waits (QUOTE_SIGNER), so that they fetch it; anyone, of all that wait too long."""
    given = request_of(options)
    carry_out(
        "subscription decline",
        given,
        lambda network: flows.subscriptions.send_back(network, ticker, controllers, given.sender, asset),
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@ASSET
@change_options
def close(ticker: str, asset: str, **options: Any) -> None:
    """Take no new requests (PAUSER); fills, refunds and claims go on."""
    given = request_of(options)
    carry_out(
        "subscription close",
        given,
        lambda network: flows.subscriptions.close(network, ticker, True, given.reference, given.sender, asset),
        retype=ticker,
        evm_only=True,
    )


@cli.command("open")
@click.argument("ticker")
@ASSET
@change_options
def reopen(ticker: str, asset: str, **options: Any) -> None:
    """Take requests again (UNPAUSER)."""
    given = request_of(options)
    carry_out(
        "subscription open",
        given,
        lambda network: flows.subscriptions.close(network, ticker, False, given.reference, given.sender, asset),
        evm_only=True,
    )


@cli.command("return")
@click.argument("ticker")
@click.argument("controller", type=ACCOUNT)
@reasoned
@ASSET
@change_options
def hand_over(ticker: str, controller: str, asset: str, **options: Any) -> None:
    """Hand CONTROLLER the units that were made for it, by force (ENFORCER), so that a seizure finds them."""
    carry_out_order(
        "subscription return",
        options,
        lambda network, why: flows.subscriptions.hand_over(network, ticker, controller, why, asset),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@ASSET
@view_options
def queue(ticker: str, asset: str, **options: Any) -> None:
    """Show who waits, the oldest first, what is filled or called back and not fetched, and whether it is open."""
    from scrip.chains.agreement import agreed

    given = request_of(options)
    with reporting("subscription queue", given.as_json) as report, opened(given, evm_only=True) as network:
        stopped, found = agreed(
            network,
            lambda one: (flows.fleet.stopped(one, [ticker]), flows.subscriptions.queue(one, ticker, asset)),
            lambda both: {"stopped": both[0], "queue": both[1].facts},
        )
        report.show_stopped(stopped)
        report.more["queue"] = found.facts
        for line in found.lines():
            report.say(line)


def _kind() -> Kind:
    from scrip.evm.vaults import ENTERING

    return ENTERING


add_keepers(cli, _kind)
add_prices(cli, _kind)
