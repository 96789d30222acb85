"""The issuer's network: new stocks of the manifest, and how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrip.errors import InputError
from scrip.manifest.rules import resolve
from scrip.plan import Plan
from scrip.preview import moment, shares
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding import tokens
from scrip.solana.operations import deployment
from scrip.solana.operations.common import Draft
from scrip.units import WAD_DECIMALS, format_fixed

if TYPE_CHECKING:
    from scrip.evm.operations.stocks import Sheet


def create(network: SolanaConnection, ticker: str, sender: str = "") -> Plan:
    """Create a stock of the manifest (ISSUER) and configure its reserve (the timelock)."""
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    network.suite()
    draft = Draft(network, "stock create", ticker, natural=True)
    deployment.create(draft, ticker, sender)
    deployment.back(draft, ticker)
    return draft.plan()


def show(network: SolanaConnection, ticker: str) -> Sheet:
    """How a stock stands on the chain, and which of its rules nothing enforces."""
    from scrip.evm.operations.stocks import Sheet

    ledger = network.ledger()
    listing = ledger.listing(ticker)
    now, backed = ledger.multiplier(ticker), ledger.coverage(ticker)
    data = ledger.mint_data(listing)
    facts = {
        "address": str(listing.mint),
        "ISIN": listing.isin,
        "paused": "yes" if tokens.is_paused(data) else "no",
        "supply": f"{ledger.supply(ticker)} tokens",
        "multiplier": _wad(now.ui_multiplier),
        "shown by wallets": repr(tokens.shown_multiplier(data, ledger.now())),
        "split factor": f"{now.num}:{now.den}",
        "dividend index": _wad(now.index),
        "pending": f"{_wad(now.pending_ui_multiplier)} at {moment(now.effective_at)}" if now.effective_at else "none",
        "covered": "yes" if backed.covered else "NO",
        "attestation": _attested(network, ticker),
        "attested": shares(backed.attested),
        "required": shares(backed.required),
        "ceiling": shares(backed.ceiling),
    }
    facts |= {
        f"rule {number}": str(rule) for number, rule in enumerate(resolve(network.manifest, ticker).listed, start=1)
    }
    return Sheet(ticker, facts)


def _attested(network: SolanaConnection, ticker: str) -> str:
    """When the custodian attested last, and whether mints take that."""
    found = deployment.reserve_of(network, network.listing(ticker))
    if not found.latest.sequence:
        return "none yet: mints are refused"
    age = network.chain.now() - found.latest.as_of
    return f"{moment(found.latest.as_of)}, " + ("fresh" if 0 <= age <= found.max_age else "TOO OLD: mints are refused")


def _wad(value: int) -> str:
    return format_fixed(value, WAD_DECIMALS)
