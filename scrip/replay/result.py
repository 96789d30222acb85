"""What a replay found out, and the ways to hear of it while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from scrip.errors import ScripError
from scrip.ledger import Coverage, MultiplierState, Receipt
from scrip.replay.timeline import Action, Timeline
from scrip.units import RawUnits, Stablecoin

LIMIT = 1e-9
"""The greatest relative deviation from the reference that passes."""


class ReplayError(ScripError):
    """The replay did not hold: a ledger refused, two ledgers differ, or a value is off."""


@dataclass(slots=True)
class Outcome:
    """What became of one corporate action on every ledger, by the ledger's name."""

    action: Action
    announce: dict[str, Receipt] = field(default_factory=dict)
    schedule: dict[str, Receipt] = field(default_factory=dict)
    paid: dict[str, dict[str, Receipt]] = field(default_factory=dict)
    """What a dividend in cash takes beside its announcement, by step: its root, its funding, each holder's claim."""
    multiplier: dict[str, MultiplierState] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    """The multiplier as wallets read it, where a ledger has a float for them."""
    coverage: dict[str, Coverage] = field(default_factory=dict)

    @property
    def steps(self) -> dict[str, dict[str, Receipt]]:
        """All that was sent for it, by step and ledger, in order."""
        return {"announce": self.announce} | (self.paid or {"schedule": self.schedule})

    @property
    def gas(self) -> int | None:
        """Gas of all steps together, on the first ledger that counts gas."""
        return self._cost(lambda receipt: receipt.gas)

    @property
    def compute_units(self) -> int | None:
        """Compute units of all steps together, on the first ledger that counts those."""
        return self._cost(lambda receipt: receipt.compute_units)

    def _cost(self, of: Callable[[Receipt], int | None]) -> int | None:
        for name in self.announce:
            costs = [of(receipts[name]) for receipts in self.steps.values()]
            known = [cost for cost in costs if cost is not None]
            if len(known) == len(costs):
                return sum(known)
        return None

    @property
    def lowest_coverage(self) -> Fraction | None:
        """The least attested ÷ required over the ledgers; None before the reserve was attested again."""
        return min((ratio(c) for c in self.coverage.values()), default=None)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that had to be refused and was, with the reason that the ledger gave."""

    ledger: str
    step: str
    to: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Final:
    """A ledger's state when the replay ends."""

    supply: RawUnits
    balances: dict[str, RawUnits]
    stablecoin: dict[str, Stablecoin]
    coverage: Coverage


@dataclass(slots=True)
class Result:
    """Everything a report shows. Series have one value per trading day, in dollars or as plain multiples."""

    timeline: Timeline
    outcomes: list[Outcome] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    finals: dict[str, Final] = field(default_factory=dict)
    reference: list[float] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=dict)
    multipliers: dict[str, list[float]] = field(default_factory=dict)
    deviations: dict[str, list[float]] = field(default_factory=dict)
    lowest_coverage: Fraction | None = None
    attested: str = ""

    def deviation(self, ledger: str) -> float:
        """A ledger's greatest relative deviation from the reference."""
        return max(self.deviations[ledger], default=0.0)

    @property
    def in_cash(self) -> bool:
        """Whether dividends are paid in cash: a ledger's value is then that of units and reinvested cash together."""
        return self.timeline.in_cash


class Watcher(Protocol):
    """Hears of a replay as it runs. `at` is the ledgers' clock, UTC seconds."""

    def told(self, at: int, text: str) -> None:
        """Something happened that is worth a line."""

    def refused(self, at: int, refusal: Refused) -> None:
        """A ledger refused what it had to refuse."""

    def acted(self, outcome: Outcome) -> None:
        """A corporate action took effect and the reserve was attested again."""

    def day(self, index: int) -> None:
        """A trading day was read and agreed with the reference."""


class Silent:
    """A watcher that says nothing."""

    def told(self, at: int, text: str) -> None:
        """Say nothing of what happened."""

    def refused(self, at: int, refusal: Refused) -> None:
        """Say nothing of a refusal."""

    def acted(self, outcome: Outcome) -> None:
        """Say nothing of a corporate action."""

    def day(self, index: int) -> None:
        """Say nothing of a day."""


def ratio(coverage: Coverage) -> Fraction:
    """Attested ÷ required, receivables not counted. An empty liability counts as covered once."""
    return Fraction(coverage.attested, coverage.required) if coverage.required else Fraction(1)
