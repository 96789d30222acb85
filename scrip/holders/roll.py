"""A register's accounts in the order of its tree, and the proof of each: what votes and elections are opened and held
by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scrip.errors import Drift, InputError
from scrip.holders import files
from scrip.holders.tree import Tree
from scrip.instructions.dividends import ProofNode, proof_nodes
from scrip.model.laws import merkle_sum as law


@dataclass(frozen=True, slots=True)
class Roll:
    """The places of accounts by their addresses in lower case, and the tree over them."""

    places: Mapping[str, int]
    tree: Tree

    def place(self, address: str, account: str) -> int:
        """The place of an address; InputError that names the account where it has none."""
        found = self.places.get(address.lower())
        if found is None:
            raise InputError("has no leaf in this register", field="account", value=account)
        return found

    def leaf(self, place: int) -> law.Leaf:
        """The leaf at a place."""
        return self.tree.leaves.leaf(place)

    def proof(self, place: int) -> tuple[ProofNode, ...]:
        """Its proof, from below, as orders have it."""
        return proof_nodes(self.tree.proof(place))


def read_roll(register: Path, root: bytes, total: int, what: str) -> Roll:
    """The roll of a register whose tree has this root and sum.

    InputError where it is not the register that `what` (a vote, an election) was opened on; Drift where its files were
    changed.
    """
    written = files.verify(register)
    if (written.root.hash, written.root.sum) != (root, total):
        raise InputError(f"is not the register that {what} was opened on", field="register", value=register)
    names, tree = files.read_leaves(register / f"{files.TREE}.csv")
    if tree.root.hash != written.root.hash:
        raise Drift(f"{register} changed while it was read")
    return Roll({name: place for place, name in enumerate(names)}, tree)
