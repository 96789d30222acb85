from dataclasses import replace

import pytest
from model_world import DAY, START, STOCK, World, cancelled, dividend, scheduled, split
from support.days import ex_of

from scrip.instructions.reserve import AttestReserve, SetCeiling
from scrip.ledger import Coverage
from scrip.units import WAD, Shares

T1 = START + 2 * DAY
GRACE = 5 * DAY
PAY = T1 + 10 * DAY


def reserve(shares: int | str) -> AttestReserve:
    return AttestReserve(STOCK, Shares.parse(str(shares)))


def test_a_pending_dividend_counts_as_liability_and_its_receivable_against_it(funded: World) -> None:
    funded.do(reserve(100), *scheduled(dividend("d1", T1, gross=10 * WAD), price=100 * WAD))
    assert funded.ledger.coverage(STOCK) == Coverage(100 * WAD, 110 * WAD, 10 * WAD, 10**9 * WAD, 0)
    assert funded.ledger.coverage(STOCK).covered
    assert funded.refused(funded.mint("alice", "0.000000000000000001")) == "reserve: insufficient"


def test_a_receivable_does_not_bear_supply_that_came_later(funded: World) -> None:
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD)), funded.mint("bob", 100))
    coverage = funded.ledger.coverage(STOCK)
    assert (coverage.required, coverage.receivable) == (220 * WAD, 10 * WAD)


def test_a_receivable_shrinks_with_the_supply(funded: World) -> None:
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD)), funded.redeem("alice", 50))
    assert funded.ledger.coverage(STOCK).receivable == 5 * WAD


def test_a_receivable_counts_on_the_smallest_supply_since_it_was_scheduled(funded: World) -> None:
    """Sold and bought again, units are as new: who buys them later was promised no share of the dividend."""
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD)), funded.redeem("alice", 50), funded.mint("bob", 50))
    assert funded.ledger.coverage(STOCK).receivable == 5 * WAD
    funded.do(funded.redeem("bob", 50), funded.redeem("alice", 10), funded.mint("bob", 100))
    assert funded.ledger.coverage(STOCK).receivable == 4 * WAD


def test_a_mint_is_judged_by_the_supply_before_it(funded: World) -> None:
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD)), funded.redeem("alice", 50), reserve(105))
    assert funded.refused(funded.mint("bob", "50.000000000000000001")) == "reserve: insufficient"
    funded.do(funded.mint("bob", 50))


def test_a_refused_mint_leaves_no_mark(funded: World) -> None:
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD)), funded.redeem("alice", 50))
    assert funded.refused(funded.mint("bob", 10**9)) == "reserve: insufficient"
    assert funded.ledger.coverage(STOCK).receivable == 5 * WAD


def test_a_receivable_ends_with_its_grace(funded: World) -> None:
    funded.do(reserve(100), *scheduled(dividend("d1", T1, gross=10 * WAD, pay=PAY)))
    funded.at(PAY + GRACE - 1)
    assert funded.ledger.coverage(STOCK).receivable == 10 * WAD
    assert funded.ledger.coverage(STOCK).covered
    funded.at(PAY + GRACE)
    assert funded.ledger.coverage(STOCK).receivable == 0
    assert not funded.ledger.coverage(STOCK).covered


@pytest.mark.parametrize(("buy", "until"), [(0, PAY), (T1, T1), (PAY + GRACE, PAY + GRACE)])
def test_a_receivable_ends_with_an_answer_from_when_its_shares_are_bought(funded: World, buy: int, until: int) -> None:
    order = replace(dividend("d1", T1, gross=10 * WAD, pay=PAY), buy=buy)
    funded.do(*scheduled(order))
    funded.at(until)
    funded.attest(100, updated_at=until - 1)
    assert funded.ledger.coverage(STOCK).receivable == (10 * WAD if until < PAY + GRACE else 0)
    funded.attest(110, updated_at=until)
    assert funded.ledger.coverage(STOCK).receivable == 0
    assert funded.ledger.coverage(STOCK).covered


def test_a_cancelled_dividend_takes_its_receivable_along(funded: World) -> None:
    """What each will buy is counted on the position alone: either may be the one that is bought first."""
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD)), *scheduled(dividend("d2", T1, gross=WAD)))
    assert funded.ledger.coverage(STOCK).receivable == 10 * WAD + WAD
    funded.do(cancelled(dividend("d1", T1)))
    assert funded.ledger.coverage(STOCK).receivable == WAD
    funded.do(cancelled(dividend("d2", T1)))
    assert funded.ledger.coverage(STOCK).receivable == 0


