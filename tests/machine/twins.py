"""The model and the chains under test, given the same instructions and held to the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from machine import states

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions.base import Instruction
from scrip.instructions.subjects import Subjects
from scrip.ledger import Ledger
from scrip.model.laws import arithmetic as law
from scrip.model.ledger import ModelLedger

DONE = "done"


class Chain(Ledger, Protocol):
    """A ledger on a chain, and what the chain itself shows beyond the ledger protocol."""

    def balance_ui(self, stock: str, account: str) -> int:
        """The chain's own conversion of a balance into shares, 18 decimals."""

    def may_hold(self, stock: str, account: str) -> bool:
        """Whether the chain's own views say that the account may send and receive now."""

    def holders(self, stock: str) -> tuple[int, int]:
        """How many hold a stock whose holders are counted, and raw units of those who are not counted yet."""

    def held_with(self, stock: str, account: str) -> int:
        """Raw units of such a stock that the account's holder has with all its wallets."""


class Twins:
    """`model` answers; every one of `chains` must answer alike. `tally` counts answers by name.

    The comparisons of state look at the chains named in `watched`, so that a slow chain can be looked at less often.
    """

    def __init__(self, model: ModelLedger, chains: Mapping[str, Chain], watched: Iterable[str]) -> None:
        self.model = model
        self.chains = dict(chains)
        self.watched = tuple(watched)
        self.tally: Counter[str] = Counter()

    def source_of(self, stock: str) -> ins.ReserveSource:
        """Who says what backs a stock: one of the two sources has each."""
        return "attested" if stock == "ACME" else "aggregator"

    def _watched(self) -> list[tuple[str, Chain]]:
        return [(name, self.chains[name]) for name in self.watched]

    def apply(self, instruction: Instruction) -> str:
        """The one answer of all: DONE, or the refusal's name."""
        expected = answer_of(self.model, instruction)
        for name, chain in self.chains.items():
            got = answer_of(chain, instruction)
            assert got == expected, f"{instruction}\nthe model: {expected}\n{name}: {got}"
        self.tally[expected] += 1
        return expected

    def apply_to_evm_alone(self, instruction: Instruction) -> str | None:
        """Where several kinds of chain take part, apply what only the EVM can hold; None where there is no EVM."""
        return self.apply(instruction)

    def crank(self, stock: str, account: str) -> bool:
        """Where expiry takes effect at the crank: crank the account; whether it lagged behind the clock."""
        return False

    def watch_all(self) -> None:
        """From now on look at every chain."""
        self.watched = tuple(self.chains)

    def must(self, instruction: Instruction) -> None:
        """Apply what cannot be refused."""
        answer = self.apply(instruction)
        assert answer == DONE, f"{instruction}: {answer}"

    def advance_to(self, t: int) -> None:
        """Move every clock."""
        for ledger in (self.model, *self.chains.values()):
            ledger.advance_to(t)

    def compare_holdings(self, stock: str, accounts: list[str]) -> None:
        """Balances, supply and stablecoins are equal, and the balances add up to the supply."""
        for name, chain in self._watched():
            held = {account: chain.balance(stock, account) for account in accounts}
            expected = {account: self.model.balance(stock, account) for account in accounts}
            assert held == expected, name
            assert chain.supply(stock) == self.model.supply(stock), name
            assert sum(units.value for units in held.values()) == chain.supply(stock).value, name
            assert {a: chain.stablecoin(a) for a in accounts} == {a: self.model.stablecoin(a) for a in accounts}, name

    def compare_multiplier(self, stock: str, accounts: list[str]) -> None:
        """The multiplier, pair and schedule are equal, and so is what a person sees of each balance."""
        expected = self.model.multiplier(stock)
        for name, chain in self._watched():
            assert chain.multiplier(stock) == expected, name
            held = [self.model.balance(stock, account).value for account in accounts]
            shown = [law.ui_amount(raw, expected.ui_multiplier) for raw in held]
            assert [chain.balance_ui(stock, account) for account in accounts] == shown, (name, stock)

    def compare_clearance(self, stock: str, accounts: list[str], stopped: bool) -> None:
        """What the chain says of an account is what the model says: no cache is more permissive, none stricter."""
        expected = [not stopped and self.model.may_hold(stock, account) for account in accounts]
        for name, chain in self._watched():
            assert [chain.may_hold(stock, account) for account in accounts] == expected, (name, stock)

    def compare_holders(self, stock: str, accounts: list[str]) -> None:
        """Of a stock with limits: as many holders are counted, and each has as much, as a recount says."""
        expected = self.model.stocks[stock].token.holders
        if expected.limits is None:
            return
        for name, chain in self._watched():
            assert chain.holders(stock) == (expected.count(), expected.unseeded()), (name, stock)
            for account in accounts:
                assert chain.held_with(stock, account) == expected.held_with(account), (name, stock, account)

    def compare_state(self, subjects: Subjects) -> None:
        """Everything that the model keeps of the subjects is what each chain shows."""
        for name, chain in self._watched():
            states.compare(self.model, states.read(chain, subjects), subjects, name)

    def compare_coverage(self, stock: str) -> None:
        """Reserve, liability, receivable, ceiling and what may be sold are equal."""
        for name, chain in self._watched():
            assert chain.coverage(stock) == self.model.coverage(stock), name
            assert chain.surplus(stock) == self.model.surplus(stock), name


def answer_of(ledger: Ledger, instruction: Instruction) -> str:
    """DONE, or the refusal's name."""
    try:
        ledger.apply(instruction)
    except Refusal as refusal:
        return refusal.name
    return DONE
