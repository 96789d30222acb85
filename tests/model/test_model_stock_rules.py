"""Rules and limits as values: which of two is the tighter, and what both of two admit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrip.holder_limits import EVERY_CLASS, Countries, HolderLimits, StockRules
from scrip.units import RawUnits

countries = st.integers(0, 2**1024 - 1).map(Countries)
rules = st.builds(StockRules, st.frozensets(st.sampled_from(sorted(EVERY_CLASS))), countries)
units = st.integers(0, 3).map(lambda value: RawUnits(value, 18))
limits = st.builds(HolderLimits, st.integers(0, 3), units, units)


def test_a_set_of_countries_and_its_complement() -> None:
    some, rest = Countries.only([276, 840]), Countries.all_but([276, 840])
    assert some.members() == rest.others() == (276, 840)
    assert 276 in some
    assert 276 not in rest
    assert (some & rest) == Countries.only([])
    assert Countries.all_but([]) == Countries()


@given(rules, rules, st.integers(1, 999), st.sampled_from(sorted(EVERY_CLASS)))
def test_both_admit_whom_each_admits(one: StockRules, other: StockRules, country: int, kind: str) -> None:
    both = one & other
    assert one.admits(country, kind) == (kind in one.classes and country in one.countries.members())
    assert both.admits(country, kind) == (one.admits(country, kind) and other.admits(country, kind))
    assert both <= one
    assert both <= other
    assert (one <= other) == (both == one)


def allows(one: HolderLimits, holders: int, held: int) -> bool:
    """What limits are for, said once more: so many holders of which one has so much."""
    return (
        (not one.most or holders <= one.most)
        and (not one.maximum or held <= one.maximum.value)
        and held >= one.minimum.value
    )


@given(limits, limits)
def test_the_tighter_limits_allow_what_each_allows(one: HolderLimits, other: HolderLimits) -> None:
    both = one & other
    cases = [(holders, held) for holders in range(1, 5) for held in range(1, 5)]
    assert all(allows(both, *case) == (allows(one, *case) and allows(other, *case)) for case in cases)
    assert both <= one
    assert both <= other
    assert (one <= other) == (both == one)
    assert one.is_possible == any(allows(replace_most(one), 1, held) for held in range(5))


def replace_most(one: HolderLimits) -> HolderLimits:
    """The same for any number of holders."""
    return HolderLimits(0, one.maximum, one.minimum)
