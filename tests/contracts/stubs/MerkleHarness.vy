# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MerkleHarness
@license AGPL-3.0-only
@notice merkle_sum, open to tests.
"""

from ....contracts.shared import merkle_sum
from ....contracts.interfaces import IDividendDistributor


@external
@pure
def leaf(place: uint256, account: uint256, amounts: uint256, net: uint256) -> bytes32:
    return merkle_sum._leaf(place, account, amounts, net)


@external
@pure
def root(
    hash: bytes32, total: uint256, index: uint256, proof: DynArray[IDividendDistributor.Node, 32]
) -> (bytes32, uint256):
    return merkle_sum._root(hash, total, index, proof)


@external
@pure
def block_of(first: uint256, entries: DynArray[IDividendDistributor.Entry, 128]) -> (bytes32, uint256):
    return merkle_sum._block(first, entries)
