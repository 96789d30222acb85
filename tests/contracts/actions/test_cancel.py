"""CorporateActions.cancel, of an action that has the slot to itself."""

import pytest
from support.contract_calls import ZERO32, Event, named, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    DAY,
    DESK,
    DOCUMENT,
    GUARDIAN,
    MINTER,
    OTHERS,
    PAUSER,
    REASON,
    START,
    WAD,
    Issuance,
)

AT = START + 2 * DAY
UNTOUCHED = (WAD, 1, 1, WAD, 1, 1, 0)


def test_a_cancelled_dividend_never_was(suite: Issuance) -> None:
    id = suite.schedule(effectiveAt=AT)
    suite.cancel(id)
    assert suite.terms() == UNTOUCHED
    assert suite.feed.coverage(suite.stock)[2] == 0
    assert suite.actions.pendingParts(suite.stock) == ()
    set_clock(AT)
    assert suite.terms() == UNTOUCHED
    assert suite.stock.multiplierGeneration() == 0
    assert suite.record(id)["status"] == 3
    assert suite.actions.indexAt(suite.stock, AT) == WAD


def test_a_cancelled_split_leaves_the_basis(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", "first"))
    suite.adopt()
    suite.books_follow()
    second = suite.schedule("SPLF", "second", num=3)
    assert suite.feed.step(suite.stock)[:3] == (6, 1, 2)
    suite.cancel(second)
    assert suite.feed.step(suite.stock) == (0, 0, 0, 0, False, False)
    assert suite.feed.basis(suite.stock) == (2, 1, 1)
    assert suite.terms() == (WAD, 2, 1, WAD, 2, 1, 0)


def test_what_is_only_announced_is_cancelled_too(suite: Issuance) -> None:
    id = suite.announce()
    suite.cancel(id)
    assert suite.record(id)["status"] == 3
    with refuses("actions: not announced"):
        suite.strike(id)


def test_it_tells_who_and_why(suite: Issuance) -> None:
    id = suite.announce("SPLF")
    suite.cancel(id)
    assert suite.actions.events(suite.feed) == [
        Event(suite.feed.address, "ExSet", {"token": suite.stock.address, "ex": 0}),
        Event(
            suite.actions.address,
            "ActionCancelled",
            {
                "id": id,
                "token": suite.stock.address,
                "canceller": DESK,
                "reason": REASON,
                "document": DOCUMENT,
            },
        ),
    ]


def test_the_slot_is_free_at_once(suite: Issuance) -> None:
    suite.cancel(suite.schedule(reference="a", effectiveAt=AT))
    suite.schedule(reference="b", effectiveAt=AT + DAY, gross=2 * WAD)
    assert suite.terms()[3:] == (11 * WAD // 10, 1, 1, AT + DAY)


def test_strictly_before_its_second(suite: Issuance) -> None:
    first, second = (suite.schedule("SPLF", name, num=num) for name, num in (("a", 2), ("b", 3)))
    set_clock(AT - 1)
    suite.cancel(first)
    for instant in (AT, AT + 1):
        set_clock(instant)
        with refuses("actions: not cancellable"):
            suite.cancel(second)


@pytest.mark.parametrize("code", ["DRIP", "SPLF"])
def test_what_is_only_announced_is_cancelled_at_any_time(suite: Issuance, code: str) -> None:
    """It will never take effect, and until somebody says so nothing is minted; after a split, whose ex is past, nothing
    before CEILING has looked, for the oracle's books may have followed it."""
    id = suite.announce(code)
    set_clock(AT + DAY)
    suite.attest(10_000)
    with refuses("reserve: action undecided"):
        suite.stock.mint(ALICE, WAD, sender=MINTER)
    suite.cancel(id)
    if code == "SPLF":
        with refuses("reserve: insufficient"):
            suite.stock.mint(ALICE, WAD, sender=MINTER)
        suite.ceiling(10_000 * WAD)
    suite.stock.mint(ALICE, WAD, sender=MINTER)


def test_only_once(suite: Issuance) -> None:
    id = suite.schedule()
    suite.cancel(id)
    with refuses("actions: not cancellable"):
        suite.cancel(id)
    with refuses("actions: not cancellable"):
        suite.cancel(word32("never announced"))


@pytest.mark.parametrize(("reason", "document"), [(0, DOCUMENT), (REASON, ZERO32), (0, ZERO32)])
def test_a_reason_comes_before_all_but_the_role(suite: Issuance, reason: int, document: bytes) -> None:
    with refuses("actions: reason and document"):
        suite.actions.cancel(word32("never"), reason, document, sender=DESK)
    with refuses("roles: not authorised"):
        suite.actions.cancel(word32("never"), reason, document, sender=named("mallory"))


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_desk_and_the_admin(suite: Issuance, actor: str) -> None:
    id = suite.schedule()
    if actor in ("desk", "admin"):
        suite.cancel(id, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.cancel(id, sender=OTHERS[actor])


def test_a_desk_that_lost_its_role_is_stopped_and_the_next_one_cancels(suite: Issuance) -> None:
    id = suite.schedule()
    role = word32("ACTIONS")
    suite.roles.revokeRole(role, DESK, sender=ADMIN)
    with refuses("roles: not authorised"):
        suite.cancel(id)
    suite.roles.grantRole(role, named("new desk"), sender=ADMIN)
    suite.cancel(id, sender=named("new desk"))
    assert suite.terms() == UNTOUCHED


def test_it_works_in_a_pause_and_in_a_halt(suite: Issuance) -> None:
    alone = suite.schedule(reference="a")
    suite.stock.pause(sender=PAUSER)
    suite.beacon.halt(sender=GUARDIAN)
    suite.cancel(alone)
    assert suite.terms() == UNTOUCHED
    joined = [suite.schedule(reference="b"), suite.schedule("SPLF", "b")]
    suite.cancel(joined[0])
    assert suite.terms() == (WAD, 1, 1, WAD, 2, 1, AT)


def test_after_an_activation_that_nobody_wrote_down(suite: Issuance) -> None:
    suite.take_effect(suite.schedule(reference="a"))
    settled = suite.terms()
    suite.cancel(suite.schedule(reference="b"))
    assert suite.terms() == settled
    assert suite.stock.multiplierGeneration() == 1
