"""The terms of a history: the stock and its surroundings, the operations, and a chain as they see it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol

from custodian.market import DAY, WAD

UNIT = 10**8
"""Units of a token in which amounts are asked for: every chain can hold them."""
START = 1_767_600_000
FIRST = Fraction(1_000)
"""Shares at the custodian at the start."""
NO_CEILING = Fraction(10**9)
PRICE = 100 * WAD
RATIOS = tuple(Fraction(a, b) for a, b in ((2, 1), (4, 1), (1, 2), (102, 100), (103, 100), (1, 4), (3, 2), (100, 103)))
IN_SHARES = tuple(Fraction(a, 100) for a in (103, 110, 150, 200))
RATES = tuple(Fraction(a, 100) for a in (25, 20, 10, 1))
MOST_IN_A_YEAR = Fraction(3, 2)
"""What dividends may make of the index within 365 days."""
PARTS = (Fraction(1), Fraction(1, 2), Fraction(1, 5), Fraction(4, 5))


class Op(NamedTuple):
    """One operation, and three numbers below 1,000 that choose among its forms; 0 is the plainest."""

    name: str
    a: int = 0
    b: int = 0
    c: int = 0


@dataclass(frozen=True)
class Setup:
    """The stock, and what its surroundings may do. The second half widens what the law says that it bears."""

    chains: int = 1
    attested: bool = False
    loose: bool = True
    """A single chain's ceiling is out of the way."""
    margin_bps: int = 50
    whole: bool = True
    later: bool = True
    delay: int = DAY
    """How old the desk's knowledge of the custodian is."""
    notice: int = 10 * DAY
    """Least time from a split's schedule to its effect."""
    early: int = 10 * DAY
    """How far the custodian's books may be from effectiveAt, to both sides."""
    order: bool = True
    """Redeemed shares are sold in the order that the law gives."""
    prompt: bool = False
    """The oracle answers at once when shares have left."""
    unseen: bool = False
    """Books may flip before the split is scheduled: it is announced, and scheduled some time later."""
    backwards: bool = False
    """Answers may come in another order than that of what they say."""
    stamped: bool = False
    """An answer may carry a later instant than that of what it says."""
    overlap: bool = True
    """A dividend may go ex before the shares of another are bought."""
    ahead: bool = False
    """The desk's ceilings may count shares that the latest answer cannot know of."""
    parts: bool = False
    """The books may flip for each of several splits of one slot by itself."""
    grown: bool = True
    """The desk names the other chains' ceilings as grown by dividends since they were set."""
    in_shares: bool = False
    """Dividends in shares are drawn, too, which are delivered up to two months after their ex."""
    slips: bool = False
    """Shares are bought up to 10 days after pay + grace."""


class Named(NamedTuple):
    """A basis: its counter, its shares for a first share; and in it this chain's ceiling and the others'."""

    counter: int
    ratio: Fraction
    own: Fraction
    others: Fraction


class Overissued(Exception):
    """A ledger minted past what is there."""


class Backed(Protocol):
    """One chain's token and feed, as the desk, the oracle and strangers use it; "" is done, else why it was refused."""

    def advance_to(self, t: int) -> None: ...
    def mint(self, units: int) -> str: ...
    def redeem(self, units: int) -> str: ...
    def split(self, reference: str, ratio: Fraction, ex: int, effective_at: int, in_shares: bool = False) -> str: ...
    def dividend(self, reference: str, gross: int, ex: int, effective_at: int, pay: int, buy: int) -> str: ...
    def schedule(self, reference: str, price: int) -> str: ...
    def cancel(self, reference: str) -> str: ...
    def answer(self, shares: Fraction, as_of: int, named: Named) -> str: ...
    def hold_back(self, shares: Fraction, as_of: int, named: Named) -> None: ...
    def publish_held_back(self, which: int) -> str: ...
    def set_ceiling(self, named: Named) -> str: ...
    def confirm(self) -> str: ...
    def set_basis(self, counter: int) -> str: ...
    def surplus(self) -> tuple[int, Fraction] | None: ...
    def index(self) -> int: ...
    def units(self) -> int: ...
