"""ReserveFeed.surplus: how many of the shares nobody has a claim to."""

from __future__ import annotations

from support.contract_calls import Handle, now, set_clock
from support.issuance_world import ALICE, DAY, MINTER, START, SUPPLY, WAD, Issuance, deploy_stub

SPARE = 200
HELD = SUPPLY // WAD + SPARE


def surplus(suite: Issuance) -> tuple[int, ...]:
    """(shares, there, owed, counter, as of), whole shares where they are whole."""
    *shares, counter, as_of = suite.feed.surplus(suite.stock)
    assert all(one % WAD == 0 for one in shares)
    return (*(one // WAD for one in shares), counter, as_of)


def test_what_is_there_beyond_what_is_owed(suite: Issuance) -> None:
    suite.attest(HELD)
    assert surplus(suite) == (SPARE, HELD, HELD - SPARE, 0, START)
    suite.attest(HELD - SPARE - 1)
    assert surplus(suite) == (0, HELD - SPARE - 1, HELD - SPARE, 0, START)


def test_the_ceilings_bound_it(suite: Issuance) -> None:
    suite.attest(HELD)
    suite.ceiling((HELD - 50) * WAD)
    assert surplus(suite)[0] == SPARE - 50
    suite.ceiling(HELD * WAD, 60 * WAD)
    assert surplus(suite)[0] == SPARE - 60
    suite.ceiling(HELD * WAD, (HELD + 1) * WAD)
    assert surplus(suite)[:2] == (0, 0)


def test_the_margin_comes_off_first(suite: Issuance) -> None:
    suite.configure(margin=1_000)
    suite.attest(HELD)
    assert surplus(suite)[:2] == (HELD * 9 // 10 - (HELD - SPARE), HELD * 9 // 10)


def test_what_a_dividend_will_buy_is_not_there(suite: Issuance) -> None:
    suite.attest(HELD)
    suite.schedule()
    assert suite.feed.coverage(suite.stock)[2] != 0
    # A dividend of 1 less withholding of 0 at 20 is a twentieth.
    assert surplus(suite)[0] == SPARE - (HELD - SPARE) // 20


def test_each_announced_dividend_is_owed_as_a_quarter(suite: Issuance) -> None:
    suite.attest(2 * HELD)
    first = suite.announce(reference="2030-1")
    suite.announce(reference="2030-2")
    assert suite.actions.announced(suite.stock) == (2, 0)
    owed = SUPPLY // WAD
    assert suite.feed.surplus(suite.stock)[0] == 2 * HELD * WAD - owed * WAD * 25 // 16
    suite.cancel(first)
    assert suite.actions.announced(suite.stock) == (1, 0)
    assert suite.feed.surplus(suite.stock)[0] == 2 * HELD * WAD - owed * WAD * 5 // 4


def test_a_quarter_is_rounded_up(suite: Issuance) -> None:
    suite.stock.mint(ALICE, 1, sender=MINTER)
    suite.attest(2 * HELD)
    suite.announce()
    owed = SUPPLY + 1
    assert suite.feed.surplus(suite.stock)[0] == 2 * HELD * WAD - (owed + SUPPLY // 4 + 1)


def test_sixteen_announced_dividends_leave_nothing_and_overflow_nothing(suite: Issuance) -> None:
    for number in range(16):
        suite.announce(reference=f"2030-{number}")
    assert suite.actions.announced(suite.stock) == (16, 0)
    suite.attest(10**20)
    suite.ceiling(2**128 - 1)
    assert suite.feed.surplus(suite.stock)[0] > 0
    suite.attest(HELD)
    assert surplus(suite)[:3] == (0, HELD, HELD - SPARE)


def test_past_an_undecided_ex_nothing_is_free(suite: Issuance) -> None:
    id = suite.announce(effectiveAt=START + 3 * DAY, exAt=START + 2 * DAY)
    set_clock(START + 2 * DAY)
    suite.attest(HELD)
    assert surplus(suite) == (0, 0, HELD - SPARE, 0, now())
    suite.cancel(id)
    assert surplus(suite)[0] == SPARE


def test_an_answer_that_no_mint_would_count_on(suite: Issuance) -> None:
    suite.attest(HELD)
    set_clock(START + DAY + 1)
    assert surplus(suite) == (0, 0, HELD - SPARE, 0, START)
    suite.attest(HELD, now() + 1)
    assert surplus(suite) == (0, 0, HELD - SPARE, 0, now() + 1)
    suite.configure(oracle=deploy_stub("StubOracle", 18))
    assert surplus(suite) == (0, 0, HELD - SPARE, 0, 0)


def test_a_stock_that_is_not_configured(suite: Issuance) -> None:
    stranger: Handle = suite.create_stock("US0000000001")
    assert suite.feed.surplus(stranger) == (0, 0, 0, 0, 0)


def test_an_aggregator_may_show_a_split_that_is_only_announced(suite: Issuance) -> None:
    suite.attest(HELD)
    id = suite.announce("SPLF", effectiveAt=START + 10 * DAY)
    assert suite.actions.announced(suite.stock) == (0, 1)
    assert surplus(suite)[:2] == (0, 0)
    suite.strike(id, 0)
    assert suite.actions.announced(suite.stock) == (0, 0)


def test_of_two_readings_the_smaller_one_counts(suite: Issuance) -> None:
    suite.attest(3 * HELD)
    suite.schedule("SPLF")
    assert surplus(suite)[:4] == (3 * HELD - 2 * (HELD - SPARE), 3 * HELD, 2 * (HELD - SPARE), 1)


def test_before_a_reverse_split_an_answer_in_the_old_basis_is_the_smaller_one(suite: Issuance) -> None:
    suite.attest(HELD)
    suite.schedule("SPLR")
    assert surplus(suite)[:4] == (SPARE, HELD, HELD - SPARE, 0)
