"""An order to adopt a split waited in the timelock until another split was in effect, and adopted that: 2,000 shares of
before 1:10 were counted as shares of after it. Units for 2,000 shares could be minted, and 200 were there."""

import pytest
from support.backing_stories import SOURCES, Backing

from scrip import instructions as ins
from scrip.units import Shares

TWO, FIFTH = ins.Basis(2, 1, 1), ins.Basis(1, 5, 2)


@pytest.mark.parametrize("where", SOURCES)
def test_it_adopts_what_it_names_and_nothing_else(where: str) -> None:
    story = Backing(where)
    story.at(story.split(2, 1, "first"))
    waits = ins.SetBasis("MSFT", TWO)
    story.holds(2_000, TWO)
    story.confirm()
    story.at(story.split(1, 10, "second"))
    story.holds(2_000, TWO)
    story.refuses("reserve: wrong basis", waits)
    story.is_full()
    story.apply(ins.SetBasis("MSFT", FIFTH))
    story.holds(200, FIFTH)
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
def test_an_order_that_comes_early_adopts_nothing(where: str) -> None:
    story = Backing(where)
    story.split(2, 1)
    story.refuses("reserve: wrong basis", ins.SetBasis("MSFT", TWO))


@pytest.mark.parametrize("where", SOURCES)
def test_a_ceiling_that_waited_is_of_the_basis_that_it_names(where: str) -> None:
    """2,000 shares of before 1:10 are no ceiling of 2,000 shares after it."""
    story = Backing(where)
    waits = ins.SetCeiling("MSFT", Shares.of(2_000), basis=TWO)
    story.at(story.split(2, 1, "first"))
    story.holds(2_000, TWO)
    story.confirm()
    story.at(story.split(1, 10, "second"))
    story.apply(ins.SetBasis("MSFT", FIFTH))
    story.refuses("reserve: wrong basis", waits)
