"""`ape run compliance`: investors, their wallets, and forced actions on them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from scrip import flows
from scripts._cli.carry import carry_out, carry_out_order, confirm
from scripts._cli.groups import Group
from scripts._cli.report import reporting
from scripts._cli.request import change_options, offline, opened, request_of
from scripts._cli.values import ACCOUNT, CLASS, DURATION, INSTANT, TOKENS, WHOLE, reasoned

FILE = click.Path(path_type=Path, dir_okay=False)
LAPSED = click.option("--lapsed", is_flag=True, help="Though a clearance in the file has ended already.")


@click.group(cls=Group, short_help="Investors, their wallets, and forced actions on them")
def cli() -> None:
    """Investors and their wallets (COMPLIANCE), and forced actions on holders (ENFORCER)."""


@cli.command()
@click.argument("file", type=FILE)
@LAPSED
@change_options
def onboard(file: Path, lapsed: bool, **options: Any) -> None:
    """Onboard the investors of a CSV file: investor,wallet,country,class,expiry."""
    from scrip.inputs.batch import read_newcomers

    request = request_of(options)
    carry_out(
        "compliance onboard",
        request,
        lambda network: flows.investors.onboard(
            network, read_newcomers(file, network.manifest.chain.kind), request.sender, lapsed
        ),
    )


@cli.command()
@click.argument("file", type=FILE)
@LAPSED
@change_options
def renew(file: Path, lapsed: bool, **options: Any) -> None:
    """Set new expiries from a CSV file: investor,expiry. An earlier one takes effect everywhere at once."""
    from scrip.inputs.batch import read_renewals

    request = request_of(options)
    carry_out(
        "compliance renew",
        request,
        lambda network: flows.investors.renew(network, read_renewals(file), request.sender, lapsed),
    )


@cli.command()
@click.argument("file", type=FILE)
@change_options
def link(file: Path, **options: Any) -> None:
    """Add wallets to known investors from a CSV file: investor,wallet. Eight at most for each."""
    from scrip.inputs.batch import read_links

    request = request_of(options)
    carry_out(
        "compliance link",
        request,
        lambda network: flows.investors.link(network, read_links(file, network.manifest.chain.kind), request.sender),
    )


@cli.command()
@click.argument("investor")
@click.argument("wallet", type=ACCOUNT)
@reasoned
@change_options
def unlink(investor: str, wallet: str, **options: Any) -> None:
    """Take a wallet from its investor; every stock drops its clearance at once."""
    carry_out_order(
        "compliance unlink",
        options,
        lambda network, why: flows.investors.unlink(network, investor, wallet, why),
        retype=investor,
    )


@cli.command()
@click.argument("investor")
@reasoned
@change_options
def block(investor: str, **options: Any) -> None:
    """Stop every wallet of an investor, in every stock, at once."""
    carry_out_order(
        "compliance block",
        options,
        lambda network, why: flows.investors.block(network, investor, why),
        retype=investor,
    )


@cli.command()
@click.argument("investor")
@reasoned
@change_options
def unblock(investor: str, **options: Any) -> None:
    """Lift an investor's block."""
    carry_out_order("compliance unblock", options, lambda network, why: flows.investors.unblock(network, investor, why))


@cli.command()
@click.argument("investor")
@change_options
def push(investor: str, **options: Any) -> None:
    """Send the next page of news that was too long for one transaction. Anyone may."""
    request = request_of(options)
    carry_out("compliance push", request, lambda network: flows.investors.push(network, investor, request.sender))


