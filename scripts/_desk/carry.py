"""From a plan to what became of it: shown, then applied by keys of this machine, proposed to the Safe, or rehearsed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from scripts._desk.report import Report, reporting
from scripts._desk.session import Request, opened, request_of

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.evm.compiled.release import Release
    from scrip.plan import Change, Plan, Step
    from scrip.plan.draft import Reason
    from scrip.reports.rehearsal import Report as Rehearsal
    from scrip.solana.build import Build as ProgramBuild

Build: TypeAlias = "Release | ProgramBuild"
"""What the fleet runs: the stocks' code, or the program."""
LAST_WORDS = ("already", "done", "failed")
"""Events that end a step."""


def carry_out(
    command: str,
    request: Request,
    plan_of: Callable[[Network], Plan],
    *,
    retype: str = "",
    ordered: bool = True,
    decided: Callable[[Any, Plan], Rehearsal] | None = None,
    release: Callable[[Network], Build] | None = None,
    evm_only: bool = False,
) -> None:
    """Plan, show, and do what the request's mode says; ends the process with the exit code.

    `retype` is what an operator must type again before a destructive plan is sent: a ticker, a network. Steps that are
    not `ordered` are sent by whoever signs them, in any order; else each waits for the one before. `decided` rehearses
    what was decided and previewed before. `release` is the build that is to run afterwards. What is
    `evm_only` Solana has not.
    """
    with reporting(command, request.as_json) as report, opened(request, evm_only) as network:
        _introduce(network, report)
        plan = plan_of(network)
        report.show_plan(plan, _previewed(network, plan, report))
        if not plan.steps:
            if request.mode == "apply":
                _settle(network, report)
            report.say("nothing to do: everything stands as wished")
        elif request.mode == "plan":
            report.say("this is the plan: --apply signs and sends it, --propose writes it for others to sign")
        elif request.mode == "rehearse":
            rehearsal = decided(network, plan) if decided else _rehearsed(network, plan, release)
            _show(rehearsal, report)
        else:
            proposed = request.mode == "propose"
            ours = _part(network, plan, ordered, proposed)
            confirm(request, retype)
            if proposed:
                _propose(network, ours, request, report)
            else:
                _apply(network, ours, report)
            _mention_rest(network, plan, ours, report)


def carry_out_order(
    command: str, options: dict[str, Any], plan_of: Callable[[Network, Reason], Plan], *, retype: str = ""
) -> None:
    """As carry_out, of a command with a reason: `options` are its own and the shared ones."""
    from scrip.plan.draft import Reason

    reason, document = options.pop("reason"), options.pop("document")
    request = request_of(options)
    why = Reason(reason, document, request.reference, request.sender)
    carry_out(command, request, lambda network: plan_of(network, why), retype=retype)


def _introduce(network: Network, report: Report) -> None:
    """What to know of the network before its plan is read."""
    from scrip.manifest.describe import NOT_REACHED

    if network.manifest.chain.public:
        report.say(f"{network.manifest.network}: {NOT_REACHED}")
    for gap in network.manifest.gaps:
        report.say(f"open: {gap}")
    if network.manifest.gaps:
        report.more["open"] = [gap.field for gap in network.manifest.gaps]


def _previewed(network: Network, plan: Plan, report: Report) -> tuple[Change, ...]:
    """What the model says that the plan changes; its refusal ends the command before anything is signed."""
    seen = network.preview(plan)
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


def _part(network: Network, plan: Plan, ordered: bool, proposed: bool) -> Plan:
    """The steps that are sent now: from the first on as far as one way leads, or all of that way where order is none.

    InputError when there is none.
    """
    from dataclasses import replace
    from itertools import takewhile

    from scrip.errors import InputError

    if proposed:
        return network.part(plan, ordered)
    steps = tuple((takewhile if ordered else filter)(lambda step: network.signs(step.sender), plan.steps))
    if not steps:
        reason = "does not sign here: write a proposal with --propose"
        raise InputError(reason, field="sender", value=plan.steps[0].sender)
    return replace(plan, steps=steps)


def _mention_rest(network: Network, plan: Plan, ours: Plan, report: Report) -> None:
    left = (step for step in plan.steps if step not in ours.steps)
    rest = [step.sender for step in left if not network.recorded(plan, step)]
    if rest:
        report.more["rest"] = rest
        who = ", ".join(dict.fromkeys(rest))
        report.say(f"{len(rest)} steps are left, of {who}: give the command again with what signs for them")


def _apply(network: Network, ours: Plan, report: Report) -> None:
    import time

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from scrip.executor import Executor
    from scrip.records import Record

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn())
    sent = report.more["transactions"] = []
    shown, started, done = report.console.is_terminal, time.monotonic(), 0
    with Progress(*columns, console=report.console, transient=True, disable=not shown) as progress:
        task = progress.add_task("", total=sum(map(_orders, ours.steps)), rate="")

        def watch(event: str, step: Step, record: Record | None = None) -> None:
            nonlocal done
            progress.update(task, description=step.title)
            if event not in LAST_WORDS:
                return
            done += _orders(step)
            progress.update(task, completed=done, rate=_rate(done, time.monotonic() - started))
            tx, block, gas = (record.tx, record.block, record.gas) if record else ("", 0, 0)
            sent.append({"step": step.name, "status": event, "tx": tx, "block": block, "gas": gas})
            report.say(f"{event:8} {step.title}  {tx}")

        Executor(network.transactions(), watch=watch).run(ours)
    seconds = time.monotonic() - started
    report.more["rate"] = {"orders": done, "seconds": round(seconds, 1)}
    if done > 1:
        report.say(f"{done} orders in {len(ours.steps)} transactions, {seconds:.0f} s: {_rate(done, seconds)}")


def _settle(network: Network, report: Report) -> None:
    """A run that was killed after its last transaction left it unrecorded."""
    from scrip.executor import Executor

    for record in Executor(network.transactions()).settle():
        report.say(f"recorded {record.action.step}  {record.tx}")


def _orders(step: Step) -> int:
    """What a step counts for in the progress: a batch's rows, or the one thing that it does."""
    return max(len(step.instructions), 1)


def _rate(done: int, seconds: float) -> str:
    return f"{done / max(seconds, 0.1):.1f} a second"


def _propose(network: Network, ours: Plan, request: Request, report: Report) -> None:
    from scrip.errors import InputError

    path = request.proposal
    if path is None or path.exists():
        # It may hold signatures.
        raise InputError("stands already: name another file", field="propose", value=path)
    written = network.propose(ours, path, request.nonce)
    report.more["proposal"] = written.values
    for line in written.lines:
        report.say(line)


def _rehearsed(network: Network, plan: Plan, release: Callable[[Network], Build] | None) -> Rehearsal:
    found: Rehearsal = network.rehearse(plan, release(network) if release else None)
    return found


def _show(found: Rehearsal, report: Report) -> None:
    """What a rehearsal showed."""
    report.more["rehearsal"] = found.as_json()
    for line in found.lines():
        report.say(line)
    for finding in found.findings:
        report.show_drift(finding.field, finding.expected, finding.found, finding.severity)
