"""Amounts are types: raw token units, shares and stablecoin never mix, and no conversion loses anything silently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import NewType, Self

from scrip.errors import InputError

# These two are integers to the machine and types to a checker, where raw units and stablecoin are classes: the laws are
# formulas over integers, with the order of their floors, and the model runs them a million times. What a formula
# computes is a plain int until its end names it.
Wad = NewType("Wad", int)
"""A number with 18 decimals: a price or a dividend (currency per share), a dividend index, a multiplier."""

ShareWad = NewType("ShareWad", int)
"""Shares with 18 decimals, whole numbers of 10^-18: supply, liability, reserve, receivable, ceiling.

What `Shares` is to people, this is to the laws and on a chain; another type than `Wad`, for no price is an amount.
"""

WAD_DECIMALS = 18
WAD = Wad(10**WAD_DECIMALS)
"""One, as a number with 18 decimals."""
NO_WAD = Wad(0)
"""The price and the dividend of what has none."""
NO_SHARES = ShareWad(0)
"""What was never attested, allowed or owed."""
EVM_DECIMALS = 18
SOLANA_DECIMALS = 8
STABLECOIN_DECIMALS = 6
SHARE_BITS = 128
"""What every chain counts shares in, with 18 decimals."""

DECIMAL = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)(\.(?P<part>[0-9]+))?")
"""An amount as people write it. An exponent would let a few characters name a number that no machine can hold."""
MAX_LENGTH = 120
"""Characters of an amount: 256 bits before the point, and 36 decimals."""


def parse_fixed(text: str, decimals: int, field: str = "amount") -> int:
    """The integer that `text` (a plain decimal number) stands for at `decimals`.

    InputError when it is not exact, has an exponent, or more digits than any amount.
    """
    if not isinstance(text, str):
        raise InputError("is not a decimal number", field=field, value=text)
    if len(text) > MAX_LENGTH:
        raise InputError(f"has more than {MAX_LENGTH} characters", field=field, value=f"{text[:MAX_LENGTH]}…")
    found = DECIMAL.fullmatch(text.strip(" "))
    if found is None:
        raise InputError("is not a decimal number: digits, with a point and no exponent", field=field, value=text)
    sign, whole, part = found["sign"], found["whole"], (found["part"] or "").rstrip("0")
    if len(part) > decimals:
        raise InputError(f"has more than {decimals} decimals", field=field, value=text)
    value = int(whole + part.ljust(decimals, "0"))
    return -value if sign else value


def format_fixed(value: int, decimals: int) -> str:
    """`value` at `decimals` as a plain decimal string, without trailing zeros: the inverse of parse_fixed."""
    sign, digits = ("-", -value) if value < 0 else ("", value)
    whole, part = divmod(digits, 10**decimals)
    tail = f"{part:0{decimals}d}".rstrip("0") if part else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def parse_wad(text: str, field: str = "amount") -> Wad:
    """The wad that a decimal string such as `"27.39"` stands for; InputError when it is not exact."""
    return Wad(parse_fixed(text, WAD_DECIMALS, field))


def format_wad(value: Wad | ShareWad, places: int | None = None) -> str:
    """A wad as a plain decimal string, without trailing zeros: the inverse of parse_wad.

    With `places`, of a value that is not negative, rounded to so many decimals, zeros and all; a half to the even one.
    """
    if places is None:
        return format_fixed(value, WAD_DECIMALS)
    whole, part = divmod(round(Fraction(value, 10 ** (WAD_DECIMALS - places))), 10**places)
    return f"{whole}.{part:0{places}d}"


def as_fraction(value: Wad) -> Fraction:
    """The number that a wad stands for."""
    return Fraction(value, WAD)


def fitting(value: int, bits: int, field: str, decimals: int = 0) -> int:
    """The integer itself, where an unsigned one of so many bits holds it; InputError, with the limit, elsewhere.

    `decimals` are those that people read it with. Every amount passes here before a chain's encoder takes it.
    """
    if value < 0:
        raise InputError("is negative", field=field, value=format_fixed(value, decimals))
    if value >> bits:
        most = format_fixed(2**bits - 1, decimals)
        reason = f"is more than the chain's {bits} bits hold, {most}"
        raise InputError(reason, field=field, value=format_fixed(value, decimals))
    return value


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A non-negative integer at a stated number of decimals; only equal types with equal decimals meet."""

    value: int
    decimals: int

    def __post_init__(self) -> None:
        if type(self.value) is not int or type(self.decimals) is not int:
            raise TypeError(f"{type(self).__name__} takes integers, not {self.value!r} at {self.decimals!r} decimals")
        if self.value < 0 or not 0 <= self.decimals <= 36:
            raise ValueError(f"{type(self).__name__} out of range: {self.value} at {self.decimals} decimals")

    def _other(self, other: object) -> int:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} does not mix with {type(other).__name__}")
        if other.decimals != self.decimals:
            raise TypeError(f"{type(self).__name__} of {self.decimals} and of {other.decimals} decimals do not mix")
        return other.value

    def __add__(self, other: Self) -> Self:
        return type(self)(self.value + self._other(other), self.decimals)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.value - self._other(other), self.decimals)

    def __lt__(self, other: Self) -> bool:
        return self.value < self._other(other)

    def __le__(self, other: Self) -> bool:
        return self.value <= self._other(other)

    def __gt__(self, other: Self) -> bool:
        return self.value > self._other(other)

    def __ge__(self, other: Self) -> bool:
        return self.value >= self._other(other)

    def __eq__(self, other: object) -> bool:
        return self.value == self._other(other)

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.value, self.decimals))

    def __bool__(self) -> bool:
        return self.value != 0

    def __str__(self) -> str:
        return format_fixed(self.value, self.decimals)


