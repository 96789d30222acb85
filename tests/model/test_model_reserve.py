from dataclasses import replace
from fractions import Fraction

import pytest
from model_world import DAY, START, STOCK, World, dividend, scheduled, small_world, split

from scrip.errors import InputError
from scrip.instructions.base import Instruction
from scrip.instructions.fleet import CreateStock
from scrip.instructions.reserve import AttestReserve, Basis, ConfigureReserve, ConfirmBasis, SetBasis, SetCeiling
from scrip.ledger import SOLANA, Coverage
from scrip.model import ModelConfig
from scrip.units import WAD, Shares

T1 = START + 2 * DAY
CONFIG = ConfigureReserve(STOCK, max_age=DAY, margin_bps=0, ceiling=Shares.of(1000))


def reserve(shares: int | str) -> AttestReserve:
    return AttestReserve(STOCK, Shares.parse(str(shares)))


def halve(world: World) -> None:
    """A 2:1 split that has taken effect."""
    world.do(*scheduled(split("s1", T1)))
    world.at(T1)


# --- configuration ---


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(CONFIG, by="mallory"), "roles: not authorised"),
        (replace(CONFIG, stock="NONE"), "reserve: unknown stock"),
        (replace(CONFIG, max_age=0), "reserve: bad config"),
        (replace(CONFIG, max_age=2**32), "reserve: bad config"),
        (replace(CONFIG, margin_bps=10_000), "reserve: bad config"),
        (replace(CONFIG, ceiling=Shares.from_wad(2**128)), "reserve: bad config"),
        (replace(CONFIG, others=Shares.from_wad(2**128)), "reserve: bad config"),
        (replace(CONFIG, basis=Basis(1, 1, 1)), "reserve: wrong basis"),
        (replace(CONFIG, basis=Basis(2, 1, 0)), "reserve: wrong basis"),
        (SetCeiling(STOCK, Shares.of(1), by="mallory"), "roles: not authorised"),
        (SetCeiling("NONE", Shares.of(1)), "reserve: not configured"),
        (SetCeiling("BARE", Shares.of(1)), "reserve: not configured"),
        (SetCeiling(STOCK, Shares.from_wad(2**128)), "reserve: bad config"),
        (SetCeiling(STOCK, Shares.of(1), Shares.from_wad(2**128)), "reserve: bad config"),
        (SetCeiling(STOCK, Shares.of(1), basis=Basis(1, 1, 1)), "reserve: wrong basis"),
        (SetBasis(STOCK, by="mallory"), "roles: not authorised"),
        (SetBasis("NONE"), "reserve: not configured"),
        (SetBasis("BARE"), "reserve: not configured"),
        (SetBasis(STOCK), "reserve: basis is current"),
        (SetBasis(STOCK, Basis(2, 1, 1)), "reserve: wrong basis"),
        (ConfirmBasis("NONE"), "reserve: not configured"),
        (ConfirmBasis("BARE"), "reserve: not configured"),
        (ConfirmBasis(STOCK), "reserve: basis is current"),
    ],
)
def test_what_the_feed_refuses(world: World, order: Instruction, name: str) -> None:
    world.do(CreateStock("BARE", "No reserve", "US0000000001"))
    assert world.refused(order) == name


def test_the_edges_of_a_configuration_are_accepted(world: World) -> None:
    world.do(replace(CONFIG, max_age=1, margin_bps=200, ceiling=Shares.from_wad(2**128 - 1)))
    assert world.refused(replace(CONFIG, margin_bps=201)) == "reserve: bad config"
    world.do(replace(CONFIG, margin_bps=9_999, source="attested"))
    world.do(replace(CONFIG, max_age=2**32 - 1, ceiling=Shares.of(0)))


def test_a_stock_without_a_reserve_mints_nothing(world: World) -> None:
    world.do(CreateStock("BARE", "No reserve", "US0000000001"))
    assert world.refused(replace(world.mint(), stock="BARE")) == "reserve: not configured"
    assert world.ledger.coverage("BARE") == Coverage(0, 0, 0, 0, 0)


# --- the question that a mint asks ---


def test_of_several_faults_of_a_reserve_the_first_is_named(world: World) -> None:
    halve(world)
    world.do(replace(CONFIG, max_age=DAY))
    world.attest("-1", updated_at=T1 + 1)
    order = world.mint("alice", 10)
    world.do(SetBasis(STOCK))
    assert world.refused(order) == "reserve: bad answer"
    world.attest(0, updated_at=T1 + 1)
    assert world.refused(order) == "reserve: bad answer"
    world.attest(1, updated_at=T1 + 1)
    assert world.refused(order) == "reserve: future answer"
    world.attest(1, updated_at=T1 - DAY - 1)
    assert world.refused(order) == "reserve: stale answer"
    world.attest(1, updated_at=T1 - DAY)
    assert world.refused(order) == "reserve: insufficient"
    world.attest(20, updated_at=T1 - DAY)
    world.do(order)


