"""`ape run redemption`: holders' requests to redeem, filled by the desk at a price that it strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, carry_out_order
from scripts._cli.groups import Group
from scripts._cli.region_exit import add_region_exit
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, TOKENS, reasoned
from scripts._cli.vaults import ASSET, PAID_TO, add_keepers, add_prices, carry_fill, demand_sender, filling
from scripts._cli.wind_up import add_wind_up

if TYPE_CHECKING:
    from scrip.evm.vaults import Kind


@click.group(cls=Group, short_help="Requests to redeem: asked, called back, filled, fetched")
def cli() -> None:
    """Requests to redeem, which no hours and no limits refuse: asked, called back, filled at one price, fetched."""


@cli.command()
@click.argument("ticker")
@click.argument("amount", type=TOKENS)
@click.option("--for", "controller", type=ACCOUNT, default="", help="Who calls it back and fetches; else the asker.")
@click.option(
    "--in-kind", "delivery", default="", metavar="DOCUMENT", help="The shares, as this says: a name, or a hash."
)
@ASSET
@change_options
def request(ticker: str, amount: Any, controller: str, delivery: str, asset: str, **options: Any) -> None:
    """Ask for AMOUNT tokens of the account --as to be redeemed. They wait in the vault until a fill, or a cancel."""
    given = request_of(options)
    demand_sender(given.sender)
    carry_out(
        "redemption request",
        given,
        lambda network: flows.redemption.request(network, ticker, amount, given.sender, controller, asset, delivery),
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@click.argument("controller", type=ACCOUNT)
@click.option("--to", "receiver", type=ACCOUNT, default="", help="Another account of the same investor.")
@ASSET
@change_options
def cancel(ticker: str, controller: str, receiver: str, asset: str, **options: Any) -> None:
    """Call back all that waits for CONTROLLER, and hand the tokens out. By itself or its operator (--as)."""
    given = request_of(options)
    sender = given.sender or controller
    carry_out(
        "redemption cancel",
        given,
        lambda network: flows.redemption.cancel(network, ticker, controller, sender, receiver, asset),
        evm_only=True,
    )


@cli.command()
@filling
def fill(ticker: str, **options: Any) -> None:
    """Strike PRICE, what one token is paid, and fill requests of before at it (QUOTE_SIGNER). The treasury pays.

    --reference names the price: the same again goes on where a run was cut short.
    """
    carry_fill("redemption fill", ticker, options, flows.redemption.fill)


@cli.command()
@click.argument("ticker")
@click.argument("controller", type=ACCOUNT)
@click.option("--delivery", required=True, help="The document that the holder gave: its name, or the 0x hash of it.")
@click.option("--receipt", required=True, help="The custodian's receipt: its name, or the 0x hash of it.")
@ASSET
@change_options
def deliver(ticker: str, controller: str, delivery: str, receipt: str, asset: str, **options: Any) -> None:
    """Burn what CONTROLLER asked for in kind: by its receipt the custodian keeps the shares for it (ATTESTOR)."""
    from scrip.plan.draft import Reason

    given = request_of(options)
    why = Reason(0, receipt, given.reference, given.sender)
    carry_out(
        "redemption deliver",
        given,
        lambda network: flows.redemption.deliver(network, ticker, controller, delivery, why, asset),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@click.argument("controllers", nargs=-1, type=ACCOUNT)
@PAID_TO
@ASSET
@change_options
def claim(ticker: str, controllers: tuple[str, ...], receiver: str, asset: str, **options: Any) -> None:
    """Have filled claims paid, each to its controller, by the account --as that acts for them: all, for none named."""
    given = request_of(options)
    demand_sender(given.sender)
    carry_out(
        "redemption claim",
        given,
        lambda network: flows.redemption.claim(network, ticker, controllers, given.sender, asset, receiver),
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@ASSET
@view_options
def queue(ticker: str, asset: str, **options: Any) -> None:
    """Show who waits, the oldest first, what is filled and not fetched, and whether new mints are stopped for it."""
    from scrip.chains.agreement import agreed

    given = request_of(options)
    with reporting("redemption queue", given.as_json) as report, opened(given, evm_only=True) as network:
        stopped, found = agreed(
            network,
            lambda one: (flows.fleet.stopped(one, [ticker]), flows.redemption.queue(one, ticker, asset)),
            lambda both: {"stopped": both[0], "queue": both[1].facts},
        )
        report.show_stopped(stopped)
        report.more["queue"] = found.facts
        for line in found.lines():
            report.say(line)


@cli.command()
@click.argument("ticker")
@click.argument("controller", type=ACCOUNT)
@ASSET
@change_options
def suspend(ticker: str, controller: str, asset: str, **options: Any) -> None:
    """Stop new mints of a stock until CONTROLLER's request, which waits too long, is filled. Anyone may."""
    given = request_of(options)
    carry_out(
        "redemption suspend",
        given,
        lambda network: flows.redemption.suspend(network, ticker, controller, given.sender, asset),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@click.argument("ticker")
@ASSET
@change_options
def resume(ticker: str, asset: str, **options: Any) -> None:
    """Let mints go on once the request that they stopped for waits too long no more. Anyone may; a fill does it too."""
    given = request_of(options)
    carry_out(
        "redemption resume",
        given,
        lambda network: flows.redemption.resume(network, ticker, given.sender, asset),
        evm_only=True,
    )


@cli.command("return")
@click.argument("ticker")
@click.argument("controller", type=ACCOUNT)
@reasoned
@ASSET
@change_options
def give_back(ticker: str, controller: str, asset: str, **options: Any) -> None:
    """Hand what waits for CONTROLLER, or was called back, to it by force (ENFORCER), so that a seizure finds it."""
    carry_out_order(
        "redemption return",
        options,
        lambda network, why: flows.redemption.give_back(network, ticker, controller, why, asset),
        retype=ticker,
    )


def _kind() -> Kind:
    from scrip.evm.vaults import LEAVING

    return LEAVING


add_wind_up(cli)
add_region_exit(cli)
add_keepers(cli, _kind)
add_prices(cli, _kind)
