"""What a ledger shows of a stock: its multiplier, its backing and its corporate actions, the same on every chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActionStatus = Literal["unknown", "announced", "scheduled", "cancelled", "effective"]


@dataclass(frozen=True, slots=True)
class MultiplierState:
    """A stock's multiplier as every view shows it now.

    `index` (wad) and `num`/`den` are the effective factors; `ui_multiplier` and `pending_ui_multiplier` are wads and
    equal when nothing is pending, when `effective_at` is 0. `generation` counts activations.
    """

    index: int
    num: int
    den: int
    ui_multiplier: int
    pending_ui_multiplier: int
    effective_at: int
    generation: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The feed's view of a stock's backing, in shares of the feed's split basis with 18 decimals.

    `attested` is the last answer after the margin (0 when it is not positive), whatever its age; `required` the
    liability of the present supply at the greater of current and pending index; `receivable` what open dividends add.
    """

    attested: int
    required: int
    receivable: int
    ceiling: int

    @property
    def covered(self) -> bool:
        """Whether reserve and ceiling bear the liability that receivables leave."""
        return self.required - min(self.receivable, self.required) <= min(self.attested, self.ceiling)


@dataclass(frozen=True, slots=True)
class ActionState:
    """A corporate action as a chain shows it now. Money is a wad of currency per share, times are UTC seconds.

    `id` is that of (ISIN, code, reference), the same on every chain, and empty where the chain has none; `stock` is the
    ledger's own name for it, `reference` is for people. `ex` is YYYYMMDD and `ex_at` its instant, `buy` the one by
    which a dividend's shares are bought. A scheduled action is "effective" from its second on, by the chain's own
    clock. An action that was never announced is "unknown", and all its terms are 0.
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
    gross: int = 0
    withheld: int = 0
    net: int = 0
    price: int = 0

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
