"""The feed's split basis: two readings of an aggregator's answer, who confirms a split, and what an order must name."""

import boa
import pytest
from support.contract_calls import ZERO, Event, Handle, named, now, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    DAY,
    DOCUMENT,
    MINTER,
    OTHERS,
    REASON,
    START,
    U128,
    WAD,
    Issuance,
    deploy_stub,
)

OLD, NEW = (1, 1, 0), (2, 1, 1)


def split(suite: Issuance, num: int = 2, den: int = 1, reference: str = "1") -> int:
    """Schedule a split; its second."""
    id = suite.schedule("SPLF" if num > den else "SPLR", reference, num=num, den=den)
    return suite.record(id)["effectiveAt"]


def test_the_smallest_plausible_reading_counts(suite: Issuance) -> None:
    """1,000 shares are owed: 1,500 are the old basis, 3,000 the new one, and 10,000 might be either."""
    split(suite)
    for held, owed in ((1_500, 1_000), (3_000, 2_000), (10_000, 2_000), (900, 2_000)):
        suite.attest(held)
        assert suite.feed.coverage(suite.stock)[1] == owed * WAD


def test_an_answer_that_shows_a_split_early_is_not_taken_for_more(suite: Issuance) -> None:
    split(suite, 4)
    suite.attest(4_000)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_what_is_owed_before_a_mint_decides_what_is_plausible(suite: Issuance) -> None:
    split(suite)
    suite.attest(2_500)
    suite.stock.mint(ALICE, 250 * WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1_000 * WAD, sender=MINTER)


def test_a_split_beside_a_dividend_has_its_smaller_reading_alone(suite: Issuance) -> None:
    suite.schedule("DRIP", effectiveAt=START + 2 * DAY)
    suite.schedule("SPLF", "1", effectiveAt=START + 2 * DAY)
    suite.attest(1_500)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_anyone_confirms_a_split_that_an_answer_shows(suite: Issuance) -> None:
    at = split(suite)
    with refuses("reserve: basis is current"):
        suite.feed.confirmBasis(suite.stock)
    set_clock(at)
    suite.attest(20_000, at - 1)
    with refuses("reserve: answer too old"):
        suite.feed.confirmBasis(suite.stock)
    suite.attest(1_900)
    with refuses("reserve: split not shown"):
        suite.feed.confirmBasis(suite.stock)
    suite.attest(20_000)
    suite.feed.confirmBasis(suite.stock, sender=named("mallory"))
    event = {"token": suite.stock.address, "num": 2, "den": 1, "counter": 1}
    assert suite.feed.events() == [Event(suite.feed.address, "BasisConfirmed", event)]
    assert suite.feed.basis(suite.stock) == NEW
    assert suite.feed.coverage(suite.stock)[1] == 2_000 * WAD


def test_a_reverse_split_is_shown_only_by_less_than_the_old_basis_owes(suite: Issuance) -> None:
    set_clock(split(suite, 1, 10))
    suite.attest(1_000)
    with refuses("reserve: split not shown"):
        suite.feed.confirmBasis(suite.stock)
    suite.attest(150)
    suite.feed.confirmBasis(suite.stock)
    assert suite.feed.basis(suite.stock) == (1, 10, 1)


def test_a_split_in_doubt_is_adopted_by_the_admin_alone(suite: Issuance) -> None:
    at = split(suite)
    assert not suite.feed.step(suite.stock)[5]
    suite.schedule("DRIP", effectiveAt=at)
    assert suite.feed.step(suite.stock)[5]
    set_clock(at + 30 * DAY)
    suite.attest(20_000)
    with refuses("reserve: basis in doubt"):
        suite.feed.confirmBasis(suite.stock)
    suite.adopt()
    assert (suite.feed.basis(suite.stock), suite.feed.step(suite.stock)[5]) == (NEW, False)


def doubted(suite: Issuance) -> list[Event]:
    """What an indexer reads of splits in doubt, of the last transaction of the desk's."""
    return [event for event in suite.actions.events(suite.feed, suite.stock) if event.name == "BasisDoubted"]


