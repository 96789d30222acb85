"""A split announced under two references was carried out twice, and nobody was asked: four for one, of two for one.

A plan looks at all that stands, at the exchange's calendar, at the opening and at the notice before it announces.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.network_orders import keyed_manifest
from support.network_world import START, NetworkWorld, deployed_world

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.flows.actions import check_twin
from scrip.inputs.sessions import opening
from scrip.ledger.states import ActionState
from scrip.preview import moment
from scrip.units import WAD

DAY = 86_400
OPENS = 1_800_369_000
"""2027-01-19 14:30 UTC, when New York opens after a holiday."""
SPLIT = ins.Announce("MSFT", "SPLF", "split-a", date(2027, 1, 19), OPENS, num=2, den=1)
DIVIDEND = ins.Announce("MSFT", "DRIP", "div-a", date(2027, 1, 19), OPENS, gross=WAD, pay=OPENS + 10 * DAY)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network"), keyed_manifest()) as world:
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def known(order: ins.Announce, status: Any, **other: Any) -> ActionState:
    ex = order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day
    terms = {name: getattr(order, name) for name in ("effective_at", "num", "den", "gross", "pay")}
    return ActionState(b"", order.stock, order.code, "other", status, **({"ex": ex} | terms | other))


def is_asked(order: ins.Announce, state: ActionState) -> bool:
    try:
        check_twin(order, [state])
    except InputError as error:
        return "--twin" in error.message
    return False


@pytest.mark.parametrize("order", [SPLIT, DIVIDEND], ids=["split", "dividend"])
def test_what_is_compared(order: ins.Announce) -> None:
    later, gross = {"ex": 20270301, "effective_at": OPENS + 40 * DAY}, {"gross": WAD // 2}
    other_terms = {"num": 3} if order.num else gross
    for status in ("announced", "scheduled", "effective"):
        assert is_asked(order, known(order, status)), status
        assert is_asked(order, known(order, status, effective_at=OPENS + DAY)), "the same ex date"
        assert is_asked(order, known(order, status, ex=20270120)), "the same second"
        assert is_asked(order, known(order, status, **other_terms)), "the same ex date with other terms"
        assert not is_asked(order, known(order, status, **later, **other_terms))
    assert is_asked(order, known(order, "announced", **later)), "the same terms, both still to come"
    assert not is_asked(order, known(order, "effective", **later)), "the one of last quarter"
    assert not is_asked(order, known(order, "cancelled"))
    assert not is_asked(order, replace(known(order, "announced"), reference=order.reference)), "itself"
    assert not is_asked(order, replace(known(order, "announced"), code="SPLR"))


def test_four_for_two_is_two_for_one() -> None:
    assert is_asked(SPLIT, known(SPLIT, "announced", ex=20270301, effective_at=OPENS + 40 * DAY, num=4, den=2))


def test_a_second_booking_is_not_announced_until_it_is_meant(world: NetworkWorld) -> None:
    again = replace(SPLIT, reference="split-b")
    world.run(flows.actions.announce(world.open(), SPLIT))
    for step in (None, flows.actions.schedule(world.open(), ins.Schedule("MSFT", "SPLF", "split-a"))):
        if step is not None:
            world.run(step)
        with pytest.raises(InputError, match=r"looks like SPLF split-a, which is .*--twin"):
            flows.actions.announce(world.open(), again)
    assert not flows.actions.announce(world.open(), SPLIT).steps
    assert flows.actions.announce(world.open(), again, twin=True).steps
    world.open().node.rpc("evm_mine", {"timestamp": OPENS})
    late = replace(again, effective_at=OPENS + 3 * DAY)
    with pytest.raises(InputError, match="looks like SPLF split-a, which is effective"):
        flows.actions.announce(world.open(), late)


def test_the_ex_date_is_a_session_of_the_stocks_exchange(world: NetworkWorld) -> None:
    for day, following in ((date(2027, 1, 18), "2027-01-19"), (date(2027, 2, 15), "2027-02-16")):
        order = replace(SPLIT, ex=day, effective_at=OPENS + 40 * DAY)
        with pytest.raises(InputError, match=f"is no day on which XNAS has a session: the next is {following}"):
            flows.actions.announce(world.open(), order)
    with pytest.raises(InputError, match="has a session"):
        flows.actions.announce(world.open(), replace(SPLIT, ex=date(2027, 1, 23), effective_at=OPENS + 40 * DAY))


def test_no_effect_comes_before_the_session_opens(world: NetworkWorld) -> None:
    assert opening("XNAS", SPLIT.ex) == OPENS
    with pytest.raises(InputError, match=f"is before the exchange opens on the ex date, at {moment(OPENS)}"):
        flows.actions.announce(world.open(), replace(SPLIT, effective_at=OPENS - 1))
    assert flows.actions.announce(world.open(), SPLIT).steps


def test_an_ex_instant_of_its_own_takes_the_place_of_neither_check(world: NetworkWorld) -> None:
    holiday = replace(SPLIT, ex=date(2027, 1, 18), ex_at=OPENS - DAY)
    with pytest.raises(InputError, match="is no day on which XNAS has a session"):
        flows.actions.announce(world.open(), holiday)
    early = replace(SPLIT, ex_at=OPENS - 3_600, effective_at=OPENS - 1)
    with pytest.raises(InputError, match=f"is before the exchange opens on the ex date, at {moment(OPENS)}"):
        flows.actions.announce(world.open(), early)
    late = replace(SPLIT, ex_at=OPENS + 3_600)
    with pytest.raises(InputError, match=f"is before the exchange opens on the ex date, at {moment(OPENS + 3_600)}"):
        flows.actions.announce(world.open(), late)
    plan = flows.actions.announce(world.open(), replace(SPLIT, ex_at=OPENS - 3_600))
    assert [order.ex_at for step in plan.steps for order in step.instructions] == [OPENS - 3_600]


@pytest.mark.parametrize("order", [SPLIT, DIVIDEND], ids=["split", "dividend"])
def test_what_could_no_longer_be_scheduled_is_not_announced(world: NetworkWorld, order: ins.Announce) -> None:
    world.open().node.rpc("evm_mine", {"timestamp": OPENS - DAY + 1})
    with pytest.raises(InputError, match=r"is in 86,399 s, and \w+ takes 86,400 s of notice"):
        flows.actions.announce(world.open(), order)
    assert START < OPENS - DAY


def test_a_distribution_whose_ex_date_is_deferred_is_announced(world: NetworkWorld) -> None:
    """FINRA 11140(b)(2): the ex date of a large one is the session after its pay date, and a split states none."""
    assert flows.actions.announce(world.open(), replace(SPLIT, num=5, den=4)).steps
