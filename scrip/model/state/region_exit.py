"""What is kept of exits from countries: which are left until when, at what price, and what is parked for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scrip.holder_limits import Countries
from scrip.labels import REGION_EXIT

ExitStatus = Literal["OPENED", "PRICED", "CLOSED"]
ExitId = tuple[str, str]
"""A stock and the desk's reference."""


@dataclass(slots=True)
class RegionExit:
    """A stock's exit from countries. Times are UTC seconds, `price` base units of the coin for a whole token.

    `cash` is what is left of the funding, the parked amounts, by account, among it; `taken_in` keep their units.
    """

    countries: Countries
    until: int
    expiry: int
    funder: str
    status: ExitStatus = "OPENED"
    price: int = 0
    cash: int = 0
    parked: dict[str, int] = field(default_factory=dict)
    taken_in: set[str] = field(default_factory=set)

    @property
    def parked_sum(self) -> int:
        """All that is parked."""
        return sum(self.parked.values())


@dataclass(slots=True)
class RegionExits:
    """The exits, and where goes what nobody fetched. `account` holds what is funded."""

    escheat: str
    account: str = REGION_EXIT
    exits: dict[ExitId, RegionExit] = field(default_factory=dict)
