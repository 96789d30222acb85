"""What may be sold of a reserve: shares that nobody has a claim to, with every doubt against the seller (law 5)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from model_world import DAY, START, STOCK, World, cancelled, dividend, scheduled, small_world, split

from scrip.instructions.fleet import CreateStock
from scrip.instructions.reserve import AttestReserve, Basis, ConfigureReserve, SetCeiling
from scrip.ledger import Surplus
from scrip.model.laws import arithmetic as law
from scrip.units import WAD, Shares, ShareWad, Wad

AT = START + 10 * DAY
CONFIG = ConfigureReserve(STOCK, max_age=30 * DAY, margin_bps=0, ceiling=Shares.of(10**9))
NONE = ShareWad(0)


def backed(shares: int, **changes: object) -> World:
    """100 tokens on so many shares."""
    world = small_world()
    world.do(replace(CONFIG, **changes), AttestReserve(STOCK, Shares.of(shares)), world.mint("alice", 100))
    return world


def told(world: World) -> tuple[int, int, int, int]:
    """(shares, there, owed, counter), in whole shares."""
    found = world.ledger.surplus(STOCK)
    return found.shares // WAD, found.there // WAD, found.owed // WAD, found.counter


def test_it_is_what_is_there_within_the_ceilings_beyond_what_is_owed() -> None:
    world = backed(150)
    assert world.ledger.surplus(STOCK) == Surplus(Shares.of(50).to_wad(), Shares.of(150).to_wad(), 100 * WAD, 0, START)
    world.do(SetCeiling(STOCK, Shares.of(130)))
    assert told(world) == (30, 130, 100, 0)
    world.do(SetCeiling(STOCK, Shares.of(130), Shares.of(40)))
    assert told(world) == (10, 110, 100, 0)
    world.do(SetCeiling(STOCK, Shares.of(130), Shares.of(160)))
    assert told(world) == (0, 0, 100, 0)


def test_a_stock_without_a_reserve_has_none() -> None:
    world = small_world()
    world.do(CreateStock("BARE", "No reserve", "US0000000001"))
    assert world.ledger.surplus("BARE") == Surplus(NONE, NONE, NONE, 0, 0)


def test_every_mint_that_it_leaves_is_covered_and_the_next_unit_is_not() -> None:
    world = backed(150)
    free = world.ledger.surplus(STOCK).shares
    world.do(world.mint("bob", str(Shares.from_wad(free))))
    assert world.ledger.surplus(STOCK).shares == 0
    assert world.refused(world.mint("bob", "0.000000000000000001")) == "reserve: insufficient"


def test_a_dividend_is_owed_from_its_announcement_and_never_there() -> None:
    world = backed(150)
    first = dividend("d1", AT, gross=10 * WAD)
    world.do(first)
    assert told(world) == (25, 150, 100, 0)
    world.do(scheduled(first)[1])
    assert told(world) == (40, 150, 110, 0)
    world.do(cancelled(first), dividend("d2", AT))
    assert told(world) == (25, 150, 100, 0)
    world.at(AT)
    assert told(world) == (0, 0, 100, 0)


def test_an_aggregator_may_show_a_split_from_its_announcement_on() -> None:
    world = backed(450)
    action, strike = scheduled(split("s1", AT))
    world.do(action)
    assert told(world) == (0, 0, 100, 0)
    world.do(strike)
    assert told(world) == (250, 450, 200, 1)
    assert world.ledger.coverage(STOCK).required == 200 * WAD
    world.do(AttestReserve(STOCK, Shares.of(150)))
    assert world.ledger.coverage(STOCK).required == 100 * WAD, "a mint takes the plausible reading"
    assert told(world) == (0, 150, 200, 1)


def test_an_attestation_says_what_it_counts_in() -> None:
    world = backed(150, source="attested")
    action, strike = scheduled(split("s1", AT))
    world.do(action)
    assert told(world) == (50, 150, 100, 0)
    world.do(strike)
    assert told(world) == (50, 150, 100, 0)
    world.at(START + 1)
    world.do(AttestReserve(STOCK, Shares.of(450), basis=Basis(2, 1, 1)))
    assert told(world) == (250, 450, 200, 1)


@given(
    st.integers(0, 10**30).map(ShareWad),
    st.integers(0, 10**30).map(ShareWad),
    st.lists(st.tuples(st.integers(1, 10**24), st.integers(0, 10**24)), max_size=4),
)
def test_what_is_sold_leaves_what_any_dividends_that_may_be_struck_come_to(
    there: ShareWad, owed: ShareWad, terms: list[tuple[int, int]]
) -> None:
    struck = [(Wad(price), Wad(min(net, price // 4))) for price, net in terms]
    left = there - law.surplus(there, owed, len(struck))
    index = Wad(WAD)
    for price, net in struck:
        assert law.dividend_step_ok(price, net)
        index = law.next_index(index, price, net)
    assert left >= min(there, law.liability(owed, index, 1, 1))
