# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title undecided_actions
@license AGPL-3.0-only
@notice When a stock is not minted. From the ex of what is announced and neither scheduled nor cancelled the market
        trades without what a unit may still carry, until somebody has decided; and from the ex of a cash dividend to
        its record, for a unit that is minted then would be paid what no share behind it is.
"""

from ..shared import multiplier_math as mm

_DIVIDEND: constant(uint256) = 2**40
_RECORD_SHIFT: constant(uint256) = 40

# @dev 0..39 the ex instant, UTC seconds | 40 whether it is a dividend's
_exes: HashMap[address, DynArray[uint256, mm.MAX_ANNOUNCED]]
# @dev of cash dividends: 0..39 the ex instant | 40..79 the record instant, UTC seconds
_shut: HashMap[address, DynArray[uint256, mm.MAX_ANNOUNCED]]


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


@external
@view
def isShut(token: address) -> bool:
    """
    @notice Whether a stock is past the ex of something undecided, or between a cash dividend's ex and its record.
    @param token the stock.
    """
    for ex: uint256 in self._exes[token]:
        if ex & mm.MAX_U40 <= block.timestamp:
            return True
    for word: uint256 in self._shut[token]:
        if word & mm.MAX_U40 <= block.timestamp and block.timestamp < word >> _RECORD_SHIFT:
            return True
    return False


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
def _shut_between(token: address, ex_at: uint256, record_at: uint256) -> uint256:
    """
    @dev Errors: "actions: too many announced" (sixteen cash dividends, whose record is yet to come).
    @param token the stock.
    @param ex_at UTC seconds, below 2**40.
    @param record_at UTC seconds, below 2**40; from this one on it is minted again.
    @return uint256 The earliest ex of all.
    """
    self._forget(token, 0)
    assert len(self._shut[token]) < mm.MAX_ANNOUNCED, "actions: too many announced"
    self._shut[token].append(ex_at | (record_at << _RECORD_SHIFT))
    return self._earliest(token)


@internal
def _open_between(token: address, ex_at: uint256, record_at: uint256) -> uint256:
    """
    @param token the stock.
    @param ex_at UTC seconds, as shut.
    @param record_at UTC seconds, as shut.
    @return uint256 The earliest ex of those that stay; 0 where none does.
    """
    self._forget(token, ex_at | (record_at << _RECORD_SHIFT))
    return self._earliest(token)


@internal
def _forget(token: address, word: uint256):
    """
    @dev Drops what is past its record, and one that is this word.
    """
    kept: DynArray[uint256, mm.MAX_ANNOUNCED] = []
    found: bool = False
    for one: uint256 in self._shut[token]:
        if one == word and not found:
            found = True
        elif block.timestamp < one >> _RECORD_SHIFT:
            kept.append(one)
    self._shut[token] = kept


@internal
@view
def _earliest(token: address) -> uint256:
    earliest: uint256 = 0
    for ex: uint256 in self._exes[token]:
        earliest = self._earlier(earliest, ex & mm.MAX_U40)
    for word: uint256 in self._shut[token]:
        if block.timestamp < word >> _RECORD_SHIFT:
            earliest = self._earlier(earliest, word & mm.MAX_U40)
    return earliest


@internal
@pure
def _earlier(one: uint256, other: uint256) -> uint256:
    """
    @dev The smaller of two instants, of which the first may be 0, none.
    """
    return other if one == 0 else min(one, other)


@internal
@pure
def _word(ex_at: uint256, is_dividend: bool) -> uint256:
    if is_dividend:
        return ex_at | _DIVIDEND
    return ex_at
