"""What a register's units come to when their holders choose between cash and stock: exact integers of raw units.

    election    H(bound, part, default): what the root is bound to, how many were opened before, the option by default
    filled      of an account: what it said, and by the default what it left unsaid of its units
    allotted    of an account: SECU = floor(its SECU × most ÷ all SECU) where all of it is above most, the rest CASH

Units are converted into shares by nobody here: an option's sum is converted once, by whoever delivers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scrip.errors import InputError

Option = Literal["CASH", "SECU"]
"""ISO 15022's codes of what may be chosen: cash, or stock."""
OPTIONS: tuple[Option, ...] = ("CASH", "SECU")
"""In the order in which the contract numbers them, from 0."""
UNITS_BITS = 112
"""Bits of each option's units: both stand in one word, beside the number of changes."""


@dataclass(frozen=True, slots=True)
class Split:
    """Raw units by option."""

    cash: int = 0
    secu: int = 0

    @property
    def total(self) -> int:
        """Both."""
        return self.cash + self.secu

    def __add__(self, other: Split) -> Split:
        return Split(self.cash + other.cash, self.secu + other.secu)

    def __sub__(self, other: Split) -> Split:
        return Split(self.cash - other.cash, self.secu - other.secu)

    def of(self, option: Option) -> int:
        """The units of one option."""
        return self.cash if option == "CASH" else self.secu


def whole(option: Option, units: int) -> Split:
    """All units for one option."""
    return Split(cash=units) if option == "CASH" else Split(secu=units)


def filled(said: Split, units: int, default: Option) -> Split:
    """What an account's units are chosen for: what it said, and the default for the rest.

    InputError where it said more than it has.
    """
    if said.total > units:
        raise InputError(f"is more than the account's {units} units", field="raw_units", value=said.total)
    return said + whole(default, units - said.total)


def allotted(chosen: Sequence[Split], most: int) -> list[Split]:
    """What each account gets of what all of them chose: stock pro rata of `most` raw units where they chose more of
    it, each part rounded down and the rest in cash; all of it where `most` is 0, which is no limit.
    """
    total = sum(one.secu for one in chosen)
    if not most or total <= most:
        return [*chosen]
    return [Split(one.total - (secu := one.secu * most // total), secu) for one in chosen]


def election_id(bound: bytes, part: int, default: Option) -> bytes:
    """The name of an election, 32 bytes, by what its root is bound to."""
    # The model works where nothing else is installed: a hash alone needs a library.
    from scrip.model.laws.merkle_sum import keccak, word

    return keccak(bound + word(part) + word(OPTIONS.index(default)))
