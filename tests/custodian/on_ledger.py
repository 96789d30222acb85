"""A ledger of scrip's as a chain that a history is played on: the one place that knows instructions.

Only instructions and the ledger protocol are used. A basis is named by the custodian's counter, which counts every
instant of splits; a ledger's counts those that move its factor, and this file keeps the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction

from custodian.market import DAY, WAD
from custodian.terms import NO_CEILING, Backed, Named, Setup

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import Ledger
from scrip.units import RawUnits, Shares, Stablecoin

STOCK = "ACME"
HOLDER = "alice"
MAX_AGE = 3 * DAY
PAPER_VALID = 2 * DAY
NOTHING = Stablecoin(0)


@dataclass
class Change:
    """A split that is scheduled or in effect on the ledger."""

    ratio: Fraction
    effective_at: int


@dataclass
class LedgerChain:
    """One ledger with one stock and one holder. `nonce` is that of the feed's next paper, counted along."""

    ledger: Ledger
    attested: bool = False
    serial: int = 0
    nonce: int = 0
    kinds: dict[str, str] = field(default_factory=dict)
    """The code of an announced action, by reference."""
    announced: dict[str, Change] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    """Splits that are scheduled or in effect, by reference."""
    held_back: list[ins.AttestReserve] = field(default_factory=list)

    def _do(self, order: ins.Instruction) -> str:
        try:
            self.ledger.apply(order)
        except Refusal as refusal:
            return refusal.name
        return ""

    def _do_voiding(self, order: ins.Instruction) -> str:
        """Carry out what makes papers that were signed before unusable."""
        refused = self._do(order)
        self.nonce += not refused
        return refused

    def open(self, margin_bps: int) -> None:
        """Where every history begins."""
        source: ins.ReserveSource = "attested" if self.attested else "aggregator"
        for order in (
            ins.CreateStock(STOCK, "Acme Inc", "US0000000001"),
            ins.ConfigureReserve(STOCK, MAX_AGE, margin_bps, Shares(NO_CEILING), source=source),
            ins.Onboard("inv-alice", HOLDER, 276, "retail", self.ledger.now() + 3_000 * DAY),
        ):
            self.ledger.apply(order)
        self.nonce = 1

    def advance_to(self, t: int) -> None:
        if t > self.ledger.now():
            self.ledger.advance_to(t)

    # --- supply ---

    def _order(self, kind: type[ins.Mint | ins.Redeem], units: int) -> str:
        self.serial += 1
        quote = ins.QuoteTerms(f"q{self.serial}", self.ledger.now() + 60, self.ledger.multiplier(STOCK).generation)
        return self._do(kind(STOCK, HOLDER, self._raw(units), NOTHING, quote))

    def _raw(self, units: int) -> RawUnits:
        return RawUnits(units, 8).to_decimals(self.ledger.traits.decimals)

    def mint(self, units: int) -> str:
        return self._order(ins.Mint, units)

    def redeem(self, units: int) -> str:
        return self._order(ins.Redeem, units)

    # --- corporate actions ---

    def split(self, reference: str, ratio: Fraction, ex: int, effective_at: int, in_shares: bool = False) -> str:
        self.kinds[reference] = code = "DVSE" if in_shares else "SPLF" if ratio > 1 else "SPLR"
        self.announced[reference] = Change(ratio, effective_at)
        num, den = ratio.numerator, ratio.denominator
        return self._do(ins.Announce(STOCK, code, reference, _date(ex), effective_at, num=num, den=den, ex_at=ex))

    def dividend(self, reference: str, gross: int, ex: int, effective_at: int, pay: int, buy: int) -> str:
        self.kinds[reference] = "DRIP"
        terms = {"gross": gross, "pay": pay, "ex_at": ex, "buy": buy}
        return self._do(ins.Announce(STOCK, "DRIP", reference, _date(ex), effective_at, **terms))

    def schedule(self, reference: str, price: int) -> str:
        order = ins.Schedule(STOCK, self.kinds[reference], reference, price)
        if (change := self.announced.get(reference)) is None:
            return self._do(order)
        refused = self._do_voiding(order)
        if not refused:
            self.changes[reference] = change
        return refused

    def cancel(self, reference: str) -> str:
        order = ins.Cancel(STOCK, self.kinds[reference], reference, 7, "notice")
        if reference not in self.changes:
            return self._do(order)
        refused = self._do_voiding(order)
        if not refused:
            del self.changes[reference]
        return refused

    # --- the basis ---

    def _basis(self, counter: int) -> ins.Basis:
        """The ledger's basis after so many of the custodian's changes, as far as they are scheduled here."""
        factor, steps = Fraction(1), 0
        for instant in sorted({one.effective_at for one in self.changes.values()})[:counter]:
            ratio = Fraction(1)
            for one in self.changes.values():
                if one.effective_at == instant:
                    ratio *= one.ratio
            factor *= ratio
            steps += ratio != 1
        return ins.Basis(factor.numerator, factor.denominator, steps)

    def _said(self, named: Named) -> ins.Basis:
        """The basis that somebody names: one that this ledger does not know where a split is not scheduled here."""
        basis = self._basis(named.counter)
        if Fraction(basis.num, basis.den) == named.ratio:
            return basis
        return ins.Basis(named.ratio.numerator, named.ratio.denominator, named.counter)

    def _ceilings(self, named: Named) -> tuple[Shares, Shares]:
        return Shares(Fraction(int(named.own * WAD), WAD)), Shares(Fraction(-int(-named.others * WAD // 1), WAD))

    def confirm(self) -> str:
        return self._do_voiding(ins.ConfirmBasis(STOCK))

    def set_basis(self, counter: int) -> str:
        return self._do_voiding(ins.SetBasis(STOCK, self._basis(counter)))

    # --- answers and ceilings ---

    def _paper(self, shares: Fraction, as_of: int, named: Named) -> ins.AttestReserve:
        """What ATTESTOR signs now: with the present nonce, to be published within two days."""
        own, others = self._ceilings(named)
        basis, expiry = self._said(named), self.ledger.now() + PAPER_VALID
        return ins.AttestReserve(STOCK, Shares(shares), as_of, own, others, basis, self.nonce, expiry)

    def answer(self, shares: Fraction, as_of: int, named: Named) -> str:
        if not self.attested:
            return self._do(ins.AttestReserve(STOCK, Shares(shares), as_of))
        return self._do_voiding(self._paper(shares, as_of, named))

    def hold_back(self, shares: Fraction, as_of: int, named: Named) -> None:
        if self.attested:
            self.held_back.append(self._paper(shares, as_of, named))

    def publish_held_back(self, which: int) -> str:
        if not self.held_back:
            return "no paper"
        return self._do_voiding(self.held_back[which % len(self.held_back)])

    def set_ceiling(self, named: Named) -> str:
        return self._do_voiding(ins.SetCeiling(STOCK, *self._ceilings(named), self._said(named)))

    def surplus(self) -> tuple[int, Fraction] | None:
        """What the ledger says may be sold, in the basis with the custodian's counter."""
        found = self.ledger.surplus(STOCK)
        counter = next(one for one in range(len(self.changes) + 1) if self._basis(one).counter == found.counter)
        return counter, Fraction(found.shares, WAD)

    def index(self) -> int:
        return self.ledger.multiplier(STOCK).index

    def units(self) -> int:
        supply = self.ledger.supply(STOCK)
        return supply.to_decimals(8).value


def _date(t: int) -> date:
    return datetime.fromtimestamp(t, UTC).date()


def makes(open_ledger: Callable[[int], Ledger]) -> Callable[[Setup, int], Sequence[Backed]]:
    """Chains on fresh ledgers of a kind."""

    def make(setup: Setup, now: int) -> Sequence[Backed]:
        chains = [LedgerChain(open_ledger(now), setup.attested) for _ in range(setup.chains)]
        for chain in chains:
            chain.open(setup.margin_bps)
        return chains

    return make
