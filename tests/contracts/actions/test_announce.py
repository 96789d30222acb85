"""CorporateActions.announce."""

from calendar import timegm
from datetime import date
from typing import Any

import pytest
from eth_utils import keccak
from support.contract_calls import MAX, Event, named, now, refuses, set_clock, word32
from support.days import LAST, number_of
from support.days import ex_of as day_of
from support.issuance_world import DAY, DESK, ISIN, OTHERS, START, U40, U64, U128, WAD, Issuance

AT = START + 2 * DAY
MIDNIGHT = AT - AT % DAY


def ex_of(second: int) -> int:
    """The UTC day of a second, as the chain keeps it."""
    return number_of(day_of(second))


EX = ex_of(AT)


def test_it_records_a_dividend_and_moves_nothing(suite: Issuance) -> None:
    before = suite.terms()
    id = suite.announce(gross=3 * WAD, effectiveAt=AT, pay=AT + DAY)
    assert suite.terms() == before
    assert suite.record(id) == {
        "token": suite.stock.address,
        "code": "DRIP",
        "status": 1,
        "announcedAt": START,
        "ex": EX,
        "exAt": MIDNIGHT,
        "pay": AT + DAY,
        "buy": AT + DAY,
        "effectiveAt": AT,
        "num": 0,
        "den": 0,
        "gross": 3 * WAD,
        "withheld": 0,
        "net": 0,
        "price": 0,
        "index": 0,
    }


def test_it_records_a_split(suite: Issuance) -> None:
    id = suite.announce("SPLF", num=3, den=2)
    record = suite.record(id)
    assert (record["code"], record["num"], record["den"], record["pay"], record["gross"]) == ("SPLF", 3, 2, 0, 0)
    assert suite.feed.step(suite.stock)[3] == 0


def test_it_tells_the_auditor_everything(suite: Issuance) -> None:
    id = suite.announce("SPLR", "split 1", effectiveAt=AT)
    assert suite.actions.events(suite.feed) == [
        Event(suite.feed.address, "ExSet", {"token": suite.stock.address, "ex": MIDNIGHT}),
        Event(
            suite.actions.address,
            "ActionAnnounced",
            {
                "id": id,
                "token": suite.stock.address,
                "code": "SPLR",
                "reference": word32("split 1"),
                "announcer": DESK,
                "ex": EX,
                "exAt": MIDNIGHT,
                "pay": 0,
                "buy": 0,
                "effectiveAt": AT,
                "num": 1,
                "den": 10,
                "gross": 0,
            },
        ),
    ]


def test_the_id_is_the_hash_of_isin_series_code_and_reference(suite: Issuance) -> None:
    id = suite.announce("SPLF", "2030 split")
    assert id == keccak(ISIN.encode() + bytes(7) + b"\x01" + b"SPLF" + word32("2030 split"))
    assert id == suite.actions.actionId(ISIN, 1, "SPLF", word32("2030 split"))


def test_a_stocks_actions_are_listed_in_order(suite: Issuance) -> None:
    ids = [suite.announce("SPLF", "a"), suite.announce("SPLR", "a"), suite.announce("DRIP", "a")]
    assert suite.actions.actionCount(suite.stock) == 3
    assert [suite.actions.actionAt(suite.stock, i) for i in range(3)] == ids
    for i in (3, MAX):
        with refuses("actions: no such action"):
            suite.actions.actionAt(suite.stock, i)


