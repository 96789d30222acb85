"""A ledger of scrip's as a chain that a history is played on: the one place that knows instructions.

Only instructions and the ledger protocol are used. Where instructions gain fields (ceilings of other chains and their
basis, a paper's basis and nonce, the market's ex instant, the buying instant), this file alone follows.
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
NOTHING = Stablecoin(0)


@dataclass
class LedgerChain:
    """One ledger with one stock and one holder."""

    ledger: Ledger
    serial: int = 0
    rounds: int = 0
    kinds: dict[str, str] = field(default_factory=dict)
    """The code of an announced action, by reference."""

    def _do(self, order: ins.Instruction) -> str:
        try:
            self.ledger.apply(order)
        except Refusal as refusal:
            return refusal.name
        return ""

    def open(self, margin_bps: int) -> None:
        """Where every history begins."""
        for order in (
            ins.CreateStock(STOCK, "Acme Inc", "US0000000001"),
            ins.ConfigureReserve(STOCK, MAX_AGE, margin_bps, Shares(NO_CEILING)),
            ins.Onboard("inv-alice", HOLDER, 276, "retail", self.ledger.now() + 3_000 * DAY),
        ):
            self.ledger.apply(order)

    def advance_to(self, t: int) -> None:
        if t > self.ledger.now():
            self.ledger.advance_to(t)

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

    def split(self, reference: str, ratio: Fraction, ex: int, effective_at: int) -> str:
        self.kinds[reference] = code = "SPLF" if ratio > 1 else "SPLR"
        num, den = ratio.numerator, ratio.denominator
        return self._do(ins.Announce(STOCK, code, reference, _date(ex), effective_at, num=num, den=den))

    def dividend(self, reference: str, gross: int, ex: int, effective_at: int, pay: int, buy: int) -> str:
        self.kinds[reference] = "DRIP"
        return self._do(ins.Announce(STOCK, "DRIP", reference, _date(ex), effective_at, gross=gross, pay=pay))

    def schedule(self, reference: str, price: int) -> str:
        return self._do(ins.Schedule(STOCK, self.kinds[reference], reference, price))

    def cancel(self, reference: str) -> str:
        return self._do(ins.Cancel(STOCK, self.kinds[reference], reference, 7, "notice"))

    def answer(self, shares: Fraction, as_of: int, named: Named) -> str:
        """Today an answer says neither its basis nor a ceiling."""
        self.rounds += 1
        return self._do(ins.AttestReserve(STOCK, Shares(shares), as_of))

    def hold_back(self, shares: Fraction, as_of: int, named: Named) -> None:
        """Today's instructions publish at once."""

    def publish_held_back(self, which: int) -> str:
        return "no paper"

    def set_ceiling(self, named: Named) -> str:
        """Today a ceiling is a number alone."""
        return self._do(ins.SetCeiling(STOCK, Shares(Fraction(int(named.own * WAD), WAD))))

    def confirm(self, a: int, b: int) -> str:
        """A stranger shows the rounds that the ledger finds, or any two; Solana's program finds them itself."""
        if a % 2 or self.rounds < 2 or self.ledger.traits.name == "solana":
            return self._do(ins.ConfirmBasis(STOCK))
        old, new = sorted((1 + a // 2 % self.rounds, 1 + b % self.rounds))
        return self._do(ins.ConfirmBasis(STOCK, old, new))

    def set_basis(self, counter: int) -> str:
        return self._do(ins.SetBasis(STOCK))

    def surplus(self) -> tuple[int, Fraction] | None:
        """Today no ledger says it."""
        return None

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
        chains = [LedgerChain(open_ledger(now)) for _ in range(setup.chains)]
        for chain in chains:
            chain.open(setup.margin_bps)
        return chains

    return make
