"""A dividend in the stock's own shares (DVSE): a split by its law, a dividend by its notices."""

import pytest
from support.contract_calls import now, refuses, set_clock, word32
from support.issuance_world import ADMIN, DAY, DESK, DOCUMENT, HOUR, REASON, START, WAD, YEAR, Issuance

AT = START + 2 * DAY


def announce(suite: Issuance, num: int = 103, den: int = 100, at: int = AT) -> bytes:
    return suite.announce("DVSE", "shares", num=num, den=den, effectiveAt=at)


def test_it_moves_the_split_factor_and_leaves_the_index(suite: Issuance) -> None:
    id = announce(suite)
    assert suite.actions.announced(suite.stock) == (0, 1)
    suite.actions.schedule(id, 0, sender=DESK)
    assert suite.terms() == (WAD, 1, 1, WAD, 103, 100, AT)
    # The reserve waits for the custodian to hold what a split of this ratio makes: it is its step, no receivable.
    assert suite.feed.step(suite.stock)[:2] == (103, 100)
    set_clock(AT)
    assert (suite.stock.uiMultiplier(), suite.record(id)["code"], suite.record(id)["status"]) == (
        103 * WAD // 100,
        "DVSE",
        4,
    )


def test_it_is_heard_of_as_a_dividend_is(suite: Issuance) -> None:
    with refuses("actions: notice too short"):
        announce(suite, at=now() + DAY - 1)
    id = announce(suite, at=now() + DAY)
    set_clock(START + DAY - HOUR + 1)
    with refuses("actions: notice too short"):
        suite.actions.schedule(id, 0, sender=DESK)
    set_clock(START + DAY - HOUR)
    suite.actions.schedule(id, 0, sender=DESK)


@pytest.mark.parametrize(("num", "den"), [(100, 103), (1, 1), (0, 1), (1, 0)])
def test_it_gives_shares_and_takes_none(suite: Issuance, num: int, den: int) -> None:
    with refuses("actions: bad terms"):
        announce(suite, num, den)


def test_it_has_no_price(suite: Issuance) -> None:
    id = announce(suite)
    with refuses("actions: bad terms"):
        suite.actions.schedule(id, WAD, sender=DESK)


def test_tootsie_roll_s_three_per_cent_of_every_year_goes_on_through_a_fold(suite: Issuance) -> None:
    """103 shares for 100 each spring: the tenth time the pair is too long for 64 bits, and is folded.

    By hand: 1.03^9 is 1.304773183829244583 to its last digit, and 100 shares are 134.391637934412192 a year later.
    """
    for year in range(9):
        following(suite, year)
    assert suite.terms()[1:3] == (103**9, 100**9)
    assert suite.stock.uiMultiplier() == 1_304773183829244583
    id = suite.announce("DVSE", "ten", num=103, den=100, effectiveAt=now() + 3 * DAY)
    with refuses("actions: pair does not fit"):
        suite.actions.schedule(id, 0, sender=DESK)
    terms = (suite.stock, word32("fold"), 1_304773183829244583, 1, 1, REASON, DOCUMENT)
    suite.actions.fold(*terms, sender=ADMIN)
    set_clock(now() + 1)
    suite.adopt()
    suite.actions.schedule(id, 0, sender=DESK)
    suite.take_effect(id)
    assert suite.stock.uiMultiplier() == 1_343916379344121920
    assert suite.stock.toUIAmount(100 * WAD) == 134_391637934412192000


def following(suite: Issuance, year: int) -> None:
    """One year's dividend, which the custodian's books follow."""
    id = suite.announce("DVSE", f"year {year}", num=103, den=100)
    suite.actions.schedule(id, 0, sender=DESK)
    suite.take_effect(id)
    suite.adopt()
    set_clock(now() + YEAR)
