# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title wallet_word
@license AGPL-3.0-only
@notice The bit maps of the registry's two words. A wallet's word holds the registry's bits in the positions of the
        account word, so that handing them to a stock is one mask, and which of the first 128 stocks enrolled it.

            wallet    bits    0..127  stocks 0..127 that keep a copy of this wallet's clearance
                      bits  128..167  cleared_until, UTC seconds
                      bit        169  BLOCKED      bit 173  VENUE
                      bits  176..187  country, ISO 3166 numeric
                      bits  188..191  class
                      bits  192..255  investor number, 0 = none
            investor  bits    0..159  first wallet
                      bits  160..199  expiry, UTC seconds
                      bit        200  known         bit 201  blocked
                      bits  208..215  class         bits 216..231  country
                      bits  232..239  count of wallets
"""

DIRECT_STOCKS: constant(uint256) = 128
DIRECTORY_MASK: constant(uint256) = 2**128 - 1
COUNTRY_SHIFT: constant(uint256) = 176
WALLET_COUNTRY_MASK: constant(uint256) = 2**12 - 1
WALLET_CLASS_SHIFT: constant(uint256) = 188
WALLET_CLASS_MASK: constant(uint256) = 2**4 - 1
INVESTOR_SHIFT: constant(uint256) = 192

ADDRESS_MASK: constant(uint256) = 2**160 - 1
EXPIRY_SHIFT: constant(uint256) = 160
EXPIRY_MASK: constant(uint256) = 2**40 - 1
KNOWN: constant(uint256) = 1 << 200
INVESTOR_BLOCKED: constant(uint256) = 1 << 201
CLASS_SHIFT: constant(uint256) = 208
CLASS_MASK: constant(uint256) = 2**8 - 1
INVESTOR_COUNTRY_SHIFT: constant(uint256) = 216
COUNTRY_MASK: constant(uint256) = 2**16 - 1
COUNT_SHIFT: constant(uint256) = 232
COUNT_UNIT: constant(uint256) = 1 << 232
COUNT_MASK: constant(uint256) = 2**8 - 1

MAX_WALLETS: constant(uint256) = 8
MAX_COUNTRY: constant(uint16) = 999
VENUE_CLASS: constant(uint8) = 4
