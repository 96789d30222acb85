from dataclasses import replace
from datetime import date

import pytest
from model_world import DAY, ISIN, START, STOCK, YEAR, World, cancelled, dividend, scheduled, small_world, split
from support.days import ex_of

from scrip.errors import InputError, Refusal
from scrip.instructions.actions import Announce, Cancel, Schedule
from scrip.instructions.fleet import CreateStock, Halt, Pause
from scrip.instructions.reserve import SetBasis
from scrip.model import ModelConfig, Rules
from scrip.model.laws import arithmetic as law
from scrip.parameters import BLIND_SPLITS_APART
from scrip.units import WAD

T1 = START + 2 * DAY


def raised(*dividends: tuple[int, int]) -> int:
    """The index after dividends of (net, price)."""
    index = WAD
    for net, price in dividends:
        index = law.next_index(index, price, net)
    return index


# --- announce ---

GOOD_SPLIT = split("s1", T1)
GOOD_DIVIDEND = dividend("d1", T1)
MIDNIGHT = T1 - T1 % DAY


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(GOOD_SPLIT, by="mallory"), "roles: not authorised"),
        (replace(GOOD_SPLIT, stock="NONE"), "actions: unknown stock"),
        (replace(GOOD_SPLIT, code="SOFF"), "actions: unknown code"),
        (replace(GOOD_SPLIT, effective_at=START), "actions: effective in the past"),
        (replace(GOOD_SPLIT, effective_at=2**40), "actions: bad terms"),
        (replace(GOOD_SPLIT, num=0), "actions: bad terms"),
        (replace(GOOD_SPLIT, den=0), "actions: bad terms"),
        (replace(GOOD_SPLIT, num=1, den=1), "actions: bad terms"),
        (replace(GOOD_SPLIT, num=1, den=2), "actions: bad terms"),
        (replace(GOOD_SPLIT, code="SPLR"), "actions: bad terms"),
        (replace(GOOD_SPLIT, num=2**64), "actions: bad terms"),
        (replace(GOOD_SPLIT, gross=1), "actions: bad terms"),
        (replace(GOOD_SPLIT, pay=T1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, gross=0), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, gross=2**128), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, num=2), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, den=1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, ex_at=T1, pay=T1 - 30 * DAY - 1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, pay=-1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, pay=T1 - DAY, buy=T1 + 5 * DAY + 1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, pay=2**40), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, pay=T1 + 120 * DAY + 1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, buy=T1 - 1), "actions: bad terms"),
        (replace(GOOD_DIVIDEND, buy=GOOD_DIVIDEND.pay + 5 * DAY + 1), "actions: bad terms"),
        (replace(GOOD_SPLIT, buy=T1), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=ex_of(T1 + DAY)), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex_at=T1 + 1), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=ex_of(T1 - 31 * DAY)), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=ex_of(T1 - 30 * DAY), ex_at=T1 - 30 * DAY - 1), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=ex_of(MIDNIGHT + DAY), ex_at=MIDNIGHT - 1), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=ex_of(MIDNIGHT - DAY), ex_at=MIDNIGHT + 1), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=date(1066, 10, 14)), "actions: bad terms"),
        (replace(GOOD_SPLIT, ex=date(9999, 12, 31)), "actions: bad terms"),
        (replace(GOOD_SPLIT, num=101), "actions: split bound"),
        (replace(GOOD_SPLIT, code="SPLR", num=1, den=101), "actions: split bound"),
        (dividend("d1", START + DAY - 1), "actions: notice too short"),
    ],
)
def test_what_cannot_be_announced(world: World, order: Announce, name: str) -> None:
    assert world.refused(order) == name


