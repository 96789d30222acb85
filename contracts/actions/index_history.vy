# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title index_history
@license AGPL-3.0-only
@notice Which dividend index was effective when, for the bound on its rise within a year. One word for each change of
        the index, effectiveAt in 40 bits and index in 96, oldest first, found by bisection; the pending one is the last
        and can be taken back.
@dev A fold writes the same multiplier as another pair. Indices from before a fold are read at the fold's ratio, so that
     the bound compares like with like.
"""

from ..shared import multiplier_math as mm

_INDEX_SHIFT: constant(uint256) = 40


struct Fold:
    position: uint256
    before: uint256
    after: uint256


_points: HashMap[address, DynArray[uint256, 16384]]
_folds: HashMap[address, DynArray[Fold, 16]]


@external
@view
def indexAt(token: address, instant: uint256) -> uint256:
    """
    @notice The dividend index that was or, as scheduled now, will be effective at an instant, a wad, in the terms of
            today.
    @param token the stock.
    @param instant UTC seconds; before the first change the index is 1e18.
    """
    return self._index_at(token, instant)


@internal
@view
def _index_at(token: address, instant: uint256) -> uint256:
    # Bisection for the count of changes that had taken effect by then.
    low: uint256 = 0
    high: uint256 = len(self._points[token])
    for _: uint256 in range(16):
        if low == high:
            break
        middle: uint256 = (low + high) // 2
        if self._points[token][middle] & mm.MAX_U40 <= instant:
            low = middle + 1
        else:
            high = middle
    index: uint256 = mm.WAD
    if low != 0:
        index = self._points[token][low - 1] >> _INDEX_SHIFT
    for fold: Fold in self._folds[token]:
        if fold.position >= low:
            index = index * fold.after // fold.before
    return index


@internal
def _set_pending(token: address, effective_at: uint256, index: uint256):
    """
    @notice Records the index that the pending slot leads to, in place of what the slot led to before.
    @param token the stock.
    @param effective_at the slot's second, in the future, below 2**40.
    @param index a wad below 2**96.
    """
    self._cut(token, effective_at)
    if self._last(token) != index:
        self._points[token].append(effective_at | (index << _INDEX_SHIFT))


@internal
def _cut(token: address, effective_at: uint256):
    """
    @notice Forgets the pending slot.
    @param token the stock.
    @param effective_at the slot's second, in the future.
    """
    count: uint256 = len(self._points[token])
    if count != 0 and self._points[token][count - 1] & mm.MAX_U40 == effective_at:
        self._points[token].pop()


@internal
def _fold(token: address, effective_at: uint256, before: uint256, after: uint256):
    """
    @dev Errors: "actions: too many folds" (16).
    @param token the stock.
    @param effective_at UTC seconds, after every other change; it cannot be taken back.
    @param before the index at the fold, a wad.
    @param after the same value under the new pair, a wad.
    """
    assert len(self._folds[token]) < 16, "actions: too many folds"
    self._folds[token].append(Fold(position=len(self._points[token]), before=before, after=after))
    self._points[token].append(effective_at | (after << _INDEX_SHIFT))


@internal
@view
def _last(token: address) -> uint256:
    count: uint256 = len(self._points[token])
    if count == 0:
        return mm.WAD
    return self._points[token][count - 1] >> _INDEX_SHIFT
