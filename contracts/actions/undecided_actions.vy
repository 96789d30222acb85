# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title undecided_actions
@license AGPL-3.0-only
@notice The ex instants of what is announced and neither scheduled nor cancelled. From the earliest on the market trades
        without what a unit may still carry, so the ReserveFeed refuses mints until somebody has decided.
"""

MAX_ANNOUNCED: constant(uint256) = 16

_exes: HashMap[address, DynArray[uint256, MAX_ANNOUNCED]]


@internal
def _add(token: address, ex_at: uint256) -> uint256:
    """
    @dev Errors: "actions: too many announced".
    @param token the stock.
    @param ex_at UTC seconds.
    @return uint256 The earliest of all.
    """
    assert len(self._exes[token]) < MAX_ANNOUNCED, "actions: too many announced"
    self._exes[token].append(ex_at)
    return self._earliest(token)


@internal
def _remove(token: address, ex_at: uint256) -> uint256:
    """
    @param token the stock.
    @param ex_at UTC seconds, as added.
    @return uint256 The earliest of those that stay; 0 where none does.
    """
    last: uint256 = self._exes[token].pop()
    for i: uint256 in range(len(self._exes[token]), bound=MAX_ANNOUNCED):
        # Two of one instant are alike, so it is enough that one of them goes.
        if self._exes[token][i] == ex_at:
            self._exes[token][i] = last
            break
    return self._earliest(token)


@internal
@view
def _earliest(token: address) -> uint256:
    earliest: uint256 = 0
    for ex_at: uint256 in self._exes[token]:
        if earliest == 0 or ex_at < earliest:
            earliest = ex_at
    return earliest
