"""Stories about splits and ceilings, by each source of a reserve: an aggregator's answer does not say in which split
basis it counts, an attestation does."""

from __future__ import annotations

import pytest
from support.days import ex_of
from support.three_ledgers import DAY, STOCK, Story

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm.ledger import EvmLedger
from scrip.instructions.base import Instruction
from scrip.model.ledger import ModelLedger
from scrip.solana.handlers.reserve import backing_of, state_of
from scrip.units import Shares

BLIND = ("model-blind", "contracts-blind")
ATTESTED = ("model-attested", "contracts-attested", "program-attested")
SOURCES = (*BLIND, *ATTESTED)

FIRST = ins.Basis(1, 1, 0)
"""The basis of a new stock."""


class Backing(Story):
    """A story on one ledger with one source: Alice holds 1,000 units, the custodian 1,000 shares."""

    def __init__(self, where: str) -> None:
        kind, source = where.split("-")
        super().__init__(kind)
        self.attested = source == "attested"
        if self.attested and self.ledger.traits.source == "aggregator":
            self.apply(ins.ConfigureReserve(STOCK, 400 * DAY, 0, Shares.of(10**6), source="attested"))
            self.holds(1_000)

    def refuses(self, name: str, order: Instruction) -> None:
        """An order is refused by this name."""
        with pytest.raises(Refusal) as caught:
            self.apply(order)
        assert caught.value.name == name

    def holds(self, shares: int, basis: ins.Basis | None = None, **terms: int | Shares) -> None:
        """A second later the custodian says what it holds; an attestation names the basis, an aggregator cannot."""
        self.at(self.now() + 1)
        self.apply(ins.AttestReserve(STOCK, Shares.of(shares), basis=basis, **terms))

    def announced_split(self, num: int, den: int, reference: str = "split") -> tuple[ins.Schedule, int]:
        """A split of `num` new shares for `den` old ones, announced: its schedule, and its second in a fortnight."""
        code, at = "SPLF" if num > den else "SPLR", self.now() + 14 * DAY
        self.apply(ins.Announce(STOCK, code, reference, ex_of(at), at, num, den))
        return ins.Schedule(STOCK, code, reference, 0), at

    def split(self, num: int, den: int, reference: str = "split") -> int:
        """The same, scheduled when no split before it can still be missing from an answer; its second."""
        order, at = self.announced_split(num, den, reference)
        self.at(at - 3 * DAY)
        self.apply(order)
        return at

    def confirm(self) -> None:
        """A stranger has the feed count in the basis after the split."""
        self.apply(ins.ConfirmBasis(STOCK))

    def is_full(self) -> None:
        """There is not a share for one unit more."""
        self.refuses_to_mint(1, "reserve: insufficient")

    @property
    def nonce(self) -> int:
        """The nonce of the next paper."""
        ledger = self.ledger
        if isinstance(ledger, ModelLedger):
            return ledger.state.token(STOCK).feed.nonce
        if isinstance(ledger, EvmLedger):
            return ledger.backing(STOCK).nonce
        return backing_of(state_of(ledger, ledger.listing(STOCK))).nonce
