"""What quotes are settled in: every asset that was ever listed, and the treasury that each is paid to."""

from __future__ import annotations

from collections.abc import Iterator

from solders.pubkey import Pubkey

from scrip.reports.findings import Finding
from scrip.solana.addresses import TOKEN, TOKEN_2022, token_account
from scrip.solana.audit.evidence import Evidence
from scrip.solana.encoding.coins import unfit
from scrip.solana.encoding.tokens import holding
from scrip.units import STABLECOIN_DECIMALS, Stablecoin

CLOSE_AUTHORITY = 129
"""The place in a token account that says whether somebody but its owner may close it, and who."""
DELEGATE = 72
"""The place in a token account that says whether somebody else may spend of it, and who."""


def settlement(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the assets; each treasury is the authority's own account, and nobody else spends from it."""
    named = {address: symbol for symbol, address in evidence.assets.items()}
    found = {record.mint: record for _, record in evidence.every("Asset")}
    listed = {mint: record.treasury for mint, record in found.items() if record.listed}
    for mint in sorted({*listed} - {*named}, key=bytes):
        yield Finding("settlement.assets", "none that the manifest does not name", str(mint), "critical")
    for mint, symbol in named.items():
        field = f"settlement.assets.{symbol}"
        if mint in listed:
            yield from _treasury(f"{field}.treasury", evidence, mint, listed[mint])
        else:
            yield Finding(field, f"{mint} listed", "not listed")
    yield from _custodians(evidence)


def _custodians(evidence: Evidence) -> Iterator[Finding]:
    """Where each coin leaves the treasury to, and how much of it in a day."""
    wished = evidence.manifest.settlement.custodians
    found = {record.mint: record for _, record in evidence.every("Custodian")}
    for symbol, mint in evidence.assets.items():
        field, out, record = f"settlement.custodians.{symbol}", wished.get(symbol), found.pop(mint, None)
        daily = Stablecoin.parse(out.daily) if out else Stablecoin(0, STABLECOIN_DECIMALS)
        account = token_account(evidence.address_of(out.account), mint, TOKEN) if out else None
        if record is None:
            if out:
                yield Finding(field, f"{out.account}, {daily} a day", "nobody")
            continue
        shown = Stablecoin(record.daily, STABLECOIN_DECIMALS)
        if (out is None and record.daily) or (account is not None and record.account != account):
            yield Finding(f"{field}.account", str(account or "nobody"), str(record.account), "critical")
        if out is not None and record.daily != daily.value:
            yield Finding(
                f"{field}.daily", str(daily), str(shown), "critical" if record.daily > daily.value else "drift"
            )
    for mint, record in sorted(found.items(), key=lambda one: bytes(one[0])):
        if record.daily:
            leaves = f"{mint} leaves to {record.account}"
            yield Finding("settlement.custodians", "none that the manifest does not name", leaves, "critical")


def _treasury(field: str, evidence: Evidence, mint: Pubkey, treasury: Pubkey) -> Iterator[Finding]:
    ours = evidence.program.at.authority
    account, coin = evidence.read([treasury, mint])
    program = coin.owner if coin is not None else None
    if coin is None or program not in (TOKEN, TOKEN_2022):
        yield Finding(field, f"a treasury of the token {mint}", "no such token", "critical")
        return
    coin_field = field.removesuffix(".treasury")
    yield from (Finding(coin_field, "a coin of which all arrives", fault, "critical") for fault in unfit(coin.data))
    data = bytes(account.data) if account is not None and account.owner == program else b""
    held = holding(data) if len(data) >= CLOSE_AUTHORITY + 36 else None
    if held is None or (held.mint, held.owner) != (mint, ours):
        expected = f"{token_account(ours, mint, program)}, the program's own account of {mint}"
        shown = "no account of the token" if held is None else f"{treasury} of {evidence.shown(held.owner)}"
        yield Finding(field, expected, shown, "critical")
        return
    for name, at in (("delegate", DELEGATE), ("close_authority", CLOSE_AUTHORITY)):
        if any(data[at : at + 4]):
            yield Finding(
                f"{field}.{name}", "nobody", evidence.shown(Pubkey.from_bytes(data[at + 4 : at + 36])), "critical"
            )
