"""The world of redemption_world with an ActionBook and a DividendDistributor, and roots to post in it.

Alice holds SUPPLY, Bob and Carol a tenth of it each. A dividend's market ex is EX, its record half a day later, and it
pays in the mock stablecoin from PAY on, for three years.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import boa
import numpy as np
from eth_utils import keccak
from support.contract_calls import Handle, deploy, deploy_blueprint, named, now, set_clock, word32
from support.days import ex_of, number_of
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    DAY,
    DESK,
    DOCUMENT,
    HOUR,
    PAUSER,
    REASON,
    START,
    TREASURY,
    UNPAUSER,
    WAD,
    YEAR,
    deploy_stub,
)
from support.redemption_world import OTHER, Redemption

from scrip.holders.tree import Leaves, Tree, build
from scrip.model.laws import merkle_sum as law

TAX = named("tax office")
POOL = named("a pool")
MIDNIGHT = START - START % DAY
EX = MIDNIGHT + 5 * DAY
RECORD = EX + 13 * HOUR + HOUR // 2
PAY = EX + 10 * DAY
EXPIRY = PAY + 3 * YEAR + DAY
SOURCE = word32("par")
TERMS = {
    "ex": number_of(ex_of(EX)),
    "exAt": 0,
    "recordAt": RECORD,
    "pay": PAY,
    "expiry": EXPIRY,
    "gross": 26 * WAD // 100,
    "fee": 0,
    "currency": "USD",
    "coin": "",
    "rate": WAD,
    "source": SOURCE,
}
DEEP = 20
"""The depth of a root that a proof of usual length is of."""

_references = count(1)


class Dividends(Redemption):
    """The suite with `book` and `distributor`; `announce` to `funded` bring a dividend to where it pays."""

    def __init__(self) -> None:
        super().__init__()
        self.book = deploy("ActionBook", self.roles, self.actions)
        parts = (self.roles, self.registry, self.book, TREASURY, TAX)
        self.distributor = deploy("DividendDistributor", *parts)
        self.actions.setBook(self.book, sender=ADMIN)
        self.book.setDistributor(self.distributor, sender=ADMIN)
        self.coin.approve(self.distributor, 2**256 - 1, sender=TREASURY)

    # --- the book ---

    def declare(self, reference: str = "", stock: Handle | None = None, sender: str = DESK, **terms: Any) -> bytes:
        """Announce a cash dividend of TERMS, or others; its id."""
        given = tuple((TERMS | {"coin": self.coin.address} | terms).values())
        name = word32(reference or f"dividend {next(_references)}")
        return self.book.announceCash(stock or self.stock, name, given, sender=sender)

    def amend(self, id: bytes, sender: str = DESK, **terms: Any) -> None:
        """Put other terms in their place."""
        self.book.amendCash(id, tuple((TERMS | {"coin": self.coin.address} | terms).values()), sender=sender)

    # --- the distributor ---

    def root_of(self, tree: Tree, withheld: int | None = None) -> tuple[Any, ...]:
        """What is posted of a tree, taken at the block before this one."""
        number = boa.env.evm.patch.block_number - 1
        leaves = [tree.leaves.leaf(place) for place in range(len(tree.leaves))]
        gross = sum(leaf.gross for leaf in leaves)
        kept = sum(leaf.withheld for leaf in leaves) if withheld is None else withheld
        return (tree.root.hash, tree.root.sum, gross, kept, tree.root.depth, number, _block_hash(number))

    def id_of(self, action: bytes, root: Sequence[Any], stock: Handle | None = None, chain: int | None = None) -> bytes:
        """What a root is bound to, as the package computes it."""
        hash_, net, _, _, depth, number, block = root
        token = bytes.fromhex((stock or self.stock).address[2:]).rjust(32, b"\0")
        at = law.word(boa.env.evm.patch.chain_id if chain is None else chain)
        return law.bound(law.Root(hash_, net, depth), law.Binding(at, token, action, number, block))

    def post(self, action: bytes, tree: Tree, part: int = 0, sender: str = DESK, **changes: Any) -> bytes:
        """Post a tree's root; the distribution's id."""
        root = self.root_of(tree, **changes)
        id = self.id_of(action, root)
        self.distributor.post(action, part, root, id, sender=sender)
        return id

    def funded(self, tree: Tree, coin: Handle | None = None, at: int = PAY, **terms: Any) -> bytes:
        """A dividend of this tree that pays, the clock at its pay date; the distribution's id."""
        more = {"coin": coin.address} if coin else {}
        action = self.declare(**more, **terms)
        set_clock(RECORD)
        id = self.post(action, tree)
        self.distributor.fund(id, tree.root.sum, sender=TREASURY)
        set_clock(at)
        return id

    def claim(self, id: bytes, tree: Tree, index: int, sender: str = "", **changes: Any) -> bool:
        """Claim a leaf, by its account unless told otherwise."""
        leaf = tree.leaves.leaf(index)
        account = "0x" + leaf.account[-20:].hex()
        given = {
            "place": leaf.index | (law.TOP if leaf.pushable else 0),
            "account": account,
            "amounts": leaf.gross << 128 | leaf.withheld,
            "net": leaf.net,
            "proof": [(node.hash, node.sum) for node in tree.proof(index)],
        } | changes
        return self.distributor.claim(id, *given.values(), sender=sender or account)

    def push(self, id: bytes, tree: Tree, block: int = 0, /, **changes: Any) -> int:
        """Push the block of a tree that begins at a place; how many were paid."""
        entries, proof = pushed(tree, block)
        given = {"first": block, "entries": entries, "proof": proof} | changes
        return self.distributor.push(id, *given.values(), sender=named("keeper"))

    def unruly_dividend(self, tree: Tree, **terms: Any) -> tuple[Handle, bytes]:
        """A coin that misbehaves when told to, and a dividend that pays in it."""
        coin = deploy_stub("UnrulyCoin", 6)
        coin.mint(TREASURY, 10**15)
        coin.approve(self.distributor, 2**256 - 1, sender=TREASURY)
        return coin, self.funded(tree, coin, **terms)

    def stop(self, id: bytes) -> None:
        """PAUSER stops a distribution."""
        self.distributor.stop(id, sender=PAUSER)

    def resume(self, id: bytes) -> None:
        """UNPAUSER lets it go on."""
        self.distributor.resume(id, sender=UNPAUSER)

    def unpaid(self, id: bytes) -> int:
        """What a distribution still holds."""
        return self.distributor.distribution(id)[11]


