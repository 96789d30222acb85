"""What a mint shows to wallets: its multiplier and metadata, and the orders that make it say what the manifest does."""

from __future__ import annotations

from scrip.errors import InputError
from scrip.plan import Change, Step
from scrip.plan.draft import sender_of
from scrip.roles import ADMIN
from scrip.solana.connection.connection import SolanaConnection
from scrip.solana.encoding import places, tokens
from scrip.solana.encoding.mint import Mint, Scale
from scrip.solana.ledger import SolanaLedger
from scrip.solana.views.stepping import step

LABELS = {"name": "Name", "symbol": "Symbol", "uri": "Uri"}
"""Fields of the metadata that every mint has, and their names in the program's instruction."""


def shows_kept(ledger: SolanaLedger, stock: str) -> bool:
    """Whether a mint shows the multiplier that the program keeps: else nothing is minted, redeemed or scheduled."""
    listing = ledger.listing(stock)
    kept = ledger.demanded(listing.stock, "Stock").multiplier
    shown = Mint(ledger.mint_data(listing)).scale
    return bool(shown == Scale(kept.current_bits, kept.effective_at, kept.next_bits))


def describing(network: SolanaConnection, ledger: SolanaLedger, stock: str) -> tuple[list[Step], list[Change]]:
    """A step for each of the name, the ticker and the address that the mint says otherwise than the manifest; by ADMIN.

    One text an instruction, so that each fits what the program's timelock keeps. InputError where there is no mint.
    """
    wanted, listing = network.manifest.stocks[stock], network.listing(stock)
    data = places.stored(network.chain, [listing.mint], tokens.STOCK)[0]
    if data is None:
        raise InputError("has no mint on this network: create it first", field="stock", value=stock)
    shown, by, kind = Mint(data).metadata, sender_of(network.manifest, ADMIN), network.program.type["Label"]
    steps, changes = [], []
    for field, text in {"name": wanted.name, "symbol": stock, "uri": wanted.uri}.items():
        before = getattr(shown, field)
        if before == text:
            continue
        label = getattr(kind, LABELS[field])()
        call = ledger.signed("describe_stock", by, label, text, listing=listing)
        title = f"{stock}'s mint says the {field} {text or 'of none'}"
        steps.append(step(f"describe {stock} {field} {text}", title, by, [call], what="describe_stock"))
        changes.append(Change(f"{stock} {field}", before or "none", text or "none"))
    return steps, changes
