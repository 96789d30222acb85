# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubOracle
@license AGPL-3.0-only
@notice An oracle that fails in the way it is told to.
"""

# @dev 0 answers, 1 reverts, 2 answers too few bytes, 3 answers nothing, 4 spends all gas
mode: public(uint256)
_decimals: uint256
_answer: int256
_updated_at: uint256


@deploy
def __init__(decimals: uint256):
    self._decimals = decimals


@external
def set(mode: uint256, answer: int256, updated_at: uint256):
    self.mode = mode
    self._answer = answer
    self._updated_at = updated_at


@external
def setDecimals(decimals: uint256):
    self._decimals = decimals


@external
@view
def decimals() -> uint256:
    if self.mode == 1:
        raise "oracle: out of order"
    return self._decimals


@external
@view
@raw_return
def latestRoundData() -> Bytes[160]:
    return self._respond()


@external
@view
@raw_return
def getRoundData(round_id: uint80) -> Bytes[160]:
    return self._respond()


@internal
@view
def _respond() -> Bytes[160]:
    if self.mode == 1:
        raise "oracle: out of order"
    if self.mode == 2:
        return slice(abi_encode(self._answer), 0, 32)
    if self.mode == 3:
        return b""
    if self.mode == 4:
        raw_revert(b"")
    return abi_encode(convert(1, uint256), self._answer, self._updated_at, self._updated_at, convert(1, uint256))
