"""Lost wallets on Solana: who succeeds whom, what is left with one that was recovered, and the accounts it goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.instructions.base import Instruction
from scrip.plan import Step
from scrip.solana.encoding import tokens
from scrip.solana.handlers import recovery
from scrip.solana.ledger import SolanaLedger
from scrip.solana.views.stepping import step


@dataclass(frozen=True)
class SolanaSuccession:
    """See scrip.chains.views.Succession."""

    ledger: SolanaLedger
    step: Callable[[str, str, Sequence[Instruction], str], Step]
    """Makes an order's step: its name, its title, the orders, and what people call its instruction."""
    room = recovery.ROOM

    def heir(self, old: str) -> str:
        """The last successor's address; "" for a wallet that was not recovered. Refuses one that is another's now."""
        ledger = self.ledger
        chain = recovery.chain_of(ledger, ledger.address(old))
        if not chain:
            return ""
        first, last = (ledger.record(ledger.program.at.wallet(one), "Wallet") for one in (chain[0][0], chain[-1][1]))
        if last is None or first is None or last.investor != first.investor:
            told = f"its successor {chain[-1][1]} is not that investor's any more"
            raise InputError(told, field="old", value=old)
        return str(chain[-1][1])

    def left(self, old: str, stocks: Sequence[str]) -> list[str]:
        """Those of the stocks in which a wallet has units or a hold, or a recovered one before it has."""
        return [stock for stock in stocks if any(self._has(stock, one) for one in self._line(old))]

    def _line(self, old: str) -> list[Pubkey]:
        ledger = self.ledger
        return [ledger.address(old), *(heir for _, heir in recovery.chain_of(ledger, ledger.address(old))[:-1])]

    def _has(self, stock: str, wallet: Pubkey) -> bool:
        ledger, listing = self.ledger, self.ledger.listing(stock)
        held = ledger.holding(listing, str(wallet))
        return (
            bool(held and held.amount)
            or ledger.record(ledger.program.at.hold(listing.stock, wallet), "Hold") is not None
            or recovery.has_bound(ledger, listing, wallet)
        )

    def opening(self, old: str, new: str, stocks: Sequence[str], by: str) -> list[Step]:
        """The steps that open the successor's token accounts where the lost wallet has one and the successor none."""
        ledger = self.ledger
        payer, heir = ledger.address(by), ledger.address(new)
        found = []
        for stock in stocks:
            listing = ledger.listing(stock)
            if ledger.holding(listing, old) is not None and ledger.holding(listing, new) is None:
                title = f"open {new}'s account in {stock}"
                found.append(step(title, title, by, [tokens.create_account(payer, heir, listing.mint)], what="open"))
        return found

    def closing(self, old: str, stocks: Sequence[str], by: str, new: str = "") -> list[Step]:
        """The steps that freeze what a recovered wallet, or a blocked successor, has open beside its canonical accounts
        in these stocks, which are frozen with its units, and that fetch what is bound in them."""
        ledger, investors, found = self.ledger, self.ledger.investors, []
        told = {self.ledger.units(self.ledger.listing(stock), old) for stock in stocks}
        for listing, wallet, at in investors.thawed([old]):
            if at not in told:
                title = f"freeze {wallet}'s {at} in {listing.isin}"
                calls = [investors.crank_call("freeze", listing, wallet, at)]
                found.append(step(title, title, by, calls, what="freeze"))
        bound = [one for one in stocks if recovery.has_bound(ledger, ledger.listing(one), ledger.address(old))]
        return [*found, *self.fetching(old, bound, by, new)]

    def fetching(self, old: str, stocks: Sequence[str], by: str, new: str = "") -> Iterator[Step]:
        """A step for each stock, from which units go down the line of successors; to `new`, the same plan's."""
        ledger = self.ledger
        for stock in stocks:
            name, title = f"recover {old} in {stock}", f"what {old} left in {stock} goes to its successor"
            order = ins.RecoverIn(old, (stock,), by)
            if not new:
                yield self.step(name, title, [order], "recover_in")
                continue
            line = [(ledger.address(old), ledger.address(new))]
            yield step(name, title, by, recovery.fetching_for(ledger, order, line), order, what="recover_in")
