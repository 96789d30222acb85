# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title account_word
@license AGPL-3.0-only
@notice The bit map of the one storage word that a stock keeps for an account. Reading it answers, in a single storage
        read, both "how much" and "may it". Nothing else in the project names a bit position.

            bits    0..127  balance, raw units                               owner: stock
            bits  128..167  cleared_until, UTC seconds                       owner: registry
            bit        168  FROZEN    the whole account is frozen            owner: stock
            bit        169  BLOCKED   the investor or wallet is blocked      owner: registry
            bit        170  ENROLLED  the registry will push bad news here   owner: registry
            bit        171  PARTIAL   some amount is frozen                  owner: stock
            bit        172  LOCKED    some amount is locked up            owner: stock
            bit        173  VENUE     the account belongs to a venue         owner: registry
            bits  174..175  unused flags
            bits  176..255  epoch of the stock at the last refresh           owner: stock
@dev The registry hands out its bits in these positions; the stock masks whatever it is handed with REGISTRY_BITS.
"""

BALANCE_MASK: constant(uint256) = 2**128 - 1
CLEARED_SHIFT: constant(uint256) = 128
CLEARED_MASK: constant(uint256) = 2**40 - 1
FROZEN: constant(uint256) = 1 << 168
BLOCKED: constant(uint256) = 1 << 169
ENROLLED: constant(uint256) = 1 << 170
PARTIAL: constant(uint256) = 1 << 171
LOCKED: constant(uint256) = 1 << 172
VENUE: constant(uint256) = 1 << 173
EPOCH_SHIFT: constant(uint256) = 176
EPOCH_UNIT: constant(uint256) = 1 << 176
EPOCH_MASK: constant(uint256) = (2**80 - 1) << 176
# Behind either of these some units stay where they are.
HELD_MASK: constant(uint256) = (1 << 171) | (1 << 172)
REGISTRY_BITS: constant(uint256) = ((2**40 - 1) << 128) | (1 << 169) | (1 << 170) | (1 << 173)

# The part of the word that must equal the stock's epoch, bare, for the account to pass with no further question.
STANDING_MASK: constant(uint256) = ((2**80 - 1) << 176) | (1 << 168) | (1 << 169)
# The same without the epoch: what refuses even a redemption.
STOPPED_MASK: constant(uint256) = (1 << 168) | (1 << 169)
