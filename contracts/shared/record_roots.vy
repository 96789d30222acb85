# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title record_roots
@license AGPL-3.0-only
@notice Whether the root of a register may be opened on, and the one word by which a proof is held to it: of votes and of
        elections, whose holders show their units at a record.
@dev Stateless. Whoever opens says why it refuses.
"""

from . import merkle_sum

U200: constant(uint256) = 2**200 - 1
# @dev blocks whose hash a chain remembers
REMEMBERED: constant(uint256) = 256


@internal
@pure
def _is_tree(depth: uint256, sum: uint256, bits: uint256) -> bool:
    """
    @dev Whether a tree has a whole block of leaves and no more than a proof can reach, and units of at most so many bits.
    """
    if depth < merkle_sum.PUSHED_DEPTH or depth > merkle_sum.MAX_DEPTH:
        return False
    return sum != 0 and sum >> bits == 0


@internal
@view
def _is_block(number: uint256, hash: bytes32) -> bool:
    """
    @dev Whether a block lies behind this one, under its own hash. Older ones a chain does not remember: whoever verifies
         the root does.
    """
    if number >= block.number:
        return False
    return block.number - number > REMEMBERED or blockhash(number) == hash


@internal
@pure
def _top(root: bytes32, sum: uint256) -> uint256:
    """
    @dev What is kept of a root and the sum under it, so that a proof is held to both by one word: 200 bits of a hash.
    """
    return convert(keccak256(abi_encode(root, sum)), uint256) & U200
