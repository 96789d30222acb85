"""The world of redemption_world with a Ballot on a book that a test fills, and registers to vote by.

Alice, Bob, Carol, a pool, and VOTER, who signs, stand in the usual register. A meeting's record is RECORD, its last
instructions count in the second DEADLINE, and one vote has two resolutions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import boa
from eth_account import Account
from eth_utils import keccak
from support.contract_calls import Handle, deploy, named, set_clock, word32
from support.dividend_world import deepened, tree_of
from support.issuance_world import ALICE, BOB, CAROL, DAY, DESK, START, WAD, deploy_stub
from support.redemption_world import Redemption

from scrip.holders.tree import Tree
from scrip.model.laws import merkle_sum as law

POOL = named("a pool")
VOTER = Account.from_key(keccak(text="a voter"))
RECORD = START + DAY
DEADLINE = RECORD + 5 * DAY
AGENDA = word32("agenda")
TERMS = {"multiplier": WAD, "deadline": DEADLINE, "resolutions": 2, "agenda": AGENDA}
AGAINST, FOR, ABSTAIN, SPLIT = 0, 1, 2, 255
HELD = {ALICE: 1_000, BOB: 100, CAROL: 50, POOL: 500, VOTER.address.lower(): 7}
"""What the usual register has of each, in whole units."""
TYPES: dict[str, list[tuple[str, str]]] = {
    "Ballot": [("proposalId", "uint256"), ("support", "uint8"), ("voter", "address"), ("nonce", "uint256")],
}
TYPES["ExtendedBallot"] = [*TYPES["Ballot"], ("reason", "string"), ("params", "bytes")]

_meetings = count(1)


class Voting(Redemption):
    """The suite with `book` and `ballot`."""

    def __init__(self) -> None:
        super().__init__()
        self.book = deploy_stub("StubBook", self.roles)
        self.ballot = deploy("Ballot", self.roles, self.registry, self.book)

    def meeting(self, **changes: Any) -> bytes:
        """Announce a meeting; its id."""
        id = word32(f"meeting {next(_meetings)}")
        times = {"token": self.stock.address, "code": "MEET", "status": 1, "recordAt": RECORD, "deadline": DEADLINE}
        self.book.set(id, tuple((times | changes).values()))
        return id

    def root_of(self, tree: Tree) -> tuple[Any, ...]:
        """What a vote is opened with of a tree, taken at the block before this one."""
        number = boa.env.evm.patch.block_number - 1
        return (tree.root.hash, tree.root.sum, tree.root.depth, number, block_hash(number))

    def id_of(
        self, meeting: bytes, root: Sequence[Any], stock: Handle | None = None, chain: int | None = None
    ) -> bytes:
        """What a root is bound to, as the package computes it."""
        hash_, total, depth, number, block = root
        token = bytes.fromhex((stock or self.stock).address[2:]).rjust(32, b"\0")
        at = law.word(boa.env.evm.patch.chain_id if chain is None else chain)
        return law.bound(law.Root(hash_, total, depth), law.Binding(at, token, meeting, number, block))

    def open(self, meeting: bytes, tree: Tree, part: int = 0, sender: str = DESK, **terms: Any) -> int:
        """Open a vote of TERMS, or others; its number."""
        root = self.root_of(tree)
        given = tuple((TERMS | terms).values())
        return self.ballot.open(meeting, part, root, given, "ipfs://agenda", self.id_of(meeting, root), sender=sender)

    def opened(self, tree: Tree, **terms: Any) -> int:
        """A vote on a meeting of its own, the clock at the record."""
        meeting = self.meeting()
        set_clock(RECORD)
        return self.open(meeting, tree, **terms)

    def cast(
        self,
        proposal: int,
        tree: Tree,
        account: str,
        support: int = FOR,
        split: Sequence[int] = (),
        sender: str = "",
        reason: str = "",
    ) -> int:
        """Vote with an account's leaf, by itself unless told otherwise; the units that vote."""
        given = amounts(split) + proof_of(tree, account)
        return self.ballot.castVoteWithReasonAndParams(proposal, support, reason, given, sender=sender or account)

    def sign(self, proposal: int, support: int, kind: str = "Ballot", signer: Any = VOTER, **changes: Any) -> bytes:
        """A ballot's signature as eth_account makes it of typed data."""
        message = {"proposalId": proposal, "support": support, "voter": signer.address}
        message |= {"nonce": self.ballot.nextNonce(proposal, signer.address)} | changes
        types = {kind: [{"name": name, "type": type_} for name, type_ in TYPES[kind]]}
        return bytes(Account.sign_typed_data(signer.key, self.domain(), types, message).signature)

    def domain(self) -> Mapping[str, Any]:
        """The domain of the Ballot's signatures, by ERC-5267."""
        _, name, version, chain_id, contract, _, _ = self.ballot.eip712Domain()
        return {"name": name, "version": version, "chainId": chain_id, "verifyingContract": contract}


def block_hash(number: int) -> bytes:
    """The hash of a block as contracts are told it."""
    return boa.env.evm.vm.state.get_ancestor_hash(number)


def amounts(split: Sequence[int]) -> bytes:
    """Against, for and abstain as params begin with them; nothing for a whole vote."""
    return b"".join(one.to_bytes(16, "big") for one in split)


def register(*rows: tuple[str, int], deep: bool = False) -> Tree:
    """A register's tree that only counts: account and raw units."""
    found = tree_of(*[(account, units, 0, account != POOL) for account, units in rows])
    return deepened(found) if deep else found


def usual(deep: bool = True) -> Tree:
    """The tree of HELD."""
    return register(*[(account, units * WAD) for account, units in HELD.items()], deep=deep)


def encoded(place: int, account: bytes, units: int, proof: Sequence[law.Node]) -> bytes:
    """A proof as the ABI has it: a leaf's first word, account and units, and its siblings."""
    head = law.word(place) + account + law.word(units)
    nodes = b"".join(one.hash + law.word(one.sum) for one in proof)
    return head + law.word(128) + law.word(len(proof)) + nodes


def proof_of(tree: Tree, account: str) -> bytes:
    """An account's proof as params hold it."""
    leaves = [tree.leaves.leaf(place) for place in range(len(tree.leaves))]
    leaf = next(one for one in leaves if one.account[-20:].hex() == account[2:].lower())
    return encoded(leaf.index | (law.TOP if leaf.pushable else 0), leaf.account, leaf.net, tree.proof(leaf.index))
