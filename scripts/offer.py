"""`ape run offer`: offers that holders answer with units: tender offers, rights issues, mergers with a choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, reason_of
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, INSTANT, TOKENS, reasoned
from scripts._cli.vaults import REVOKE, demand_sender

FILE = click.Path(path_type=Path, dir_okay=False)
MORE = click.option(
    "--more", type=TOKENS, default="0", help="Beyond the rights (RHTS), or for stock instead of cash (MRGR)."
)


@click.group(cls=Group, short_help="Offers: open, tender, sign, relay, withdraw, fund, settle, claim, sweep")
def cli() -> None:
    """Offers that holders answer with units: tender offers, rights issues, mergers with a choice."""


def named(command: Any) -> Any:
    """What names an offer on every chain."""
    return click.argument("ticker")(click.argument("reference")(command))


def _change(command: str, options: dict[str, Any], plan_of: Any, retype: str = "") -> None:
    """Carry out what is named by the action's own reference, which is an argument."""
    given = request_of({**options, "reference": options.get("reference", "")})
    carry_out(f"offer {command}", given, lambda network: plan_of(network, given.sender), retype=retype, evm_only=True)


@cli.command("open")
@named
@click.option("--taker", type=ACCOUNT, default="", help="Who receives what a tender offer takes; else it is burnt.")
@click.option("--treasury", type=ACCOUNT, default="", help="Who is paid what is left; else the manifest's.")
@click.option("--most", type=TOKENS, default="0", help="Rights that were issued (RHTS); units for cash (MRGR).")
@change_options
def open_(ticker: str, reference: str, taker: str, treasury: str, most: Any, **options: Any) -> None:
    """Open the offer of an announced TEND, RHTS, or MRGR with a deadline, on the book's terms of now (ACTIONS)."""

    def plan_of(network: Any, by: str) -> Any:
        return flows.offers.open_(network, ticker, reference, flows.offers.Wish(taker, treasury, most), by)

    _change("open", {**options, "reference": ""}, plan_of, retype=ticker)


@cli.command()
@named
@change_options
def stop(ticker: str, reference: str, **options: Any) -> None:
    """Take no new choices (PAUSER). Whoever chose withdraws and fetches as before."""
    _stop("stop", ticker, reference, True, options)


@cli.command()
@named
@change_options
def resume(ticker: str, reference: str, **options: Any) -> None:
    """Take new choices again (UNPAUSER)."""
    _stop("resume", ticker, reference, False, options)


