"""The tree over a sanctions list: what its leaves and nodes hash to, and what a proof shows of an address.

The listed addresses in order, with the least 32 bytes before them and the greatest behind, are the ends of the gaps
between them, and each gap is one leaf:

    leaf = H(H(low, high))
    node = H(a, b), the lesser of the two first

A leaf shows its `low` end listed, and whatever lies between its ends absent: so one proof says either, wherever in the
tree a leaf stands. A leaf is hashed twice, so that no node's two parts pass as one. The root, and the place of each
leaf, are those of a StandardMerkleTree over (bytes32, bytes32), by which anybody can check a list.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from scrip.errors import InputError
from scrip.instructions.dividends import word
from scrip.instructions.sanctions import ListGap

WORD = 32
LEAST, GREATEST = bytes(WORD), b"\xff" * WORD
"""The ends of the first gap and of the last. Neither is an address that anybody could list."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Two neighbours of a list, and the hashes beside the way from their leaf to the root."""

    low: bytes
    high: bytes
    path: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, named: ListGap) -> Gap:
        """A gap that an order names; InputError for what is not 32 bytes."""
        path = tuple(word(one, "path") for one in named.path)
        return cls(word(named.low, "low"), word(named.high, "high"), path)

    def named(self) -> ListGap:
        """The gap as orders have it."""
        return ListGap(f"0x{self.low.hex()}", f"0x{self.high.hex()}", tuple(f"0x{one.hex()}" for one in self.path))

    def root(self) -> bytes:
        """The root of the tree that the leaf stands in by its path."""
        found = leaf(self.low, self.high)
        for sibling in self.path:
            found = node(found, sibling)
        return found

    def answers(self, address: bytes) -> bool:
        """Whether the gap says anything of an address: it begins with it, or has it within."""
        return self.low <= address < self.high and address != LEAST

    def lists(self, address: bytes) -> bool:
        """Whether it says that the address is listed."""
        return address == self.low


def leaf(low: bytes, high: bytes) -> bytes:
    """The hash of a gap."""
    return keccak(keccak(low + high))


def node(one: bytes, other: bytes) -> bytes:
    """The hash over two others, in whatever order they are named."""
    return keccak(min(one, other) + max(one, other))


class ListTree:
    """The tree over listed addresses, 32 bytes each. InputError for one that cannot be listed, or is twice."""

    def __init__(self, listed: Iterable[bytes]) -> None:
        self.words = sorted(listed)
        for each in self.words:
            if len(each) != WORD or each in (LEAST, GREATEST):
                raise InputError("cannot be listed", field="address", value=f"0x{each.hex()}")
        for one, other in pairwise(self.words):
            if one == other:
                raise InputError("is listed twice", field="address", value=f"0x{one.hex()}")
        ends = [LEAST, *self.words, GREATEST]
        self._gaps = list(pairwise(ends))
        hashes = [leaf(low, high) for low, high in self._gaps]
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        # The leaves stand at the end, the greatest hash first; above each pair is its node, and the root at 0.
        size = 2 * len(hashes) - 1
        self._tree = [b""] * size
        self._places = {}
        for rank, gap in enumerate(order):
            place = size - 1 - rank
            self._places[gap], self._tree[place] = place, hashes[gap]
        for place in range(size - len(hashes) - 1, -1, -1):
            self._tree[place] = node(self._tree[2 * place + 1], self._tree[2 * place + 2])

    @property
    def root(self) -> bytes:
        """What the list's signer signs."""
        return self._tree[0]

    def __contains__(self, address: bytes) -> bool:
        return self.gap(address).lists(address)

    def gap(self, address: bytes) -> Gap:
        """The gap that an address begins or lies in, with its path."""
        number = bisect_right(self.words, address)
        low, high = self._gaps[number]
        place, path = self._places[number], []
        while place:
            path.append(self._tree[place + 1 if place % 2 else place - 1])
            place = (place - 1) // 2
        return Gap(low, high, tuple(path))


def keccak(data: bytes) -> bytes:
    """The hash of leaves and nodes. What computes it is loaded here: the model itself needs no other package."""
    from scrip.model.laws import merkle_sum

    return merkle_sum.keccak(data)
