# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubTwoRounds
@license AGPL-3.0-only
@notice An oracle with two rounds, 1 and 2, fixed at deployment; eight decimals.
"""

decimals: public(constant(uint256)) = 8
_old: int256
_old_at: uint256
_new: int256
_new_at: uint256


@deploy
def __init__(old: int256, old_at: uint256, new: int256, new_at: uint256):
    self._old = old
    self._old_at = old_at
    self._new = new
    self._new_at = new_at


@external
@view
def getRoundData(round_id: uint80) -> (uint80, int256, uint256, uint256, uint80):
    assert round_id == 1 or round_id == 2, "No data present"
    if round_id == 1:
        return 1, self._old, self._old_at, self._old_at, 1
    return 2, self._new, self._new_at, self._new_at, 2
