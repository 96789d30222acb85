"""Tootsie Roll's 103 new shares for 100, every year for forty years, on the model, the bytecode and the program.

A pair of whole numbers holds nine of them: 103 to the tenth has 68 bits. So every ninth year is folded into the index.
What 1,000 shares became is 1,000 × 1.03^40, an exact fraction worked out by hand: 1,000 × 103^40 ÷ 100^40.
The program's part is dear (some 250 transactions through LiteSVM), and no other test goes through a fold there.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from support.days import ex_of
from support.three_ledgers import DAY, KINDS, STOCK, Story

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.units import WAD, Wad

YEARS, NEW, OLD = 40, 103, 100
YEAR = 365 * DAY
HELD = 9
"""How many the pair holds: 103^9 is 1,304,773,183,829,244,583, and 100^10 has 67 bits of the 64 that there are."""
BECAME = {
    1: "1030.000000000000",
    9: "1304.773183829244",
    10: "1343.916379344121",
    18: "1702.433061239903",
    20: "1806.111234669413",
    27: "2221.289005570156",
    36: "2898.278328002669",
    40: "3262.037791999074",
}
"""What 1,000 shares were after so many years: 1,000 × 1.03^n, cut after 12 decimals."""


def test_the_table_is_the_fraction_itself() -> None:
    """Cut after 12 decimals, by long multiplication alone."""
    for years, shares in BECAME.items():
        assert int(shares.replace(".", "")) == 1_000 * NEW**years * 10**12 // OLD**years


def shown(story: Story) -> Fraction:
    """Alice's 1,000 units in shares, by the chain's own number."""
    return 1_000 * Fraction(story.ledger.multiplier(STOCK).ui_multiplier, WAD)


def a_year(story: Story, year: int, at: int) -> None:
    """Announced and scheduled three days ahead; the custodian delivers, and its basis is adopted."""
    story.at(at - 3 * DAY)
    story.apply(ins.Announce(STOCK, "SPLF", f"year {year}", ex_of(at), at, NEW, OLD))
    story.apply(ins.Schedule(STOCK, "SPLF", f"year {year}"))
    story.at(at)
    story.holds(5_000)
    story.apply(ins.SetBasis(STOCK))


@pytest.mark.parametrize("kind", KINDS)
def test_forty_years_come_to_the_exact_fraction(kind: str) -> None:
    story = Story(kind)
    begin, folds = story.now() + 30 * DAY, 0
    for year in range(1, YEARS + 1):
        at = begin + year * YEAR
        if year > 1 and year % HELD == 1:
            now = story.ledger.multiplier(STOCK)
            assert (now.num, now.den) == (NEW**HELD, OLD**HELD)
            with pytest.raises(Refusal) as refused:
                a_year(story, year, at)
            assert refused.value.name == "actions: pair does not fit"
            story.apply(ins.Cancel(STOCK, "SPLF", f"year {year}", 7, "minutes"))
            story.apply(ins.Fold(STOCK, f"fold {year}", Wad(now.ui_multiplier), 1, 1, 7, "minutes"))
            story.at(story.now() + 1)
            story.holds(5_000)
            story.apply(ins.SetBasis(STOCK))
            folds += 1
            assert story.ledger.multiplier(STOCK).ui_multiplier == now.ui_multiplier
            at += 7 * DAY
            begin += 7 * DAY
            a_year(story, YEARS + year, at)
        else:
            a_year(story, year, at)
        exact = 1_000 * Fraction(NEW, OLD) ** year
        # Each fold floors once, at the tenth of the eighteenth decimal that 1.03^9 then multiplies.
        assert 0 <= exact - shown(story) < Fraction(1_000 * (folds * 4 + 1), WAD)
        if year in BECAME:
            assert abs(shown(story) - Fraction(BECAME[year])) <= Fraction(1, 10**12), year
    assert folds == 4
