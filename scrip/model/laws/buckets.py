"""Limits of the primary market as buckets that leak, in integers.

The leak between two instants is the difference of two floors of one line, so that no fraction is lost or won however
often a bucket is touched: many short leaks are one long one.
"""

from __future__ import annotations

from scrip.market_limits import CAP_BITS, Level, MarketLimits


def leak(cap: int, since: int, now: int, window: int) -> int:
    """What drains from a second until another, of a bucket that drains its cap in a window."""
    return cap * now // window - cap * since // window


def level_at(level: Level, limits: MarketLimits, now: int) -> Level:
    """What of a level is left; nothing of what nothing limits."""
    if not limits:
        return Level(0, 0, now)
    drained = leak(limits.net, level.since, now, limits.window)
    net = max(level.net - drained, 0) if level.net > 0 else min(level.net + drained, 0)
    gross = max(level.gross - leak(limits.gross, level.since, now, limits.window), 0)
    return Level(net if limits.net else 0, gross if limits.gross else 0, now)


def filled(level: Level, limits: MarketLimits, cents: int, is_mint: bool, now: int) -> Level | None:
    """The level with a mint or a redemption; None where it does not fit.

    What brings the net back towards zero fits, even where its cap was tightened below it.
    """
    if cents >> CAP_BITS:
        return None
    before = level_at(level, limits, now)
    moved = cents if is_mint else -cents
    net = before.net + moved if limits.net else 0
    gross = before.gross + cents if limits.gross else 0
    if (limits.net and (net if is_mint else -net) > limits.net) or (limits.gross and gross > limits.gross):
        return None
    return Level(net, gross, now)


def room(level: Level, limits: MarketLimits, is_mint: bool, now: int) -> int | None:
    """Most cents that can be minted, or redeemed, now; None where nothing limits it."""
    before = level_at(level, limits, now)
    rooms = [limits.net - (before.net if is_mint else -before.net)] if limits.net else []
    rooms += [limits.gross - before.gross] if limits.gross else []
    return max(min(rooms), 0) if rooms else None


def free_at(level: Level, limits: MarketLimits, cents: int, is_mint: bool, now: int) -> int | None:
    """The first second at which so much fits, if nothing else is traded; None where it never does."""
    # A level over its cap, which was tightened, drains in as many windows as it holds caps.
    most = max(1, *(abs(one) // cap + 1 for one, cap in ((level.net, limits.net), (level.gross, limits.gross)) if cap))
    early, late = now, now + (most + 1) * limits.window
    if filled(level, limits, cents, is_mint, late) is None:
        return None
    while early < late:
        middle = (early + late) // 2
        if filled(level, limits, cents, is_mint, middle) is None:
            early = middle + 1
        else:
            late = middle
    return early
