"""What limits a trade on a quote, and what counts against it, as any kind of chain shows it."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.market_limits import Level, LimitScope, MarketLimits


@dataclass(frozen=True, slots=True)
class TradingLimit:
    """One bucket that a trade has to fit into: everybody's, a stock's, or an investor's."""

    scope: LimitScope
    limits: MarketLimits
    level: Level
