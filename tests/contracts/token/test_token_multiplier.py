"""ERC-8056: the multiplier's pair, its one slot, and the second at which a change becomes current."""

from dataclasses import dataclass

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, Handle, Refused, named, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_world import ACTIONS, ADMIN_ROLE, ALICE, EVERYONE, HELD, PAUSER, START, UNIT, World
from support.examples import examples

from scrip.model.laws import arithmetic as law

AT = START + 1000
LAST = 2**40 - 1
U96 = 2**96 - 1
U64 = 2**64 - 1
START_TERMS = (UNIT, 1, 1)


def _schedule(stock: Handle, index: int = 2 * UNIT, num: int = 1, den: int = 1, at: int = AT) -> None:
    stock.scheduleMultiplier(index, num, den, at, sender=ACTIONS)


def _views(stock: Handle) -> tuple[int, int, int, int]:
    return stock.uiMultiplier(), stock.newUIMultiplier(), stock.effectiveAt(), stock.multiplierGeneration()


def test_a_change_is_current_from_its_second_on(stock: Handle) -> None:
    _schedule(stock, UNIT, 2, 1)
    [event] = stock.events()
    assert event.name == "UIMultiplierUpdated"
    assert event.values == {"oldMultiplier": UNIT, "newMultiplier": 2 * UNIT, "effectiveAtTimestamp": AT}
    for second in (START, AT - 1):
        set_clock(second)
        assert _views(stock) == (UNIT, 2 * UNIT, AT, 0)
        assert stock.multiplierTerms() == (*START_TERMS, UNIT, 2, 1, AT)
        assert (stock.balanceOfUI(ALICE), stock.totalSupplyUI()) == (HELD, 2 * HELD)
    for second in (AT, AT + 1, LAST):
        set_clock(second)
        assert _views(stock) == (2 * UNIT, 2 * UNIT, 0, 1)
        assert stock.multiplierTerms() == (UNIT, 2, 1, UNIT, 2, 1, 0)
        assert (stock.balanceOfUI(ALICE), stock.totalSupplyUI()) == (2 * HELD, 4 * HELD)
        assert (stock.balanceOf(ALICE), stock.totalSupply()) == (HELD, 2 * HELD)


@dataclass
class Attempt:
    """A change that would be scheduled, until a fault says otherwise."""

    stock: Handle
    sender: str = ACTIONS
    at: int = AT
    den: int = 1


FAULTS = {
    "token: not the actions": change(sender=ALICE),
    "token: effective in the past": change(at=START),
    "token: bad pair": change(den=0),
    "token: slot taken": lambda a: _schedule(a.stock, at=AT + 1),
}


@every_two(FAULTS)
def test_schedule_names_the_first_of_two_faults(stock: Handle, first: str, second: str) -> None:
    attempt = Attempt(stock)
    bring_about(FAULTS, first, second, attempt)
    with refuses(first):
        stock.scheduleMultiplier(2 * UNIT, 1, attempt.den, attempt.at, sender=attempt.sender)


@pytest.mark.parametrize("actor", sorted(set(EVERYONE) - {"corporate actions"}))
def test_only_corporate_actions_writes(world: World, actor: str) -> None:
    with refuses("token: not the actions"):
        world.stock.scheduleMultiplier(2 * UNIT, 1, 1, AT, sender=named(actor))
    _schedule(world.stock)
    with refuses("token: not the actions"):
        world.stock.cancelMultiplier(sender=named(actor))
    assert world.roles.hasRole(ADMIN_ROLE, named(actor)) is (actor == "admin")


@pytest.mark.parametrize("at", [0, 1, START - 1, START, LAST + 1, MAX])
def test_a_second_outside_the_future_is_refused(stock: Handle, at: int) -> None:
    with refuses("token: effective in the past"):
        _schedule(stock, at=at)


@pytest.mark.parametrize("at", [START + 1, LAST])
def test_the_next_and_the_last_second_are_accepted(stock: Handle, at: int) -> None:
    _schedule(stock, at=at)
    assert stock.effectiveAt() == at


