"""What the command line asks of every command alike, and the network that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from scripts._cli.values import WHOLE

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.chains.offline import OfflineNetwork
    from scrip.manifest.model import AnyManifest

Mode = Literal["plan", "apply", "propose", "rehearse"]


@dataclass(frozen=True)
class Request:
    """What the command line asks of every command alike."""

    network: str
    manifest_file: Path | None
    records: Path
    mode: Mode
    proposal: Path | None
    as_json: bool
    yes: bool
    sender: str
    reference: str
    nonce: int | None = None
    shows_all: bool = False

    @property
    def manifests(self) -> Path:
        """The folder of the manifest, where those of other networks lie beside it."""
        return self.manifest_file.parent if self.manifest_file else Path("manifests")

    @property
    def file(self) -> Path:
        """The file that --propose names."""
        return self.proposal or Path()

    def manifest(self) -> AnyManifest:
        """The manifest, checked whole."""
        from scrip.errors import InputError
        from scrip.manifest.load import load

        path = self.manifest_file or self.manifests / f"{self.network}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(one.stem for one in Path("manifests").glob("*.yaml")))
            raise InputError(f"there is no manifest {path} (there are: {known})", field="network", value=self.network)
        return load(path)


def spanned(request: Request, alone: bool = False) -> list[AnyManifest]:
    """The request's manifest, then those that it spans unless it is to be `alone`; InputError as siblings_of."""
    from scrip.multichain.siblings import siblings_of

    mine = request.manifest()
    return [mine, *(() if alone else siblings_of(mine, request.manifests))]


def change_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that may change something."""
    for option in (
        click.option("--reference", default="", help="What tells this operation from any other: an order's number."),
        click.option("--as", "sender", default="", metavar="NAME", help="Who signs; else the role's first holder."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--all", "every", is_flag=True, help="Show every row of a long plan."),
        click.option("--rehearse", is_flag=True, help="Carry it out on a fork or copy, and compare with the preview."),
        click.option("--propose", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                     help="Write what others are to sign: for the Safe, or (Solana) as it is."),
        click.option("--nonce", type=WHOLE, help="The Safe's; else the lowest that nothing waiting has."),
        click.option("--apply", is_flag=True, help="Sign and send. Without it a command only shows its plan."),
    ):  # fmt: skip
        command = option(command)
    return view_options(command)


def view_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, all else on stderr."),
        click.option("--records", type=click.Path(path_type=Path, file_okay=False), default=Path("records"),
                     show_default=True, help="Folder of the records."),
        click.option("--manifest", "manifest_file", type=click.Path(path_type=Path, dir_okay=False),
                     help="A manifest that is not in manifests/."),
        click.option("--network", default="local", show_default=True, help="Which manifest: manifests/NETWORK.yaml."),
    ):  # fmt: skip
        command = option(command)
    return command


def request_of(options: dict[str, Any]) -> Request:
    """The shared options, taken out of a command's own."""
    if options.get("nonce") is not None and not options.get("propose"):
        raise click.UsageError("--nonce is of what --propose writes")
    chosen = [mode for mode in ("apply", "propose", "rehearse") if options.get(mode)]
    if len(chosen) > 1:
        raise click.UsageError(f"--{chosen[0]} and --{chosen[1]} exclude each other")
    proposal = options.pop("propose", None)
    for flag in ("apply", "rehearse"):
        options.pop(flag, None)
    return Request(
        network=options.pop("network"),
        manifest_file=options.pop("manifest_file"),
        records=options.pop("records"),
        mode=chosen[0] if chosen else "plan",  # type: ignore[arg-type]
        proposal=proposal,
        as_json=options.pop("as_json"),
        yes=options.pop("yes", False),
        sender=options.pop("sender", ""),
        reference=options.pop("reference", ""),
        nonce=options.pop("nonce", None),
        shows_all=options.pop("every", False),
    )


@contextmanager
def opened(request: Request, evm_only: bool = False, alone: Callable[[], bool] = lambda: False) -> Iterator[Network]:
    """The request's network, opened; without its second node where that is to be `alone`.

    InputError for a command that is `evm_only` on a Solana network.
    """
    from scrip.chains import opening

    manifest = request.manifest()
    if evm_only:
        opening.demand_evm(manifest)
    with opening.opened(manifest, request.records, alone()) as network:
        yield network


def offline(request: Request) -> OfflineNetwork:
    """The request's network, of which no node is asked."""
    from scrip.chains.offline import OfflineNetwork

    return OfflineNetwork(request.manifest(), request.records)
