"""What is kept of what holders are paid and given: what was announced, and what was posted, funded and paid of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scrip import parameters
from scrip.instructions.dividends import CASH_CODE, CashTerms
from scrip.labels import DISTRIBUTOR

if TYPE_CHECKING:
    from scrip.model.laws.merkle_sum import Root

__all__ = ["CASH_CODE", "Cash", "CashStatus", "Distribution", "DistributionStatus", "Dividends"]

CashStatus = Literal["ANNOUNCED", "PAYING", "CANCELLED", "COMPLETED"]
DistributionStatus = Literal["POSTED", "FUNDED", "ENDED", "VOIDED"]


@dataclass(frozen=True, slots=True)
class Cash:
    """An announced cash dividend, its `terms` with ex_at filled in; `amended` counts the amendments."""

    reference: str
    terms: CashTerms
    status: CashStatus = "ANNOUNCED"
    amended: int = 0

    def shuts(self, now: int) -> bool:
        """Whether the market trades without it while units still carry it, so that nothing is minted."""
        return self.status != "CANCELLED" and self.terms.ex_at <= now < self.terms.record_at

    def shuts_until(self, now: int) -> bool:
        """Whether it shuts mints, now or later, until a record that is yet to come."""
        lies_between = self.terms.ex_at < self.terms.record_at
        return self.status != "CANCELLED" and lies_between and now < self.terms.record_at


@dataclass(slots=True)
class Distribution:
    """A posted root, and how far it is paid. Amounts are base units of the coin, or raw units of the stock `units`.

    `withheld` is what is remitted here; `unpaid` what is still held for leaves that were not paid. `claimed` are the
    places that are paid or parked, `parked` of what the coin refused whose, how much, and whether others may have it
    paid.
    """

    stock: str
    reference: str
    root: Root
    gross: int
    withheld: int
    pay: int
    expiry: int
    treasury: str
    tax: str
    unpaid: int
    status: DistributionStatus = "POSTED"
    code: str = CASH_CODE
    units: str = ""
    stopped: bool = False
    remitted: bool = False
    claimed: set[int] = field(default_factory=set)
    parked: dict[int, tuple[str, int, bool]] = field(default_factory=dict)


@dataclass(slots=True)
class Dividends:
    """All distributions, by their ids; who receives what is swept and what is withheld; the shortest time to fetch.

    `account` holds what is funded and not paid. `parts` counts the roots that were posted, by stock, code and
    reference.
    """

    treasury: str
    tax: str
    escheat: int = parameters.ESCHEAT.default
    account: str = DISTRIBUTOR
    distributions: dict[str, Distribution] = field(default_factory=dict)
    parts: dict[tuple[str, str, str], int] = field(default_factory=dict)