@cli.command()
@change_options
def sweep(**options: Any) -> None:
    """Freeze what blocked, held and lapsed wallets have open. Anyone may. Solana."""
    request = request_of(options)
    carry_out("compliance sweep", request, lambda network: flows.enforcement.sweep(network, request.sender))


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.option("--token-account", default="", metavar="ADDRESS", help="Another than the wallet's canonical one.")
@change_options
def thaw(ticker: str, account: str, token_account: str, **options: Any) -> None:
    """Open a wallet's token account of a stock, so that it receives. Anyone may. Solana."""
    request = request_of(options)
    carry_out(
        "compliance thaw",
        request,
        lambda network: flows.enforcement.thaw(network, ticker, account, token_account, request.sender),
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@reasoned
@change_options
def freeze(ticker: str, account: str, **options: Any) -> None:
    """Freeze a whole account of one stock."""
    carry_out_order(
        "compliance freeze",
        options,
        lambda network, why: flows.enforcement.freeze(network, ticker, account, True, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@reasoned
@change_options
def unfreeze(ticker: str, account: str, **options: Any) -> None:
    """Release an account of one stock."""
    carry_out_order(
        "compliance unfreeze",
        options,
        lambda network, why: flows.enforcement.freeze(network, ticker, account, False, why),
    )


@cli.command("freeze-tokens")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@reasoned
@change_options
def freeze_tokens(ticker: str, account: str, amount: Any, **options: Any) -> None:
    """Freeze an amount of a balance, absolute and not added; 0 releases all. Solana refuses more than it has."""
    carry_out_order(
        "compliance freeze-tokens",
        options,
        lambda network, why: flows.enforcement.freeze_tokens(network, ticker, account, amount, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("to", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@reasoned
@change_options
def seize(ticker: str, account: str, to: str, amount: Any, **options: Any) -> None:
    """Move units of a holder, whatever its state, to an eligible account."""
    carry_out_order(
        "compliance seize",
        options,
        lambda network, why: flows.enforcement.seize(network, ticker, account, to, amount, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@reasoned
@change_options
def burn(ticker: str, account: str, amount: Any, **options: Any) -> None:
    """Destroy units of a holder that cannot redeem them; nothing is paid out (ENFORCER)."""
    carry_out_order(
        "compliance burn",
        options,
        lambda network, why: flows.enforcement.burn(network, ticker, account, amount, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@click.argument("amount", type=TOKENS)
@click.argument("until", type=INSTANT)
@reasoned
@change_options
def lock(ticker: str, account: str, amount: Any, until: int, **options: Any) -> None:
    """Lock an amount up until a UTC instant, on top of what is locked: neither sent nor redeemed (ENFORCER)."""
    carry_out_order(
        "compliance lock",
        options,
        lambda network, why: flows.enforcement.lock(network, ticker, account, amount, until, why),
        retype=ticker,
    )


@cli.command()
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@reasoned
@change_options
def release(ticker: str, account: str, **options: Any) -> None:
    """End all lock-ups of an account (ENFORCER)."""
    carry_out_order(
        "compliance release", options, lambda network, why: flows.enforcement.release(network, ticker, account, why)
    )


@cli.command("release-ended")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@change_options
def release_ended(ticker: str, account: str, **options: Any) -> None:
    """Give a wallet what its lock-ups that have ended bound. Anyone may. Solana."""
    request = request_of(options)
    carry_out(
        "compliance release-ended",
        request,
        lambda network: flows.enforcement.release_ended(network, ticker, account, request.sender),
    )


@cli.command("open-case")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@reasoned
@change_options
def open_case(ticker: str, account: str, **options: Any) -> None:
    """Open a case on an account, under which ERC-7943's own forms work."""
    carry_out_order(
        "compliance open-case",
        options,
        lambda network, why: flows.enforcement.open_case(network, ticker, account, why),
    )


@cli.command("close-case")
@click.argument("ticker")
@click.argument("account", type=ACCOUNT)
@change_options
def close_case(ticker: str, account: str, **options: Any) -> None:
    """Close an account's case."""
    request = request_of(options)
    carry_out(
        "compliance close-case",
        request,
        lambda network: flows.enforcement.close_case(network, ticker, account, request.reference, request.sender),
    )


@cli.command()
@click.argument("investor")
@click.argument("country")
@click.argument("kind", metavar="CLASS", type=CLASS)
@change_options
def profile(investor: str, country: str, kind: Any, **options: Any) -> None:
    """Set an investor's country (ISO 3166 alpha-2) and class; every stock learns it at once (COMPLIANCE)."""
    from scrip.manifest.countries import country_number

    request = request_of(options)
    carry_out(
        "compliance profile",
        request,
        lambda network: flows.investors.set_profile(
            network, investor, country_number(country), kind, request.reference, request.sender
        ),
    )


# --- who enters, and whom the sanctions oracle keeps out ------------------------------------------------------------


@cli.command()
@click.argument("investor")
@click.argument("wallet", type=ACCOUNT)
@click.argument("country")
@click.argument("kind", metavar="CLASS", type=CLASS)
@click.argument("expiry", type=INSTANT)
@click.option("--deadline", type=INSTANT, required=True, help="Until when the investor may use it.")
@click.option("--out", type=FILE, required=True, help="File of the signed attestation.")
@click.option("--registry", type=ACCOUNT, default="", help="The registry's address, where the records do not have it.")
@change_options
def attest(
    investor: str, wallet: str, country: str, kind: Any, expiry: int, deadline: int, out: Path, registry: str,
    **options: Any,
) -> None:  # fmt: skip
    """Sign that an investor may enter (KYC_PROVIDER). Nothing is sent: the file is the investor's.

    No node is asked, but on Solana for its genesis; a provider there is one of the manifest's `providers`.
    """
    request = request_of(options)
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("an attestation is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains.operation import demand_writable
    from scrip.manifest.model import EvmManifest
    from scrip.preview import moment

    with reporting("compliance attest", request.as_json) as report, ExitStack() as stack:
        near = isinstance(request.manifest(), EvmManifest)
        network = offline(request) if near else stack.enter_context(opened(request))
        demand_writable(out, "out")
        who, where = (investor, wallet, country, kind, expiry), (registry, request.sender)
        made = flows.attestations.draft(network, *who, request.reference, deadline, *where)
        known, provider = made.attested, made.provider
        report.more["attestation"] = {"file": str(out), "provider": known.provider, "wallet": known.wallet}
        report.say(
            f"{provider}: {investor} may enter with {known.wallet}, {kind} of {country}, until {moment(deadline)}"
        )
        if request.mode == "plan":
            report.say("this is the attestation: --apply signs it")
        else:
            confirm(request, "")
            made.sign_into(out)
            how = "sends its `transaction`, or `compliance enter` does" if near else "enters by `compliance enter`"
            report.say(f"{out} written: the wallet {how}")


@cli.command()
@click.argument("file", type=FILE)
@change_options
def enter(file: Path, **options: Any) -> None:
    """Put an investor on the register with its attestation, by the wallet that it names, which --as is."""
    request = request_of(options)
    if not request.sender:
        raise click.UsageError("--as must name the attestation's wallet")
    carry_out("compliance enter", request, lambda network: flows.attestations.enter_file(network, file, request.sender))


@cli.command("cancel-attestation")
@click.argument("case")
@change_options
def cancel_attestation(case: str, **options: Any) -> None:
    """Take back what a provider signed under this --reference, if nobody has used it yet (that provider)."""
    request = request_of(options)
    carry_out(
        "compliance cancel-attestation",
        request,
        lambda network: flows.attestations.cancel(network, case, request.sender),
    )


@cli.command("drop-provider")
@click.argument("provider", type=ACCOUNT)
@reasoned
@change_options
def drop_provider(provider: str, **options: Any) -> None:
    """Believe a KYC provider no longer, at once (COMPLIANCE). Whom it attested stays."""

    def plan(network: Any, why: Any) -> Any:
        return flows.attestations.drop(network, provider, why)

    carry_out_order("compliance drop-provider", options, plan, retype=provider)


@cli.command("readmit-provider")
@click.argument("provider", type=ACCOUNT)
@change_options
def readmit_provider(provider: str, **options: Any) -> None:
    """Believe a dropped KYC provider again (the timelock)."""
    request = request_of(options)
    carry_out(
        "compliance readmit-provider",
        request,
        lambda network: flows.attestations.readmit(network, provider, request.reference),
    )


@cli.command("sign-list")
@click.argument("addresses", type=FILE)
@click.option("--life", type=DURATION, default="1d", show_default=True, help="How long it lets anybody in.")
@click.option("--serial", type=WHOLE, default=0, help="Its number, above the last list's; unless told the time.")
@click.option("--out", type=FILE, required=True, help="File of the signed list.")
@change_options
def sign_list(addresses: Path, life: int, serial: int, out: Path, **options: Any) -> None:
    """Sign a sanctions list of a file's ADDRESSES, a line each (Solana's sanctions oracle). Nothing is sent."""
    request = request_of(options)
    if request.mode in ("propose", "rehearse"):
        raise click.UsageError("a list is signed by a key with --apply, and neither proposed nor rehearsed")
    from scrip.chains.operation import demand_writable
    from scrip.preview import moment

    with reporting("compliance sign-list", request.as_json) as report, opened(request) as network:
        demand_writable(out, "out")
        made = flows.sanctions.draft_list(network, addresses, life, serial)
        known = made.made
        report.more["list"] = {"file": str(out), "oracle": known.oracle, "serial": known.serial, "root": known.root}
        told = f"{len(known.listed)} addresses, until {moment(known.expiry)}"
        report.say(f"{made.oracle} signs sanctions list {known.serial}: {told}")
        if request.mode == "plan":
            report.say("this is the list: --apply signs it")
        else:
            confirm(request, "")
            made.sign_into(out)
            report.say(f"{out} written: `compliance publish-list` lets it count, `compliance screen --list` goes by it")


@cli.command("publish-list")
@click.argument("file", type=FILE)
@change_options
def publish_list(file: Path, **options: Any) -> None:
    """Put a signed sanctions list, on Solana, in the place of the one that counts. Anyone may."""
    request = request_of(options)
    carry_out(
        "compliance publish-list",
        request,
        lambda network: flows.sanctions.publish_list(network, file, request.sender),
    )


@cli.command()
@click.argument("wallets", type=ACCOUNT, nargs=-1)
@click.option("--list", "listed", type=FILE, help="On Solana: the file of the list that counts.")
@change_options
def screen(wallets: tuple[str, ...], listed: Path | None, **options: Any) -> None:
    """Block whom the sanctions oracle lists: of WALLETS, or of all investors and holders. Anyone may.

    On Solana the others are shown to be absent where the manifest has `strict_list`: who was not is let in no more.
    """
    request = request_of(options)
    carry_out(
        "compliance screen",
        request,
        lambda network: flows.sanctions.screen(network, wallets, request.sender, listed),
        retype=request.network,
    )


@cli.command("suspend-oracle")
@change_options
def suspend_oracle(**options: Any) -> None:
    """Believe the sanctions oracle no longer, at once (COMPLIANCE): it blocks nobody more, and nobody new enters."""
    request = request_of(options)
    carry_out(
        "compliance suspend-oracle",
        request,
        lambda network: flows.sanctions.suspend(network, request.reference, request.sender),
        retype=request.network,
    )


@cli.command()
@click.argument("investor")
@click.argument("old", type=ACCOUNT)
@click.argument("new", type=ACCOUNT)
@click.argument("tickers", nargs=-1)
@reasoned
@change_options
def recover(investor: str, old: str, new: str, tickers: tuple[str, ...], **options: Any) -> None:
    """Put a fresh wallet in a lost one's place, with all that it holds, or with what it has in TICKERS (RECOVERER)."""

    def plan(network: Any, why: Any) -> Any:
        return flows.recovery.recover(network, investor, old, new, tickers, why)

    carry_out_order("compliance recover", options, plan, retype=investor)


@cli.command("recover-in")
@click.argument("old", type=ACCOUNT)
@click.argument("tickers", nargs=-1)
@change_options
def recover_in(old: str, tickers: tuple[str, ...], **options: Any) -> None:
    """Move what a recovered wallet still has to its successor: in TICKERS, or everywhere. Anyone may."""
    request = request_of(options)
    carry_out(
        "compliance recover-in",
        request,
        lambda network: flows.recovery.recover_in(network, old, tickers, request.sender),
    )
