from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrip.errors import InputError, Refusal, ScripError
from scrip.units import RawUnits, Shares, Stablecoin, Wad, as_fraction, format_fixed, format_wad, parse_fixed, parse_wad

INTEGERS = st.integers(0, 2**200)
DECIMALS = st.integers(0, 36)


@given(value=st.integers(-(2**200), 2**200), decimals=DECIMALS)
def test_what_is_formatted_parses_back(value: int, decimals: int) -> None:
    """Writing an amount and reading it again gives the same amount."""
    assert parse_fixed(format_fixed(value, decimals), decimals) == value


@given(value=INTEGERS, decimals=st.sampled_from([8, 18]), other=st.sampled_from([6, 8, 18]))
def test_a_conversion_is_exact_or_an_error(value: int, decimals: int, other: int) -> None:
    """A conversion between chains either keeps the amount or raises."""
    amount = RawUnits(value, decimals)
    try:
        converted = amount.to_decimals(other)
    except InputError:
        assert value % 10 ** (decimals - other) != 0
    else:
        assert Fraction(converted.value, 10**other) == Fraction(value, 10**decimals)
        assert converted.to_decimals(decimals) == amount


@pytest.mark.parametrize(
    "text", ["", "abc", "nan", "inf", "1,5", "0x1", "1e3", "1E+3", "+1", "1_000", ".5", "5.", "١", "9" * 121]
)
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="amount"):
        RawUnits.parse(text, 18)


def test_too_many_decimals_are_refused_and_not_rounded() -> None:
    assert RawUnits.parse("0.00000001", 8) == RawUnits(1, 8)
    with pytest.raises(InputError, match="more than 8 decimals"):
        RawUnits.parse("0.000000001", 8)
    with pytest.raises(InputError, match="more than 6 decimals"):
        Stablecoin.parse("1.0000001")


def test_trailing_zeros_are_exact() -> None:
    assert Stablecoin.parse("1.500000000") == Stablecoin(1_500_000)
    assert parse_wad(" 27.39 ") == 2739 * 10**16


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        RawUnits.parse("-1", 18)
    with pytest.raises(InputError, match="negative"):
        Stablecoin.parse("-0.01")
    with pytest.raises(ValueError, match="out of range"):
        Stablecoin(1) - Stablecoin(2)
    with pytest.raises(ValueError, match="out of range"):
        RawUnits(1, 37)


def test_amounts_of_equal_decimals_add_and_compare() -> None:
    one, two = RawUnits(1, 18), RawUnits(2, 18)
    assert one + two == RawUnits(3, 18)
    assert two - one == one
    assert one < two
    assert two > one
    assert one <= RawUnits(1, 18) <= two
    assert two >= one
    assert one
    assert not RawUnits(0, 18)
    assert len({one, RawUnits(1, 18), two}) == 2


@pytest.mark.parametrize(
    "other", [RawUnits(1, 8), Stablecoin(1, 18), 1, Shares.of(1)], ids=["decimals", "coin", "int", "shares"]
)
def test_different_kinds_of_amount_do_not_mix(other: object) -> None:
    amount = RawUnits(1, 18)
    for operation in ("__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__", "__eq__"):
        with pytest.raises(TypeError):
            getattr(amount, operation)(other)


@pytest.mark.parametrize("value", [1.0, "1", True, None])
def test_an_amount_is_made_of_integers(value: object) -> None:
    with pytest.raises(TypeError):
        RawUnits(value, 18)  # type: ignore[arg-type]


def test_shares_are_exact_fractions() -> None:
    third = Shares(Fraction(1, 3))
    assert third + third + third == Shares.of(1)
    assert Shares.of(1) - third > third
    assert Shares.of(-1) < third <= Shares.of(1)
    assert third >= third
    assert Shares.parse("1000.25").to_wad() == 100025 * 10**16
    assert Shares.from_wad(5 * 10**17).to_fixed(8) == 5 * 10**7
    assert str(Shares.parse("1000.25")) == "1000.25"
    assert str(third) == "1/3"
    with pytest.raises(InputError, match="exactly"):
        third.to_wad()
    with pytest.raises(TypeError):
        Shares(1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        third + 1  # type: ignore[operator]


def test_amounts_read_as_people_write_them() -> None:
    assert str(RawUnits(1_500_000_000_000_000_000, 18)) == "1.5"
    assert str(RawUnits(1, 8)) == "0.00000001"
    assert str(Stablecoin(3_000_000)) == "3"
    assert format_fixed(-25, 1) == "-2.5"


def test_errors_say_where_and_what() -> None:
    full = InputError("is not a date", file="data/x.csv", line=3, field="ex", value="2003-02-30")
    assert str(full) == "data/x.csv:3: ex: is not a date (got '2003-02-30')"
    assert str(InputError("is missing", file="a.csv", field="ex")) == "a.csv: ex: is missing"
    assert str(InputError("is wrong")) == "is wrong"
    assert str(Refusal("token: paused")) == "token: paused"
    assert str(Refusal("market: quote used", "q1")) == "market: quote used (q1)"
    assert isinstance(full, ScripError)
    assert isinstance(Refusal("x"), ScripError)


@given(value=st.integers(0, 2**96 - 1))
def test_a_wad_is_shown_whole_and_its_number_is_exact(value: int) -> None:
    assert parse_wad(format_wad(Wad(value))) == value
    assert as_fraction(Wad(value)) == Fraction(format_wad(Wad(value)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0", "0.000000000"),
        ("2", "2.000000000"),
        ("1.112449799196787149", "1.112449799"),
        ("0.9999999995", "1.000000000"),
        ("0.0000000005", "0.000000000"),
        ("0.0000000015", "0.000000002"),
        ("79228162514.264337593543950335", "79228162514.264337594"),
    ],
)
def test_a_wad_is_shown_with_as_many_decimals_as_are_asked_for(text: str, shown: str) -> None:
    assert format_wad(parse_wad(text), 9) == shown
