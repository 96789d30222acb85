"""Vectors of the Merkle-sum tree: hashes of leaves and nodes, whole trees, proofs that are good and others.

Hashes, accounts and bound roots are 32 bytes in hexadecimal. A proof's `refused` is empty where it is good, or one of
index, length, amount, sum, root (`scrip.model.laws.merkle_sum.Fault`); `case` says what was done to it. A whole block
holds its leaves as lists: account, gross, withheld, net, pushable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from random import Random

from scrip.holders.tree import Leaves, Tree, build
from scrip.model.laws import merkle_sum as law

Case = dict[str, object]

_SEED = 15_022
_BLOCK = 1 << law.PUSHED_DEPTH.value
_U128_MAX = 2**128 - 1


def generate() -> dict[str, object]:
    """The contents of merkle_sum.json."""
    return {
        "schema": 1,
        "leaf": [*_leaves()],
        "node": [*_nodes()],
        "empty": [*_empty()],
        "tree": [*_trees()],
        "block": [*_blocks()],
        "proof": [*_proofs()],
        "bound": [*_bounds()],
    }


def _word(name: str) -> bytes:
    return sha256(f"scrip vector {name}".encode()).digest()


def _hex(value: bytes) -> str:
    return "0x" + value.hex()


def _account(index: int) -> bytes:
    """An address of an EVM chain as 32 bytes, and for every seventh a key of Solana's."""
    word = _word(f"holder {index}")
    return word if index % 7 == 6 else word[12:].rjust(32, b"\0")


def _dues(count: int, seed: int = _SEED) -> list[law.Leaf]:
    """Leaves of every size of amount, every third with a tax withheld, every fifth not to be pushed to."""
    random, leaves = Random(seed), []
    for index in range(count):
        gross = random.getrandbits(random.randint(1, 100)) + 1
        withheld = gross * 15 // 100 if index % 3 else 0
        leaves.append(law.Leaf(index, _account(index), gross, withheld, gross - withheld, index % 5 != 4))
    return leaves


def _tree(count: int) -> Tree:
    return build(Leaves.of(_dues(count)))


def _told(leaf: law.Leaf) -> Case:
    return {
        "index": leaf.index,
        "account": _hex(leaf.account),
        "gross": leaf.gross,
        "withheld": leaf.withheld,
        "net": leaf.net,
        "pushable": leaf.pushable,
    }


def _leaves() -> Iterator[Case]:
    highest = law.Leaf(2**32 - 1, b"\xff" * 32, _U128_MAX, _U128_MAX, _U128_MAX, True)
    for leaf in (law.Leaf(0, b"\0" * 32, 0, 0, 0), law.Leaf(1, _account(1), 1, 0, 1, True), highest, *_dues(8)):
        yield _told(leaf) | {"hash": _hex(law.leaf_node(leaf).hash)}


def _nodes() -> Iterator[Case]:
    dues = [law.leaf_node(leaf) for leaf in _dues(4)]
    most = law.Node(_word("most"), _U128_MAX)
    pairs = [(dues[0], dues[1]), (dues[1], dues[0]), (dues[2], law.EMPTY[0]), (law.EMPTY[0], law.EMPTY[0])]
    for left, right in (*pairs, (most, law.EMPTY[3]), (law.EMPTY[3], most), (most, law.Node(_word("one"), 1))):
        case = {"left_hash": _hex(left.hash), "left_sum": left.sum}
        case |= {"right_hash": _hex(right.hash), "right_sum": right.sum}
        if (total := left.sum + right.sum) > _U128_MAX:
            yield case | {"fits": False, "hash": "", "sum": 0}
        else:
            yield case | {"fits": True, "hash": _hex(law.parent(left, right).hash), "sum": total}


def _empty() -> Iterator[Case]:
    for level, node in enumerate(law.EMPTY):
        yield {"level": level, "hash": _hex(node.hash)}


def _trees() -> Iterator[Case]:
    for count in (1, 2, 3, 5, _BLOCK, _BLOCK + 1):
        root = _tree(count).root
        case = {"count": count, "depth": root.depth, "root": _hex(root.hash), "sum": root.sum}
        yield case | {"leaves": [_row(leaf) for leaf in _dues(count)] if count <= 5 else []}


def _row(leaf: law.Leaf) -> list[object]:
    return [_hex(leaf.account), leaf.gross, leaf.withheld, leaf.net, leaf.pushable]


def _blocks() -> Iterator[Case]:
    """Blocks of a tree of three and a part: what they hash to, and the siblings from there to the root."""
    count = 3 * _BLOCK + 5
    tree, dues = _tree(count), _dues(count)
    for first in (_BLOCK, 3 * _BLOCK):
        leaves = dues[first : first + _BLOCK]
        top = law.block_root(leaves, first)
        above = tree.proof(first)[law.PUSHED_DEPTH.value :]
        yield {
            "first": first,
            "leaves": [_row(leaf) for leaf in leaves],
            "hash": _hex(top.hash),
            "sum": top.sum,
            **_siblings(above),
            "root": _hex(tree.root.hash),
            "root_sum": tree.root.sum,
            "depth": tree.root.depth,
        }


def _siblings(proof: Sequence[law.Node]) -> Case:
    return {"hashes": [_hex(one.hash) for one in proof], "sums": [one.sum for one in proof]}


def _proofs() -> Iterator[Case]:
    for count, places in ((1, (0,)), (3, (0, 1, 2)), (_BLOCK, (0, 127)), (5 * _BLOCK + 77, (0, 300, 716))):
        tree = _tree(count)
        for place in places:
            yield _judged("as built", tree.root, tree.leaves.leaf(place), tree.proof(place))
    yield from _deep()
    yield from _bent()


