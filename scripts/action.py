"""`ape run action`: corporate actions, from the announcement to the effect."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scrip.action_codes import ACTION_CODES, BOOK_CODES, CODES, REPAIR_CODES
from scripts._cli.carry import carry_out, reason_of
from scripts._cli.groups import Group
from scripts._cli.multichain import ALONE, act, demand_alone, with_others
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import DAY, INSTANT, WAD, WHOLE, reasoned

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrip.chains.network import Network
    from scrip.flows.actions import RecordOrder
    from scrip.plan import Plan
    from scrip.plan.draft import Reason
    from scrip.units import Wad
    from scripts._cli.request import Request

CODE = click.Choice(tuple(ACTION_CODES))
ANY_CODE = click.Choice(tuple(CODES))
PUBLISHED_CODE = click.Choice((*CODES, *REPAIR_CODES))
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
SCHEMA = "manifests/actions/schema.json"

APART = click.option("--alone", is_flag=True, help="Though other networks have the stock: to mend this one's alone.")


def named_by(code: click.Choice[str]) -> Callable[[Any], Any]:
    """What names an action of one of these codes."""

    def naming(command: Any) -> Any:
        for argument in (click.argument("reference"), click.argument("code", type=code), click.argument("ticker")):
            command = argument(command)
        return command

    return naming


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


@click.group(cls=Group, short_help="Corporate actions: announce, schedule, cancel, amend, publish, history, fold")
def cli() -> None:
    """Corporate actions by ISO 15022 code: what moves the multiplier, and what is recorded beside it."""


@cli.command()
@click.argument("ticker", metavar="FILE | TICKER")
@click.argument("code", type=CODE, required=False)
@click.argument("reference", required=False)
@click.option("--ex", type=DAY, help="The market's ex date.")
@click.option("--effective", type=INSTANT, help="The token's instant, UTC.")
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
@click.option(
    "--expect",
    "expected",
    type=WAD,
    default="0",
    help="The price that a dividend should be struck at; of a rights issue that of a share with its right.",
)
@click.option("--twin", is_flag=True, help="Though an action that looks like it stands under another reference.")
@click.option("--register", type=FOLDER, help="Of a FILE: show the largest holders of this register's folder.")
@ALONE
@action_options
def announce(
    ticker: str, code: str | None, reference: str | None, alone: bool, twin: bool, expected: Wad, **options: Any
) -> None:
    """Record an action with its terms (ACTIONS), on every network that has the stock.

    FILE.yaml holds an action of any code in ISO 15022's names (manifests/actions/schema.json); SPLF, SPLR, DVSE and
    DRIP can be given as TICKER CODE REFERENCE with options instead. What one network could not follow is announced on
    none. From the market's ex instant until it is decided, or until its record, nothing is minted.
    """
    from scrip import instructions as ins

    ex, effective, register = options.pop("ex"), options.pop("effective"), options.pop("register")
    terms = {name: options.pop(name) for name in ("new", "old", "gross", "pay", "ex_at", "buy")}
    if ticker.endswith((".yaml", ".yml")):
        if code or reference or ex or effective or any(terms.values()):
            raise click.UsageError(f"{ticker} says the action whole: give no code, reference or terms beside it")
        _announce_file(Path(ticker), options, alone, twin=twin, expected=expected, register=register)
        return
    for name, value in (("code", code), ("reference", reference)):
        if value is None:
            raise click.MissingParameter(param_hint=f"'{name.upper()}'", param_type="argument")
    for name, value in (("--ex", ex), ("--effective", effective)):
        if value is None:
            raise click.MissingParameter(param_hint=f"'{name}'", param_type="option")
    if register:
        raise click.UsageError("--register is of an action's FILE")
    order = ins.Announce(ticker, code or "", reference or "", ex, effective, *terms.values())
    _act("action announce", options, order, alone, twin=twin, expected=expected)


def _announce_file(path: Path, options: dict[str, Any], alone: bool, **said: Any) -> None:
    """Announce an action's file, of a code that moves the multiplier on every network that has the stock."""
    request = request_of({**options, "reference": ""})
    command = "action announce"
    with reporting(command, request.as_json, ends=False):
        from scrip.manifest.action_file import load_action

        file = load_action(path)
    moves = file.CAEV in ACTION_CODES
    if moves and not alone and with_others(command, request, file.stock):
        _act(command, options, flows.announcements.order_of(file), alone, twin=said["twin"], expected=said["expected"])
        return
    if not moves and not alone:
        demand_alone(command, request, file.stock)
    carry_out(
        command,
        request,
        lambda network: flows.announcements.announce(network, file, request.sender, **said),
        retype=file.stock,
        evm_only=not moves,
    )


