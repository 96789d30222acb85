"""A split was withdrawn, or changed by another that joined it, after an aggregator's books had followed it.

Its answer has one reading then, and the wrong one. 2,000 new shares counted as 2,000 old ones, by a stolen
ACTIONS key alone, and by an honest company that thought better of it. So they did where it was only announced and was
cancelled after its ex: what had held mints was gone, and the books had followed. Nothing is left of this chain's
ceiling: CEILING looks, and names one."""

from __future__ import annotations

import pytest
from support.backing_stories import ATTESTED, BLIND, FIRST, Backing
from support.days import ex_of
from support.three_ledgers import DAY, STOCK

from scrip import instructions as ins
from scrip.units import Shares


def withdrawn(story: Backing, reference: str = "split") -> None:
    """The split is cancelled."""
    story.apply(ins.Cancel(STOCK, "SPLF", reference, 2, "thought better of it"))


def is_stopped(story: Backing) -> None:
    """Nothing is minted before CEILING names what this chain may issue; then as much as is there, and no more."""
    story.refuses_to_mint(1, "reserve: insufficient")
    story.holds(1_000)
    story.refuses_to_mint(1, "reserve: insufficient")
    story.apply(ins.SetCeiling(STOCK, Shares.of(10**6), Shares.of(0), FIRST))
    story.is_full()
    story.holds(1_001)
    story.mint(1)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_a_split_that_is_withdrawn_after_the_books_followed_it_stops_mints(where: str) -> None:
    story = Backing(where)
    story.split(2, 1)
    story.holds(2_000)
    story.is_full()
    withdrawn(story)
    is_stopped(story)


@pytest.mark.parametrize("where", BLIND)
@pytest.mark.parametrize(("code", "num", "den"), [("SPLR", 1, 2), ("SPLR", 1, 4), ("SPLF", 3, 2)])
def test_a_split_that_joins_one_after_the_books_followed_it_stops_mints(
    where: str, code: str, num: int, den: int
) -> None:
    """Back to 1:1, to 1:2 or on to 3:1: of the answer 2,000 none of the two readings is right."""
    story = Backing(where)
    at = story.split(2, 1)
    story.holds(2_000)
    story.apply(ins.Announce(STOCK, code, "false", ex_of(at), at, num, den))
    story.apply(ins.Schedule(STOCK, code, "false", 0))
    story.refuses_to_mint(1, "reserve: insufficient")


def announced(where: str, code: str = "SPLF") -> Backing:
    """A story on the day before the effect of what is announced alone, and three days after its ex."""
    story = Backing(where)
    at = story.now() + 14 * DAY
    if code == "DRIP":
        story.announced("split", 3, at, ex_at=at - 4 * DAY)
    else:
        story.apply(ins.Announce(STOCK, code, "split", ex_of(at - 4 * DAY), at, 2, 1, ex_at=at - 4 * DAY))
    story.at(at - DAY)
    return story


@pytest.mark.parametrize("where", BLIND)
def test_a_split_that_is_withdrawn_after_its_ex_before_it_was_scheduled_stops_mints(where: str) -> None:
    story = announced(where)
    story.holds(2_000)
    story.refuses_to_mint(1, "reserve: action undecided")
    withdrawn(story)
    is_stopped(story)


@pytest.mark.parametrize("where", BLIND)
def test_ceilings_that_are_stated_ahead_stop_too(where: str) -> None:
    """Another split is open, and its basis is the ceilings'."""
    story = Backing(where)
    at = story.split(2, 1, "open")
    story.apply(ins.Announce(STOCK, "SPLF", "split", ex_of(at - 3 * DAY), at, 3, 1, ex_at=at - 3 * DAY))
    story.apply(ins.SetCeiling(STOCK, Shares.of(10**6), Shares.of(8), ins.Basis(2, 1, 1)))
    story.at(at - DAY)
    withdrawn(story)
    ceilings = story.ledger.coverage(STOCK)
    assert (ceilings.ceiling, ceilings.others) == (0, Shares.of(4).to_wad())
    story.at(at)
    story.holds(3_000)
    story.refuses_to_mint(1, "reserve: insufficient")
    story.confirm()
    story.refuses_to_mint(1, "reserve: insufficient")
    story.apply(ins.SetCeiling(STOCK, Shares.of(10**6), Shares.of(0), ins.Basis(2, 1, 1)))
    story.mint(500)
    story.is_full()


@pytest.mark.parametrize(("where", "code"), [*((one, "SPLF") for one in ATTESTED), *((one, "DRIP") for one in BLIND)])
def test_what_no_books_can_hide_goes_on(where: str, code: str) -> None:
    """An attestation says its basis; a dividend changes none."""
    story = announced(where, code)
    story.holds(1_001)
    story.refuses_to_mint(1, "reserve: action undecided")
    story.apply(ins.Cancel(STOCK, code, "split", 2, "not paid"))
    story.mint(1)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_a_split_that_is_withdrawn_before_its_ex_and_its_schedule_stops_nothing(where: str) -> None:
    story = Backing(where)
    story.announced_split(2, 1)
    withdrawn(story)
    story.holds(1_001)
    story.mint(1)


@pytest.mark.parametrize("where", ATTESTED)
def test_an_attestation_says_its_basis_and_nothing_stops(where: str) -> None:
    story = Backing(where)
    story.split(2, 1)
    withdrawn(story)
    story.holds(1_001)
    story.mint(1)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_a_dividend_that_leaves_the_slot_of_a_split_stops_nothing(where: str) -> None:
    story = Backing(where)
    at = story.split(2, 1)
    story.scheduled("three", 3, at, pay=at)
    story.apply(ins.Cancel(STOCK, "DRIP", "three", 2, "not paid"))
    story.at(at)
    story.holds(2_002)
    story.apply(ins.SetBasis(STOCK, ins.Basis(2, 1, 1)))
    story.mint(1)
    story.at(story.now() + DAY)
