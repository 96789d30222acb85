"""A dividend whose cash is there before its ex was refused as bad terms: FINRA 11140(b)(2) defers the ex of a large one
to the day after the cash, and until then shares trade with due bills.

What the cash buys is bought from the effect on, so everything but the pay date on record is that of a dividend which is
paid at its effect: when it stops counting as receivable most of all.
"""

import pytest
from support.three_ledgers import DAY, KINDS, Story

from scrip.errors import Refusal


@pytest.mark.parametrize("kind", KINDS)
def test_it_counts_as_what_is_paid_at_its_effect(kind: str) -> None:
    """The program, the contracts and the model: receivable from the schedule, until an answer as of the effect."""
    story = Story(kind)
    at = story.now() + 5 * DAY
    order = story.scheduled("deferred", 20, at, pay=at - DAY, ex_at=at)
    assert order.bought == at
    assert story.receivable == 200
    story.at(at - 1)
    story.holds(1_000)
    assert story.receivable == 200, "the cash is there, the shares are not"
    story.at(at + 5 * DAY - 1)
    assert story.receivable == 200
    story.at(at + 5 * DAY)
    assert story.receivable == 0, "the grace runs from the effect"


@pytest.mark.parametrize("kind", KINDS)
def test_its_shares_end_it(kind: str) -> None:
    story = Story(kind)
    at = story.now() + 5 * DAY
    story.scheduled("deferred", 20, at, pay=at - DAY, ex_at=at, buy=at + DAY)
    story.at(at + DAY)
    story.holds(1_200)
    assert story.receivable == 0
    story.refuses_to_mint(1, "reserve: insufficient")


@pytest.mark.parametrize("kind", KINDS)
def test_a_month_is_the_most_and_nothing_is_bought_before_the_effect(kind: str) -> None:
    story = Story(kind)
    at = story.now() + 5 * DAY
    for terms in ({"pay": at - 30 * DAY - 1}, {"pay": at - DAY, "buy": at - 1}, {"pay": at - DAY, "buy": at + 6 * DAY}):
        with pytest.raises(Refusal, match="bad terms"):
            story.announced("d", 20, at, ex_at=at, **terms)
    story.announced("d", 20, at, ex_at=at, pay=at - 30 * DAY)
