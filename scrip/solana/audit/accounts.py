"""Token accounts that are open though their wallet may not have one: what a block, a hold or a lapse left behind."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.reports.findings import Finding, Severity
from scrip.solana.audit.evidence import Evidence
from scrip.solana.handlers.clearance import Investors

SWEEP = "frozen: ape run compliance sweep"
"""What is expected of each, and the command that does it; anyone may."""


def accounts(evidence: Evidence, investors: Investors, now: int) -> Iterator[Finding]:
    """A finding about every account that anyone may freeze at `now`, of the stocks that stand.

    An account of a blocked or held wallet can be moved out of until it is frozen: of a block-list stock, whose accounts
    are born thawed, the wallet makes a new one whenever it likes. On an allow-list stock one may be left of a wallet
    that opened it while it was being unlinked. A lapse is nobody's decision, and drift.
    """
    tickers = {listing.stock: ticker for ticker, listing in evidence.listings().items()}
    for listing, wallet, at, why in investors.left_open(now):
        severity: Severity = "drift" if why == "lapsed" else "critical"
        found = f"open, of a {why} wallet: {evidence.shown(wallet)}"
        yield Finding(f"stocks.{tickers.get(listing.stock, listing.isin)}.accounts.{at}", SWEEP, found, severity)
