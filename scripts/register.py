"""`ape run register`: who holds a stock at a record instant, and the tree over it that dividends and ballots go by."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import opened, request_of, view_options
from scripts._cli.values import DAY, INSTANT, WHOLE

if TYPE_CHECKING:
    from scrip.flows.register import Order
    from scripts._cli.report import Report
    from scripts._cli.request import Request

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, all else on stderr.")
READING = ("pages", "movements", "balances", "engine", "whole", "hypersync", "delivered")
"""Options of a reading of a chain."""
SHOWN = 20
"""Rows that are shown; --all shows the others."""


def reading_options(command: Any) -> Any:
    """What a reading of a chain takes."""
    for option in (
        click.option("--pages", type=click.Path(path_type=Path, file_okay=False), default=Path("registers/pages"),
                     show_default=True, help="Folder that keeps what was read: a run that stopped goes on there."),
        click.option("--movements", "movements", multiple=True, metavar="FILE",
                     type=click.Path(path_type=Path, dir_okay=False),
                     help="Parquet files of your own in the place of what the node tells; may be given several times."),
        click.option("--balances", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
                     help="Parquet file that an engine elsewhere answered `register sql` with."),
        click.option("--engine", default="duckdb", show_default=True, help="duckdb, polars, or spark (make spark)."),
        click.option("--hypersync", default="", metavar="URL",
                     help="Transfers from this HyperSync server; its token in ENVIO_API_TOKEN."),
        click.option("--delivered", multiple=True, metavar="FOLDER",
                     type=click.Path(path_type=Path, file_okay=False),
                     help="Of a root that gives units of TICKER: what nobody fetched counts for its accounts."),
        click.option("--whole", is_flag=True, help="Solana: from every transaction, not from what accounts hold."),
    ):  # fmt: skip
        command = option(command)
    return command


def _order(request: Request, stock: str, at: date | int, options: dict[str, Any]) -> Order:
    from scrip.flows.register import Order

    if options["movements"] and options["balances"]:
        raise click.UsageError("--movements and --balances exclude each other")
    return Order(
        stock,
        at,
        options["pages"] / request.network,
        request.manifests,
        tuple(options["movements"]),
        options["engine"],
        options["balances"],
        options["whole"],
        options["hypersync"],
        tuple(options["delivered"]),
    )


@click.group(cls=Group, short_help="Holders of a stock at a record: build, show, verify, export")
def cli() -> None:
    """Who holds a stock at the opening of an ex day's session, as files that anyone can build again."""


@cli.command()
@click.argument("ticker")
@click.option("--ex", type=DAY, help="The ex day: the record is the opening of its session.")
@click.option("--record", type=INSTANT, help="Instead of --ex: another record instant, as it was announced.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder, which must be new or the same.")
@reading_options
@view_options
def build(ticker: str, ex: date | None, record: int | None, out: Path | None, **options: Any) -> None:
    """Read the chain, and write the register into a folder: registers/NETWORK/TICKER/EX unless --out names one."""
    at = ex if record is None else record
    if at is None or (ex and record):
        raise click.UsageError("the record is told by --ex or by --record: one of the two")
    chosen = {name: options.pop(name) for name in READING}
    request = request_of(options)
    with reporting("register build", request.as_json) as report, opened(request) as network:
        from scrip.chains.agreement import agreed
        from scrip.flows import register

        folder = out or Path("registers") / request.network / ticker / (ex.isoformat() if ex else str(record))
        order = _order(request, ticker, at, chosen)
        recorded = agreed(network, lambda one: register.record(one, order), what="record")
        with Reading(report) as tell:
            built = register.build(network, order, recorded, tell)
        written = register.write(built, folder)
        report.more["register"] = _told(written)
        for line in built.lines():
            report.say(line)
        _say(report, written)


