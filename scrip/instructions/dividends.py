"""Instructions about what holders are paid and given: announced, posted as a root, funded, paid, swept.

A root pays coins, or units of a stock: then its amounts are raw units.

A root is the top of a Merkle-sum tree over who is paid what (scrip.model.laws.merkle_sum). Its distribution is named
by what the root is bound to, `distribution`: a hash over chain, stock, action, block and root, which whoever built the
tree gives and the chain computes again. `by` is the account that sends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from scrip.errors import InputError
from scrip.instructions.base import (
    Account,
    ActionReference,
    AssetName,
    DistributionId,
    Document,
    Instruction,
    RoleInstruction,
    StockName,
    Text,
)
from scrip.units import NO_WAD, WAD, RawUnits, Stablecoin, Wad

__all__ = [
    "AT_PAR",
    "AmendCash",
    "AnnounceCash",
    "CancelCash",
    "CashTerms",
    "ClaimDividend",
    "DividendLeaf",
    "FundDividend",
    "FundUnits",
    "Paid",
    "PayParked",
    "PostRoot",
    "ProofNode",
    "PushDividend",
    "RecallDividend",
    "RemitWithheld",
    "ResumeDividend",
    "RootTerms",
    "StopDividend",
    "SweepDividend",
    "VoidRoot",
    "proof_nodes",
]


AT_PAR = Wad(WAD)
"""One coin for one unit of the currency."""
CASH_CODE = "DVCA"
"""ISO 15022 code of a dividend that is paid in cash."""
Paid = Stablecoin | RawUnits
"""What a root pays: base units of a coin, or raw units of a stock."""


@dataclass(frozen=True)
class CashTerms:
    """What a cash dividend is announced with. Instants are UTC seconds.

    `ex` is the market's date and `ex_at` its instant (0: UTC midnight); `record_at` the instant at which units are
    counted, the ex session's opening; it is paid from `pay` on and can be fetched until `expiry` at least. `gross` and
    `fee`, the depositary's, are `currency` per share of the split basis in force at the record; `rate` is whole coins
    of `asset` for one unit of currency, 0 while it is not known, and `source` where it is read ("" with no rate).
    """

    ex: date
    record_at: int
    pay: int
    expiry: int
    gross: Wad
    ex_at: int = 0
    fee: Wad = NO_WAD
    currency: Text = "USD"
    rate: Wad = AT_PAR
    source: Document = "par"
    asset: AssetName = "stablecoin"


@dataclass(frozen=True)
class RootTerms:
    """A root: its hash as 0x-prefixed hex, what it pays in sum, gross and withheld of all leaves, and its depth.

    `withheld` is what is remitted here. `block` is the last one before the record instant, by number and hash.
    """

    hash: Text
    net: Paid
    gross: Paid
    withheld: Paid
    depth: int
    block: int
    block_hash: Text


@dataclass(frozen=True)
class DividendLeaf:
    """What one account is due; `pushable` where others than the account may have it paid."""

    account: Account
    gross: Paid
    withheld: Paid
    net: Paid
    pushable: bool = True


@dataclass(frozen=True)
class ProofNode:
    """A sibling in a proof: its hash as 0x-prefixed hex, and the sum of net amounts under it, in base units."""

    hash: Text
    sum: int


class Sibling(Protocol):
    """A node of a tree as whoever built the tree has it."""

    @property
    def hash(self) -> bytes:
        """32 bytes."""

    @property
    def sum(self) -> int:
        """Base units under it."""


def proof_nodes(proof: Iterable[Sibling]) -> tuple[ProofNode, ...]:
    """A tree's proof, from below, as orders have it."""
    return tuple(ProofNode("0x" + one.hash.hex(), one.sum) for one in proof)


def word(text: str, field: str) -> bytes:
    """The 32 bytes of a hash as orders name it, 0x-prefixed hex; InputError for anything else."""
    try:
        found = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        found = b""
    if len(found) != 32 or not text.startswith("0x"):
        raise InputError("is not 32 bytes as 0x-prefixed hex", field=field, value=text)
    return found


# --- the book --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnnounceCash(RoleInstruction, role="ACTIONS"):
    """Announce a cash dividend. From the market's ex to the record the stock is not minted."""

    stock: StockName
    reference: ActionReference
    terms: CashTerms


@dataclass(frozen=True)
class AmendCash(RoleInstruction, role="ACTIONS"):
    """Put other terms in their place, until a root is posted."""

    stock: StockName
    reference: ActionReference
    terms: CashTerms


@dataclass(frozen=True)
class CancelCash(RoleInstruction, role="ACTIONS", admin_too=True):
    """End an announced cash dividend, until a root is posted."""

    stock: StockName
    reference: ActionReference
    reason: int
    document: Document


# --- roots and money -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostRoot(RoleInstruction, role="ACTIONS"):
    """Post a root of an announced action whose record has come. `part` is how many were posted before, of either kind.

    `in_units` is whether it gives units: of the stock that the action names, or more of its own to who chose them.
    """

    stock: StockName
    reference: ActionReference
    part: int
    root: RootTerms
    distribution: DistributionId
    code: Text = CASH_CODE
    in_units: bool = False


@dataclass(frozen=True)
class VoidRoot(RoleInstruction, role="ACTIONS", admin_too=True):
    """End a root that nobody has funded."""

    distribution: DistributionId
    reason: int
    document: Document


@dataclass(frozen=True)
class FundDividend(Instruction):
    """`by` brings in what a root pays, all at once: its sum."""

    distribution: DistributionId
    amount: Stablecoin
    by: Account


@dataclass(frozen=True)
class FundUnits(RoleInstruction, role="ISSUER"):
    """Have the units made that a root gives, all at once: its sum. The reserve has to cover them."""

    distribution: DistributionId
    amount: RawUnits


@dataclass(frozen=True)
class RemitWithheld(Instruction):
    """`by` pays what is withheld to the tax account, all at once."""

    distribution: DistributionId
    by: Account


@dataclass(frozen=True)
class ClaimDividend(Instruction):
    """The leaf at `index` is paid to its account, or to its successor."""

    distribution: DistributionId
    index: int
    leaf: DividendLeaf
    proof: tuple[ProofNode, ...]
    by: Account = ""
    """"" is the leaf's account."""


@dataclass(frozen=True)
class PushDividend(Instruction):
    """A block of 128 places from `first` on is paid. Whoever is not pushable, is paid or is blocked is passed over."""

    distribution: DistributionId
    first: int
    leaves: tuple[DividendLeaf, ...]
    proof: tuple[ProofNode, ...]
    by: Account


@dataclass(frozen=True)
class PayParked(Instruction):
    """What the coin or the stock refused is tried again. Anyone may, where the leaf is pushable; else its account or
    successor. `account` is whose leaf it is, for whoever looks ahead; no chain asks for it.
    """

    distribution: DistributionId
    index: int
    by: Account
    account: Account = ""


# --- the end, and officers -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SweepDividend(RoleInstruction, role="ACTIONS"):
    """What nobody has fetched by the expiry goes to the treasury."""

    distribution: DistributionId


@dataclass(frozen=True)
class StopDividend(RoleInstruction, role="PAUSER"):
    """One distribution pays nobody."""

    distribution: DistributionId


@dataclass(frozen=True)
class ResumeDividend(RoleInstruction, role="UNPAUSER"):
    """A stopped distribution goes on."""

    distribution: DistributionId


@dataclass(frozen=True)
class RecallDividend(RoleInstruction, role="ADMIN"):
    """What is not paid of a stopped distribution goes back to the treasury: its root was wrong."""

    distribution: DistributionId
    reason: int
    document: Document
