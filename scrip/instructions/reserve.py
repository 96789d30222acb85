"""Instructions about the backing of a stock."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import Instruction, RoleInstruction, StockName
from scrip.roles import ADMIN
from scrip.units import Shares

__all__ = ["AttestReserve", "ConfigureReserve", "ConfirmBasis", "SetBasis", "SetCeiling"]


@dataclass(frozen=True)
class ConfigureReserve(RoleInstruction, role=ADMIN):
    """Tell the feed how to judge a stock: oldest answer in seconds, margin in basis points, this chain's ceiling."""

    stock: StockName
    max_age: int
    margin_bps: int
    ceiling: Shares


@dataclass(frozen=True)
class SetCeiling(RoleInstruction, role="CEILING"):
    """A new ceiling of this chain, in shares of the feed's basis."""

    stock: StockName
    ceiling: Shares


@dataclass(frozen=True)
class AttestReserve(Instruction):
    """The external oracle publishes a new round: the custodian's shares, as of `updated_at` (None: now)."""

    stock: StockName
    shares: Shares
    updated_at: int | None = None


@dataclass(frozen=True)
class ConfirmBasis(Instruction):
    """Anyone shows the feed the rounds before and after a split. None: the ledger picks them.

    Rounds are numbered from 1 in the order of publication.
    """

    stock: StockName
    old_round: int | None = None
    new_round: int | None = None


@dataclass(frozen=True)
class SetBasis(RoleInstruction, role=ADMIN):
    """The feed adopts the token's split factor on the administrator's word."""

    stock: StockName
