from fractions import Fraction
from math import ceil, floor, gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrip.ledger import Coverage
from scrip.model.laws import arithmetic as law
from scrip.units import WAD

U128 = st.integers(0, law.U128_MAX)
PRICE = st.integers(1, law.U128_MAX)
INDEX = st.integers(1, law.U96_MAX)
U64 = st.integers(1, law.U64_MAX)
BPS = st.integers(0, 10_000)
MULTIPLIER = st.integers(1, law.U96_MAX)


@given(index=INDEX, num=U64, den=U64)
def test_ui_multiplier_is_the_floor_of_the_exact_product(index: int, num: int, den: int) -> None:
    """The multiplier is the exact product of the factors, rounded down once."""
    assert law.ui_multiplier(index, num, den) == floor(Fraction(index * num, den))


@given(raw=U128, multiplier=MULTIPLIER)
def test_ui_conversion_never_rounds_up(raw: int, multiplier: int) -> None:
    """What a person sees is never more than the exact amount, and less than one unit below it."""
    exact = Fraction(raw * multiplier, WAD)
    shown = law.ui_amount(raw, multiplier)
    assert exact - 1 < shown <= exact


@given(raw=U128, multiplier=MULTIPLIER)
def test_a_round_trip_from_raw_never_gains(raw: int, multiplier: int) -> None:
    """Raw units shown and bought back are never more than they were."""
    assert law.raw_amount(law.ui_amount(raw, multiplier), multiplier) <= raw


@given(ui=U128, multiplier=MULTIPLIER)
def test_a_round_trip_from_ui_never_gains(ui: int, multiplier: int) -> None:
    """A UI amount turned into raw units and shown again is never more than it was."""
    assert law.ui_amount(law.raw_amount(ui, multiplier), multiplier) <= ui


@given(first=U128, second=U128, multiplier=MULTIPLIER)
def test_splitting_an_amount_gains_nothing(first: int, second: int, multiplier: int) -> None:
    """Two parts never show more than the whole, and at most one unit less."""
    whole = law.ui_amount(first + second, multiplier)
    assert whole - 1 <= law.ui_amount(first, multiplier) + law.ui_amount(second, multiplier) <= whole


@pytest.mark.parametrize("raw", [0, 1, law.U128_MAX])
def test_amounts_at_multiplier_one_are_themselves(raw: int) -> None:
    assert law.ui_amount(raw, WAD) == raw
    assert law.raw_amount(raw, WAD) == raw


@given(num=U64, den=U64, new=U64, old=U64)
def test_a_split_factor_is_exact_and_in_lowest_terms(num: int, den: int, new: int, old: int) -> None:
    """A split loses nothing, and its factor has no common divisor."""
    following = law.next_split(num, den, new, old)
    assert Fraction(*following) == Fraction(num, den) * Fraction(new, old)
    assert gcd(*following) == 1


def test_a_split_and_its_reverse_meet_at_one() -> None:
    assert law.next_split(*law.next_split(1, 1, 3, 2), 2, 3) == (1, 1)
    assert law.next_split(1, 1, 4, 2) == (2, 1)


@pytest.mark.parametrize(
    ("index", "num", "den", "fits"),
    [
        (WAD, 1, 1, True),
        (law.U96_MAX, 1, 1, True),
        (law.U96_MAX + 1, 1, 1, False),
        (law.U96_MAX, 2, 1, False),
        (law.U96_MAX, 2, 3, True),
        (WAD, law.U64_MAX, law.U64_MAX - 1, True),
        (WAD, law.U64_MAX + 1, 1, False),
        (WAD, 1, law.U64_MAX + 1, False),
        (1, 1, 2, False),
        (WAD, 1, law.U64_MAX, False),
        (WAD, 1, WAD, True),
        (WAD, 1, WAD + 1, False),
        (0, 1, 1, False),
        (WAD, 0, 1, False),
        (WAD, 1, 0, False),
    ],
)
def test_what_a_chain_can_store(index: int, num: int, den: int, fits: bool) -> None:
    assert law.pair_fits(index, num, den) is fits


@given(index=INDEX, price=PRICE, net=U128)
def test_the_index_never_falls(index: int, price: int, net: int) -> None:
    """A dividend leaves the index where it was or raises it, never beyond the exact value."""
    following = law.next_index(index, price, net)
    assert index <= following <= Fraction(index * (price + net), price)


def test_the_special_dividend_of_2004() -> None:
    """$3.08 at $27.39."""
    assert law.next_index(WAD, 2739 * 10**16, 308 * 10**16) == 1_112_449_799_196_787_148


@given(gross=U128, bps=BPS)
def test_withholding_rounds_up_and_net_is_the_rest(gross: int, bps: int) -> None:
    """Never too little is withheld, never a whole unit too much, and nothing is lost between gross and net."""
    held = law.withheld(gross, bps)
    assert held == ceil(Fraction(gross * bps, 10_000))
    assert 0 <= held <= gross
    assert law.net_dividend(gross, bps) == gross - held