@pytest.mark.parametrize(
    ("index", "num", "den"),
    [
        (0, 1, 1),
        (UNIT, 0, 1),
        (UNIT, 1, 0),
        (1, 1, 2),
        (UNIT, 1, UNIT + 1),
        (U96 + 1, 1, 1),
        (U96 + 1, 1, 2),
        (U96, U64, U64 - 1),
        (UNIT, U64 + 1, U64 + 1),
        (UNIT, 1, U64 + 1),
        (MAX, MAX, MAX),
        (MAX, MAX, 0),
    ],
)
def test_a_pair_that_does_not_fit_is_refused(stock: Handle, index: int, num: int, den: int) -> None:
    with refuses("token: bad pair"):
        _schedule(stock, index, num, den)


@pytest.mark.parametrize(
    ("index", "num", "den"), [(U96, 1, 1), (U96, U64, U64), (1, 1, 1), (U64, 1, U64), (1, U64, 1), (2, 3, 4)]
)
def test_the_extreme_pairs_fit_and_come_back_as_scheduled(stock: Handle, index: int, num: int, den: int) -> None:
    _schedule(stock, index, num, den)
    assert stock.multiplierTerms() == (*START_TERMS, index, num, den, AT)
    set_clock(AT)
    assert stock.multiplierTerms() == (index, num, den, index, num, den, 0)
    assert stock.uiMultiplier() == law.ui_multiplier(index, num, den) != 0


def test_the_same_second_joins_and_another_is_refused(stock: Handle) -> None:
    _schedule(stock, 2 * UNIT)
    for at in (AT - 1, AT + 1):
        with refuses("token: slot taken"):
            _schedule(stock, 3 * UNIT, at=at)
    _schedule(stock, 3 * UNIT, 2, 1)
    [event] = stock.events()
    assert event.values == {"oldMultiplier": UNIT, "newMultiplier": 6 * UNIT, "effectiveAtTimestamp": AT}
    assert stock.multiplierTerms() == (*START_TERMS, 3 * UNIT, 2, 1, AT)
    set_clock(AT)
    assert _views(stock) == (6 * UNIT, 6 * UNIT, 0, 1)


def test_an_active_change_is_folded_by_the_next(stock: Handle) -> None:
    _schedule(stock, 2 * UNIT)
    set_clock(AT - 1)
    with refuses("token: slot taken"):
        _schedule(stock, 3 * UNIT, at=AT + 1)
    set_clock(AT)
    _schedule(stock, 3 * UNIT, at=AT + 1)
    assert _views(stock) == (2 * UNIT, 3 * UNIT, AT + 1, 1)
    assert stock.multiplierTerms() == (2 * UNIT, 1, 1, 3 * UNIT, 1, 1, AT + 1)
    set_clock(AT + 1)
    assert _views(stock) == (3 * UNIT, 3 * UNIT, 0, 2)
    _schedule(stock, 4 * UNIT, at=AT + 9)
    assert _views(stock) == (3 * UNIT, 4 * UNIT, AT + 9, 2)


def test_cancel_works_strictly_before(stock: Handle) -> None:
    _schedule(stock)
    set_clock(AT - 1)
    stock.cancelMultiplier(sender=ACTIONS)
    cancelled, updated = stock.events()
    assert cancelled.name == "UIMultiplierCancelled"
    assert cancelled.values == {"cancelledMultiplier": 2 * UNIT, "effectiveAtTimestamp": AT}
    # Whoever follows the standard's event alone has from AT on what the views say.
    assert updated.name == "UIMultiplierUpdated"
    assert updated.values == {"oldMultiplier": UNIT, "newMultiplier": UNIT, "effectiveAtTimestamp": AT}
    set_clock(AT)
    assert _views(stock) == (UNIT, UNIT, 0, 0)
    assert stock.multiplierTerms() == (*START_TERMS, *START_TERMS, 0)