def _stop(command: str, ticker: str, reference: str, wished: bool, options: dict[str, Any]) -> None:
    options = {**options, "reference": ""}
    _change(command, options, lambda one, by: flows.offers.set_stopped(one, ticker, reference, wished, by))


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@click.argument("units", type=TOKENS)
@MORE
@change_options
def tender(ticker: str, reference: str, account: str, units: Any, more: Any, **options: Any) -> None:
    """Put UNITS of ACCOUNT in: units (TEND), rights that it uses and pays for (RHTS), units for cash (MRGR)."""
    _change("tender", options, lambda one, _: flows.offers.tender(one, ticker, reference, account, units, more), ticker)


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@click.argument("units", type=TOKENS)
@MORE
@click.option("--until", type=INSTANT, help="The last second in which the signature serves; else the deadline.")
@click.option("--out", type=FILE, required=True, help="The file to write.")
@click.option("--here", is_flag=True, help="Sign it with the account's key on this machine.")
@view_options
def sign(
    ticker: str,
    reference: str,
    account: str,
    units: Any,
    more: Any,
    until: int | None,
    out: Path,
    here: bool,
    **options: Any,
) -> None:
    """Write what ACCOUNT signs in its wallet to put UNITS in, for anyone to hand in (`relay`)."""
    given = request_of(options)
    with reporting("offer sign", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed
        from scrip.records import files

        def made_of(one: Any, signs: bool = False) -> Any:
            return flows.offers.sign(one, ticker, reference, account, units, more, until or 0, signs)

        made = agreed(network, made_of, lambda found: found.paper)
        made = made_of(network, signs=True) if here else made
        files.create_new(out, made.text)
        report.more["file"] = str(out)
        report.say(f"{out}: {'signed' if made.paper['signature'] else 'to be signed, `typed` is the message'}")


@cli.command()
@click.argument("file", type=FILE)
@change_options
def relay(file: Path, **options: Any) -> None:
    """Hand in a choice that its account signed, by the file of `sign`; --as sends it."""
    demand_sender(options["sender"])
    _change("relay", {**options, "reference": ""}, lambda one, by: flows.offers.relay(one, file, by))


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@change_options
def withdraw(ticker: str, reference: str, account: str, **options: Any) -> None:
    """Take all out again that ACCOUNT put in, until the deadline. By itself, its operator or its successor (--as)."""
    options = {**options, "reference": ""}
    _change("withdraw", options, lambda one, by: flows.offers.withdraw(one, ticker, reference, account, by))


@cli.command()
@click.argument("operator", type=ACCOUNT)
@REVOKE
@change_options
def operator(operator: str, revoke: bool, **options: Any) -> None:
    """Let OPERATOR, a keeper for example, withdraw and fetch for the account --as in every offer, to it alone."""
    given = request_of(options)
    demand_sender(given.sender)

    def plan_of(network: Any) -> Any:
        return flows.offers.operator(network, given.sender, operator, not revoke)

    carry_out("offer operator", given, plan_of, evm_only=True)


@cli.command()
@named
@change_options
def fund(ticker: str, reference: str, **options: Any) -> None:
    """Bring in all that the choices come to, after the deadline. Of RHTS and MRGR new units are made (ACTIONS)."""
    options = {**options, "reference": ""}
    _change("fund", options, lambda one, by: flows.offers.fund(one, ticker, reference, by), ticker)


@cli.command()
@named
@change_options
def settle(ticker: str, reference: str, **options: Any) -> None:
    """Settle every position in pages, then burn or hand over what is taken. Anyone; goes on where it was cut short."""
    options = {**options, "reference": ""}
    _change("settle", options, lambda one, by: flows.offers.settle(one, ticker, reference, by))


@cli.command()
@named
@click.argument("accounts", nargs=-1, type=ACCOUNT)
@change_options
def claim(ticker: str, reference: str, accounts: tuple[str, ...], **options: Any) -> None:
    """Fetch what is due to ACCOUNTS, each by itself or by --as, its operator: all, for none named."""
    options = {**options, "reference": ""}
    _change("claim", options, lambda one, by: flows.offers.claim(one, ticker, reference, accounts, by))


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@click.argument("to", type=ACCOUNT)
@click.option("--amount", type=TOKENS, default="0", help="Of what was put in, while it is open; else all that is due.")
@reasoned
@change_options
def enforce(ticker: str, reference: str, account: str, to: str, amount: Any, **options: Any) -> None:
    """Seize what ACCOUNT has in an offer for TO (ENFORCER), whatever the state of account, stock and offer."""
    given, why = reason_of({**options, "reference": options.get("reference", "")})
    carry_out(
        "offer enforce",
        given,
        lambda network: flows.offers.enforce(network, ticker, reference, account, to, amount, why),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@named
@reasoned
@change_options
def cancel(ticker: str, reference: str, **options: Any) -> None:
    """End an offer that is not funded (ACTIONS, or the timelock): everybody fetches what it put in."""
    _forced("cancel", ticker, reference, options, flows.offers.cancel)


@cli.command()
@named
@reasoned
@change_options
def sweep(ticker: str, reference: str, **options: Any) -> None:
    """After the expiry: coins that nobody fetched (ACTIONS), and rights that nobody used (PAUSER, ENFORCER)."""
    _forced("sweep", ticker, reference, options, flows.offers.sweep)


def _forced(command: str, ticker: str, reference: str, options: dict[str, Any], plan_of: Any) -> None:
    given, why = reason_of({**options, "reference": ""})
    carry_out(
        f"offer {command}",
        given,
        lambda network: plan_of(network, ticker, reference, why),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@named
@click.option("--cum", default="", metavar="PRICE", help="A share's price with its right: the price without it (RHTS).")
@view_options
def show(ticker: str, reference: str, cum: str, **options: Any) -> None:
    """Show an action's offer: its terms, who chose what, what each is due, what funding asks for."""
    given = request_of(options)
    with reporting("offer show", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed

        price = flows.offers.cum_price(cum) if cum else None
        found = agreed(network, lambda one: flows.offers.show(one, ticker, reference, price), lambda sheet: sheet.facts)
        report.more["offer"] = found.facts
        for line in found.lines():
            report.say(line)