@dataclass(frozen=True, slots=True, eq=False)
class RawUnits(_Fixed):
    """An amount of token in raw units of a chain: what `balanceOf` returns. It never rebases.

    `decimals` are the chain's own: 18 on Ethereum-family chains, 8 on Solana.
    """

    @classmethod
    def parse(cls, text: str, decimals: int, field: str = "amount") -> RawUnits:
        """The raw units of a text such as `"1.5"` tokens at `decimals`; InputError when it is not exact or negative."""
        value = parse_fixed(text, decimals, field)
        if value < 0:
            raise InputError("is negative", field=field, value=text)
        return cls(value, decimals)

    def to_decimals(self, decimals: int) -> RawUnits:
        """The same amount on a chain with other decimals; InputError when it does not convert exactly."""
        if decimals >= self.decimals:
            return RawUnits(self.value * 10 ** (decimals - self.decimals), decimals)
        value, rest = divmod(self.value, 10 ** (self.decimals - decimals))
        if rest:
            raise InputError(f"does not convert exactly to {decimals} decimals", field="amount", value=str(self))
        return RawUnits(value, decimals)


@dataclass(frozen=True, slots=True, eq=False)
class Stablecoin(_Fixed):
    """An amount of the settlement currency in its smallest units."""

    decimals: int = STABLECOIN_DECIMALS

    @classmethod
    def parse(cls, text: str, decimals: int = STABLECOIN_DECIMALS, field: str = "amount") -> Stablecoin:
        """The currency of a text such as `"27.39"` units; InputError when it is not exact or negative."""
        value = parse_fixed(text, decimals, field)
        if value < 0:
            raise InputError("is negative", field=field, value=text)
        return cls(value, decimals)


@dataclass(frozen=True, slots=True)
class Shares:
    """An exact number of real shares (what a custodian holds), as a fraction. It may be negative: a shortfall."""

    value: Fraction

    def __post_init__(self) -> None:
        if not isinstance(self.value, Fraction):
            raise TypeError(f"Shares takes a Fraction, not {self.value!r}")

    @classmethod
    def of(cls, whole: int) -> Shares:
        """A whole number of shares."""
        return cls(Fraction(whole))

    @classmethod
    def parse(cls, text: str) -> Shares:
        """The shares of a text such as `"1000.25"`; InputError for what is no amount."""
        return cls.from_wad(ShareWad(parse_fixed(text, WAD_DECIMALS, "shares")))

    @classmethod
    def from_wad(cls, value: ShareWad) -> Shares:
        """The shares of a number as the laws count them, with 18 decimals."""
        return cls(Fraction(value, WAD))

    def to_fixed(self, decimals: int) -> int:
        """The exact integer at `decimals`; InputError when there is none."""
        unit: int = 10**decimals
        scaled = self.value * unit
        if scaled.denominator != 1:
            raise InputError(f"does not convert exactly to {decimals} decimals", field="shares", value=str(self.value))
        return scaled.numerator

    def to_wad(self) -> ShareWad:
        """The shares as the laws count them, 18 decimals; InputError when there is no such number."""
        return ShareWad(self.to_fixed(WAD_DECIMALS))

    def fitting(self, field: str = "shares") -> ShareWad:
        """The same, where a chain can hold it; InputError for less than 0 and for more than 128 bits."""
        return ShareWad(fitting(self.to_wad(), SHARE_BITS, field, WAD_DECIMALS))

    def __add__(self, other: Shares) -> Shares:
        return Shares(self.value + _shares(other).value)

    def __sub__(self, other: Shares) -> Shares:
        return Shares(self.value - _shares(other).value)

    def __lt__(self, other: Shares) -> bool:
        return self.value < _shares(other).value

    def __le__(self, other: Shares) -> bool:
        return self.value <= _shares(other).value

    def __gt__(self, other: Shares) -> bool:
        return self.value > _shares(other).value

    def __ge__(self, other: Shares) -> bool:
        return self.value >= _shares(other).value

    def __str__(self) -> str:
        exact = self.value * WAD
        return format_fixed(exact.numerator, WAD_DECIMALS) if exact.denominator == 1 else str(self.value)


def _shares(other: object) -> Shares:
    if not isinstance(other, Shares):
        raise TypeError(f"Shares does not mix with {type(other).__name__}")
    return other