def test_a_split_is_in_doubt_where_all_is_not_covered_as_it_is_scheduled(suite: Issuance) -> None:
    """999 for 1,000 owed, 1,000 less a margin, an answer too old or too new, an oracle that fails."""
    told = [Event(suite.feed.address, "BasisDoubted", {"token": suite.stock.address})]
    for shares, margin, others, at, doubt in (
        (1_000, 0, 0, START, False),
        (1_001, 0, WAD, START, False),
        (999, 0, 0, START, True),
        (1_000, 1, 0, START, True),
        (1_000, 0, 1, START, False),
        (1_000, 0, 0, START - DAY - 1, True),
        (1_000, 0, 0, START + 1, True),
        (0, 0, 0, START, True),
    ):
        with boa.env.anchor():
            suite.configure(margin=margin, others=others)
            suite.attest(shares, at)
            split(suite)
            assert (suite.feed.step(suite.stock)[5], doubted(suite)) == (doubt, told * doubt), (shares, margin, others)
    oracle = deploy_stub("StubOracle", 8)
    suite.configure(oracle=oracle)
    for mode in range(1, 5):
        with boa.env.anchor():
            oracle.set(mode, 10**11, START)
            split(suite)
            assert suite.feed.step(suite.stock)[5], mode


def test_what_is_added_to_what_is_owed_while_a_split_is_open_puts_it_in_doubt(suite: Issuance) -> None:
    """A correction, an oracle where there was none, a dividend in shares; not what others may owe, in either basis, nor
    another margin, nor a dividend that is cancelled."""
    split(suite)
    told = [Event(suite.feed.address, "BasisDoubted", {"token": suite.stock.address})]
    for change, doubt in (
        (lambda: suite.ceiling(U128, 1, OLD), False),
        (lambda: suite.ceiling(U128, 1, NEW), False),
        (lambda: suite.ceiling(0, 0, NEW), False),
        (lambda: suite.configure(margin=100), False),
        (lambda: suite.configure(oracle=deploy_stub("StubOracle", 8)), False),
        (lambda: suite.configure(oracle=ZERO), False),
        (lambda: (suite.configure(oracle=ZERO), suite.configure()), True),
        (lambda: suite.feed.dropReceivables(suite.stock, sender=suite.actions.address), True),
        (lambda: suite.feed.setReceivables(suite.stock, [], b"\0" * 32, 1, sender=suite.actions.address), True),
        (lambda: suite.feed.setReceivables(suite.stock, [], b"\1" * 32, 1, sender=suite.actions.address), False),
    ):
        with boa.env.anchor():
            change()
            events = [event for event in suite.feed.events() if event.name == "BasisDoubted"]
            assert (suite.feed.step(suite.stock)[5], events) == (doubt, told * doubt)


def test_a_fold_is_in_no_doubt(suite: Issuance) -> None:
    """Both its readings are one, whatever is owed; 999 are too few, and a dividend is on its way."""
    set_clock(split(suite))
    suite.adopt()
    suite.take_effect(suite.schedule("DRIP"))
    suite.attest(999)
    suite.actions.fold(suite.stock, word32("fold"), suite.stock.uiMultiplier(), 1, 1, REASON, DOCUMENT, sender=ADMIN)
    assert suite.feed.step(suite.stock)[3:] == (now() + 1, True, False)
    set_clock(now() + 1)
    suite.attest(2_100)
    suite.feed.confirmBasis(suite.stock)


def test_a_second_split_of_the_slot_leaves_a_doubt_and_none_as_they_were(suite: Issuance) -> None:
    for before, after, doubt in ((1_000, 999, False), (999, 1_000, True)):
        with boa.env.anchor():
            suite.attest(before)
            at = split(suite)
            suite.attest(after)
            suite.schedule("SPLF", "2", num=3, den=2, effectiveAt=at)
            assert suite.feed.step(suite.stock)[:6:5] == (3, doubt)


