"""The arithmetic of offers by tables made by hand, and that nothing of it ever comes to more than there is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrip.model.laws import offers as law
from scrip.model.laws.offers import Agreed, Outcome
from scrip.units import WAD, Wad

UNIT, COIN = 10**18, 10**6
TENDER = Agreed("TEND", Wad(400 * WAD), Wad(0), 45 * UNIT, 6)
RIGHTS = Agreed("RHTS", Wad(6 * WAD), WAD, 100 * UNIT, 6)
MERGER = Agreed("MRGR", Wad(90 * WAD), Wad(WAD // 2), 100 * UNIT, 6)


@pytest.mark.parametrize(
    ("cum", "price", "new", "old", "terp", "right"),
    [
        # One new share at 6 for four old at 10: (40 + 6) ÷ 5.
        ("10", "6", 1, 4, Fraction(92, 10), Fraction(32, 10)),
        # Two for three at 2.50, a share at 4: (12 + 5) ÷ 5.
        ("4", "2.5", 2, 3, Fraction(34, 10), Fraction(9, 10)),
        # 3 for 11 at 1.20, a share at 2: (22 + 3.6) ÷ 14, which no decimal holds.
        ("2", "1.2", 3, 11, Fraction(64, 35), Fraction(22, 35)),
        # At the market a right is worth nothing, and above it nothing less.
        ("5", "5", 1, 2, Fraction(5), Fraction(0)),
        ("5", "8", 1, 2, Fraction(6), Fraction(0)),
    ],
)
def test_the_theoretical_price_by_hand(
    cum: str, price: str, new: int, old: int, terp: Fraction, right: Fraction
) -> None:
    assert law.terp(Fraction(cum), Fraction(price), new, old) == terp
    assert law.right_worth(Fraction(cum), Fraction(price), new, old) == right


def test_who_uses_its_rights_and_who_sells_them_come_out_alike() -> None:
    """Four shares at 10 and one right: 46 with a new share at 9.20, or four at 9.20 and 3.20 in cash."""
    price = law.terp(Fraction(10), Fraction(6), 1, 4)
    assert 5 * price - 6 == 4 * price + law.right_worth(Fraction(10), Fraction(6), 1, 4) == 40


def test_a_tender_a_rights_issue_and_a_merger_by_hand() -> None:
    assert law.outcome(TENDER, 100 * UNIT, 0, 150 * UNIT, 0) == Outcome(30 * UNIT, 70 * UNIT, 12_000 * COIN)
    assert law.outcome(TENDER, 40 * UNIT, 0, 45 * UNIT, 0) == Outcome(40 * UNIT, 0, 16_000 * COIN)
    assert law.needs(TENDER, 150 * UNIT, 0) == (18_000 * COIN, 0)
    # 60 rights of 100 are used, 80 more are asked for: 40 are left, so half of what was asked.
    assert law.outcome(RIGHTS, 40 * UNIT, 50 * UNIT, 60 * UNIT, 80 * UNIT) == Outcome(
        40 * UNIT, 65 * UNIT, 150 * COIN, 390 * COIN
    )
    assert law.needs(RIGHTS, 60 * UNIT, 80 * UNIT) == (0, 100 * UNIT)
    assert law.returned(RIGHTS, 40 * UNIT, 50 * UNIT) == (40 * UNIT, 540 * COIN)
    # 200 of 400 choose cash of which 100 is paid: half becomes stock, one for two.
    assert law.outcome(MERGER, 80 * UNIT, 20 * UNIT, 200 * UNIT, 200 * UNIT) == Outcome(
        100 * UNIT, 30 * UNIT, 3_600 * COIN
    )
    assert law.needs(MERGER, 200 * UNIT, 200 * UNIT) == (9_000 * COIN, 150 * UNIT)


def test_price_and_ratio_round_down_and_grow_with_a_dividend() -> None:
    assert law.price_of(Wad(WAD * 21 // 20), Wad(400 * WAD), WAD) == 420 * WAD
    assert law.price_of(WAD, Wad(1), Wad(WAD // 2)) == 0
    assert law.ratio_of(WAD, Wad(3 * WAD)) == WAD // 3
    assert law.grown(Wad(400 * WAD), Wad(WAD * 21 // 20), WAD) == 420 * WAD
    assert law.shrunk(WAD, Wad(WAD * 21 // 20), WAD) == 952_380_952_380_952_380


amounts = st.lists(st.tuples(st.integers(0, 2**90), st.integers(0, 2**90)), min_size=1, max_size=6)


@given(
    choices=amounts,
    code=st.sampled_from(law.OFFER_CODES),
    price=st.integers(1, 2**90),
    ratio=st.integers(1, 2**70),
    most=st.integers(0, 2**92),
)
def test_all_outcomes_come_to_no_more_than_came_in(
    choices: list[tuple[int, int]], code: law.OfferCode, price: int, ratio: int, most: int
) -> None:
    if code == "TEND":
        choices = [(first, 0) for first, _ in choices]
    agreed = Agreed(code, Wad(price), Wad(0 if code == "TEND" else ratio), most, 6)
    total, more = sum(first for first, _ in choices), sum(second for _, second in choices)
    due, minted = law.needs(agreed, total, more)
    ends = [law.outcome(agreed, first, second, total, more) for first, second in choices]
    came = due + sum(law.returned(agreed, *one)[1] for one in choices)
    assert sum(end.coins + end.proceeds for end in ends) <= came
    assert all(0 <= end.taken <= first + second for (first, second), end in zip(choices, ends, strict=True))
    if code == "TEND":
        assert all(end.taken + end.units == first for (first, _), end in zip(choices, ends, strict=True))
        assert not most or sum(end.taken for end in ends) <= most
    else:
        assert sum(end.units for end in ends) <= minted


def test_a_number_has_its_code_and_its_last_second() -> None:
    number = law.offer_number(1, b"\1" * 20, b"\2" * 32, 0, "RHTS", 1_900_000_000)
    assert (law.code_of(number), law.deadline_of(number)) == ("RHTS", 1_900_000_000)
    assert law.offer_number(1, b"\1" * 20, b"\2" * 32, 1, "RHTS", 1_900_000_000) != number
    assert law.code_of(0) is None
