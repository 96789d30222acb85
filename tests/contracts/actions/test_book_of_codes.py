"""ActionBook: every code's terms, and the one life that they share from the announcement to the completion."""

from __future__ import annotations

from collections.abc import Iterator

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak
from support.book_terms import CHANGE, DEADLINE, FIELDS, NO_CHANGE, NONE, TOGETHER, record, sample, terms_of
from support.contract_calls import MAX, Handle, refuses, set_clock, word32
from support.days import ex_of, number_of
from support.dividend_world import DOCUMENT, EX, EXPIRY, MIDNIGHT, PAY, REASON, RECORD, Dividends, usual
from support.issuance_world import ADMIN, DAY, DESK, MALLORY, OTHERS, START, YEAR

from scrip.action_codes import BOOK_CODES

TIMED = [code for code, one in BOOK_CODES.items() if not one.paid]
PAID = [code for code, one in BOOK_CODES.items() if one.paid]


class Book(Dividends):
    """The world of dividends with a second stock, `other`."""

    other: Handle

    def __init__(self) -> None:
        super().__init__()
        self.other = self.create_stock("US0000000777")


@pytest.fixture(scope="module")
def built() -> Book:
    return Book()


@pytest.fixture
def world(built: Book) -> Iterator[Book]:
    with boa.env.anchor():
        set_clock(START)
        yield built


def amend(world: Book, id: bytes, code: str, sender: str = DESK, **changes: object) -> None:
    terms = tuple((terms_of(world, code) | changes).values())
    world.book.amend(id, terms, CHANGE if code == "CHAN" else NO_CHANGE, sender=sender)


@pytest.mark.parametrize("code", BOOK_CODES)
def test_what_is_announced_is_recorded(world: Book, code: str) -> None:
    given = terms_of(world, code, more=True)
    id = record(world, code, "one", terms=given)
    assert id == world.actions.actionId(world.stock.isin(), 1, code, word32("one"))
    said = keccak(encode(["string"] * 3, CHANGE)) if code == "CHAN" else bytes(32)
    assert world.book.action(id) == (world.stock.address, code, 1, START, 0, said, tuple(given.values()))
    assert world.book.timesOf(id) == (world.stock.address, code, 1, given["recordAt"], given["deadline"])
    assert (world.book.cash(id)[1] == 1) == (code == "DVCA")
    events = {event.name: event.values for event in world.book.events(world.feed)}
    assert events["ActionRecorded"]["terms"] == tuple(given.values())
    if code == "CHAN":
        told = events["ChangeRecorded"]
        assert (told["name"], told["ticker"], told["isin"]) == CHANGE
    else:
        assert "ChangeRecorded" not in events


@pytest.mark.parametrize("code", BOOK_CODES)
def test_a_code_takes_its_terms_and_no_other(world: Book, code: str) -> None:
    kind, given, every = BOOK_CODES[code], terms_of(world, code), sample(world)
    taken = {FIELDS[name] for name in (*kind.needs, *kind.more) if name in FIELDS}
    needed = {FIELDS[name] for name in kind.needs}
    for field in set(FIELDS.values()) - taken:
        with refuses("book: bad terms"):
            record(world, code, "other's", terms=given | {field: every[field]} | _pair(field, taken, every))
    for field in needed - {"exAt"}:
        with refuses("book: bad terms"):
            record(world, code, "without", terms=given | {field: NONE[field]})
    if code != "CHAN":
        with refuses("book: bad terms"):
            record(world, code, "renamed", change=("", "", "US0000000001"))


def _pair(field: str, taken: set[str], every: dict[str, object]) -> dict[str, object]:
    """What comes together with a field, where the code does not take that one either."""
    other = TOGETHER.get(field, field)
    return {} if other in taken else {other: every[other]}


