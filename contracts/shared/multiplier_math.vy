# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title multiplier_math
@license AGPL-3.0-only
@notice The accounting laws in integers: two factors (dividendIndex, a wad; splitFactor, a reduced fraction) and what a
        dividend or a split does to them. Floors stand where the issuer's specification puts them.
@dev Stateless. No input can overflow: each function states the bounds that its caller has checked.
"""

WAD: constant(uint256) = 10**18
BPS: constant(uint256) = 10_000
MAX_U128: constant(uint256) = 2**128 - 1
MAX_U96: constant(uint256) = 2**96 - 1
MAX_U64: constant(uint256) = 2**64 - 1
MAX_U40: constant(uint256) = 2**40 - 1
# @dev the most that one split may change the count of shares by, either way
MAX_SPLIT: constant(uint256) = 100
# @dev a dividend's net is at most this part of its price: the index rises by no more than a quarter
DIVIDEND_PART: constant(uint256) = 4
# @dev actions of a stock that are announced and neither scheduled nor cancelled, at most
MAX_ANNOUNCED: constant(uint256) = 16


@internal
@pure
def _next_index(index: uint256, price: uint256, net: uint256) -> uint256:
    """
    @notice dividendIndex after a reinvested dividend: floor(index × (price + net) ÷ price).
    @param index the index before, a wad below 2**96.
    @param price reinvestment price per share, a wad of currency, 1..2**128-1.
    @param net dividend per share after withholding, a wad of currency below 2**128.
    @return uint256 the index after; it may not fit 96 bits, see _require_fit.
    """
    return index * (price + net) // price


@internal
@pure
def _withheld(gross: uint256, bps: uint256) -> uint256:
    """
    @notice Tax withheld of a gross dividend, rounded up: against the holder.
    @param gross dividend per share, a wad of currency below 2**128.
    @param bps the rate, 0..10000.
    """
    return (gross * bps + BPS - 1) // BPS


@internal
@pure
def _next_split(num: uint256, den: uint256, new: uint256, old: uint256) -> (uint256, uint256):
    """
    @notice splitFactor after `new` shares for `old`: (num × new) ÷ (den × old), reduced.
    @dev Errors: "actions: pair does not fit".
    @param num numerator before, 1..2**64-1.
    @param den denominator before, 1..2**64-1.
    @param new shares after, 1..2**64-1.
    @param old shares before, 1..2**64-1.
    """
    n: uint256 = 0
    d: uint256 = 0
    n, d = self._reduce(num * new, den * old)
    assert n <= MAX_U64 and d <= MAX_U64, "actions: pair does not fit"
    return n, d


@internal
@pure
def _require_fit(index: uint256, num: uint256, den: uint256):
    """
    @dev Errors: "actions: pair does not fit" unless index < 2**96 and 0 < floor(index × num ÷ den) < 2**96.
    @param index a wad below 2**225.
    @param num 1..2**64-1 (checked by the caller).
    @param den 1..2**64-1 (checked by the caller).
    """
    assert index <= MAX_U96, "actions: pair does not fit"
    multiplier: uint256 = index * num // den
    assert multiplier != 0 and multiplier <= MAX_U96, "actions: pair does not fit"


@internal
@pure
def _reduce(num: uint256, den: uint256) -> (uint256, uint256):
    """
    @param num not zero, below 2**128.
    @param den not zero, below 2**128.
    """
    g: uint256 = self._gcd(num, den)
    return num // g, den // g


@internal
@pure
def _gcd(a: uint256, b: uint256) -> uint256:
    """
    @dev Euclid. Below 2**128 it ends within 186 steps (Fibonacci numbers are the slowest).
    @param a below 2**128.
    @param b below 2**128.
    """
    x: uint256 = a
    y: uint256 = b
    for _: uint256 in range(192):
        if y == 0:
            break
        z: uint256 = x % y
        x = y
        y = z
    return x