def test_a_second_stock_has_a_list_of_its_own(suite: Issuance) -> None:
    other = suite.create_stock("US0378331005")
    first, second = suite.announce(), suite.announce(stock=other)
    assert first != second
    assert suite.actions.actionCount(other) == 1
    assert suite.record(second)["token"] == other.address


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_desk(suite: Issuance, actor: str) -> None:
    if actor == "desk":
        suite.announce(sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.announce(sender=OTHERS[actor])


@pytest.mark.parametrize("code", ["", "DVCA", "CORR", "FOLD", "drip", "SPL", "\x00\x00\x00\x01"])
def test_unknown_codes(suite: Issuance, code: str) -> None:
    with refuses("actions: unknown code"):
        suite.announce(code)


def test_unknown_stock_comes_before_the_code(suite: Issuance) -> None:
    for stranger in (named("nobody"), suite.actions):
        with refuses("actions: unknown stock"):
            suite.announce("nope", stock=stranger)


@pytest.mark.parametrize("at", [0, START - 1, START])
def test_the_effect_lies_ahead(suite: Issuance, at: int) -> None:
    with refuses("actions: effective in the past"):
        suite.announce("SPLF", effectiveAt=at, num=0)


def test_a_split_may_be_announced_a_second_ahead(suite: Issuance) -> None:
    suite.announce("SPLF", effectiveAt=START + 1)


BAD_SPLITS: dict[str, dict[str, Any]] = {
    "no numerator": {"num": 0},
    "no denominator": {"den": 0},
    "neither": {"num": 0, "den": 0},
    "nothing changes": {"num": 1, "den": 1},
    "nothing changes, unreduced": {"num": 7, "den": 7},
    "reverse under the forward code": {"num": 1, "den": 2},
    "numerator of 65 bits": {"num": U64 + 1, "den": U64},
    "numerator": {"num": MAX, "den": 1},
    "denominator": {"num": 2, "den": MAX},
    "both": {"num": MAX, "den": MAX},
    "a dividend too": {"gross": 1},
    "a pay date": {"pay": AT},
    "a day of buying": {"buy": AT},
    "effective before the ex date": {"ex": ex_of(AT + DAY)},
    "effective before the ex instant": {"exAt": AT + 1},
    "effective a month after the ex instant": {"ex": ex_of(AT - 30 * DAY), "exAt": AT - 30 * DAY - 1},
    "the ex instant a day before the date": {"ex": ex_of(MIDNIGHT + DAY), "exAt": MIDNIGHT - 1},
    "the ex instant a day after the date": {"ex": ex_of(MIDNIGHT - DAY), "exAt": MIDNIGHT + 1},
    "the ex instant at no time": {"exAt": MAX},
    "the battle of Hastings": {"ex": 10_661_014},
    "the end of the calendar": {"ex": 99_991_231},
    "year 36812": {"effectiveAt": U40 + 1},
    "no year": {"effectiveAt": MAX},
    "no date": {"ex": 0},
    "month 0": {"ex": 20_300_018},
    "month 13": {"ex": 20_301_301},
    "day 0": {"ex": 20_300_300},
    "day 32": {"ex": 20_300_332},
    "no leap day": {"ex": 20_310_229, "effectiveAt": 1_930_100_000},
    "day 31 of a month of 30": {"ex": 20_300_431, "effectiveAt": 1_903_830_000},
    "nine digits": {"ex": 100_000_101},
    "seven digits": {"ex": 9_991_231},
    "no date at all": {"ex": MAX},
}


@pytest.mark.parametrize("terms", BAD_SPLITS.values(), ids=BAD_SPLITS)
def test_bad_terms_of_a_split(suite: Issuance, terms: dict[str, Any]) -> None:
    with refuses("actions: bad terms"):
        suite.announce("SPLF", **terms)


BAD_DIVIDENDS: dict[str, dict[str, Any]] = {
    "nothing": {"gross": 0},
    "129 bits": {"gross": U128 + 1},
    "256 bits": {"gross": MAX},
    "a numerator": {"num": 1},
    "a denominator": {"den": 1},
    "paid a month before the ex": {"exAt": AT, "pay": AT - 30 * DAY - 1},
    "never paid": {"pay": 0},
    "paid in the year 36812": {"pay": U40 + 1},
    "paid at no time": {"pay": MAX},
    "paid 120 days after the effect and a second": {"pay": AT + 120 * DAY + 1},
    "bought before it takes effect": {"buy": AT - 1},
    "bought after the grace": {"pay": AT, "buy": AT + 5 * DAY + 1},
    "bought at no time": {"buy": MAX},
    "effective at no time": {"effectiveAt": MAX, "pay": MAX},
}


@pytest.mark.parametrize("terms", BAD_DIVIDENDS.values(), ids=BAD_DIVIDENDS)
def test_bad_terms_of_a_dividend(suite: Issuance, terms: dict[str, Any]) -> None:
    with refuses("actions: bad terms"):
        suite.announce(**terms)


def test_the_widest_terms_are_recorded_as_they_are(suite: Issuance) -> None:
    at, pay = LAST + 30 * DAY - DAY + 1, LAST + 150 * DAY - DAY + 1
    dividend = suite.record(suite.announce(gross=U128, effectiveAt=at, pay=pay, buy=pay + 5 * DAY, ex=99_991_231))
    assert (dividend["gross"], dividend["effectiveAt"], dividend["pay"], dividend["ex"]) == (U128, at, pay, 99_991_231)
    assert (dividend["exAt"], dividend["buy"]) == (at - 30 * DAY, pay + 5 * DAY)
    split = suite.record(suite.announce("SPLF", num=U64, den=U64 - 1))
    assert (split["num"], split["den"]) == (U64, U64 - 1)


@pytest.mark.parametrize(
    "terms",
    [
        {"exAt": AT},
        {"ex": ex_of(AT - 30 * DAY), "exAt": AT - 30 * DAY},
        {"ex": ex_of(MIDNIGHT + DAY), "exAt": MIDNIGHT},
        {"ex": ex_of(MIDNIGHT - DAY), "exAt": MIDNIGHT},
    ],
)
def test_the_ex_instant_at_its_edges(suite: Issuance, terms: dict[str, int]) -> None:
    record = suite.record(suite.announce("SPLF", **terms))
    assert (record["exAt"], record["ex"]) == (terms["exAt"], terms.get("ex", EX))


def test_the_midnight_of_a_date(suite: Issuance) -> None:
    """The instant that follows from a date is the one that Python's calendar has for it."""
    days = [date(2031, 2, 28), date(2031, 3, 1), date(2031, 12, 31), date(2032, 2, 29), date(2032, 3, 1)]
    days += [date(2099, 12, 31), date(2100, 2, 28), date(2100, 3, 1), date(2400, 2, 29), date(9999, 12, 31)]
    days += [date(2033, month, 1) for month in range(1, 13)]
    for place, day in enumerate(days):
        midnight = timegm(day.timetuple())
        at = midnight + DAY
        id = suite.announce("SPLF", str(place), ex=number_of(day), effectiveAt=at)
        assert suite.record(id)["exAt"] == midnight
        suite.cancel(id)


def test_a_seventeenth_waits(suite: Issuance) -> None:
    ids = [suite.announce("SPLF", str(place)) for place in range(16)]
    with refuses("actions: too many announced"):
        suite.announce("SPLF", "one more")
    suite.cancel(ids[3])
    suite.announce("SPLF", "one more")
    suite.announce("SPLF", "another stock's", stock=suite.create_stock("US0378331005"))


@pytest.mark.parametrize(("code", "num", "den"), [("SPLR", 2, 1), ("SPLF", 1, 2)])
def test_terms_the_wrong_way_round(suite: Issuance, code: str, num: int, den: int) -> None:
    with refuses("actions: bad terms"):
        suite.announce(code, num=num, den=den)


@pytest.mark.parametrize(
    ("code", "num", "den"), [("SPLF", 101, 1), ("SPLF", 201, 2), ("SPLR", 1, 101), ("SPLR", 2, 201), ("SPLF", U64, 1)]
)
def test_splits_beyond_a_hundred(suite: Issuance, code: str, num: int, den: int) -> None:
    with refuses("actions: split bound"):
        suite.announce(code, num=num, den=den)


@pytest.mark.parametrize(("code", "num", "den"), [("SPLF", 100, 1), ("SPLR", 1, 100), ("SPLF", 4, 2)])
def test_splits_up_to_a_hundred(suite: Issuance, code: str, num: int, den: int) -> None:
    assert suite.announce(code, num=num, den=den)


def test_a_dividend_is_announced_a_day_ahead_to_the_second(suite: Issuance) -> None:
    with refuses("actions: notice too short"):
        suite.announce(effectiveAt=START + DAY - 1)
    suite.announce(effectiveAt=START + DAY)


def test_an_id_is_used_once(suite: Issuance) -> None:
    suite.announce("SPLF", "x")
    with refuses("actions: already announced"):
        suite.announce("SPLF", "x", num=3)


def test_a_cancelled_id_stays_used(suite: Issuance) -> None:
    suite.cancel(suite.announce("SPLF", "x"))
    with refuses("actions: already announced"):
        suite.announce("SPLF", "x")


def test_the_order_of_refusals(suite: Issuance) -> None:
    suite.announce(reference="x")
    wrong: dict[str, Any] = {
        "sender": named("mallory"),
        "stock": named("nobody"),
        "code": "nope",
        "effectiveAt": START,
        "num": 1000,
        "den": 0,
    }
    right: list[tuple[str, dict[str, Any]]] = [
        ("roles: not authorised", {"sender": DESK}),
        ("actions: unknown stock", {"stock": suite.stock}),
        ("actions: unknown code", {"code": "SPLF"}),
        ("actions: effective in the past", {"effectiveAt": START + DAY}),
        ("actions: bad terms", {"den": 1}),
        ("actions: split bound", {"code": "DRIP", "num": 0, "den": 0, "effectiveAt": START + DAY - 1}),
        ("actions: notice too short", {"effectiveAt": START + DAY, "pay": START + DAY}),
        ("actions: already announced", {"reference": "y"}),
    ]
    terms = {"reference": "x", **wrong}
    for refusal, correction in right:
        with refuses(refusal):
            suite.announce(**terms)
        terms |= correction
    suite.announce(**terms)


def test_neither_pause_nor_halt_stops_the_desk(suite: Issuance) -> None:
    suite.stock.pause(sender=OTHERS["pauser"])
    suite.announce(reference="paused")
    suite.beacon.halt(sender=OTHERS["guardian"])
    suite.announce(reference="halted")


def test_what_was_never_scheduled_stays_announced(suite: Issuance) -> None:
    id = suite.announce()
    set_clock(now() + 30 * DAY)
    assert suite.record(id)["status"] == 1


def test_an_unknown_id_reads_as_zeros(suite: Issuance) -> None:
    record = suite.record(word32("never announced"))
    assert record.pop("code") == ""
    assert int(record.pop("token"), 16) == 0
    assert set(record.values()) == {0}