def _block_hash(number: int) -> bytes:
    """The hash of a block as contracts are told it."""
    return boa.env.evm.vm.state.get_ancestor_hash(number)


def pushed(tree: Tree, first: int) -> tuple[list[tuple[str, int, int]], list[tuple[bytes, int]]]:
    """The entries of a block of a tree, and its proof."""
    places = range(first, min(first + 128, len(tree.leaves)))
    leaves = [tree.leaves.leaf(place) for place in places]
    entries = [
        ("0x" + leaf.account[-20:].hex(), leaf.gross << 128 | leaf.withheld, leaf.net | leaf.pushable * law.TOP)
        for leaf in leaves
    ]
    return entries, [(node.hash, node.sum) for node in tree.proof(first)[7:]]


def leaf_of(index: int, account: str, net: int, withheld: int = 0, pushable: bool = True) -> law.Leaf:
    """A leaf of an account's."""
    return law.Leaf(index, bytes.fromhex(account[2:]).rjust(32, b"\0"), net + withheld, withheld, net, pushable)


def tree_of(*leaves: tuple[Any, ...], deep: bool = False) -> Tree:
    """The tree of such leaves, each (account, net, withheld, pushable); as deep as usual where it is asked."""
    found = [leaf_of(place, *leaf) for place, leaf in enumerate(leaves)]
    return deepened(build(Leaves.of(found))) if deep else build(Leaves.of(found))


def deepened(tree: Tree, depth: int = DEEP) -> Tree:
    """The same leaves at the left end of a deeper tree, of which nobody stands elsewhere."""
    node = law.Node(tree.root.hash, tree.root.sum)
    levels = list(tree.levels)
    for level in range(tree.root.depth, depth):
        node = law.parent(node, law.EMPTY[level])
        levels.append(_level(node))
    return Tree(tree.leaves, tuple(levels), law.Root(node.hash, node.sum, depth))


def _level(node: law.Node) -> Any:
    return np.frombuffer(node.hash + law.word(node.sum), np.uint8).reshape(1, 64)


def usual() -> Tree:
    """Alice 850 net of 1,000, Bob 100, Carol 85 of 100, and a pool 50 that is not pushed."""
    whole = 10**6
    return tree_of(
        (ALICE, 850 * whole, 150 * whole, True),
        (BOB, 100 * whole, 0, True),
        (CAROL, 85 * whole, 15 * whole, True),
        (POOL, 50 * whole, 0, False),
    )


__all__ = ["DOCUMENT", "OTHER", "REASON", "Dividends", "deploy_blueprint", "keccak", "now"]
