# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MathHarness
@license AGPL-3.0-only
@notice multiplier_math, open to tests.
"""

from ....contracts.shared import multiplier_math as mm


@external
@pure
def next_index(index: uint256, price: uint256, net: uint256) -> uint256:
    return mm._next_index(index, price, net)


@external
@pure
def withheld(gross: uint256, bps: uint256) -> uint256:
    return mm._withheld(gross, bps)


@external
@pure
def next_split(num: uint256, den: uint256, new: uint256, old: uint256) -> (uint256, uint256):
    return mm._next_split(num, den, new, old)


@external
@pure
def require_fit(index: uint256, num: uint256, den: uint256):
    mm._require_fit(index, num, den)


@external
@pure
def gcd(a: uint256, b: uint256) -> uint256:
    return mm._gcd(a, b)
