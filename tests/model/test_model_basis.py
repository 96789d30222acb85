"""Splits and the reserve: two readings of a blind answer, ceilings in a named basis, and how a split is confirmed."""

from dataclasses import replace

import pytest
from model_world import DAY, START, STOCK, World, cancelled, dividend, scheduled, small_world, split

from scrip.errors import InputError
from scrip.instructions.fleet import CreateStock
from scrip.instructions.reserve import (
    AttestReserve,
    Basis,
    ConfigureReserve,
    ConfirmBasis,
    ReserveSource,
    SetBasis,
    SetCeiling,
)
from scrip.ledger import SOLANA, Coverage
from scrip.parameters import BLIND_SPLITS_APART
from scrip.units import WAD, Shares

T1 = START + 2 * DAY
CONFIG = ConfigureReserve(STOCK, max_age=30 * DAY, margin_bps=0, ceiling=Shares.of(10**9))
OLD, NEW = Basis(1, 1, 0), Basis(2, 1, 1)


def reserve(shares: int | str) -> AttestReserve:
    return AttestReserve(STOCK, Shares.parse(str(shares)))


def halve(world: World) -> None:
    """A 2:1 split that has taken effect."""
    world.do(*scheduled(split("s1", T1)))
    world.at(T1)


def backed(shares: int, num: int = 2, den: int = 1) -> World:
    """100 tokens on so many shares, and a split at T1."""
    world = small_world()
    world.do(CONFIG, reserve(shares), world.mint("alice", 100), *scheduled(split("s1", T1, num, den)))
    return world


def room(world: World) -> int:
    """How many whole tokens can still be minted."""
    coverage = world.ledger.coverage(STOCK)
    return (coverage.there - coverage.required) * 100 // coverage.required


# --- two readings of one answer ---


def test_until_a_forward_split_is_confirmed_the_smallest_plausible_reading_counts() -> None:
    world = backed(150)
    # 150 shares of the new basis are less than 98 % of the 200 owed there: only the old basis is plausible.
    assert world.ledger.coverage(STOCK) == Coverage(150 * WAD, 100 * WAD, 0, 10**9 * WAD, 0)
    world.do(world.mint("bob", 50))
    world.do(world.redeem("bob", 50), reserve(300))
    assert world.ledger.coverage(STOCK) == Coverage(300 * WAD, 200 * WAD, 0, 2 * 10**9 * WAD, 0)
    assert world.refused(world.mint("bob", 51)) == "reserve: insufficient"
    world.do(world.mint("bob", 50))


def test_an_answer_that_shows_the_split_early_is_not_taken_for_twice_the_shares() -> None:
    world = backed(100, 4)
    world.do(reserve(400))
    assert world.refused(world.mint("bob", 1)) == "reserve: insufficient"


def test_the_smaller_reading_counts_where_both_are_plausible() -> None:
    world = backed(1_000)
    assert world.ledger.coverage(STOCK).required == 200 * WAD
    assert room(world) == 400


def test_the_smaller_reading_counts_where_none_is_plausible() -> None:
    world = backed(150)
    world.do(reserve(90))
    assert world.ledger.coverage(STOCK) == Coverage(90 * WAD, 200 * WAD, 0, 2 * 10**9 * WAD, 0)
    assert world.refused(world.mint("bob", 1)) == "reserve: insufficient"


def test_a_mint_does_not_make_the_smaller_reading_implausible() -> None:
    """What is owed before the mint decides: else the greatest mints would pass where small ones do not."""
    world = backed(1_000)
    assert world.refused(world.mint("bob", 900)) == "reserve: insufficient"


@pytest.mark.parametrize(("shares", "in_the_old"), [("195.999999999999999999", True), ("196", False)])
def test_plausible_is_98_percent_before_the_margin(shares: str, in_the_old: bool) -> None:
    world = backed(150)
    world.do(replace(CONFIG, margin_bps=100), reserve(shares))
    assert (world.ledger.coverage(STOCK).required == 100 * WAD) is in_the_old


