"""Builds the Merkle-sum tree of scrip.model.laws.merkle_sum over many accounts, and gives proofs out of it.

A million leaves take a few seconds: the words are laid out for all leaves at once, and only the hashes are computed
one by one. A level holds 64 bytes a node, hash and sum, with the top bit of every right sum set: two nodes beside each
other are what their parent is the hash of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sha3 import keccak_256

from scrip.errors import InputError
from scrip.holders import limbs
from scrip.model.laws import merkle_sum as law
from scrip.parameters import MAX_TREE_DEPTH

BLOCK = 128
"""Bytes that a leaf and a node are the hash of."""
NODE = 64
"""Bytes of a node in a level."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaves of a tree in their order, by column: accounts of 32 bytes, amounts as limbs, who may be pushed to."""

    accounts: NDArray[np.uint8]
    gross: limbs.Columns
    withheld: limbs.Columns
    net: limbs.Columns
    pushable: NDArray[np.bool_]

    @classmethod
    def of(cls, leaves: Sequence[law.Leaf]) -> Leaves:
        """The columns of leaves whose index is their place; InputError for another index or account."""
        for place, leaf in enumerate(leaves):
            if leaf.index != place:
                raise InputError(f"leaf {place} says that it is another", field="index", value=leaf.index)
            if len(leaf.account) != 32:
                raise InputError("is not 32 bytes", field="account", value="0x" + leaf.account.hex())
        return cls(
            accounts=np.frombuffer(b"".join(one.account for one in leaves), np.uint8).reshape(-1, 32),
            gross=limbs.of((one.gross for one in leaves), "gross"),
            withheld=limbs.of((one.withheld for one in leaves), "withheld"),
            net=limbs.of((one.net for one in leaves), "net"),
            pushable=np.array([one.pushable for one in leaves], dtype=np.bool_),
        )

    def __len__(self) -> int:
        return len(self.accounts)

    def leaf(self, index: int) -> law.Leaf:
        """The leaf at a place."""
        gross, withheld, net = (limbs.join(columns[index]) for columns in (self.gross, self.withheld, self.net))
        return law.Leaf(index, self.accounts[index].tobytes(), gross, withheld, net, bool(self.pushable[index]))

    def _words(self) -> NDArray[np.uint8]:
        """What each leaf is the hash of."""
        count = len(self)
        words = np.zeros((count, BLOCK), np.uint8)
        words[:, 24:32] = np.arange(count, dtype=">u8").view(np.uint8).reshape(count, 8)
        words[:, 0] = self.pushable.astype(np.uint8) << 7
        words[:, 32:64] = self.accounts
        words[:, 64:80] = limbs.be_bytes(self.gross)
        words[:, 80:96] = limbs.be_bytes(self.withheld)
        words[:, 112:128] = limbs.be_bytes(self.net)
        return words

    def hashes(self) -> NDArray[np.uint8]:
        """The hash of each leaf."""
        return _hashed(self._words())


@dataclass(frozen=True, slots=True)
class Tree:
    """A built tree: its leaves, its levels from the leaves up, and its root."""

    leaves: Leaves
    levels: tuple[NDArray[np.uint8], ...]
    root: law.Root

    def proof(self, index: int) -> tuple[law.Node, ...]:
        """The siblings of a leaf, from the leaf up; InputError where no leaf stands."""
        if not 0 <= index < len(self.leaves):
            raise InputError(f"the tree has {len(self.leaves)} leaves", field="index", value=index)
        return tuple(self._node(level, (index >> level) ^ 1) for level in range(self.root.depth))

    def _node(self, level: int, place: int) -> law.Node:
        nodes = self.levels[level]
        if place >= len(nodes):
            return law.EMPTY[level]
        row = nodes[place].tobytes()
        return law.Node(row[:32], int.from_bytes(row[48:], "big"))


def build(leaves: Leaves, least: int = 0) -> Tree:
    """The tree over leaves in their order, `least` levels deep or as deep as they need.

    InputError for none, for more levels than a tree may have, and where a sum has more than 128 bits.
    """
    depth = max(law.depth_for(len(leaves)), least)
    if depth > MAX_TREE_DEPTH.value:
        raise InputError(f"is over {MAX_TREE_DEPTH.value} levels", field="depth", value=depth)
    hashes, sums, levels = leaves.hashes(), leaves.net, []
    for level in range(depth + 1):
        if level < depth and len(hashes) % 2:
            nothing = np.frombuffer(law.EMPTY[level].hash, np.uint8).reshape(1, 32)
            hashes = np.concatenate([hashes, nothing])
            sums = np.concatenate([sums, np.zeros((1, limbs.COUNT), np.int64)])
        nodes = np.zeros((len(hashes), NODE), np.uint8)
        nodes[:, :32] = hashes
        nodes[:, 48:] = limbs.be_bytes(sums)
        levels.append(nodes)
        if level == depth:
            break
        nodes[1::2, 32] = 0x80
        hashes = _hashed(nodes.reshape(-1, BLOCK))
        sums = limbs.carried(sums[0::2] + sums[1::2], "sum of net")
    top = levels[-1][0].tobytes()
    return Tree(leaves, tuple(levels), law.Root(top[:32], int.from_bytes(top[48:], "big"), depth))


def _hashed(blocks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The Keccak-256 of each row of 128 bytes."""
    view = np.ascontiguousarray(blocks).reshape(-1).data
    hashes = [keccak_256(view[at : at + BLOCK]).digest() for at in range(0, len(view), BLOCK)]
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32)
