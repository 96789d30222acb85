"""`ape run local`: a desk on this machine to try everything on, both kinds of chain, kept from day to day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.groups import Group
from scripts._cli.report import Report, reporting
from scripts._cli.values import ACCOUNT, MONEY, SHARES, Whole

if TYPE_CHECKING:
    from scrip.local.desk import Desk

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, all else on stderr.")
FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".scrip/local"),
    show_default=True,
    help="What the desk keeps.",
)
ONE = click.option("--network", default="", help="On this network only: local or solana-local.")
PORT = Whole(1_024, 65_534)


@click.group(cls=Group, short_help="A desk on this machine: both chains, deployed and in use")
def cli() -> None:
    """A desk on this machine to try everything on: an anvil and a Solana cluster, deployed and in use.

    Keys that anyone can derive, and money of nobody's: nothing here has a value.
    """


def shared(command: Any) -> Any:
    """The options of each command here."""
    return FOLDER(JSON(command))


@cli.command()
@click.option("--preset", default="", help="Rules of both stocks: a file of manifests/presets, without its ending.")
@click.option("--port", type=PORT, help="Of anvil; 8545 by default.")
@click.option("--solana-port", type=PORT, help="Of the Solana cluster, and the one after it; 8899 by default.")
@click.option("--without-solana", is_flag=True, help="Anvil alone, for which the Solana program need not be built.")
@click.option(
    "--records",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the records; records by default.",
)
@shared
def up(folder: Path, records: Path | None, as_json: bool, **asked: Any) -> None:
    """Start both chains, deploy manifests/local.yaml and solana-local.yaml, and put investors and actions on them.

    Where a desk stands it is started again as it was left, with the preset that it began with; where it runs, nothing
    is done.
    """
    with reporting("local up", as_json) as report:
        from scrip.local.desk import Desk
        from scrip.local.settings import EVM, SOLANA

        ports = {EVM: asked["port"], SOLANA: asked["solana_port"]}
        networks = (EVM,) if asked["without_solana"] else ()
        desk = Desk.of(folder, records, asked["preset"], ports, networks)
        if desk.is_running and desk.is_ready:
            report.say("it runs already")
            _show(desk, report)
        else:
            desk.up(report.say)
        _try_next(desk, report)


@cli.command()
@click.option("--wipe", is_flag=True, help="Forget it too: its chains and its folder. The records stay.")
@shared
def down(wipe: bool, folder: Path, as_json: bool) -> None:
    """Shut both chains; `local up` goes on where they stood."""
    with reporting("local down", as_json) as report:
        from scrip.local.desk import shut

        ended = report.more["ended"] = shut(folder, wipe)
        report.say(f"ended: {', '.join(ended)}" if ended else "nothing ran")
        if wipe:
            report.say(f"{folder} is forgotten")


@cli.command()
@shared
def status(folder: Path, as_json: bool) -> None:
    """What runs, what its clocks show, and how each stock stands."""
    with reporting("local status", as_json) as report:
        from scrip.local.desk import Desk

        _show(Desk.at(folder), report)


@cli.command()
@click.argument("to", metavar="+DURATION|UTC|ACTION")
@shared
def time(to: str, folder: Path, as_json: bool) -> None:
    """Move the clocks of both chains on: +48h, to an instant (2027-02-16T14:30:00Z), or past an action (split-1)."""
    with reporting("local time", as_json) as report:
        from scrip.local.desk import Desk

        desk = Desk.at(folder)
        desk.move_to(desk.instant(to))
        report.more["time"] = desk.now()
        _show(desk, report)


@cli.command()
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=MONEY)
@ONE
@shared
def fund(account: str, amount: Any, network: str, folder: Path, as_json: bool) -> None:
    """Give ACCOUNT so much of the mock stablecoin, out of nothing."""
    with reporting("local fund", as_json) as report:
        from scrip.local.desk import Desk

        for line in Desk.at(folder).fund(account, amount, network):
            report.say(line)


@cli.command()
@click.argument("ticker")
@click.argument("shares", type=SHARES, required=False)
@ONE
@shared
def attest(ticker: str, shares: Any, network: str, folder: Path, as_json: bool) -> None:
    """Have the custodian say that it holds SHARES of a stock; else a million, and what splits have made of them."""
    with reporting("local attest", as_json) as report:
        from scrip.local.desk import Desk

        for line in Desk.at(folder).attest(ticker, shares, network):
            report.say(line)


def _show(desk: Desk, report: Report) -> None:
    facts = report.more["desk"] = list(desk.facts())
    for line in facts:
        report.say(line)


def _try_next(desk: Desk, report: Report) -> None:
    from scrip.local.next_steps import commands, environment

    said = report.more["environment"] = list(environment(desk))
    found = report.more["next"] = [{"what": what, "command": command} for what, command in commands(desk)]
    report.say("")
    report.say("what to try next, here or with docs/first-hour.md:" if not said else "first, in this shell:")
    for line in said:
        report.say(line)
    if said:
        report.say("and then:")
    for row in found:
        report.say(f"  # {row['what']}")
        report.say(f"  {row['command']}")
