"""What of accounts' units is frozen or locked, as a stock's contract tells."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.errors import InputError
from scrip.evm.ledger import EvmLedger
from scrip.model.laws.lockups import Lockups, Tranche
from scrip.plan import Step


@dataclass(frozen=True)
class EvmBonds:
    """See scrip.chains.views.Bonds."""

    ledger: EvmLedger

    def frozen(self, stock: str, account: str) -> int:
        """Raw units that are frozen in part."""
        chain = self.ledger.chain
        return int(chain.call(self.ledger.token(stock), "getFrozenTokens", chain.address(account)))

    def lockups(self, stock: str, account: str) -> Lockups:
        """The lock-ups that have not ended."""
        chain = self.ledger.chain
        amounts, untils = chain.call(self.ledger.token(stock), "lockupsOf", chain.address(account))
        return tuple(Tranche(until, amount) for until, amount in zip(untils, amounts, strict=True) if amount)

    def releasing(self, stock: str, account: str, by: str) -> list[Step]:  # noqa: ARG002
        """InputError: what has ended binds nothing here."""
        raise InputError("has no equivalent on this kind of chain", field="command")
