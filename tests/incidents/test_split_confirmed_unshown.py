"""Splits were confirmed by answers that did not show them: one of two percent; a reverse split of 1:2 after half had
been redeemed; and 2:1 followed by 1:2, which came back to the confirmed fraction and was never asked about. Each time
old shares were then counted as new ones."""

import pytest
from support.backing_stories import BLIND, FIRST, SOURCES, Backing
from support.three_ledgers import DAY

from scrip import instructions as ins

CONFIRM = ins.ConfirmBasis("MSFT")
TWO, BACK = ins.Basis(2, 1, 1), ins.Basis(1, 1, 2)


@pytest.mark.parametrize("where", BLIND)
def test_a_forward_split_of_two_percent_gives_nothing_away(where: str) -> None:
    """An answer may lack two percent, so the 1,000 old shares confirm 102:100; they are 20 fewer than are owed. 1,001
    units owe 1,021.02."""
    story = Backing(where)
    story.at(story.split(102, 100))
    story.holds(1_000)
    story.confirm()
    story.is_full()
    story.holds(1_021)
    story.is_full()
    story.holds(1_022)
    story.mint(1)


@pytest.mark.parametrize("where", BLIND)
def test_a_reverse_split_of_two_percent_is_not_confirmed(where: str) -> None:
    """100:102, and 980.4 new shares are owed. 1,000 old ones would be 19.6 new ones too many: 20 units."""
    story = Backing(where)
    story.at(story.split(100, 102))
    story.holds(1_000)
    story.refuses("reserve: split not shown", CONFIRM)
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
def test_half_redeemed_is_not_half_the_shares(where: str) -> None:
    """500 units are left on 1,000 old shares, 500 new ones: 500 units more, and not the 1,500 of 1,000 new shares."""
    story = Backing(where)
    story.redeem(500)
    story.at(story.split(1, 2))
    story.holds(1_000, FIRST)
    story.refuses("reserve: split not shown", CONFIRM)
    story.refuses_to_mint(501, "reserve: insufficient")
    story.holds(250, ins.Basis(1, 2, 1))
    story.confirm()
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
def test_a_fraction_that_comes_back_is_another_basis(where: str) -> None:
    """2:1, confirmed, then 1:2: the 2,000 shares of before are not taken for 2,000 of now, of which 1,000 are owed."""
    story = Backing(where)
    story.at(story.split(2, 1, "there"))
    story.holds(2_000, TWO)
    story.confirm()
    story.at(story.split(1, 2, "back"))
    story.holds(2_000, TWO)
    story.is_full()
    story.refuses("reserve: split not shown", CONFIRM)
    story.holds(1_000, BACK)
    story.confirm()
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
@pytest.mark.parametrize(("num", "den"), [(2, 1), (4, 1)])
def test_no_split_is_scheduled_while_one_is_unconfirmed(where: str, num: int, den: int) -> None:
    """Else an answer would have three readings, and 1:2 after 2:1 would leave none to ask about."""
    story = Backing(where)
    story.at(story.split(num, den, "first"))
    order, at = story.announced_split(1, 2, "second")
    story.refuses("reserve: basis unconfirmed", order)
    story.holds(1_000 * num, ins.Basis(num, den, 1))
    story.confirm()
    story.at(at - 3 * DAY)
    story.apply(order)
    story.is_full()
