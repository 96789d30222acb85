"""Instructions about the sanctions oracle: whom the registry asks about whoever enters, and looking addresses up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scrip import parameters
from scrip.instructions.base import Account, Instruction, OracleName, RoleInstruction
from scrip.roles import ADMIN

__all__ = [
    "MAX_SCREENED",
    "SANCTIONS_ORACLE",
    "Answer",
    "AnswerSanctions",
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
class SetSanctionsOracle(RoleInstruction, role=ADMIN):
    """Name the oracle, "" for none; it ends a suspension. The timelock's. What is no oracle is refused."""

    oracle: OracleName


@dataclass(frozen=True)
class SuspendSanctionsOracle(RoleInstruction, role="COMPLIANCE"):
    """Believe the oracle no longer until one is named again: it blocks nobody more, and nobody new enters. COMPLIANCE
    gives it."""


@dataclass(frozen=True)
class Screen(Instruction):
    """Look addresses up, and block those that are listed, with all wallets of their investor.

    Anyone may; `by` sends it. If the oracle says nothing about one, nothing is done about any. InputError for more than
    MAX_SCREENED.
    """

    wallets: tuple[Account, ...]
    by: Account = ""


@dataclass(frozen=True)
class AnswerSanctions(Instruction):
    """What a mock of the oracle says of an address from now on. For demonstrations and tests; no live one hears it."""

    account: Account
    answer: Answer
