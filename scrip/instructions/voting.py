"""Instructions about votes at meetings (ISO 15022 code MEET): opened on a root, cast, voided, reported, confirmed.

A vote is named by its number on the chain, 32 bytes whose last is 0, as 0x-prefixed hex: a hash over chain, stock,
meeting, block, root and terms, which whoever opens it gives and the chain computes again. A resolution is a place in
the agenda, counted from 0. `by` is the account that sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip.instructions.base import (
    Account,
    ActionReference,
    Document,
    Instruction,
    RoleInstruction,
    StockName,
    Text,
    VoteId,
)
from scrip.instructions.dividends import ProofNode
from scrip.units import EVM_DECIMALS, RawUnits, Shares, Wad

__all__ = [
    "CastSigned",
    "CastVote",
    "Choices",
    "ConfirmVote",
    "OpenVote",
    "ProveWeight",
    "PublishDocument",
    "ReportVotes",
    "Support",
    "VoidVote",
    "VoteLeaf",
    "VoteRoot",
    "VoteSplit",
    "VoteTerms",
]

Support = Literal["against", "for", "abstain"]
"""What a whole vote says, in the order of OpenZeppelin's numbers."""


@dataclass(frozen=True)
class VoteRoot:
    """The root of a register's tree: its hash as 0x-prefixed hex, the sum of raw units, and its depth.

    `block` is the last one before the record instant, by number and hash.
    """

    hash: Text
    sum: RawUnits
    depth: int
    block: int
    block_hash: Text


@dataclass(frozen=True)
class VoteTerms:
    """What is voted on: the stock's multiplier at the record, the last second in which a vote counts (UTC seconds), how
    many resolutions there are, and the document that has them.
    """

    multiplier: Wad
    deadline: int
    resolutions: int
    agenda: Document


@dataclass(frozen=True)
class VoteLeaf:
    """An account's place in a register's tree, with the raw units that it holds; `pushable` as the tree has it."""

    account: Account
    index: int
    units: RawUnits
    pushable: bool = True


NO_LEAF = VoteLeaf("", 0, RawUnits(0, EVM_DECIMALS))
"""Of a vote with units that were proven."""


@dataclass(frozen=True)
class VoteSplit:
    """Votes in parts, which come to no more than the account's units. Three of nothing take an earlier vote back."""

    against: RawUnits
    in_favour: RawUnits
    abstain: RawUnits


@dataclass(frozen=True)
class Choices:
    """What the custodian cast for one resolution, in shares."""

    against: Shares
    in_favour: Shares
    abstain: Shares


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenVote(RoleInstruction, role="ACTIONS"):
    """Open the vote of an announced meeting whose record has come. `part` is how many were opened before, all voided.

    `bound` is what the root is bound to, `vote` the number that the vote gets.
    """

    stock: StockName
    reference: ActionReference
    part: int
    root: VoteRoot
    terms: VoteTerms
    bound: Text
    vote: VoteId
    uri: Text = ""


@dataclass(frozen=True)
class VoidVote(RoleInstruction, role="ACTIONS", admin_too=True):
    """End a vote of which nothing is reported."""

    vote: VoteId
    reason: int
    document: Document


@dataclass(frozen=True)
class ReportVotes(RoleInstruction, role="ACTIONS"):
    """Record what the custodian cast for each resolution, once the deadline is past: never more than was instructed."""

    vote: VoteId
    casts: tuple[Choices, ...]
    document: Document
    uri: Text = ""


@dataclass(frozen=True)
class PublishDocument(RoleInstruction, role="ACTIONS"):
    """Put a notice or a disclosure document on record, by its hash and where it is read, about an action of a stock."""

    stock: StockName
    code: Text
    reference: ActionReference
    document: Document
    uri: Text


# --- holders ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProveWeight(Instruction):
    """Show an account's units by a proof, once for all resolutions. Anyone may."""

    vote: VoteId
    leaf: VoteLeaf
    proof: tuple[ProofNode, ...]
    by: Account


@dataclass(frozen=True)
class CastVote(Instruction):
    """`by` votes on a resolution, as a whole or in parts; the last vote before the deadline counts.

    With a leaf and its proof it is that account's vote, `by` the account or its successor; with none it is `by`'s own,
    with units that were proven. "" is the leaf's account.
    """

    vote: VoteId
    resolution: int
    choice: Support | VoteSplit
    leaf: VoteLeaf = NO_LEAF
    proof: tuple[ProofNode, ...] = ()
    reason: Text = ""
    by: Account = ""


@dataclass(frozen=True)
class CastSigned(Instruction):
    """Hand in a vote that `voter` signed, the account of the leaf or its successor; anyone may, and is `by`.

    `number` is what the signature names: how often the leaf's account had voted on the resolution. `signature` is
    0x-prefixed hex, of EIP-712's ExtendedBallot.
    """

    vote: VoteId
    resolution: int
    choice: Support | VoteSplit
    leaf: VoteLeaf
    proof: tuple[ProofNode, ...]
    voter: Account
    number: int
    signature: Text
    by: Account
    reason: Text = ""


@dataclass(frozen=True)
class ConfirmVote(Instruction):
    """Have it logged that an account's votes are in what the custodian cast. Anyone may."""

    vote: VoteId
    resolution: int
    account: Account
    by: Account
