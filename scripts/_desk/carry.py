"""From a plan to what became of it: shown, then applied by keys of this machine, proposed to the Safe, or rehearsed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from scripts._desk.report import Report, reporting
from scripts._desk.session import Request, opened

if TYPE_CHECKING:
    from pathlib import Path

    from scrip.evm.desk import Desk
    from scrip.plan import Change, Plan, Step

PROPOSALS = "proposals"
"""Folder of proposals that are given no name, beside the records."""
LAST_WORDS = ("already", "done", "failed")
"""Events that end a step."""


def carry_out(command: str, request: Request, plan_of: Callable[[Desk], Plan], *, retype: str = "") -> None:
    """Plan, show, and do what the request's mode says; ends the process with the exit code.

    `retype` is what an operator must type again before a destructive plan is sent: a ticker, a network.
    """
    with reporting(command, request.as_json) as report, opened(request) as desk:
        plan = plan_of(desk)
        report.show_plan(plan, _previewed(desk, plan, report))
        if not plan.steps:
            report.say("nothing to do: everything stands as wished")
        elif request.mode == "plan":
            report.say("this is the plan: --apply signs and sends it, --propose writes it for the Safe's owners")
        elif request.mode == "rehearse":
            _rehearse(desk, plan, report)
        else:
            confirm(request, retype)
            if request.mode == "propose":
                _propose(desk, plan, request, report)
            else:
                _apply(desk, plan, report)


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
        click.confirm("Send this?", abort=True, err=True)
        return
    if click.prompt(f"Type {retype} to go on", err=True, default="", show_default=False) != retype:
        raise click.Abort


def _apply(desk: Desk, plan: Plan, report: Report) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from scrip.execute import Executor
    from scrip.records import Record

    ours = _signed_here(desk, plan)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    sent = report.more["transactions"] = []
    with Progress(*columns, console=report.console, transient=True) as progress:
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
    if len(ours.steps) < len(plan.steps):
        rest = plan.steps[len(ours.steps)]
        report.say(f'the rest is signed by "{rest.sender}": give the same command with --propose')


def _signed_here(desk: Desk, plan: Plan) -> Plan:
    """The first steps of the plan, as far as keys of this machine sign; InputError when they do not sign the first."""
    from dataclasses import replace
    from itertools import takewhile

    from scrip.errors import InputError

    steps = tuple(takewhile(lambda step: desk.chain.signs(step.sender), plan.steps))
    if not steps:
        sender = plan.steps[0].sender
        raise InputError("does not sign here: write a proposal with --propose", field="sender", value=sender)
    return replace(plan, steps=steps)


def _propose(desk: Desk, plan: Plan, request: Request, report: Report) -> None:
    from scrip.evm.safe.file import write
    from scrip.evm.safe.proposal import propose

    proposal = propose(desk.chain, plan, desk.genesis, desk.node.code, block=desk.node.block().number)
    path = request.proposal or _proposal_path(request, plan, proposal.tx.nonce)
    write(proposal, path)
    report.more["proposal"] = {"file": str(path), "hash": "0x" + proposal.tx.digest().hex(), "nonce": proposal.tx.nonce}
    report.say(f"{path}: nonce {proposal.tx.nonce}, {proposal.threshold} of {len(proposal.owners)} owners must sign")
    report.say(f"each owner: ape run safe sign {path} --as OWNER; then: ape run safe execute {path} --apply")


def _proposal_path(request: Request, plan: Plan, nonce: int) -> Path:
    name = f"{nonce:04}-{plan.name.replace(' ', '-')}.json"
    return request.records.parent / PROPOSALS / request.network / name


def _rehearse(desk: Desk, plan: Plan, report: Report) -> None:
    from scrip.evm.rehearse import rehearse

    found = rehearse(desk, plan)
    report.more["rehearsal"] = found.as_json()
    for line in found.lines():
        report.say(line)
    for finding in found.findings:
        report.show_drift(finding.field, finding.expected, finding.found)