def test_the_other_chains_ceilings_are_no_part_of_what_an_answer_must_be() -> None:
    """Who names them would decide, and a sale there lowers the answer first: 300 may be new shares as 200 are owed."""
    world = small_world()
    world.do(replace(CONFIG, ceiling=Shares.of(200), others=Shares.of(100)), reserve(300), world.mint("alice", 100))
    world.do(*scheduled(split("s1", T1)))
    assert world.ledger.coverage(STOCK) == Coverage(300 * WAD, 200 * WAD, 0, 400 * WAD, 200 * WAD)


def test_a_reverse_split_has_the_old_reading_as_its_smaller_one() -> None:
    world = backed(150, 1, 2)
    assert world.ledger.coverage(STOCK).required == 100 * WAD
    world.do(reserve(60))
    # 60 old shares are no 98 % of 100: these are 60 new ones, and 50 are owed.
    assert world.ledger.coverage(STOCK) == Coverage(60 * WAD, 50 * WAD, 0, 5 * 10**8 * WAD, 0)
    world.do(world.mint("bob", 20))


def test_a_split_that_is_scheduled_while_a_dividend_is_open_has_its_smaller_reading_alone() -> None:
    world = small_world()
    world.do(CONFIG, reserve(150), world.mint("alice", 100))
    world.do(*scheduled(dividend("d1", START + DAY, pay=T1 + DAY)))
    world.at(START + DAY)
    world.do(*scheduled(split("s1", T1)), reserve(150))
    assert world.refused(world.mint("bob", 1)) == "reserve: insufficient"
    world.at(T1 + 6 * DAY)
    world.do(reserve(150))
    # The dividend's grace is over, and only the old reading is plausible: 150 of 202 new ones.
    assert world.ledger.coverage(STOCK).required == 202 * WAD
    world.do(reserve(202))
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: basis in doubt"
    world.do(SetBasis(STOCK, NEW))
    assert world.ledger.coverage(STOCK).covered


def test_a_split_is_in_doubt_where_all_is_not_covered_as_it_is_scheduled() -> None:
    """99.9 for 100 owed, 100 less a margin, an answer too old or too new: none says enough."""
    for config, shares, later in (
        (CONFIG, "99.9", 0),
        (replace(CONFIG, margin_bps=1), "100", 0),
        (CONFIG, "100", 31 * DAY),
        (CONFIG, "100", -1),
    ):
        world = small_world()
        world.do(CONFIG, reserve(100), world.mint("alice", 100), replace(config, ceiling=Shares.of(10**6)))
        world.attest(shares, updated_at=world.ledger.now() - later)
        world.do(*scheduled(split("s1", T1)))
        assert world.ledger.state.token(STOCK).feed.in_doubt, (config, shares, later)
        world.at(T1)
        world.attest("210")
        assert world.refused(ConfirmBasis(STOCK)) == "reserve: basis in doubt"
    assert not backed(100).ledger.state.token(STOCK).feed.in_doubt


def test_what_is_added_to_what_is_owed_while_a_split_is_open_puts_it_in_doubt() -> None:
    """A dividend, an aggregator instead of papers; not what others may owe, which says nothing, nor a new margin."""
    ceiling, others = Shares.of(10**6), Shares.of(1)
    for order, doubted in (
        (scheduled(dividend("d1", T1, pay=T1 + DAY)), True),
        ([SetCeiling(STOCK, ceiling, others, OLD)], False),
        ([SetCeiling(STOCK, ceiling, others, NEW)], False),
        ([replace(CONFIG, margin_bps=100)], False),
        ([replace(CONFIG, source="attested")], False),
        ([replace(CONFIG, source="attested"), CONFIG], True),
    ):
        world = backed(150)
        world.do(*order)
        assert world.ledger.state.token(STOCK).feed.in_doubt is doubted, order


def test_a_second_split_of_the_slot_leaves_a_doubt_and_none_as_they_were() -> None:
    for shares, doubted in (("150", False), ("99", True)):
        world = backed(100)
        world.do(cancelled(split("s1", T1)), reserve(shares), *scheduled(split("s2", T1)), reserve("150"))
        world.do(*scheduled(split("s3", T1, 3, 2)))
        assert world.ledger.state.token(STOCK).feed.in_doubt is doubted
    world.do(cancelled(split("s2", T1)), cancelled(split("s3", T1, 3, 2)), *scheduled(split("s4", T1)))
    assert not world.ledger.state.token(STOCK).feed.in_doubt


