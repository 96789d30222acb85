"""CorporateActions.fold: the same multiplier as a smaller pair."""

from typing import Any

import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO32, Event, named, now, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    DAY,
    DESK,
    DOCUMENT,
    ISIN,
    MINTER,
    OTHERS,
    REASON,
    U64,
    U96,
    WAD,
    Issuance,
)

REFERENCE = word32("fold 1")


@pytest.fixture
def split(suite: Issuance) -> Issuance:
    """After a split of 3:2 that the feed has been told of."""
    suite.take_effect(suite.schedule("SPLF", num=3, den=2))
    suite.adopt()
    suite.attest(15_000)
    return suite


def fold(suite: Issuance, sender: str = ADMIN, **changes: Any) -> bytes:
    terms = {
        "token": suite.stock,
        "reference": REFERENCE,
        "index": 3 * WAD // 2,
        "num": 1,
        "den": 1,
        "reason": REASON,
        "document": DOCUMENT,
    }
    return suite.actions.fold(*(terms | changes).values(), sender=sender)


def test_nothing_that_a_holder_sees_changes(split: Issuance) -> None:
    before = split.stock.uiMultiplier(), split.stock.balanceOfUI(ALICE), split.feed.coverage(split.stock)[:2]
    id = fold(split)
    assert id == keccak(ISIN.encode() + bytes(7) + b"\x01FOLD" + REFERENCE)
    assert (split.record(id)["status"], split.record(id)["index"], split.record(id)["num"]) == (2, 3 * WAD // 2, 1)
    set_clock(now() + 1)
    assert split.terms() == (3 * WAD // 2, 1, 1, 3 * WAD // 2, 1, 1, 0)
    assert (split.stock.uiMultiplier(), split.stock.balanceOfUI(ALICE), split.feed.coverage(split.stock)[:2]) == before
    assert split.record(id)["status"] == 4


def test_it_makes_room_for_the_next_split(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=U64, den=U64 - 1))
    suite.adopt()
    suite.books_follow()
    following = suite.announce("SPLF", "next", num=3, den=2, effectiveAt=now() + 3 * DAY)
    with refuses("actions: pair does not fit"):
        suite.strike(following, 0)
    multiplier = suite.stock.uiMultiplier()
    fold(suite, index=multiplier)
    set_clock(now() + 1)
    with refuses("reserve: basis unconfirmed"):
        suite.strike(following, 0)
    suite.adopt()
    suite.strike(following, 0)
    suite.take_effect(following)
    assert suite.stock.uiMultiplier() == multiplier * 3 // 2


def test_mints_go_on_once_it_is_written(split: Issuance) -> None:
    fold(split)
    assert split.feed.step(split.stock) == (1, 1, 2, now() + 1, True, False)
    set_clock(now() + 1)
    split.stock.mint(ALICE, WAD, sender=MINTER)
    assert split.feed.basis(split.stock) == (3, 2, 1)


def test_a_split_after_a_fold_is_confirmed_as_ever(split: Issuance) -> None:
    fold(split)
    set_clock(now() + 1)
    split.attest(15_000)
    split.feed.confirmBasis(split.stock)
    split.books_follow()
    split.attest(15_000)
    split.take_effect(split.schedule("SPLF", "again"))
    split.attest(30_000)
    split.feed.confirmBasis(split.stock)
    assert split.feed.basis(split.stock) == (2, 1, 3)


def test_it_tells_the_auditor_everything(split: Issuance) -> None:
    counter, at = split.feed.basis(split.stock)[2] + 1, now() + 1
    id = fold(split)
    events = split.actions.events(split.feed, split.stock)
    token = {"token": split.stock.address}
    same = split.stock.uiMultiplier()
    assert [event.values for event in events[:3]] == [
        token | {"num": 1, "den": 1, "counter": counter, "effectiveAt": at, "fold": True},
        token,
        {"oldMultiplier": same, "newMultiplier": same, "effectiveAtTimestamp": at},
    ]
    assert [event.name for event in events] == [
        "StepSet",
        "ReceivablesDropped",
        "UIMultiplierUpdated",
        "PairFolded",
    ]
    assert events[-1] == Event(
        split.actions.address,
        "PairFolded",
        {
            "id": id,
            "token": split.stock.address,
            "reference": REFERENCE,
            "oldIndex": WAD,
            "oldNum": 3,
            "oldDen": 2,
            "index": 3 * WAD // 2,
            "num": 1,
            "den": 1,
            "reason": REASON,
            "document": DOCUMENT,
        },
    )


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin(split: Issuance, actor: str) -> None:
    if actor == "admin":
        fold(split, OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            fold(split, OTHERS[actor])


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        ("actions: reason and document", {"reason": 0}),
        ("actions: reason and document", {"document": ZERO32}),
        ("actions: unknown stock", {"token": named("nobody")}),
        ("actions: bad terms", {"num": 0}),
        ("actions: bad terms", {"den": 0}),
        ("actions: bad terms", {"num": 3, "den": 2, "index": WAD}),
        ("actions: bad terms", {"num": 4, "den": 1}),
        ("actions: bad terms", {"num": 1, "den": 3}),
        ("actions: bad terms", {"num": 2, "den": 2}),
        ("actions: bad terms", {"num": MAX, "den": MAX}),
        ("actions: pair does not fit", {"index": 0}),
        ("actions: pair does not fit", {"index": U96 + 1}),
        ("actions: pair does not fit", {"index": MAX}),
        ("actions: not the same multiplier", {"index": 3 * WAD // 2 + 1}),
        ("actions: not the same multiplier", {"index": 3 * WAD // 2 - 1}),
        ("actions: not the same multiplier", {"num": 3, "den": 1}),
    ],
)
def test_refusals(split: Issuance, refusal: str, changes: dict[str, Any]) -> None:
    with refuses(refusal):
        fold(split, **changes)


def test_it_waits_for_the_slot(split: Issuance) -> None:
    split.schedule()
    with refuses("actions: slot taken"):
        fold(split)


def test_a_split_must_be_confirmed_first(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=3, den=2))
    with refuses("reserve: basis unconfirmed"):
        fold(suite)


def test_a_stock_without_a_feed_is_folded_too(suite: Issuance) -> None:
    stock = suite.create_stock("US0378331005")
    suite.take_effect(suite.schedule("SPLF", stock=stock, num=3, den=2))
    fold(suite, token=stock)
    set_clock(now() + 1)
    assert suite.basis(stock) == (1, 1, 2)


def test_a_reference_is_used_once(split: Issuance) -> None:
    fold(split)
    set_clock(now() + 1)
    split.adopt()
    split.books_follow()
    split.attest(15_000)
    split.take_effect(split.schedule("SPLF", "again"))
    split.adopt()
    with refuses("actions: already announced"):
        fold(split, index=3 * WAD)
    fold(split, index=3 * WAD, reference=word32("fold 2"))


def test_it_cannot_be_taken_back(split: Issuance) -> None:
    """Not in its own second either, when its effect still lies ahead."""
    id = fold(split)
    for sender in (DESK, ADMIN):
        with refuses("actions: not cancellable"):
            split.cancel(id, sender)
    set_clock(now() + 1)
    with refuses("actions: not cancellable"):
        split.cancel(id)


def test_sixteen_in_a_stocks_life(suite: Issuance) -> None:
    for i in range(17):
        suite.take_effect(suite.schedule("SPLF", str(i)))
        suite.adopt()
        suite.books_follow()
        reference, index = word32(f"fold {i}"), suite.stock.uiMultiplier()
        if i == 16:
            with refuses("actions: too many folds"):
                fold(suite, reference=reference, index=index)
        else:
            fold(suite, reference=reference, index=index)
            set_clock(now() + 1)
            suite.adopt()
