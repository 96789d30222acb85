"""The issuer's settings: notices, grace and withholding."""

import pytest
from support.contract_calls import MAX, Event, refuses
from support.issuance_world import ADMIN, DAY, HOUR, OTHERS, START, SUPPLY, WAD, Issuance

FLOORS = [HOUR, HOUR, 600, DAY]


def test_the_defaults(suite: Issuance) -> None:
    assert [suite.actions.noticeOf(kind) for kind in range(4)] == [DAY, DAY, HOUR, DAY]
    assert suite.actions.grace() == 5 * DAY
    assert suite.actions.withholdingBps() == 0
    assert suite.actions.noticeOf(4) == 0
    assert suite.actions.noticeOf(MAX) == 0


@pytest.mark.parametrize("kind", range(4))
def test_a_notice_is_set_between_its_floor_and_thirty_days(suite: Issuance, kind: int) -> None:
    others = [suite.actions.noticeOf(other) for other in range(4) if other != kind]
    for duration in (FLOORS[kind], 30 * DAY):
        suite.actions.setNotice(kind, duration, sender=ADMIN)
        assert suite.actions.noticeOf(kind) == duration
        assert suite.actions.events() == [
            Event(suite.actions.address, "NoticeSet", {"kind": kind, "duration": duration})
        ]
    for duration in (0, FLOORS[kind] - 1, 30 * DAY + 1, MAX):
        with refuses("actions: bad notice"):
            suite.actions.setNotice(kind, duration, sender=ADMIN)
    assert [suite.actions.noticeOf(other) for other in range(4) if other != kind] == others


@pytest.mark.parametrize("kind", [4, 5, MAX])
def test_there_are_four_kinds(suite: Issuance, kind: int) -> None:
    with refuses("actions: bad notice"):
        suite.actions.setNotice(kind, DAY, sender=ADMIN)


def test_a_shorter_notice_is_enough_from_then_on(suite: Issuance) -> None:
    id = suite.announce("SPLF", effectiveAt=START + HOUR)
    with refuses("actions: notice too short"):
        suite.strike(id, 0)
    suite.actions.setNotice(0, HOUR, sender=ADMIN)
    suite.strike(id, 0)


def test_withholding(suite: Issuance) -> None:
    for bps in (1, 10_000, 0):
        suite.actions.setWithholding(bps, sender=ADMIN)
        assert suite.actions.withholdingBps() == bps
        assert suite.actions.events() == [Event(suite.actions.address, "WithholdingSet", {"bps": bps})]
    for bps in (10_001, MAX):
        with refuses("actions: bad rate"):
            suite.actions.setWithholding(bps, sender=ADMIN)


def test_grace(suite: Issuance) -> None:
    for duration in (0, 30 * DAY):
        suite.actions.setGrace(duration, sender=ADMIN)
        assert suite.actions.grace() == duration
        assert suite.actions.events() == [Event(suite.actions.address, "GraceSet", {"duration": duration})]
    for duration in (30 * DAY + 1, MAX):
        with refuses("actions: bad grace"):
            suite.actions.setGrace(duration, sender=ADMIN)


def test_without_grace_a_receivable_ends_on_its_pay_date(suite: Issuance) -> None:
    suite.actions.setGrace(0, sender=ADMIN)
    suite.schedule(gross=WAD, price=20 * WAD, effectiveAt=START + 2 * DAY, pay=START + 3 * DAY)
    [added] = [one for one in suite.actions.events(suite.feed, suite.stock) if one.name == "ReceivableSet"]
    assert added.values["until"] == START + 3 * DAY
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 20


@pytest.mark.parametrize("setting", ["setNotice", "setWithholding", "setGrace"])
@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin(suite: Issuance, setting: str, actor: str) -> None:
    arguments = (0, DAY) if setting == "setNotice" else (DAY // 100,)
    call = getattr(suite.actions, setting)
    if actor == "admin":
        call(*arguments, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            call(*arguments, sender=OTHERS[actor])
