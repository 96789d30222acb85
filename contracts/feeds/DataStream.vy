# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title DataStream
@custom:contract-name DataStream
@license AGPL-3.0-only
@notice One of Chainlink's data streams as an AggregatorV3: whoever has a signed report hands it in, the verifier says that
        it was signed, and the price in it is the newest answer. Schemas v8 (RWA), v10 (tokenised asset), v11 (RWA advanced).
@dev A report counts while the market has one of the statuses that were named at the start: 1 is closed and 2 open in v8,
     v10 and the standard v11, but before the market, and open, in v11 of US equities, where 5 is closed. Times of updates are
     nanoseconds. The answer is as of the earlier of its last update and the report's observations.
     `raw`, of v10 alone: the theoretical price, the share's times the multiplier that the report has for that instant. It
     is that issuer's multiplier, so it prices that issuer's token and no other.
@custom:security report: anyone; the verifier judges. No price can be put in otherwise, and an older report is refused.
@custom:kill None: SharePriceFeed suspends the price.
"""

from ..interfaces import IVerifierProxy

event Reported:
    price: uint256
    asOf: uint256
    round: uint256


_NANO: constant(uint256) = 10**9
_WAD: constant(uint256) = 10**18
MAX_DECIMALS: constant(uint256) = 18
_V8: constant(uint256) = 8
_V10: constant(uint256) = 10
_V11: constant(uint256) = 11
_VERSION_SHIFT: constant(uint256) = 240
# @dev words of a report of each schema, and the places of those that differ
_V8_WORDS: constant(uint256) = 9
_V10_WORDS: constant(uint256) = 13
_V11_WORDS: constant(uint256) = 14
_AS_OF_SHIFT: constant(uint256) = 128
_ROUND_SHIFT: constant(uint256) = 168
_U128: constant(uint256) = 2**128 - 1
_U40: constant(uint256) = 2**40 - 1

VERIFIER: public(immutable(IVerifierProxy))
FEED_ID: public(immutable(bytes32))
STATUSES: public(immutable(uint256))
RAW: public(immutable(bool))
DECIMALS: public(immutable(uint256))

# @dev the price, above it the second it is as of, above that the number of reports
_latest: uint256


@deploy
def __init__(verifier: address, feedId: bytes32, statuses: uint256, raw: bool, decimals: uint256):
    """
    @dev Error: "stream: bad config": no contract, a feed of another schema, no status or the unknown one, raw of another
         schema than v10, more than 18 decimals.
    @param verifier Chainlink's VerifierProxy.
    @param feedId the stream; its first two bytes are the number of its schema.
    @param statuses bit k for each market status k in which a report counts.
    @param raw whether the answer is the theoretical price of a token, and not that of a share.
    @param decimals of the stream's prices.
    """
    version: uint256 = convert(feedId, uint256) >> _VERSION_SHIFT
    assert verifier.is_contract, "stream: bad config"
    assert version == _V8 or version == _V10 or version == _V11, "stream: bad config"
    assert statuses != 0 and statuses & 1 == 0 and statuses < 2**32, "stream: bad config"
    assert (not raw or version == _V10) and decimals <= MAX_DECIMALS, "stream: bad config"
    VERIFIER = IVerifierProxy(verifier)
    FEED_ID = feedId
    STATUSES = statuses
    RAW = raw
    DECIMALS = decimals


@external
@payable
def report(payload: Bytes[8192], parameterPayload: Bytes[32]):
    """
    @notice Takes over the price of a signed report. Anyone. What is paid along is the verifier's fee, exactly.
    @dev Errors: the verifier's; "stream: bad report" (of another schema), "stream: wrong feed", "stream: market closed",
         "stream: bad answer" (not positive, or of 128 bits and more), "stream: future report", "stream: report expired",
         "stream: not newer".
    @param payload the signed report, as the stream's API gives it.
    @param parameterPayload the fee token, ABI-encoded, or nothing.
    """
    words: Bytes[1024] = extcall VERIFIER.verify(payload, parameterPayload, value=msg.value)
    assert len(words) >= 32 * _V8_WORDS, "stream: bad report"
    assert extract32(words, 0) == FEED_ID, "stream: wrong feed"
    version: uint256 = convert(FEED_ID, uint256) >> _VERSION_SHIFT
    price: int256 = 0
    nanoseconds: uint256 = 0
    status: uint256 = 0
    if version == _V11:
        assert len(words) == 32 * _V11_WORDS, "stream: bad report"
        price = extract32(words, 192, output_type=int256)
        nanoseconds = extract32(words, 224, output_type=uint256)
        status = extract32(words, 416, output_type=uint256)
    else:
        assert len(words) == 32 * (_V10_WORDS if version == _V10 else _V8_WORDS), "stream: bad report"
        nanoseconds = extract32(words, 192, output_type=uint256)
        price = extract32(words, 224, output_type=int256)
        status = extract32(words, 256, output_type=uint256)
    assert status < 32 and (STATUSES >> status) & 1 == 1, "stream: market closed"
    observed: uint256 = extract32(words, 64, output_type=uint256)
    assert price > 0 and price < 2**127, "stream: bad answer"
    answer: uint256 = convert(price, uint256)
    if RAW:
        answer = answer * self._multiplier(words, observed) // _WAD
        assert answer != 0 and answer < 2**127, "stream: bad answer"
    as_of: uint256 = min(nanoseconds // _NANO, observed)
    assert max(observed, nanoseconds // _NANO) <= block.timestamp, "stream: future report"
    assert block.timestamp <= extract32(words, 160, output_type=uint256), "stream: report expired"
    latest: uint256 = self._latest
    assert as_of > (latest >> _AS_OF_SHIFT) & _U40, "stream: not newer"
    round: uint256 = (latest >> _ROUND_SHIFT) + 1
    self._latest = answer | (as_of << _AS_OF_SHIFT) | (round << _ROUND_SHIFT)
    log Reported(price=answer, asOf=as_of, round=round)


@external
@view
def decimals() -> uint8:
    """
    @notice Decimals of every answer.
    """
    return convert(DECIMALS, uint8)


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    """
    @notice The newest answer, in AggregatorV3's shape; five zeros before the first.
    @return (roundId, answer, startedAt, updatedAt, answeredInRound).
    """
    latest: uint256 = self._latest
    round: uint80 = convert(latest >> _ROUND_SHIFT, uint80)
    as_of: uint256 = (latest >> _AS_OF_SHIFT) & _U40
    return round, convert(latest & _U128, int256), as_of, as_of, round


@internal
@pure
def _multiplier(words: Bytes[1024], observed: uint256) -> uint256:
    """
    @dev The multiplier of a v10 report at the second of its observations: the next one from its activation on. Wads.
    """
    current: int256 = extract32(words, 288, output_type=int256)
    next: int256 = extract32(words, 320, output_type=int256)
    activation: uint256 = extract32(words, 352, output_type=uint256)
    if activation != 0 and next != 0 and activation <= observed:
        current = next
    assert current > 0 and current < 2**96, "stream: bad answer"
    return convert(current, uint256)
