# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title market_price
@license AGPL-3.0-only
@notice How far the price of a quote may be from what a stock's price feed says, by stock; and that its exchange trades.
@dev One call of SharePriceFeed.strictPrice answers price, hours and the window around a change of the multiplier: it
     refuses where there is no price to trade at, and says whether the exchange trades. A stock without a band is traded
     at whatever its quotes say. One word a stock: feed 160 | band 16.
"""

from ..interfaces import IPrimaryMarket
from ..interfaces import ISharePriceFeed
from ..shared import refusals
from ..shared import roles

uses: roles

_BPS: constant(uint256) = 10_000
_WAD: constant(uint256) = 10**18
# @dev a cent in dollars of 18 decimals
_CENT_WAD: constant(uint256) = 10**16
# @dev most basis points of a band
MAX_BAND: constant(uint256) = 5_000
_BAND_SHIFT: constant(uint256) = 160
_ADDRESS_MASK: constant(uint256) = 2**160 - 1
# @dev more of either is no trade, and could not be multiplied
_MOST_AMOUNT: constant(uint256) = 2**128 - 1
_MOST_SETTLEMENT: constant(uint256) = 2**160 - 1

# @dev 0 of a stock that has no band
_terms: HashMap[address, uint256]


@external
@view
def bandOf(token: address) -> (address, uint256):
    """
    @notice (the SharePriceFeed that is asked, basis points of its price); zeros for a stock whose quotes no price bounds.
    @param token the stock.
    @return address the feed. @return uint256 the band.
    """
    word: uint256 = self._terms[token]
    return (self._feed(word), word >> _BAND_SHIFT)


@internal
def _set_band(token: address, feed: address, band: uint256):
    """
    @dev Errors, in order: "roles: not authorised", "market: bad band", "market: would loosen" (for PAUSER, who may make a
         band narrower and nothing else).
    """
    is_admin: bool = roles._has(roles.ADMIN, msg.sender)
    if not is_admin:
        roles._check(roles.PAUSER)
    refusals._demand((feed == empty(address)) == (band == 0) and band <= MAX_BAND, "market: bad band")
    refusals._demand(feed == empty(address) or roles._is_ours(feed), "market: bad band")
    word: uint256 = self._terms[token]
    made: uint256 = (band << _BAND_SHIFT) | convert(feed, uint256)
    # With the same feed in both, the lesser word has the narrower band.
    is_same: bool = self._feed(word) == feed
    refusals._demand(is_admin or (is_same and band != 0 and made <= word), "market: would loosen")
    self._terms[token] = made
    log IPrimaryMarket.BandSet(token=token, feed=feed, bandBps=band)


@internal
@view
def _check(token: address, word: uint256, amount: uint256, settlement: uint256, unit: uint256):
    """
    @dev Errors, in order: those of strictPrice, "market: closed", "market: outside the band". `word` is the stock's, not 0;
         `unit` is a cent in the stablecoin's base units. A dollar of stablecoin counts as a dollar.
    """
    price: uint256 = 0
    as_of: uint256 = 0
    trades: bool = False
    price, as_of, trades = staticcall ISharePriceFeed(self._feed(word)).strictPrice(token)
    if not trades:
        refusals._refuse("market: closed")
    if not self._is_within(amount, settlement, unit, price, word >> _BAND_SHIFT):
        refusals._refuse("market: outside the band")


@internal
@view
def _trades(token: address, word: uint256) -> bool:
    """
    @dev Whether there is a price to trade at and the exchange trades now. Never reverts.
    """
    success: bool = False
    answer: Bytes[96] = b""
    success, answer = raw_call(
        self._feed(word),
        abi_encode(token, method_id=method_id("strictPrice(address)")),
        max_outsize=96,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(answer) == 96 and convert(slice(answer, 64, 32), uint256) == 1


@internal
@pure
def _is_within(amount: uint256, settlement: uint256, unit: uint256, price: uint256, band: uint256) -> bool:
    """
    @dev Whether `settlement` is what `amount` is worth, give or take; both sides rounded down to 18 decimals.
    """
    if amount > _MOST_AMOUNT or settlement > _MOST_SETTLEMENT:
        return False
    worth: uint256 = amount * price // _WAD
    paid: uint256 = settlement * _CENT_WAD // unit
    apart: uint256 = paid - worth if paid > worth else worth - paid
    return apart * _BPS <= worth * band


@internal
@pure
def _feed(word: uint256) -> address:
    return convert(word & _ADDRESS_MASK, address)
