"""`ape run report`: the page that an issuer publishes, held to the chains by anyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import request_of, spanned, view_options
from scripts._cli.values import Whole

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scripts._cli.request import Request

FOLDER = click.Path(path_type=Path, file_okay=False)
ALONE = click.option("--alone", is_flag=True, help="Of this network only, though its manifest spans others.")
PORT = 8765


@click.group(cls=Group, short_help="A page of supply beside reserve to publish, and to check")
def cli() -> None:
    """One static page of supply, reserve, actions, powers and documents, with the same facts as JSON beside it."""


@contextmanager
def _opened(request: Request, alone: bool) -> Iterator[list[Network]]:
    from scrip.chains import opening

    with ExitStack() as stack:
        yield [stack.enter_context(opening.opened(one, request.records)) for one in spanned(request, alone)]


@cli.command()
@click.option("--out", type=FOLDER, required=True, help="Folder of the page; an earlier report in it gives way.")
@ALONE
@view_options
def site(out: Path, alone: bool, **options: Any) -> None:
    """Write the page and its report.json: of this network and of all that its manifest spans.

    It needs no network and no script to be read. Who has a node checks it with `report verify`.
    """
    request = request_of(options)
    with reporting("report site", request.as_json) as report:
        from scrip import site as pages

        with _opened(request, alone) as networks:
            found = pages.gather(networks)
        written = pages.write(found.content, out)
        report.more["files"] = [str(one) for one in written]
        report.more["read_at"] = [one.as_json() for one in found.places]
        for path in written:
            report.say(f"{path} written, {path.stat().st_size:,} bytes")
        for place in found.places:
            report.say(f"read at {place}")


@cli.command()
@click.argument("folder", type=FOLDER)
@view_options
def verify(folder: Path, **options: Any) -> None:
    """Read a report's facts again from the chains, at the blocks that it names; exit 3 if one byte differs.

    Solana's nodes tell the present alone: what changed there since the report's slot differs, and is named.
    """
    request = request_of(options)
    with reporting("report verify", request.as_json) as report:
        from scrip import site as pages
        from scrip.errors import InputError

        _, places = pages.read_report(folder)
        with _opened(request, False) as networks:
            known = {one.manifest.network: one for one in networks}
            if unknown := sorted(places.keys() - known.keys()):
                reason = f"names {unknown[0]}, which neither is {request.network} nor is spanned by its manifest"
                raise InputError(reason, file=str(folder / pages.REPORT), field="read_at")
            again = pages.gather([known[name] for name in places], places)
        for finding in pages.differences(folder, again.content):
            report.show_finding(finding)
        if not report.drift:
            report.say(f"{folder} is what the chains say, to the byte")


@cli.command()
@click.option("--port", type=Whole(0, 65_535), default=PORT, show_default=True, help="On 127.0.0.1; 0 for a free one.")
@ALONE
@view_options
def serve(port: int, alone: bool, **options: Any) -> None:
    """Show the page live on this machine, read-only, until Ctrl-C: each look reads the chains anew."""
    request = request_of(options)
    with reporting("report serve", request.as_json) as report:
        from scrip import site as pages
        from scrip.errors import InputError
        from scrip.site.serve import server

        def read() -> Mapping[str, Any]:
            with _opened(request, alone) as networks:
                return pages.gather(networks).content

        try:
            live = server(read, port)
        except OSError as error:
            raise InputError(f"cannot be served on: {error.strerror}", field="port", value=port) from None
        with live:
            report.say(f"http://{live.server_address[0]!s}:{live.server_address[1]} until Ctrl-C")
            try:
                live.serve_forever()
            except KeyboardInterrupt:
                report.say("served no more")