# --- confirmation ---


def test_a_split_is_confirmed_by_an_answer_that_shows_it(funded: World) -> None:
    halve(funded)
    assert funded.refused(ConfirmBasis(STOCK)) == "reserve: answer too old"
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK), funded.mint("alice", 1))
    assert funded.ledger.basis(STOCK) == NEW
    assert funded.ledger.coverage(STOCK) == Coverage(2 * 10**6 * WAD, 202 * WAD, 0, 2 * 10**9 * WAD, 0)


def test_of_several_faults_in_a_confirmation_the_first_is_named() -> None:
    world = backed(150)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: basis is current"
    world.do(*scheduled(dividend("d1", T1, pay=T1 + DAY)))
    world.at(T1)
    world.attest(0)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: bad answer"
    world.attest(100, updated_at=T1 + 1)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: future answer"
    world.attest(100, updated_at=T1 - 31 * DAY)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: stale answer"
    world.attest(100, updated_at=T1 - 1)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: answer too old"
    world.attest(100)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: basis in doubt"
    certain = backed(150)
    certain.at(T1)
    certain.attest(100)
    assert certain.refused(ConfirmBasis(STOCK)) == "reserve: split not shown"
    certain.attest(200)
    certain.do(ConfirmBasis(STOCK))


def test_an_old_answer_within_two_percent_confirms_a_reverse_split_of_nothing() -> None:
    """102:100, and an answer that does not show it: the smaller reading, which counts, is the new basis anyway."""
    world = backed(100, 102, 100)
    world.at(T1)
    world.do(reserve(100), ConfirmBasis(STOCK))
    assert world.ledger.coverage(STOCK).required == 102 * WAD
    assert world.refused(world.mint("bob", "0.000000000000000001")) == "reserve: insufficient"


def test_a_reverse_split_after_half_was_redeemed_is_not_taken_from_an_old_answer() -> None:
    world = backed(100, 1, 2)
    world.do(world.redeem("alice", 50))
    world.at(T1)
    world.do(reserve(100))
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: split not shown"
    world.do(reserve(40), ConfirmBasis(STOCK))


def test_a_split_waits_for_the_confirmation_of_the_one_before(funded: World) -> None:
    halve(funded)
    action, order = scheduled(split("s2", T1 + 12 * DAY, 1, 2))
    funded.do(action)
    assert funded.refused(order) == "reserve: basis unconfirmed"
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK))
    funded.at(T1 + 10 * DAY)
    funded.do(order)
    funded.at(T1 + 12 * DAY)
    assert funded.ledger.basis(STOCK) == NEW
    funded.do(SetBasis(STOCK, Basis(1, 1, 2)))
    assert funded.ledger.basis(STOCK) == Basis(1, 1, 2)


def test_an_aggregators_splits_are_ten_days_apart(funded: World) -> None:
    """Where more is held than is owed, an answer of the old basis confirms it: a second split waits for the books."""
    halve(funded)
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK))
    action, order = scheduled(split("s2", T1 + 20 * DAY, 1, 2))
    funded.do(action)
    funded.at(T1 + BLIND_SPLITS_APART.value - 1)
    assert funded.refused(order) == "reserve: splits too close"
    funded.at(T1 + BLIND_SPLITS_APART.value)
    funded.do(order, *scheduled(split("s3", T1 + 20 * DAY, 1, 2)), cancelled(split("s2", T1 + 20 * DAY, 1, 2)))


def test_an_attested_stocks_splits_wait_for_their_confirmation_alone(world: World) -> None:
    world.do(ConfigureReserve(STOCK, 7 * DAY, 0, Shares.of(10**9), source="attested"))
    halve(world)
    world.do(reserve(2 * 10**6), ConfirmBasis(STOCK), *scheduled(split("s2", T1 + 2 * DAY, 1, 2)))


