"""The reference as a chain that a history is played on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from custodian.reference import DAY, Action, Paper, Reference, Rules
from custodian.terms import NO_CEILING, UNIT, Backed, Named, Setup

VALID = 2 * DAY


class ReferenceChain:
    """A `Reference`, and the papers that strangers hold back."""

    def __init__(self, reference: Reference) -> None:
        self.law = reference
        self.papers: list[Paper] = []

    def advance_to(self, t: int) -> None:
        self.law.advance_to(t)

    def mint(self, units: int) -> str:
        return self.law.mint(Fraction(units, UNIT))

    def redeem(self, units: int) -> str:
        return self.law.redeem(Fraction(units, UNIT))

    def split(self, reference: str, ratio: Fraction, ex: int, effective_at: int, in_shares: bool = False) -> str:
        if in_shares:
            return "the law's wording has no dividend in shares"
        return self.law.announce(Action(reference, ex, effective_at, split=ratio))

    def dividend(self, reference: str, gross: int, ex: int, effective_at: int, pay: int, buy: int) -> str:
        return self.law.announce(Action(reference, ex, effective_at, gross=gross, pay=pay, buy=buy))

    def schedule(self, reference: str, price: int) -> str:
        return self.law.schedule(reference, price)

    def cancel(self, reference: str) -> str:
        return self.law.cancel(reference)

    def _paper(self, shares: Fraction, as_of: int, named: Named) -> Paper:
        return Paper(shares, as_of, *named, self.law.nonce, self.law.now + VALID)

    def answer(self, shares: Fraction, as_of: int, named: Named) -> str:
        if self.law.rules.attested:
            return self.law.publish(self._paper(shares, as_of, named))
        return self.law.push(shares, as_of)

    def hold_back(self, shares: Fraction, as_of: int, named: Named) -> None:
        self.papers.append(self._paper(shares, as_of, named))

    def publish_held_back(self, which: int) -> str:
        if not self.papers or not self.law.rules.attested:
            return "no paper"
        return self.law.publish(self.papers[which % len(self.papers)])

    def set_ceiling(self, named: Named) -> str:
        return self.law.set_ceiling(named.own, named.others, named.counter)

    def confirm(self) -> str:
        return self.law.confirm()

    def set_basis(self, counter: int) -> str:
        return self.law.set_basis(counter)

    def surplus(self) -> tuple[int, Fraction]:
        return self.law.surplus()

    def index(self) -> int:
        return self.law.index_now

    def units(self) -> int:
        return int(self.law.raw * UNIT)


def makes(rules: Rules | None = None) -> Callable[[Setup, int], Sequence[Backed]]:
    """Fresh chains under the law, or under a variation of it."""

    def make(setup: Setup, now: int) -> Sequence[Backed]:
        said = replace(rules or Rules(), attested=setup.attested, margin_bps=setup.margin_bps)
        return [ReferenceChain(Reference(now, said, ceiling=NO_CEILING)) for _ in range(setup.chains)]

    return make
