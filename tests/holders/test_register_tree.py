"""The Merkle-sum tree against hashes written out here, and its proofs against everything that is not one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from scrip.errors import InputError
from scrip.holders import limbs
from scrip.holders.tree import Leaves, Tree, build
from scrip.model.laws import merkle_sum as law

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "merkle_sum.json"
ALICE, BOB, CAROL = (bytes(12) + bytes([number]) * 20 for number in (0xA1, 0xB2, 0xC3))
MOST = 2**128 - 1


def words(*values: int | bytes) -> bytes:
    return b"".join(value if isinstance(value, bytes) else value.to_bytes(32, "big") for value in values)


def three() -> Tree:
    dues = [(ALICE, 100, 15, 85, True), (BOB, 50, 0, 50, True), (CAROL, 7, 7, 0, False)]
    return build(Leaves.of([law.Leaf(index, *due) for index, due in enumerate(dues)]))


def test_a_tree_of_three_written_out() -> None:
    leaves = [
        keccak(words(0 | 1 << 255, ALICE, 100 << 128 | 15, 85)),
        keccak(words(1 | 1 << 255, BOB, 50 << 128, 50)),
        keccak(words(2, CAROL, 7 << 128 | 7, 0)),
        bytes(32),
    ]
    left = keccak(words(leaves[0], 85, leaves[1], 50 | 1 << 255))
    right = keccak(words(leaves[2], 0, leaves[3], 0 | 1 << 255))
    top, nothing = keccak(words(left, 135, right, 0 | 1 << 255)), bytes(32)
    for _ in range(2):
        nothing = keccak(words(nothing, 0, nothing, 1 << 255))
    siblings = []
    for _ in range(5):
        siblings.append(nothing)
        top, nothing = keccak(words(top, 135, nothing, 1 << 255)), keccak(words(nothing, 0, nothing, 1 << 255))
    tree = three()
    assert tree.root == law.Root(top, 135, 7)
    assert [node.hash for node in tree.proof(0)] == [leaves[1], right, *siblings]
    assert [node.sum for node in tree.proof(0)] == [50, 0, 0, 0, 0, 0, 0]
    assert [node.hash for node in tree.proof(2)] == [leaves[3], left, *siblings]
    assert [node.sum for node in tree.proof(2)] == [0, 135, 0, 0, 0, 0, 0]


amounts = st.integers(0, 2**128 // 300)
dues = st.builds(
    lambda account, gross, withheld, net, pushable: (account, gross, withheld, net, pushable),
    st.binary(min_size=32, max_size=32),
    *(amounts,) * 3,
    st.booleans(),
)


def top_of(leaves: list[law.Leaf], depth: int) -> tuple[bytes, int]:
    """The tree by halves, from the top down: the other way than it is built."""

    def over(first: int, size: int) -> tuple[bytes, int]:
        if size == 1:
            if first >= len(leaves):
                return bytes(32), 0
            leaf = leaves[first]
            place = leaf.index + (leaf.pushable << 255)
            return keccak(words(place, leaf.account, leaf.gross * 2**128 + leaf.withheld, leaf.net)), leaf.net
        left, right = over(first, size // 2), over(first + size // 2, size // 2)
        return keccak(words(*left, right[0], right[1] + 2**255)), left[1] + right[1]

    return over(0, 2**depth)


@given(st.lists(dues, min_size=1, max_size=150))
def test_a_tree_is_what_its_halves_hash_to_and_every_leaf_is_proved(rows: list[tuple[Any, ...]]) -> None:
    leaves = [law.Leaf(index, *row) for index, row in enumerate(rows)]
    tree = build(Leaves.of(leaves))
    assert (tree.root.hash, tree.root.sum) == top_of(leaves, tree.root.depth)
    assert tree.root.sum == sum(leaf.net for leaf in leaves)
    for index in {0, len(leaves) // 2, len(leaves) - 1}:
        assert tree.leaves.leaf(index) == leaves[index]
        assert law.fault(tree.root, leaves[index], tree.proof(index)) == ""
        raised = replace(leaves[index], net=leaves[index].net + 1)
        assert law.fault(tree.root, raised, tree.proof(index)) == "root"
    first = (len(leaves) - 1) // 128 * 128
    above, node = tree.proof(first)[7:], law.block_root(leaves[first:], first)
    for level, sibling in enumerate(above, 7):
        node = law.parent(sibling, node) if first >> level & 1 else law.parent(node, sibling)
    assert node == law.Node(tree.root.hash, tree.root.sum)


def test_who_hides_a_larger_sum_under_a_hash_is_found() -> None:
    """The siblings' sums are hashed: with hashes alone a builder could pay out more than the root says."""
    tree = three()
    leaf, proof = tree.leaves.leaf(1), tree.proof(1)
    for level, sibling in enumerate(proof):
        for other in {sibling.sum + 1, max(sibling.sum - 1, 0), 0, MOST - 200} - {sibling.sum}:
            bent = [*proof[:level], replace(sibling, sum=other), *proof[level + 1 :]]
            assert law.fault(tree.root, leaf, bent) in ("root", "sum")


