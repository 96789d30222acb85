"""Commands of `ape run compliance` about who enters the register, and whom the sanctions oracle keeps out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scrip import flows
from scripts._desk.carry import carry_out, carry_out_order, confirm
from scripts._desk.exits import DeskCommand
from scripts._desk.report import reporting
from scripts._desk.session import Request, books, check_evm, desk_options, request_of, signer
from scripts._desk.values import ACCOUNT, CLASS, INSTANT, grounds

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=DeskCommand)
@click.argument("investor")
@click.argument("wallet", type=ACCOUNT)
@click.argument("country")
@click.argument("kind", metavar="CLASS", type=CLASS)
@click.argument("expiry", type=INSTANT)
@click.option("--deadline", type=INSTANT, required=True, help="Until when the investor may use it.")
@click.option("--out", type=FILE, required=True, help="File of the signed attestation.")
@click.option("--registry", type=ACCOUNT, default="", help="The registry's address, where the records do not have it.")
@desk_options
def attest(
    investor: str, wallet: str, country: str, kind: Any, expiry: int, deadline: int, out: Path, registry: str,
    **options: Any,
) -> None:  # fmt: skip
    """Sign that an investor may enter (KYC_PROVIDER). No node is asked, nothing is sent: the file is the investor's."""
    from scrip.manifest.countries import country_number
    from scrip.plan.draft import sender_of

    request = request_of(options)
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("an attestation is signed by a key with --apply, and neither proposed nor rehearsed")
    with reporting("compliance attest", request.as_json) as report:
        manifest = check_evm(request)
        provider = sender_of(manifest, "KYC_PROVIDER", request.sender)
        key = signer(request, provider)
        who = (investor, _address(request, wallet), country_number(country), kind, expiry)
        where = (manifest.chain.chain_id, registry or _registry(request))
        made = flows.attestations.Attested(*who, request.reference, deadline, key.address, *where)
        flows.attestations.check(made)
        report.more["attestation"] = {"file": str(out), "provider": key.address, "wallet": made.wallet}
        report.say(f"{provider}: {investor} may enter with {made.wallet}, {kind} of {country}, until {deadline}")
        if request.mode == "plan":
            report.say("this is the attestation: --apply signs it")
        else:
            confirm(request, "")
            flows.attestations.write(flows.attestations.sign(made, key), out)
            report.say(f"{out} written: the wallet sends its `transaction`, or `compliance enter` does")


def _address(request: Request, wallet: str) -> str:
    """The address of an account of the manifest that needs no node to be known, or the address itself."""
    from scrip.errors import InputError
    from scrip.evm.accounts import local_account

    account = request.manifest().accounts.get(wallet)
    if wallet.startswith("0x"):
        return wallet
    if account is None or not (account.address or account.local):
        raise InputError("is neither an address nor an account whose address the manifest says", field="wallet",
                         value=wallet)  # fmt: skip
    return (account.address or local_account(wallet).address).lower()


def _registry(request: Request) -> str:
    from scrip.errors import InputError

    known = {book.contract("registry").address for book in books(request) if "registry" in book}
    if len(known) != 1:
        reason = "the records have several" if known else "is not in the records"
        raise InputError(f"{reason}: name it with --registry", field="registry", value=", ".join(sorted(known)))
    return known.pop()


@click.command(cls=DeskCommand)
@click.argument("file", type=FILE)
@desk_options
def enter(file: Path, **options: Any) -> None:
    """Put an investor on the register with its attestation, by the wallet that it names, which --as is."""
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name the attestation's wallet")
    carry_out("compliance enter", request, lambda network: flows.attestations.enter_file(network, file, request.sender))


@click.command("cancel-attestation", cls=DeskCommand)
@click.argument("case")
@desk_options
def cancel_attestation(case: str, **options: Any) -> None:
    """Take back what a provider signed under this --reference, if nobody has used it yet (that provider)."""
    request = request_of(options)
    carry_out(
        "compliance cancel-attestation",
        request,
        lambda network: flows.attestations.cancel(network, case, request.sender),
    )


@click.command("drop-provider", cls=DeskCommand)
@click.argument("provider", type=ACCOUNT)
@grounds
@desk_options
def drop_provider(provider: str, **options: Any) -> None:
    """Believe a KYC provider no longer, at once (COMPLIANCE). Whom it attested stays."""

    def plan(network: Any, why: Any) -> Any:
        return flows.attestations.drop(network, provider, why)

    carry_out_order("compliance drop-provider", options, plan, retype=provider)


@click.command("readmit-provider", cls=DeskCommand)
@click.argument("provider", type=ACCOUNT)
@desk_options
def readmit_provider(provider: str, **options: Any) -> None:
    """Believe a dropped KYC provider again (the timelock)."""
    request = request_of(options)
    carry_out(
        "compliance readmit-provider",
        request,
        lambda network: flows.attestations.readmit(network, provider, request.reference),
    )


@click.command(cls=DeskCommand)
@click.argument("wallets", type=ACCOUNT, nargs=-1)
@desk_options
def screen(wallets: tuple[str, ...], **options: Any) -> None:
    """Block whom the sanctions oracle lists: of WALLETS, or of all investors and holders. Anyone may."""
    request = request_of(options)
    carry_out(
        "compliance screen",
        request,
        lambda network: flows.sanctions.screen(network, wallets, request.sender),
        retype=request.network,
    )


@click.command("suspend-oracle", cls=DeskCommand)
@desk_options
def suspend_oracle(**options: Any) -> None:
    """Believe the sanctions oracle no longer, at once (COMPLIANCE): it blocks nobody more, and nobody new enters."""
    request = request_of(options)
    carry_out(
        "compliance suspend-oracle",
        request,
        lambda network: flows.sanctions.suspend(network, request.reference, request.sender),
        retype=request.network,
    )


@click.command(cls=DeskCommand)
@click.argument("investor")
@click.argument("old", type=ACCOUNT)
@click.argument("new", type=ACCOUNT)
@click.argument("tickers", nargs=-1)
@grounds
@desk_options
def recover(investor: str, old: str, new: str, tickers: tuple[str, ...], **options: Any) -> None:
    """Put a fresh wallet in a lost one's place, with all that it holds, or with what it has in TICKERS (RECOVERER)."""

    def plan(network: Any, why: Any) -> Any:
        return flows.recovery.recover(network, investor, old, new, tickers, why)

    carry_out_order("compliance recover", options, plan, retype=investor)


@click.command("recover-in", cls=DeskCommand)
@click.argument("old", type=ACCOUNT)
@click.argument("tickers", nargs=-1)
@desk_options
def recover_in(old: str, tickers: tuple[str, ...], **options: Any) -> None:
    """Move what a recovered wallet still has to its successor: in TICKERS, or everywhere. Anyone may."""
    request = request_of(options)
    carry_out(
        "compliance recover-in",
        request,
        lambda network: flows.recovery.recover_in(network, old, tickers, request.sender),
    )


COMMANDS = (
    recover,
    recover_in,
    attest,
    enter,
    cancel_attestation,
    drop_provider,
    readmit_provider,
    screen,
    suspend_oracle,
)
