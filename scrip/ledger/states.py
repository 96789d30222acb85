"""What a ledger shows of a stock: its multiplier, its backing and its corporate actions, the same on every chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip.units import NO_WAD, ShareWad, Wad, format_wad

ActionStatus = Literal["unknown", "announced", "scheduled", "cancelled", "effective"]


@dataclass(frozen=True, slots=True)
class MultiplierState:
    """A stock's multiplier as every view shows it now.

    `index` and `num`/`den` are the effective factors. When nothing is pending, `pending_ui_multiplier` is equal to
    `ui_multiplier` and `effective_at` is 0. `generation` counts activations.
    """

    index: Wad
    num: int
    den: int
    ui_multiplier: Wad
    pending_ui_multiplier: Wad
    effective_at: int
    generation: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The feed's view of a stock's backing, in 18-decimal shares of the split basis that the last answer counts in.

    `attested` is the last answer after the margin (0 when it is not positive), whatever its age; `required` the
    liability of the present supply at the greater of current and pending index; `receivable` what open dividends add;
    `ceiling` what this chain alone may owe, `others` what all other chains may owe together.
    """

    attested: ShareWad
    required: ShareWad
    receivable: ShareWad
    ceiling: ShareWad
    others: ShareWad

    def __str__(self) -> str:
        named = ("attested", "receivable", "ceiling", "others")
        parts = ", ".join(f"{name} {format_wad(getattr(self, name))}" for name in named)
        return f"{format_wad(self.required)} shares are needed, and {format_wad(self.there)} are there: {parts}"

    @property
    def there(self) -> ShareWad:
        """What mints count on: min(attested, ceiling, max(0, attested − others)) + receivable (law 5)."""
        beside = max(0, self.attested - self.others)
        return ShareWad(min(self.attested, self.ceiling, beside) + self.receivable)

    @property
    def covered(self) -> bool:
        """Whether what is owed is there."""
        return self.required <= self.there


@dataclass(frozen=True, slots=True)
class Surplus:
    """Shares that nobody has a claim to, 18 decimals: what a custodian may sell, once no ceiling counts them.

    `there` is what this chain may owe now, receivables apart, and `shares` how much of it is beyond what is `owed`,
    announced dividends counted at their greatest; both are 0 where no answer can be counted on. `counter` is the split
    counter of their basis. `as_of` is the UTC second of the latest answer, whatever its age; 0 where there is none.
    """

    shares: ShareWad
    there: ShareWad
    owed: ShareWad
    counter: int
    as_of: int


@dataclass(frozen=True, slots=True)
class ActionState:
    """A corporate action as a chain shows it now. Money is currency per share, times are UTC seconds.

    `id` is that of (ISIN at birth, series, code, reference), the same on every chain, and empty where the chain has
    none; `stock` is the ledger's own name for it, `reference` is for people. `ex` is YYYYMMDD and `ex_at` its instant,
    `buy` the one by which a dividend's shares are bought. A scheduled action is "effective" from its second on, by the
    chain's own clock. An action that was never announced is "unknown", and all its terms are 0.
    """

    id: bytes
    stock: str
    code: str
    reference: str
    status: ActionStatus = "unknown"
    ex: int = 0
    ex_at: int = 0
    pay: int = 0
    buy: int = 0
    effective_at: int = 0
    num: int = 0
    den: int = 0
    gross: Wad = NO_WAD
    withheld: Wad = NO_WAD
    net: Wad = NO_WAD
    price: Wad = NO_WAD
    index: Wad = NO_WAD
    """The dividend index that a correction or a fold sets; 0 for others."""

    @property
    def known(self) -> bool:
        """Whether it was ever announced."""
        return self.status != "unknown"

    @property
    def counts(self) -> bool:
        """Whether it moves the multiplier, now or at its second."""
        return self.status in ("scheduled", "effective")

    @property
    def open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.status in ("announced", "scheduled")
