# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title strike_book
@license AGPL-3.0-only
@notice The prices that the desk strikes, each good for a batch of fills, and how far a day may move them. A price is base
        units of the stablecoin for 10**18 raw units: neither a split nor a reinvested dividend moves it.

            strike     bits 0..127  price       bits 128..167  struck at     bits 168..207  expiry     bits 208..255  generation
            reference  bits 0..127  price       bits 128..167  since when
@dev Every price of a day is held to one reference, so that many small steps go no further than one large one; a day later
     the reference becomes the last price that was struck. One that is taken back becomes none, nor stays one where it has become
     it meanwhile, and the day goes on: whoever strikes what is voided every day would walk away with the band.
"""

from ..interfaces import IRequestVault
from ..shared import keys

uses: keys

# @dev raw units that a price is for
UNIT: constant(uint256) = 10**18
# @dev seconds after which a strike serves no more, at most
MAX_STRIKE: constant(uint256) = 86400
# @dev seconds for which one reference counts
REFERENCE_SPAN: constant(uint256) = 86400
BPS: constant(uint256) = 10_000
_U128: constant(uint256) = 2**128 - 1
_U40: constant(uint256) = 2**40 - 1
_AT: constant(uint256) = 128
_EXPIRY: constant(uint256) = 168
_GENERATION: constant(uint256) = 208

_strikes: HashMap[bytes32, uint256]
_reference: uint256
# @dev the price that was the reference before it
_before: uint256
_last: uint256


@external
@view
def strikeOf(key: bytes32) -> (uint256, uint256, uint256, uint256):
    """
    @notice (price, struck at, expiry, multiplier generation) of a strike; zeros where there is none.
    """
    return self._strike_of(key)


@external
@view
def reference() -> (uint256, uint256):
    """
    @notice (the price that strikes are held to now, since when it counts).
    """
    return self._reference_now()


@external
@view
def referenceBefore() -> uint256:
    """
    @notice The price that was the reference before this one, and is it again where this one is voided.
    """
    return self._before


@external
@view
def convertToAssets(shares: uint256) -> uint256:
    """
    @notice What raw units came to at the last price struck, rounded down: no promise of the next.
    """
    return shares * self._last // UNIT


@external
@view
def convertToShares(assets: uint256) -> uint256:
    """
    @notice Raw units for which the last price struck gives that much, rounded down: no promise of the next.
    """
    return assets * UNIT // self._last


@internal
@view
def _strike_of(key: bytes32) -> (uint256, uint256, uint256, uint256):
    """
    @return (price, struck at, expiry, generation) of a strike; zeros where there is none.
    """
    word: uint256 = self._strikes[key]
    return word & _U128, (word >> _AT) & _U40, (word >> _EXPIRY) & _U40, word >> _GENERATION


@internal
@view
def _reference_now() -> (uint256, uint256):
    """
    @return (the price that the next one is held to, since when it counts).
    """
    price: uint256 = self._reference & _U128
    since: uint256 = self._reference >> _AT
    if block.timestamp >= since + REFERENCE_SPAN:
        return self._last, block.timestamp
    return price, since


@internal
def _set_reference(price: uint256):
    """
    @dev The timelock's word for a price. Error: "vault: bad price" (0, or 2**128 and above).
    """
    assert price != 0 and price <= _U128, "vault: bad price"
    self._reference = price | (block.timestamp << _AT)
    self._before = price
    self._last = price
    log IRequestVault.ReferenceSet(price=price)


@internal
def _strike(key: bytes32, price: uint256, expiry: uint256, generation: uint256, band: uint256):
    """
    @dev Errors, in order: "keys: empty", "keys: used", "vault: bad price", "vault: bad expiry" (not in the next day),
         "vault: price outside band".
    """
    keys._consume(key)
    assert price != 0 and price <= _U128, "vault: bad price"
    assert block.timestamp < expiry and expiry <= block.timestamp + MAX_STRIKE, "vault: bad expiry"
    reference: uint256 = 0
    since: uint256 = 0
    reference, since = self._reference_now()
    off: uint256 = price - reference if price > reference else reference - price
    assert off * BPS <= reference * band, "vault: price outside band"
    if since != self._reference >> _AT:
        self._before = self._reference & _U128
    self._reference = reference | (since << _AT)
    self._last = price
    self._strikes[key] = price | (block.timestamp << _AT) | (expiry << _EXPIRY) | (generation << _GENERATION)
    log IRequestVault.Struck(strike=key, price=price, expiry=expiry, generation=generation, by=msg.sender)


@internal
def _void(key: bytes32):
    """
    @dev Error: "vault: no strike".
    """
    word: uint256 = self._strikes[key]
    assert word != 0, "vault: no strike"
    self._strikes[key] = 0
    price: uint256 = word & _U128
    reference: uint256 = self._reference & _U128
    since: uint256 = self._reference >> _AT
    if price == reference and (word >> _AT) & _U40 < since:
        # The day began with it: it goes on with the one before.
        reference = self._before
        self._reference = (since << _AT) | reference
    if price == self._last:
        self._last = reference
    log IRequestVault.StrikeVoided(strike=key, by=msg.sender)
