# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title stock_word
@license AGPL-3.0-only
@notice The bit maps of what the registry keeps for a stock. The flags stand beside the number and beside the address, so
        that neither an enrolment nor a push reads a word more than it needs; a rule that a stock does not use costs
        nothing.

            number    bits    0..15  number + 1, 0 = not a stock    bits  16..31  flags
            stock     bits   0..159  address                        bits 160..175 flags
            flags     bits     0..4  classes that may hold, bit k for class k
                      bit         5  CLASSES    some class may not hold
                      bit         6  COUNTRIES  some country may not hold
                      bit         7  CAPPED     holders are counted
"""

NUMBER_MASK: constant(uint256) = 2**16 - 1
NUMBER_FLAGS: constant(uint256) = 16
STOCK_FLAGS: constant(uint256) = 160
ADDRESS_MASK: constant(uint256) = 2**160 - 1

CLASSES_MASK: constant(uint256) = 2**5 - 1
EVERY_CLASS: constant(uint256) = 30
CLASSES: constant(uint256) = 1 << 5
COUNTRIES: constant(uint256) = 1 << 6
RULED: constant(uint256) = (1 << 5) | (1 << 6)
CAPPED: constant(uint256) = 1 << 7
