"""Operations of several chains: the networks that a manifest spans, opened together, and one plan for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scrip import flows
from scripts._desk.carry import LAST_WORDS, carry_out, confirm
from scripts._desk.report import Report, reporting
from scripts._desk.session import Request, opened

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.errors import Refusal
    from scrip.manifest.model import AnyManifest
    from scrip.multichain.side import Order, Side
    from scrip.plan import Change, Plan, Step
    from scrip.records import Record
    from scrip.reports.findings import Finding
    from scrip.units import Shares

COMMAND = "market move-ceiling"
ALONE = click.option(
    "--alone", is_flag=True, help="On this network only, though others have the stock: to mend what is one-sided."
)


def others_with(command: str, request: Request, ticker: str) -> list[AnyManifest]:
    """The manifests of the other networks that have a stock; none where its manifest spans none.

    What is wrong with one of them ends the process, as it would within the command.
    """
    from scrip.errors import ScripError
    from scrip.multichain.siblings import siblings_of

    try:
        manifest = request.manifest()
        found = siblings_of(manifest, _folder(request)) if manifest.spans else []
    except ScripError as error:
        with reporting(command, request.as_json):
            raise error
    isin = manifest.stocks[ticker].isin if ticker in manifest.stocks else ""
    return [other for other in found if any(stock.isin == isin for stock in other.stocks.values())]


def _folder(request: Request) -> Path:
    return request.manifest_file.parent if request.manifest_file else Path("manifests")


def _of(request: Request, network: str) -> Request:
    """The same, of another network, whose manifest lies beside."""
    return replace(request, network=network, manifest_file=_folder(request) / f"{network}.yaml")


@contextmanager
def opened_with(request: Request, others: Sequence[str], watch: Callable[..., None]) -> Iterator[list[Side]]:
    """The request's network and others, each as a side, the request's own first."""
    from scrip.multichain.networks import NetworkSide

    with ExitStack() as stack:
        sides = []
        for name in (request.network, *others):
            own = name == request.network
            network = stack.enter_context(opened(request if own else _of(request, name)))
            sides.append(NetworkSide(network, _told(name, watch)))
        yield sides


def _told(network: str, watch: Callable[..., None]) -> Callable[..., None]:
    def tell(event: str, step: Step, record: Record | None = None) -> None:
        watch(network, event, step, record)

    return tell


def act(command: str, request: Request, order: Order, alone: bool = False, twin: bool = False) -> None:
    """Announce, schedule or cancel on every network that has the stock; ends the process with the exit code.

    `alone` is on the request's own network only, as it is where its manifest spans no other. A `twin` may look like an
    action that stands under another reference.
    """
    from scrip.multichain.actions import SpanningAction

    others = [] if alone else others_with(command, request, order.stock)
    operation = command.rpartition(" ")[2]
    if not others:
        carry_out(
            command,
            request,
            lambda network: flows.actions.plan_of(network, order, request.sender, twin),
            retype=order.stock,
        )
        return
    isin = request.manifest().stocks[order.stock].isin

    def start(sides: Sequence[Side]) -> tuple[Callable[[], Sequence[Plan]], Callable[[], bool]]:
        action = SpanningAction(sides, request.records, isin, order.code, order.reference, request.sender, twin=twin)
        return lambda: action.plans(order), lambda: getattr(action, operation)(order)

    carry_together(command, request, [one.network for one in others], start, retype=order.stock)


def move_ceiling(request: Request, ticker: str, shares: Shares, target: str) -> None:
    """Move shares from this network's ceiling to another's; ends the process with the exit code."""
    from scrip.errors import InputError
    from scrip.multichain.ceilings import CeilingMove

    networks = [one.network for one in others_with(COMMAND, request, ticker)]
    if target not in networks:
        reason = f"is no network that {request.network} spans and that has {ticker} ({', '.join(networks) or 'none'})"
        with reporting(COMMAND, request.as_json):
            raise InputError(reason, field="to", value=target)
    if request.mode == "propose":
        reason = f"propose `market ceiling` for {request.network}, and for {target} once the shares have left"
        raise click.UsageError(f"what is signed elsewhere could arrive before it leaves: {reason}")
    isin = request.manifest().stocks[ticker].isin

    def start(sides: Sequence[Side]) -> tuple[Callable[[], Sequence[Plan]], Callable[[], bool]]:
        source, other = sides
        move = CeilingMove(source, other, request.records, isin, shares, request.reference)
        return move.plans, move.carry_out

    carry_together(COMMAND, request, [target], start, retype=ticker)


def carry_together(
    command: str,
    request: Request,
    others: Sequence[str],
    start: Callable[[Sequence[Side]], tuple[Callable[[], Sequence[Plan]], Callable[[], bool]]],
    *,
    retype: str,
) -> None:
    """Plan, show, and do what the request's mode says, on several networks; ends the process with the exit code.

    `start` gives, of the sides, what plans and what carries out.
    """
    with reporting(command, request.as_json) as report:
        sent = report.more["transactions"] = []

        def watch(network: str, event: str, step: Step, record: Record | None) -> None:
            if event in LAST_WORDS:
                tx, block = (record.tx, record.block) if record else ("", 0)
                sent.append({"network": network, "step": step.name, "status": event, "tx": tx, "block": block})
                report.say(f"{event:8} {network}: {step.title}  {tx}")

        with opened_with(request, others, watch) as sides:
            plan, execute = start(sides)
            plans = plan()
            refusals = _show(report, command, sides, plans)
            report.more["networks"] = [side.manifest.network for side in sides]
            if request.mode == "apply":
                # What one network refuses may be on another already: then it is called off there, which is to do.
                if any(one.steps for one in plans):
                    confirm(request, retype)
                if not execute():
                    report.say("nothing to do: everything stands as wished")
            elif refusals:
                raise refusals[0]
            elif not any(one.steps for one in plans):
                report.say("nothing to do: everything stands as wished")
            elif request.mode == "rehearse":
                _rehearse(report, sides, plans)
            elif request.mode == "propose":
                _propose(request, report, sides, plans, retype)
            else:
                report.say(
                    "this is the plan of all networks: --apply signs and sends it, --propose writes it for others"
                )


def compared(request: Request, network: Network) -> list[Finding]:
    """In what the networks that a manifest spans differ from it, from each other and from what was decided."""
    from scrip.multichain.audit import one_sided
    from scrip.multichain.verify import verify

    return _found(request, network, lambda sides: [*one_sided(sides), *verify(sides, request.records)])


def decided(request: Request, network: Network) -> list[Finding]:
    """What was decided about this network and others and is not finished, or not as it was written or carried out.

    Where nothing was decided the others are not asked.
    """
    from scrip.multichain.decisions import folders
    from scrip.multichain.verify import verify

    if not folders(request.records):
        return []
    return _found(request, network, lambda sides: verify(sides, request.records))


def _found(request: Request, network: Network, look: Callable[[Sequence[Side]], list[Finding]]) -> list[Finding]:
    """A network that cannot be opened is a finding of its own."""
    from scrip.errors import ScripError
    from scrip.multichain.networks import NetworkSide
    from scrip.multichain.siblings import siblings_of
    from scrip.reports.findings import Finding

    sides, unproven = [NetworkSide(network)], []
    with ExitStack() as stack:
        for name in [one.network for one in siblings_of(network.manifest, _folder(request))]:
            try:
                sides.append(NetworkSide(stack.enter_context(opened(_of(request, name)))))
            except ScripError as error:
                unproven.append(Finding(f"spanning.{name}", "the network that this one spans", str(error), "unproven"))
        return [*look(sides), *unproven]


def _show(report: Report, command: str, sides: Sequence[Side], plans: Sequence[Plan]) -> list[Refusal]:
    """One plan for people, with each network's name before what is its own; what the models refuse of it."""
    from scrip.plan import Plan

    steps, changes, same, refusals = [], [], [], []
    for side, plan in zip(sides, plans, strict=True):
        network, seen = side.manifest.network, side.preview(plan)
        steps += [replace(step, title=f"{network}: {step.title}") for step in plan.steps]
        told: tuple[Change, ...] = (*plan.changes, *seen.changes)
        changes += [replace(one, what=f"{network}: {one.what}") for one in told]
        same += [f"{network}: {text}" for text in plan.same]
        refusals += [seen.refusal] if seen.refusal else []
    together = Plan(command, plans[0].reference, tuple(steps), tuple(changes), tuple(same))
    report.show_plan(together, ())
    return refusals


