"""Replay a listed stock's history on two local chains: `ape run demo --stock MSFT`."""

from __future__ import annotations

import signal
import sys
import warnings
from pathlib import Path

import click

from scripts._cli.exits import ERROR, INTERRUPTED, USAGE

FOLDER = Path("build")
OUTPUTS = (FOLDER / "demo.json", FOLDER / "demo.png")


@click.command(short_help="Replay a stock's real history on two local chains")
@click.option("--stock", default="MSFT", show_default=True, help="Ticker; an unknown one lists those known.")
@click.option("--events", type=click.Path(path_type=Path), help="Another events file, for rehearsals.")
@click.option("--evm-only", is_flag=True, help="Anvil alone, while the Solana program is not built: no demo.json.")
@click.option(
    "--payout",
    type=click.Choice(["drip", "cash"]),
    default="drip",
    show_default=True,
    help="Dividends are reinvested, or paid in cash, on anvil alone, and reinvested by whoever reads.",
)
def cli(stock: str, events: Path | None, evm_only: bool, payout: str) -> None:
    """Tokenise a stock on a local anvil and in LiteSVM, and hold both day by day to the stock's adjusted close."""
    from scrip.errors import InputError, ScripError

    # One of Ape's plugins declares a setting incompletely and warns about itself.
    warnings.filterwarnings("ignore", module="pydantic_settings")
    from scrip.replay.stocks import find

    try:
        find(stock)
    except InputError as error:
        # Nothing was begun: what the last run left stands.
        say(str(error), USAGE)
    for output in OUTPUTS:
        output.unlink(missing_ok=True)
    import ape
    from rich.console import Console

    from scrip.replay.local import replay, timeline_of

    # A terminated run ends its anvil too, as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(soft_wrap=True, highlight=False)
    try:
        replay(timeline_of(stock, events, payout == "cash"), console, FOLDER, ape.project.path, not evm_only)
    except ScripError as error:
        fail(str(error), USAGE if isinstance(error, InputError) else ERROR)
    except KeyboardInterrupt:
        fail("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - whatever it is, one line says so and nothing is left that looks whole
        fail(f"{type(error).__name__}: {' '.join(str(error).split())}", ERROR)


def fail(message: str, code: int) -> None:
    """One line on stderr, no outputs, a non-zero exit."""
    for output in OUTPUTS:
        output.unlink(missing_ok=True)
    say(message, code)


def say(message: str, code: int) -> None:
    """One line on stderr, a non-zero exit."""
    click.echo(f"demo: FAILED: {message}", err=True)
    sys.exit(code)
