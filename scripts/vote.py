"""`ape run vote`: votes at meetings, from the opening on a register to the confirmation that a vote was counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows, parameters
from scrip.action_codes import CODES
from scripts._cli.carry import carry_out, reason_of
from scripts._cli.carry import confirm as confirm_
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, offline, opened, request_of, view_options
from scripts._cli.values import ACCOUNT, INSTANT, Whole, reasoned

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
CODE = click.Choice(tuple(CODES))
NUMBER = Whole(1, parameters.MAX_RESOLUTIONS.value)
REGISTER = click.option("--register", type=FOLDER, required=True, help="The register at the record: `register build`.")
OUT = click.option("--out", type=FOLDER, help="Folder for the files; else votes/NETWORK/TICKER/REFERENCE.")


@click.group(
    cls=Group, short_help="Votes at meetings: open, proof, cast, sign, relay, tally, report, confirm, publish, show"
)
def cli() -> None:
    """Votes at meetings: holders say how the custodian votes their shares, and it reports what it cast."""


def named(command: Any) -> Any:
    """What names a meeting on every chain."""
    return click.argument("ticker")(click.argument("reference")(command))


def _change(command: str, options: dict[str, Any], plan_of: Any, retype: str = "") -> None:
    """Carry out what is named by the meeting's own reference, which is an argument."""
    given = request_of({**options, "reference": ""})
    carry_out(f"vote {command}", given, lambda network: plan_of(network, given.sender), retype=retype, evm_only=True)


def _folder(out: Path | None, network: str, ticker: str, reference: str) -> Path:
    return out or Path("votes") / network / ticker / reference


@cli.command("open")
@named
@REGISTER
@click.option("--agenda", type=FILE, required=True, help="YAML: title, uri, resolutions of a label and a title each.")
@click.option("--deadline", type=INSTANT, help="The last second of votes; else the manifest's lead before.")
@change_options
def open_(ticker: str, reference: str, register: Path, agenda: Path, deadline: int | None, **options: Any) -> None:
    """Open the vote of an announced meeting on the register at its record (ACTIONS)."""

    def plan_of(network: Any, by: str) -> Any:
        sheet = flows.voting.Sheet(register, agenda, deadline or 0)
        return flows.voting.open_(network, ticker, reference, sheet, by)

    _change("open", options, plan_of, retype=ticker)


@cli.command()
@named
@reasoned
@change_options
def void(ticker: str, reference: str, **options: Any) -> None:
    """End a vote of which nothing is reported (ACTIONS, or the timelock); another starts without its votes."""
    given, why = reason_of({**options, "reference": ""})
    carry_out(
        "vote void",
        given,
        lambda network: flows.voting.void(network, ticker, reference, why),
        retype=ticker,
        evm_only=True,
    )


