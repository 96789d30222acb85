"""`ape run show`: look a stock, an investor, a wallet or what is to come up, on every network that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import click

from scripts._cli.groups import Group
from scripts._cli.report import MANY, reporting
from scripts._cli.request import request_of, spanned, view_options
from scripts._cli.values import Whole

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.manifest.model import AnyManifest
    from scrip.read import Names, ReadAt
    from scripts._cli.report import Report
    from scripts._cli.request import Request

LONGEST_DAYS = 36_500
OWN = ("table", "alone", "names", "every")
"""Options that are not every command's."""


class Fact(Protocol):
    """Something of scrip.read."""

    COLUMNS: ClassVar[Mapping[str, str]]

    def as_json(self) -> dict[str, object]:
        """For programs."""


def looking(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command here."""
    for option in (
        click.option("--all", "every", is_flag=True, help="Show every row of a long table."),
        click.option("--csv", "table", metavar="FILE", help="Write the table as CSV: a new file, or - for stdout."),
        click.option("--names", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False),
                     help="A file with a column `investor`: chains keep numbers, this has the names."),
        click.option("--alone", is_flag=True, help="On this network only, though its manifest spans others."),
    ):  # fmt: skip
        command = option(command)
    return view_options(command)


class _Look:
    """One command: the networks that it asks, what it found there, and how that is shown."""

    def __init__(self, report: Report, request: Request, options: Mapping[str, Any]) -> None:
        self.report, self.request = report, request
        self.table: str | None = options["table"]
        self.alone: bool = options["alone"]
        self.named: Path | None = options["names"]
        self.read_at: list[ReadAt] = []

    def manifests(self) -> list[AnyManifest]:
        """The request's own, then those that it spans."""
        return spanned(self.request, self.alone)

    def ask(self, manifest: AnyManifest, read: Callable[[Network, Names], Sequence[Any]]) -> list[Any]:
        """What a network says, read at one block; where its manifest names a second node, both say it."""
        from scrip.chains import opening
        from scrip.chains.agreement import agreed
        from scrip.read import pinned, read_names
        from scrip.read.investors import named

        known = read_names(self.named) if self.named else []

        def at_one_block(network: Network) -> tuple[ReadAt, list[Any]]:
            seen, place = pinned(network)
            return place, list(read(seen, named(seen, known)))

        with opening.opened(manifest, self.request.records) as network:
            place, found = agreed(
                network,
                at_one_block,
                lambda both: {str(number): one.as_json() for number, one in enumerate(both[1])},
                what="row",
            )
        self.read_at.append(place)
        return found

    def everywhere(self, read: Callable[[Network, Names], Sequence[Any]]) -> list[Any]:
        """The same of every network, one after the other."""
        return [one for manifest in self.manifests() for one in self.ask(manifest, read)]

    def show(self, kind: type[Fact], facts: Sequence[Any], key: str, nothing: str, count: int = 0) -> None:
        """A table, in the report, in a file and for people; `count` is how many there are where these are the first."""
        from scrip.records.files import create_new
        from scrip.reports.table import as_csv, rows_of

        found: list[dict[str, object]] = [one.as_json() for one in facts]
        columns: Mapping[str, str] = kind.COLUMNS
        self.report.more[key] = found
        self.report.more["read_at"] = [one.as_json() for one in self.read_at]
        if self.table == "-":
            if self.request.as_json:
                raise click.UsageError("--csv - and --json both want stdout")
            click.echo(as_csv(tuple(columns), found), nl=False)
            return
        if self.table:
            create_new(Path(self.table), as_csv(tuple(columns), found), field="csv")
            self.report.say(f"{self.table} written, {len(found)} rows")
        if found:
            self.report.show_table(tuple(columns.values()), rows_of(columns, found), "rows", count)
        else:
            self.report.say(nothing)
        self.told()

    def told(self) -> None:
        """Where it was read, for people."""
        for one in self.read_at:
            self.report.say(f"read at {one}")


def _look(command: str, options: dict[str, Any], work: Callable[[_Look], None]) -> None:
    """Carry a command out; ends the process with the exit code."""
    own = {name: options.pop(name) for name in OWN}
    request = request_of(options)
    with reporting(f"show {command}", request.as_json) as report:
        report.shows_all = own["every"]
        work(_Look(report, request, own))


@click.group(cls=Group, short_help="Look up stocks, investors, wallets, holders, and what is to come")
def cli() -> None:
    """Look something up: by name, address, ISIN or ticker, on every network that has it. Nothing is changed.

    Each answer says at which block of which network it was read. --json is for programs, --csv for spreadsheets.
    """


def _by_stock(look: _Look, what: str, read: Callable[[Network, str], Sequence[Any]]) -> list[Any]:
    """What the networks say that have a stock, named by ticker or ISIN, or by its address on the first."""
    from scrip.errors import InputError
    from scrip.read import stock, ticker_of

    first, *others = look.manifests()
    known = ticker_of(first, what)
    found = []
    if not known:
        (one,) = look.ask(first, lambda network, _: [stock(network, what)])
        look.read_at.clear()
        known = one.ticker
    identity = first.stocks[known].identity
    for manifest in (first, *others):
        ticker = next((name for name, one in manifest.stocks.items() if one.identity == identity), "")
        if ticker:
            found += look.ask(manifest, partial(_of, ticker, read))
    if not found and not look.read_at:
        raise InputError("is on no network", field="stock", value=what)
    return found


def _of(ticker: str, read: Callable[[Network, str], Sequence[Any]], network: Network, _: Names) -> Sequence[Any]:
    return read(network, ticker)


@cli.command("stock")
@click.argument("stock")
@looking
def show_stock(stock: str, **options: Any) -> None:
    """A stock by ticker, ISIN or address: supply beside reserve, multiplier, rules, limits, what stops it."""

    def work(look: _Look) -> None:
        from scrip import read

        found = _by_stock(look, stock, lambda network, ticker: [read.stock(network, ticker)])
        look.show(read.StockFacts, found, "stocks", "no such stock")
        if look.table == "-":
            return
        for one in found:
            look.report.say(f"{one.network}: {one.name}, {one.address}")
            shown = one.as_json()
            names = ("index", "factor", "multiplier_pending", "effective_at", "receivable", "ceiling", "others")
            for name, value in ({each: str(shown[each]) for each in names} | dict(one.sheet)).items():
                if value:
                    look.report.say(f"    {name.replace('_', ' '):20} {value}")

    _look("stock", options, work)


@cli.command("stocks")
@looking
def show_stocks(**options: Any) -> None:
    """Every stock: supply beside reserve, on each network."""

    def work(look: _Look) -> None:
        from scrip import read

        found = look.everywhere(lambda network, _: read.stocks(network))
        look.show(read.StockFacts, found, "stocks", "no stock is created yet")

    _look("stocks", options, work)


@cli.command("investor")
@click.argument("investor")
@looking
def show_investor(investor: str, **options: Any) -> None:
    """An investor by name, number or wallet: clearance, country, wallets, and what they hold in tokens and shares."""

    def work(look: _Look) -> None:
        from scrip import read
        from scrip.errors import InputError
        from scrip.read.wallets import holdings

        def found_on(network: Network, names: Names) -> list[Any]:
            who = read.investor(network, investor, names)
            held = [one for each in (*who.wallets, *who.lost) for one in holdings(network, each)]
            return [_Both(who, held)]

        found, unknown = [], []
        for manifest in look.manifests():
            try:
                found += look.ask(manifest, found_on)
            except InputError as wrong:
                if wrong.field != "investor":
                    raise
                unknown.append(wrong)
        if not found:
            raise unknown[0]
        look.show(read.InvestorFacts, [one.who for one in found], "investors", "nobody")
        held = [one for both in found for one in both.held]
        look.report.more["holdings"] = [one.as_json() for one in held]
        if look.table != "-":
            _show_held(look, held)

    _look("investor", options, work)


class _Both:
    """An investor, and what it holds."""

    def __init__(self, who: Any, held: Sequence[Any]) -> None:
        self.who, self.held = who, held

    def as_json(self) -> dict[str, object]:
        """For the comparison of two nodes."""
        return {"investor": self.who.as_json(), "holdings": [one.as_json() for one in self.held]}


def _show_held(look: _Look, held: Sequence[Fact]) -> None:
    from scrip.read import WalletHolding
    from scrip.reports.table import rows_of

    columns = WalletHolding.COLUMNS
    if held:
        rows = rows_of(columns, [one.as_json() for one in held])
        look.report.show_table(tuple(columns.values()), rows, "holdings")
    else:
        look.report.say("holds nothing")


@cli.command("investors")
@click.option("--country", default="", help="Only of this country, ISO 3166 alpha-2.")
@click.option("--class", "investor_class", default="", help="Only of this class: retail, professional, …")
@click.option("--status", type=click.Choice(["cleared", "blocked", "lapsed"]), help="Only those that stand so.")
@looking
def show_investors(country: str, investor_class: str, status: str | None, **options: Any) -> None:
    """Every investor of the register: who may hold, from which country, until when."""

    def work(look: _Look) -> None:
        from scrip import read
        from scrip.manifest.countries import country_number

        number = country_number(country.upper()) if country else None

        def wanted(one: Any) -> bool:
            asked = ((number, one.country), (investor_class or None, one.investor_class), (status, one.status))
            return all(wish in (None, has) for wish, has in asked)

        found = look.everywhere(lambda network, names: [one for one in read.investors(network, names) if wanted(one)])
        look.show(read.InvestorFacts, found, "investors", "nobody")

    _look("investors", options, work)


@cli.command("expiring")
@click.option("--days", type=Whole(0, LONGEST_DAYS), default=30, show_default=True, help="Within so many days.")
@looking
def show_expiring(days: int, **options: Any) -> None:
    """Investors whose clearance ends soon, or has ended; the first to end first."""

    def work(look: _Look) -> None:
        from scrip import read

        def soon(network: Network, names: Names) -> list[Any]:
            return read.expiring(read.investors(network, names), network.now(), days)

        found = sorted(look.everywhere(soon), key=lambda one: one.expiry)
        look.show(read.InvestorFacts, found, "investors", f"nobody's clearance ends within {days} days")

    _look("expiring", options, work)


@cli.command("wallet")
@click.argument("account")
@looking
def show_wallet(account: str, **options: Any) -> None:
    """An account by address or by the manifest's name: whose it is, and what it has of each stock."""

    def work(look: _Look) -> None:
        from scrip import read
        from scrip.errors import InputError

        found, wrong = [], None
        for manifest in look.manifests():
            try:
                found += look.ask(manifest, lambda network, names: [read.wallet(network, account, names)])
            except InputError as error:
                # An address of one kind of chain is none of the other.
                if error.file or error.field not in ("account", "address", "wallet", "name"):
                    raise
                wrong = wrong or error
        if wrong is not None and not found:
            raise wrong
        look.report.more["wallets"] = [one.as_json() for one in found]
        held = [one for each in found for one in each.holdings]
        if look.table:
            look.show(read.WalletHolding, held, "holdings", "holds nothing")
            return
        look.report.more["read_at"] = [one.as_json() for one in look.read_at]
        for one in found:
            look.report.say(f"{one.network}: {one.address}" + (f", {one.name}" if one.name else ""))
            if one.owner is None:
                look.report.say("    is no investor's wallet")
            else:
                facts = one.owner.as_json()
                named = one.owner.name or f"number {one.owner.number}"
                told = f"of investor {named}, {facts['class']}, {facts['country']}"
                look.report.say(f"    {told}: {one.owner.status}, until {facts['expiry']}")
        _show_held(look, held)
        look.told()

    _look("wallet", options, work)


@cli.command("holders")
@click.argument("ticker")
@click.option("--register", type=click.Path(path_type=Path, file_okay=False),
              help="The folder of a register; else the newest in registers/NETWORK/TICKER.")  # fmt: skip
@click.option("--offline", is_flag=True, help="Ask no node: without shares, which are at today's multiplier.")
@looking
def show_holders(ticker: str, register: Path | None, offline: bool, **options: Any) -> None:
    """Who holds a stock at a record, from a register's files: tokens, shares, part of the whole."""

    def work(look: _Look) -> None:
        from scrip import read
        from scrip.errors import InputError
        from scrip.preview import moment

        manifest = look.request.manifest()
        known = read.ticker_of(manifest, ticker)
        if not known:
            raise InputError("is no stock of the manifest: no ticker or ISIN", field="stock", value=ticker)
        folder = register or read.newest_register(manifest.network, known)
        shown: list[Any] = [None]
        names: Names = {}
        if not offline:

            def asked(network: Network, said: Names) -> list[Any]:
                return [_Shown(network.views().ledger.multiplier(known).ui_multiplier, said)]

            shown = look.ask(manifest, asked)
            names = shown[0].names
        elif look.named:
            raise click.UsageError("--names needs the network's node: leave --offline out")
        # Of a hundred thousand holders people look at a few, and programs at all.
        whole = look.request.as_json or look.table or look.report.shows_all
        multiplier = shown[0].multiplier if shown[0] else None
        subject, count, rows = read.holders(folder, multiplier, names, None if whole else MANY)
        wished = manifest.stocks[known]
        if subject.network != manifest.network or subject.isin not in (wished.isin, wished.born):
            reason = f"is of {subject.isin} on {subject.network}"
            raise InputError(reason, field="register", value=folder)
        look.report.more["register"] = {"folder": str(folder), **subject.as_json()}
        look.show(read.HolderRow, rows, "holders", "nobody held any", count)
        if look.table != "-":
            look.report.say(f"{folder}: record {moment(subject.instant)}, block {subject.block}, {count:,} accounts")

    _look("holders", options, work)


class _Shown:
    """What holders of a register are shown with: today's multiplier, and names."""

    def __init__(self, multiplier: Any, names: Names) -> None:
        self.multiplier, self.names = multiplier, names

    def as_json(self) -> dict[str, object]:
        """For the comparison of two nodes."""
        return {"multiplier": str(self.multiplier)}


@cli.command("action")
@click.argument("stock")
@click.argument("code", required=False)
@click.argument("reference", required=False)
@looking
def show_action(stock: str, code: str | None, reference: str | None, **options: Any) -> None:
    """A stock's corporate actions, all or of a CODE and REFERENCE, on every network, with the unit before and after."""

    def work(look: _Look) -> None:
        from scrip import read

        def wanted(one: Any) -> bool:
            return code in (None, one.code) and reference in (None, one.reference)

        found = _by_stock(look, stock, lambda network, ticker: [o for o in read.actions(network, ticker) if wanted(o)])
        look.show(read.ActionFacts, sorted(found, key=lambda one: one.at), "actions", "no such action")

    _look("action", options, work)


@cli.command("pending")
@click.argument("stock", required=False)
@looking
def show_pending(stock: str | None, **options: Any) -> None:
    """What is to come, the first first: actions, the timelock's operations, who waits, each with what to run."""

    def work(look: _Look) -> None:
        from scrip import read

        if stock:
            found = _by_stock(look, stock, read.pending)
        else:
            found = look.everywhere(lambda network, _: read.pending(network))
        look.show(read.PendingFacts, sorted(found, key=lambda one: one.at), "pending", "nothing is to come")

    _look("pending", options, work)


@cli.command("quotes")
@click.argument("stock", required=False)
@click.option("--used", "past", is_flag=True, help="Those too that are used, revoked, expired or void.")
@looking
def show_quotes(stock: str | None, past: bool, **options: Any) -> None:
    """The quotes that were signed at this desk and are open: shares, price, until when."""

    def work(look: _Look) -> None:
        from scrip import read

        if stock:
            found = _by_stock(look, stock, lambda network, ticker: read.quotes(network, ticker, past))
        else:
            found = look.everywhere(lambda network, _: read.quotes(network, "", past))
        look.show(read.QuoteFacts, found, "quotes", "no quote is open")

    _look("quotes", options, work)


@cli.command("requests")
@click.argument("stock", required=False)
@looking
def show_requests(stock: str | None, **options: Any) -> None:
    """Who waits to redeem or to invest, and who has something to fetch; the oldest request first."""

    def work(look: _Look) -> None:
        from scrip import read

        if stock:
            found = _by_stock(look, stock, lambda network, ticker: read.requests(network, [ticker]))
        else:
            found = look.everywhere(
                lambda network, _: read.requests(
                    network, [one for one in network.manifest.stocks if one in network.views().ledger.stocks]
                )
            )
        look.show(read.RequestFacts, found, "requests", "nobody waits, and nobody has anything to fetch")

    _look("requests", options, work)
