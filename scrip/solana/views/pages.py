"""What is left thawed of wallets that may hold nothing, frozen in pages: anyone may, and many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence

from solders.pubkey import Pubkey

from scrip.plan import Step
from scrip.solana.connection.connection import SolanaConnection
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.clearance import PAGE, Row
from scrip.solana.ledger import SolanaLedger
from scrip.solana.views.stepping import step


def pages(
    network: SolanaConnection, ledger: SolanaLedger, rows: Sequence[Row], by: str, when: str, blocked: bool
) -> list[Step]:
    """The steps that freeze these accounts, as many of a wallet in a transaction as have room; one alone as ever.

    Of wallets whose investor is `blocked` an account is named with its mint alone.
    """
    found, payer = list[Step](), network.keys.address(by)
    if not blocked:
        # On a block-list stock only a block freezes.
        stocks = list({listing.stock: None for listing, _, _ in rows})
        records = zip(stocks, ledger.records(stocks, "Stock"), strict=True)
        open_ones = {at for at, one in records if one is not None and type(one.policy).__name__ == "Blocklist"}
        rows = [one for one in rows if one[0].stock not in open_ones]
    for wallet in dict.fromkeys(one[1] for one in rows):
        mine = [one for one in rows if one[1] == wallet]
        while mine:
            sizes = range(min(len(mine), PAGE), 1, -1)
            page = ledger.investors.page_call
            room = next((n for n in sizes if network.chain.fits([page(mine[:n], blocked)], payer)), 1)
            part, mine = mine[:room], mine[room:]
            if room == 1:
                found.append(freezing(ledger, *part[0], by, when))
                continue
            isins = ", ".join(listing.isin for listing, _, _ in part)
            title = f"freeze {len(part)} accounts of {wallet} ({isins})"
            found.append(step(f"{title}{when}", title, by, [page(part, blocked)], what="freeze_page"))
    return found


def freezing(ledger: SolanaLedger, listing: Listing, wallet: str, at: Pubkey, by: str, when: str = "") -> Step:
    """The step that freezes one account. A hold's are frozen so: each names the hold."""
    other = "" if at == ledger.units(listing, wallet) else f"'s {at}"
    title = f"freeze {wallet}{other} in {listing.isin}"
    call = ledger.investors.crank_call("freeze", listing, wallet, at)
    return step(f"{title}{when}", title, by, [call], what="freeze")
