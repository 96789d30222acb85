"""What is true of a stock: shares at a custodian, its books, splits and dividends, and what holders are owed.

Nothing here comes from scrip: the custodian is written from finance and from the wording of the laws, so that a mistake
of scrip's cannot stand on both sides of a comparison. All shares are fractions in one basis, the one before any split
("first" shares), so that a split never changes what is true, only how books and answers count it. Times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

WAD = 10**18
HOUR = 3_600
DAY = 86_400


@dataclass
class Split:
    """`ratio` new shares for an old one. The market trades on it from `ex`, the token shows it from `effective_at`.

    The custodian's books, and so the oracle's answers, count new shares from `flip` on, which is up to some days early
    or late. `void`: the company withdrew it; books that had flipped already went back at `back`. One `in_shares` is a
    dividend in shares: its new shares are delivered at `flip`, long after the ex, to what was held at the ex alone;
    what is bought in between is a new share from the beginning.
    """

    reference: str
    ratio: Fraction
    ex: int
    effective_at: int
    flip: int
    void: bool = False
    back: int | None = None
    in_shares: bool = False

    def counted(self, t: int) -> bool:
        """Whether the books of `t` count new shares."""
        return self.flip <= t and (self.back is None or t < self.back)


@dataclass
class Dividend:
    """A reinvested dividend: `gross` and `price` are wads per share, cash comes at `pay`, shares come at `bought`.

    `buy` is the instant that the desk named as the buying instant, never after `bought`. `due` are the shares that the
    cash will buy, known at `ex`, when the custodian's position is what the company pays on.
    """

    reference: str
    gross: int
    price: int
    ex: int
    effective_at: int
    pay: int
    buy: int
    bought: int
    due: Fraction | None = None
    done: bool = False
    void: bool = False

    @property
    def rate(self) -> Fraction:
        """Shares bought for each share held."""
        return Fraction(self.gross, self.price)

    def raise_index(self, index: int) -> int:
        """The index after it, rounded down, as the laws word it."""
        return index * (self.price + self.gross) // self.price


@dataclass
class Claims:
    """What the holders on one chain have: raw tokens, and the dividends that this chain has taken up, in its order."""

    raw: Fraction = Fraction(0)
    dividends: list[Dividend] = field(default_factory=list)

    def index(self, now: int, *, pending: bool = False) -> int:
        """The dividend index at `now`, a wad, or with all that is scheduled."""
        index = WAD
        for one in self.dividends:
            if pending or one.effective_at <= now:
                index = one.raise_index(index)
        return index


class Market:
    """The custodian of one stock, and the clock. `whole` says what a dividend is reinvested for: the whole position,
    or no more shares than are owed. `later` says which of several dividends of one day carries what they buy together.
    """

    def __init__(self, now: int, shares: Fraction, *, whole: bool = True, later: bool = True) -> None:
        self.now = now
        self.true = shares
        self.whole, self.later = whole, later
        self.books: list[tuple[int, Fraction]] = [(now, shares)]
        self.undelivered: list[tuple[int, int, Fraction]] = []
        """From when until when books show so much more than it is worth: a share without a dividend in shares."""
        self.splits: list[Split] = []
        self.dividends: list[Dividend] = []
        self.claims: list[Claims] = []

    # --- what happens ---

    def buy(self, shares: Fraction, settles: int) -> None:
        """Shares bought for the tokens to come: owned at once, in the books when they settle."""
        self.true += shares
        self._enter(settles, shares)

    def sell(self, shares: Fraction, leaves: int) -> None:
        """Shares sold: no longer owned, but in the books until they are delivered."""
        self.true -= shares
        self._enter(leaves, -shares)

    def _enter(self, at: int, shares: Fraction) -> None:
        """Shares come into the books, or leave them. What is traded from the ex of a dividend in shares on has no part
        in it: until the delivery the books count such a share as one that does."""
        self.books.append((at, shares))
        for one in self.splits:
            if one.in_shares and not one.void and one.ex <= self.now and at < one.flip:
                self.undelivered.append((at, one.flip, shares * (one.ratio - 1)))

    def advance_to(self, t: int) -> None:
        """Let ex instants and purchases up to `t` happen, in their order."""
        while coming := [at for at in self.instants() if self.now < at <= t]:
            self.now = min(coming)
            self._ex()
            self._purchases()
        self.now = t

    def instants(self) -> list[int]:
        """When dividends go ex and when their shares are bought."""
        return [at for one in self.dividends if not one.void for at in (one.ex, one.bought)]

    def _ex(self) -> None:
        """The dividends of this instant are reinvested together: later ones buy for what earlier ones bought, or
        earlier ones for what later ones did, depending on the prices at which each is struck."""
        fresh = [one for one in self.dividends if one.ex == self.now and one.due is None and not one.void]
        held = self.true
        if not self.whole:
            owed = sum((c.raw * c.index(self.now, pending=True) for c in self._before(fresh)), Fraction(0)) / WAD
            held = min(held, owed)
        factor = Fraction(1)
        for one in fresh if self.later else reversed(fresh):
            one.due = held * factor * one.rate
            factor *= 1 + one.rate

    def _before(self, fresh: list[Dividend]) -> list[Claims]:
        return [Claims(c.raw, [one for one in c.dividends if one not in fresh and one.ex <= self.now])
                for c in self.claims]  # fmt: skip

    def _purchases(self) -> None:
        for one in self.dividends:
            if one.bought == self.now and not one.done and not one.void:
                assert one.due is not None
                one.done = True
                self.true += one.due
                self._enter(self.now, one.due)

    # --- what is asked ---

    def due(self) -> Fraction:
        """Shares that dividends past their ex instant will still buy."""
        return sum((one.due for one in self.dividends if one.due is not None and not one.done), Fraction(0))

    def booked(self, t: int) -> Fraction:
        """What the books of `t` hold, in first shares."""
        return sum((shares for at, shares in self.books if at <= t), Fraction(0))

    def counted(self, t: int) -> Fraction:
        """How many shares the books of `t` make of a first share."""
        ratio = Fraction(1)
        for one in self.splits:
            if one.counted(t):
                ratio *= one.ratio
        return ratio

    def answer(self, t: int) -> Fraction:
        """What the custodian says at `t` that it holds, in whichever basis its books are then."""
        more = sum((shares for first, last, shares in self.undelivered if first <= t < last), Fraction(0))
        return (self.booked(t) + more) * self.counted(t)

    def worth(self, t: int) -> Fraction:
        """What that is worth, as an attestor says it who knows which shares a delivery is still to come on."""
        return self.booked(t) * self.counted(t)

    def economic_index(self, chain: int) -> int:
        """The index that a chain's holders have a right to: with every dividend that went ex, taken up or not."""
        claims = self.claims[chain]
        index = claims.index(self.now)
        for one in self.dividends:
            late = one not in claims.dividends or one.effective_at > self.now
            if late and not one.void and one.ex <= self.now:
                index = one.raise_index(index)
        return index

    def counts(self, chain: int) -> list[tuple[Fraction, int]]:
        """Three counts of what is left: first shares that are there and not owed, and the index of `chain`'s tokens.

        At the index that the chains show: against the shares, and what the dividends in that index will still buy. At
        the index that holders have a right to: against all that went ex. At the pending index: against what scheduled
        dividends will buy too, if the present position is kept until they go ex.
        """
        taken = {id(one) for c in self.claims for one in c.dividends if one.effective_at <= self.now}
        shown = sum((one.due or 0 for one in self.dividends if id(one) in taken and not one.done), Fraction(0))
        factor = Fraction(1)
        for one in self.dividends:
            if one.due is None and not one.void and any(one in c.dividends for c in self.claims):
                factor *= 1 + one.rate
        everything = self.true + self.due()
        there = (self.true + shown, everything, everything + self.true * (factor - 1))
        left = []
        for kind in range(3):
            indices = [self._index(kind, number) for number in range(len(self.claims))]
            owed = sum((c.raw * index for c, index in zip(self.claims, indices, strict=True)), Fraction(0)) / WAD
            left.append((there[kind] - owed, indices[chain]))
        return left

    def _index(self, kind: int, chain: int) -> int:
        if kind == 1:
            return self.economic_index(chain)
        return self.claims[chain].index(self.now, pending=kind == 2)

    def room(self, chain: int) -> Fraction:
        """How many tokens more `chain` may mint before anybody's share is missing; negative when one is."""
        return min(left * WAD / index for left, index in self.counts(chain))
