"""A dividend counted as receivable until its pay date and the grace were over, also when the custodian's count had the
shares that it became: 1,500 units were owed on 1,250 shares. And it was written on the supply of its scheduling: units
that were redeemed and minted again stood on a dividend that was never paid for them."""

import pytest
from support.three_ledgers import DAY, KINDS, START, Story

AT = START + 2 * DAY


@pytest.mark.parametrize("kind", KINDS)
def test_a_receivable_ends_with_the_answer_that_has_its_shares(kind: str) -> None:
    story = Story(kind)
    paid = story.scheduled("dividend", 25, AT).pay
    story.at(paid - 1)
    story.holds(1_000)
    assert story.receivable == 250
    story.at(paid)
    story.holds(1_250)
    assert story.receivable == 0
    story.refuses_to_mint(1, "reserve: insufficient")


@pytest.mark.parametrize("kind", KINDS)
def test_bought_at_once_it_ends_at_once(kind: str) -> None:
    story = Story(kind)
    story.at(story.scheduled("dividend", 25, AT, buy=AT).effective_at)
    story.holds(1_250)
    story.refuses_to_mint(1, "reserve: insufficient")


@pytest.mark.parametrize("kind", KINDS)
def test_units_that_come_after_a_redemption_stand_on_no_dividend(kind: str) -> None:
    story = Story(kind)
    story.scheduled("dividend", 25, AT)
    story.redeem(800)
    story.mint(600)
    assert story.receivable == 50
    story.refuses_to_mint(200, "reserve: insufficient")
