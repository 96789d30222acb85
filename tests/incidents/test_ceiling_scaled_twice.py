"""After a split CEILING stated the ceiling in new shares, and then a stranger confirmed the split: the ceiling was
scaled once more, to twice what CEILING had allowed. One that was stated in old shares must be scaled, and once."""

import pytest
from support.backing_stories import FIRST, SOURCES, Backing

from scrip import instructions as ins
from scrip.units import Shares

TWO = ins.Basis(2, 1, 1)


@pytest.mark.parametrize("where", SOURCES)
@pytest.mark.parametrize(("stated_in", "ceiling"), [(TWO, 2_500), (FIRST, 1_250)])
def test_a_ceiling_is_of_the_basis_that_it_was_stated_in(where: str, stated_in: ins.Basis, ceiling: int) -> None:
    """2,500 new shares are 1,250 units, whatever the custodian holds beyond: 250 more than there are."""
    story = Backing(where)
    story.at(story.split(2, 1))
    story.holds(20_000, TWO)
    story.apply(ins.SetCeiling("MSFT", Shares.of(ceiling), basis=stated_in))
    story.confirm()
    story.holds(20_000, TWO)
    story.mint(250)
    story.is_full()
    story.refuses("reserve: wrong basis", ins.SetCeiling("MSFT", Shares.of(1_250), basis=FIRST))


@pytest.mark.parametrize("where", SOURCES)
def test_what_other_chains_may_owe_is_scaled_once_too(where: str) -> None:
    """500 old shares elsewhere are 1,000 new ones: of 3,004 there is room for two units of two more here."""
    story = Backing(where)
    story.holds(2_000)
    story.apply(ins.SetCeiling("MSFT", Shares.of(10**6), Shares.of(500), FIRST))
    story.at(story.split(2, 1))
    story.holds(3_004, TWO)
    story.confirm()
    story.holds(3_004, TWO)
    story.mint(2)
    story.is_full()
