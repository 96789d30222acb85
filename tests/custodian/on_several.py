"""Several ledgers as one chain: each is asked, and all have to give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from custodian.history import Maker
from custodian.terms import Backed, Named, Setup

_T = TypeVar("_T")


class Several:
    """The same stock on ledgers of several kinds, which must not differ."""

    def __init__(self, chains: Sequence[Backed]) -> None:
        self.chains = chains

    @staticmethod
    def _one(answers: list[_T]) -> _T:
        assert all(answer == answers[0] for answer in answers), answers
        return answers[0]

    def advance_to(self, t: int) -> None:
        for chain in self.chains:
            chain.advance_to(t)

    def mint(self, units: int) -> str:
        return self._one([chain.mint(units) for chain in self.chains])

    def redeem(self, units: int) -> str:
        return self._one([chain.redeem(units) for chain in self.chains])

    def split(self, reference: str, ratio: Fraction, ex: int, effective_at: int, in_shares: bool = False) -> str:
        return self._one([chain.split(reference, ratio, ex, effective_at, in_shares) for chain in self.chains])

    def dividend(self, reference: str, gross: int, ex: int, effective_at: int, pay: int, buy: int) -> str:
        return self._one([chain.dividend(reference, gross, ex, effective_at, pay, buy) for chain in self.chains])

    def schedule(self, reference: str, price: int) -> str:
        return self._one([chain.schedule(reference, price) for chain in self.chains])

    def cancel(self, reference: str) -> str:
        return self._one([chain.cancel(reference) for chain in self.chains])

    def answer(self, shares: Fraction, as_of: int, named: Named) -> str:
        return self._one([chain.answer(shares, as_of, named) for chain in self.chains])

    def hold_back(self, shares: Fraction, as_of: int, named: Named) -> None:
        for chain in self.chains:
            chain.hold_back(shares, as_of, named)

    def publish_held_back(self, which: int) -> str:
        return self._one([chain.publish_held_back(which) for chain in self.chains])

    def set_ceiling(self, named: Named) -> str:
        return self._one([chain.set_ceiling(named) for chain in self.chains])

    def confirm(self) -> str:
        return self._one([chain.confirm() for chain in self.chains])

    def set_basis(self, counter: int) -> str:
        return self._one([chain.set_basis(counter) for chain in self.chains])

    def surplus(self) -> tuple[int, Fraction] | None:
        return self._one([chain.surplus() for chain in self.chains])

    def index(self) -> int:
        return self._one([chain.index() for chain in self.chains])

    def units(self) -> int:
        return self._one([chain.units() for chain in self.chains])


def makes(*makers: Maker) -> Maker:
    """Chains that are several ledgers each."""

    def make(setup: Setup, now: int) -> Sequence[Backed]:
        return [Several(chains) for chains in zip(*(one(setup, now) for one in makers), strict=True)]

    return make