def _rehearse(report: Report, sides: Sequence[Side], plans: Sequence[Plan]) -> None:
    found: dict[str, Any] = {}
    for side, plan in zip(sides, plans, strict=True):
        network = side.manifest.network
        shown = side.rehearse(plan)
        found[network] = shown.as_json()
        for line in shown.lines():
            report.say(f"{network}: {line}")
        for finding in shown.findings:
            report.show_drift(f"{network}: {finding.field}", finding.expected, finding.found, finding.severity)
    report.more["rehearsal"] = found


def _propose(request: Request, report: Report, sides: Sequence[Side], plans: Sequence[Plan], retype: str) -> None:
    """A file for each network that has something to do, or none at all."""
    from scrip.errors import InputError

    if request.nonce is not None:
        raise click.UsageError("--nonce is of one Safe, and each network has its own: propose with --alone")
    file = request.proposal or Path()
    asked = [(side, side.part(plan)) for side, plan in zip(sides, plans, strict=True) if plan.steps]
    files = [file.with_suffix(f".{side.manifest.network}{file.suffix}") for side, _ in asked]
    for path in filter(Path.exists, files):
        raise InputError("stands already: name another file", field="propose", value=path)
    confirm(request, retype)
    report.more["proposals"] = {}
    for (side, plan), path in zip(asked, files, strict=True):
        written = side.propose(plan, path)
        report.more["proposals"][side.manifest.network] = written.values
        for line in written.lines:
            report.say(f"{side.manifest.network}: {line}")
    report.say("until all have signed, some networks have what others have not: ape run audit chain says which")
