# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubPriceSource
@license AGPL-3.0-only
@notice A source of prices that says what it is told to, and fails in the way it is told to.
"""

# @dev 0 answers, 1 reverts, 2 answers too few bytes, 3 spends all its gas, 4 does not say its decimals
mode: public(uint256)
_decimals: uint256
_words: uint256[5]


@deploy
def __init__(decimals: uint256):
    self._decimals = decimals


@external
def set(mode: uint256, decimals: uint256, words: uint256[5]):
    self.mode = mode
    self._decimals = decimals
    self._words = words


@external
@view
def decimals() -> uint256:
    assert self.mode != 4, "oracle: out of order"
    return self._decimals


@external
@view
@raw_return
def latestRoundData() -> Bytes[160]:
    assert self.mode != 1, "oracle: out of order"
    if self.mode == 2:
        return slice(abi_encode(self._words), 0, 128)
    if self.mode == 3:
        spent: bytes32 = empty(bytes32)
        for i: uint256 in range(2**32):
            spent = keccak256(spent)
    return abi_encode(self._words)