def _deep() -> Iterator[Case]:
    """A place in a tree of a million, and of the most places there are, by siblings that are given and not built."""
    for depth, index in ((20, 777_777), (law.MAX_TREE_DEPTH.value, 2**32 - 1)):
        leaf = replace(_dues(1)[0], index=index)
        proof = [law.Node(_word(f"sibling {level}"), 1 << level + 60) for level in range(depth)]
        root = _climb(leaf, proof)
        yield _judged("as built", root, leaf, proof)
        if depth == 20:
            yield _judged("index + 2^20", root, replace(leaf, index=index + 2**20), proof)


def _climb(leaf: law.Leaf, proof: Sequence[law.Node]) -> law.Root:
    node = law.leaf_node(leaf)
    for level, one in enumerate(proof):
        node = law.parent(one, node) if leaf.index >> level & 1 else law.parent(node, one)
    return law.Root(node.hash, node.sum, len(proof))


def _bent() -> Iterator[Case]:
    """One good proof with one thing about it changed, in every way that somebody may try."""
    tree = _tree(2 * _BLOCK)
    root, leaf, proof = tree.root, tree.leaves.leaf(200), list(tree.proof(200))
    other = tree.leaves.leaf(201)
    first = proof[0]
    for case, bent in (
        ("another's leaf", replace(other, index=200)),
        ("another's place", replace(leaf, index=201)),
        ("net + 1", replace(leaf, net=leaf.net + 1)),
        ("net - 1", replace(leaf, net=leaf.net - 1)),
        ("gross + 1", replace(leaf, gross=leaf.gross + 1)),
        ("withheld + 1", replace(leaf, withheld=leaf.withheld + 1)),
        ("pushable, and is not", replace(leaf, pushable=not leaf.pushable)),
        ("another account", replace(leaf, account=other.account)),
        ("index + 2^depth", replace(leaf, index=leaf.index + (1 << root.depth))),
        ("index + 2^20", replace(leaf, index=leaf.index + 2**20)),
        ("net of 129 bits", replace(leaf, net=leaf.net + 2**128)),
    ):
        yield _judged(case, root, bent, proof)
    for case, siblings in (
        ("replayed for another", tree.proof(201)),
        ("padded with nothing", [*proof, law.EMPTY[root.depth]]),
        ("padded at the leaf", [law.EMPTY[0], *proof]),
        ("without its last", proof[:-1]),
        ("without its first", proof[1:]),
        ("empty", []),
        ("two exchanged", [proof[1], proof[0], *proof[2:]]),
        ("a sibling's sum + 1", [replace(first, sum=first.sum + 1), *proof[1:]]),
        ("a sibling's sum - 1", [replace(first, sum=first.sum - 1), *proof[1:]]),
        ("a sibling's sum of 129 bits", [replace(first, sum=first.sum + 2**128), *proof[1:]]),
        ("a sibling's sum with the top bit", [replace(first, sum=first.sum | law.TOP), *proof[1:]]),
        ("a sum that overflows", [replace(first, sum=_U128_MAX), *proof[1:]]),
        ("a sum that overflows at the top", [*proof[:-1], replace(proof[-1], sum=_U128_MAX)]),
        ("another hash", [replace(first, hash=_word("forged")), *proof[1:]]),
    ):
        yield _judged(case, root, leaf, siblings)
    yield _judged("a root with another sum", replace(root, sum=root.sum + 1), leaf, proof)
    yield _judged("a root of another tree", _tree(2 * _BLOCK - 1).root, leaf, proof)
    # A node's words as a leaf's: two nodes beside each other, taken for an index, an account and amounts.
    left, right = law.leaf_node(tree.leaves.leaf(0)), law.leaf_node(tree.leaves.leaf(1))
    index, amounts = int.from_bytes(left.hash, "big"), int.from_bytes(right.hash, "big")
    posing = law.Leaf(index, law.word(left.sum), amounts >> 128, amounts % 2**128, right.sum | law.TOP)
    yield _judged("a node posing as a leaf", root, posing, tree.proof(0)[1:])


def _judged(case: str, root: law.Root, leaf: law.Leaf, proof: Sequence[law.Node]) -> Case:
    told = {"case": case, "root": _hex(root.hash), "root_sum": root.sum, "depth": root.depth}
    return told | _told(leaf) | _siblings(proof) | {"refused": law.fault(root, leaf, proof)}


def _bounds() -> Iterator[Case]:
    """A root and what it is good for; then with each part of it changed, and each has another hash."""
    root = _tree(5).root
    evm = law.Binding(law.word(31_337), _account(1), _word("action"), 21_000_000, _word("block"))
    solana = law.Binding(_word("genesis"), _account(6), _word("action"), 350_000_000, _word("slot"))
    changed = [
        replace(evm, chain=law.word(1)),
        replace(evm, token=_account(2)),
        replace(evm, action=_word("another action")),
        replace(evm, block=evm.block + 1),
        replace(evm, block_hash=_word("reorged")),
    ]
    roots = [replace(root, sum=root.sum + 1), replace(root, depth=root.depth + 1), _tree(6).root]
    for top, binding in (
        (root, evm),
        (root, solana),
        *((root, one) for one in changed),
        *((one, evm) for one in roots),
    ):
        yield {
            "chain": _hex(binding.chain),
            "token": _hex(binding.token),
            "action": _hex(binding.action),
            "block": binding.block,
            "block_hash": _hex(binding.block_hash),
            "root": _hex(top.hash),
            "root_sum": top.sum,
            "depth": top.depth,
            "bound": _hex(law.bound(top, binding)),
        }
