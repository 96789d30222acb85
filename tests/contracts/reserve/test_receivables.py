"""Receivables of scheduled dividends, and coverage()."""

import json
from pathlib import Path

import pytest
from support.contract_calls import MAX, ZERO, Event, Handle, named, now, refuses, set_clock, word32
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


def add(
    suite: Issuance, name: str, delta: int, until: int = FAR, supply: int = U128, stock: Handle | None = None
) -> None:
    """As CorporateActions would."""
    suite.feed.addReceivable(stock or suite.stock, word32(name), delta, supply, until, sender=suite.actions.address)


def remove(suite: Issuance, name: str) -> None:
    suite.feed.removeReceivable(suite.stock, word32(name), sender=suite.actions.address)


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


def test_it_is_of_the_smaller_supply(suite: Issuance) -> None:
    add(suite, "a", WAD, supply=SUPPLY)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY
    suite.stock.mint(ALICE, SUPPLY, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY
    suite.stock.burn(ALICE, 3 * SUPPLY // 2, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 2


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


def test_four_at_most_and_the_earliest_is_dropped(suite: Issuance) -> None:
    for i in range(4):
        add(suite, str(i), WAD // 1000 * 10**i)
    assert owed(suite) == 1111
    add(suite, "4", WAD // 1000 * 10_000)
    assert owed(suite) == 11_110
    remove(suite, "0")
    assert owed(suite) == 11_110
    for i, left in ((2, 11_010), (4, 1_010), (1, 1_000), (3, 0)):
        remove(suite, str(i))
        assert owed(suite) == left
    add(suite, "new", WAD // 1000)
    assert owed(suite) == 1


def test_an_expired_one_has_its_place_until_it_is_the_earliest(suite: Issuance) -> None:
    add(suite, "open", WAD // 1000)
    for i in range(3):
        add(suite, str(i), WAD, until=START + 1)
    set_clock(START + 1)
    assert owed(suite) == 1
    add(suite, "new", WAD // 100)
    assert owed(suite) == 10


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
    assert suite.feed.coverage(stock)[2] == 4 * (U128 * (2**94 - 1) // WAD)
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
    add(suite, "a", 5, until=FAR, supply=7)
    common = {"token": suite.stock.address, "id": word32("a")}
    assert suite.feed.events() == [
        Event(suite.feed.address, "ReceivableAdded", {**common, "delta": 5, "supply": 7, "until": FAR})
    ]
    remove(suite, "a")
    assert suite.feed.events() == [Event(suite.feed.address, "ReceivableRemoved", common)]
    remove(suite, "a")
    assert suite.feed.events() == []


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_actions(suite: Issuance, actor: str) -> None:
    stock, id, sender = suite.stock, word32("a"), OTHERS[actor]
    with refuses("reserve: not the actions"):
        suite.feed.addReceivable(stock, id, WAD, SUPPLY, FAR, sender=sender)
    with refuses("reserve: not the actions"):
        suite.feed.removeReceivable(stock, id, sender=sender)
    with refuses("reserve: not the actions"):
        suite.feed.dropReceivables(stock, sender=sender)
    with refuses("reserve: not the actions"):
        suite.feed.foldBasis(stock, 1, 1, 2, 1, sender=sender)


def test_a_cancelled_dividend_takes_its_own_and_no_other(suite: Issuance) -> None:
    first = suite.schedule(reference="a", gross=WAD, price=20 * WAD)
    second = suite.schedule(reference="b", gross=2 * WAD, price=20 * WAD)
    left = suite.feed.coverage(suite.stock)[2]
    suite.cancel(second)
    assert suite.feed.coverage(suite.stock)[2] == SUPPLY // 20 < left
    suite.cancel(first)
    assert suite.feed.coverage(suite.stock)[2] == 0


def test_a_dividend_is_cancelled_even_if_its_receivable_was_dropped(suite: Issuance) -> None:
    id = suite.schedule()
    for i in range(4):
        add(suite, str(i), WAD // 1000)
    suite.cancel(id)
    assert owed(suite) == 4


def test_coverage_of_a_stock_that_is_not_configured(suite: Issuance) -> None:
    stock = suite.create_stock("US0378331005")
    assert suite.feed.coverage(stock) == (0, 0, 0, 0)
    suite.take_effect(suite.schedule("SPLF", stock=stock))
    assert suite.feed.coverage(stock) == (0, 0, 0, 0)


def test_coverage_does_not_mind_age_or_basis(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF"))
    set_clock(now() + 100 * DAY)
    assert suite.feed.coverage(suite.stock) == (10_000 * WAD, 1_000 * WAD, 0, 10**6 * WAD)


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
    assert suite.feed.coverage(suite.stock)[1:3] == (1_100 * WAD, 100 * WAD)
    suite.attest(20_000)
    suite.feed.confirmBasis(suite.stock, 1, 2)
    assert suite.feed.coverage(suite.stock) == (20_000 * WAD, 2_200 * WAD, 200 * WAD, 2 * 10**6 * WAD)


def test_coverage_of_an_account_is_no_answer(suite: Issuance) -> None:
    for nobody in (ZERO, named("nobody")):
        with refuses(""):
            suite.feed.coverage(nobody)
