"""A stolen ACTIONS key could name a pay date in the year 2242, and so count a dividend against a shortfall for ever."""

import pytest
from support.three_ledgers import DAY, KINDS, START, Story

from scrip.errors import Refusal

AT = START + 2 * DAY


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("terms", [{"pay": 2**33 - 1}, {"pay": AT + 120 * DAY + 1}, {"pay": AT, "buy": AT + 6 * DAY}])
def test_a_dividend_is_paid_and_its_shares_are_bought_within_a_season(kind: str, terms: dict[str, int]) -> None:
    with pytest.raises(Refusal, match="actions: bad terms"):
        Story(kind).announced("dividend", 25, AT, **terms)


@pytest.mark.parametrize("kind", KINDS)
def test_one_more_than_fits_is_refused_and_pushes_none_out(kind: str) -> None:
    story = Story(kind)
    for number in range(4):
        at = story.now() + 2 * DAY
        story.scheduled(str(number), 1, at, pay=at + 120 * DAY)
        story.at(at)
    before = story.receivable
    with pytest.raises(Refusal, match="reserve: receivables full"):
        story.scheduled("fifth", 1, story.now() + 2 * DAY)
    assert story.receivable == before
