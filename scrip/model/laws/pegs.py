"""Whether a settlement coin is worth a dollar, give or take, by what its peg feed says."""

from __future__ import annotations

from scrip.parameters import BPS, MAX_AMOUNT, MAX_COIN_DECIMALS


def good_until(answer: int, decimals: int, as_of: int, band_bps: int, max_age: int, now: int) -> int:
    """The last second in which an answer is good: `max_age` after it is as of; 0 where it is not good now.

    It is not where the band is 0 (held off its peg by hand), nor where the answer is off the band, stale, of the
    future, no price, or at more than 36 decimals.
    """
    if not band_bps or decimals > MAX_COIN_DECIMALS.value or not 0 < answer <= MAX_AMOUNT.value:
        return 0
    if not now - max_age <= as_of <= now:
        return 0
    dollar = 10**decimals
    return as_of + max_age if abs(answer - dollar) * BPS <= dollar * band_bps else 0