def test_what_has_taken_effect_cannot_be_cancelled(stock: Handle) -> None:
    with refuses("token: nothing pending"):
        stock.cancelMultiplier(sender=ACTIONS)
    _schedule(stock)
    set_clock(AT)
    with refuses("token: nothing pending"):
        stock.cancelMultiplier(sender=ACTIONS)
    assert _views(stock) == (2 * UNIT, 2 * UNIT, 0, 1)


def test_cancelling_the_next_keeps_the_last_that_took_effect(stock: Handle) -> None:
    _schedule(stock, 2 * UNIT)
    set_clock(AT)
    _schedule(stock, 3 * UNIT, at=AT + 5)
    stock.cancelMultiplier(sender=ACTIONS)
    with refuses("token: nothing pending"):
        stock.cancelMultiplier(sender=ACTIONS)
    set_clock(AT + 5)
    assert _views(stock) == (2 * UNIT, 2 * UNIT, 0, 1)
    assert stock.multiplierTerms() == (2 * UNIT, 1, 1, 2 * UNIT, 1, 1, 0)
    _schedule(stock, 3 * UNIT, at=AT + 6)
    set_clock(AT + 6)
    assert _views(stock) == (3 * UNIT, 3 * UNIT, 0, 2)


@pytest.mark.parametrize("stop", ["pause", "halt"])
def test_the_market_waits_for_no_one(world: World, stop: str) -> None:
    if stop == "pause":
        world.stock.pause(sender=PAUSER)
    else:
        world.halt()
    _schedule(world.stock, 3 * UNIT)
    world.stock.cancelMultiplier(sender=ACTIONS)
    _schedule(world.stock, 2 * UNIT)
    set_clock(AT)
    assert _views(world.stock) == (2 * UNIT, 2 * UNIT, 0, 1)


@pytest.mark.parametrize("multiplier", [1, UNIT // 10, UNIT, 3 * UNIT + 1, U96])
def test_conversions_round_down_and_reach_their_stated_bounds(stock: Handle, multiplier: int) -> None:
    _schedule(stock, multiplier)
    set_clock(AT)
    for raw in (0, 1, 9, UNIT - 1, UNIT, 2**128 - 1, 2**160 - 1):
        ui = stock.toUIAmount(raw)
        assert ui == law.ui_amount(raw, multiplier)
        assert stock.fromUIAmount(ui) <= raw
    assert stock.fromUIAmount(2**196 - 1) == law.raw_amount(2**196 - 1, multiplier)


def test_conversions_beyond_their_bounds_revert(stock: Handle) -> None:
    for call in (stock.toUIAmount, stock.fromUIAmount):
        with pytest.raises(Refused):
            call(MAX)


def test_balance_of_ui_counts_only_the_balance(world: World) -> None:
    world.freeze(world.stock, ALICE)
    world.freeze_tokens(world.stock, ALICE, 1)
    assert world.stock.balanceOfUI(ALICE) == HELD
    assert world.stock.balanceOfUI(named("mallory")) == 0


@settings(max_examples=examples(15))
@given(data=st.data())
def test_every_view_agrees_on_one_multiplier(built_world: World, data: st.DataObject) -> None:
    """At every second, uiMultiplier is floor(index × num ÷ den) of the terms in force, and so are the UI views."""
    with boa.env.anchor():
        set_clock(START)
        stock = built_world.stock
        index = data.draw(st.integers(1, U96), "index")
        num = data.draw(st.integers(1, U64), "num")
        den = data.draw(st.integers(1, U64), "den")
        multiplier = index * num // den
        if not 0 < multiplier <= U96:
            with refuses("token: bad pair"):
                _schedule(stock, index, num, den)
            return
        _schedule(stock, index, num, den)
        set_clock(data.draw(st.sampled_from([AT - 1, AT, AT + 1]), "second"))
        now = stock.multiplierTerms()[:3]
        assert stock.uiMultiplier() == law.ui_multiplier(*now)
        assert stock.newUIMultiplier() == multiplier
        assert stock.balanceOfUI(ALICE) == law.ui_amount(HELD, law.ui_multiplier(*now))
