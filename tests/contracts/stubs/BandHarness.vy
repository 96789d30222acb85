# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title BandHarness
@license AGPL-3.0-only
@notice Asks market_price whether a settlement is within a band, at a price of the caller's choice.
"""

from ....contracts.market import market_price


@external
@pure
def isWithin(amount: uint256, settlement: uint256, unit: uint256, price: uint256, band: uint256) -> bool:
    """
    @notice market_price._is_within.
    @param amount raw units. @param settlement base units. @param unit of them that are a cent.
    @param price dollars of 18 decimals for 1e18 raw units. @param band basis points.
    @return bool Whether it is.
    """
    return market_price._is_within(amount, settlement, unit, price, band)