@pytest.mark.parametrize(
    "order",
    [
        GOOD_SPLIT,
        GOOD_DIVIDEND,
        split("s1", START + 1),
        replace(GOOD_SPLIT, ex_at=T1),
        replace(GOOD_SPLIT, ex=ex_of(T1 - 30 * DAY), ex_at=T1 - 30 * DAY),
        replace(GOOD_SPLIT, ex=ex_of(MIDNIGHT + DAY), ex_at=MIDNIGHT),
        replace(GOOD_SPLIT, ex=ex_of(MIDNIGHT - DAY), ex_at=MIDNIGHT),
        replace(GOOD_DIVIDEND, pay=T1 + 120 * DAY),
        replace(GOOD_DIVIDEND, ex_at=T1, pay=T1 - 30 * DAY),
        replace(GOOD_DIVIDEND, pay=T1 - DAY, buy=T1 + 5 * DAY),
        replace(GOOD_DIVIDEND, buy=T1),
        replace(GOOD_DIVIDEND, buy=GOOD_DIVIDEND.pay + 5 * DAY),
        replace(GOOD_SPLIT, num=4, den=2),
        replace(GOOD_SPLIT, num=100),
        replace(GOOD_SPLIT, code="SPLR", num=1, den=100),
        dividend("d1", START + DAY),
        dividend("d1", T1, pay=T1),
        dividend("d1", T1, gross=2**128 - 1),
    ],
)
def test_what_can_be_announced_at_the_edge(world: World, order: Announce) -> None:
    world.do(order)
    record = world.ledger.action(STOCK, order.code, order.reference)
    assert (record.status, record.ex, record.effective_at) == ("ANNOUNCED", order.ex, order.effective_at)
    assert (record.num, record.den, record.gross, record.pay) == (order.num, order.den, order.gross, order.pay)


def test_of_several_faults_in_an_announcement_the_first_is_named(world: World) -> None:
    world.do(dividend("d1", T1))
    order = world.ladder(
        replace(dividend("d1", START), by="mallory", stock="NONE", code="XXXX", gross=0),
        ("roles: not authorised", {"by": "issuer"}),
        ("actions: unknown stock", {"stock": STOCK}),
        ("actions: unknown code", {"code": "DRIP"}),
        ("actions: effective in the past", {"effective_at": START + 1}),
        ("actions: bad terms", {"gross": 1}),
        ("actions: notice too short", {"effective_at": START + DAY, "pay": T1}),
        ("actions: already announced", {"reference": "d2"}),
    )
    world.do(order)


def test_a_reference_is_used_up_for_ever_within_its_code(world: World) -> None:
    world.do(split("r", T1), cancelled(split("r", T1)))
    assert world.refused(split("r", T1)) == "actions: already announced"
    world.do(dividend("r", T1), split("r", T1, 1, 2))


def test_two_stocks_do_not_share_references_or_slots(world: World) -> None:
    world.do(CreateStock("IBM", "IBM", "US4592001014"), *scheduled(split("r", T1)))
    world.do(*scheduled(replace(split("r", T1 + 1), stock="IBM")))
    assert world.ledger.multiplier("IBM").effective_at == T1 + 1
    assert world.ledger.multiplier(STOCK).effective_at == T1


def test_an_action_that_was_never_announced_has_no_record(world: World) -> None:
    with pytest.raises(InputError, match="never announced"):
        world.ledger.action(STOCK, "SPLF", "s1")


# --- schedule ---


def test_what_is_not_announced_is_not_scheduled(world: World) -> None:
    order = Schedule(STOCK, "SPLF", "s1")
    assert world.refused(order) == "actions: not announced"
    assert world.refused(replace(order, stock="NONE")) == "actions: not announced"
    world.do(*scheduled(split("s1", T1)))
    assert world.refused(order) == "actions: not announced"
    world.do(cancelled(split("s1", T1)))
    assert world.refused(order) == "actions: not announced"


@pytest.mark.parametrize(("action", "notice", "price"), [(split("a", T1), DAY, 0), (dividend("a", T1), 3600, 50 * WAD)])
def test_exactly_the_notice_is_enough(world: World, action: Announce, notice: int, price: int) -> None:
    order = Schedule(STOCK, action.code, "a", price)
    world.do(action)
    late = small_world()
    late.do(action)
    late.at(T1 - notice + 1)
    assert late.refused(order) == "actions: notice too short"
    world.at(T1 - notice)
    world.do(order)


def test_an_action_whose_time_has_passed_is_not_scheduled(world: World) -> None:
    world.do(dividend("d1", T1))
    world.at(T1 + 1)
    assert world.refused(Schedule(STOCK, "DRIP", "d1", WAD)) == "actions: notice too short"


