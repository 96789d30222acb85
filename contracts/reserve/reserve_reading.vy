# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_reading
@license AGPL-3.0-only
@notice Reads a stock's source of its reserve. An oracle is not trusted to behave: a call that fails or answers with too
        few bytes is told apart from an answer, and an answer is bounded before anything is computed with it.
@dev Stateless but for what reserve_book keeps of ATTESTOR's papers.
"""

from ..shared import multiplier_math as mm
from ..shared import refusals
from . import reserve_book as book

uses: book

_LATEST: constant(Bytes[4]) = method_id("latestRoundData()")
_DECIMALS: constant(Bytes[4]) = method_id("decimals()")
# @dev gas for an oracle where its answer is only looked at: one that spends all it is given stops no view and no split
_GAS: constant(uint256) = 500_000


@internal
@view
def _latest(oracle: address) -> (bool, int256, uint256):
    """
    @param oracle the oracle.
    @return (whether it answered, the answer at its own decimals, the UTC second it is as of).
    """
    ok: bool = False
    data: Bytes[160] = b""
    ok, data = raw_call(oracle, _LATEST, max_outsize=160, gas=_GAS, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 160:
        return False, 0, 0
    return True, extract32(data, 32, output_type=int256), extract32(data, 96, output_type=uint256)


@internal
@view
def _decimals(oracle: address) -> (bool, uint256):
    """
    @param oracle the oracle.
    @return (whether it answered, the decimals of its answers).
    """
    ok: bool = False
    data: Bytes[32] = b""
    ok, data = raw_call(oracle, _DECIMALS, max_outsize=32, gas=_GAS, is_static_call=True, revert_on_failure=False)
    if not ok or len(data) != 32:
        return False, 0
    return True, extract32(data, 0, output_type=uint256)


@internal
@pure
def _normalised(answer: int256, decimals: uint256) -> uint256:
    """
    @notice Shares with 18 decimals, rounded down; 0 for an answer that is not positive or is 2**128 shares and more, so
            that no later product overflows.
    @param answer an oracle's answer.
    @param decimals its decimals, at most 36.
    """
    if answer <= 0:
        return 0
    shares: uint256 = convert(answer, uint256)
    if decimals >= 18:
        shares //= 10 ** (decimals - 18)
    else:
        unit: uint256 = 10 ** (18 - decimals)
        if shares > mm.MAX_U128 // unit:
            return 0
        shares *= unit
    if shares > mm.MAX_U128:
        return 0
    return shares


@internal
@view
def _answer(token: address, config: uint256) -> (uint256, uint256):
    """
    @notice What a stock's source said last, whatever its age, before the margin.
    @dev What `_latest`, `_decimals` and reserve_book do is written out: every mint runs this.
         Errors, in order: "reserve: oracle failed", "reserve: decimals changed" (since the oracle was configured),
         "reserve: bad answer" (zero, negative, 2**128 shares or more, or none yet).
    @param token the stock, configured.
    @param config its config word, which the caller has read.
    @return (shares with 18 decimals, the UTC second that they are as of).
    """
    oracle: address = convert(config & book._U160, address)
    if oracle == empty(address):
        word: uint256 = book.books[token].said
        attested: uint256 = word & mm.MAX_U128
        if attested == 0:
            refusals._refuse("reserve: bad answer")
        return attested, (word >> book._AS_OF_SHIFT) & mm.MAX_U40
    ok: bool = False
    data: Bytes[160] = b""
    ok, data = raw_call(oracle, _LATEST, max_outsize=160, is_static_call=True, revert_on_failure=False)
    told: bool = False
    said: Bytes[32] = b""
    told, said = raw_call(oracle, _DECIMALS, max_outsize=32, is_static_call=True, revert_on_failure=False)
    if not (ok and len(data) == 160 and told and len(said) == 32):
        refusals._refuse("reserve: oracle failed")
    answer: int256 = extract32(data, 32, output_type=int256)
    as_of: uint256 = extract32(data, 96, output_type=uint256)
    decimals: uint256 = (config >> book._DECIMALS_SHIFT) & book._U6
    if extract32(said, 0, output_type=uint256) != decimals:
        refusals._refuse("reserve: decimals changed")
    shares: uint256 = self._normalised(answer, decimals)
    if shares == 0 or as_of == 0:
        refusals._refuse("reserve: bad answer")
    return shares, as_of


@internal
@view
def _fresh(token: address, config: uint256) -> (uint256, uint256):
    """
    @notice What a stock's source said last, where that still counts.
    @dev Errors: as _answer, then "reserve: future answer", "reserve: stale answer".
    @param token the stock, configured.
    @param config its config word, which the caller has read.
    @return (shares with 18 decimals before the margin, the UTC second that they are as of).
    """
    shares: uint256 = 0
    as_of: uint256 = 0
    shares, as_of = self._answer(token, config)
    if as_of > block.timestamp:
        refusals._refuse("reserve: future answer")
    if block.timestamp - as_of > (config >> book._AGE_SHIFT) & book._U32:
        refusals._refuse("reserve: stale answer")
    return shares, as_of


@internal
@view
def _shown(token: address, config: uint256) -> (uint256, uint256):
    """
    @notice As _answer, for views: a source that fails shows 0 shares.
    @param token the stock.
    @param config its config word.
    @return (shares with 18 decimals before the margin, the UTC second that they are as of).
    """
    if book._max_age(config) == 0:
        return 0, 0
    if book._attested(config):
        word: uint256 = book.books[token].said
        return word & mm.MAX_U128, (word >> book._AS_OF_SHIFT) & mm.MAX_U40
    oracle: address = book._oracle(config)
    ok: bool = False
    answer: int256 = 0
    as_of: uint256 = 0
    ok, answer, as_of = self._latest(oracle)
    now: uint256 = 0
    same: bool = False
    same, now = self._decimals(oracle)
    if not ok or as_of == 0 or not same or now != book._decimals(config):
        return 0, as_of
    return self._normalised(answer, now), as_of


@internal
@pure
def _less_margin(shares: uint256, config_margin: uint256) -> uint256:
    """
    @param shares below 2**128.
    @param config_margin basis points below 10000.
    @return uint256 Shares after the margin, rounded down.
    """
    return unsafe_mul(shares, unsafe_sub(mm.BPS, config_margin)) // mm.BPS