def test_no_round_reads_as_a_bad_answer(world: World) -> None:
    world.do(CreateStock("IBM", "IBM", "US4592001014"), replace(CONFIG, stock="IBM"))
    assert world.refused(replace(world.mint(), stock="IBM")) == "reserve: bad answer"
    world.do(AttestReserve("IBM", Shares.of(1000), 0))
    assert world.refused(replace(world.mint(), stock="IBM")) == "reserve: bad answer"
    world.do(AttestReserve("IBM", Shares.from_wad(2**128)))
    assert world.refused(replace(world.mint(), stock="IBM")) == "reserve: bad answer"


def test_the_last_round_counts_even_when_it_is_older(world: World) -> None:
    world.attest(10, updated_at=START - 5)
    assert world.refused(world.mint("alice", 11)) == "reserve: insufficient"


def test_an_answer_is_stale_one_second_after_its_age(world: World) -> None:
    world.do(replace(CONFIG, max_age=60))
    world.at(START + 60)
    world.do(world.mint("alice", 1))
    world.at(START + 61)
    assert world.refused(world.mint("alice", 1)) == "reserve: stale answer"


def test_the_whole_reserve_may_be_minted_and_not_one_unit_more(world: World) -> None:
    world.do(reserve(100), world.mint("alice", 60))
    assert world.refused(world.mint("bob", "40.000000000000000001")) == "reserve: insufficient"
    world.do(world.mint("bob", 40))
    assert world.ledger.coverage(STOCK) == Coverage(100 * WAD, 100 * WAD, 0, 10**9 * WAD, 0)
    assert world.ledger.coverage(STOCK).covered


def test_a_redemption_makes_room_and_asks_nothing(world: World) -> None:
    world.do(reserve(100), world.mint("alice", 100))
    world.attest(1)
    world.do(world.redeem("alice", 99))
    assert world.ledger.coverage(STOCK).covered
    assert world.refused(world.mint("alice", 1)) == "reserve: insufficient"


def test_the_ceiling_binds_below_the_reserve(world: World) -> None:
    world.do(SetCeiling(STOCK, Shares.of(50)))
    assert world.refused(world.mint("alice", 51)) == "reserve: insufficient"
    world.do(world.mint("alice", 50), SetCeiling(STOCK, Shares.of(0)))
    assert world.refused(world.mint("alice", 1)) == "reserve: insufficient"
    world.do(world.redeem("alice", 50))


def test_the_margin_comes_off_the_answer(world: World) -> None:
    world.do(replace(CONFIG, margin_bps=100), reserve(100))
    assert world.ledger.coverage(STOCK).attested == 99 * WAD
    assert world.refused(world.mint("alice", 100)) == "reserve: insufficient"
    world.do(world.mint("alice", 99))


@pytest.mark.parametrize(("decimals", "smallest"), [(0, Fraction(1)), (8, Fraction(1, 10**8)), (18, Fraction(1, WAD))])
def test_the_oracle_counts_in_its_own_decimals(decimals: int, smallest: Fraction) -> None:
    world = small_world(config=ModelConfig(oracle_decimals=decimals))
    world.do(AttestReserve(STOCK, Shares(smallest)))
    assert Fraction(world.ledger.coverage(STOCK).attested, WAD) == smallest
    with pytest.raises(InputError, match="exactly"):
        world.do(AttestReserve(STOCK, Shares(smallest / 3)))


def test_a_chain_of_eight_decimals_is_judged_in_the_same_shares() -> None:
    world = small_world(SOLANA)
    world.at(START + 1)
    world.do(reserve(100), world.mint("alice", 100))
    assert world.refused(world.mint("alice", "0.00000001")) == "reserve: insufficient"


# --- splits ---


def test_a_split_moves_both_sides_of_the_coverage_alike(funded: World) -> None:
    funded.do(*scheduled(dividend("d1", START + 30 * DAY, gross=10 * WAD)))
    before = funded.ledger.coverage(STOCK)
    other = small_world(SOLANA)
    other.do(other.mint("alice", 100), *scheduled(split("s1", START + 30 * DAY)))
    other.do(*scheduled(dividend("d1", START + 30 * DAY, gross=10 * WAD)))
    other.at(START + 30 * DAY)
    assert other.ledger.coverage(STOCK) == before
