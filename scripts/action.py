"""`ape run action`: corporate actions, from the announcement to the effect."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scrip.action_codes import ACTION_CODES
from scripts._cli.carry import carry_out, reason_of
from scripts._cli.exits import Group
from scripts._cli.multichain import ALONE, act, demand_alone
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import DAY, INSTANT, WAD, WHOLE, reasoned

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrip.chains.network import Network
    from scrip.plan import Plan
    from scrip.plan.draft import Reason
    from scrip.units import Wad

CODE = click.Choice(tuple(ACTION_CODES))

APART = click.option("--alone", is_flag=True, help="Though other networks have the stock: to mend this one's alone.")


def named(command: Any) -> Any:
    """What names an action on every chain."""
    command = click.argument("reference")(command)
    command = click.argument("code", type=CODE)(command)
    return click.argument("ticker")(command)


def _act(command: str, options: dict[str, Any], order: Any, alone: bool, **said: Any) -> None:
    """Carry an order about an action out, if its code takes its terms, with a command's shared options.

    `said` is what an announcement's operator adds to its terms: `twin`, `expected`.
    """
    # The action's reference is an argument here.
    request = request_of({**options, "reference": ""})
    with reporting(command, request.as_json, ends=False):
        flows.actions.check_terms(order)
    act(command, request, order, alone, **said)


def _repair(
    command: str, ticker: str, options: dict[str, Any], alone: bool, plan_of: Callable[[Network, Reason], Plan]
) -> None:
    """Carry out what only one kind of chain has, unless it would leave other networks of the stock behind."""
    request, why = reason_of(options)
    if not alone:
        demand_alone(command, request, ticker)
    carry_out(command, request, lambda network: plan_of(network, why), retype=ticker)


def action_options(command: Any) -> Any:
    """The options of a command that may change something, but for --reference."""
    command = change_options(command)
    command.__click_params__ = [one for one in command.__click_params__ if "--reference" not in one.opts]
    return command


@click.group(cls=Group, short_help="Corporate actions: announce, schedule, cancel, correct, fold")
def cli() -> None:
    """Corporate actions by ISO 15022 code: SPLF, SPLR (new shares for old) and DRIP (a dividend reinvested)."""


@cli.command()
@named
@click.option("--ex", required=True, type=DAY, help="The market's ex date.")
@click.option("--effective", required=True, type=INSTANT, help="The token's instant, UTC.")
@click.option("--new", type=WHOLE, default=0, help="New shares, of a split.")
@click.option("--old", type=WHOLE, default=0, help="For old shares, of a split.")
@click.option("--gross", type=WAD, default="0", help="Currency per share, of a dividend.")
@click.option("--pay", type=INSTANT, default=0, help="The day the cash arrives; before a deferred ex, too.")
@click.option(
    "--buy",
    type=INSTANT,
    default=0,
    help="When the shares that it buys are there; otherwise at --pay or --effective, the later.",
)
@click.option("--ex-at", type=INSTANT, default=0, help="The market's ex instant; otherwise its opening on --ex.")
@click.option("--expect", "expected", type=WAD, default="0", help="The price that a dividend should be struck at.")
@click.option("--twin", is_flag=True, help="Though an action that looks like it stands under another reference.")
@ALONE
@action_options
def announce(ticker: str, code: str, reference: str, alone: bool, twin: bool, expected: Wad, **options: Any) -> None:
    """Record an action with its terms (ACTIONS), on every network that has the stock.

    What one of them could not follow, by its own factors and bounds, is announced on none. From the market's ex
    instant until it is scheduled or cancelled nothing is minted.
    """
    from scrip import instructions as ins

    ex, effective = options.pop("ex"), options.pop("effective")
    terms = (options.pop(name) for name in ("new", "old", "gross", "pay", "ex_at", "buy"))
    order = ins.Announce(ticker, code, reference, ex, effective, *terms)
    _act("action announce", options, order, alone, twin=twin, expected=expected)


@cli.command()
@named
@click.option("--price", type=WAD, default="0", help="Currency per share, ex-dividend, of a dividend.")
@ALONE
@action_options
def schedule(ticker: str, code: str, reference: str, price: Wad, alone: bool, **options: Any) -> None:
    """Put an announced action into the stock's slot (ACTIONS), on every network that has the stock.

    A dividend takes the price that was struck. What one network refuses is cancelled on all.
    """
    from scrip import instructions as ins

    _act("action schedule", options, ins.Schedule(ticker, code, reference, price), alone)


@cli.command()
@named
@reasoned
@ALONE
@action_options
def cancel(ticker: str, code: str, reference: str, reason: int, document: str, alone: bool, **options: Any) -> None:
    """Withdraw an action (ACTIONS), on every network that has the stock: a scheduled one strictly before its second."""
    from scrip import instructions as ins

    _act("action cancel", options, ins.Cancel(ticker, code, reference, reason, document), alone)


@cli.command()
@named
@view_options
def show(ticker: str, code: str, reference: str, **options: Any) -> None:
    """An action as the chain keeps it, and in shares, money and dates."""
    request = request_of(options)
    from scrip.chains.agreement import agreed
    from scrip.errors import Refusal

    with reporting("action show", request.as_json) as report, opened(request) as network:
        state, stopped = agreed(
            network,
            lambda one: (flows.actions.show(one, ticker, code, reference), flows.fleet.stopped(one, [ticker])),
            lambda both: {f"{ticker} {code} {reference}": both[0], "stopped": both[1]},
        )
        if not state.known:
            raise Refusal("actions: not announced", f"{ticker} {code} {reference}")
        named = {"id": "0x" + state.id.hex() if state.known else ""}
        found = report.more["action"] = {name: str(value) for name, value in (asdict(state) | named).items()}
        words = report.more["readable"] = flows.actions.readable(state)
        report.show_stopped(stopped)
        for name, value in found.items():
            report.say(f"{name:14} {value}" + (f"  ({words[name]})" if name in words else ""))


@cli.command()
@click.argument("ticker")
@click.argument("index", type=WAD)
@click.option("--effective", required=True, type=INSTANT, help="The token's instant, UTC.")
@reasoned
@APART
@change_options
def correct(ticker: str, index: Wad, effective: int, alone: bool, **options: Any) -> None:
    """Schedule the right dividend index after a mistake (the timelock). --reference names the record."""
    _repair(
        "action correct",
        ticker,
        options,
        alone,
        lambda network, why: flows.actions.correct(network, ticker, index, effective, why),
    )


@cli.command()
@click.argument("ticker")
@click.argument("index", type=WAD)
@click.argument("num", type=WHOLE)
@click.argument("den", type=WHOLE)
@reasoned
@APART
@change_options
def fold(ticker: str, index: Wad, num: int, den: int, alone: bool, **options: Any) -> None:
    """Shorten a pair that no longer fits (the timelock). --reference names the record."""
    _repair(
        "action fold",
        ticker,
        options,
        alone,
        lambda network, why: flows.actions.fold(network, ticker, index, num, den, why),
    )


@cli.command()
@click.argument("ticker")
@change_options
def resync(ticker: str, **options: Any) -> None:
    """Make a mint show the multiplier that the program keeps, where it shows another (Solana; UNPAUSER).

    Until then nothing is minted, redeemed and scheduled. Look first why it does: `audit chain` says both numbers.
    """
    request = request_of(options)
    carry_out(
        "action resync",
        request,
        lambda network: flows.actions.resync(network, ticker, request.sender),
        retype=ticker,
    )
