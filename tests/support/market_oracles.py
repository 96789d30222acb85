"""What a trade on a quote may be, told by hand: no line here is the contracts', nor the model's of them.

Sessions are exchange-calendars' own, prices and pegs fractions of what a script made the feeds say, buckets a list of
trades with what has drained of it since, to the last part of a cent.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache

import exchange_calendars

BPS = 10_000
SLACK = Fraction(1, 10**12)
"""Dollars: what the chain's prices of 18 decimals lose by rounding, many times over, and less than a coin's unit."""


@cache
def sessions(first: date, last: date) -> tuple[tuple[int, int], ...]:
    """Opens and closes of New York's sessions in between, UTC seconds, in order."""
    known = exchange_calendars.get_calendar("XNYS", start=first.isoformat(), end=last.isoformat())
    pairs = zip(known.opens, known.closes, strict=True)
    return tuple((int(opens.timestamp()), int(closes.timestamp())) for opens, closes in pairs)


@dataclass
class Exchange:
    """When it trades."""

    sessions: tuple[tuple[int, int], ...]

    def trades(self, t: int) -> bool:
        """Whether it does at a second: from the open on, and at the close no more."""
        place = bisect_right(self.sessions, (t, 2**64)) - 1
        return place >= 0 and t < self.sessions[place][1]

    def following(self, t: int) -> tuple[int, int]:
        """The first session that opens later."""
        return next(one for one in self.sessions if one[0] > t)


@dataclass
class Told:
    """What a feed was made to say: an answer of 8 decimals as of a second; not `sound`: it fails, or says nonsense."""

    answer: int
    at: int
    sound: bool = True

    @property
    def dollars(self) -> Fraction:
        """As money."""
        return Fraction(self.answer, 10**8)


@dataclass
class Price:
    """What a raw unit is worth to a market that believes its feed: agreed by a poke, and good for a while."""

    max_age: int
    jump: Fraction
    life: int
    worth: Fraction | None = None
    poked: int = 0
    change: int = 0
    """How many changes of the multiplier had taken effect when it was agreed, and when the window was opened."""
    window: int = 0
    opened: int = 0

    def poke(self, t: int, told: Told, multiplier: Fraction, changes: int, trades: bool) -> None:
        """The feed agreed to a poke: either a window opens, or what it was told is the price. It must have been one."""
        closing = self.worth is not None and changes != self.change
        if closing and self.window != changes:
            self.window, self.opened = changes, t
            return
        sound = told.sound and told.answer > 0 and told.at <= t
        assert sound, f"a price of nonsense was agreed: {told}"
        assert not trades or t - told.at <= self.max_age, f"a price {t - told.at} s old was agreed"
        worth = told.dollars * multiplier
        if closing:
            assert told.at > self.opened, "an answer of before the change ended its window"
            assert self.worth is not None
            assert abs(worth - self.worth) <= self.jump * self.worth + SLACK, "a price jumped in a window"
        self.worth, self.poked, self.change = worth, t, changes

    def check(self, t: int, amount: int, dollars: Fraction, band: int, changes: int) -> None:
        """A trade of raw units for so many dollars was carried out: it must be within the band, and the price good."""
        assert self.worth is not None, "traded without a price"
        assert changes == self.change, "traded between a change of the multiplier and the first price after it"
        assert t < self.poked + self.life, f"traded {t - self.poked} s after the last poke"
        worth = self.worth * Fraction(amount, 10**18)
        assert abs(dollars - worth) <= worth * band / BPS + SLACK, f"{dollars} for {worth}, outside {band} bps"


@dataclass
class Coin:
    """Whether a settlement coin is a dollar."""

    band: int
    max_age: int
    until: int = -1

    def poke(self, t: int, told: Told) -> None:
        """Somebody had its feed asked."""
        apart = abs(told.dollars - 1) * BPS
        good = self.band and told.sound and told.answer > 0 and told.at <= t <= told.at + self.max_age
        self.until = told.at + self.max_age if good and apart <= self.band else -1


@dataclass
class Bucket:
    """Trades that count together, (second, cents, whether a mint), and what of them has not drained, in cents."""

    net: int
    gross: int
    window: int
    trades: list[tuple[int, int, bool]] = field(default_factory=list)
    left: Fraction = Fraction(0)
    """Mints less redemptions."""
    both: Fraction = Fraction(0)
    since: int = 0
    widest: tuple[int, int] = (0, 0)
    """The highest gross cap, and the longest window, that it ever had."""

    def __post_init__(self) -> None:
        self.widest = (self.gross, self.window)

    def drain(self, t: int) -> None:
        """What leaks leaks: the cap in a window."""
        apart = Fraction(t - self.since, self.window)
        self.both = max(self.both - self.gross * apart, Fraction(0))
        drained = min(self.net * apart, abs(self.left))
        self.left -= drained if self.left > 0 else -drained
        self.since = t

    def room(self, t: int, mint: bool) -> Fraction:
        """Cents that one more trade may have."""
        self.drain(t)
        return min(self.gross - self.both, self.net - (self.left if mint else -self.left))

    def trade(self, t: int, cents: int, mint: bool) -> None:
        """One was carried out: it must have had room, but for a part of a cent, and no window sees twice the cap."""
        room = self.room(t, mint)
        assert cents <= room + 1, f"{cents} cents were traded, and {float(room)} were left"
        self.trades.append((t, cents, mint))
        self.both += cents
        self.left += cents if mint else -cents
        most, window = self.widest
        seen = sum(one for at, one, _ in self.trades if at > t - window)
        assert seen <= 2 * most, f"{seen} cents in {window} s, of a cap of {most}"

    def tighten(self, t: int, net: int, gross: int, window: int, at_once: bool) -> None:
        """Other caps: what has drained so far did so at the old ones, unless (an investor's) all drains at the new."""
        if at_once:
            self.drain(t)
        self.net, self.gross, self.window = net, gross, window


@dataclass
class Struck:
    """A price at which requests of before may be filled: base units for 10**18 raw units."""

    price: int
    at: int
    expiry: int
    changes: int


@dataclass
class Desk:
    """The prices of a vault, and the one that a day's are held to."""

    reference: int
    since: int
    last: int
    band: int
    strikes: dict[bytes, Struck] = field(default_factory=dict)
    before: int = 0

    def __post_init__(self) -> None:
        self.before = self.reference

    def strike(self, key: bytes, price: int, t: int, expiry: int, changes: int) -> None:
        """One was struck: no further from the day's reference than the band."""
        if t >= self.since + 86_400:
            self.before, self.reference, self.since = self.reference, self.last, t
        apart = Fraction(abs(price - self.reference), self.reference)
        assert apart <= Fraction(self.band, BPS), f"{price} was struck, the day's prices are held to {self.reference}"
        assert t < expiry <= t + 86_400, "a price was struck for more than a day"
        self.last = price
        self.strikes[key] = Struck(price, t, expiry, changes)

    def void(self, key: bytes) -> None:
        """One serves no more, nor tomorrow, nor, where the day began with it, today."""
        one = self.strikes.pop(key)
        if one.at < self.since and one.price == self.reference:
            self.reference = self.before
        if one.price == self.last:
            self.last = self.reference

    def fill(self, key: bytes, t: int, asked: int, changes: int) -> int:
        """The price at which a request that was asked at a second is filled now; it must be one that serves."""
        assert key in self.strikes, "filled at no price, or at a void one"
        one = self.strikes[key]
        assert asked < one.at, "filled at a price that whoever asked may have seen"
        assert t < one.expiry, "filled at a price that has expired"
        assert changes == one.changes, "filled at a price of before a change of the multiplier"
        return one.price
