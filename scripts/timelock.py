"""`ape run timelock`: what waits in the timelock: shown, carried out, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._cli.carry import carry_out
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, opened, request_of, view_options

if TYPE_CHECKING:
    from scrip.chains.network import Network


@click.group(cls=Group, short_help="What waits in the timelock: show, carry out, cancel")
def cli() -> None:
    """What waits in the timelock. It gets there by the Safe: --propose, `safe sign`, `safe execute`.

    On Solana --propose writes what the proposer signs, where ADMIN is the program's own timelock (`timelock adopt`).
    """


@cli.command()
@view_options
def queue(**options: Any) -> None:
    """Everything that waits, call by call, and from when it may be carried out."""

    request = request_of(options)
    from scrip.chains.agreement import agreed

    with reporting("timelock queue", request.as_json) as report, opened(request) as network:
        found = agreed(network, _waiting, lambda them: {one.label: (one.ready_at, lines) for one, lines in them})
        report.more["waiting"] = [{"id": one.label, "ready_at": one.ready_at} for one, _ in found]
        for _, lines in found:
            for line in lines:
                report.say(line)
        if not found:
            report.say("nothing waits")


def _waiting(network: Network) -> list[tuple[Any, list[str]]]:
    """What waits, each with what is said of it."""
    return [(one, list(flows.timelock.lines(network, one))) for one in flows.timelock.waiting(network)]


@cli.command()
@click.argument("operation")
@change_options
def execute(operation: str, **options: Any) -> None:
    """Carry out an operation, by its id, once its delay is over. Anyone may; --as names who pays for it.

    --rehearse shows what it will change, however long it still waits.
    """

    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name who sends it")
    rehearsing = request.mode == "rehearse"

    carry_out(
        "timelock execute",
        request,
        lambda network: flows.timelock.execute(network, operation, request.sender, early=rehearsing),
        rehearse=lambda network, plan: flows.timelock.rehearse_execution(network, plan, operation, request.sender),
    )


@cli.command()
@click.argument("operation")
@change_options
def cancel(operation: str, **options: Any) -> None:
    """Cancel an operation, by its id, while it waits (a canceller, or the Safe)."""

    request = request_of(options)
    carry_out(
        "timelock cancel",
        request,
        lambda network: flows.timelock.cancel(network, operation, request.sender),
        retype=request.network,
    )


@cli.command()
@change_options
def adopt(**options: Any) -> None:
    """Hand ADMIN over to the program's own timelock (Solana; ADMIN), with the manifest's delay and canceller.

    The role is taken by `timelock execute`, once the delay is over; then say its address in the manifest.
    """
    request = request_of(options)
    carry_out("timelock adopt", request, flows.timelock.adopt, retype=request.network)
