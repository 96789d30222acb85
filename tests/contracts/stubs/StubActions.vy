# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubActions
@license AGPL-3.0-only
@notice A record of one split, the same for every stock.
"""

_at: uint256
_num: uint256
_den: uint256


@deploy
def __init__(at: uint256, num: uint256, den: uint256):
    self._at = at
    self._num = num
    self._den = den


@external
@view
def splitCount(token: address) -> uint256:
    return 1


@external
@view
def splitAt(token: address, i: uint256) -> (uint256, uint256, uint256):
    return self._at, self._num, self._den
