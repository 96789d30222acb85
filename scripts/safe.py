"""`ape run safe`: proposals of the issuer's multisig, from the owners' signatures to the execution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.carry import carry_out
from scripts._cli.groups import Group
from scripts._cli.report import Report, at_prompt, reporting
from scripts._cli.request import Request, change_options, offline, opened, request_of, view_options

if TYPE_CHECKING:
    from scrip.chains.evm import EvmNetwork
    from scrip.evm.safe.proposal import Proposal
    from scrip.plan import Plan
    from scrip.reports.rehearsal import Report as Rehearsal

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(cls=Group, short_help="Proposals of the issuer's Safe: show, sign offline, merge, execute")
def cli() -> None:
    """Proposals of the issuer's Safe, as files that its Transaction Builder reads too."""


@cli.command()
@click.argument("proposal", type=FILE)
@view_options
def show(proposal: Path, **options: Any) -> None:
    """What a proposal does, who has signed it, and where it stands on the chain."""
    from scrip.chains.agreement import agreed
    from scrip.evm.proposals.execution import state
    from scrip.evm.safe.file import read

    request = request_of(options)
    with reporting("safe show", request.as_json) as report, opened(request, evm_only=True) as network:
        found = read(proposal)
        _describe(found, request, report)
        stands = agreed(network, lambda one: state(one.chain, found, one.node.logs), what="the proposal")
        report.more["state"] = stands.name.lower()
        report.say(f"on {request.network}: {stands.value}")


@cli.command()
@click.argument("proposal", type=FILE)
@click.option("--as", "owner", required=True, metavar="NAME", help="The owner, an account of the manifest.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@view_options
def sign(proposal: Path, owner: str, yes: bool, **options: Any) -> None:
    """Add an owner's signature to the file. No node is asked: it may be signed on a machine without a network."""
    from scrip.evm.safe.file import read
    from scrip.evm.safe.signing import check_readable, sign_file

    request = request_of(options)
    with reporting("safe sign", request.as_json) as report:
        found = read(proposal)
        check_readable(found)
        _describe(found, request, report)
        if not yes:
            with at_prompt():
                click.confirm(f"Sign as {owner}?", abort=True, err=True)
        known = offline(request)
        signed = sign_file(proposal, known.signer(owner), known.multisend(), found)
        report.more["missing"] = signed.missing
        report.say(f"{proposal}: signed by {owner}, {signed.missing} more needed")


@cli.command()
@click.argument("proposal", type=FILE)
@click.argument("other", type=FILE)
@view_options
def merge(proposal: Path, other: Path, **options: Any) -> None:
    """Take the signatures of another copy of the same proposal into the first file."""
    from scrip.evm.safe.signing import merge_file

    request = request_of(options)
    with reporting("safe merge", request.as_json) as report:
        _describe(merge_file(proposal, other), request, report)


@cli.command()
@click.argument("proposal", type=FILE)
@change_options
def execute(proposal: Path, **options: Any) -> None:
    """Send what enough owners signed. Anyone may; --as names who pays for it. --rehearse shows what it will change."""
    from scrip.evm.safe.file import read

    request = request_of(options)

    def plan(network: EvmNetwork) -> Plan:
        from scrip.evm.proposals.execution import plan_execution

        return plan_execution(network, read(proposal), request.sender)

    def rehearse(network: EvmNetwork, made: Plan) -> Rehearsal:
        from scrip.evm.proposals.execution import rehearse_execution

        return rehearse_execution(network, made, read(proposal), request.sender)

    carry_out("safe execute", request, plan, rehearse=rehearse, evm_only=True, operation=lambda: read(proposal).name)


def _describe(proposal: Proposal, request: Request, report: Report) -> None:
    from scrip.evm.safe.describe import lines

    report.more["proposal"] = {
        "operation": proposal.name,
        "reference": proposal.reference,
        "hash": "0x" + proposal.tx.digest().hex(),
        "nonce": proposal.tx.nonce,
        "signed": sorted(proposal.signatures),
        "missing": proposal.missing,
    }
    for line in lines(proposal, offline(request).names().name):
        report.say(line)
