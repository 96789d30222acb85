# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title split_history
@license AGPL-3.0-only
@notice The splits of each stock in the order scheduled, one word each: effectiveAt 40 | new shares 64 | old shares 64.
        The ReserveFeed reads it back to find what an oracle has not confirmed yet.
"""

from ..shared import multiplier_math as mm

_NEW_SHIFT: constant(uint256) = 40
_OLD_SHIFT: constant(uint256) = 104

_splits: HashMap[address, DynArray[uint256, 4096]]


@external
@view
def splitCount(token: address) -> uint256:
    """
    @notice How many splits are scheduled or effective; a cancelled one is not counted.
    @param token the stock.
    """
    return len(self._splits[token])


@external
@view
def splitAt(token: address, i: uint256) -> (uint256, uint256, uint256):
    """
    @notice One split's own terms, not the running factor.
    @dev Errors: "actions: no such split".
    @param token the stock.
    @param i its place, from 0, oldest first.
    @return (effectiveAt in UTC seconds, new shares, old shares).
    """
    assert i < len(self._splits[token]), "actions: no such split"
    word: uint256 = self._splits[token][i]
    return word & mm.MAX_U40, (word >> _NEW_SHIFT) & mm.MAX_U64, word >> _OLD_SHIFT


@internal
def _push(token: address, effective_at: uint256, new: uint256, old: uint256):
    """
    @param token the stock.
    @param effective_at UTC seconds, below 2**40, not before the last one's.
    @param new shares after, below 2**64.
    @param old shares before, below 2**64.
    """
    self._splits[token].append(effective_at | (new << _NEW_SHIFT) | (old << _OLD_SHIFT))


@internal
def _cut(token: address, effective_at: uint256):
    """
    @notice Forgets the splits of the pending slot.
    @param token the stock.
    @param effective_at the slot's second, in the future.
    """
    for _: uint256 in range(4):
        count: uint256 = len(self._splits[token])
        if count == 0 or self._splits[token][count - 1] & mm.MAX_U40 != effective_at:
            break
        self._splits[token].pop()