@cli.command()
@click.argument("file", type=FILE)
@APART
@action_options
def amend(file: Path, alone: bool, **options: Any) -> None:
    """Put FILE's terms in the place of those announced under its code and reference (ACTIONS).

    Until the effect, or until a root is posted; what moves the multiplier is cancelled and announced again instead.
    """
    from scrip.manifest.action_file import load_action
    from scrip.multichain.siblings import demand_single, with_stock

    request = request_of({**options, "reference": ""})

    def plan_of(network: Network) -> Plan:
        found = load_action(file)
        if not alone:
            demand_single("action amend", with_stock(network.manifest, request.manifests, found.stock))
        return flows.announcements.amend(network, found, request.sender)

    carry_out("action amend", request, plan_of, evm_only=True)


@cli.command()
@click.argument("ticker")
@click.argument("code", type=click.Choice(tuple(BOOK_CODES)))
@click.argument("reference")
@click.option("--document", default="", help="Hash or name of what says how it was carried out.")
@APART
@action_options
def complete(ticker: str, code: str, reference: str, document: str, alone: bool, **options: Any) -> None:
    """Close the record of an action that is carried out (ACTIONS); of what is paid out after its expiry."""
    from scrip import instructions as ins

    request = request_of({**options, "reference": ""})
    with reporting("action complete", request.as_json, ends=False):
        order = ins.CompleteRecord(ticker, code, reference, document)
    _record("action complete", request, order, alone)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--out", type=FOLDER, required=True, help="The folder of the drafts; none of them may stand there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def calendar(file: Path, out: Path, as_json: bool) -> None:
    """Write a draft for each action of a CSV: a column a field of the schema, a row an action. No chain is asked."""
    with reporting("action calendar", as_json) as report:
        from scrip.inputs.drafts import write_drafts
        from scrip.manifest.action_file import read_calendar

        drafts = [(one.file, one.text(SCHEMA)) for one in read_calendar(file)]
        written = report.more["drafts"] = write_drafts(out, drafts)
        for path in written:
            report.say(path)


@cli.command()
@click.argument("ticker")
@click.option("--csv", "table", type=FILE, help="Write it as a table, too; the file must be new.")
@click.option("--no-coverage", is_flag=True, help="Do not read the reserve around each effect: it takes an archive.")
@click.option("--alone", is_flag=True, help="On this network only, though others have the stock.")
@view_options
def history(ticker: str, table: Path | None, no_coverage: bool, alone: bool, **options: Any) -> None:
    """Every action of a stock, of every code and on every network that has it, in the order of its second.

    With the pair (dividend index and split factor), the shares that a unit shows and the coverage before and after.
    It is played from records and events and held to each chain's own pair: exit 3 where one stands elsewhere.
    """
    request = request_of(options)
    others = [] if alone else with_others("action history", request, ticker)
    from scrip.chains import opening
    from scrip.chains.agreement import agreed
    from scrip.records.files import create_new

    with reporting("action history", request.as_json) as report:
        mine = request.manifest()
        born = mine.stocks[ticker].identity if ticker in mine.stocks else ""
        found = []
        for manifest in (mine, *others):
            name = next((one for one, stock in manifest.stocks.items() if stock.identity == born), ticker)
            with opening.opened(manifest, request.records) as network:
                found.append(
                    agreed(
                        network,
                        lambda one, name=name: flows.action_history.history(one, name, not no_coverage),
                        lambda rows, name=name: {f"{name} {row.code} {row.reference}": row.as_json() for row in rows},
                    )
                )
        rows = report.more["history"] = [row.as_json() for each in found for row in each]
        for each in found:
            if others and each:
                report.say(f"{each[0].network}:")
            for line in (line for row in each for line in row.lines()):
                report.say(line)
        flows.action_history.demand_same(found)
        if table:
            create_new(table, flows.action_history.as_csv(row for each in found for row in each), field="csv")
            report.say(f"{table} written, {len(rows)} rows")


