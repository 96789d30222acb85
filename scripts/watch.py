"""`ape run watch`: be told what wants attention, each once, with the command to run."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.groups import Command
from scripts._cli.report import reporting
from scripts._cli.request import request_of, spanned, view_options
from scripts._cli.values import DURATION, Whole

if TYPE_CHECKING:
    from scrip.watch import Sink
    from scripts._cli.report import Report
    from scripts._cli.request import Request

LONGEST_DAYS = 3_650


@click.command(cls=Command, short_help="Be told what wants attention, each once, with the command to run")
@click.option("--once", is_flag=True, help="One round, for cron.")
@click.option("--every", type=DURATION, default="60s", show_default=True, help="Between two rounds.")
@click.option("--soon", type=DURATION, default="1d", show_default=True, help="So long before an action's effect.")
@click.option("--days", type=Whole(0, LONGEST_DAYS), default=30, show_default=True,
              help="So many days before a clearance ends, or what nobody fetched escheats.")  # fmt: skip
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Add JSON lines to it, too."
)
@click.option(
    "--webhook", default="", metavar="VARIABLE", help="Post to the address in this environment variable, too."
)
@click.option("--metrics", type=Whole(0, 65_535), help="Prometheus text on this port of 127.0.0.1; 0 for a free one.")
@click.option("--act", is_flag=True, help="Freeze accounts that are open and must not be (Solana).")
@click.option("--as", "sender", default="", metavar="NAME", help="Who pays for what --act sends.")
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), default=Path("watch"), show_default=True,
              help="Folder that remembers what was told.")  # fmt: skip
@click.option("--alone", is_flag=True, help="This network only, though its manifest spans others.")
@view_options
def cli(once: bool, every: int, metrics: int | None, state: Path, **options: Any) -> None:
    """Tell what wants attention on a network and on those that its manifest spans: a reserve that is short or stale,
    a price, an action that is due, the timelock's operations, clearances that end, halts, roles that changed hands,
    what networks disagree about, dividends before their escheat, accounts that are open and must not be.

    Each is told once, with the command to run, and once more when it is over. What a sink did not take is said again.
    """
    own = {name: options.pop(name) for name in ("soon", "days", "to", "webhook", "act", "sender", "alone")}
    request = request_of(options)
    with reporting("watch", request.as_json) as report, ExitStack() as stack:
        from scrip.watch import Limits, Told
        from scrip.watch.metrics import Metrics

        networks = _openers(request, own["alone"])
        sinks = _sinks(report, own["to"], own["webhook"])
        told = stack.enter_context(Told.of(state / request.network))
        shown = Metrics() if metrics is not None else None
        if shown is not None:
            port, end = shown.serve(metrics or 0)
            stack.callback(end)
            report.say(f"http://127.0.0.1:{port}/metrics")
        limits = Limits(own["soon"], own["days"])
        try:
            while True:
                failed = _round(report, networks, limits, told, sinks, shown, own)
                if once:
                    if failed:
                        raise failed[0]
                    break
                for error in failed:
                    report.say(f"NOT SAID {error}: again in the next round")
                time.sleep(every)
        except KeyboardInterrupt:
            report.say("watched no more")


def _openers(request: Request, alone: bool) -> dict[str, Any]:
    """How each network is opened, by its name. What is wrong with a manifest ends the command before it begins."""
    from scrip.chains import opening

    return {one.network: partial(opening.opened, one, request.records) for one in spanned(request, alone)}


def _sinks(report: Report, to: Path | None, webhook: str) -> list[Sink]:
    from scrip.watch import FileSink, TextSink, WebhookSink

    found: list[Sink] = [TextSink(report.say)]
    if to is not None:
        found.append(FileSink(to))
    if webhook:
        found.append(WebhookSink.of(webhook))
    return found


def _round(
    report: Report, networks: Any, limits: Any, told: Any, sinks: list[Sink], metrics: Any, own: dict[str, Any]
) -> list[Exception]:
    """Look once, and say what is new; the errors of sinks that did not take it, which is then said again."""
    from scrip.errors import ScripError
    from scrip.watch import look

    found = look(networks, limits, told.powers, own["act"], own["sender"])
    fresh, over = told.fresh(found), told.over(found)
    failed: list[Exception] = []
    # The stream comes last: what is shown there was said everywhere.
    for sink in reversed(sinks):
        try:
            if not failed:
                sink.say(fresh, over)
        except ScripError as error:
            failed.append(error)
    for line in found.done:
        report.say(line)
    if not failed:
        told.remember(found, fresh)
    if metrics is not None:
        metrics.show(found)
    report.more["alerts"] = [one.as_json() for one in found.alerts]
    report.more["fresh"] = [one.id for one in fresh]
    report.more["over"] = [one["id"] for one in over]
    report.more["seconds"] = round(found.seconds, 3)
    report.more["answered"] = dict(found.answered)
    report.more["done"] = found.done
    return failed
