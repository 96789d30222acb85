"""The kinds of instructions: what all have in common, those that need a role, those that carry a key."""

from __future__ import annotations

import re
from collections.abc import Sized
from dataclasses import dataclass
from typing import Literal

from scrip.errors import InputError

ISSUER = "issuer"
"""The account that holds every operational role and signs quotes."""
TREASURY = "treasury"
"""The account that settlement is paid to and redemptions are paid from."""

DOCUMENT_HASH = re.compile(r"0x[0-9a-fA-F]{64}")

Policy = Literal["ALLOWLIST", "BLOCKLIST"]
Side = Literal["mint", "redeem"]
InvestorClass = Literal["retail", "professional", "institutional", "venue"]


def check_count(field: str, values: Sized, most: int) -> None:
    """InputError for more values than an instruction takes."""
    if len(values) > most:
        raise InputError(f"are more than {most}", field=field, value=len(values))


@dataclass(frozen=True)
class Instruction:
    """Base of every instruction."""


@dataclass(frozen=True, kw_only=True)
class RoleInstruction(Instruction):
    """An instruction that needs a role. `by` other than the issuer is refused "roles: not authorised"."""

    by: str = ISSUER


@dataclass(frozen=True, kw_only=True)
class KeyedInstruction(RoleInstruction):
    """An instruction that a ledger carries out once for each key."""

    key: str = ""
