"""The Merkle-sum tree of those who are paid or who vote: what its leaves and nodes hash to, and when a proof is good.

A leaf is one keccak block of four words, and so is a node:

    leaf = H(index | pushable << 255, account, gross << 128 | withheld, net)
    node = H(left hash, left sum, right hash, right sum | 1 << 255)

The top bit of the fourth word tells a node from a leaf, whose net is below 2^128. A sum is of `net`; at every level it
is below 2^128. A proof holds hash and sum of each sibling, for whoever builds a tree could otherwise hide a larger sum
under a hash. A tree has 2^depth places. Where nobody stands the hash is that of nothing at its level: 0 at a leaf, and
above it a node of two of the level below; its sum is 0. No account is at a place whose leaf was never hashed.

Every depth is at least PUSHED_DEPTH, so that there is a whole block of 2^PUSHED_DEPTH places to be paid at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

from sha3 import keccak_256

from scrip.errors import InputError
from scrip.parameters import MAX_TREE_DEPTH, PUSHED_DEPTH

TOP = 1 << 255
SUM_BITS = 128
SUM_END = 1 << SUM_BITS
NOTHING = b"\0" * 32
"""The hash at a place where nobody stands."""
DOMAIN = keccak_256(b"Scrip Merkle-sum root 1").digest()
"""The first word of what a bound root is the hash of."""

Fault = Literal["", "index", "length", "amount", "sum", "root"]
"""Why a proof is not good: the index is none of the tree's, or holds more than an index; it has another length than
the tree's depth; an amount of the leaf or of a sibling is no number of 128 bits; the sum grows out of 128 bits; it
ends at another root. Empty where it is good. They are looked for in this order."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one account is due. `index` is its place, `account` 32 bytes (an EVM address has 12 zeros before it).

    The amounts are integers of the unit that is paid: `net` is what the account gets, `withheld` what is kept of the
    `gross` for a tax. In a tree that only counts, of a ballot, gross and net are both the units held. `pushable` says
    that the account may be paid without asking for it: not a pool, from which anybody could take what it is sent.
    """

    index: int
    account: bytes
    gross: int
    withheld: int
    net: int
    pushable: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree, or the sibling in a proof: its hash, and the sum of net amounts under it."""

    hash: bytes
    sum: int


@dataclass(frozen=True, slots=True)
class Root:
    """The top of a tree of 2^depth places."""

    hash: bytes
    sum: int
    depth: int


@dataclass(frozen=True, slots=True)
class Binding:
    """What a root is good for, 32 bytes each: one chain, token and action, and the final block that it was taken at.

    `chain` is the chain id as a word, or Solana's genesis hash; `token` the token's address; `action` the action's id;
    `block` the number of the block (or slot), `block_hash` its hash.
    """

    chain: bytes
    token: bytes
    action: bytes
    block: int
    block_hash: bytes


def keccak(data: bytes | bytearray | memoryview) -> bytes:
    """Keccak-256, as both kinds of chain compute it."""
    digest: bytes = keccak_256(data).digest()
    return digest


def word(value: int) -> bytes:
    """An integer as 32 bytes, the highest first."""
    return value.to_bytes(32, "big")


def leaf_node(leaf: Leaf) -> Node:
    """A leaf's node: its hash, and its net amount as the sum."""
    place = word(leaf.index | (TOP if leaf.pushable else 0))
    amounts = word(leaf.gross << SUM_BITS | leaf.withheld)
    return Node(keccak(place + leaf.account + amounts + word(leaf.net)), leaf.net)


def parent(left: Node, right: Node) -> Node:
    """The node over two. OverflowError where the sum has more than 128 bits."""
    total = left.sum + right.sum
    if total >= SUM_END:
        raise OverflowError(f"the sum {total} has more than {SUM_BITS} bits")
    return Node(keccak(left.hash + word(left.sum) + right.hash + word(right.sum | TOP)), total)


def _nothing() -> tuple[Node, ...]:
    found = [Node(NOTHING, 0)]
    for _ in range(MAX_TREE_DEPTH.value):
        found.append(parent(found[-1], found[-1]))
    return tuple(found)


