# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubProxy
@license AGPL-3.0-only
@notice An oracle behind a proxy, as Chainlink's are: a round's id is the phase of the aggregator behind it, shifted by 64
        bits, and that aggregator's own round. Ids have gaps, and no round but the newest is kept.
"""

decimals: public(constant(uint8)) = 8
_phase: uint256
_round: uint256
_answer: int256
_updated_at: uint256


@external
def push(answer: int256, skipped: uint256):
    """
    @param answer shares, eight decimals.
    @param skipped how many rounds before this one had no answer.
    """
    self._round += skipped + 1
    self._answer = answer
    self._updated_at = block.timestamp


@external
def replaceAggregator():
    """
    @notice Another aggregator stands behind the proxy from now on, and begins with round 1.
    """
    self._phase += 1
    self._round = 0


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    id: uint80 = convert((self._phase << 64) | self._round, uint80)
    return id, self._answer, self._updated_at, self._updated_at, id


@external
@view
def getRoundData(round_id: uint80) -> (uint80, int256, uint256, uint256, uint80):
    raise "No data present"