def test_splits_of_one_slot_are_one_step(funded: World) -> None:
    funded.do(*scheduled(split("s1", T1)), *scheduled(split("s2", T1, 3, 2)))
    funded.at(T1)
    funded.do(reserve(3 * 10**6), ConfirmBasis(STOCK))
    assert funded.ledger.basis(STOCK) == Basis(3, 1, 1)


def test_splits_that_undo_each_other_in_one_slot_ask_nothing(funded: World) -> None:
    funded.do(*scheduled(split("s1", T1)), *scheduled(split("s2", T1, 1, 2)))
    funded.at(T1)
    assert funded.refused(ConfirmBasis(STOCK)) == "reserve: basis is current"
    assert funded.ledger.basis(STOCK) == OLD


def test_a_cancelled_split_leaves_one_reading(funded: World) -> None:
    funded.do(*scheduled(split("s0", T1, 5, 1)), cancelled(split("s0", T1)))
    assert funded.ledger.coverage(STOCK).required == 100 * WAD
    halve(funded)
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK))


def test_an_unconfigured_stock_has_nothing_to_confirm(world: World) -> None:
    world.do(CreateStock("IBM", "IBM", "US4592001014"))
    for number, at in enumerate((T1, T1 + 2 * DAY)):
        world.do(*scheduled(replace(split(f"x{number}", at, 5, 1), stock="IBM")))
        world.at(at)
    world.do(replace(CONFIG, stock="IBM"))
    assert world.ledger.basis("IBM") == Basis(25, 1, 2)


# --- the administrator ---


def test_an_administrator_adopts_what_it_names_and_the_ceiling_follows(funded: World) -> None:
    halve(funded)
    for wrong in (OLD, Basis(2, 1, 0), Basis(3, 1, 1), Basis(2, 1, 2)):
        assert funded.refused(SetBasis(STOCK, wrong)) == "reserve: wrong basis"
    funded.do(SetBasis(STOCK, NEW))
    assert funded.ledger.basis(STOCK) == NEW
    assert funded.ledger.coverage(STOCK).ceiling == 2 * 10**9 * WAD
    assert funded.refused(SetBasis(STOCK, NEW)) == "reserve: basis is current"


def test_a_basis_is_not_adopted_before_its_second(funded: World) -> None:
    funded.do(*scheduled(split("s1", T1)))
    assert funded.refused(SetBasis(STOCK, NEW)) == "reserve: wrong basis"


# --- ceilings ---


def test_a_ceiling_of_the_new_basis_is_not_scaled_by_the_confirmation(funded: World) -> None:
    halve(funded)
    funded.do(reserve(2 * 10**6), SetCeiling(STOCK, Shares.of(300), basis=NEW), ConfirmBasis(STOCK))
    assert funded.ledger.coverage(STOCK).ceiling == 300 * WAD


def test_a_ceiling_of_the_old_basis_is_scaled_once(funded: World) -> None:
    halve(funded)
    funded.do(reserve(2 * 10**6), SetCeiling(STOCK, Shares.of(300), Shares.parse("0.000000000000000001"), OLD))
    funded.do(ConfirmBasis(STOCK))
    coverage = funded.ledger.coverage(STOCK)
    assert (coverage.ceiling, coverage.others) == (600 * WAD, 2)
    assert funded.refused(SetCeiling(STOCK, Shares.of(300), basis=OLD)) == "reserve: wrong basis"


