"""A plan on one network: shown, then applied by keys of this machine, written for others to sign, or rehearsed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.progress import Progress
from scripts._cli.report import Report, at_prompt, reporting
from scripts._cli.request import Request, opened, request_of

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.chains.operation import Operation
    from scrip.plan import Plan
    from scrip.plan.draft import Reason
    from scrip.reports.rehearsal import Report as Rehearsal

NOTHING = "nothing to do: everything stands as wished"


def carry_out(
    command: str,
    request: Request,
    plan_of: Callable[[Network], Plan],
    *,
    retype: str = "",
    ordered: bool = True,
    rehearse: Callable[[Network, Plan], Rehearsal] | None = None,
    build: Callable[[Network], Any] | None = None,
    evm_only: bool = False,
    operation: Callable[[], str] | None = None,
) -> None:
    """Plan, show, and do what the request's mode says; ends the process with the exit code.

    `retype` is what an operator must type again before a destructive plan is sent: a ticker, a network. Steps that are
    not `ordered` are sent by whoever signs them, in any order; else each waits for the one before. `rehearse` takes the
    place of the network's own rehearsal. `build` is what is to run afterwards. What is `evm_only` Solana has not.
    `operation` names what is carried out, where the command does not: an emergency is opened without a second node.
    """
    from scrip.chains.agreement import demand_agreement
    from scrip.chains.operation import demand_whole, prepared
    from scrip.records.journal import is_urgent

    def alone() -> bool:
        return is_urgent(command) or (operation is not None and is_urgent(operation()))

    with reporting(command, request.as_json) as report, opened(request, evm_only, alone) as network:
        report.shows_all = request.shows_all
        if not is_urgent(command):
            demand_whole(network)
        _caution(network, report)
        operation = prepared(network, plan_of(network), ordered)
        plan, seen = operation.plan, operation.preview
        report.show_plan(plan, seen.changes)
        if seen.refusal is not None:
            raise seen.refusal
        if not plan.steps:
            for record in operation.settle() if request.mode == "apply" else ():
                report.say(f"recorded {record.action.step}  {record.tx}")
            report.say(NOTHING if not plan.waits else "nothing to do now")
        elif request.mode == "plan":
            report.say("this is the plan: --apply signs and sends it, --propose writes it for others to sign")
        elif request.mode == "rehearse":
            report.show_rehearsal(
                rehearse(network, plan) if rehearse else operation.rehearse(build(network) if build else None)
            )
        else:
            proposed = request.mode == "propose"
            part = operation.signed_elsewhere() if proposed else operation.signed_here()
            if retype:
                demand_agreement(network, plan_of)
            confirm(request, retype)
            if proposed:
                report.show_proposal(operation.propose(part, request.file, request.nonce))
            else:
                _apply(operation, part, report)
            _mention_left(operation, part, report)
        if not plan.steps or request.mode == "apply":
            report.show_waiting(plan)


def _apply(operation: Operation, part: Plan, report: Report) -> None:
    """Send a part; who interrupts that is told what is on its way."""
    try:
        with Progress(report, part) as progress:
            operation.apply(part, progress.watch)
    except KeyboardInterrupt:
        left = [{"step": one.action.step, "title": one.action.title, "tx": one.tx} for one in operation.under_way(part)]
        report.more["under_way"] = left
        for one in left:
            report.say(f"under way {one['title']}  {one['tx']}")
        raise


def carry_out_order(
    command: str, options: dict[str, Any], plan_of: Callable[[Network, Reason], Plan], *, retype: str = ""
) -> None:
    """As carry_out, of a command with a reason: `options` are its own and the shared ones."""
    request, why = reason_of(options)
    carry_out(command, request, lambda network: plan_of(network, why), retype=retype)


def reason_of(options: dict[str, Any]) -> tuple[Request, Reason]:
    """The request of a forced action, and what it rests on; both are taken out of a command's options."""
    from scrip.plan.draft import Reason

    reason, document = options.pop("reason"), options.pop("document")
    request = request_of(options)
    return request, Reason(reason, document, request.reference, request.sender)


def _caution(network: Network, report: Report) -> None:
    """What to know of the network before its plan is read: what is stopped comes first."""
    from scrip.flows.fleet import stopped
    from scrip.manifest.describe import cautions

    report.show_stopped(stopped(network))
    for line in cautions(network.manifest):
        report.say(line)
    if network.manifest.gaps:
        report.more["open"] = [gap.field for gap in network.manifest.gaps]


def confirm(request: Request, retype: str) -> None:
    """Ask, or have something typed again; click.Abort when the operator does not."""
    if request.yes:
        return
    with at_prompt():
        if not retype:
            click.confirm("Go on?", abort=True, err=True)
            return
        typed = click.prompt(f"Type {retype} to go on", err=True, default="", show_default=False)
    if not _is_same(typed, retype):
        raise click.Abort


def _is_same(typed: str, wanted: str) -> bool:
    """Whether it is the text that was asked for, or the same number where that is one: 420 for 420.000000."""
    try:
        return typed == wanted or Decimal(typed.replace(",", "")) == Decimal(wanted.replace(",", ""))
    except InvalidOperation:
        return False


def _mention_left(operation: Operation, part: Plan, report: Report) -> None:
    left = [step.sender for step in operation.left(part)]
    if left:
        report.more["rest"] = left
        who = ", ".join(dict.fromkeys(left))
        report.say(f"{len(left)} steps are left, of {who}: give the command again with what signs for them")
