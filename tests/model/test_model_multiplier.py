import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_world import DAY, START, STOCK, YEAR, World, cancelled, dividend, scheduled, split

from scrip.instructions.reserve import SetBasis
from scrip.model.laws import arithmetic as law
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.units import WAD

T1 = START + 2 * DAY


def view(world: World) -> tuple[int, int, int, int, int, int, int]:
    state = world.ledger.multiplier(STOCK)
    return (
        state.index,
        state.num,
        state.den,
        state.ui_multiplier,
        state.pending_ui_multiplier,
        state.effective_at,
        state.generation,
    )


NOTHING = (WAD, 1, 1, WAD, WAD, 0, 0)


def test_a_new_stock_has_multiplier_one_and_nothing_pending(world: World) -> None:
    assert view(world) == NOTHING


def test_a_pending_change_shows_and_does_not_act_before_its_second(world: World) -> None:
    world.do(*scheduled(split("s1", T1)))
    world.at(T1 - 1)
    assert view(world) == (WAD, 1, 1, WAD, 2 * WAD, T1, 0)


def test_it_acts_at_its_exact_second_with_no_transaction(world: World) -> None:
    world.do(*scheduled(split("s1", T1)))
    world.at(T1)
    assert view(world) == (WAD, 2, 1, 2 * WAD, 2 * WAD, 0, 1)


def test_a_cancelled_change_leaves_no_trace(world: World) -> None:
    world.do(*scheduled(split("s1", T1)), cancelled(split("s1", T1)))
    assert view(world) == NOTHING
    world.at(T1)
    assert view(world) == NOTHING


def test_an_activated_change_is_folded_when_the_next_is_scheduled(world: World) -> None:
    world.do(*scheduled(split("s1", T1)))
    world.at(T1 + DAY)
    world.do(*scheduled(dividend("d1", T1 + 3 * DAY), price=50 * WAD))
    risen = WAD * 51 // 50
    assert view(world) == (WAD, 2, 1, 2 * WAD, 2 * risen, T1 + 3 * DAY, 1)
    world.at(T1 + 3 * DAY)
    assert view(world) == (risen, 2, 1, 2 * risen, 2 * risen, 0, 2)


def test_cancelling_after_a_fold_keeps_the_generation(world: World) -> None:
    world.do(*scheduled(split("s1", T1)))
    world.at(T1 + 10 * DAY)
    second = split("s2", T1 + 11 * DAY)
    world.do(SetBasis(STOCK), *scheduled(second), cancelled(second))
    assert view(world) == (WAD, 2, 1, 2 * WAD, 2 * WAD, 0, 1)


def test_parts_that_join_are_one_activation(world: World) -> None:
    world.do(*scheduled(split("s1", T1)), *scheduled(dividend("d1", T1), price=100 * WAD))
    world.at(T1)
    assert view(world) == (WAD * 101 // 100, 2, 1, 2 * (WAD * 101 // 100), 2 * (WAD * 101 // 100), 0, 1)


def test_a_dividend_first_and_a_split_after_give_the_same_pair(world: World) -> None:
    world.do(*scheduled(dividend("d1", T1), price=100 * WAD), *scheduled(split("s1", T1)))
    world.at(T1)
    state = world.ledger.multiplier(STOCK)
    assert (state.index, state.num, state.den) == (WAD * 101 // 100, 2, 1)


def test_the_index_of_an_instant_is_that_of_the_last_activation_before_it() -> None:
    history = Multiplier(history=((100, 2 * WAD), (200, 3 * WAD)))
    assert [history.index_at(t) for t in (0, 99, 100, 199, 200, 201)] == [
        WAD,
        WAD,
        2 * WAD,
        2 * WAD,
        3 * WAD,
        3 * WAD,
    ]


def test_settling_twice_is_settling_once() -> None:
    waiting = Multiplier().scheduled(Terms(num=2), 100)
    assert waiting.settled(99) is waiting
    settled = waiting.settled(100)
    assert settled == waiting.settled(10**9) == settled.settled(10**9)
    assert settled.history == ((100, WAD),)


@given(
    index=st.integers(1, law.U96_MAX),
    num=st.integers(1, law.U64_MAX),
    den=st.integers(1, law.U64_MAX),
)
def test_terms_are_the_formulas(index: int, num: int, den: int) -> None:
    """A pair shows the floor formula, and says that it fits exactly when the widths allow it."""
    terms = Terms(index, *law.reduce(num, den))
    assert terms.ui_multiplier == index * terms.num // terms.den
    assert terms.fits == (0 < terms.ui_multiplier <= law.U96_MAX)
    assert terms.with_split(terms.den, terms.num).split == (1, 1)


@pytest.mark.parametrize("years", [1, 2])
def test_many_dividends_count_one_generation_each(world: World, years: int) -> None:
    for quarter in range(1, 4 * years + 1):
        at = START + quarter * YEAR // 4
        world.do(*scheduled(dividend(f"d{quarter}", at), price=100 * WAD))
        world.at(at)
        assert world.ledger.multiplier(STOCK).generation == quarter
