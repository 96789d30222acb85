"""Instructions about elections between cash and stock (ISO 15022 code DVOP): opened on a register's root, chosen,
voided.

An election is named by its id on the chain, 32 bytes as 0x-prefixed hex: a hash over chain, stock, action, block, root
and default, which whoever opens it gives and the chain computes again. `by` is the account that sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip.instructions.base import (
    Account,
    ActionReference,
    Document,
    ElectionId,
    Instruction,
    LeafIndex,
    RoleInstruction,
    StockName,
    Text,
)
from scrip.instructions.dividends import ProofNode
from scrip.instructions.voting import VoteRoot
from scrip.units import EVM_DECIMALS, RawUnits

__all__ = ["Elect", "ElectSigned", "FollowElection", "OpenElection", "UnitChoice", "VoidElection"]

NOTHING = RawUnits(0, EVM_DECIMALS)


@dataclass(frozen=True)
class UnitChoice:
    """Units by option, together no more than the account's: what they leave is the default's. Two of nothing take an
    earlier choice back."""

    cash: RawUnits = NOTHING
    secu: RawUnits = NOTHING


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenElection(RoleInstruction, role="ACTIONS"):
    """Open the election of an announced action whose record has come, until the action's deadline.

    `part` is how many were opened before, all voided; `default` what who says nothing gets; `bound` what the root is
    bound to, `election` the id that the election gets.
    """

    stock: StockName
    reference: ActionReference
    part: int
    root: VoteRoot
    default: Literal["CASH", "SECU"]
    bound: Text
    election: ElectionId
    uri: Text = ""
    code: Text = "DVOP"


@dataclass(frozen=True)
class VoidElection(RoleInstruction, role="ACTIONS", admin_too=True):
    """End an election of which nothing is paid."""

    election: ElectionId
    reason: int
    document: Document


@dataclass(frozen=True)
class FollowElection(Instruction):
    """Take an action's deadline where that was amended, or void an election whose action is cancelled. Anyone may."""

    election: ElectionId
    by: Account


# --- holders ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Elect(Instruction):
    """Choose for a leaf's units, `by` its account or that one's successor; the last choice before the deadline counts.

    `index`, `account`, `units` and `pushable` are the leaf as the register's tree has it; `by` "" is the account.
    """

    election: ElectionId
    index: LeafIndex
    account: Account
    units: RawUnits
    choice: UnitChoice
    proof: tuple[ProofNode, ...]
    pushable: bool = True
    by: Account = ""


@dataclass(frozen=True)
class ElectSigned(Instruction):
    """Hand in a choice that `signer`, the account or its successor, signed as the leaf's change number `nonce`.

    `signature` is 0x-prefixed hex. Anyone may.
    """

    election: ElectionId
    index: LeafIndex
    account: Account
    units: RawUnits
    choice: UnitChoice
    proof: tuple[ProofNode, ...]
    signer: Account
    nonce: int
    signature: Text
    by: Account
    pushable: bool = True
