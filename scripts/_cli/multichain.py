"""An operation on several networks: one plan of all of them, shown, then applied, written for others, or rehearsed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from scrip import flows
from scrip.units import NO_WAD
from scripts._cli.carry import NOTHING, carry_out, confirm
from scripts._cli.report import Report, reporting
from scripts._cli.request import Request

if TYPE_CHECKING:
    from scrip.executor import Event
    from scrip.manifest.model import AnyManifest
    from scrip.multichain.operation import MultichainOperation, Work
    from scrip.multichain.side import Order, Side
    from scrip.plan import Step
    from scrip.records import Record
    from scrip.units import Shares, Wad

MOVE_CEILING = "market move-ceiling"
ALONE = click.option(
    "--alone", is_flag=True, help="On this network only, though others have the stock: to mend what is one-sided."
)


def act(
    command: str,
    request: Request,
    order: Order,
    alone: bool = False,
    twin: bool = False,
    expected: Wad = NO_WAD,
) -> None:
    """Announce, schedule or cancel on every network that has the stock; ends the process with the exit code.

    `alone` is on the request's own network only, as it is where its manifest spans no other. A `twin` may look like an
    action that stands under another reference. `expected` is the price that a dividend will be struck at.
    """
    others = [] if alone else with_others(command, request, order.stock)
    if not others:
        carry_out(
            command,
            request,
            lambda network: flows.announcements.plan_of(network, order, request.sender, twin, expected),
            retype=order.stock,
        )
        return

    def work(sides: Sequence[Side]) -> Work:
        from scrip.multichain.actions import MultichainAction
        from scrip.multichain.operation import ActionWork

        isin = request.manifest().stocks[order.stock].identity
        named = (isin, order.code, order.reference)
        action = MultichainAction(sides, request.records, *named, request.sender, twin=twin, expected=expected)
        return ActionWork(action, order)

    carry_out_together(command, request, others, work, retype=order.stock)


def move_ceiling(request: Request, ticker: str, shares: Shares, target: str) -> None:
    """Move shares from this network's ceiling to another's; ends the process with the exit code."""
    from scrip.multichain.ceilings import CeilingMove, refuse_proposal, target_of

    others = with_others(MOVE_CEILING, request, ticker)
    with reporting(MOVE_CEILING, request.as_json, ends=False):
        other = target_of(request.manifest(), others, ticker, target)
        if request.mode == "propose":
            refuse_proposal(request.network, target)

    def work(sides: Sequence[Side]) -> Work:
        isin = request.manifest().stocks[ticker].identity
        return CeilingMove(sides[0], sides[1], request.records, isin, shares, request.reference)

    carry_out_together(MOVE_CEILING, request, [other], work, retype=ticker)


def demand_alone(command: str, request: Request, ticker: str) -> None:
    """End the process where others have a stock, of a command that only Ethereum-family networks have."""
    from scrip.multichain.siblings import demand_single

    others = with_others(command, request, ticker)
    with reporting(command, request.as_json, ends=False):
        demand_single(command, others)


def with_others(command: str, request: Request, ticker: str) -> list[AnyManifest]:
    """The manifests of the other networks that have a stock.

    What is wrong with one of them ends the process, as it would within the command.
    """
    from scrip.multichain.siblings import with_stock

    with reporting(command, request.as_json, ends=False):
        return with_stock(request.manifest(), request.manifests, ticker)


def carry_out_together(
    command: str,
    request: Request,
    others: Sequence[AnyManifest],
    work: Callable[[Sequence[Side]], Work],
    *,
    retype: str,
) -> None:
    """Plan, show, and do what the request's mode says, on several networks; ends the process with the exit code.

    `work` says, of the networks as sides, the request's own first, what they are to do.
    """
    from scrip.chains.operation import demand_whole
    from scrip.executor import ended
    from scrip.multichain.opening import opened_sides
    from scrip.multichain.operation import prepared

    with reporting(command, request.as_json) as report:
        sent = report.more["transactions"] = []

        def watch(network: str, event: Event, step: Step, record: Record | None = None) -> None:
            if end := ended(event, step, record):
                row = {"network": network, "step": step.name, "status": end.status, "tx": end.tx, "block": end.block}
                sent.append(row)
                report.say(f"{end.status:8} {network}: {step.title}  {end.tx}")

        with opened_sides([request.manifest(), *others], request.records, watch) as sides:
            for side in sides:
                demand_whole(side.network)
            operation = prepared(sides, work(sides))
            report.shows_all = request.shows_all
            for side, plan in zip(sides, operation.plans, strict=True):
                found = side.network.beyond_records(plan) if plan.steps else []
                report.show_untold(found, f"{side.manifest.network}: ")
            report.show_plan(operation.together(command), ())
            report.more["networks"] = operation.networks
            _do(operation, request, report, retype)


def _do(operation: MultichainOperation, request: Request, report: Report, retype: str) -> None:
    if request.mode == "apply":
        if not operation.is_empty:
            confirm(request, retype)
        if not operation.apply():
            report.say(NOTHING)
        return
    operation.demand_accepted()
    if operation.is_empty:
        report.say(NOTHING)
    elif request.mode == "rehearse":
        found = operation.rehearse()
        for network, one in found.items():
            report.show_rehearsal(one, f"{network}: ")
        report.more["rehearsal"] = {network: one.as_json() for network, one in found.items()}
    elif request.mode == "propose":
        if request.nonce is not None:
            raise click.UsageError("--nonce is of one Safe, and each network has its own: propose with --alone")
        asked = operation.proposals(request.file)
        confirm(request, retype)
        proposals = report.more["proposals"] = {}
        for one in asked:
            network, written = one.side.manifest.network, one.write()
            proposals[network] = written.values
            for line in written.lines:
                report.say(f"{network}: {line}")
        report.say("until all have signed, some networks have what others have not: ape run audit chain says which")
    else:
        report.say("this is the plan of all networks: --apply signs and sends it, --propose writes it for others")
