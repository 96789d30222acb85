"""Two dividends joined one slot and the first was cancelled. What the second will buy had been computed on top of the
first and was kept: 1,300 units were owed on the 1,250 shares that could ever be there."""

import pytest
from support.three_ledgers import DAY, KINDS, START, Story

AT = START + 2 * DAY


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_dividend_buys_is_derived_anew_when_its_slot_changes(kind: str) -> None:
    story = Story(kind)
    story.scheduled("first", 20, AT)
    story.scheduled("second", 25, AT)
    assert story.receivable == 200 + 250
    story.cancel("first")
    assert story.receivable == 250
    story.refuses_to_mint(1, "reserve: insufficient")
    story.cancel("second")
    assert story.receivable == 0
