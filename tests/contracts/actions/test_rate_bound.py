"""The index rises by half at most within 365 days, whatever the desk announces."""

import pytest
from support.contract_calls import now, refuses, set_clock, word32
from support.issuance_world import ADMIN, DAY, DOCUMENT, REASON, START, WAD, YEAR, Issuance

AT = START + 2 * DAY
QUARTER = {"gross": 5 * WAD}  # at 20: the largest step


def quarters(suite: Issuance, count: int, apart: int = 3 * DAY) -> list[int]:
    """That many largest steps; the seconds at which they took effect."""
    seconds = []
    for i in range(count):
        at = AT + i * apart
        set_clock(at - 2 * DAY)
        suite.take_effect(suite.schedule(reference=f"step {i}", effectiveAt=at, **QUARTER))
        seconds.append(at)
    return seconds


def test_half_is_allowed_and_no_more(suite: Issuance) -> None:
    quarters(suite, 1)
    id = suite.announce(gross=WAD)
    with refuses("actions: rate bound"):
        suite.strike(id, 5 * WAD - 100)  # five units of the index above the half
    suite.strike(id, 5 * WAD)
    assert suite.terms()[3] == 15 * WAD // 10


def test_the_bound_counts_what_is_joined(suite: Issuance) -> None:
    suite.schedule(reference="a", **QUARTER)
    id = suite.announce(reference="b", **QUARTER)
    with refuses("actions: rate bound"):
        suite.strike(id)


def test_the_window_moves_by_the_second(suite: Issuance) -> None:
    [first] = quarters(suite, 1)
    set_clock(first + YEAR - 2 * DAY)
    early = suite.announce(reference="early", effectiveAt=first + YEAR - 1, **QUARTER)
    with refuses("actions: rate bound"):
        suite.strike(early)
    in_time = suite.announce(reference="in time", effectiveAt=first + YEAR, **QUARTER)
    suite.strike(in_time)
    assert suite.terms()[3] == WAD * 25 // 16


def test_a_cancelled_rise_does_not_count(suite: Issuance) -> None:
    quarters(suite, 1)
    suite.cancel(suite.schedule(reference="cancelled", gross=WAD, price=5 * WAD))
    suite.schedule(reference="instead", gross=WAD, price=5 * WAD)


def test_splits_do_not_count(suite: Issuance) -> None:
    for i in range(3):
        suite.take_effect(suite.schedule("SPLF", str(i), num=100))
        suite.adopt()
        suite.books_follow()
    suite.schedule(**QUARTER)
    assert suite.actions.indexAt(suite.stock, now()) == WAD


def test_the_index_at_any_instant(suite: Issuance) -> None:
    expected = [(0, WAD)]
    for i in range(21):
        at = now() + 2 * DAY
        suite.take_effect(suite.schedule(reference=str(i), gross=WAD, price=100 * WAD, pay=at))
        expected.append((at, expected[-1][1] * 101 // 100))
        set_clock(now() + i * DAY)
    for (at, index), (following, _) in zip(expected, [*expected[1:], (now() + 100 * DAY, 0)], strict=True):
        assert suite.actions.indexAt(suite.stock, at) == index
        assert suite.actions.indexAt(suite.stock, following - 1) == index


def test_in_the_first_year_of_the_clock(suite: Issuance) -> None:
    """effectiveAt below 365 days: the window begins at zero, where the index is 1."""
    set_clock(1)
    suite.schedule(effectiveAt=1 + DAY, **QUARTER)
    assert suite.terms()[3] == 125 * WAD // 100


def test_the_timelock_may_go_beyond(suite: Issuance) -> None:
    suite.actions.correct(suite.stock, word32("c"), 4 * WAD, AT, REASON, DOCUMENT, sender=ADMIN)
    set_clock(AT)
    assert suite.stock.uiMultiplier() == 4 * WAD
    id = suite.announce(**QUARTER)
    with refuses("actions: rate bound"):
        suite.strike(id)


def test_a_corrected_index_counts_from_its_second(suite: Issuance) -> None:
    quarters(suite, 1)
    at = now() + 2 * DAY
    suite.actions.correct(suite.stock, word32("c"), WAD, at, REASON, DOCUMENT, sender=ADMIN)
    set_clock(at)
    suite.schedule(**QUARTER)


@pytest.mark.parametrize("count", [2, 3])
def test_a_fold_does_not_loosen_the_bound(suite: Issuance, count: int) -> None:
    """After a fold the index is `count` times as high, and so is what it is compared with."""
    [first] = quarters(suite, 1)
    suite.take_effect(suite.schedule("SPLF", num=count))
    suite.adopt()
    index = suite.terms()[0]
    suite.actions.fold(suite.stock, word32("f"), index * count, 1, 1, REASON, DOCUMENT, sender=ADMIN)
    set_clock(now() + 1)
    assert suite.actions.indexAt(suite.stock, now()) == index * count
    assert suite.actions.indexAt(suite.stock, first) == index * count
    assert suite.actions.indexAt(suite.stock, first - 1) == WAD * count
    id = suite.announce(gross=WAD)
    with refuses("actions: rate bound"):
        suite.strike(id, 5 * WAD - 100)  # five units of the index above the half
    suite.strike(id, 5 * WAD)
