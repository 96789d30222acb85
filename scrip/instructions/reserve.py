"""Instructions about the backing of a stock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scrip.errors import InputError
from scrip.instructions.base import Instruction, RoleInstruction, StockName
from scrip.roles import ADMIN
from scrip.units import Shares

__all__ = [
    "AttestReserve",
    "Basis",
    "ConfigureReserve",
    "ConfirmBasis",
    "ReserveSource",
    "SetBasis",
    "SetCeiling",
]

NONE = Shares.of(0)

ReserveSource = Literal["aggregator", "attested"]
"""Who says what the custodian holds: an AggregatorV3, which does not say in which split basis it counts, or ATTESTOR's
signature, which does."""


WRITTEN = re.compile(r"([1-9][0-9]*):([1-9][0-9]*)#([0-9]+)")


class Basis(NamedTuple):
    """The split basis that shares are counted in: the stock's split factor, and how many splits it has been through.

    A factor that comes back is another basis: its counter is higher.
    """

    num: int
    den: int
    counter: int

    @classmethod
    def parse(cls, text: str) -> Basis:
        """The basis that people write as 2:1#3, the factor and the counter; InputError for any other text."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise InputError("is no split basis: 2:1#1 is the factor 2:1 after one split", field="basis", value=text)
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.num}:{self.den}#{self.counter}"

    @property
    def split(self) -> tuple[int, int]:
        """The split factor."""
        return self.num, self.den


@dataclass(frozen=True)
class ConfigureReserve(RoleInstruction, role=ADMIN):
    """Tell the feed how to judge a stock: oldest answer in seconds, margin in basis points, both ceilings.

    `ceiling` is what this chain alone may owe and `others` what all other chains may owe together, in shares of `basis`
    (None: the present one). `source` None is what this kind of chain has: an aggregator on an EVM, ATTESTOR on Solana.
    """

    stock: StockName
    max_age: int
    margin_bps: int
    ceiling: Shares
    others: Shares = NONE
    basis: Basis | None = None
    source: ReserveSource | None = None


@dataclass(frozen=True)
class SetCeiling(RoleInstruction, role="CEILING"):
    """New ceilings: this chain's own, and all other chains' together (None: as it stands), in shares of `basis`.

    None: the present basis. One that the feed does not know, or no longer, is refused.
    """

    stock: StockName
    ceiling: Shares
    others: Shares | None = None
    basis: Basis | None = None


@dataclass(frozen=True)
class AttestReserve(Instruction):
    """The custodian's shares as of `updated_at` (None: now), by whatever source the stock has.

    An aggregator says no more than that. A paper that ATTESTOR signs also names the basis that it counts in (None: the
    present one), both ceilings in it (None: as they stand), the feed's nonce that it is for (None: the present one) and
    the last second at which it may be published (None: parameters.PAPER_LIFE from now).
    """

    stock: StockName
    shares: Shares
    updated_at: int | None = None
    ceiling: Shares | None = None
    others: Shares | None = None
    basis: Basis | None = None
    nonce: int | None = None
    expiry: int | None = None


@dataclass(frozen=True)
class ConfirmBasis(Instruction):
    """Anyone has the feed count in the basis after a split, because the latest answer shows the split."""

    stock: StockName


@dataclass(frozen=True)
class SetBasis(RoleInstruction, role=ADMIN):
    """The feed counts in `basis` from now on, on the administrator's word. None: the token's own now."""

    stock: StockName
    basis: Basis | None = None
