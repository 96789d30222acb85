"""`ape run election`: choices between cash and stock, from the opening on a register to what is delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows
from scrip.model.laws.elections import OPTIONS
from scrip.units import EVM_DECIMALS, format_fixed
from scripts._cli.carry import carry_out, confirm, reason_of
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, reasoned

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
REGISTER = click.option("--register", type=FOLDER, required=True, help="The register at the record: `register build`.")
OUT = click.option("--out", type=FOLDER, help="Folder for the files; else elections/NETWORK/TICKER/REFERENCE.")


@click.group(cls=Group, short_help="Cash or stock: open, void, follow, proof, elect, sign, relay, show, results")
def cli() -> None:
    """Elections: holders choose between cash and stock for their units at a record, until the action's deadline."""


def named(command: Any) -> Any:
    """What names an action on every chain."""
    return click.argument("ticker")(click.argument("reference")(command))


def chosen(command: Any) -> Any:
    """How an account wants its units."""
    for option in (
        click.option("--take-back", is_flag=True, help="Say nothing again: the default has all."),
        click.option("--secu", default="", metavar="TOKENS", help="So many for stock; the default has the rest."),
        click.option("--cash", default="", metavar="TOKENS", help="So many for cash; the default has the rest."),
        click.option("--choose", "everything", type=click.Choice(OPTIONS), help="All units for one option."),
    ):
        command = option(command)
    return command


def _wish(options: dict[str, Any]) -> Any:
    everything = options.pop("everything") or ""
    return flows.elections.Wish(
        everything, options.pop("cash"), options.pop("secu"), takes_back=options.pop("take_back")
    )  # fmt: skip


def _change(command: str, options: dict[str, Any], plan_of: Any, retype: str = "") -> None:
    """Carry out what is named by the action's own reference, which is an argument."""
    given = request_of({**options, "reference": ""})
    carry_out(
        f"election {command}", given, lambda network: plan_of(network, given.sender), retype=retype, evm_only=True
    )


def _folder(out: Path | None, network: str, ticker: str, reference: str) -> Path:
    return out or Path("elections") / network / ticker / reference


@cli.command("open")
@named
@REGISTER
@click.option("--default", type=click.Choice(OPTIONS), help="What who says nothing gets; else the manifest's.")
@click.option("--uri", default="", help="Where the terms are read.")
@change_options
def open_(ticker: str, reference: str, register: Path, default: str | None, uri: str, **options: Any) -> None:
    """Open the election of an announced action (DVOP) on the register at its record (ACTIONS)."""

    def plan_of(network: Any, by: str) -> Any:
        sheet = flows.elections.Sheet(register, default or "", uri)
        return flows.elections.open_(network, ticker, reference, sheet, by)

    _change("open", options, plan_of, retype=ticker)


@cli.command()
@named
@reasoned
@change_options
def void(ticker: str, reference: str, **options: Any) -> None:
    """End an election of which nothing is paid (ACTIONS, or the timelock); another starts without its choices."""
    given, why = reason_of({**options, "reference": ""})
    carry_out(
        "election void",
        given,
        lambda network: flows.elections.void(network, ticker, reference, why),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@named
@change_options
def follow(ticker: str, reference: str, **options: Any) -> None:
    """Take the action's deadline where it was amended, or end with it where it was cancelled. Anyone may."""
    _change("follow", options, lambda network, by: flows.elections.follow(network, ticker, reference, by))


@cli.command()
@named
@click.argument("accounts", nargs=-1, required=True, type=ACCOUNT)
@REGISTER
@OUT
@view_options
def proof(
    ticker: str, reference: str, accounts: tuple[str, ...], register: Path, out: Path | None, **options: Any
) -> None:
    """Write ACCOUNTS the files by which they choose from wallets of their own."""
    given = request_of(options)
    with reporting("election proof", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed

        found = agreed(
            network,
            lambda one: flows.elections.proofs(one, ticker, reference, register, accounts),
            lambda papers: papers,
        )
        written = flows.voting.write(_folder(out, given.network, ticker, reference), found)
        report.more["files"] = [str(one) for one in written]
        for one in written:
            report.say(str(one))


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@REGISTER
@chosen
@change_options
def elect(ticker: str, reference: str, account: str, register: Path, **options: Any) -> None:
    """Choose for ACCOUNT's units, by itself or, with --as, by its successor. The last choice counts."""
    wish = _wish(options)
    _change(
        "elect",
        options,
        lambda network, by: flows.elections.elect(network, ticker, reference, register, account, wish, by),
    )


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@REGISTER
@chosen
@click.option("--out", "file", type=FILE, required=True, help="File of the signed choice, for `election relay`.")
@click.option("--signature", "given", default="", help="What a wallet signed, 0x…: --json shows the message.")
@change_options
def sign(ticker: str, reference: str, account: str, register: Path, file: Path, given: str, **options: Any) -> None:
    """Sign a choice for ACCOUNT's units, by itself or, with --as, by its successor. Nothing is sent."""
    wish = _wish(options)
    request = request_of({**options, "reference": ""})
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a choice is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains.agreement import agreed
    from scrip.records.files import plain

    with reporting("election sign", request.as_json) as report, opened(request, evm_only=True) as network:
        signer = request.sender or account
        found = agreed(
            network,
            lambda one: flows.elections.asked(one, ticker, reference, register, account, wish, signer),
            lambda asked: plain(dict(asked.message)),
        )
        report.more["message"] = plain(dict(found.message))
        report.say(f"{account}: CASH {found.cash}, SECU {found.secu} raw units, as change {found.nonce} of its leaf")
        if request.mode == "plan":
            report.say("this is the choice: --apply signs it, and --json tells a wallet what it signs")
            return
        confirm(request, account)
        report.more["choice"] = str(flows.elections.sign_into(network, found, file, signer, given))
        report.say(f"{file} written: until anything else is said for {account}, whoever has it may hand it in")


@cli.command()
@click.argument("file", type=FILE)
@change_options
def relay(file: Path, **options: Any) -> None:
    """Hand in the signed choice in FILE. Anyone may."""
    _change("relay", options, lambda network, by: flows.elections.relay(network, file, by))


@cli.command()
@named
@view_options
def show(ticker: str, reference: str, **options: Any) -> None:
    """Show an action's election: its terms, and all units by option."""
    given = request_of(options)
    with reporting("election show", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed

        found = agreed(
            network, lambda one: flows.elections.show(one, ticker, reference), lambda shown: shown.facts
        )  # fmt: skip
        report.more["election"] = found.facts
        for line in found.lines():
            report.say(line)


@cli.command()
@named
@REGISTER
@OUT
@view_options
def results(ticker: str, reference: str, register: Path, out: Path | None, **options: Any) -> None:
    """Write what every account of the register gets, after the deadline: elections.csv and elections.json."""
    given = request_of(options)
    with reporting("election results", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed
        from scrip.elections.results import write

        found = agreed(
            network,
            lambda one: flows.elections.results(one, ticker, reference, register),
            lambda told: {**told.subject.as_json(), "digest": told.digest},
        )
        written = write(_folder(out, given.network, ticker, reference), found)
        report.more["files"] = [str(one) for one in written]
        report.more["totals"] = {option: str(found.totals.of(option)) for option in OPTIONS}
        told = ", prorated" if found.is_prorated else ""
        sums = ", ".join(f"{option} {format_fixed(found.totals.of(option), EVM_DECIMALS)}" for option in OPTIONS)
        report.say(f"{len(found.accounts):,} accounts: {sums}{told}")
        for one in written:
            report.say(str(one))
