"""An order to adopt a split waited in the timelock until another split was in effect, and adopted that: 2,000 shares of
before 1:10 were counted as shares of after it. Units for 2,000 shares could be minted, and 200 were there."""

import pytest
from eth_abi import encode
from support.backing_stories import SOURCES, Backing
from support.contract_calls import ZERO, ZERO32, deploy, named, now, refuses, set_clock, word32
from support.issuance_world import ADMIN, ADMIN_ROLE, ALICE, DAY, MINTER, WAD, Issuance

from scrip import instructions as ins
from scrip.units import Shares

TWO, FIFTH = ins.Basis(2, 1, 1), ins.Basis(1, 5, 2)


@pytest.mark.parametrize("where", SOURCES)
def test_it_adopts_what_it_names_and_nothing_else(where: str) -> None:
    story = Backing(where)
    story.at(story.split(2, 1, "first"))
    waits = ins.SetBasis("MSFT", TWO)
    story.holds(2_000, TWO)
    story.confirm()
    story.at(story.split(1, 10, "second"))
    story.holds(2_000, TWO)
    story.refuses("reserve: wrong basis", waits)
    story.is_full()
    story.apply(ins.SetBasis("MSFT", FIFTH))
    story.holds(200, FIFTH)
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
def test_an_order_that_comes_early_adopts_nothing(where: str) -> None:
    story = Backing(where)
    story.split(2, 1)
    story.refuses("reserve: wrong basis", ins.SetBasis("MSFT", TWO))


@pytest.mark.parametrize("where", SOURCES)
def test_a_ceiling_that_waited_is_of_the_basis_that_it_names(where: str) -> None:
    """2,000 shares of before 1:10 are no ceiling of 2,000 shares after it."""
    story = Backing(where)
    waits = ins.SetCeiling("MSFT", Shares.of(2_000), basis=TWO)
    story.at(story.split(2, 1, "first"))
    story.holds(2_000, TWO)
    story.confirm()
    story.at(story.split(1, 10, "second"))
    story.apply(ins.SetBasis("MSFT", FIFTH))
    story.refuses("reserve: wrong basis", waits)


def test_what_ripened_in_the_timelock_of_the_contracts_is_carried_out_no_more(suite: Issuance) -> None:
    """Anyone carries out what is ripe, when it suits them: here after 1:10, on 2,000 shares of before it."""
    timelock = deploy("Timelock", 2 * DAY, [named("safe")], [ZERO], ZERO)
    suite.roles.grantRole(ADMIN_ROLE, timelock, sender=ADMIN)
    set_clock(suite.record(suite.schedule("SPLF", "first", num=2, den=1))["effectiveAt"])
    call = suite.feed.selector("setBasis", 4) + encode(["address", *["uint256"] * 3], [suite.stock.address, *TWO])
    operation = (suite.feed, 0, call, ZERO32, word32("set the basis"))
    timelock.schedule(*operation, 2 * DAY, sender=named("safe"))
    suite.attest(2_000)
    suite.feed.confirmBasis(suite.stock)
    set_clock(now() + 12 * DAY)
    suite.configure(max_age=30 * DAY)
    set_clock(suite.record(suite.schedule("SPLR", "second", num=1, den=10))["effectiveAt"])
    with refuses("reserve: wrong basis"):
        timelock.execute(*operation, sender=named("mallory"))
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, WAD, sender=MINTER)
