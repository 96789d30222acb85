"""Receivables of scheduled dividends, and coverage()."""

import json
from pathlib import Path

import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Event, Handle, named, now, refuses, set_clock, word32
from support.issuance_world import (
    ALICE,
    DAY,
    MINTER,
    OTHERS,
    START,
    SUPPLY,
    U96,
    U128,
    WAD,
    Issuance,
    deploy_stub,
)

VECTORS = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "reserve.json").read_text())
FAR = START + 100 * DAY


def put(
    suite: Issuance,
    *slot: tuple[str, int, int],
    supply: int = U128,
    gone: str = "",
    stock: Handle | None = None,
    buy: int | None = None,
) -> None:
    """The slot holds these now, each (name, delta, until), as CorporateActions would say it."""
    dues = [(word32(name), delta, until if buy is None else buy, until) for name, delta, until in slot]
    cancelled = word32(gone) if gone else ZERO32
    suite.feed.setReceivables(stock or suite.stock, dues, cancelled, supply, sender=suite.actions.address)


def add(
    suite: Issuance, name: str, delta: int, until: int = FAR, supply: int = U128, stock: Handle | None = None
) -> None:
    """A slot with one dividend."""
    put(suite, (name, delta, until), supply=supply, stock=stock)


def remove(suite: Issuance, name: str) -> None:
    """A slot that one dividend left."""
    put(suite, gone=name)


def owed(suite: Issuance) -> int:
    """What counts on the reserve's side now, in thousandths of a share per unit of the world's supply."""
    return suite.feed.coverage(suite.stock)[2] * 1000 // SUPPLY