def test_a_split_waits_for_the_one_before(suite: Issuance) -> None:
    set_clock(split(suite))
    id = suite.announce("SPLR", "2", num=1, den=2, effectiveAt=now() + 12 * DAY)
    suite.books_follow()
    with refuses("reserve: basis unconfirmed"):
        suite.strike(id, 0)
    suite.adopt()
    suite.strike(id, 0)
    assert suite.feed.step(suite.stock)[:3] == (1, 1, 2)


def test_an_oracles_splits_are_ten_days_apart(suite: Issuance) -> None:
    """Where more is held than is owed, an answer of the old basis confirms it: a second split waits for the books."""
    at = split(suite)
    set_clock(at)
    suite.attest(20_000)
    suite.feed.confirmBasis(suite.stock)
    id = suite.announce("SPLR", "2", num=1, den=2, effectiveAt=at + 20 * DAY)
    set_clock(at + 10 * DAY - 1)
    with refuses("reserve: splits too close"):
        suite.strike(id, 0)
    set_clock(at + 10 * DAY)
    suite.strike(id, 0)
    assert suite.feed.step(suite.stock)[:3] == (1, 1, 2)


def test_attested_splits_and_folds_wait_for_no_books(suite: Issuance) -> None:
    """A paper names its basis, and a fold leaves every share one: neither is misread, and no fold shortens the wait."""
    set_clock(split(suite))
    suite.adopt()
    suite.actions.fold(suite.stock, word32("fold"), 2 * WAD, 1, 1, REASON, DOCUMENT, sender=ADMIN)
    set_clock(now() + 1)
    suite.adopt()
    id = suite.announce("SPLF", "2")
    with refuses("reserve: splits too close"):
        suite.strike(id, 0)
    suite.configure(oracle=ZERO)
    suite.strike(id, 0)


def test_splits_of_one_slot_are_one_step_and_may_undo_each_other(suite: Issuance) -> None:
    at = split(suite)
    suite.schedule("SPLF", "2", num=3, den=2, effectiveAt=at)
    assert suite.feed.step(suite.stock)[:4] == (3, 1, 1, at)
    suite.schedule("SPLR", "3", num=1, den=3, effectiveAt=at)
    assert suite.feed.step(suite.stock) == (0, 0, 0, 0, False, False)


