from dataclasses import replace

import pytest
from model_world import DAY, START, STOCK, World, cancelled, scheduled, split

from scrip.errors import InputError
from scrip.instructions.fleet import CreateStock
from scrip.instructions.reserve import AttestReserve, ConfigureReserve, ConfirmBasis, SetBasis
from scrip.ledger import Coverage
from scrip.model.reserve import choose_rounds
from scrip.units import WAD, Shares

T1 = START + 2 * DAY
CONFIG = ConfigureReserve(STOCK, max_age=DAY, margin_bps=0, ceiling=Shares.of(1000))


def reserve(shares: int) -> AttestReserve:
    return AttestReserve(STOCK, Shares.of(shares))


def halve(world: World) -> None:
    """A 2:1 split that has taken effect."""
    world.do(*scheduled(split("s1", T1)))
    world.at(T1)


def test_mints_stop_at_the_split_until_a_newer_round_confirms_it(funded: World) -> None:
    funded.do(*scheduled(split("s1", T1)))
    funded.at(T1 - 1)
    funded.do(funded.mint("alice", 1))
    funded.at(T1)
    assert funded.refused(funded.mint("alice", 1)) == "reserve: basis unconfirmed"
    assert funded.refused(ConfirmBasis(STOCK)) == "reserve: wrong old round"
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK), funded.mint("alice", 1))
    assert funded.ledger.basis(STOCK) == (2, 1)
    assert funded.ledger.coverage(STOCK) == Coverage(2 * 10**6 * WAD, 204 * WAD, 0, 2 * 10**9 * WAD)


@pytest.mark.parametrize(("shares", "ok"), [(1960000, True), (1959999, False), (2040000, True), (2040001, False)])
def test_the_newer_round_is_within_two_percent(funded: World, shares: int, ok: bool) -> None:
    halve(funded)
    funded.do(reserve(shares))
    if ok:
        funded.do(ConfirmBasis(STOCK))
    else:
        assert funded.refused(ConfirmBasis(STOCK)) == "reserve: outside the band"


def test_of_several_faults_in_a_confirmation_the_first_is_named(funded: World) -> None:
    """Rounds: 1 at START, 2 a day later, 3 just before the split, 4 at the split, bad; 5 in the future; 6 stands."""
    funded.attest(10**6, updated_at=START + DAY)
    funded.attest(10**6, updated_at=T1 - 1)
    halve(funded)
    funded.attest(0)
    funded.attest(2 * 10**6, updated_at=T1 + 1)
    funded.attest(10**6)
    for old, new, name in (
        (0, 6, "reserve: wrong old round"),
        (2, 6, "reserve: wrong old round"),
        (4, 6, "reserve: wrong old round"),
        (6, 6, "reserve: wrong old round"),
        (3, 3, "reserve: wrong new round"),
        (3, 2, "reserve: wrong new round"),
        (3, 7, "reserve: wrong new round"),
        (3, 5, "reserve: future answer"),
        (3, 4, "reserve: bad answer"),
        (3, 6, "reserve: outside the band"),
    ):
        assert funded.refused(ConfirmBasis(STOCK, old, new)) == name
    funded.attest(2 * 10**6)
    funded.do(ConfirmBasis(STOCK, 3, 7))


def test_a_new_round_from_before_the_split_does_not_confirm_it(funded: World) -> None:
    funded.attest(10**6, updated_at=START + DAY)
    halve(funded)
    funded.attest(2 * 10**6, updated_at=T1)
    funded.attest(2 * 10**6, updated_at=T1 - 1)
    assert funded.refused(ConfirmBasis(STOCK, 2, 4)) == "reserve: wrong new round"
    funded.do(ConfirmBasis(STOCK, 2, 3))


def two_splits(world: World) -> None:
    """2:1 at T1 and 3:2 at T1 + 2 days, both effective; nothing was confirmed in between."""
    halve(world)
    world.do(*scheduled(split("s2", T1 + 2 * DAY, 3, 2)))
    world.at(T1 + 2 * DAY)


def test_two_unconfirmed_splits_are_confirmed_at_once(funded: World) -> None:
    two_splits(funded)
    funded.do(reserve(3 * 10**6))
    assert funded.refused(funded.mint("alice", 1)) == "reserve: basis unconfirmed"
    funded.do(ConfirmBasis(STOCK), funded.mint("alice", 1))
    assert funded.ledger.basis(STOCK) == (3, 1)
    assert funded.ledger.coverage(STOCK).ceiling == 3 * 10**9 * WAD


def test_between_two_unconfirmed_splits_no_round_confirms_both(funded: World) -> None:
    halve(funded)
    funded.attest(2 * 10**6)
    funded.do(*scheduled(split("s2", T1 + 2 * DAY, 3, 2)))
    funded.at(T1 + 2 * DAY)
    assert funded.refused(ConfirmBasis(STOCK)) == "reserve: wrong new round"
    funded.attest(3 * 10**6)
    assert funded.refused(ConfirmBasis(STOCK, 2, 3)) == "reserve: wrong old round"
    funded.do(ConfirmBasis(STOCK, 1, 3))