@cli.command()
@named
@click.argument("accounts", nargs=-1, required=True, type=ACCOUNT)
@REGISTER
@OUT
@view_options
def proof(
    ticker: str, reference: str, accounts: tuple[str, ...], register: Path, out: Path | None, **options: Any
) -> None:
    """Write ACCOUNTS the files by which they vote from wallets of their own."""
    given = request_of(options)
    with reporting("vote proof", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed

        found = agreed(
            network,
            lambda one: flows.voting.proofs(one, ticker, reference, register, accounts),
            lambda papers: papers,
        )
        written = flows.voting.write(_folder(out, given.network, ticker, reference), found)
        report.more["files"] = [str(one) for one in written]
        for one in written:
            report.say(str(one))


def wished(command: Any) -> Any:
    """How somebody wants to vote."""
    for option in (
        click.option("--why", default="", metavar="TEXT", help="A reason, which is published with the vote."),
        click.option("--split", type=FILE, help="CSV of parts: resolution, against, for, abstain, in tokens."),
        click.option("--abstain", type=NUMBER, multiple=True, help="The same."),
        click.option("--against", type=NUMBER, multiple=True, help="The same."),
        click.option("--for", "in_favour", type=NUMBER, multiple=True, help="A resolution's number; several times."),
    ):
        command = option(command)
    return command


def _wish(options: dict[str, Any]) -> Any:
    given = {name: options.pop(name) for name in ("in_favour", "against", "abstain", "split")}
    return flows.voting.Wish(**given, reason=options.pop("why"))


@cli.command()
@named
@click.argument("account", type=ACCOUNT)
@REGISTER
@wished
@change_options
def cast(ticker: str, reference: str, account: str, register: Path, **options: Any) -> None:
    """Vote with ACCOUNT's units, by itself or, with --as, by its successor. The last vote counts."""
    wish = _wish(options)

    def plan_of(network: Any, by: str) -> Any:
        return flows.voting.cast(network, ticker, reference, register, account, wish, by)

    _change("cast", options, plan_of)


@cli.command()
@click.argument("proof", type=FILE)
@wished
@click.option("--out", type=FILE, required=True, help="File of the signed votes.")
@change_options
def sign(proof: Path, out: Path, **options: Any) -> None:
    """Sign votes from the PROOF that `vote proof` wrote, by its account or, with --as, its successor.

    No node is asked and nothing is sent: anybody hands the file in with `vote relay`.
    """
    wish, request = _wish(options), request_of(options)
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a vote is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains.operation import demand_writable

    with reporting("vote sign", request.as_json) as report:
        demand_writable(out, "out")
        made = flows.signed_votes.draft(offline(request), proof, wish, request.sender)
        report.more["signed"] = {"file": str(out), "voter": made.key.address, "votes": list(made.lines)}
        for line in made.lines:
            report.say(line)
        if request.mode == "plan":
            report.say("these are the votes: --apply signs them")
        else:
            confirm_(request, "")
            made.sign_into(out)
            report.say(f"{out} written: anybody hands it in with `vote relay`")


@cli.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@change_options
def relay(files: tuple[Path, ...], **options: Any) -> None:
    """Hand in signed votes of FILES, as anybody may. What was counted is left: a batch goes on where it stopped."""
    given = request_of(options)
    carry_out(
        "vote relay",
        given,
        lambda network: flows.signed_votes.relay(network, files, given.sender),
        evm_only=True,
    )


@cli.command()
@named
@click.option("--out", type=FOLDER, help="Folder for the custodian's instruction, JSON and CSV, once the vote is over.")
@click.option("--agenda", type=FILE, help="What the vote was opened with, for the issuer's labels.")
@view_options
def tally(ticker: str, reference: str, out: Path | None, agenda: Path | None, **options: Any) -> None:
    """Show what the custodian is to vote, in shares, and write its instruction."""
    _look("tally", options, lambda network: flows.voting.tally(network, ticker, reference, out, agenda))


@cli.command()
@named
@click.argument("casts", type=FILE, required=False)
@click.option("--as-instructed", is_flag=True, help="It cast the whole shares of its instruction: no CASTS.")
@click.option("--document", required=True, help="The custodian's own report: its name, or the 0x hash of it.")
@click.option("--uri", default="", help="Where that is read.")
@change_options
def report(
    ticker: str, reference: str, casts: Path | None, as_instructed: bool, document: str, uri: str, **options: Any
) -> None:
    """Record what the custodian cast (ACTIONS): CASTS has resolution, against, for, abstain, in shares."""
    if (casts is None) != as_instructed:
        raise click.UsageError("give CASTS, or --as-instructed where it cast what it was told")
    _change(
        "report",
        options,
        lambda network, by: flows.voting.report(network, ticker, reference, casts, document, uri, by),
        retype=ticker,
    )


@cli.command()
@named
@click.argument("accounts", nargs=-1, required=True, type=ACCOUNT)
@OUT
@change_options
def confirm(ticker: str, reference: str, accounts: tuple[str, ...], out: Path | None, **options: Any) -> None:
    """Write ACCOUNTS how their votes were cast, and have it logged. Anyone may."""
    folder = _folder(out, request_of({**options, "reference": ""}).network, ticker, reference)
    _change(
        "confirm",
        options,
        lambda network, by: flows.voting.confirm(network, ticker, reference, accounts, folder, by),
    )


@cli.command()
@named
@click.option(
    "--code",
    "about",
    type=CODE,
    default="MEET",
    show_default=True,
    help="ISO 15022 code of the action that it is about.",
)
@click.option("--document", required=True, help="What is published: its name, or the 0x hash of it.")
@click.option("--uri", required=True, help="Where it is read.")
@change_options
def publish(ticker: str, reference: str, about: str, document: str, uri: str, **options: Any) -> None:
    """Put a notice or a disclosure document on record (ACTIONS)."""
    _change(
        "publish",
        options,
        lambda network, by: flows.voting.publish(network, ticker, about, reference, document, uri, by),
    )


@cli.command()
@named
@view_options
def show(ticker: str, reference: str, **options: Any) -> None:
    """Show a meeting's vote: its terms, what is instructed, and what was cast."""
    _look("show", options, lambda network: flows.voting.show(network, ticker, reference))


def _look(command: str, options: dict[str, Any], view: Any) -> None:
    given = request_of(options)
    with reporting(f"vote {command}", given.as_json) as report, opened(given, evm_only=True) as network:
        from scrip.chains.agreement import agreed

        found = agreed(network, view, lambda shown: shown.facts)
        report.more["vote"] = found.facts
        for line in found.lines():
            report.say(line)
