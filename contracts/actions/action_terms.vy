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


@internal
@pure
def _check(
    kind: uint256, ex: uint256, pay: uint256, effective_at: uint256, num: uint256, den: uint256, gross: uint256
):
    """
    @dev Errors, in order: "actions: bad terms", "actions: split bound".
    @param kind SPLF, SPLR or DRIP.
    @param ex the market's date, YYYYMMDD.
    @param pay UTC second of the dividend's cash, not before the effect; 0 for a split.
    @param effective_at UTC seconds.
    @param num new shares of a split, 1..2**64-1; 0 for a dividend.
    @param den old shares of a split, 1..2**64-1; 0 for a dividend.
    @param gross dividend per share, a wad of currency, 1..2**128-1; 0 for a split.
    """
    assert effective_at <= mm.MAX_U40 and self._is_date(ex), "actions: bad terms"
    if kind == records.DRIP:
        assert num == 0 and den == 0, "actions: bad terms"
        assert gross != 0 and gross <= mm.MAX_U128, "actions: bad terms"
        assert effective_at <= pay and pay <= mm.MAX_U40, "actions: bad terms"
        return
    assert gross == 0 and pay == 0, "actions: bad terms"
    assert 0 < num and num <= mm.MAX_U64, "actions: bad terms"
    assert 0 < den and den <= mm.MAX_U64, "actions: bad terms"
    # Forward gives more shares, reverse fewer: terms the wrong way round are the commonest slip.
    if kind == records.SPLF:
        assert num > den, "actions: bad terms"
    else:
        assert num < den, "actions: bad terms"
    assert num <= mm.MAX_SPLIT * den and den <= mm.MAX_SPLIT * num, "actions: split bound"


@internal
@pure
def _is_date(ex: uint256) -> bool:
    """
    @dev Eight digits with a month and a day; whether a month has 31 days is the off-chain desk's business.
    """
    month: uint256 = ex // 100 % 100
    day: uint256 = ex % 100
    return 10_000_000 <= ex and ex <= 99_991_231 and 1 <= month and month <= 12 and 1 <= day and day <= 31