def test_it_counts_until_its_second(suite: Issuance) -> None:
    add(suite, "a", WAD // 10, until=START + DAY)
    for instant, expected in ((START, 100), (START + DAY - 1, 100), (START + DAY, 0), (START + 2 * DAY, 0)):
        set_clock(instant)
        assert owed(suite) == expected


def test_a_dividend_counts_until_pay_date_and_grace(suite: Issuance) -> None:
    suite.take_effect(suite.schedule(pay=START + 9 * DAY))
    set_clock(START + 14 * DAY - 1)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 20
    set_clock(START + 14 * DAY)
    assert suite.feed.coverage(suite.stock)[2] == 0


def test_it_ends_with_the_answer_as_of_its_buying(suite: Issuance) -> None:
    put(suite, ("a", WAD // 10, FAR), buy=START + DAY)
    for as_of, expected in ((START, 100), (START + DAY - 1, 100), (START + DAY, 0), (START + 2 * DAY, 0)):
        set_clock(START + 3 * DAY)
        suite.attest(10_000, as_of)
        assert owed(suite) == expected
    suite.oracle.push(-1)
    assert owed(suite) == 0


def test_it_counts_on_the_smallest_supply(suite: Issuance) -> None:
    add(suite, "a", WAD, supply=SUPPLY)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY
    suite.stock.mint(ALICE, SUPPLY, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY
    suite.stock.burn(ALICE, 3 * SUPPLY // 2, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 2
    suite.stock.mint(ALICE, SUPPLY, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 2


def test_a_mint_keeps_the_mark_of_each_that_is_open(suite: Issuance) -> None:
    put(suite, ("long", WAD // 10, FAR), ("short", WAD // 100, START + 1), supply=SUPPLY)
    suite.stock.burn(ALICE, SUPPLY // 2, sender=MINTER)
    set_clock(START + 1)
    suite.stock.mint(ALICE, SUPPLY // 2, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 20


def test_a_slot_that_changes_keeps_marks_and_seconds(suite: Issuance) -> None:
    put(suite, ("a", WAD // 10, START + DAY), supply=SUPPLY // 2)
    put(suite, ("a", WAD // 5, FAR), ("b", WAD // 100, FAR), supply=SUPPLY)
    assert owed(suite) == 100 + 10
    set_clock(START + DAY)
    assert owed(suite) == 10


def test_a_smaller_supply_lowers_the_mark_when_the_slot_changes(suite: Issuance) -> None:
    put(suite, ("a", WAD // 10, FAR), supply=SUPPLY)
    put(suite, ("a", WAD // 10, FAR), supply=SUPPLY // 2)
    put(suite, ("a", WAD // 10, FAR), supply=SUPPLY)
    assert owed(suite) == 50


def test_each_rounds_down(suite: Issuance) -> None:
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    stock.set_supply(1)
    for name in ("a", "b"):
        add(suite, name, WAD // 2 + 1, stock=stock)
    assert suite.feed.coverage(stock)[2] == 0


def test_the_shared_vectors(suite: Issuance) -> None:
    for row in VECTORS["receivable"]:
        supply, recorded, delta, num, den = (
            int(row[key]) for key in ("supply", "recorded_supply", "delta", "num", "den")
        )
        stock = deploy_stub("StubStock", suite.feed, "US0000000001")
        stock.set_supply(supply)
        stock.set_terms([WAD, num, den, WAD, num, den, 0])
        suite.configure(stock)
        add(suite, "a", delta, supply=recorded, stock=stock)
        assert suite.feed.coverage(stock)[2] == int(row["receivable"]), row


def test_four_at_most_and_none_is_dropped(suite: Issuance) -> None:
    put(suite, *((str(i), WAD // 1000 * 10**i, FAR) for i in range(4)))
    assert owed(suite) == 1111
    with refuses("reserve: receivables full"):
        add(suite, "4", WAD)
    for i, left in ((3, 111), (2, 11), (1, 1)):
        remove(suite, str(i))
        assert owed(suite) == left
    put(suite, ("0", WAD // 1000, FAR), ("new", WAD // 10, FAR), ("newer", 2 * WAD // 10, FAR), ("3", WAD, FAR))
    assert owed(suite) == 1_301
    for i, left in (("0", 1_300), ("newer", 1_100), ("3", 100), ("new", 0)):
        remove(suite, i)
        assert owed(suite) == left


def test_one_that_has_ended_makes_room(suite: Issuance) -> None:
    add(suite, "open", WAD // 1000)
    for i in range(3):
        add(suite, str(i), WAD, until=START + 1)
    set_clock(START + 1)
    assert owed(suite) == 1
    put(suite, ("open", WAD // 1000, FAR), ("new", WAD // 100, FAR), ("newer", WAD // 10, FAR))
    assert owed(suite) == 111


def test_a_dividend_counts_on_what_those_before_it_have_bought(suite: Issuance) -> None:
    """The index shows 1.25 and a fifth of it is not bought: 20 % of the whole is paid on four fifths of it."""
    at = now() + 2 * DAY
    suite.take_effect(suite.schedule(reference="a", gross=25 * WAD, price=100 * WAD, pay=at + 20 * DAY))
    assert owed(suite) == 250
    second = suite.schedule(reference="b", gross=20 * WAD, price=100 * WAD)
    assert owed(suite) == 250 + 200
    suite.cancel(second)
    set_clock(at + 25 * DAY)
    suite.schedule(reference="c", gross=20 * WAD, price=100 * WAD)
    assert owed(suite) == 250


def test_a_later_one_does_not_shorten_an_earlier_one(suite: Issuance) -> None:
    add(suite, "long", WAD // 1000, until=FAR)
    add(suite, "short", WAD // 100, until=START + 1)
    set_clock(START + 1)
    assert owed(suite) == 1
    remove(suite, "short")
    assert owed(suite) == 1


def test_the_widest_values_are_cut_and_overflow_nothing(suite: Issuance) -> None:
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    stock.set_supply(U128)
    stock.set_terms([U96, 1, 1, U96, 1, 1, 0])
    suite.configure(stock)
    for i in range(4):
        add(suite, str(i), MAX, until=MAX, supply=MAX, stock=stock)
    assert suite.feed.coverage(stock)[2] == 4 * (U128 * (2**71 - 1) // WAD)
    set_clock(2**33 - 1)
    assert suite.feed.coverage(stock)[2] == 0


def test_nothing_of_nothing(suite: Issuance) -> None:
    add(suite, "a", 0, until=0, supply=0)
    assert owed(suite) == 0


def test_it_never_turns_a_liability_into_an_asset(suite: Issuance) -> None:
    add(suite, "a", 3 * WAD)
    suite.configure(ceiling=0)
    suite.stock.mint(ALICE, SUPPLY, sender=MINTER)


def test_events(suite: Issuance) -> None:
    put(suite, ("a", 5, FAR), buy=FAR - 1)
    common = {"token": suite.stock.address, "id": word32("a")}
    assert suite.feed.events() == [
        Event(suite.feed.address, "ReceivableSet", {**common, "delta": 5, "buy": FAR - 1, "until": FAR})
    ]
    remove(suite, "a")
    assert suite.feed.events() == [Event(suite.feed.address, "ReceivableRemoved", common)]
    suite.feed.setEx(suite.stock, FAR, False, sender=suite.actions.address)
    assert suite.feed.events() == [Event(suite.feed.address, "ExSet", {"token": suite.stock.address, "ex": FAR})]


def test_nothing_is_minted_from_an_open_ex_on(suite: Issuance) -> None:
    id = suite.announce()
    ex_at = suite.actions.action(id)[5]
    set_clock(ex_at - 1)
    suite.attest(10_000)
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    set_clock(ex_at)
    with refuses("reserve: action undecided"):
        suite.stock.mint(ALICE, WAD, sender=MINTER)
    suite.configure()
    add(suite, "a", WAD)
    with refuses("reserve: action undecided"):
        suite.stock.mint(ALICE, WAD, sender=MINTER)
    suite.stock.burn(ALICE, WAD, sender=MINTER)
    suite.cancel(id)
    suite.stock.mint(ALICE, WAD, sender=MINTER)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_actions(suite: Issuance, actor: str) -> None:
    stock, id, sender = suite.stock, word32("a"), OTHERS[actor]
    with refuses("reserve: not the actions"):
        suite.feed.setReceivables(stock, [(id, WAD, FAR, FAR)], ZERO32, SUPPLY, sender=sender)
    with refuses("reserve: not the actions"):
        suite.feed.setEx(stock, 0, False, sender=sender)
    with refuses("reserve: not the actions"):
        suite.feed.dropReceivables(stock, sender=sender)
    with refuses("reserve: not the actions"):
        suite.feed.setStep(stock, 2, 1, now() + 1, True, sender=sender)


def test_a_cancelled_dividend_takes_its_own_and_no_other(suite: Issuance) -> None:
    first = suite.schedule(reference="a", gross=WAD, price=20 * WAD)
    second = suite.schedule(reference="b", gross=2 * WAD, price=20 * WAD)
    left = suite.feed.coverage(suite.stock)[2]
    suite.cancel(second)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 20 < left
    suite.cancel(first)
    assert suite.feed.coverage(suite.stock)[2] == 0


def test_a_dividend_counts_on_the_position_alone(suite: Issuance) -> None:
    """What two of one second buy together is there once both are bought, and either may be the later one."""
    first = suite.schedule(reference="a", gross=20 * WAD, price=100 * WAD)
    suite.schedule(reference="b", gross=25 * WAD, price=100 * WAD)
    assert owed(suite) == 200 + 250
    suite.cancel(first)
    assert owed(suite) == 250


def test_a_fifth_dividend_waits_for_a_graces_end(suite: Issuance) -> None:
    for place in range(4):
        suite.take_effect(suite.schedule(reference=str(place)))
    fifth = suite.announce(reference="4")
    with refuses("reserve: receivables full"):
        suite.strike(fifth)
    assert suite.feed.coverage(suite.stock)[2] > 0
    set_clock(now() + 10 * DAY)
    suite.strike(suite.announce(reference="5"))


def test_coverage_of_a_stock_that_is_not_configured(suite: Issuance) -> None:
    stock = suite.create_stock("US0378331005")
    assert suite.feed.coverage(stock) == (0, 0, 0, 0, 0)
    suite.take_effect(suite.schedule("SPLF", stock=stock))
    assert suite.feed.coverage(stock) == (0, 0, 0, 0, 0)


def test_coverage_does_not_mind_age_or_basis(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF"))
    set_clock(now() + 100 * DAY)
    assert suite.feed.coverage(suite.stock) == (10_000 * WAD, 2_000 * WAD, 0, 2 * 10**6 * WAD, 0)


@pytest.mark.parametrize("answer", [0, -1, U128 + 1, 2**255 - 1, -(2**255)])
def test_coverage_of_a_bad_answer_is_none(suite: Issuance, answer: int) -> None:
    suite.oracle.push(answer)
    assert suite.feed.coverage(suite.stock)[0] == 0


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_coverage_of_a_broken_oracle_is_none(suite: Issuance, mode: int) -> None:
    oracle = deploy_stub("StubOracle", 18)
    suite.configure(oracle=oracle)
    oracle.set(mode, WAD, START)
    assert suite.feed.coverage(suite.stock)[0] == 0


def test_coverage_of_a_dividend_and_a_split_together(suite: Issuance) -> None:
    """Once the split is confirmed, what is owed and what is due are both counted in the new basis."""
    suite.schedule("SPLF", num=2)
    suite.take_effect(suite.schedule("DRIP", gross=WAD, price=10 * WAD))
    assert suite.feed.coverage(suite.stock)[1:3] == (2_200 * WAD, 200 * WAD)
    suite.attest(20_000)
    suite.adopt()
    assert suite.feed.coverage(suite.stock) == (20_000 * WAD, 2_200 * WAD, 200 * WAD, 2 * 10**6 * WAD, 0)


def test_coverage_of_an_account_is_no_answer(suite: Issuance) -> None:
    for nobody in (ZERO, named("nobody")):
        with refuses(""):
            suite.feed.coverage(nobody)
