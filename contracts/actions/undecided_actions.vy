# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title undecided_actions
@license AGPL-3.0-only
@notice The ex instants of what is announced and neither scheduled nor cancelled. From the earliest on the market trades
        without what a unit may still carry, so the ReserveFeed refuses mints until somebody has decided.
"""

from ..shared import multiplier_math as mm

_DIVIDEND: constant(uint256) = 2**40

# @dev 0..39 the ex instant, UTC seconds | 40 whether it is a dividend's
_exes: HashMap[address, DynArray[uint256, mm.MAX_ANNOUNCED]]


@external
@view
def announced(token: address) -> (uint256, uint256):
    """
    @notice How many actions of a stock are announced and neither scheduled nor cancelled.
    @param token the stock.
    @return (dividends, splits).
    """
    dividends: uint256 = 0
    for ex: uint256 in self._exes[token]:
        dividends += ex // _DIVIDEND
    return dividends, len(self._exes[token]) - dividends


@internal
def _add(token: address, ex_at: uint256, is_dividend: bool) -> uint256:
    """
    @dev Errors: "actions: too many announced".
    @param token the stock.
    @param ex_at UTC seconds, below 2**40.
    @param is_dividend as against a split.
    @return uint256 The earliest of all.
    """
    assert len(self._exes[token]) < mm.MAX_ANNOUNCED, "actions: too many announced"
    self._exes[token].append(self._word(ex_at, is_dividend))
    return self._earliest(token)


@internal
def _remove(token: address, ex_at: uint256, is_dividend: bool) -> uint256:
    """
    @param token the stock.
    @param ex_at UTC seconds, as added.
    @param is_dividend as added.
    @return uint256 The earliest of those that stay; 0 where none does.
    """
    word: uint256 = self._word(ex_at, is_dividend)
    last: uint256 = self._exes[token].pop()
    for i: uint256 in range(len(self._exes[token]), bound=mm.MAX_ANNOUNCED):
        # Two of one instant are alike, so it is enough that one of them goes.
        if self._exes[token][i] == word:
            self._exes[token][i] = last
            break
    return self._earliest(token)


@internal
@view
def _earliest(token: address) -> uint256:
    earliest: uint256 = 0
    for ex: uint256 in self._exes[token]:
        ex_at: uint256 = ex & mm.MAX_U40
        if earliest == 0 or ex_at < earliest:
            earliest = ex_at
    return earliest


@internal
@pure
def _word(ex_at: uint256, is_dividend: bool) -> uint256:
    if is_dividend:
        return ex_at | _DIVIDEND
    return ex_at
