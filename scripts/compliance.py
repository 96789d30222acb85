"""`ape run compliance`: investors, their wallets, and forced actions on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows
from scripts._desk.carry import carry_out, carry_out_order
from scripts._desk.exits import DeskGroup
from scripts._desk.session import desk_options, request_of
from scripts._desk.values import ACCOUNT, CLASS, INSTANT, TOKENS, grounds
from scripts._entering import COMMANDS

FILE = click.Path(path_type=Path, dir_okay=False)
LAPSED = click.option("--lapsed", is_flag=True, help="Though a clearance in the file has ended already.")


@click.group(cls=DeskGroup, short_help="Investors, their wallets, and forced actions on them")
def cli() -> None:
    """Investors and their wallets (COMPLIANCE), and forced actions on holders (ENFORCER)."""


@cli.command()
@click.argument("file", type=FILE)
@LAPSED
@desk_options
def onboard(file: Path, lapsed: bool, **options: Any) -> None:
    """Onboard the investors of a CSV file: investor,wallet,country,class,expiry."""
    from scrip.inputs.batch import read_newcomers

    request = request_of(options)
    carry_out(
        "compliance onboard",
        request,
        lambda network: flows.investors.onboard(
            network, read_newcomers(file, network.manifest.chain.kind), request.sender, lapsed
        ),
    )


@cli.command()
@click.argument("file", type=FILE)
@LAPSED
@desk_options
def renew(file: Path, lapsed: bool, **options: Any) -> None:
    """Set new expiries from a CSV file: investor,expiry. An earlier one takes effect everywhere at once."""
    from scrip.inputs.batch import read_renewals

    request = request_of(options)
    carry_out(
        "compliance renew",
        request,
        lambda network: flows.investors.renew(network, read_renewals(file), request.sender, lapsed),
    )


@cli.command()
@click.argument("file", type=FILE)
@desk_options
def link(file: Path, **options: Any) -> None:
    """Add wallets to known investors from a CSV file: investor,wallet. Eight at most for each."""
    from scrip.inputs.batch import read_links

    request = request_of(options)
    carry_out(
        "compliance link",
        request,
        lambda network: flows.investors.link(network, read_links(file, network.manifest.chain.kind), request.sender),
    )


@cli.command()
@click.argument("investor")
@click.argument("wallet", type=ACCOUNT)
@grounds
@desk_options
def unlink(investor: str, wallet: str, **options: Any) -> None:
    """Take a wallet from its investor; every stock drops its clearance at once."""

    carry_out_order(
        "compliance unlink",
        options,
        lambda network, why: flows.investors.unlink(network, investor, wallet, why),
        retype=investor,
    )


@cli.command()
@click.argument("investor")
@grounds
@desk_options
def block(investor: str, **options: Any) -> None:
    """Stop every wallet of an investor, in every stock, at once."""

    carry_out_order(
        "compliance block",
        options,
        lambda network, why: flows.investors.block(network, investor, why),
        retype=investor,
    )


@cli.command()
@click.argument("investor")
@grounds
@desk_options
def unblock(investor: str, **options: Any) -> None:
    """Lift an investor's block."""

    carry_out_order("compliance unblock", options, lambda network, why: flows.investors.unblock(network, investor, why))


@cli.command()
@click.argument("investor")
@desk_options
def push(investor: str, **options: Any) -> None:
    """Send the next page of news that was too long for one transaction. Anyone may."""
    request = request_of(options)
    carry_out("compliance push", request, lambda network: flows.investors.push(network, investor, request.sender))


def _freezing(name: str, frozen: bool, doc: str) -> None:
    @cli.command(name, help=doc)
    @click.argument("ticker")
    @click.argument("account", type=ACCOUNT)
    @grounds
    @desk_options
    def command(ticker: str, account: str, **options: Any) -> None:

        carry_out_order(
            f"compliance {name}",
            options,
            lambda network, why: flows.enforcement.freeze(network, ticker, account, frozen, why),
            retype=ticker if frozen else "",
        )


_freezing("freeze", True, "Freeze a whole account of one stock.")
_freezing("unfreeze", False, "Release an account of one stock.")


@cli.command("freeze-tokens")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@grounds
@desk_options
def freeze_tokens(ticker: str, account: str, amount: Any, **options: Any) -> None:
    """Freeze an amount of a balance, absolute and not added; it may exceed the balance, and 0 releases all."""

    carry_out_order(
        "compliance freeze-tokens",
        options,
        lambda network, why: flows.enforcement.freeze_tokens(network, ticker, account, amount, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("to", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@grounds
@desk_options
def seize(ticker: str, account: str, to: str, amount: Any, **options: Any) -> None:
    """Move units of a holder, whatever its state, to an eligible account."""

    carry_out_order(
        "compliance seize",
        options,
        lambda network, why: flows.enforcement.seize(network, ticker, account, to, amount, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@grounds
@desk_options
def burn(ticker: str, account: str, amount: Any, **options: Any) -> None:
    """Destroy units of a holder that cannot redeem them; nothing is paid out (ENFORCER)."""

    carry_out_order(
        "compliance burn",
        options,
        lambda network, why: flows.enforcement.burn(network, ticker, account, amount, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@click.argument("until", type=INSTANT)
@grounds
@desk_options
def lock(ticker: str, account: str, amount: Any, until: int, **options: Any) -> None:
    """Lock an amount up until a UTC instant, on top of what is locked: neither sent nor redeemed (ENFORCER)."""

    carry_out_order(
        "compliance lock",
        options,
        lambda network, why: flows.enforcement.lock(network, ticker, account, amount, until, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@grounds
@desk_options
def release(ticker: str, account: str, **options: Any) -> None:
    """End all lock-ups of an account (ENFORCER)."""

    carry_out_order(
        "compliance release", options, lambda network, why: flows.enforcement.release(network, ticker, account, why)
    )


@cli.command("open-case")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@grounds
@desk_options
def open_case(ticker: str, account: str, **options: Any) -> None:
    """Open a case on an account, under which ERC-7943's own forms work."""

    carry_out_order(
        "compliance open-case",
        options,
        lambda network, why: flows.enforcement.open_case(network, ticker, account, why),
    )


@cli.command("close-case")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@desk_options
def close_case(ticker: str, account: str, **options: Any) -> None:
    """Close an account's case."""
    request = request_of(options)
    carry_out(
        "compliance close-case",
        request,
        lambda network: flows.enforcement.close_case(network, ticker, account, request.reference, request.sender),
    )


@cli.command()
@click.argument("investor")
@click.argument("country")
@click.argument("kind", metavar="CLASS", type=CLASS)
@desk_options
def profile(investor: str, country: str, kind: Any, **options: Any) -> None:
    """Set an investor's country (ISO 3166 alpha-2) and class; every stock learns it at once (COMPLIANCE)."""
    from scrip.manifest.countries import country_number

    request = request_of(options)
    carry_out(
        "compliance profile",
        request,
        lambda network: flows.investors.set_profile(
            network, investor, country_number(country), kind, request.reference, request.sender
        ),
    )


for entering in COMMANDS:
    cli.add_command(entering)
