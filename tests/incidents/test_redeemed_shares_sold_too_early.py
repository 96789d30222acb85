"""Redeemed shares were sold while a ceiling still counted them: the answer from before the sale, which was fresh still,
let them be issued again, and 1,000 were owed on 800 shares. They may be sold out of the surplus alone, after the
ceiling was lowered by them, and it rises again with an answer as of after their delivery."""

import pytest
from support.days import ex_of
from support.three_ledgers import DAY, KINDS, START, STOCK, Story

from scrip import instructions as ins
from scrip.ledger import Surplus
from scrip.units import WAD, Shares, ShareWad, Wad

AT = START + 10 * DAY
NONE = ShareWad(0)


def shares(whole: int) -> ShareWad:
    return Shares.of(whole).to_wad()


def ceiling(chain: Story, own: int, others: int) -> None:
    chain.apply(ins.SetCeiling(STOCK, Shares.of(own), Shares.of(others)))


def two_chains(kind: str) -> tuple[Story, Story]:
    """1,000 shares, of which either chain owes 500 and may owe no more; 200 units of the second are redeemed."""
    a, b = Story(kind), Story(kind)
    for chain in (a, b):
        chain.redeem(500)
        ceiling(chain, 500, 500)
        chain.refuses_to_mint(1, "reserve: insufficient")
    b.redeem(200)
    return a, b


def owed(*chains: Story) -> int:
    return sum(chain.ledger.coverage(STOCK).required for chain in chains) // WAD


@pytest.mark.parametrize("kind", KINDS)
def test_sold_first_they_are_issued_again(kind: str) -> None:
    a, b = two_chains(kind)
    held = 1_000 - 200
    b.mint(200)
    assert (owed(a, b), held) == (1_000, 800)
    # Only now does an answer show the sale, and it is too late to refuse anything.
    b.at(b.now() + 1)
    b.holds(held)
    assert not b.ledger.coverage(STOCK).covered


@pytest.mark.parametrize("kind", KINDS)
def test_in_their_order_nothing_is_issued_on_them(kind: str) -> None:
    a, b = two_chains(kind)
    assert b.ledger.surplus(STOCK) == Surplus(shares(200), shares(500), shares(300), 0, START)
    assert a.ledger.surplus(STOCK).shares == 0
    ceiling(b, 300, 500)
    assert b.ledger.surplus(STOCK).shares == 0
    b.refuses_to_mint(1, "reserve: insufficient")
    # They are sold and delivered, and an answer says so; then the ceilings may follow the shares that are there.
    for chain in (a, b):
        chain.at(START + 2 * DAY)
        chain.holds(800)
    ceiling(a, 500, 300)
    ceiling(b, 300, 500)
    for chain in (a, b):
        chain.refuses_to_mint(1, "reserve: insufficient")
    assert owed(a, b) == 800


@pytest.mark.parametrize("kind", KINDS)
def test_a_ceiling_raised_on_an_answer_from_before_the_delivery_loses_the_same(kind: str) -> None:
    a, b = two_chains(kind)
    ceiling(b, 300, 500)
    b.at(START + DAY)
    b.holds(1_000)  # as of the second before they leave
    b.at(START + DAY + 1)
    ceiling(b, 500, 500)
    b.mint(200)
    assert owed(a, b) == 1_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_dividend_that_is_announced_is_owed_at_its_greatest(kind: str) -> None:
    story = Story(kind)
    story.redeem(200)
    assert story.ledger.surplus(STOCK).shares == shares(200)
    story.announced("first", 1, AT)
    # A quarter more than 800 is all that there is; nothing of it is free until the price is struck.
    assert story.ledger.surplus(STOCK) == Surplus(NONE, shares(1_000), shares(800), 0, START)
    story.strike("first")
    assert story.ledger.surplus(STOCK).shares == shares(1_000 - 808)
    story.redeem(200)
    story.announced("second", 1, AT + DAY)
    story.announced("third", 1, AT + DAY)
    # 600 at 1.01, and twice a quarter of it: 946.875. What the first will buy is not there.
    assert story.ledger.surplus(STOCK).shares == ShareWad(shares(1_000) - 946_875 * WAD // 1_000)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_free_while_a_mint_would_find_nothing_to_count_on(kind: str) -> None:
    story = Story(kind)
    story.redeem(200)
    ex_at = story.announced("undecided", 1, START + 30 * DAY).ex_at or START + 29 * DAY
    story.at(START + 30 * DAY)
    assert ex_at <= story.now()
    assert story.ledger.surplus(STOCK) == Surplus(NONE, NONE, shares(800), 0, START)
    story.cancel("undecided")
    assert story.ledger.surplus(STOCK).shares == shares(200)
    story.at(START + 400 * DAY + 1)
    assert story.ledger.surplus(STOCK) == Surplus(NONE, NONE, shares(800), 0, START)


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_readings_the_smaller_one_may_be_sold(kind: str) -> None:
    story = Story(kind)
    story.redeem(400)
    story.apply(ins.Announce(STOCK, "SPLF", "split", ex_of(AT), AT, num=2, den=1))
    blind = kind != "program"
    # An aggregator may count in new shares before anybody has scheduled them; what ATTESTOR signs says its basis.
    free = Surplus(shares(400), shares(1_000), shares(600), 0, START)
    assert story.ledger.surplus(STOCK) == (Surplus(NONE, NONE, shares(600), 0, START) if blind else free)
    story.apply(ins.Schedule(STOCK, "SPLF", "split", Wad(0)))
    assert story.ledger.coverage(STOCK).required == shares(600), "a mint takes the plausible reading"
    # 1,000 shares of the new basis are less than the 1,200 that are owed there.
    assert story.ledger.surplus(STOCK) == (Surplus(NONE, shares(1_000), shares(1_200), 1, START) if blind else free)
    story.at(START + DAY)
    story.holds(1_500)
    told = (shares(1_500), shares(1_200 if blind else 600), 1 if blind else 0, story.now())
    assert story.ledger.surplus(STOCK) == Surplus(shares(300 if blind else 900), *told)
