"""Who may hold a stock, how many may, and how much one of them: values that say so, and which of two is the tighter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self, TypeVar, get_args

from scrip.units import EVM_DECIMALS, RawUnits

InvestorClass = Literal["retail", "professional", "institutional", "venue"]
"""What an investor is to the rules of a stock. A venue holds for others."""
EVERY_CLASS: frozenset[InvestorClass] = frozenset(get_args(InvestorClass))
NUMBERS = 1024
"""Country numbers are below this; ISO 3166 gives three digits."""
NONE = RawUnits(0, EVM_DECIMALS)
_Limit = TypeVar("_Limit", int, RawUnits)


@dataclass(frozen=True, slots=True)
class Countries:
    """A set of countries by ISO 3166 number: bit n stands for number n. Every country unless told otherwise."""

    bits: int = (1 << NUMBERS) - 1

    @classmethod
    def only(cls, numbers: Iterable[int]) -> Self:
        """The set of these countries and no others."""
        return cls(sum(1 << number for number in set(numbers)))

    @classmethod
    def all_but(cls, numbers: Iterable[int]) -> Self:
        """The set of all countries but these."""
        return cls(cls().bits & ~cls.only(numbers).bits)

    def __contains__(self, number: int) -> bool:
        return bool(self.bits >> number & 1)

    def __le__(self, other: Countries) -> bool:
        """Whether the other set has all of this one's countries."""
        return self.bits & ~other.bits == 0

    def __and__(self, other: Countries) -> Countries:
        """The countries that are in both sets."""
        return Countries(self.bits & other.bits)

    def members(self) -> tuple[int, ...]:
        """The numbers of its countries, in order."""
        return tuple(number for number in range(NUMBERS) if number in self)

    def others(self) -> tuple[int, ...]:
        """The numbers of the countries that it lacks, in order."""
        return tuple(number for number in range(NUMBERS) if number not in self)


@dataclass(frozen=True, slots=True)
class StockRules:
    """The investors who may hold an ALLOWLIST stock: those of these classes who are of these countries."""

    classes: frozenset[InvestorClass] = EVERY_CLASS
    countries: Countries = Countries()

    def admits(self, country: int, investor_class: str) -> bool:
        """Whether an investor of that country and class may hold it."""
        return investor_class in self.classes and country in self.countries

    def __le__(self, other: StockRules) -> bool:
        """Whether these rules admit nobody whom the other ones shut out."""
        return self.classes <= other.classes and self.countries <= other.countries

    def __and__(self, other: StockRules) -> StockRules:
        """The rules that admit those alone whom both admit."""
        return StockRules(self.classes & other.classes, self.countries & other.countries)


@dataclass(frozen=True, slots=True)
class HolderLimits:
    """At most `most` holders, each with at most `maximum` and at least `minimum` raw units; 0 for no such limit.

    A holder is an investor with all its wallets. Venues hold for others, and are neither counted nor limited.
    """

    most: int = 0
    maximum: RawUnits = NONE
    minimum: RawUnits = NONE

    def __bool__(self) -> bool:
        """Whether anything is limited."""
        return bool(self.most or self.maximum or self.minimum)

    def __le__(self, other: HolderLimits) -> bool:
        """Whether these limits are nowhere looser than the other ones."""
        return (
            _upper(self.most, other.most) == self.most
            and _upper(self.maximum, other.maximum) == self.maximum
            and self.minimum >= other.minimum
        )

    def __and__(self, other: HolderLimits) -> HolderLimits:
        """The tighter of each limit. Nobody can keep a minimum above a maximum: `is_possible` says so."""
        return HolderLimits(
            _upper(self.most, other.most),
            _upper(self.maximum, other.maximum),
            max(self.minimum, other.minimum, key=lambda units: units.value),
        )

    @property
    def is_possible(self) -> bool:
        """Whether a holder can keep both the minimum and the maximum."""
        return not self.maximum or self.minimum <= self.maximum


def _upper(one: _Limit, other: _Limit) -> _Limit:
    """The tighter of two upper limits, where 0 is none."""
    if not one or not other:
        return one or other
    return one if one <= other else other
