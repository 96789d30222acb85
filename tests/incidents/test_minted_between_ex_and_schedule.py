"""Between the market's ex and the scheduling of what had been announced, units were minted at a price without the
dividend, and then had their part in it."""

import pytest
from support.three_ledgers import DAY, KINDS, START, Story

AT = START + 2 * DAY
EX = AT - DAY // 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("decided", ["scheduled", "cancelled"])
def test_nothing_is_minted_until_somebody_decides(kind: str, decided: str) -> None:
    story = Story(kind)
    story.announced("dividend", 25, AT, ex_at=EX)
    story.at(START + 1)
    story.holds(10_000)
    story.at(EX - 1)
    story.mint(1)
    story.at(EX)
    story.refuses_to_mint(1, "reserve: action undecided")
    story.redeem(1)
    if decided == "cancelled":
        story.cancel("dividend")
    else:
        story.strike("dividend")
    story.mint(1)
