"""CorporateActions.correct: the timelock puts a wrong index right."""

from typing import Any

import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO32, Event, named, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    DAY,
    DOCUMENT,
    ISIN,
    OTHERS,
    REASON,
    START,
    U40,
    U96,
    WAD,
    Issuance,
)

AT = START + DAY
REFERENCE = word32("correction 1")


def correct(suite: Issuance, sender: str = ADMIN, **changes: Any) -> bytes:
    terms = {
        "token": suite.stock,
        "reference": REFERENCE,
        "index": 9 * WAD // 10,
        "effectiveAt": AT,
        "reason": REASON,
        "document": DOCUMENT,
    }
    return suite.actions.correct(*(terms | changes).values(), sender=sender)


def test_it_lowers_the_index_at_its_second(suite: Issuance) -> None:
    id = correct(suite)
    assert id == keccak(ISIN.encode() + bytes(7) + b"\x01CORR" + REFERENCE)
    assert suite.terms() == (WAD, 1, 1, 9 * WAD // 10, 1, 1, AT)
    record = suite.record(id)
    assert (record["code"], record["status"], record["index"]) == ("CORR", 2, 9 * WAD // 10)
    assert suite.actions.actionAt(suite.stock, 0) == id
    set_clock(AT)
    assert suite.stock.uiMultiplier() == 9 * WAD // 10
    assert suite.record(id)["status"] == 4


def test_it_keeps_the_split_factor(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=3, den=2))
    correct(suite, effectiveAt=START + 3 * DAY)
    assert suite.terms()[3:6] == (9 * WAD // 10, 3, 2)


def test_it_tells_the_auditor_everything(suite: Issuance) -> None:
    id = correct(suite)
    assert suite.actions.events(suite.feed, suite.stock)[-1] == Event(
        suite.actions.address,
        "IndexCorrected",
        {
            "id": id,
            "token": suite.stock.address,
            "reference": REFERENCE,
            "oldIndex": WAD,
            "newIndex": 9 * WAD // 10,
            "effectiveAt": AT,
            "reason": REASON,
            "document": DOCUMENT,
        },
    )


def test_open_receivables_are_forgotten(suite: Issuance) -> None:
    """The dividend that was wrong must not go on counting as an asset."""
    suite.take_effect(suite.schedule())
    assert suite.feed.coverage(suite.stock)[2] > 0
    correct(suite, index=WAD, effectiveAt=START + 3 * DAY)
    assert suite.feed.coverage(suite.stock)[2] == 0
    assert "ReceivablesDropped" in [event.name for event in suite.actions.events(suite.feed, suite.stock)]


def test_the_desk_cancels_it(suite: Issuance) -> None:
    id = correct(suite)
    suite.cancel(id)
    assert suite.terms() == (WAD, 1, 1, WAD, 1, 1, 0)
    assert suite.actions.indexAt(suite.stock, AT) == WAD
    with refuses("actions: already announced"):
        correct(suite)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin(suite: Issuance, actor: str) -> None:
    if actor == "admin":
        correct(suite, OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            correct(suite, OTHERS[actor])


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        ("actions: reason and document", {"reason": 0}),
        ("actions: reason and document", {"document": ZERO32}),
        ("actions: unknown stock", {"token": named("nobody")}),
        ("actions: effective in the past", {"effectiveAt": START}),
        ("actions: effective in the past", {"effectiveAt": 0}),
        ("actions: bad terms", {"effectiveAt": U40 + 1}),
        ("actions: bad terms", {"effectiveAt": MAX}),
        ("actions: notice too short", {"effectiveAt": AT - 1}),
        ("actions: no effect", {"index": WAD}),
        ("actions: pair does not fit", {"index": 0}),
        ("actions: pair does not fit", {"index": U96 + 1}),
        ("actions: pair does not fit", {"index": MAX}),
    ],
)
def test_refusals(suite: Issuance, refusal: str, changes: dict[str, Any]) -> None:
    with refuses(refusal):
        correct(suite, **changes)


@pytest.mark.parametrize("index", [1, U96])
def test_any_index_that_fits(suite: Issuance, index: int) -> None:
    correct(suite, index=index)
    assert suite.terms()[3] == index


def test_it_waits_for_the_slot(suite: Issuance) -> None:
    suite.schedule(effectiveAt=AT)
    with refuses("actions: slot taken"):
        correct(suite)
    with refuses("actions: slot taken"):
        correct(suite, reference=word32("other"), effectiveAt=AT + DAY)


def test_a_longer_notice(suite: Issuance) -> None:
    suite.actions.setNotice(3, 2 * DAY, sender=ADMIN)
    with refuses("actions: notice too short"):
        correct(suite, effectiveAt=START + 2 * DAY - 1)
    correct(suite, effectiveAt=START + 2 * DAY)
