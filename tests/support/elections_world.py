"""The world of redemption_world with Elections on a book that a test fills, and registers to choose by.

Alice, Bob, Carol, a pool, and HOLDER, who signs, stand in the usual register. An action's record is RECORD, its last
second of choices DEADLINE.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import boa
from eth_account import Account
from eth_utils import keccak
from support.contract_calls import Handle, deploy, set_clock, word32
from support.dividend_world import deepened
from support.issuance_world import ALICE, BOB, CAROL, DAY, DESK, START, WAD, deploy_stub
from support.redemption_world import Redemption
from support.voting_world import POOL, block_hash, register

from scrip.holders.tree import Tree
from scrip.model.laws import merkle_sum as law

HOLDER = Account.from_key(keccak(text="a holder"))
RECORD = START + DAY
DEADLINE = RECORD + 5 * DAY
HELD = {ALICE: 1_000, BOB: 100, CAROL: 50, POOL: 500, HOLDER.address.lower(): 7}
"""What the usual register has of each, in whole units."""
TYPES = [
    *(("election", "bytes32"), ("index", "uint256"), ("account", "address"), ("cash", "uint256")),
    *(("secu", "uint256"), ("signer", "address"), ("nonce", "uint256")),
]

_actions = count(1)


class Electing(Redemption):
    """The suite with `book` and `elections`."""

    def __init__(self) -> None:
        super().__init__()
        self.book = deploy_stub("StubBook", self.roles)
        self.elections = deploy("Elections", self.roles, self.registry, self.book)

    def dividend(self, id: bytes = b"", **changes: Any) -> bytes:
        """Announce a dividend in cash or stock, or change it; its id."""
        id = id or word32(f"dividend {next(_actions)}")
        times = {"token": self.stock.address, "code": "DVOP", "status": 1, "recordAt": RECORD, "deadline": DEADLINE}
        self.book.set(id, tuple((times | changes).values()))
        return id

    def root_of(self, tree: Tree) -> tuple[Any, ...]:
        """What an election is opened with of a tree, taken at the block before this one."""
        number = boa.env.evm.patch.block_number - 1
        return (tree.root.hash, tree.root.sum, tree.root.depth, number, block_hash(number))

    def id_of(self, action: bytes, root: Sequence[Any], stock: Handle | None = None, chain: int | None = None) -> bytes:
        """What a root is bound to, as the package computes it."""
        hash_, total, depth, number, block = root
        token = bytes.fromhex((stock or self.stock).address[2:]).rjust(32, b"\0")
        at = law.word(boa.env.evm.patch.chain_id if chain is None else chain)
        return law.bound(law.Root(hash_, total, depth), law.Binding(at, token, action, number, block))

    def open(self, action: bytes, tree: Tree, part: int = 0, dflt: str = "CASH", sender: str = DESK) -> bytes:
        """Open an election; its id."""
        root = self.root_of(tree)
        return bytes(
            self.elections.open(action, part, root, dflt, "ipfs://terms", self.id_of(action, root), sender=sender)
        )

    def opened(self, tree: Tree, dflt: str = "CASH") -> bytes:
        """An election on an action of its own, the clock at the record."""
        action = self.dividend()
        set_clock(RECORD)
        return self.open(action, tree, dflt=dflt)

    def elect(
        self, election: bytes, tree: Tree, account: str, cash: int = 0, secu: int = 0, sender: str = "", more: int = 0
    ) -> None:
        """Choose for an account's leaf, `more` units of which it does not have."""
        leaf, proof = shown(tree, account)
        leaf = (leaf[0], leaf[1], leaf[2] + more)
        self.elections.elect(election, leaf, (cash, secu), proof, sender=sender or account)

    def relay(
        self,
        election: bytes,
        tree: Tree,
        account: str,
        cash: int,
        secu: int,
        signer: str,
        signature: bytes,
        sender: str,
    ) -> None:
        """Hand in a signed choice for an account's leaf."""
        leaf, proof = shown(tree, account)
        self.elections.electBySig(election, leaf, (cash, secu), signer, proof, signature, sender=sender)

    def message(self, election: bytes, tree: Tree, account: str, cash: int, secu: int, signer: str) -> dict[str, Any]:
        """What is signed, by its fields."""
        index = place_of(tree, account)
        values = (election, index, account, cash, secu, signer, self.elections.nextNonce(election, index))
        return dict(zip((name for name, _ in TYPES), values, strict=True))

    def sign(
        self, election: bytes, tree: Tree, holder: str, cash: int, secu: int, signer: Any = HOLDER, **changes: Any
    ) -> bytes:
        """A choice's signature as eth_account makes it of typed data."""
        domain = dict(self.domain()) | {name: changes.pop(name) for name in ("chainId", "name") if name in changes}
        message = self.message(election, tree, holder, cash, secu, signer.address) | changes
        types = {"Election": [{"name": name, "type": kind} for name, kind in TYPES]}
        return bytes(Account.sign_typed_data(signer.key, domain, types, message).signature)

    def domain(self) -> Mapping[str, Any]:
        """The domain of the signatures, by ERC-5267."""
        _, name, version, chain_id, contract, _, _ = self.elections.eip712Domain()
        return {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}

    def totals(self, election: bytes) -> tuple[int, int]:
        """All units by option."""
        return tuple(self.elections.totals(election))

    def chosen(self, election: bytes, tree: Tree, account: str) -> tuple[int, int]:
        """What an account's leaf said."""
        return tuple(self.elections.chosen(election, place_of(tree, account)))


def place_of(tree: Tree, account: str) -> int:
    """Where an account stands in a tree."""
    leaves = [tree.leaves.leaf(place) for place in range(len(tree.leaves))]
    return next(one.index for one in leaves if one.account[-20:].hex() == account[2:].lower())


def shown(tree: Tree, account: str) -> tuple[tuple[int, str, int], list[tuple[bytes, int]]]:
    """An account's leaf and proof as Elections takes them."""
    leaf = tree.leaves.leaf(place_of(tree, account))
    place = leaf.index | (law.TOP if leaf.pushable else 0)
    return (place, account, leaf.net), [(one.hash, one.sum) for one in tree.proof(leaf.index)]


def usual(deep: bool = True) -> Tree:
    """The tree of HELD."""
    found = register(*[(account, units * WAD) for account, units in HELD.items()])
    return deepened(found) if deep else found