def test_sums_end_at_128_bits() -> None:
    full = build(Leaves.of([law.Leaf(0, ALICE, MOST, 0, MOST - 1), law.Leaf(1, BOB, 1, 0, 1)]))
    assert full.root.sum == MOST
    with pytest.raises(InputError, match="sum of net: has more than 128 bits"):
        build(Leaves.of([law.Leaf(0, ALICE, MOST, 0, MOST), law.Leaf(1, BOB, 1, 0, 1)]))
    with pytest.raises(InputError, match="net: is more than"):
        Leaves.of([law.Leaf(0, ALICE, 1, 0, MOST + 1)])
    with pytest.raises(InputError, match="gross: is negative"):
        Leaves.of([law.Leaf(0, ALICE, -1, 0, 0)])


def test_what_no_tree_is_made_of() -> None:
    with pytest.raises(InputError, match="leaves: a tree has 1 to"):
        build(Leaves.of([]))
    with pytest.raises(InputError, match="index: leaf 1 says"):
        Leaves.of([law.Leaf(0, ALICE, 1, 0, 1), law.Leaf(2, BOB, 1, 0, 1)])
    with pytest.raises(InputError, match="account: is not 32 bytes"):
        Leaves.of([law.Leaf(0, ALICE[12:], 1, 0, 1)])
    for index in (-1, 3):
        with pytest.raises(InputError, match="the tree has 3 leaves"):
            three().proof(index)
    for count, depth in ((1, 7), (128, 7), (129, 8), (2**20, 20), (2**20 + 1, 21), (2**32, 32)):
        assert law.depth_for(count) == depth
    with pytest.raises(InputError):
        law.depth_for(2**32 + 1)


def test_blocks_are_aligned_and_have_no_gap() -> None:
    leaf = three().leaves.leaf(0)
    for leaves, first in (([leaf], 64), ([], 0), ([replace(leaf, index=1)], 0), ([leaf] * 129, 0)):
        with pytest.raises(InputError, match="block"):
            law.block_root(leaves, first)


def test_the_law_says_of_every_vector_what_the_vector_says() -> None:
    for case in json.loads(VECTORS.read_text())["proof"]:
        amounts = [int(case[name]) for name in ("gross", "withheld", "net")]
        leaf = law.Leaf(int(case["index"]), bytes.fromhex(case["account"][2:]), *amounts, case["pushable"])
        pairs = zip(case["hashes"], case["sums"], strict=True)
        proof = [law.Node(bytes.fromhex(at[2:]), int(units)) for at, units in pairs]
        root = law.Root(bytes.fromhex(case["root"][2:]), int(case["root_sum"]), case["depth"])
        assert law.fault(root, leaf, proof) == case["refused"], case["case"]


def test_the_vectors_refuse_for_every_reason_and_bind_every_part() -> None:
    vectors = json.loads(VECTORS.read_text())
    assert {case["refused"] for case in vectors["proof"]} == {"", "index", "length", "amount", "sum", "root"}
    assert len({case["bound"] for case in vectors["bound"]}) == len(vectors["bound"]) == 10
    for case in vectors["bound"]:
        named = [bytes.fromhex(case[name][2:]) for name in ("chain", "token", "action", "block_hash", "root")]
        chain, token, action, block_hash, root = named
        block, depth, total = int(case["block"]), case["depth"], int(case["root_sum"])
        parts = (chain, token, action, block, block_hash, depth, root, total)
        written = keccak(words(keccak(text="Scrip Merkle-sum root 1"), *parts))
        bound = law.bound(law.Root(root, total, depth), law.Binding(chain, token, action, block, block_hash))
        assert bound == written == bytes.fromhex(case["bound"][2:])


def test_a_binding_is_of_whole_words() -> None:
    root = three().root
    with pytest.raises(InputError, match="token: is not 32 bytes"):
        law.bound(root, law.Binding(bytes(32), ALICE[12:], bytes(32), 1, bytes(32)))


@given(st.lists(st.integers(0, MOST), min_size=1, max_size=20))
def test_limbs_hold_every_amount_and_add_up(values: list[int]) -> None:
    columns = limbs.of(values)
    assert limbs.integers(columns) == values
    assert limbs.total(columns) == sum(values)
    assert (limbs.from_bytes(limbs.be_bytes(columns)) == columns).all()
    summed = columns.sum(axis=0, keepdims=True)
    if sum(values) > MOST:
        with pytest.raises(InputError, match="more than 128 bits"):
            limbs.carried(summed)
    else:
        assert limbs.integers(limbs.carried(summed)) == [sum(values)]


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_limbs_of_a_difference_are_carried_or_refused(some: int, other: int) -> None:
    difference = limbs.of([some]) - limbs.of([other])
    if some >= other:
        assert limbs.integers(limbs.carried(difference)) == [some - other]
    else:
        with pytest.raises(InputError, match="is negative"):
            limbs.carried(difference)
