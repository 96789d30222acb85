"""What is kept of stocks' ends: which action ends each, what its units come to, and what is parked for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scrip.labels import WIND_UP
from scrip.units import Wad

EndStatus = Literal["OPENED", "ARMED", "CLOSED"]


@dataclass(slots=True)
class Ending:
    """A stock's end, of the action by `code` and `reference`. Cash is base units, `stock` raw units of `other`.

    A raw unit comes to cash_num ÷ cash_den and stock_num ÷ stock_den, rounded down for each that burns together. `cash`
    and `stock` are what is left of the funding, the parked amounts, by account, among it.
    """

    code: str
    reference: str
    end_at: int
    status: EndStatus = "OPENED"
    expiry: int = 0
    funder: str = ""
    asset: str = ""
    cash_num: int = 0
    cash_den: int = 1
    other: str = ""
    stock_num: int = 0
    stock_den: int = 1
    supply: int = 0
    cash: int = 0
    stock: int = 0
    parked: dict[str, tuple[int, int]] = field(default_factory=dict)

    def due(self, units: int) -> tuple[int, int]:
        """What raw units come to, each rounded down."""
        cash = units * self.cash_num // self.cash_den if self.asset else 0
        return cash, units * self.stock_num // self.stock_den if self.other else 0

    @property
    def parked_sums(self) -> tuple[int, int]:
        """All that is parked."""
        return sum(cash for cash, _ in self.parked.values()), sum(stock for _, stock in self.parked.values())


@dataclass(slots=True)
class WindUps:
    """The ends of stocks, and where goes what nobody fetched. `account` holds what is funded; ADMIN named `rates`."""

    escheat: str
    account: str = WIND_UP
    endings: dict[str, Ending] = field(default_factory=dict)
    rates: dict[str, Wad] = field(default_factory=dict)
