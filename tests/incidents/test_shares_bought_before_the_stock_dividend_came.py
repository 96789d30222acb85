"""A dividend in shares (DVSE) is delivered weeks after its ex, and what is bought in between has no part in it.

An aggregator's answer was read as old shares alone until the delivery, so that 100 shares bought after the ex of 103
for 100 counted as 103: more was minted than the custodian would ever hold. From its schedule on the step is in doubt:
of the two readings the smaller counts, and the admin adopts the basis once the shares are there."""

from __future__ import annotations

import pytest
from support.backing_stories import ATTESTED, BLIND, Backing
from support.days import ex_of
from support.three_ledgers import DAY, STOCK

from scrip import instructions as ins


def in_effect(where: str) -> Backing:
    """1,000 shares for 1,000 units, the day after the ex of 103 for 100."""
    story = Backing(where)
    at = story.now() + 14 * DAY
    story.apply(ins.Announce(STOCK, "DVSE", "shares", ex_of(at), at, 103, 100))
    story.at(at - 3 * DAY)
    story.apply(ins.Schedule(STOCK, "DVSE", "shares", 0))
    story.at(at + DAY)
    return story


@pytest.mark.parametrize("where", BLIND)
def test_what_is_bought_before_the_delivery_counts_once(where: str) -> None:
    story = in_effect(where)
    story.holds(1_100)
    story.refuses_to_mint(98, "reserve: insufficient")
    story.mint(67)
    story.refuses_to_mint(1, "reserve: insufficient")
    story.refuses("reserve: basis in doubt", ins.ConfirmBasis(STOCK))
    story.holds(1_130)
    story.apply(ins.SetBasis(STOCK, ins.Basis(103, 100, 1)))
    story.mint(30)
    story.is_full()


@pytest.mark.parametrize("where", [one for one in ATTESTED if not one.startswith("program")])
def test_who_attests_says_the_old_shares_that_they_are_worth(where: str) -> None:
    """1,097 old shares are 1,129.91 new ones: 1,000 with their dividend, and 100 without it that are 97.08."""
    story = in_effect(where)
    story.holds(1_097, ins.Basis(1, 1, 0))
    story.mint(97)
    story.is_full()