def test_a_split_has_no_price_and_a_dividend_has_one(world: World) -> None:
    world.do(split("s1", T1), dividend("d1", T1))
    assert world.refused(Schedule(STOCK, "SPLF", "s1", 1)) == "actions: bad terms"
    assert world.refused(Schedule(STOCK, "DRIP", "d1", 0)) == "actions: bad terms"
    assert world.refused(Schedule(STOCK, "DRIP", "d1", 2**128)) == "actions: bad terms"


def test_a_dividend_above_a_quarter_of_the_price_is_refused(world: World) -> None:
    world.do(dividend("d1", T1, gross=WAD))
    assert world.refused(Schedule(STOCK, "DRIP", "d1", 4 * WAD - 1)) == "actions: step bound"
    world.do(Schedule(STOCK, "DRIP", "d1", 4 * WAD))
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == 5 * WAD // 4


def test_the_slot_is_one(world: World) -> None:
    world.do(*scheduled(split("s1", T1)), split("s2", T1 + 1))
    order = Schedule(STOCK, "SPLF", "s2")
    assert world.refused(order) == "actions: slot taken"
    world.do(cancelled(split("s1", T1)), order)


def test_the_slot_is_free_from_the_second_of_activation(world: World) -> None:
    world.do(*scheduled(dividend("d1", T1)), split("s1", T1 + DAY))
    assert world.refused(Schedule(STOCK, "SPLF", "s1")) == "actions: slot taken"
    world.at(T1)
    world.do(Schedule(STOCK, "SPLF", "s1"))
    assert world.ledger.multiplier(STOCK).effective_at == T1 + DAY


def test_at_most_four_actions_join(world: World) -> None:
    for number in range(4):
        world.do(*scheduled(dividend(f"d{number}", T1)))
    world.do(split("s1", T1))
    assert world.refused(Schedule(STOCK, "SPLF", "s1")) == "actions: slot taken"
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == raised(*[(WAD, 100 * WAD)] * 4)


def test_a_dividend_that_moves_nothing_is_refused(world: World) -> None:
    world.do(dividend("d1", T1, gross=1))
    assert world.refused(Schedule(STOCK, "DRIP", "d1", 2 * WAD)) == "actions: no effect"
    world.do(Schedule(STOCK, "DRIP", "d1", WAD))
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == WAD + 1


def test_a_dividend_that_is_all_withheld_is_refused() -> None:
    world = small_world(config=ModelConfig(rules=Rules(withholding_bps=10_000)))
    world.do(dividend("d1", T1))
    assert world.refused(Schedule(STOCK, "DRIP", "d1", 100 * WAD)) == "actions: no effect"


def test_net_price_and_withholding_are_recorded_when_it_is_struck() -> None:
    world = small_world(config=ModelConfig(rules=Rules(withholding_bps=1_500)))
    world.do(*scheduled(dividend("d1", T1, gross=308 * 10**16 + 1), price=2739 * 10**16))
    record = world.ledger.action(STOCK, "DRIP", "d1")
    assert (record.withheld, record.net) == (462 * 10**15 + 1, 2618 * 10**15)
    assert (record.price, record.status) == (2739 * 10**16, "SCHEDULED")
    expected = law.next_index(WAD, 2739 * 10**16, 2618 * 10**15)
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == expected


APART = BLIND_SPLITS_APART.value + DAY


def splits_in_a_row(world: World, terms: list[tuple[int, int]]) -> str | None:
    """Splits as close as an aggregator's may be, each of which the reserve has shown; the name of the first refusal."""
    for number, (num, den) in enumerate(terms, start=1):
        action = split(f"s{number}", START + number * APART, num, den)
        announce, schedule = scheduled(action)
        world.at(max(action.effective_at - DAY, world.ledger.now()))
        world.do(announce)
        if number == len(terms):
            try:
                world.do(schedule)
            except Refusal as refusal:
                return refusal.name
            return None
        world.do(schedule)
        world.at(action.effective_at)
        world.do(SetBasis(STOCK))
    return None


@pytest.mark.parametrize(
    ("terms", "name"),
    [
        # 2^96 ÷ 10^18 is about 7.9 × 10^10, so 100^5 fits and 100^6 does not; 100^9 is just 10^18.
        ([(100, 1)] * 5, None),
        ([(100, 1)] * 6, "actions: pair does not fit"),
        ([(1, 100)] * 9, None),
        ([(1, 100)] * 10, "actions: pair does not fit"),
        # Coprime factors whose product passes 64 bits while the multiplier stays near one.
        ([(97, 89), (83, 79), (73, 71), (67, 61), (59, 53)] * 2 + [(47, 43)], "actions: pair does not fit"),
        ([(97, 89), (83, 79), (73, 71), (67, 61), (59, 53)] * 2, None),
    ],
)
def test_a_pair_that_no_longer_fits_is_refused(world: World, terms: list[tuple[int, int]], name: str | None) -> None:
    assert splits_in_a_row(world, terms) == name


