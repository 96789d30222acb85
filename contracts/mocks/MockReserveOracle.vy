# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MockReserveOracle
@license AGPL-3.0-only
@notice A proof-of-reserve oracle for tests and demonstrations, in the shape of Chainlink's AggregatorV3Interface.
        Anyone may push any answer: never point a real ReserveFeed at it.
"""

from ..interfaces import IReserveOracle

implements: IReserveOracle


event AnswerUpdated:
    current: indexed(int256)
    roundId: indexed(uint256)
    updatedAt: uint256


struct Round:
    answer: int256
    updatedAt: uint256


# @dev decimals of every answer, in the code as the real one has them
DECIMALS: immutable(uint8)
# @dev the newest round, which counts from 1, and above it when that was updated: two words are read for an answer, as of
#      the real one
_latest: uint256
_ROUND_MASK: constant(uint256) = 2**80 - 1

_rounds: HashMap[uint80, Round]


@deploy
def __init__(decimals: uint8):
    """
    @param decimals decimals of every answer.
    """
    DECIMALS = decimals


@external
@view
def decimals() -> uint8:
    """
    @notice Decimals of every answer.
    """
    return DECIMALS


@external
@view
def latestRound() -> uint80:
    """
    @notice The newest round; rounds count from 1.
    """
    return convert(self._latest & _ROUND_MASK, uint80)


@external
def push(answer: int256) -> uint80:
    """
    @notice A new round, as of now. Anyone.
    @param answer shares in custody, `decimals` decimals.
    @return uint80 The round's id.
    """
    return self._push(answer, block.timestamp)


@external
def pushAt(answer: int256, updatedAt: uint256) -> uint80:
    """
    @notice A new round, as of any second, the future included. Anyone.
    @param answer shares in custody, `decimals` decimals.
    @param updatedAt UTC seconds.
    @return uint80 The round's id.
    """
    return self._push(answer, updatedAt)


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    """
    @notice The newest round; five zeros before the first.
    @return (roundId, answer, startedAt, updatedAt, answeredInRound).
    """
    latest: uint256 = self._latest
    round: uint80 = convert(latest & _ROUND_MASK, uint80)
    updated_at: uint256 = latest >> 80
    return round, self._rounds[round].answer, updated_at, updated_at, round


@external
@view
def getRoundData(roundId: uint80) -> (uint80, int256, uint256, uint256, uint80):
    """
    @notice One round.
    @dev Errors: "No data present", as the real one says.
    @param roundId the round.
    @return (roundId, answer, startedAt, updatedAt, answeredInRound).
    """
    assert roundId != 0 and convert(roundId, uint256) <= self._latest & _ROUND_MASK, "No data present"
    return self._data(roundId)


@internal
def _push(answer: int256, updatedAt: uint256) -> uint80:
    round: uint80 = convert(self._latest & _ROUND_MASK, uint80) + 1
    assert updatedAt < 2**176, "oracle: time too far"
    self._latest = convert(round, uint256) | (updatedAt << 80)
    self._rounds[round] = Round(answer=answer, updatedAt=updatedAt)
    log AnswerUpdated(current=answer, roundId=convert(round, uint256), updatedAt=updatedAt)
    return round


@internal
@view
def _data(round: uint80) -> (uint80, int256, uint256, uint256, uint80):
    data: Round = self._rounds[round]
    return round, data.answer, data.updatedAt, data.updatedAt, round
