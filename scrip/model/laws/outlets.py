"""How much may leave the treasury in a day, as a bucket that leaks: in smallest units times the seconds of a day.

So it drains by whole numbers, `daily` each second, and no fraction is lost however often it is touched. A full bucket
is empty after a day, and any day can see up to twice `daily`.
"""

from __future__ import annotations

from scrip.parameters import WITHDRAWAL_WINDOW


def level_at(level: int, daily: int, since: int, now: int) -> int:
    """What of a level is left."""
    return max(level - daily * max(now - since, 0), 0)


def filled(level: int, daily: int, since: int, amount: int, now: int) -> int | None:
    """The level with a withdrawal; None where it does not fit."""
    after = level_at(level, daily, since, now) + amount * WITHDRAWAL_WINDOW.value
    return after if after <= daily * WITHDRAWAL_WINDOW.value else None


def room(level: int, daily: int, since: int, now: int) -> int:
    """The most that may leave now."""
    left = daily * WITHDRAWAL_WINDOW.value - level_at(level, daily, since, now)
    return max(left, 0) // WITHDRAWAL_WINDOW.value