@pytest.mark.parametrize(
    ("code", "changes", "error"),
    [
        ("MRGR", {"gross": 0, "currency": ""}, "book: bad terms"),
        ("MRGR", {"currency": ""}, "book: bad terms"),
        ("MRGR", {"expiry": PAY + 3 * YEAR - 1}, "book: expiry too early"),
        ("MRGR", {"num": 1}, "book: bad terms"),
        ("TEND", {"deadline": PAY + 1}, "book: bad terms"),
        ("TEND", {"price": 2**128}, "book: bad terms"),
        ("TEND", {"most": 2**96}, "book: bad terms"),
        ("TEND", {"most": MAX}, "book: bad terms"),
        ("DVOP", {"deadline": RECORD - 1}, "book: bad terms"),
        ("RHTS", {"expiry": DEADLINE - 1}, "book: expiry too early"),
        ("RHTS", {"num": 2**64}, "book: bad terms"),
        ("RHTS", {"den": MAX}, "book: bad terms"),
        ("SOFF", {"pay": EX - 30 * DAY - 1}, "book: bad terms"),
        ("SOFF", {"recordAt": EX + 30 * DAY + 1}, "book: bad terms"),
        ("LIQU", {"recordAt": RECORD, "pay": RECORD + 120 * DAY + 1, "expiry": EXPIRY + YEAR}, "book: bad terms"),
        ("LIQU", {"recordAt": RECORD, "ex": 20300230}, "actions: bad terms"),
        ("LIQU", {"recordAt": 0, "ex": number_of(ex_of(EX)), "exAt": EX}, "book: bad terms"),
        ("DLST", {"price": 10**18}, "book: bad terms"),
        ("MEET", {"deadline": 2**40}, "book: bad terms"),
        ("MEET", {"deadline": MAX, "pay": MAX}, "book: bad terms"),
        ("CHAN", {"pay": 2**40}, "book: bad terms"),
        ("DLST", {"expiry": PAY + 3 * YEAR - 1}, "book: expiry too early"),
        ("CHAN", {"change": NO_CHANGE}, "book: bad terms"),
        ("CHAN", {"change": ("", "", "US")}, "book: bad terms"),
    ],
)
def test_terms_that_make_no_sense(world: Book, code: str, changes: dict[str, object], error: str) -> None:
    with refuses(error):
        record(world, code, "one", **changes)


def test_the_other_stock_is_one_of_ours_and_another(world: Book) -> None:
    for other in (world.stock.address, world.coin.address, MALLORY):
        with refuses("book: unknown other"):
            record(world, "SOFF", "one", other=other)
    record(world, "SOFF", "one", other=world.other.address)


def test_no_other_code_is_recorded_and_no_other_s_token(world: Book) -> None:
    for code in ("SPLF", "DRIP", "dvca", "", "CORR"):
        with refuses("book: unknown code"):
            record(world, code, "one", terms=terms_of(world, "DVCA"))
    with refuses("book: unknown stock"):
        record(world, "MEET", "one", stock=world.coin)
    record(world, "MEET", "one")
    with refuses("book: already announced"):
        record(world, "MEET", "one")
    record(world, "CHAN", "one")
    record(world, "MEET", "one", stock=world.other)
    assert (world.book.actionCount(world.stock), world.book.actionCount(world.other)) == (2, 1)


@pytest.mark.parametrize(("code", "first"), [("SOFF", RECORD), ("TEND", DEADLINE), ("DLST", PAY), ("MEET", RECORD)])
def test_what_concerns_holders_is_heard_of_ahead(world: Book, code: str, first: int) -> None:
    set_clock(first - DAY + 1)
    with refuses("book: notice too short"):
        record(world, code, "one")
    set_clock(first - DAY)
    id = record(world, code, "one")
    set_clock(first - DAY + 1)
    amend(world, id, code, document=DOCUMENT)


