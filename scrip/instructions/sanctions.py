"""Instructions about the sanctions oracle: whom the registry asks about whoever enters, and looking addresses up.

On Solana the oracle is a key, which signs lists: of a list its root is published, and whoever looks an address up shows
the gap between two listed ones that it begins or lies in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip import parameters
from scrip.instructions.base import Account, Instruction, OracleName, RoleInstruction, Text
from scrip.roles import ADMIN

__all__ = [
    "MAX_SCREENED",
    "SANCTIONS_ORACLE",
    "Answer",
    "AnswerSanctions",
    "ListGap",
    "PublishList",
    "Screen",
    "SetSanctionsOracle",
    "SuspendSanctionsOracle",
]

SANCTIONS_ORACLE = "sanctions-oracle"
"""What the registry's oracle is called."""
MAX_SCREENED = parameters.MAX_SCREENED.value
"""Addresses in one instruction."""

Answer = Literal["clean", "listed", "none"]
"""What an oracle says of an address, or that it says nothing."""


@dataclass(frozen=True)
class ListGap:
    """Two neighbours of a sanctions list and the way from their leaf to its root: 0x-prefixed hex, 32 bytes each."""

    low: Text
    high: Text
    path: tuple[Text, ...] = ()


@dataclass(frozen=True)
class SetSanctionsOracle(RoleInstruction, role=ADMIN):
    """Name the oracle, "" for none; it ends a suspension. The timelock's. What is no oracle is refused.

    On Solana any key may be one, and no list that was issued before it was named counts.
    """

    oracle: OracleName


@dataclass(frozen=True)
class SuspendSanctionsOracle(RoleInstruction, role="COMPLIANCE"):
    """Believe the oracle no longer until one is named again: it blocks nobody more, and nobody new enters. COMPLIANCE
    gives it."""


@dataclass(frozen=True)
class Screen(Instruction):
    """Look addresses up, and block those that are listed, with all wallets of their investor.

    Anyone may; `by` sends it. If the oracle says nothing about one, nothing is done about any. InputError for more than
    MAX_SCREENED. On Solana each has a gap of the list, and one that is not listed is remembered as absent, which a thaw
    and a mint ask for where the issuer is strict.
    """

    wallets: tuple[Account, ...]
    by: Account = ""
    gaps: tuple[ListGap, ...] = ()


@dataclass(frozen=True)
class PublishList(Instruction):
    """Put a list that the oracle signed in the place of the one that counts, on Solana. Anyone may; `by` sends it.

    `root` is 0x-prefixed hex; times are UTC seconds, and the list proves nobody absent from `expiry` on. A `forged` one
    carries another signature than the oracle's, whose name `oracle` is.
    """

    root: Text
    serial: int
    issued: int
    expiry: int
    oracle: OracleName
    forged: bool = False
    by: Account = ""


@dataclass(frozen=True)
class AnswerSanctions(Instruction):
    """What a mock of the oracle says of an address from now on. For demonstrations and tests; no live one hears it."""

    account: Account
    answer: Answer
