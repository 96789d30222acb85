"""What one holder is due of a cash dividend, in base units of the coin: exact integers, every floor where it stands.

    gross     floor(raw × multiplier × gross per share × rate), at the record
    withheld  ceil(gross × bps ÷ 10000): never too little, at most the gross
    upstream  what of it was withheld before the issuer was paid; here, what is left of it
    fee       ceil of the depositary's, at most what is left
    net       gross − withheld − fee

Rounding is against the holder, less than one base unit in the gross and in each of the two that are taken off. What the
floors of the gross leave of the whole is told as the remainder: it is nobody's, and is not funded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from scrip.model.laws.arithmetic import ceil_div
from scrip.parameters import BPS
from scrip.units import WAD, Wad


@dataclass(frozen=True, slots=True)
class PerShare:
    """What a share is paid: gross and the depositary's fee in currency, and whole coins for one unit of currency."""

    gross: Wad
    fee: Wad
    rate: Wad


@dataclass(frozen=True, slots=True)
class Counted:
    """How units count at the record: the multiplier, and the decimals of a raw unit and of the coin."""

    multiplier: Wad
    decimals: int
    coin_decimals: int


@dataclass(frozen=True, slots=True)
class Due:
    """What one holder is due, base units. `upstream` and `here` are what is withheld, before the issuer and by it."""

    gross: int
    upstream: int
    here: int
    fee: int

    @property
    def withheld(self) -> int:
        """All that is withheld."""
        return self.upstream + self.here

    def plus(self, other: Due) -> Due:
        """Both together, each rounded by itself."""
        parts = (getattr(self, name) + getattr(other, name) for name in ("gross", "upstream", "here", "fee"))
        return Due(*parts)

    @property
    def net(self) -> int:
        """What the holder is paid."""
        return self.gross - self.withheld - self.fee


def exact(units: int, per_share: Wad, rate: Wad, counted: Counted) -> Fraction:
    """What raw units come to, in base units of the coin, before any rounding."""
    return Fraction(
        units * counted.multiplier * per_share * rate * 10**counted.coin_decimals, 10**counted.decimals * WAD**3
    )


def due(units: int, terms: PerShare, counted: Counted, bps: int, upstream_bps: int) -> Due:
    """What a holder of raw units is due at a rate of tax, of which `upstream_bps` was withheld already.

    Where more was withheld than is due, none is here: the holder asks the tax office for it.
    """
    gross = exact(units, terms.gross, terms.rate, counted).__floor__()
    upstream = ceil_div(gross * upstream_bps, BPS)
    here = max(ceil_div(gross * bps, BPS) - upstream, 0)
    fee = min(exact(units, terms.fee, terms.rate, counted).__ceil__(), gross - upstream - here)
    return Due(gross, upstream, here, fee)


def remainder(units: Iterable[int], terms: PerShare, counted: Counted) -> int:
    """Whole base units that the floors of each holder's gross leave of what all of them together come to."""
    held = list(units)
    whole = exact(sum(held), terms.gross, terms.rate, counted).__floor__()
    return whole - sum(exact(one, terms.gross, terms.rate, counted).__floor__() for one in held)
