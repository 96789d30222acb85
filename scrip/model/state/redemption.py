"""What a vault keeps: what waits in it, prices that were struck, and what is owed to whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrip import parameters
from scrip.model.state.keys import KeyBook

UNIT = 10**18
"""Raw units that a price is for."""


@dataclass(slots=True)
class Waiting:
    """Units of one controller that wait, or coins where it subscribes, and the second of the last request."""

    units: int = 0
    since: int = 0
    delivery: str = ""
    """The document by which the shares themselves are to be delivered; "" where they wait for money."""


@dataclass(slots=True)
class Claim:
    """Units of one controller that were filled and not fetched, and the stablecoin that they came to."""

    units: int = 0
    coins: int = 0


@dataclass(frozen=True, slots=True)
class Struck:
    """A price in base units for UNIT, when it was struck, when it ends, and the multiplier that it was made for."""

    price: int
    at: int
    expiry: int
    generation: int


@dataclass(frozen=True, slots=True)
class VaultTerms:
    """Raw units and seconds from which on a request stops mints, and the basis points that a day may move prices.

    Where investors subscribe, the least coins that are taken, and the seconds after which anyone sends them back.
    """

    minimum: int
    patience: int
    band_bps: int

    def __post_init__(self) -> None:
        """Raises ValueError for terms that no vault takes."""
        if not 0 < self.minimum <= parameters.MAX_AMOUNT.value:
            raise ValueError(f"a minimum of {self.minimum} raw units is none")
        if self.patience not in parameters.REQUEST_PATIENCE:
            raise ValueError(f"a patience of {self.patience} s is not {parameters.REQUEST_PATIENCE.bounds}")
        if self.band_bps not in parameters.STRIKE_BAND:
            raise ValueError(f"a band of {self.band_bps} bps is not {parameters.STRIKE_BAND.bounds}")


@dataclass(slots=True)
class Queue:
    """What waits in a stock's vault for one stablecoin, whichever way, at which prices it is filled, who acts for whom.

    `account` holds its units and its coins. `reference` is what prices are held to, since `reference_at`; `before` the
    one before it, `last` the last one struck.
    """

    account: str
    terms: VaultTerms
    reference: int
    reference_at: int
    last: int = 0
    before: int = 0
    waiting: dict[str, Waiting] = field(default_factory=dict)
    called_back: dict[str, int] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    strikes: dict[str, Struck] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    approved: set[tuple[str, str]] = field(default_factory=set)
    keys: KeyBook = field(default_factory=KeyBook)

    def __post_init__(self) -> None:
        self.last = self.last or self.reference
        self.before = self.before or self.reference

    # --- questions ---

    def waiting_of(self, controller: str) -> Waiting:
        """What waits for a controller, or nothing, which is not stored."""
        return self.waiting.get(controller) or Waiting()

    def claim_of(self, controller: str) -> Claim:
        """What is owed to a controller, or nothing, which is not stored."""
        return self.claims.get(controller) or Claim()

    @property
    def requested(self) -> int:
        """All that waits and all that was called back."""
        return sum(one.units for one in self.waiting.values()) + sum(self.called_back.values())

    @property
    def kept(self) -> int:
        """Coins that stand for somebody's request or claim: each kind of vault says which."""
        raise TypeError(f"{type(self).__name__} says of no coins whose they are")

    def reference_now(self, now: int) -> tuple[int, int]:
        """The price that the next strike is held to, and since when it counts."""
        if now >= self.reference_at + parameters.REFERENCE_SPAN.value:
            return self.last, now
        return self.reference, self.reference_at

    def may_act(self, sender: str, account: str) -> bool:
        """Whether a call of `sender` is heard as the account's."""
        return sender == account or (account, sender) in self.operators

    # --- steps, which check nothing ---

    def ask(self, controller: str, amount: int, now: int, delivery: str = "") -> None:
        """More waits, and all of it waits anew."""
        found = self.waiting.setdefault(controller, Waiting())
        found.units += amount
        found.since, found.delivery = now, delivery

    def call_back(self, controller: str) -> None:
        """What waits waits no more."""
        amount = self.waiting.pop(controller, Waiting()).units
        if amount:
            self.called_back[controller] = self.called_back.get(controller, 0) + amount

    def pay(self, controller: str, units: int, coins: int) -> None:
        """A claim, or a part of it, is handed out."""
        claim = self.claims[controller]
        claim.units -= units
        claim.coins -= coins
        if not (claim.units or claim.coins):
            del self.claims[controller]


@dataclass(slots=True)
class Vault(Queue):
    """The way out: units wait, and claims are coins. `in_kind` takes requests for the shares themselves, too."""

    suspended_for: str = ""
    in_kind: bool = False

    @property
    def owed(self) -> int:
        """Stablecoin of all claims."""
        return sum(one.coins for one in self.claims.values())

    @property
    def kept(self) -> int:
        """Coins of all claims."""
        return self.owed

    def fill(self, controller: str, coins: int) -> int:
        """What waits becomes a claim; the units."""
        units = self.waiting.pop(controller).units
        claim = self.claims.setdefault(controller, Claim())
        claim.units += units
        claim.coins += coins
        return units
