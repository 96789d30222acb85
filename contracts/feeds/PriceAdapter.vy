# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title PriceAdapter
@custom:contract-name PriceAdapter
@license AGPL-3.0-only
@notice One stock's held price in the shapes that lenders read: Chainlink's AggregatorV3 (8 decimals), Aave's latestAnswer
        (8 decimals) and Morpho's price (scaled for a loan coin). Around a change of the multiplier it keeps the last price
        that was agreed, and says as of when that was: a price that reverted would block even the other collateral of
        whoever holds the stock.
@dev A lender has to look at updatedAt, and at oraclePaused where it can: an old price is told, not hidden. The loan coin is
     taken for a dollar.
@custom:security Nobody calls anything here that changes something.
@custom:kill None: it only reads.
"""

from ..interfaces import ISharePriceFeed

_ANSWER_UNIT: constant(uint256) = 10**10
MAX_LOAN_DECIMALS: constant(uint256) = 18

FEED: public(immutable(ISharePriceFeed))
TOKEN: public(immutable(address))
LOAN_DECIMALS: public(immutable(uint256))


@deploy
def __init__(feed: address, token: address, loanDecimals: uint256):
    """
    @dev Errors: "adapter: not configured" (the feed does not know the stock), "adapter: bad decimals".
    @param feed the SharePriceFeed.
    @param token the stock.
    @param loanDecimals decimals of the coin that is lent against it, at most 18.
    """
    FEED = ISharePriceFeed(feed)
    TOKEN = token
    LOAN_DECIMALS = loanDecimals
    assert loanDecimals <= MAX_LOAN_DECIMALS, "adapter: bad decimals"
    terms: (address, uint256, bool, address, uint256, bool, uint256, uint256, uint256, uint256) = staticcall (
        ISharePriceFeed(feed).termsOf(token)
    )
    assert terms[0] != empty(address), "adapter: not configured"


@external
@pure
def decimals() -> uint8:
    """
    @notice Decimals of latestRoundData and latestAnswer: 8.
    """
    return 8


@external
@pure
def description() -> String[64]:
    """
    @notice What is priced.
    """
    return "dollars for one token, last agreed"


@external
@pure
def version() -> uint256:
    """
    @notice Of AggregatorV3Interface: 1.
    """
    return 1


@external
@view
def latestRoundData() -> (uint80, int256, uint256, uint256, uint80):
    """
    @notice (round, dollars for one token with 8 decimals, startedAt, updatedAt, answeredInRound), the last three and the
            round from the UTC second that the price is as of.
    @dev Error: "feeds: no price".
    """
    price: uint256 = 0
    as_of: uint256 = 0
    price, as_of = staticcall FEED.heldPrice(TOKEN)
    round: uint80 = convert(as_of, uint80)
    return round, convert(price // _ANSWER_UNIT, int256), as_of, as_of, round


@external
@view
def latestAnswer() -> int256:
    """
    @notice Dollars for one token, 8 decimals: what Aave asks.
    @dev Error: "feeds: no price".
    """
    return convert((staticcall FEED.heldPrice(TOKEN))[0] // _ANSWER_UNIT, int256)


@external
@view
def price() -> uint256:
    """
    @notice Loan coin for one token, scaled by 10 ** (36 + its decimals − 18): what Morpho asks.
    @dev Error: "feeds: no price".
    """
    return (staticcall FEED.heldPrice(TOKEN))[0] * 10**LOAN_DECIMALS


@external
@view
def oraclePaused() -> bool:
    """
    @notice Whether the price is in doubt now, as SharePriceFeed.oraclePaused has it.
    """
    return staticcall FEED.oraclePaused(TOKEN)
