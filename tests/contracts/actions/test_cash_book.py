"""ActionBook: what a cash dividend is announced with, amended to and cancelled for, and when it shuts mints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, ZERO32, Refused, deploy, refuses, set_clock, word32
from support.dividend_world import (
    DOCUMENT,
    EX,
    EXPIRY,
    MIDNIGHT,
    PAY,
    REASON,
    RECORD,
    SOURCE,
    TERMS,
    Dividends,
    usual,
)
from support.issuance_world import ADMIN, ALICE, DAY, DESK, MALLORY, MINTER, OTHERS, START, U128, WAD, YEAR

SHUT = "reserve: action undecided"
ID = word32("no dividend")
PAR = keccak(text="par")


@pytest.fixture(scope="module")
def built() -> Dividends:
    return Dividends()


@pytest.fixture
def world(built: Dividends) -> Iterator[Dividends]:
    with boa.env.anchor():
        set_clock(START)
        yield built


def mint(world: Dividends) -> None:
    world.attest(10_000)
    world.stock.mint(ALICE, WAD, sender=MINTER)


def shut(world: Dividends) -> bool:
    """Whether a mint is refused now, asked of the mint itself."""
    with boa.env.anchor():
        try:
            mint(world)
        except Refused as error:
            return error.name == SHUT
    return False


def test_all_that_was_announced_is_recorded(world: Dividends) -> None:
    id = world.declare("2030-1")
    isin = world.stock.isin()
    assert id == world.actions.actionId(isin, 1, "DVCA", word32("2030-1"))
    given = tuple((TERMS | {"coin": world.coin.address, "exAt": EX}).values())
    said = world.book.events(world.feed)[-1].values["terms"]
    assert (*said[:3], *said[4:12]) == given
    assert (said[3], *said[12:]) == (0, 0, 0, ZERO, 0, 0, ZERO32)
    token, status, announced_at, amended, terms = world.book.cash(id)
    assert (token, status, announced_at, amended, terms) == (world.stock.address, 1, START, 0, given)
    assert (world.book.actionCount(world.stock), world.book.actionAt(world.stock, 0)) == (1, id)
    with refuses("book: no such action"):
        world.book.actionAt(world.stock, 1)
    assert world.book.cash(ID)[:2] == (ZERO, 0)
    assert world.book.timesOf(id) == (world.stock.address, "DVCA", 1, RECORD, 0)
    assert world.book.timesOf(ID) == (ZERO, "", 0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ex": 20300230}, "actions: bad terms"),
        ({"ex": 2**32}, "book: bad terms"),
        ({"ex": MAX}, "book: bad terms"),
        ({"exAt": EX - DAY - 1}, "book: bad terms"),
        ({"exAt": EX + DAY + 1, "recordAt": EX + 2 * DAY}, "book: bad terms"),
        ({"recordAt": EX - 1}, "book: bad terms"),
        ({"recordAt": EX + 30 * DAY + 1, "expiry": EXPIRY + YEAR}, "book: bad terms"),
        ({"recordAt": 2**40}, "book: bad terms"),
        ({"pay": 0}, "book: bad terms"),
        ({"pay": EX - 30 * DAY - 1}, "book: bad terms"),
        ({"pay": RECORD + 120 * DAY + 1, "expiry": EXPIRY + YEAR}, "book: bad terms"),
        ({"gross": 0}, "book: bad terms"),
        ({"gross": 2**96}, "book: bad terms"),
        ({"gross": MAX}, "book: bad terms"),
        ({"fee": TERMS["gross"]}, "book: bad terms"),
        ({"currency": "US"}, "book: bad terms"),
        ({"coin": MALLORY}, "book: bad terms"),
        ({"rate": 2**128}, "book: bad terms"),
        ({"rate": 0}, "book: bad terms"),
        ({"source": ZERO32}, "book: bad terms"),
        ({"expiry": PAY + 3 * YEAR - 1}, "book: expiry too early"),
        ({"expiry": 2**40}, "book: bad terms"),
    ],
)
def test_terms_that_make_no_sense(world: Dividends, changes: dict[str, Any], error: str) -> None:
    with refuses(error):
        world.declare(**changes)
    id = world.declare()
    with refuses(error):
        world.amend(id, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"pay": EX - 30 * DAY},  # a deferred ex: the cash is there before it
        {"expiry": PAY + 3 * YEAR},
        {"gross": 2**96 - 1, "fee": 2**96 - 2},
        {"rate": U128},
        {"rate": 0, "source": ZERO32},
        {"exAt": RECORD},
        {"exAt": EX - DAY},
    ],
)
def test_terms_at_their_bounds(world: Dividends, changes: dict[str, Any]) -> None:
    world.declare(**changes)


def test_a_dividend_is_announced_in_time_once_and_of_a_stock(world: Dividends) -> None:
    world.declare("one")
    with refuses("book: already announced"):
        world.declare("one")
    set_clock(RECORD - DAY + 1)
    with refuses("book: notice too short"):
        world.declare("two")
    set_clock(RECORD - DAY)
    world.declare("two")
    with refuses("book: unknown stock"):
        world.book.announceCash(
            world.coin, word32("x"), tuple((TERMS | {"coin": world.coin.address}).values()), sender=DESK
        )


@pytest.mark.parametrize("who", [name for name in OTHERS if name != "desk"])
def test_who_may(world: Dividends, who: str) -> None:
    sender, id = OTHERS[who], world.declare()
    with refuses("roles: not authorised"):
        world.declare(sender=sender)
    with refuses("roles: not authorised"):
        world.amend(id, sender=sender)
    with refuses("book: not the distributor"):
        world.book.beginPaying(id, sender=sender)
    with refuses("actions: not the book"):
        world.actions.setShut(world.stock, EX, RECORD, True, sender=sender)
    if who != "admin":
        for call in (
            lambda: world.book.cancelCash(id, REASON, DOCUMENT, sender=sender),
            lambda: world.book.setEscheat(YEAR, sender=sender),
            lambda: world.book.setDistributor(world.distributor, sender=sender),
            lambda: world.actions.setBook(world.book, sender=sender),
        ):
            with refuses("roles: not authorised"):
                call()


def test_counterparts_are_named_once_and_are_ours(world: Dividends) -> None:
    with refuses("actions: book is set"):
        world.actions.setBook(world.book, sender=ADMIN)
    with refuses("book: distributor is set"):
        world.book.setDistributor(world.distributor, sender=ADMIN)
    fresh = deploy("ActionBook", world.roles, world.actions)
    stranger = deploy("ReserveFeed", deploy("Roles"))
    with refuses("book: bad distributor"):
        fresh.setDistributor(stranger, sender=ADMIN)
    with refuses("book: bad distributor"):
        fresh.setDistributor(MALLORY, sender=ADMIN)
    with refuses("book: bad actions"):
        deploy("ActionBook", world.roles, stranger)
    assert (world.book.actions(), world.book.distributor()) == (world.actions.address, world.distributor.address)
    alone = deploy("CorporateActions", world.roles, world.registry, world.feed)
    with refuses("actions: bad book"):
        alone.setBook(stranger, sender=ADMIN)


def test_what_holders_may_ask_for_has_a_floor(world: Dividends) -> None:
    assert world.book.escheat() == 3 * YEAR
    for duration in (0, YEAR - 1, 30 * YEAR + 1, MAX):
        with refuses("book: bad escheat"):
            world.book.setEscheat(duration, sender=ADMIN)
    world.book.setEscheat(5 * YEAR, sender=ADMIN)
    with refuses("book: expiry too early"):
        world.declare()
    world.declare(expiry=PAY + 5 * YEAR)


def test_terms_are_amended_until_the_record(world: Dividends) -> None:
    id = world.declare(rate=0, source=ZERO32)
    world.amend(id, gross=WAD, recordAt=RECORD + DAY)
    _, status, announced_at, amended, terms = world.book.cash(id)
    assert (status, announced_at, amended, terms[5], terms[2]) == (1, START, 1, WAD, RECORD + DAY)
    set_clock(RECORD)
    with refuses("book: notice too short"):
        world.amend(id)
    set_clock(RECORD + DAY)
    for changes in ({}, {"recordAt": RECORD + DAY, "exAt": EX - 1}, {"recordAt": RECORD + 3 * DAY}):
        with refuses("book: record has come"):
            world.amend(id, **changes)
    world.amend(id, recordAt=RECORD + DAY, rate=2 * WAD, fee=WAD // 100)
    assert world.book.cash(id)[3:][0] == 2


def test_a_cancelled_dividend_stays_cancelled(world: Dividends) -> None:
    id = world.declare("once")
    for reason, document in ((0, DOCUMENT), (REASON, ZERO32)):
        with refuses("book: reason and document"):
            world.book.cancelCash(id, reason, document, sender=DESK)
    world.book.cancelCash(id, REASON, DOCUMENT, sender=ADMIN)
    for call in (lambda: world.amend(id), lambda: world.book.cancelCash(id, REASON, DOCUMENT, sender=DESK)):
        with refuses("book: not announced"):
            call()
    with refuses("book: already announced"):
        world.declare("once")
    set_clock(RECORD)
    with refuses("book: not announced"):
        world.post(id, usual())


def test_mints_are_shut_from_the_ex_to_the_record(world: Dividends) -> None:
    world.declare()
    for second, expected in ((EX - 1, False), (EX, True), (RECORD - 1, True), (RECORD, False), (RECORD + YEAR, False)):
        set_clock(second)
        assert (shut(world), world.actions.isShut(world.stock)) == (expected, expected), second


def test_a_record_at_the_ex_instant_shuts_nothing(world: Dividends) -> None:
    world.declare(exAt=RECORD)
    for second in (RECORD - 1, RECORD, RECORD + 1):
        set_clock(second)
        assert not shut(world)


def test_nothing_is_sold_while_mints_are_shut(world: Dividends) -> None:
    world.declare()
    world.attest(10_000)
    world.ceiling(2_000 * WAD)
    assert world.feed.surplus(world.stock)[0] > 0
    set_clock(EX)
    world.attest(10_000)
    assert world.feed.surplus(world.stock)[0] == 0
    set_clock(RECORD)
    world.attest(10_000)
    assert world.feed.surplus(world.stock)[0] > 0


def test_what_is_cancelled_or_amended_shuts_nothing_any_more(world: Dividends) -> None:
    first, second = world.declare(), world.declare()
    set_clock(EX)
    world.book.cancelCash(first, REASON, DOCUMENT, sender=DESK)
    assert shut(world)
    world.amend(second, ex=20300325, recordAt=EX + 4 * DAY, pay=PAY)
    assert not shut(world)
    set_clock(EX + 3 * DAY)
    assert shut(world)
    world.book.cancelCash(second, REASON, DOCUMENT, sender=DESK)
    assert not shut(world)


def test_what_is_undecided_stays_shut_beside_a_dividend_that_is_past_its_record(world: Dividends) -> None:
    world.declare()
    id = world.announce("SPLF", "split", effectiveAt=RECORD + DAY)
    ex = MIDNIGHT + 6 * DAY
    for second, expected in ((EX, True), (RECORD, False), (ex - 1, False), (ex, True), (ex + YEAR, True)):
        set_clock(second)
        assert shut(world) == expected, second
    world.cancel(id)
    world.ceiling(10**6 * WAD)
    assert not shut(world)


def test_a_later_dividend_is_shut_too_whatever_came_of_the_earlier_one(world: Dividends) -> None:
    first = world.declare()
    date, later = 20300414, EX + 20 * DAY
    world.declare(ex=date, recordAt=_midnight(date) + 3_600, pay=_midnight(date) + DAY, expiry=EXPIRY + YEAR)
    set_clock(RECORD)
    world.post(first, usual())
    for second, expected in ((later, False), (_midnight(date), True), (_midnight(date) + 3_600, False)):
        set_clock(second)
        assert shut(world) == expected


def test_a_mint_asks_no_more_once_a_root_is_posted(world: Dividends) -> None:
    id = world.declare()
    set_clock(RECORD)
    world.post(id, usual())
    events = world.distributor.events(world.feed, world.book)
    assert [event.values["ex"] for event in events if event.name == "ExSet"] == [0]


def test_sixteen_dividends_shut_and_no_more(world: Dividends) -> None:
    ids = [world.declare() for _ in range(16)]
    with refuses("actions: too many announced"):
        world.declare()
    world.book.cancelCash(ids[3], REASON, DOCUMENT, sender=DESK)
    world.declare()
    # What is past its record makes room.
    set_clock(RECORD)
    date = 20300414
    world.declare(ex=date, recordAt=_midnight(date) + 3_600, pay=_midnight(date) + DAY, expiry=EXPIRY + YEAR)


def test_the_depositary_s_source_is_kept(world: Dividends) -> None:
    assert world.book.cash(world.declare())[4][9:] == (WAD, SOURCE)
    # What is at par is kept in a bit.
    for rate, source in ((WAD, PAR), (2 * WAD, PAR), (WAD, SOURCE), (0, ZERO32)):
        assert world.book.cash(world.declare(rate=rate, source=source, fee=WAD // 100))[4][9:] == (rate, source)


def test_a_root_needs_a_record_that_has_come_and_a_rate(world: Dividends) -> None:
    id = world.declare(rate=0, source=ZERO32)
    set_clock(RECORD - 1)
    with refuses("book: record to come"):
        world.post(id, usual())
    set_clock(RECORD)
    with refuses("book: no rate"):
        world.post(id, usual())
    world.amend(id)
    world.post(id, usual())
    assert world.book.cash(id)[1] == 2
    for call in (lambda: world.amend(id), lambda: world.book.cancelCash(id, REASON, DOCUMENT, sender=DESK)):
        with refuses("book: not announced"):
            call()
    with refuses("book: not announced"):
        world.post(ID, usual())


def _midnight(date: int) -> int:
    return int(datetime.strptime(str(date), "%Y%m%d").replace(tzinfo=UTC).timestamp())
