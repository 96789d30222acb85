"""What limits a trade on a quote, and what counts against it, as any kind of chain shows it."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.market_limits import Level, LimitScope, MarketLimits


@dataclass(frozen=True, slots=True)
class TradedAt:
    """What bounds the price of a stock's quotes: dollars of 18 decimals for 1e18 raw units, 0 for no price yet.

    `band_bps` is the narrower of the chain's band and the manifest's.
    """

    price: int
    band_bps: int


@dataclass(frozen=True, slots=True)
class PegNow:
    """What guards a settlement coin, called by its symbol; quotes in it are taken through the second `until`."""

    coin: str
    band_bps: int
    max_age: int
    until: int
    good: bool


@dataclass(frozen=True, slots=True)
class TradingLimit:
    """One bucket that a trade has to fit into: everybody's, a stock's, or an investor's."""

    scope: LimitScope
    limits: MarketLimits
    level: Level