@cli.command()
@named_by(PUBLISHED_CODE)
@click.option("--document", required=True, help="What is published: its name, or the 0x hash of it.")
@click.option("--uri", required=True, help="Where it is read.")
@action_options
def publish(ticker: str, code: str, reference: str, document: str, uri: str, **options: Any) -> None:
    """Put a notice of an action of any code on record, by its hash and address (ACTIONS; a network with `voting`)."""
    request = request_of({**options, "reference": ""})

    def plan_of(network: Network) -> Plan:
        flows.actions.demand_known(network, ticker, code, reference)
        said = (document, uri, request.sender, "action publish")
        return flows.voting.publish(network, ticker, code, reference, *said)

    carry_out("action publish", request, plan_of, evm_only=True)


@cli.command()
@named_by(CODE)
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
@named_by(ANY_CODE)
@reasoned
@ALONE
@action_options
def cancel(ticker: str, code: str, reference: str, reason: int, document: str, alone: bool, **options: Any) -> None:
    """Withdraw an action (ACTIONS), on every network that has the stock: a scheduled one strictly before its second.

    What moves no multiplier until its effect, or until a root of it is posted.
    """
    from scrip import instructions as ins

    if code in BOOK_CODES:
        _cancel_recorded(ticker, code, reference, reason, document, alone, options)
        return
    _act("action cancel", options, ins.Cancel(ticker, code, reference, reason, document), alone)


def _cancel_recorded(
    ticker: str, code: str, reference: str, reason: int, document: str, alone: bool, options: dict[str, Any]
) -> None:
    from scrip import instructions as ins

    if code == "DVCA":
        raise click.UsageError("a cash dividend is cancelled by `dividend cancel`")
    request = request_of({**options, "reference": ""})
    _record("action cancel", request, ins.CancelRecord(ticker, code, reference, reason, document), alone)


def _record(command: str, request: Request, order: RecordOrder, alone: bool) -> None:
    """Carry out an order about the book of one network."""
    if not alone:
        demand_alone(command, request, order.stock)
    carry_out(
        command,
        request,
        lambda network: flows.actions.record(network, order, request.sender),
        retype=order.stock,
        evm_only=True,
    )


@cli.command()
@named_by(ANY_CODE)
@view_options
def show(ticker: str, code: str, reference: str, **options: Any) -> None:
    """An action as the chain keeps it, and in shares, money and dates."""
    request = request_of(options)
    from scrip.chains.agreement import agreed
    from scrip.errors import Refusal

    if code in BOOK_CODES:
        _show_recorded(ticker, code, reference, request)
        return
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


def _show_recorded(ticker: str, code: str, reference: str, request: Request) -> None:
    from scrip.chains.agreement import agreed

    def recorded(network: Network) -> dict[str, str]:
        book = flows.actions.Book(network, ticker)
        found = book.demand(code, reference)
        status = found.status_at(book.views.now()).lower()
        amended = {"amended": f"{found.amended} times"} if found.amended else {}
        return {"code": code, "status": status} | amended | dict(flows.actions.told_record(found.terms))

    with reporting("action show", request.as_json) as report, opened(request, True) as network:
        found = agreed(network, recorded, lambda terms: {f"{ticker} {code} {reference}": terms})
        report.more["action"] = found
        for name, value in found.items():
            report.say(f"{name:14} {value}")
        if lacking := CODES[code].lacks:
            report.say(f"{'lacks':14} {lacking}")


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