@cli.command()
@FOLDER
@click.option("--from-node", "node", is_flag=True, help="Build it again from the node, not from its files alone.")
@reading_options
@view_options
def verify(folder: Path, node: bool, **options: Any) -> None:
    """Build the root again from each file of a register, on any machine; exit 3 where anything is otherwise."""
    chosen = {name: options.pop(name) for name in READING}
    request = request_of(options)
    with reporting("register verify", request.as_json) as report:
        from scrip.chains.agreement import agreed
        from scrip.flows import register

        if not node:
            written = register.verify(folder)
        else:
            with opened(request) as network, Reading(report) as tell:
                order = _order(request, *register.named(folder, network.manifest), chosen)
                recorded = agreed(network, lambda one: register.record(one, order), what="record")
                written = register.compare(folder, register.build(network, order, recorded, tell))
        report.more["register"] = _told(written)
        report.say(f"{folder} is what it says{', and what the node says' if node else ''}")
        _say(report, written)


@cli.command("cap-table")
@FOLDER
@click.option("--all", "every", is_flag=True, help="Show every row.")
@AS_JSON
def cap_table(folder: Path, every: bool, as_json: bool) -> None:
    """Show units by investor, the largest first."""
    with reporting("register cap-table", as_json) as report:
        from scrip.flows import register

        rows = register.capital(folder)
        report.more["cap_table"] = rows
        shown = rows if every else rows[:SHOWN]
        for one in shown:
            share = f"{one['percent']:>6} %"
            report.say(f"{one['tokens']:>30} {share}  {one['who']} ({one['kind']}, {one['accounts']} accounts)")
        _more(report, len(rows) - len(shown))


@cli.command()
@FOLDER
@click.option("--account", "accounts", multiple=True, help="Only this one; may be given several times.")
@click.option("--all", "every", is_flag=True, help="Show every row.")
@AS_JSON
def holders(folder: Path, accounts: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Show what accounts hold, and whose they are."""
    with reporting("register holders", as_json) as report:
        from scrip.flows import register

        rows = register.holdings(folder, accounts)
        report.more["holders"] = rows
        shown = rows if every else rows[:SHOWN]
        for one in shown:
            report.say(f"{one['tokens']:>30}  {one['account']} {one['kind']} {one['investor']}".rstrip())
        _more(report, len(rows) - len(shown))


@cli.command()
@FOLDER
@click.argument("table", type=click.Choice(["holders", "tree", "proofs"]))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--account", "accounts", multiple=True, help="Of proofs: whose; may be given several times.")
@AS_JSON
def export(folder: Path, table: str, file: Path, accounts: tuple[str, ...], as_json: bool) -> None:
    """Write a table of a register into a new file (.csv, .parquet), or proofs of accounts (.json)."""
    with reporting("register export", as_json) as report:
        from scrip.flows import register

        rows = register.export(folder, table, file, accounts)
        report.more["rows"] = rows
        report.say(f"{rows:,} rows in {file}")


@cli.command()
@click.argument("dialect", type=click.Choice(["trino", "bigquery"]))
@click.option("--block", type=WHOLE, required=True, help="The record's block (slot).")
@AS_JSON
def sql(dialect: str, block: int, as_json: bool) -> None:
    """Show the SQL by which an engine elsewhere computes the register of a block."""
    with reporting("register sql", as_json) as report:
        from scrip.holders.register import statement

        report.more["sql"] = found = statement(dialect, block)
        report.say(found)


def _told(written: Any) -> dict[str, Any]:
    root = written.root
    told = {"root": "0x" + root.hash.hex(), "sum": str(root.sum), "depth": root.depth}
    about = {name: written.summary[name] for name in ("subject", "rows", "inputs")}
    return about | {"folder": str(written.folder), "digest": written.digest, "tree": told}


def _say(report: Report, written: Any) -> None:
    report.say(f"root             0x{written.root.hash.hex()}, depth {written.root.depth}")
    report.say(f"digest           {written.digest}")
    report.say(f"files            {written.folder}")


def _more(report: Report, count: int) -> None:
    if count > 0:
        report.say(f"and {count:,} more: --all shows them")


class Reading:
    """Shows on a terminal how far a reading is."""

    def __init__(self, report: Report) -> None:
        from rich.progress import Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), TimeElapsedColumn())
        self._bar = Progress(*columns, console=report.console, transient=True, disable=not report.console.is_terminal)
        self._task, self._rows = self._bar.add_task("reading"), 0

    def __enter__(self) -> Any:
        self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, block: int, rows: int) -> None:
        self._rows = max(self._rows, rows)
        self._bar.update(self._task, description=f"block {block:,}: {self._rows:,} movements")