@pytest.mark.parametrize("who", [name for name in OTHERS if name != "desk"])
def test_who_may(world: Book, who: str) -> None:
    sender, id = OTHERS[who], record(world, "MEET", "one")
    done = record(world, "DLST", "two")
    set_clock(PAY)
    for call in (
        lambda: record(world, "MEET", "two", sender=sender),
        lambda: amend(world, id, "MEET", sender=sender),
        lambda: world.book.complete(done, DOCUMENT, sender=sender),
    ):
        with refuses("roles: not authorised"):
            call()
    if who != "admin":
        with refuses("roles: not authorised"):
            world.book.cancel(id, REASON, DOCUMENT, sender=sender)


@pytest.mark.parametrize("code", TIMED)
def test_what_takes_effect_at_its_second_is_amended_until_then_and_completed_after(world: Book, code: str) -> None:
    id = record(world, code, "one")
    amend(world, id, code, document=DOCUMENT)
    assert world.book.action(id)[2:5] == (1, START, 1)
    assert world.book.action(id)[6][-1] == DOCUMENT
    with refuses("book: not effective"):
        world.book.complete(id, DOCUMENT, sender=DESK)
    set_clock(PAY - 1)
    assert world.book.timesOf(id)[2] == 1
    set_clock(PAY)
    assert world.book.timesOf(id)[2] == 2
    with refuses("book: not announced"):
        amend(world, id, code)
    with refuses("book: not announced"):
        world.book.cancel(id, REASON, DOCUMENT, sender=DESK)
    # Of what gives units alone no cash is paid, and of what has no record nothing.
    why = "record to come" if code == "MRGR" else "no rate" if BOOK_CODES[code].legs else "not announced"
    with refuses(f"book: {why}"):
        world.post(id, usual())
    world.book.complete(id, DOCUMENT, sender=DESK)
    assert world.book.timesOf(id)[2] == 4
    with refuses("book: not effective"):
        world.book.complete(id, DOCUMENT, sender=DESK)
    with refuses("book: not announced"):
        amend(world, id, code)


@pytest.mark.parametrize("code", PAID)
def test_what_is_paid_out_is_closed_once_its_time_to_be_fetched_is_over(world: Book, code: str) -> None:
    given = {"rate": 10**18, "source": word32("fixing")}
    id = record(world, code, "one", **given)
    set_clock(PAY)
    assert world.book.timesOf(id)[2] == 1
    with refuses("book: not effective"):
        world.book.complete(id, DOCUMENT, sender=DESK)
    world.post(id, usual())
    assert world.book.timesOf(id)[2] == 2
    with refuses("book: not announced"):
        amend(world, id, code, **given)
    set_clock(EXPIRY - 1)
    with refuses("book: still open"):
        world.book.complete(id, DOCUMENT, sender=DESK)
    set_clock(EXPIRY)
    world.book.complete(id, bytes(32), sender=DESK)
    with refuses("book: not announced"):
        world.post(id, usual(), part=1)


def test_a_dividend_by_choice_is_paid_once_the_choice_is_over(world: Book) -> None:
    id = record(world, "DVOP", "one", rate=10**18, source=word32("fixing"))
    set_clock(DEADLINE)
    with refuses("book: deadline to come"):
        world.post(id, usual())
    set_clock(DEADLINE + 1)
    world.post(id, usual())


@pytest.mark.parametrize("code", BOOK_CODES)
def test_mints_are_shut_from_the_ex_to_the_record_of_any_code(world: Book, code: str) -> None:
    has_ex = "ex" in BOOK_CODES[code].needs
    # The ex instant is left out: it is the date's midnight then.
    id = record(world, code, "one")
    for second, shut in ((EX - 1, False), (EX, has_ex), (RECORD - 1, has_ex), (RECORD, False)):
        set_clock(second)
        assert world.actions.isShut(world.stock) == shut, second
    set_clock(EX)
    world.book.cancel(id, REASON, DOCUMENT, sender=ADMIN)
    assert not world.actions.isShut(world.stock)
    assert world.book.timesOf(id)[2] == 3
    with refuses("book: already announced"):
        record(world, code, "one")