def test_the_rate_bound_looks_back_365_days_to_the_second(world: World) -> None:
    """At 365 days exactly, the first dividend is what the year starts from; a second earlier it is within the year."""
    world.do(*scheduled(dividend("d1", T1, gross=25 * WAD), price=100 * WAD))
    world.at(T1)
    early, late = dividend("d2", T1 + YEAR - 1, gross=21 * WAD), dividend("d3", T1 + YEAR, gross=21 * WAD)
    world.do(early, late)
    assert world.refused(Schedule(STOCK, "DRIP", "d2", 100 * WAD)) == "actions: rate bound"
    world.do(Schedule(STOCK, "DRIP", "d3", 100 * WAD))


def test_the_rate_bound_allows_exactly_half_as_much_again(world: World) -> None:
    world.do(*scheduled(dividend("d1", T1, gross=25 * WAD), price=100 * WAD))
    world.at(T1)
    world.do(dividend("d2", T1 + 2 * DAY, gross=20 * WAD), dividend("d3", T1 + 2 * DAY, gross=20 * WAD + 100))
    assert world.refused(Schedule(STOCK, "DRIP", "d3", 100 * WAD)) == "actions: rate bound"
    world.do(Schedule(STOCK, "DRIP", "d2", 100 * WAD))
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == 3 * WAD // 2


def test_joined_dividends_are_bounded_together(world: World) -> None:
    world.do(*scheduled(dividend("d1", T1, gross=25 * WAD)), dividend("d2", T1, gross=21 * WAD))
    assert world.refused(Schedule(STOCK, "DRIP", "d2", 100 * WAD)) == "actions: rate bound"


def test_of_several_faults_in_a_schedule_the_first_is_named(world: World) -> None:
    world.do(*scheduled(split("s1", T1)), dividend("d1", T1 + 1, gross=WAD))
    order = world.ladder(
        Schedule(STOCK, "DRIP", "dx", 0, by="mallory"),
        ("roles: not authorised", {"by": "issuer"}),
        ("actions: not announced", {"reference": "d1"}),
        ("actions: bad terms", {"price": WAD}),
        ("actions: step bound", {"price": 2**128 - 1}),
    )
    assert world.refused(order) == "actions: slot taken"
    world.do(cancelled(split("s1", T1)))
    assert world.refused(order) == "actions: no effect"
    world.at(T1)
    assert world.refused(replace(order, price=0)) == "actions: notice too short"


# --- cancel ---


def test_what_was_only_announced_can_be_cancelled_after_its_second(world: World) -> None:
    world.do(split("s1", T1))
    world.at(T1 + DAY)
    world.do(cancelled(split("s1", T1)))


def test_the_administrator_may_cancel_and_do_no_more() -> None:
    roles = {"ACTIONS": frozenset({"desk"}), "ADMIN": frozenset({"timelock"})}
    world = small_world()
    world.ledger.config = replace(world.ledger.config, holders=roles)
    order = replace(split("s1", T1), by="desk")
    assert world.refused(replace(order, by="timelock")) == "roles: not authorised"
    world.do(order)
    assert world.refused(replace(cancelled(order), by="issuer")) == "roles: not authorised"
    world.do(replace(cancelled(order), by="timelock"))


def test_a_seventeenth_announcement_waits(world: World) -> None:
    for number in range(16):
        world.do(split(f"s{number}", T1))
    assert world.refused(split("s16", T1)) == "actions: too many announced"
    world.do(cancelled(split("s3", T1)), split("s16", T1))


def test_an_announced_action_can_be_cancelled(world: World) -> None:
    world.do(split("s1", T1), cancelled(split("s1", T1)))
    assert world.ledger.action(STOCK, "SPLF", "s1").status == "CANCELLED"
    assert world.refused(cancelled(split("s1", T1))) == "actions: not cancellable"