@pytest.mark.parametrize(
    ("gross", "bps", "held"), [(1, 0, 0), (1, 1, 1), (10_000, 1_500, 1_500), (3, 10_000, 3), (0, 1, 0)]
)
def test_withholding_at_its_edges(gross: int, bps: int, held: int) -> None:
    assert law.withheld(gross, bps) == held


def test_the_theoretical_ex_price_is_the_cum_close_less_the_gross_dividend() -> None:
    assert law.theoretical_ex_price(2997 * 10**16, 308 * 10**16) == 2689 * 10**16
    assert law.theoretical_ex_price(5, 7) == -2


def test_a_dividend_of_a_quarter_of_the_price_is_the_largest() -> None:
    assert law.dividend_step_ok(4 * WAD, WAD)
    assert not law.dividend_step_ok(4 * WAD, WAD + 1)
    assert law.dividend_step_ok(1, 0)


@pytest.mark.parametrize(
    ("new", "old", "ok"), [(100, 1, True), (101, 1, False), (1, 100, True), (1, 101, False), (201, 2, False)]
)
def test_a_split_is_between_1_to_100_and_100_to_1(new: int, old: int, ok: bool) -> None:
    assert law.split_step_ok(new, old) is ok


def test_half_as_much_again_within_a_year_is_the_most() -> None:
    assert law.rate_ok(3 * WAD // 2, WAD)
    assert not law.rate_ok(3 * WAD // 2 + 1, WAD)
    assert law.rate_ok(1, 1)


# --- backing ---


@given(supply=U128, index=INDEX, num=st.integers(1, 1000), den=st.integers(1, 1000))
def test_liability_rounds_up(supply: int, index: int, num: int, den: int) -> None:
    """The liability is never below what the factors owe, and less than one unit above it."""
    exact = Fraction(supply * index * num, den * WAD)
    assert exact <= law.liability(supply, index, num, den) < exact + 1


@given(answer=U128, decimals=st.integers(0, 36), margin=st.integers(0, 9_999))
def test_a_reserve_rounds_down(answer: int, decimals: int, margin: int) -> None:
    """What an answer counts for is never above the exact value."""
    exact = Fraction(answer * 10**18, 10**decimals) * Fraction(10_000 - margin, 10_000)
    assert law.counted_reserve(law.normalise_answer(answer, decimals), margin) <= exact


@given(supply=U128, recorded=U128, delta=INDEX)
def test_a_receivable_is_bounded_by_the_liability_it_answers(supply: int, recorded: int, delta: int) -> None:
    """A receivable never exceeds what the rise of the index added to the liability."""
    added = law.liability(supply, WAD + delta, 1, 1) - supply
    assert law.receivable(supply, recorded, delta, 1, 1) <= added


def test_decimals_are_normalised_both_ways() -> None:
    assert law.normalise_answer(5, 0) == 5 * WAD
    assert law.normalise_answer(123, 8) == 123 * 10**10
    assert law.normalise_answer(19, 19) == 1
    assert law.to_shares(7, 8) == 7 * 10**10
    assert law.to_shares(7, 18) == 7


@pytest.mark.parametrize(
    ("reserve", "ceiling", "others", "due", "there"),
    [
        (0, 0, 0, 0, 0),
        (100, 100, 0, 0, 100),
        (100, 200, 0, 0, 100),
        (200, 100, 0, 0, 100),
        (200, 150, 60, 0, 140),
        (200, 150, 201, 0, 0),
        (100, 100, 100, 1, 1),
        (0, 0, 0, 500, 500),
    ],
)
def test_reserve_ceiling_and_the_other_chains_bind(
    reserve: int, ceiling: int, others: int, due: int, there: int
) -> None:
    assert Coverage(reserve, 0, due, ceiling, others).there == there


@pytest.mark.parametrize(
    ("answer", "owed", "ok"),
    [
        (98, 100, True),
        (97, 100, False),
        (0, 0, True),
        (0, 1, False),
        (979_999, 10**6, False),
        (980_000, 10**6, True),
    ],
)
def test_an_answer_is_plausible_from_98_percent_on(answer: int, owed: int, ok: bool) -> None:
    assert law.is_plausible(answer, owed) is ok


def test_ceilings_scale_with_the_split_each_rounded_to_its_safe_side() -> None:
    assert (law.scaled_down(1001, 1, 2), law.scaled_up(1001, 1, 2)) == (500, 501)
    assert law.scaled_down(1001, 2, 1) == law.scaled_up(1001, 2, 1) == 2002
    assert law.scaled_down(2**127, 2, 1) == law.scaled_up(2**127, 2, 1) == 2**128 - 1


@given(raw=U128, multiplier=MULTIPLIER, price=st.integers(1, 10**24), decimals=st.sampled_from([8, 18]))
def test_settlement_rounds_against_the_caller(raw: int, multiplier: int, price: int, decimals: int) -> None:
    """A mint costs at least, and a redemption pays at most, the exact value; they differ by one smallest unit."""
    exact = Fraction(raw * multiplier * price * 10**6, 10**decimals * WAD * WAD)
    paid = law.mint_settlement(raw, decimals, multiplier, price, 6)
    received = law.redeem_settlement(raw, decimals, multiplier, price, 6)
    assert received <= exact <= paid <= received + 1
