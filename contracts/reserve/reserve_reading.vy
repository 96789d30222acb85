# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_reading
@license AGPL-3.0-only
@notice Reads a proof-of-reserve oracle without trusting it to behave: a call that fails or answers with too few bytes
        is told apart from an answer, and an answer is bounded before anything is computed with it.
@dev Stateless.
"""

from ..shared import multiplier_math as mm

_LATEST: constant(Bytes[4]) = method_id("latestRoundData()")
_DECIMALS: constant(Bytes[4]) = method_id("decimals()")
_MAX_ROUND: constant(uint256) = 2**80 - 1


@internal
@view
def _latest(oracle: address) -> (bool, int256, uint256):
    """
    @param oracle the oracle.
    @return (whether it answered, the answer at its own decimals, the UTC second it is as of).
    """
    ok: bool = False
    data: Bytes[160] = b""
    ok, data = raw_call(oracle, _LATEST, max_outsize=160, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 160:
        return False, 0, 0
    return True, extract32(data, 32, output_type=int256), extract32(data, 96, output_type=uint256)


@internal
@view
def _round(oracle: address, id: uint256) -> (bool, int256, uint256):
    """
    @param oracle the oracle.
    @param id the round.
    @return (whether there is such a round, its answer at the oracle's decimals, the UTC second it is as of).
    """
    if id > _MAX_ROUND:
        return False, 0, 0
    ok: bool = False
    data: Bytes[160] = b""
    ok, data = raw_call(
        oracle,
        abi_encode(id, method_id=method_id("getRoundData(uint80)")),
        max_outsize=160,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not ok or len(data) != 160:
        return False, 0, 0
    updated_at: uint256 = extract32(data, 96, output_type=uint256)
    # Some oracles answer zeros for a round that they do not have.
    return updated_at != 0, extract32(data, 32, output_type=int256), updated_at


@internal
@view
def _decimals(oracle: address) -> (bool, uint256):
    """
    @param oracle the oracle.
    @return (whether it answered, the decimals of its answers).
    """
    ok: bool = False
    data: Bytes[32] = b""
    ok, data = raw_call(oracle, _DECIMALS, max_outsize=32, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 32:
        return False, 0
    return True, extract32(data, 0, output_type=uint256)


@internal
@pure
def _usable(answer: int256) -> bool:
    """
    @notice Whether an answer is positive and below 2**128, so that no later product overflows.
    @param answer an oracle's answer.
    """
    return answer > 0 and answer <= convert(mm.MAX_U128, int256)


@internal
@pure
def _counted(answer: int256, decimals: uint256, margin: uint256) -> uint256:
    """
    @notice What a usable answer counts for: normalised to 18 decimals, rounded down, the margin taken off, rounded
            down.
    @param answer a usable answer.
    @param decimals its decimals, at most 36.
    @param margin basis points below 10000.
    """
    shares: uint256 = convert(answer, uint256)
    if decimals <= 18:
        shares *= 10 ** (18 - decimals)
    else:
        shares //= 10 ** (decimals - 18)
    return shares * (mm.BPS - margin) // mm.BPS


@internal
@view
def _reserve(oracle: address, decimals: uint256, max_age: uint256, margin: uint256) -> (uint256, uint256):
    """
    @notice What the newest answer says.
    @dev Errors, in order: "reserve: oracle failed", "reserve: bad answer" (zero, negative, 2**128 or more, or no
         round), "reserve: future answer", "reserve: stale answer".
    @param oracle the oracle.
    @param decimals its decimals.
    @param max_age seconds; older than that is stale.
    @param margin basis points taken off.
    @return (shares that it counts for, 18 decimals; the UTC second that it is as of).
    """
    ok: bool = False
    answer: int256 = 0
    updated_at: uint256 = 0
    ok, answer, updated_at = self._latest(oracle)
    assert ok, "reserve: oracle failed"
    assert updated_at != 0 and self._usable(answer), "reserve: bad answer"
    assert updated_at <= block.timestamp, "reserve: future answer"
    assert block.timestamp - updated_at <= max_age, "reserve: stale answer"
    return self._counted(answer, decimals, margin), updated_at
