"""An aggregator showed a split's shares before the split took effect, and the clock alone decided what they were: 4,000
new shares were taken for old ones, 3,000 units were minted on them, and 16,000 new shares were owed on 4,000."""

import pytest
from support.backing_stories import ATTESTED, BLIND, FIRST, Backing

from scrip import instructions as ins

FOUR = ins.Basis(4, 1, 1)


@pytest.mark.parametrize("where", BLIND)
def test_new_shares_that_are_shown_early_are_not_taken_for_old_ones(where: str) -> None:
    story = Backing(where)
    at = story.split(4, 1)
    story.holds(4_000)
    story.is_full()
    story.at(at)
    story.is_full()
    story.holds(4_000)
    story.confirm()
    story.is_full()
    story.holds(4_004)
    story.mint(1)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_old_shares_that_are_shown_late_are_not_taken_for_new_ones(where: str) -> None:
    """1:4, and the custodian's 1,000 old shares are 250 new ones. 250 are owed: 750 more would be 3,000 units."""
    story = Backing(where)
    story.at(story.split(1, 4))
    story.holds(1_000)
    story.is_full()
    story.refuses("reserve: split not shown", ins.ConfirmBasis("MSFT"))
    story.holds(250)
    story.confirm()
    story.is_full()
    story.holds(251)
    story.mint(4)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_old_shares_are_minted_on_until_new_ones_are_shown(where: str) -> None:
    """1,500 old shares are not taken for new ones either: 4,000 of those are owed. 500 units have their shares."""
    story = Backing(where)
    story.at(story.split(4, 1))
    story.holds(1_500)
    story.mint(500)
    story.is_full()


@pytest.mark.parametrize("where", ATTESTED)
def test_an_attestation_is_of_the_basis_that_it_names_early_and_late(where: str) -> None:
    story = Backing(where)
    at = story.split(4, 1)
    story.holds(4_000, FOUR)
    story.is_full()
    story.at(at)
    story.holds(1_001, FIRST)
    story.mint(1)
    story.is_full()
    story.refuses("reserve: split not shown", ins.ConfirmBasis("MSFT"))
    story.holds(4_004, FOUR)
    story.confirm()
    story.is_full()
