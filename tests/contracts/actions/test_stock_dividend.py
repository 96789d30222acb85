"""A dividend in the stock's own shares (DVSE): a split by its law, a dividend by its notices."""

import pytest
from support.contract_calls import now, refuses, set_clock
from support.issuance_world import DAY, DESK, HOUR, START, WAD, Issuance

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
