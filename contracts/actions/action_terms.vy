# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title action_terms
@license AGPL-3.0-only
@notice Whether the terms of an announced action make sense, before anything is stored.
@dev Stateless.
"""

from ..shared import multiplier_math as mm
from . import action_records as records


# @dev from the market's ex instant to the effect, and from a dividend's cash to a deferred ex, seconds; and how far that instant may lie from UTC midnight of the ex
#      date, either way
EX_WINDOW: constant(uint256) = 30 * 86400
EX_INSTANT: constant(uint256) = 86400
# @dev from a dividend's effect to its pay date, seconds: a receivable must not outlast what people can foresee
MAX_PAY_DELAY: constant(uint256) = 120 * 86400


@internal
@pure
def _check(
    kind: uint256,
    ex: uint256,
    ex_at: uint256,
    pay: uint256,
    buy: uint256,
    effective_at: uint256,
    num: uint256,
    den: uint256,
    gross: uint256,
    grace: uint256,
):
    """
    @dev Errors, in order: "actions: bad terms", "actions: split bound".
    @param kind SPLF, SPLR, DVSE or DRIP.
    @param ex the market's date, YYYYMMDD.
    @param ex_at its instant, UTC seconds, not after the effect.
    @param pay UTC second of the dividend's cash, before a deferred ex or after the effect; 0 for a split.
    @param buy UTC second by which its shares are bought, not before the effect; 0 for a split.
    @param effective_at UTC seconds.
    @param num new shares of a split, 1..2**64-1; 0 for a dividend.
    @param den old shares of a split, 1..2**64-1; 0 for a dividend.
    @param gross dividend per share, a wad of currency, 1..2**128-1; 0 for a split.
    @param grace seconds after `pay`, and after the effect, within which `buy` must lie.
    """
    assert ex_at <= mm.MAX_U40 and effective_at <= mm.MAX_U40, "actions: bad terms"
    midnight: uint256 = self._midnight(ex)
    assert midnight <= ex_at + EX_INSTANT and ex_at <= midnight + EX_INSTANT, "actions: bad terms"
    assert ex_at <= effective_at and effective_at <= ex_at + EX_WINDOW, "actions: bad terms"
    if kind == records.DRIP:
        assert num == 0 and den == 0 and gross != 0 and gross <= mm.MAX_U128, "actions: bad terms"
        latest: uint256 = min(effective_at + MAX_PAY_DELAY, mm.MAX_U40)
        assert pay != 0 and pay <= latest and ex_at <= pay + EX_WINDOW, "actions: bad terms"
        assert effective_at <= buy and buy <= max(pay, effective_at) + grace, "actions: bad terms"
        return
    assert gross == 0 and pay == 0 and buy == 0, "actions: bad terms"
    assert 0 < num and num <= mm.MAX_U64 and 0 < den and den <= mm.MAX_U64, "actions: bad terms"
    # Forward gives more shares, reverse fewer: terms the wrong way round are the commonest slip.
    if kind == records.SPLR:
        assert num < den, "actions: bad terms"
    else:
        assert num > den, "actions: bad terms"
    assert num <= mm.MAX_SPLIT * den and den <= mm.MAX_SPLIT * num, "actions: split bound"


@internal
@pure
def _midnight(ex: uint256) -> uint256:
    """
    @notice The UTC second at which a date of the Gregorian calendar begins.
    @dev Errors: "actions: bad terms" for what is no date from 1970 to 9999. Years are counted from March, so that the
         leap day is the last.
    @param ex YYYYMMDD.
    """
    assert 19_700_101 <= ex and ex <= 99_991_231, "actions: bad terms"
    year: uint256 = ex // 10_000
    month: uint256 = ex // 100 % 100
    day: uint256 = ex % 100
    assert 1 <= month and month <= 12, "actions: bad terms"
    last: uint256 = 30 + (month + month // 8) % 2
    if month == 2:
        last = 28
        if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
            last = 29
    assert 1 <= day and day <= last, "actions: bad terms"
    if month <= 2:
        year -= 1
    days: uint256 = 365 * year + year // 4 - year // 100 + year // 400
    days += (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    # 719,468 days lie between the first of March of the year 0 and the epoch.
    return (days - 719_468) * 86_400
