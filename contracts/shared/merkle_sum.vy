# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title merkle_sum
@license AGPL-3.0-only
@notice The tree of those who are paid or who vote: four words a leaf and a node, one keccak block each.

            leaf = H(index | pushable << 255, account, gross << 128 | withheld, net)
            node = H(left hash, left sum, right hash, right sum | 1 << 255)

        The top bit of the fourth word tells a node from a leaf. Sums are of net amounts and below 2**128; where nobody
        stands the hash is 0 at a leaf. A proof brings hash and sum of each sibling: whoever builds a tree could otherwise
        hide a larger sum under a hash.
@dev Stateless. Sums need one look at the end: no sibling's has more than 128 bits, so none of the 33 sums overflows, and one
     that grew out of 128 bits is not the root's.
"""

from ..interfaces import IDividendDistributor

TOP: constant(uint256) = 1 << 255
SUM_BITS: constant(uint256) = 128
# @dev a block of leaves that are pushed together: 2**PUSHED_DEPTH places
PUSHED_DEPTH: constant(uint256) = 7
PUSHED: constant(uint256) = 128
MAX_DEPTH: constant(uint256) = 32
# @dev of the tree over blocks: MAX_DEPTH less PUSHED_DEPTH
MAX_BLOCKS_DEPTH: constant(uint256) = 25
# @dev keccak256("Scrip Merkle-sum root 1"): the first word of what a posted root is the hash of
DOMAIN: constant(bytes32) = keccak256("Scrip Merkle-sum root 1")


@internal
@pure
def _leaf(place: uint256, account: uint256, amounts: uint256, net: uint256) -> bytes32:
    return keccak256(abi_encode(place, account, amounts, net))


@internal
@pure
def _root(
    hash: bytes32, total: uint256, index: uint256, proof: DynArray[IDividendDistributor.Node, MAX_DEPTH]
) -> (bytes32, uint256):
    """
    @dev The root's hash and sum by a proof. Error: "dividend: bad sum" (one of more than 128 bits).
    @param hash of the leaf, or of the block.
    @param total its sum.
    @param index its place among its like.
    @param proof the siblings, from below.
    """
    node: bytes32 = hash
    sum: uint256 = total
    seen: uint256 = total
    path: uint256 = index
    for sibling: IDividendDistributor.Node in proof:
        if path & 1 == 0:
            node = keccak256(abi_encode(node, sum, sibling.hash, sibling.sum | TOP))
        else:
            node = keccak256(abi_encode(sibling.hash, sibling.sum, node, sum | TOP))
        seen |= sibling.sum
        sum = unsafe_add(sum, sibling.sum)
        path >>= 1
    assert seen >> SUM_BITS == 0, "dividend: bad sum"
    return node, sum


@internal
@pure
def _block(
    first: uint256, entries: DynArray[IDividendDistributor.Entry, PUSHED]
) -> (bytes32, uint256):
    """
    @dev The hash and sum over a block of 2**PUSHED_DEPTH places, of the leaves that stand in it from its first place on
         without a gap. Error: "dividend: bad sum".
    """
    hashes: bytes32[PUSHED] = empty(bytes32[PUSHED])
    sums: uint256[PUSHED] = empty(uint256[PUSHED])
    count: uint256 = 0
    seen: uint256 = 0
    for entry: IDividendDistributor.Entry in entries:
        net: uint256 = entry.net & ~TOP
        account: uint256 = convert(entry.account, uint256)
        hashes[count] = self._leaf((first + count) | (entry.net & TOP), account, entry.amounts, net)
        sums[count] = net
        seen |= net
        count += 1
    assert seen >> SUM_BITS == 0, "dividend: bad sum"
    nothing: bytes32 = empty(bytes32)
    for _: uint256 in range(PUSHED_DEPTH):
        if count & 1 == 1:
            hashes[count] = nothing
            sums[count] = 0
            count += 1
        count >>= 1
        for i: uint256 in range(count, bound=PUSHED):
            left: uint256 = 2 * i
            right: uint256 = left + 1
            hashes[i] = keccak256(abi_encode(hashes[left], sums[left], hashes[right], sums[right] | TOP))
            sums[i] = sums[left] + sums[right]
        nothing = keccak256(abi_encode(nothing, empty(uint256), nothing, TOP))
    return hashes[0], sums[0]


@internal
@view
def _bound(
    token: address,
    action: bytes32,
    block_number: uint256,
    block_hash: bytes32,
    depth: uint256,
    root: bytes32,
    net: uint256,
) -> bytes32:
    """
    @dev What a root is posted under: good for this chain, this stock, this action and this block alone.
    """
    return keccak256(
        abi_encode(DOMAIN, chain.id, token, action, block_number, block_hash, depth, root, net)
    )