EMPTY = _nothing()
"""The node at each level, leaves first, under which nobody stands."""


def depth_for(count: int) -> int:
    """The depth of the tree of so many leaves; InputError for none and for more than the deepest tree has."""
    if not 0 < count <= 1 << MAX_TREE_DEPTH.value:
        raise InputError(f"a tree has 1 to 2^{MAX_TREE_DEPTH.value} leaves", field="leaves", value=count)
    return max((count - 1).bit_length(), PUSHED_DEPTH.value)


def fault(root: Root, leaf: Leaf, proof: Sequence[Node]) -> Fault:
    """Why a leaf is not of a tree by this proof, its siblings from the leaf up; empty where it is."""
    if not 0 <= leaf.index < 1 << root.depth:
        return "index"
    if len(proof) != root.depth:
        return "length"
    amounts = (leaf.gross, leaf.withheld, leaf.net, *(one.sum for one in proof))
    if not all(0 <= amount < SUM_END for amount in amounts):
        return "amount"
    node = leaf_node(leaf)
    for level, sibling in enumerate(proof):
        if node.sum + sibling.sum >= SUM_END:
            return "sum"
        node = parent(sibling, node) if leaf.index >> level & 1 else parent(node, sibling)
    return "" if node == Node(root.hash, root.sum) else "root"


def block_root(leaves: Sequence[Leaf], first: int, depth: int = PUSHED_DEPTH.value) -> Node:
    """The node over a block of 2^depth places that begins at `first`, of the leaves that stand in it, in order.

    `first` is a multiple of the block's size, and the leaves stand from there on without a gap.
    """
    level = [leaf_node(leaf) for leaf in leaves]
    if first % (1 << depth) or not 0 < len(level) <= 1 << depth:
        raise InputError(f"a block of {1 << depth} places begins at a multiple of it", field="index", value=first)
    if [leaf.index for leaf in leaves] != [*range(first, first + len(level))]:
        raise InputError("a block's leaves follow each other", field="index", value=first)
    for height in range(depth):
        level += [EMPTY[height]] * (len(level) % 2)
        level = [parent(*level[at : at + 2]) for at in range(0, len(level), 2)]
    return level[0]


def block_fault(root: Root, leaves: Sequence[Leaf], first: int, proof: Sequence[Node]) -> Fault:
    """Why a whole block of leaves is not of a tree by this proof, its siblings from below; empty where it is.

    What the block itself adds up to is an amount here: of more than 128 bits it is no number that a proof begins with.
    """
    depth = PUSHED_DEPTH.value
    if not 0 <= first < 1 << root.depth or first % (1 << depth):
        return "index"
    if not 0 < len(leaves) <= 1 << depth or len(proof) != root.depth - depth:
        return "length"
    amounts = [one for leaf in leaves for one in (leaf.gross, leaf.withheld, leaf.net)]
    amounts += [sum(leaf.net for leaf in leaves), *(one.sum for one in proof)]
    if not all(0 <= amount < SUM_END for amount in amounts):
        return "amount"
    node = block_root(leaves, first)
    for level, sibling in enumerate(proof, depth):
        if node.sum + sibling.sum >= SUM_END:
            return "sum"
        node = parent(sibling, node) if first >> level & 1 else parent(node, sibling)
    return "" if node == Node(root.hash, root.sum) else "root"


def bound(root: Root, binding: Binding) -> bytes:
    """The 32 bytes that a root is posted under: a hash of it and of what it is good for, nine words.

    Whoever takes a root computes it with its own chain, token and action: a root made for another is not taken.
    """
    for one in fields(binding):
        value = getattr(binding, one.name)
        if isinstance(value, bytes) and len(value) != 32:
            raise InputError("is not 32 bytes", field=one.name, value="0x" + value.hex())
    place = binding.chain + binding.token + binding.action + word(binding.block) + binding.block_hash
    return keccak(DOMAIN + place + word(root.depth) + root.hash + word(root.sum))
