"""Lost wallets on an Ethereum-family chain: who succeeds whom, and what is left with one that was recovered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Call
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import BALANCE_MASK, HELD
from scrip.evm.ledger import EvmLedger
from scrip.instructions.base import Instruction
from scrip.instructions.recovery import MAX_RECOVERED
from scrip.plan import Step


@dataclass(frozen=True)
class EvmSuccession:
    """See scrip.chains.views.Succession."""

    ledger: EvmLedger
    step: Callable[[str, str, Sequence[Instruction]], Step]
    """Makes an order's step: its name, its title, the orders."""
    room = MAX_RECOVERED

    def heir(self, old: str) -> str:
        """The last successor's address; "" for a wallet that was not recovered. Refuses one that is another's now."""
        chain, registry = self.ledger.chain, self.ledger.suite.registry
        address = chain.address(old)
        (last, investor), heir = chain.call_many(
            [Call(registry, "successionOf", (address,)), Call(registry, "successorOf", (address,))]
        )
        if investor and heir == ZERO_ADDRESS:
            raise InputError(
                f"its successor {chain.name(last)} is not that investor's any more", field="old", value=old
            )
        return str(last) if investor else ""

    def left(self, old: str, stocks: Sequence[str]) -> list[str]:
        """Those of the stocks in which an account has anything: units, a freeze, a lock-up, an open case."""
        return [stock for stock in stocks if self._has(stock, old)]

    def _has(self, stock: str, account: str) -> bool:
        ledger = self.ledger
        token, at = ledger.token(stock), (ledger.chain.address(account),)
        word, case = ledger.chain.call_many([Call(token, "accountWord", at), Call(token, "caseOf", at)])
        return bool(word & (BALANCE_MASK | HELD) or case[0])

    def opening(self, old: str, new: str, stocks: Sequence[str], by: str) -> list[Step]:  # noqa: ARG002
        """No step: a wallet needs no account of a stock here."""
        return []

    def closing(self, old: str, stocks: Sequence[str], by: str, new: str = "") -> list[Step]:  # noqa: ARG002
        """No step: the registry tells every stock in the same transaction."""
        return []

    def fetching(self, old: str, stocks: Sequence[str], by: str, new: str = "") -> Iterator[Step]:  # noqa: ARG002
        """A step for each page of stocks."""
        for start in range(0, len(stocks), MAX_RECOVERED):
            page = tuple(stocks[start : start + MAX_RECOVERED])
            title = f"what {old} left in {', '.join(page)} goes to its successor"
            yield self.step(f"recover {old} in {' '.join(page)}", title, [ins.RecoverIn(old, page, by)])