def test_cancelling_stops_at_the_second_of_activation(world: World) -> None:
    world.do(*scheduled(split("s1", T1)))
    world.at(T1 - 1)
    other = small_world()
    other.do(*scheduled(split("s1", T1)))
    other.at(T1)
    assert other.refused(cancelled(split("s1", T1))) == "actions: not cancellable"
    world.do(cancelled(split("s1", T1)))


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (Cancel(STOCK, "SPLF", "s1", 1, "doc", by="mallory"), "roles: not authorised"),
        (Cancel(STOCK, "SPLF", "s1", 0, "doc"), "actions: reason and document"),
        (Cancel(STOCK, "SPLF", "s1", 1, ""), "actions: reason and document"),
        (Cancel("NONE", "SPLF", "s1", 0, ""), "actions: reason and document"),
        (Cancel("NONE", "SPLF", "s1", 1, "doc"), "actions: not cancellable"),
        (Cancel(STOCK, "SPLF", "s1", 1, "doc"), "actions: not cancellable"),
    ],
)
def test_what_cannot_be_cancelled(world: World, order: Cancel, name: str) -> None:
    assert world.refused(order) == name


def test_cancelling_the_split_of_a_joined_slot_leaves_the_dividend(world: World) -> None:
    world.do(*scheduled(split("s1", T1)), *scheduled(dividend("d1", T1)), cancelled(split("s1", T1)))
    state = world.ledger.multiplier(STOCK)
    assert (state.pending_ui_multiplier, state.effective_at) == (raised((WAD, 100 * WAD)), T1)
    world.at(T1)
    assert world.multiplier == raised((WAD, 100 * WAD))


def test_cancelling_the_dividend_of_a_joined_slot_leaves_the_split(world: World) -> None:
    world.do(*scheduled(dividend("d1", T1)), *scheduled(split("s1", T1)), cancelled(dividend("d1", T1)))
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == 2 * WAD


def test_the_parts_that_stay_are_applied_again_in_their_order(world: World) -> None:
    """The floors are those of a slot in which the cancelled part never was."""
    first, second, third = (
        dividend(name, T1, gross=gross) for name, gross in (("a", WAD), ("b", 3 * WAD), ("c", 7 * WAD))
    )
    for action in (first, second, third):
        world.do(*scheduled(action, price=99 * WAD))
    world.do(cancelled(second))
    assert world.ledger.multiplier(STOCK).pending_ui_multiplier == raised((WAD, 99 * WAD), (7 * WAD, 99 * WAD))


def test_the_last_part_empties_the_slot(world: World) -> None:
    world.do(*scheduled(dividend("d1", T1)), *scheduled(split("s1", T1)))
    world.do(cancelled(dividend("d1", T1)), cancelled(split("s1", T1)))
    assert world.ledger.multiplier(STOCK).effective_at == 0
    world.do(*scheduled(split("s2", T1 + DAY)))


def test_a_part_without_which_the_rest_does_not_fit_stays(world: World) -> None:
    assert splits_in_a_row(world, [(100, 1)] * 5) is None
    world.at(START + 5 * APART)
    world.do(SetBasis(STOCK))
    world.at(START + 6 * APART)
    at = START + 7 * APART
    reverse = split("back", at, 1, 100)
    world.do(*scheduled(reverse), *scheduled(split("on", at, 100, 1)))
    assert world.refused(cancelled(reverse)) == "actions: pair does not fit"


def test_neither_a_pause_nor_a_halt_stops_corporate_actions(world: World) -> None:
    world.do(Pause(STOCK), Halt(), *scheduled(split("s1", T1)), cancelled(split("s1", T1)))
    world.do(*scheduled(split("s2", T1)))
    world.at(T1)
    assert world.multiplier == 2 * WAD


def test_the_birth_isin_is_one_stock_only(world: World) -> None:
    assert world.refused(CreateStock("MSFT2", "Copy", ISIN)) == "factory: isin taken"
    assert world.refused(CreateStock("MSFT2", "Copy", "short")) == "factory: bad isin"
    assert world.refused(CreateStock("MSFT2", "Copy", ISIN, by="mallory")) == "roles: not authorised"
    with pytest.raises(InputError, match="another stock"):
        world.do(CreateStock(STOCK, "Copy", "US4592001014"))
