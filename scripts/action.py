"""`ape run action`: corporate actions, from the announcement to the effect."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scrip.parameters import ACTION_CODES
from scripts._desk.carry import carry_out
from scripts._desk.exits import DeskGroup
from scripts._desk.report import reporting
from scripts._desk.session import desk_options, opened, request_of, view_options
from scripts._desk.spanning import ALONE, act
from scripts._desk.values import DAY, INSTANT, WAD, WHOLE, grounds

if TYPE_CHECKING:
    from scrip.units import Wad

CODE = click.Choice(tuple(ACTION_CODES))


def named(command: Any) -> Any:
    """What names an action on every chain."""
    command = click.argument("reference")(command)
    command = click.argument("code", type=CODE)(command)
    return click.argument("ticker")(command)


def _options(options: dict[str, Any]) -> Any:
    # The action's reference is an argument here.
    return request_of({**options, "reference": ""})


def action_options(command: Any) -> Any:
    """The options of a command that may change something, but for --reference."""
    command = desk_options(command)
    command.__click_params__ = [one for one in command.__click_params__ if "--reference" not in one.opts]
    return command


@click.group(cls=DeskGroup, short_help="Corporate actions: announce, schedule, cancel, correct, fold")
def cli() -> None:
    """Corporate actions by ISO 15022 code: SPLF, SPLR (new shares for old) and DRIP (a dividend reinvested)."""


@cli.command()
@named
@click.option("--ex", required=True, type=DAY, help="The market's ex date.")
@click.option("--effective", required=True, type=INSTANT, help="The token's instant, UTC.")
@click.option("--new", type=WHOLE, default=0, help="New shares, of a split.")
@click.option("--old", type=WHOLE, default=0, help="For old shares, of a split.")
@click.option("--gross", type=WAD, default=None, help="Currency per share, of a dividend.")
@click.option("--pay", type=INSTANT, default=None, help="The day the cash arrives, of a dividend.")
@click.option("--twin", is_flag=True, help="Though an action that looks like it stands under another reference.")
@ALONE
@action_options
def announce(ticker: str, code: str, reference: str, alone: bool, twin: bool, **options: Any) -> None:
    """Record an action with its terms (ACTIONS), on every network that has the stock."""
    from scrip import instructions as ins
    from scrip.units import NO_WAD

    ex, effective = options.pop("ex"), options.pop("effective")
    new, old, gross, pay = (options.pop(name) for name in ("new", "old", "gross", "pay"))
    if code == "DRIP" and (gross is None or pay is None or new or old):
        raise click.UsageError("a DRIP takes --gross and --pay, and neither --new nor --old")
    if code != "DRIP" and (not new or not old or gross is not None or pay is not None):
        raise click.UsageError("a split takes --new and --old, and neither --gross nor --pay")
    order = ins.Announce(ticker, code, reference, ex, effective, new, old, gross or NO_WAD, pay or 0)
    act("action announce", _options(options), order, alone, twin)


@cli.command()
@named
@click.option("--price", type=WAD, default=None, help="Currency per share, ex-dividend, of a dividend.")
@ALONE
@action_options
def schedule(ticker: str, code: str, reference: str, price: Wad | None, alone: bool, **options: Any) -> None:
    """Put an announced action into the stock's slot (ACTIONS), on every network that has the stock.

    A dividend takes the price that was struck. What one network refuses is cancelled on all.
    """
    from scrip import instructions as ins
    from scrip.units import NO_WAD

    if (code == "DRIP") != (price is not None):
        raise click.UsageError("a DRIP takes --price" if code == "DRIP" else "a split takes no --price")
    act("action schedule", _options(options), ins.Schedule(ticker, code, reference, price or NO_WAD), alone)


@cli.command()
@named
@grounds
@ALONE
@action_options
def cancel(ticker: str, code: str, reference: str, reason: int, document: str, alone: bool, **options: Any) -> None:
    """Withdraw an action, strictly before its second (ACTIONS), on every network that has the stock."""
    from scrip import instructions as ins

    act("action cancel", _options(options), ins.Cancel(ticker, code, reference, reason, document), alone)


@cli.command()
@named
@view_options
def show(ticker: str, code: str, reference: str, **options: Any) -> None:
    """An action as the chain keeps it."""
    request = request_of(options)
    with reporting("action show", request.as_json) as report, opened(request) as network:
        state = flows.actions.show(network, ticker, code, reference)
        named = {"id": "0x" + state.id.hex() if state.known else ""}
        found = report.more["action"] = {name: str(value) for name, value in (asdict(state) | named).items()}
        for name, value in found.items():
            report.say(f"{name:14} {value}")


@cli.command()
@click.argument("ticker")
@click.argument("index", type=WAD)
@click.option("--effective", required=True, type=INSTANT, help="The token's instant, UTC.")
@grounds
@desk_options
def correct(ticker: str, index: Wad, effective: int, reason: int, document: str, **options: Any) -> None:
    """Schedule the right dividend index after a mistake (the timelock). --reference names the record."""
    from scrip.plan.draft import Reason

    request = request_of(options)
    why = Reason(reason, document, request.reference, request.sender)
    carry_out(
        "action correct",
        request,
        lambda network: flows.actions.correct(network, ticker, index, effective, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("index", type=WAD)
@click.argument("num", type=WHOLE)
@click.argument("den", type=WHOLE)
@grounds
@desk_options
def fold(ticker: str, index: Wad, num: int, den: int, reason: int, document: str, **options: Any) -> None:
    """Shorten a pair that no longer fits (the timelock). --reference names the record."""
    from scrip.plan.draft import Reason

    request = request_of(options)
    why = Reason(reason, document, request.reference, request.sender)
    carry_out(
        "action fold",
        request,
        lambda network: flows.actions.fold(network, ticker, index, num, den, why),
        retype=ticker,
    )
