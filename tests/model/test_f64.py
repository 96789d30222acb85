"""The float that Token-2022's mint shows: nearest, ties to even, in integers."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrip.model.laws import arithmetic as law
from scrip.units import WAD

MULTIPLIER = st.integers(1, 96).flatmap(lambda bits: st.integers(2 ** (bits - 1), 2**bits - 1))


def to_float(bits: int) -> float:
    return struct.unpack(">d", bits.to_bytes(8, "big"))[0]


def ties(step: int) -> int:
    """A wad that lies exactly between two floats of 53 bits, at 2^35 and above."""
    return (2**53 + step) * 10**18 >> 18


@given(multiplier=MULTIPLIER)
@example(multiplier=1)
@example(multiplier=WAD)
@example(multiplier=law.U96_MAX)
@example(multiplier=ties(1))
@example(multiplier=ties(3))
@example(multiplier=ties(3) + 1)
@example(multiplier=ties(2**53 - 1))
def test_it_is_the_nearest_float(multiplier: int) -> None:
    """The integers agree with Python's correctly rounded division of integers."""
    assert to_float(law.f64_bits(multiplier)) == multiplier / WAD


def test_ties_go_to_even() -> None:
    assert to_float(law.f64_bits(ties(1))) == 2.0**35
    assert to_float(law.f64_bits(ties(3))) == 2.0**35 * (1 + 2**-51)
    assert to_float(law.f64_bits(ties(1) + 1)) > 2.0**35


def test_a_carry_reaches_the_exponent() -> None:
    assert to_float(law.f64_bits(WAD - 1)) == 1.0
    assert law.f64_bits(2 * WAD) == 0x4000000000000000


@pytest.mark.parametrize("multiplier", [0, -1, law.U96_MAX + 1])
def test_only_multipliers_convert(multiplier: int) -> None:
    with pytest.raises(ValueError, match="not a multiplier"):
        law.f64_bits(multiplier)


@given(data=st.data(), multiplier=MULTIPLIER)
def test_the_display_is_off_by_one_unit_at_most(data: st.DataObject, multiplier: int) -> None:
    """While raw < 2^53 and raw × multiplier < 2^52, the mint's float shows the exact amount or one unit beside it."""
    most = min(2**53 - 1, (2**52 * WAD - 1) // multiplier)
    raw = data.draw(st.integers(0, most))
    shown = int(float(raw) * to_float(law.f64_bits(multiplier)))
    assert abs(shown - law.ui_amount(raw, multiplier)) <= 1
