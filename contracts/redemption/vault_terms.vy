# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title vault_terms
@license AGPL-3.0-only
@notice The terms of a vault that takes requests, and the timelock's word for them and for the price that strikes are held to.
"""

from ..interfaces import IRequestVault
from ..shared import roles
from . import request_book
from . import strike_book

uses: roles
uses: strike_book

MIN_PATIENCE: constant(uint256) = 86400
MAX_PATIENCE: constant(uint256) = 2592000
MAX_BAND: constant(uint256) = 5000

# @notice where requests leave, raw units below which one suspends no mints; where they enter, base units below which none is
#         taken
minimum: public(uint256)
# @notice seconds after which a request waits too long
patience: public(uint256)
# @notice how far a day's strikes may be from its reference, in basis points
band: public(uint256)


@external
def setTerms(minimum: uint256, patience: uint256, band: uint256):
    """
    @notice Sets the least that counts, how long is too long, and how far prices may move. The timelock only.
    @dev Errors: "roles: not authorised", "vault: bad terms".
    @param minimum raw units, or base units of the stablecoin, 1 and more.
    @param patience seconds, a day to thirty.
    @param band basis points, 1 to 5,000.
    """
    roles._check(roles.ADMIN)
    self._set(minimum, patience, band)


@external
def setReference(price: uint256):
    """
    @notice Sets the price that strikes are held to, where the market has left the band. The timelock only.
    @dev Errors: "roles: not authorised", "vault: bad price".
    @param price base units of the stablecoin for 10**18 raw units.
    """
    roles._check(roles.ADMIN)
    strike_book._set_reference(price)


@internal
def _set(minimum: uint256, patience: uint256, band: uint256):
    """
    @dev Error: "vault: bad terms".
    """
    assert minimum != 0 and minimum <= request_book.U128, "vault: bad terms"
    assert patience >= MIN_PATIENCE and patience <= MAX_PATIENCE, "vault: bad terms"
    assert band != 0 and band <= MAX_BAND, "vault: bad terms"
    self.minimum = minimum
    self.patience = patience
    self.band = band
    log IRequestVault.TermsSet(minimum=minimum, patience=patience, band=band)