def test_the_second_split_alone_is_confirmed_when_the_first_was(funded: World) -> None:
    halve(funded)
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK), *scheduled(split("s2", T1 + 2 * DAY, 3, 2)))
    funded.at(T1 + 2 * DAY)
    funded.do(reserve(3 * 10**6), ConfirmBasis(STOCK))
    assert funded.ledger.basis(STOCK) == (3, 1)


def test_a_split_and_its_reverse_need_no_confirmation(funded: World) -> None:
    halve(funded)
    funded.do(*scheduled(split("s2", T1 + 2 * DAY, 1, 2)))
    funded.at(T1 + 2 * DAY)
    funded.do(funded.mint("alice", 1))
    assert funded.refused(ConfirmBasis(STOCK)) == "reserve: basis is current"
    funded.do(reserve(10**6), *scheduled(split("s3", T1 + 4 * DAY, 3, 1)))
    funded.at(T1 + 4 * DAY)
    funded.do(reserve(3 * 10**6))
    # The unconfirmed part starts after the last point at which the factor was the basis: old is not before s1.
    assert funded.refused(ConfirmBasis(STOCK, 1, 3)) == "reserve: wrong old round"
    funded.do(ConfirmBasis(STOCK))


def test_a_cancelled_split_is_no_part_of_the_path(funded: World) -> None:
    funded.do(*scheduled(split("s0", T1, 5, 1)), cancelled(split("s0", T1)))
    halve(funded)
    funded.do(reserve(2 * 10**6), ConfirmBasis(STOCK))


def test_a_pending_split_is_no_part_of_the_path(funded: World) -> None:
    halve(funded)
    funded.do(reserve(2 * 10**6), *scheduled(split("s2", T1 + 5 * DAY, 3, 1)), ConfirmBasis(STOCK))
    assert funded.ledger.basis(STOCK) == (2, 1)


def test_an_administrator_adopts_a_basis_and_the_ceiling_follows(funded: World) -> None:
    halve(funded)
    funded.do(SetBasis(STOCK))
    assert funded.ledger.basis(STOCK) == (2, 1)
    assert funded.ledger.coverage(STOCK).ceiling == 2 * 10**9 * WAD
    funded.do(*scheduled(split("s2", T1 + 2 * DAY, 1, 4)))
    funded.at(T1 + 2 * DAY)
    funded.do(SetBasis(STOCK), SetBasis(STOCK))
    assert funded.ledger.coverage(STOCK).ceiling == 10**9 * WAD // 2


def test_a_ceiling_stays_below_2_to_the_128(funded: World) -> None:
    funded.do(replace(CONFIG, ceiling=Shares.from_wad(2**127)))
    halve(funded)
    funded.do(SetBasis(STOCK))
    assert funded.ledger.coverage(STOCK).ceiling == 2**128 - 1


def test_the_first_configuration_adopts_the_tokens_split_and_later_ones_keep_the_basis(world: World) -> None:
    world.do(CreateStock("IBM", "IBM", "US4592001014"))
    halve(world)
    world.do(*scheduled(replace(split("x", T1 + DAY, 5, 1), stock="IBM")))
    world.at(T1 + DAY)
    world.do(replace(CONFIG, stock="IBM"), CONFIG)
    assert (world.ledger.basis("IBM"), world.ledger.basis(STOCK)) == ((5, 1), (1, 1))


@pytest.mark.parametrize(("pairs", "name"), [(15, "reserve: wrong old round"), (16, "reserve: no path to basis")])
def test_a_confirmation_looks_back_at_32_splits(world: World, pairs: int, name: str) -> None:
    at = START
    for number, terms in enumerate([(3, 2), *[(2, 1), (1, 2)] * pairs]):
        at += DAY
        world.do(*scheduled(split(f"s{number}", at, *terms)))
        world.at(at)
    assert world.refused(ConfirmBasis(STOCK)) == name
    world.do(SetBasis(STOCK))


def test_rounds_are_chosen_around_the_first_split() -> None:
    assert choose_rounds([10, 20, 30, 40], 25) == (2, 4)
    assert choose_rounds([10, 20, 30, 40], 30) == (2, 4)
    assert choose_rounds([10, 20, 30, 40], 41) == (0, 4)
    assert choose_rounds([10, 20, 30, 40], 10) == (0, 4)
    assert choose_rounds([10, 30, 15, 40], 25) == (3, 4)
    assert choose_rounds([], 25) == (0, 0)


def test_an_unknown_stock_has_no_oracle(world: World) -> None:
    with pytest.raises(InputError, match="NONE"):
        world.do(AttestReserve("NONE", Shares.of(1)))