def test_what_was_chosen_between_stays_once_the_deadline_has_passed(world: Book) -> None:
    given = {"num": 1, "den": 40}
    id = record(world, "DVOP", "one", **given)
    set_clock(DEADLINE)
    amend(world, id, "DVOP", **given, deadline=DEADLINE + DAY)
    set_clock(DEADLINE + DAY + 1)
    for changes in ({"deadline": DEADLINE}, {"num": 2}, {"den": 41}, {"num": 0, "den": 0}):
        with refuses("book: deadline has come"):
            amend(world, id, "DVOP", **{**given, "deadline": DEADLINE + DAY, **changes})
    last = {**given, "deadline": DEADLINE + DAY}
    amend(world, id, "DVOP", **last, price=20 * 10**18)
    with refuses("book: deadline has come"):
        amend(world, id, "DVOP", **last, price=21 * 10**18)
    with refuses("book: record has come"):
        amend(world, id, "DVOP", **last, exAt=MIDNIGHT + 5 * DAY + 1)


def test_an_offer_stands_as_it_was_once_units_may_be_in_it(world: Book) -> None:
    id = record(world, "TEND", "one", most=5)
    amend(world, id, "TEND", most=7)
    set_clock(DEADLINE + 1)
    for changes in ({"most": 8}, {"most": 0}, {"most": 7, "price": 10**18}):
        with refuses("book: deadline has come"):
            amend(world, id, "TEND", **changes)
    amend(world, id, "TEND", most=7, pay=PAY + DAY)


def test_what_a_merger_gives_stays_once_holders_have_chosen(world: Book) -> None:
    given = {"deadline": DEADLINE, "num": 1, "den": 4}
    id = record(world, "MRGR", "one", **given)
    amend(world, id, "MRGR", **given, gross=10**18)
    set_clock(DEADLINE + 1)
    for changes in ({"gross": 1}, {"gross": 0, "currency": ""}, {"currency": "USD"}):
        with refuses("book: deadline has come"):
            amend(world, id, "MRGR", **{**given, "gross": 10**18, **changes})
    amend(world, id, "MRGR", **given, gross=10**18, other=world.other.address)
    with refuses("book: deadline has come"):
        amend(world, id, "MRGR", **given, gross=10**18)


def test_a_spin_off_paid_before_its_ex_is_cancelled_until_its_record(world: Book) -> None:
    """Otherwise nobody could open the stock's mints again once its shares were said to be there."""
    for paid in (START - DAY, EX - DAY):
        id = record(world, "SOFF", f"paid {paid}", pay=paid)
        assert world.book.timesOf(id)[2] == 1
        with boa.env.anchor():
            set_clock(EX)
            assert world.actions.isShut(world.stock)
            with refuses("book: not effective"):
                world.book.complete(id, DOCUMENT, sender=DESK)
            world.book.cancel(id, REASON, DOCUMENT, sender=ADMIN)
            assert not world.actions.isShut(world.stock)
        with boa.env.anchor():
            set_clock(RECORD)
            assert world.book.timesOf(id)[2] == 2
        world.book.cancel(id, REASON, DOCUMENT, sender=DESK)


def test_a_liquidation_is_paid_in_several_payments(world: Book) -> None:
    first, second = (record(world, "LIQU", name, rate=10**18, source=word32("fixing")) for name in ("1", "2"))
    set_clock(RECORD)
    world.post(first, usual())
    assert (world.book.timesOf(first)[2], world.book.timesOf(second)[2]) == (2, 1)


def test_reason_and_document(world: Book) -> None:
    id = record(world, "MEET", "one")
    for reason, document in ((0, DOCUMENT), (REASON, bytes(32))):
        with refuses("book: reason and document"):
            world.book.cancel(id, reason, document, sender=DESK)
    with refuses("book: not announced"):
        world.book.cancel(word32("none"), REASON, DOCUMENT, sender=DESK)
    with refuses("book: not effective"):
        world.book.complete(word32("none"), DOCUMENT, sender=DESK)