def test_the_mark_outlives_a_change_of_the_slot(funded: World) -> None:
    first, second = dividend("d1", T1, gross=10 * WAD), dividend("d2", T1, gross=WAD)
    funded.do(*scheduled(first), funded.redeem("alice", 50), funded.mint("bob", 50), *scheduled(second))
    assert funded.ledger.coverage(STOCK).receivable == 50 * WAD // 10 + 100 * WAD // 100
    funded.do(cancelled(second))
    assert funded.ledger.coverage(STOCK).receivable == 5 * WAD


def test_a_fifth_receivable_is_refused_and_none_is_dropped(funded: World) -> None:
    """None of the four is bought yet, so each is paid on the 100 shares and on what one buys for another's rise."""
    at = T1
    for number in range(4):
        funded.do(*scheduled(dividend(f"d{number}", at, gross=WAD, pay=at + 60 * DAY)))
        funded.at(at)
        at += 2 * DAY
    fifth, strike = scheduled(dividend("d4", at, gross=WAD, pay=at + 60 * DAY))
    funded.do(fifth)
    assert funded.refused(strike) == "reserve: receivables full"
    assert funded.ledger.coverage(STOCK).receivable == 40_004 * WAD // 10_000
    funded.do(*scheduled(split("split", at)))


def test_a_dividend_counts_on_what_those_before_it_have_bought(funded: World) -> None:
    """Of 100 owed 10 are not bought yet: the second dividend is paid on 100, though the index shows 110."""
    funded.do(*scheduled(dividend("d1", T1, gross=10 * WAD, pay=PAY)))
    funded.at(T1)
    second = dividend("d2", PAY + GRACE + 3 * DAY, gross=10 * WAD)
    sooner = dividend("d3", T1 + 2 * DAY, gross=10 * WAD, pay=PAY)
    funded.do(*scheduled(sooner))
    assert funded.ledger.coverage(STOCK).receivable == 10 * WAD + 10 * WAD
    funded.do(cancelled(sooner))
    funded.at(PAY + GRACE)
    funded.do(*scheduled(second))
    assert funded.ledger.coverage(STOCK).receivable == 11 * WAD


def test_one_whose_grace_is_over_makes_room(funded: World) -> None:
    for number in range(4):
        at = T1 + number * 2 * DAY
        funded.do(*scheduled(dividend(f"d{number}", at, gross=WAD, pay=at + 10 * DAY)))
        funded.at(at)
    funded.at(T1 + 15 * DAY)
    funded.do(*scheduled(dividend("d4", T1 + 17 * DAY, gross=WAD)))
    assert len(funded.ledger.stocks[STOCK].token.feed.receivables) == 4


# --- between the market's ex and the decision ---


@pytest.mark.parametrize("action", [split("a", T1 + DAY), dividend("a", T1 + DAY)], ids=["split", "dividend"])
def test_nothing_is_minted_from_the_ex_until_an_action_is_scheduled_or_cancelled(funded: World, action) -> None:
    action = replace(action, ex=ex_of(T1), ex_at=T1)
    funded.do(action)
    funded.at(T1 - 1)
    funded.do(funded.mint("bob", 1))
    funded.at(T1)
    assert funded.refused(funded.mint("bob", 1)) == "reserve: action undecided"
    funded.do(funded.redeem("alice", 1), funded.transfer("alice", "bob", 1))
    other = cancelled(action)
    funded.do(scheduled(action)[1] if action.code == "SPLF" else other)
    funded.do(funded.mint("bob", 1))


def test_the_earliest_ex_counts(funded: World) -> None:
    early, late = split("early", T1 + DAY), split("late", T1 + 3 * DAY)
    funded.do(late, early)
    funded.at(T1 + DAY)
    assert funded.refused(funded.mint("bob", 1)) == "reserve: action undecided"
    funded.do(cancelled(early), SetCeiling(STOCK, Shares.of(10**6)), funded.mint("bob", 1))
    funded.at(T1 + 4 * DAY)
    assert funded.refused(funded.mint("bob", 1)) == "reserve: action undecided"
    funded.do(cancelled(late), SetCeiling(STOCK, Shares.of(10**6)), funded.mint("bob", 1))
