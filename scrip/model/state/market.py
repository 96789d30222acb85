"""The primary market's own state, and the stablecoin that settles it."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrip.market_limits import Level, LimitScope, MarketLimits
from scrip.model.state.investors import Investors

LimitKey = tuple[LimitScope, str]
"""A scope, and which of its buckets: a stock, an investor, or "" for the only one."""


@dataclass(slots=True)
class Peg:
    """What guards a settlement coin: its feed's name, basis points of a dollar, seconds for which an answer is good.

    `until` is the last second in which quotes in it are taken, 0 while it is off its peg or nobody has asked.
    """

    feed: str
    band_bps: int
    max_age: int
    until: int = 0


@dataclass(slots=True)
class Outlet:
    """Where a settlement asset leaves the treasury to, and the most of it in a day, in smallest units.

    `level` is what was withdrawn and had not drained by `since`, in smallest units times the seconds of a day.
    """

    account: str
    daily: int
    level: int = 0
    since: int = 0


@dataclass(slots=True)
class Market:
    """Quotes that have served, and `coins`, the stablecoin of each account in its smallest units.

    `used` are their ids, where a chain knows a quote by that; else `nonces` are signers and numbers, of those revoked
    too, and `epochs` the signers' epochs, 0 of one who is not there. `limits` are by scope and stock, `levels` what
    counts against them by scope and stock or `trader`. `bands` are basis points of the price by stock, 0 for none,
    `pegs` what guards settlement coins and `outlets` where they leave to, by asset. From `second_from` cents on two
    keys sign; 0 for never.
    """

    paused: bool = False
    used: set[str] = field(default_factory=set)
    nonces: set[tuple[str, int]] = field(default_factory=set)
    epochs: dict[str, int] = field(default_factory=dict)
    coins: dict[str, int] = field(default_factory=dict)
    limits: dict[LimitKey, MarketLimits] = field(default_factory=dict)
    levels: dict[LimitKey, Level] = field(default_factory=dict)
    bands: dict[str, int] = field(default_factory=dict)
    pegs: dict[str, Peg] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)
    max_fee_bps: int = 0
    second_from: int = 0

    def coins_of(self, account: str) -> int:
        """Stablecoin of an account, 0 for an unknown one."""
        return self.coins.get(account, 0)


def trader(register: Investors, account: str) -> str:
    """Whose trades count together: those of the account's investor, or the account's own where it has none."""
    return register.investor_of(account) or f"account {account}"
