"""What is kept of offers: what was agreed, who put what in, what is due to whom, and what waits to be collected."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from scrip.labels import OFFERS
from scrip.model.laws.offers import Agreed, lapses_at
from scrip.model.state.keys import KeyBook
from scrip.units import Wad

OfferStatus = Literal["OPEN", "FUNDED", "CANCELLED", "SWEPT", "LAPSED"]


@dataclass(frozen=True, slots=True)
class Position:
    """What an account put in: raw units of its two choices; once `settled` units and base units that are due to it."""

    first: int = 0
    second: int = 0
    settled: bool = False


@dataclass(slots=True)
class Offer:
    """An offer, and how far it is. `agreed` is what it was opened on, `final` that with the dividends that were
    reinvested since, once it is funded.

    `token` is what is escrowed, `given` what is given for it, "" for coins alone. `total` and `more` are the units of
    all first and second choices. `coins` are here for who chose; `proceeds` and `taken` wait to be collected; `minted`
    is what is left to be given.
    """

    stock: str
    reference: str
    token: str
    given: str
    treasury: str
    taker: str
    agreed: Agreed
    opened_at: int
    deadline: int
    pay: int
    expiry: int
    kept: OfferStatus = "OPEN"
    stopped: bool = False
    final: tuple[Wad, Wad] = (Wad(0), Wad(0))
    total: int = 0
    more: int = 0
    coins: int = 0
    proceeds: int = 0
    taken: int = 0
    minted: int = 0
    positions: dict[str, Position] = field(default_factory=dict)

    def status(self, now: int) -> OfferStatus:
        """Where it stands: one that nobody funded in time has lapsed."""
        return "LAPSED" if self.kept == "OPEN" and now > lapses_at(self.pay) else self.kept

    @property
    def settled_on(self) -> Agreed:
        """What it is settled on, once it is funded."""
        price, ratio = self.final
        return replace(self.agreed, price=price, ratio=ratio)

    def position(self, account: str) -> Position | None:
        """What an account has in it; None for nothing."""
        return self.positions.get(account)


@dataclass(slots=True)
class Offers:
    """Offers by their numbers, each action's in their order, who acts for whom; `account` holds what is escrowed."""

    account: str = OFFERS
    offers: dict[str, Offer] = field(default_factory=dict)
    parts: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    keys: KeyBook = field(default_factory=KeyBook)
