"""ReserveFeed.check: what a mint asks."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.contract_calls import MAX, Handle, named, now, refuses, set_clock
from support.issuance_world import (
    ADMIN,
    ALICE,
    DAY,
    MINTER,
    START,
    SUPPLY,
    U64,
    U96,
    U128,
    WAD,
    Issuance,
    deploy_stub,
)

from scrip.parameters import BLIND_MARGIN

VECTORS = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "reserve.json").read_text())


@pytest.fixture
def stub(suite: Issuance) -> Handle:
    """A stock that asks whatever it likes, configured as the real one is."""
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    suite.configure(stock)
    return stock


@pytest.fixture
def broken(suite: Issuance, stub: Handle) -> Handle:
    """The stub stock's own oracle, which answers as told."""
    oracle = deploy_stub("StubOracle", 18)
    suite.configure(stub, oracle=oracle)
    oracle.set(0, 1000 * WAD, START)
    return oracle


def test_a_mint_up_to_the_last_share(suite: Issuance) -> None:
    suite.attest(1_500)
    suite.stock.mint(ALICE, 500 * WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_transfers_and_burns_do_not_ask(suite: Issuance) -> None:
    suite.attest(0)
    suite.stock.transfer(named("bob"), SUPPLY // 2, sender=ALICE)
    suite.stock.burn(ALICE, SUPPLY // 2, sender=MINTER)


def test_the_ceiling_binds_below_the_reserve(suite: Issuance) -> None:
    suite.configure(ceiling=1_200 * WAD)
    suite.stock.mint(ALICE, 200 * WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_a_stock_that_is_not_configured(suite: Issuance) -> None:
    stranger = deploy_stub("StubStock", suite.feed, "US0000000001")
    with refuses("reserve: not configured"):
        stranger.ask(0, WAD, 1, 1)
    with refuses("reserve: not configured"):
        suite.feed.check(0, 0, WAD, 1, 1, sender=ALICE)


def test_true_is_the_only_answer(stub: Handle) -> None:
    assert stub.ask(SUPPLY, WAD, 1, 1) is True


@pytest.mark.parametrize("mode", [1, 2, 3, 4], ids=["reverts", "too few bytes", "nothing", "reverts without data"])
def test_an_oracle_that_fails(broken: Handle, stub: Handle, mode: int) -> None:
    broken.set(mode, 1000 * WAD, START)
    with refuses("reserve: oracle failed"):
        stub.ask(SUPPLY, WAD, 1, 1)


@pytest.mark.parametrize("answer", [0, -1, -(2**255), U128 + 1, 2**255 - 1])
def test_bad_answers(broken: Handle, stub: Handle, answer: int) -> None:
    broken.set(0, answer, START)
    with refuses("reserve: bad answer"):
        stub.ask(1, WAD, 1, 1)


def test_no_round_is_a_bad_answer(suite: Issuance, broken: Handle, stub: Handle) -> None:
    broken.set(0, 1000 * WAD, 0)
    with refuses("reserve: bad answer"):
        stub.ask(1, WAD, 1, 1)
    suite.configure(stub, oracle=Handle(suite.oracle.address, suite.oracle.abi))
    assert stub.ask(1, WAD, 1, 1)


@pytest.mark.parametrize("at", [START + 1, MAX])
def test_future_answers(broken: Handle, stub: Handle, at: int) -> None:
    broken.set(0, 1000 * WAD, at)
    with refuses("reserve: future answer"):
        stub.ask(1, WAD, 1, 1)


def test_stale_by_a_second(suite: Issuance) -> None:
    set_clock(START + DAY)
    suite.stock.mint(ALICE, 1, sender=MINTER)
    set_clock(START + DAY + 1)
    with refuses("reserve: stale answer"):
        suite.stock.mint(ALICE, 1, sender=MINTER)
    suite.attest(10_000)
    suite.stock.mint(ALICE, 1, sender=MINTER)


def test_the_order_of_refusals(suite: Issuance, broken: Handle, stub: Handle) -> None:
    suite.configure(stub, oracle=broken, ceiling=0)
    broken.set(1, 0, START + 1)
    steps: list[tuple[str, Any]] = [
        ("reserve: oracle failed", lambda: broken.set(0, 0, START + 1)),
        ("reserve: bad answer", lambda: broken.set(0, 1, START + 1)),
        ("reserve: future answer", lambda: broken.set(0, 1, START - DAY - 1)),
        ("reserve: stale answer", lambda: broken.set(0, 1, START)),
    ]
    for refusal, correction in steps:
        with refuses(refusal):
            stub.ask(U128, WAD, 1, 1)
        correction()
    with refuses("reserve: insufficient"):
        stub.ask(U128, WAD, 1, 1)


@pytest.mark.parametrize(
    ("supply", "index"),
    [(U128 + 1, WAD), (MAX, WAD), (1, U96 + 1), (1, MAX), (MAX, MAX), (U128, U96)],
)
def test_hostile_questions_are_refused_by_name(stub: Handle, supply: int, index: int) -> None:
    with refuses("reserve: insufficient"):
        stub.ask(supply, index, 1, 1)


def test_the_greatest_factors_do_not_overflow(suite: Issuance) -> None:
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    stock.set_terms([WAD, U64, 1, WAD, U64, 1, 0])
    suite.configure(stock)
    with refuses("reserve: insufficient"):
        stock.ask(U128, U96, U64, 1)
    assert stock.ask(0, U96, U64, 1)


def test_a_margin_comes_off(suite: Issuance) -> None:
    suite.configure(margin=100)
    suite.attest(1_020)
    suite.stock.mint(ALICE, 98 * WAD // 10, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_liability_rounds_up(suite: Issuance, broken: Handle, stub: Handle) -> None:
    broken.set(0, 1, START)
    assert stub.ask(1, WAD, 1, 1)
    with refuses("reserve: insufficient"):
        stub.ask(1, WAD + 1, 1, 1)
    assert stub.ask(0, U96, 1, 1)


@pytest.mark.parametrize("decimals", [0, 6, 8, 17, 18, 19, 27, 36])
def test_any_decimals_of_the_oracle(suite: Issuance, stub: Handle, decimals: int) -> None:
    oracle = deploy_stub("StubOracle", decimals)
    suite.configure(stub, oracle=oracle)
    oracle.set(0, 1000 * 10**decimals if decimals < 30 else 100 * 10**decimals, START)
    full = 1000 * WAD if decimals < 30 else 100 * WAD
    assert stub.ask(full, WAD, 1, 1)
    with refuses("reserve: insufficient"):
        stub.ask(full + 1, WAD, 1, 1)


def test_the_shared_vectors_of_a_counted_reserve(suite: Issuance, stub: Handle) -> None:
    counted, rows = 0, VECTORS["counted_reserve"]
    oracles = {decimals: deploy_stub("StubOracle", decimals) for decimals in {row["decimals"] for row in rows}}
    for row in rows:
        answer, reserve, oracle = int(row["answer"]), int(row["reserve"]), oracles[row["decimals"]]
        oracle.set(0, answer, START)
        if row["margin_bps"] > BLIND_MARGIN.ceiling:
            continue
        suite.configure(stub, oracle=oracle, margin=row["margin_bps"])
        if reserve <= U128 and answer * 10**18 // 10 ** row["decimals"] <= U128:
            assert suite.feed.coverage(stub)[0] == reserve, row
            counted += 1
    assert counted > 50


def test_the_shared_vectors_of_liability(suite: Issuance, stub: Handle) -> None:
    for row in VECTORS["liability"]:
        index, num, den, supply = (int(row[key]) for key in ("index", "num", "den", "supply"))
        stub.set_terms([index, num, den, index, num, den, 0])
        stub.set_supply(supply)
        assert suite.feed.coverage(stub)[1] == int(row["liability"]), row


def test_a_pending_rise_is_owed_already(suite: Issuance) -> None:
    """The receivable covers it until pay date + grace; then the custodian must have bought."""
    suite.attest(1_000)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)
    suite.schedule(gross=WAD, price=20 * WAD)
    assert suite.feed.coverage(suite.stock)[:3] == (1_000 * WAD, 1_050 * WAD, 50 * WAD)
    suite.attest(1_001)
    suite.stock.mint(ALICE, 95 * WAD // 100, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, WAD // 100, sender=MINTER)


def test_a_pending_split_changes_both_sides_alike(suite: Issuance) -> None:
    """10,000 shares might be either basis: the new one is the smaller, and the ceiling follows it."""
    suite.schedule("SPLF", num=5)
    before = suite.feed.coverage(suite.stock)
    assert before == (10_000 * WAD, 5_000 * WAD, 0, 5 * 10**6 * WAD, 0)
    set_clock(START + 2 * DAY)
    assert suite.feed.coverage(suite.stock) == before


def test_a_lower_pending_index_does_not_help(suite: Issuance) -> None:
    before = suite.feed.coverage(suite.stock)
    suite.actions.correct(suite.stock, b"\x01" * 32, WAD // 2, START + DAY, 1, b"\x02" * 32, sender=ADMIN)
    assert suite.feed.coverage(suite.stock) == before
    set_clock(now() + DAY)
    assert suite.feed.coverage(suite.stock)[1] == before[1] // 2