@pytest.mark.parametrize(("source", "own"), [("attested", 301 * WAD // 2), ("aggregator", 0)])
def test_a_ceiling_of_a_split_that_is_cancelled_goes_back(funded: World, source: ReserveSource, own: int) -> None:
    """Nothing is left of this chain's where an aggregator answers, for its books may have followed the split."""
    funded.do(replace(CONFIG, source=source))
    funded.do(*scheduled(split("s1", T1)), SetCeiling(STOCK, Shares.of(301), Shares.of(7), NEW))
    funded.do(cancelled(split("s1", T1)))
    coverage = funded.ledger.coverage(STOCK)
    assert (coverage.ceiling, coverage.others) == (own, 7 * WAD // 2)


def test_a_ceiling_stays_below_2_to_the_128(funded: World) -> None:
    funded.do(replace(CONFIG, ceiling=Shares.from_wad(2**127)))
    halve(funded)
    funded.do(SetBasis(STOCK))
    assert funded.ledger.coverage(STOCK).ceiling == 2**128 - 1


def test_what_other_chains_may_owe_is_not_minted_here(funded: World) -> None:
    funded.do(reserve(800), SetCeiling(STOCK, Shares.of(500), Shares.of(600)))
    assert funded.refused(funded.mint("bob", 101)) == "reserve: insufficient"
    funded.do(funded.mint("bob", 100), SetCeiling(STOCK, Shares.of(500), Shares.of(801)))
    assert funded.refused(funded.mint("bob", 1)) == "reserve: insufficient"


# --- papers ---


def attested() -> World:
    world = small_world(SOLANA)
    world.at(START + 1)
    world.do(reserve(1_000), world.mint("alice", 100))
    return world


def test_an_attestation_counts_as_what_it_says() -> None:
    world = attested()
    world.at(START + 2)
    world.do(*scheduled(split("s1", T1)))
    world.do(replace(reserve(2_000), basis=NEW))
    assert world.ledger.coverage(STOCK) == Coverage(2_000 * WAD, 200 * WAD, 0, 2 * 10**9 * WAD, 0)
    world.at(START + 3)
    world.do(replace(reserve(1_000), basis=OLD))
    assert world.ledger.coverage(STOCK) == Coverage(1_000 * WAD, 100 * WAD, 0, 10**9 * WAD, 0)
    world.at(T1)
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: answer too old"
    world.do(replace(reserve(1_000), basis=OLD))
    assert world.refused(ConfirmBasis(STOCK)) == "reserve: split not shown"
    world.at(T1 + 1)
    world.do(reserve(2_000), ConfirmBasis(STOCK))
    assert world.ledger.basis(STOCK) == NEW


def test_what_a_paper_is_refused_for() -> None:
    world = attested()
    now = START + 2
    world.at(now)
    nonce = world.ledger.state.token(STOCK).feed.nonce
    paper = AttestReserve(
        STOCK,
        Shares.of(1_000),
        now + 1,
        Shares.from_wad(2**128),
        Shares.of(0),
        Basis(1, 1, 1),
        nonce + 1,
        now - 1,
    )
    good = world.ladder(
        paper,
        ("reserve: wrong nonce", {"nonce": nonce}),
        ("reserve: paper expired", {"expiry": now}),
        ("reserve: wrong basis", {"basis": OLD}),
        ("reserve: bad config", {"ceiling": Shares.of(7)}),
        ("reserve: future answer", {"updated_at": START + 1}),
        ("reserve: not newer", {"updated_at": now}),
    )
    world.do(good)
    assert world.ledger.coverage(STOCK) == Coverage(1_000 * WAD, 100 * WAD, 0, 7 * WAD, 0)
    assert world.refused(good) == "reserve: wrong nonce"


@pytest.mark.parametrize("change", ["ceiling", "configuration", "split", "cancel", "basis"])
def test_a_change_in_its_own_transaction_voids_the_papers_signed_before(change: str) -> None:
    world = attested()
    if change == "cancel":
        world.do(*scheduled(split("s1", T1)))
    if change == "basis":
        halve(world)
    paper = replace(reserve(1_000), nonce=world.ledger.state.token(STOCK).feed.nonce)
    changes = {
        "ceiling": [SetCeiling(STOCK, Shares.of(0))],
        "configuration": [CONFIG],
        "split": [*scheduled(split("s1", T1))],
        "cancel": [cancelled(split("s1", T1))],
        "basis": [SetBasis(STOCK)],
    }
    world.do(*changes[change])
    world.at(world.ledger.now() + 1)
    assert world.refused(paper) == "reserve: wrong nonce"


def test_what_was_attested_in_a_basis_that_is_no_more_says_nothing() -> None:
    world = attested()
    halve(world)
    world.do(SetBasis(STOCK))
    assert world.refused(world.mint("alice", 1)) == "reserve: bad answer"
    world.do(reserve(2_000), world.mint("alice", 1))


def test_an_unknown_stock_has_no_source(world: World) -> None:
    with pytest.raises(InputError, match="NONE"):
        world.do(AttestReserve("NONE", Shares.of(1)))
