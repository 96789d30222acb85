"""Actions of the same second share the slot."""

from itertools import permutations

import pytest
from support.contract_calls import now, refuses, set_clock
from support.issuance_world import (
    ADMIN,
    DAY,
    DESK,
    DOCUMENT,
    HOUR,
    REASON,
    START,
    U64,
    WAD,
    Issuance,
    deploy_stub,
    word32,
)

AT = START + 2 * DAY
UNTOUCHED = (WAD, 1, 1, WAD, 1, 1, 0)


def test_a_split_and_a_dividend_take_effect_as_one(suite: Issuance) -> None:
    split, dividend = suite.schedule("SPLF"), suite.schedule("DRIP")
    assert suite.terms() == (WAD, 1, 1, WAD * 21 // 20, 2, 1, AT)
    assert suite.actions.pendingParts(suite.stock) == (split, dividend)
    set_clock(AT)
    assert suite.stock.uiMultiplier() == WAD * 21 // 10
    assert suite.stock.multiplierGeneration() == 1
    assert [suite.record(id)["status"] for id in (split, dividend)] == [4, 4]
    assert not suite.actions.pendingParts(suite.stock)


def test_each_keeps_its_own_notice(suite: Issuance) -> None:
    suite.schedule("DRIP")
    split, dividend = suite.announce("SPLF"), suite.announce("DRIP", "special")
    set_clock(AT - DAY + 1)
    with refuses("actions: notice too short"):
        suite.strike(split, 0)
    set_clock(AT - HOUR)
    suite.strike(dividend)
    assert suite.terms()[3:6] == (WAD * 21 * 21 // 400, 1, 1)


def test_order_decides_the_floors(suite: Issuance) -> None:
    """Two dividends: the second rises from where the first left the index."""
    suite.schedule("DRIP", "regular", gross=8, price=101)
    suite.schedule("DRIP", "special", gross=30, price=307)
    first = WAD * 109 // 101
    assert suite.terms()[3] == first * 337 // 307


@pytest.mark.parametrize("cancelled", ["split", "dividend"])
def test_either_is_cancelled_alone(suite: Issuance, cancelled: str) -> None:
    ids = {"split": suite.schedule("SPLF", num=3), "dividend": suite.schedule("DRIP")}
    set_clock(AT - 1)
    suite.cancel(ids.pop(cancelled))
    [(left, id)] = ids.items()
    pending = (WAD, 3, 1) if left == "split" else (WAD * 21 // 20, 1, 1)
    assert suite.terms() == (WAD, 1, 1, *pending, AT)
    assert suite.actions.pendingParts(suite.stock) == (id,)
    assert (suite.feed.step(suite.stock)[3] == AT) == (left == "split")
    assert (suite.feed.coverage(suite.stock)[2] != 0) == (left == "dividend")
    suite.cancel(id)
    assert suite.terms() == UNTOUCHED
    assert suite.feed.step(suite.stock)[3] == 0
    assert suite.actions.indexAt(suite.stock, AT) == WAD


@pytest.mark.parametrize("order", permutations(range(3)))
def test_cancelling_re_applies_the_rest_in_their_order(suite: Issuance, order: tuple[int, ...]) -> None:
    terms = [("DRIP", {"gross": 7}, 103), ("SPLF", {"num": 7, "den": 3}, 0), ("DRIP", {"gross": 11}, 107)]
    ids = {i: suite.schedule(terms[i][0], str(i), terms[i][2], **terms[i][1]) for i in order}
    for gone in order:
        suite.cancel(ids.pop(gone))
        index, num, den = WAD, 1, 1
        for i in ids:
            if terms[i][0] == "SPLF":
                num, den = 7, 3
            else:
                index = index * (terms[i][2] + terms[i][1]["gross"]) // terms[i][2]
        assert suite.terms() == (WAD, 1, 1, index, num, den, AT if ids else 0)
        assert suite.actions.indexAt(suite.stock, AT) == index


def test_splits_of_one_second_are_one_step(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", "before"))
    suite.adopt()
    suite.books_follow()
    at = now() + 2 * DAY
    ids = [suite.schedule("SPLF", str(num), num=num) for num in (3, 5, 7)]
    suite.cancel(ids[1])
    assert suite.actions.pendingParts(suite.stock) == (ids[0], ids[2])
    assert suite.feed.step(suite.stock) == (42, 1, 2, at, False, True)
    assert suite.terms()[3:6] == (WAD, 42, 1)


def test_four_at_most(suite: Issuance) -> None:
    ids = [suite.schedule("SPLF", str(i)) for i in range(4)]
    fifth = suite.announce("DRIP")
    with refuses("actions: slot taken"):
        suite.strike(fifth)
    suite.cancel(ids[2])
    suite.strike(fifth)
    assert suite.actions.pendingParts(suite.stock) == (ids[0], ids[1], ids[3], fifth)


def test_a_slot_does_not_inherit_the_last_ones_parts(suite: Issuance) -> None:
    suite.schedule("SPLF", "a")
    suite.take_effect(suite.schedule("DRIP", "a"))
    only = suite.schedule("DRIP", "b")
    assert suite.actions.pendingParts(suite.stock) == (only,)
    suite.cancel(only)
    assert suite.terms()[:3] == suite.terms()[3:6] == (WAD * 21 // 20, 2, 1)


def test_a_split_back_and_forth_is_no_change_and_still_an_event(suite: Issuance) -> None:
    suite.schedule("SPLF", "there")
    suite.take_effect(suite.schedule("SPLR", "and back", num=1, den=2))
    assert suite.terms() == UNTOUCHED
    assert suite.stock.multiplierGeneration() == 1
    assert suite.feed.step(suite.stock)[3] == 0


def test_a_correction_shares_its_slot_with_nobody(suite: Issuance) -> None:
    split, dividend = suite.announce("SPLF"), suite.announce("DRIP")
    suite.actions.correct(suite.stock, word32("c"), 2 * WAD, AT, REASON, DOCUMENT, sender=ADMIN)
    for id, price in ((split, 0), (dividend, 20 * WAD)):
        with refuses("actions: slot taken"):
            suite.strike(id, price)


def test_a_fold_shares_its_slot_with_nobody(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF"))
    suite.adopt()
    suite.actions.setNotice(2, 600, sender=ADMIN)
    dividend = suite.announce("DRIP", "x", effectiveAt=now() + DAY)
    set_clock(now() + DAY - 1)
    suite.actions.fold(suite.stock, word32("f"), 2 * WAD, 1, 1, REASON, DOCUMENT, sender=ADMIN)
    with refuses("actions: notice too short"):  # the fold's second is the next one: no notice fits before it
        suite.strike(dividend)


def test_what_would_be_left_must_fit(suite: Issuance) -> None:
    """A reverse split makes room for another action; without it that one alone would not fit."""
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    suite.registry.registerToken(stock, sender=suite.factory.address)
    stock.set_terms([10**6, U64, 1, 10**6, U64, 1, 0])
    back = suite.schedule("SPLR", "back", stock=stock, num=1, den=3)
    forward = suite.schedule("SPLF", "forward", stock=stock, num=3, den=1)
    before = stock.multiplierTerms()
    with refuses("actions: pair does not fit"):
        suite.actions.cancel(back, REASON, DOCUMENT, sender=DESK)
    assert stock.multiplierTerms() == before
    suite.cancel(forward)
    suite.cancel(back)