def test_the_admin_adopts_what_it_names(suite: Issuance) -> None:
    at = split(suite)
    with refuses("reserve: wrong basis"):
        suite.feed.setBasis(suite.stock, *NEW, sender=ADMIN)
    set_clock(at)
    for wrong in (OLD, (2, 1, 0), (3, 1, 1), (2, 1, 2)):
        with refuses("reserve: wrong basis"):
            suite.feed.setBasis(suite.stock, *wrong, sender=ADMIN)
    suite.feed.setBasis(suite.stock, *NEW, sender=ADMIN)
    with refuses("reserve: basis is current"):
        suite.feed.setBasis(suite.stock, *NEW, sender=ADMIN)
    with refuses("reserve: not configured"):
        suite.feed.setBasis(named("nobody"), *NEW, sender=ADMIN)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_admin_adopts(suite: Issuance, actor: str) -> None:
    set_clock(split(suite))
    if actor == "admin":
        suite.feed.setBasis(suite.stock, *NEW, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.feed.setBasis(suite.stock, *NEW, sender=OTHERS[actor])


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_actions_say_what_is_scheduled(suite: Issuance, actor: str) -> None:
    with refuses("reserve: not the actions"):
        suite.feed.setStep(suite.stock, 2, 1, now() + DAY, False, sender=OTHERS[actor])


def test_ceilings_are_scaled_once_by_whoever_confirms(suite: Issuance) -> None:
    set_clock(split(suite))
    suite.attest(20_000)
    suite.ceiling(3_000 * WAD, 0, NEW)
    suite.feed.confirmBasis(suite.stock)
    assert suite.feed.coverage(suite.stock)[3:] == (3_000 * WAD, 0)


def test_ceilings_of_the_old_basis_follow_each_to_its_safe_side(suite: Issuance) -> None:
    set_clock(split(suite, 3, 2))
    suite.ceiling(7, 7, OLD)
    suite.adopt()
    assert suite.feed.coverage(suite.stock)[3:] == (10, 11)
    with refuses("reserve: wrong basis"):
        suite.ceiling(7, 7, OLD)


def test_a_ceiling_stays_below_2_to_the_128(suite: Issuance) -> None:
    set_clock(split(suite))
    suite.ceiling(U128, U128, OLD)
    suite.adopt()
    assert suite.feed.coverage(suite.stock)[3:] == (U128, U128)


def test_what_other_chains_may_owe_is_not_minted_here(suite: Issuance) -> None:
    suite.attest(1_200)
    suite.ceiling(5_000 * WAD, 150 * WAD)
    suite.stock.mint(ALICE, 50 * WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_decimals_that_change_are_refused_by_name(suite: Issuance) -> None:
    oracle = deploy_stub("StubOracle", 18)
    suite.configure(oracle=oracle)
    oracle.set(0, 2_000 * WAD, START)
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    oracle.setDecimals(8)
    with refuses("reserve: decimals changed"):
        suite.stock.mint(ALICE, WAD, sender=MINTER)


def test_36_decimals_count_341_shares(suite: Issuance) -> None:
    oracle = deploy_stub("StubOracle", 36)
    suite.configure(oracle=oracle)
    oracle.set(0, 341 * 10**36, START)
    assert suite.feed.coverage(suite.stock)[0] == 341 * WAD


def test_a_fold_is_a_step_of_ratio_1(suite: Issuance) -> None:
    set_clock(split(suite))
    suite.adopt()
    suite.actions.fold(suite.stock, b"\x01" * 32, 2 * WAD, 1, 1, 1, b"\x02" * 32, sender=ADMIN)
    set_clock(now() + 1)
    suite.attest(2_000)
    assert suite.feed.coverage(suite.stock)[:2] == (2_000 * WAD, 2_000 * WAD)
    suite.feed.confirmBasis(suite.stock)
    assert suite.feed.basis(suite.stock) == (1, 1, 2)
    assert suite.feed.coverage(suite.stock)[:2] == (2_000 * WAD, 2_000 * WAD)


def test_ceilings_named_ahead_are_read_back_in_the_basis_that_counts(suite: Issuance) -> None:
    """2,001 and 3 of the new basis are 1,000 and 2 of the old, rounded against the mint; a cancel states them so,
    and leaves nothing of this chain's, for the oracle's books may have followed the split."""
    suite.configure(ceiling=2_001, others=2)
    id = suite.schedule("SPLF", num=2)
    suite.ceiling(2_001, 3, NEW)
    suite.attest(1_500)
    assert suite.feed.coverage(suite.stock)[3:] == (1_000, 2)
    suite.attest(3_000)
    assert suite.feed.coverage(suite.stock)[3:] == (2_001, 3)
    suite.cancel(id)
    assert suite.feed.configuration(suite.stock)[4:] == (0, 2, 0)


@pytest.fixture
def moved(suite: Issuance) -> Handle:
    """A stock that has been split 2:1 before it came to this feed."""
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    stock.set_terms([WAD, 2, 1, WAD, 2, 1, 0])
    stock.set_supply(1_000 * WAD)
    return stock


def test_a_split_of_a_stock_that_came_with_a_history_steps_from_its_own_factor(suite: Issuance, moved: Handle) -> None:
    """Of 1,000 units 2,000 shares are owed, and 1,400 are no more for a split that is scheduled before configure."""
    suite.feed.setStep(moved, 4, 1, START + DAY, False, sender=suite.actions.address)
    assert (suite.feed.basis(moved), suite.feed.step(moved)) == ((2, 1, 0), (4, 1, 1, START + DAY, False, False))
    suite.configure(moved, basis=(2, 1, 0))
    suite.attest(1_400)
    assert suite.feed.coverage(moved)[:2] == (1_400 * WAD, 4_000 * WAD)


def test_a_dividend_of_a_stock_that_came_with_a_history_is_no_split(suite: Issuance, moved: Handle) -> None:
    suite.feed.setStep(moved, 2, 1, START + DAY, False, sender=suite.actions.address)
    assert (suite.feed.basis(moved), suite.feed.step(moved)[3]) == ((2, 1, 0), 0)
