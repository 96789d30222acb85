"""What of wallets' units is frozen or locked on Solana, and what has ended of it."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.model.laws.lockups import Lockups
from scrip.plan import Step
from scrip.solana.handlers import enforcement
from scrip.solana.ledger import SolanaLedger
from scrip.solana.views.stepping import step


@dataclass(frozen=True)
class SolanaBonds:
    """See scrip.chains.views.Bonds."""

    ledger: SolanaLedger

    def frozen(self, stock: str, account: str) -> int:
        """Raw units that are frozen in part."""
        found = self.ledger.bound(self.ledger.listing(stock), self.ledger.address(account))
        return found.frozen if found else 0

    def lockups(self, stock: str, account: str) -> Lockups:
        """The lock-ups that nobody has released."""
        return enforcement.tranches_of(self.ledger.bound(self.ledger.listing(stock), self.ledger.address(account)))

    def releasing(self, stock: str, account: str, by: str) -> list[Step]:
        """The step that gives a wallet what its lock-ups that have ended bound; none where none has."""
        now = self.ledger.now()
        if all(now < one.until for one in self.lockups(stock, account)):
            return []
        title = f"give {account} what was locked of it in {stock}"
        calls = [enforcement.release_ended(self.ledger, stock, account)]
        return [step(f"{title} at {now}", title, by, calls, what="release_ended")]
