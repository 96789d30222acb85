"""The network that a command works on, opened from its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from scripts._desk.values import WHOLE

if TYPE_CHECKING:
    from scrip.chains.network import Network
    from scrip.evm.connection.book import AddressBook
    from scrip.evm.rpc.signers import Signer
    from scrip.manifest.model import AnyManifest, EvmManifest

"""Where anvil and a local cluster listen unless told otherwise: the nodes of networks that are not public and name no
other."""
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

    def manifest(self) -> AnyManifest:
        """The manifest, checked whole."""
        from scrip.errors import InputError
        from scrip.manifest.load import load

        path = self.manifest_file or Path("manifests") / f"{self.network}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(one.stem for one in Path("manifests").glob("*.yaml")))
            raise InputError(f"there is no manifest {path} (there are: {known})", field="network", value=self.network)
        return load(path)


def desk_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that may change something."""
    for option in (
        click.option("--reference", default="", help="What tells this operation from any other: an order's number."),
        click.option("--as", "sender", default="", metavar="NAME", help="Who signs; else the role's first holder."),
        click.option("--yes", is_flag=True, help="Do not ask."),
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
    )


def check_evm(request: Request) -> EvmManifest:
    """The request's manifest; InputError for a Solana network's, which the command is not for."""
    from scrip.errors import InputError
    from scrip.manifest.model import EvmManifest

    manifest = request.manifest()
    if not isinstance(manifest, EvmManifest):
        raise InputError("is a Solana network, where this has no equivalent", field="network", value=request.network)
    return manifest


@contextmanager
def opened(request: Request, evm_only: bool = False) -> Iterator[Network]:
    """The request's network, opened. InputError for a command that is `evm_only` on a Solana network."""
    from scrip.chains import opening

    manifest = check_evm(request) if evm_only else request.manifest()
    with opening.opened(manifest, request.records) as network:
        yield network


def signer(request: Request, name: str) -> Signer:
    """An account of the manifest that signs on this machine, without a node; InputError for any other."""
    from scrip.errors import InputError
    from scrip.evm.rpc.signers import LocalSigner

    manifest = check_evm(request)
    account = manifest.accounts.get(name)
    if account is None:
        raise InputError("is no account of the manifest", field="as", value=name)
    if account.local and not manifest.chain.public:
        return LocalSigner(name)
    if not account.alias:
        raise InputError("is only an address in the manifest: its key signs elsewhere", field="as", value=name)
    import ape

    from scrip.evm.rpc.ape_accounts import load

    return load(account.alias, ape.networks.get_provider_from_choice(manifest.chain.ape))


def books(request: Request) -> list[AddressBook]:
    """The address books of the network's records, one for each chain that was ever at its URL."""
    from scrip.evm.connection.book import AddressBook
    from scrip.records import Records

    folders = sorted(request.records.glob(f"{request.network}-????????"))
    return [AddressBook.of(Records.at(folder).all()) for folder in folders]
