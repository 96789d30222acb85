"""From a plan to what became of it: shown, then applied by keys of this machine, proposed to the Safe, or rehearsed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from scripts._desk.report import Report, reporting
from scripts._desk.session import Request, opened, request_of

if TYPE_CHECKING:
    from scrip.evm.desk import Desk
    from scrip.evm.operations.common import Grounds
    from scrip.evm.release import Release
    from scrip.plan import Change, Plan, Step

LAST_WORDS = ("already", "done", "failed")
"""Events that end a step."""


def carry_out(
    command: str,
    request: Request,
    plan_of: Callable[[Desk], Plan],
    *,
    retype: str = "",
    ordered: bool = True,
    rehearsed: str = "",
    release: Callable[[], Release] | None = None,
) -> None:
    """Plan, show, and do what the request's mode says; ends the process with the exit code.

    `retype` is what an operator must type again before a destructive plan is sent: a ticker, a network. Steps that are
    not `ordered` are sent by whoever signs them, in any order; else each waits for the one before. `rehearsed` is what
    is rehearsed in the command's stead. `release` is the build that the plan pins.
    """
    if rehearsed and request.mode == "rehearse":
        raise click.UsageError(f"this is rehearsed by {rehearsed}, with --rehearse")
    with reporting(command, request.as_json) as report, opened(request) as desk:
        _introduce(desk, report)
        plan = plan_of(desk)
        report.show_plan(plan, _previewed(desk, plan, report))
        if not plan.steps:
            report.say("nothing to do: everything stands as wished")
        elif request.mode == "plan":
            report.say("this is the plan: --apply signs and sends it, --propose writes it for the Safe's owners")
        elif request.mode == "rehearse":
            _rehearse(desk, plan, release() if release else None, report)
        else:
            proposed = request.mode == "propose"
            ours = _part(desk, plan, ordered, proposed)
            confirm(request, retype)
            if proposed:
                _propose(desk, ours, request, report)
            else:
                _apply(desk, ours, report)
            _mention_rest(desk, plan, ours, report)


def carry_out_order(
    command: str, options: dict[str, Any], plan_of: Callable[[Desk, Grounds], Plan], *, retype: str = ""
) -> None:
    """As carry_out, of a command with `grounds`: `options` are its own and the shared ones."""
    from scrip.evm.operations.common import Grounds

    reason, document = options.pop("reason"), options.pop("document")
    request = request_of(options)
    grounds = Grounds(reason, document, request.reference, request.sender)
    carry_out(command, request, lambda desk: plan_of(desk, grounds), retype=retype)


def _introduce(desk: Desk, report: Report) -> None:
    """What to know of the network before its plan is read."""
    from scrip.manifest.describe import NOT_REACHED

    if desk.manifest.chain.public:
        report.say(f"{desk.manifest.network}: {NOT_REACHED}")
    for gap in desk.manifest.gaps:
        report.say(f"open: {gap}")
    if desk.manifest.gaps:
        report.more["open"] = [gap.field for gap in desk.manifest.gaps]


def _previewed(desk: Desk, plan: Plan, report: Report) -> tuple[Change, ...]:
    """What the model says that the plan changes; its refusal ends the command before anything is signed."""
    from scrip.evm.operations.forecast import preview_plan

    seen = preview_plan(desk, plan)
    if seen.refusal is not None:
        report.show_plan(plan, seen.changes)
        raise seen.refusal
    return seen.changes


def confirm(request: Request, retype: str) -> None:
    """Ask, or have something typed again; click.Abort when the operator does not."""
    if request.yes:
        return
    if not retype:
        click.confirm("Go on?", abort=True, err=True)
        return
    if click.prompt(f"Type {retype} to go on", err=True, default="", show_default=False) != retype:
        raise click.Abort


def _part(desk: Desk, plan: Plan, ordered: bool, proposed: bool) -> Plan:
    """The steps that are sent now: from the first on as far as one way leads, or all of that way where order is none.

    InputError when there is none.
    """
    from dataclasses import replace
    from itertools import takewhile

    from scrip.errors import InputError
    from scrip.evm.words import SAFE, TIMELOCK

    if proposed:
        # What keys of this machine have done of it is no obstacle.
        plan = replace(plan, steps=tuple(step for step in plan.steps if not _is_recorded(desk, plan, step)))
        if not plan.steps:
            raise InputError("is done, as the records say", field="reference", value=plan.reference)

    def is_ours(step: Step) -> bool:
        return step.sender in (SAFE, TIMELOCK) if proposed else desk.chain.signs(step.sender)

    steps = tuple((takewhile if ordered else filter)(is_ours, plan.steps))
    if proposed:
        # What the timelock does later cannot be waited for in the same proposal.
        steps = _safe_first(steps, ordered)
    if not steps:
        reason = "signs by a key: --apply" if proposed else "does not sign here: write a proposal with --propose"
        raise InputError(reason, field="sender", value=plan.steps[0].sender)
    return replace(plan, steps=steps)


def _is_recorded(desk: Desk, plan: Plan, step: Step) -> bool:
    from scrip.execute.walk import identity

    latest = desk.records.latest(identity(desk, plan, step))
    return latest is not None and latest.done


def _safe_first(steps: tuple[Step, ...], ordered: bool) -> tuple[Step, ...]:
    from itertools import dropwhile, takewhile

    from scrip.evm.words import SAFE, TIMELOCK

    if not ordered:
        return tuple(sorted(steps, key=lambda step: step.sender == TIMELOCK))
    first = list(takewhile(lambda step: step.sender == SAFE, steps))
    rest = dropwhile(lambda step: step.sender == SAFE, steps)
    return (*first, *takewhile(lambda step: step.sender == TIMELOCK, rest))


def _mention_rest(desk: Desk, plan: Plan, ours: Plan, report: Report) -> None:
    left = (step for step in plan.steps if step not in ours.steps)
    rest = [step.sender for step in left if not _is_recorded(desk, plan, step)]
    if rest:
        report.more["rest"] = rest
        who = ", ".join(dict.fromkeys(rest))
        report.say(f"{len(rest)} steps are left, of {who}: give the command again with what signs for them")


def _apply(desk: Desk, ours: Plan, report: Report) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from scrip.execute import Executor
    from scrip.records import Record

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    sent = report.more["transactions"] = []
    shown = report.console.is_terminal
    with Progress(*columns, console=report.console, transient=True, disable=not shown) as progress:
        task = progress.add_task("", total=len(ours.steps))

        def watch(event: str, step: Step, record: Record | None = None) -> None:
            progress.update(task, description=step.title)
            if event not in LAST_WORDS:
                return
            progress.advance(task)
            tx, block, gas = (record.tx, record.block, record.gas) if record else ("", 0, 0)
            sent.append({"step": step.name, "status": event, "tx": tx, "block": block, "gas": gas})
            report.say(f"{event:8} {step.title}  {tx}")

        Executor(desk, watch=watch).run(ours)


def _propose(desk: Desk, ours: Plan, request: Request, report: Report) -> None:
    from scrip.errors import InputError
    from scrip.evm.safe.file import write
    from scrip.evm.safe.proposal import propose

    path = request.proposal
    if path is None or path.exists():
        # It may hold signatures.
        raise InputError("stands already: name another file", field="propose", value=path)
    proposal = propose(desk.chain, ours, desk.genesis, desk.node.code, block=desk.node.block().number)
    write(proposal, path)
    report.more["proposal"] = {"file": str(path), "hash": "0x" + proposal.tx.digest().hex(), "nonce": proposal.tx.nonce}
    report.say(f"{path}: nonce {proposal.tx.nonce}, {proposal.threshold} of {len(proposal.owners)} owners must sign")
    report.say(f"each owner: ape run safe sign {path} --as OWNER; then: ape run safe execute {path} --apply")
    for one in proposal.delayed:
        report.say(
            f"then the timelock waits {one.delay} s for 0x{one.operation.id.hex()}; the same command executes it"
        )


def _rehearse(desk: Desk, plan: Plan, release: Release | None, report: Report) -> None:
    from scrip.evm.rehearse import rehearse

    found = rehearse(desk, plan, release)
    report.more["rehearsal"] = found.as_json()
    for line in found.lines():
        report.say(line)
    for finding in found.findings:
        report.show_drift(finding.field, finding.expected, finding.found, finding.severity)
