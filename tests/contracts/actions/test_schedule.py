"""CorporateActions.schedule."""

import pytest
from support.contract_calls import MAX, Event, now, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    DAY,
    DESK,
    HOUR,
    MINTER,
    OTHERS,
    START,
    SUPPLY,
    U64,
    U96,
    U128,
    WAD,
    Issuance,
    deploy_stub,
)

AT = START + 2 * DAY


def test_a_dividend_raises_the_index_from_its_second(suite: Issuance) -> None:
    id = suite.schedule(gross=WAD, price=20 * WAD, effectiveAt=AT)
    index = WAD * 21 // 20
    assert suite.terms() == (WAD, 1, 1, index, 1, 1, AT)
    set_clock(AT - 1)
    assert suite.stock.uiMultiplier() == WAD
    assert suite.record(id)["status"] == 2
    set_clock(AT)
    assert suite.terms() == (index, 1, 1, index, 1, 1, 0)
    assert suite.stock.uiMultiplier() == index
    assert suite.stock.multiplierGeneration() == 1
    assert suite.record(id)["status"] == 4


def test_a_split_moves_the_other_factor(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=3, den=2))
    assert suite.terms() == (WAD, 3, 2, WAD, 3, 2, 0)
    suite.adopt()
    suite.books_follow()
    suite.take_effect(suite.schedule("SPLF", "again", num=4, den=3))
    assert suite.terms()[:3] == (WAD, 2, 1)
    assert suite.stock.uiMultiplier() == 2 * WAD


def test_nobody_else_schedules_a_multiplier(suite: Issuance) -> None:
    for sender in (*OTHERS.values(), suite.feed.address):
        with refuses("token: not the actions"):
            suite.stock.scheduleMultiplier(2 * WAD, 1, 1, AT, sender=sender)


def test_microsofts_special_dividend(suite: Issuance) -> None:
    """$3.08 at $27.39: the one that a bound of 10 % would have refused."""
    suite.schedule(gross=308 * WAD // 100, price=2739 * WAD // 100)
    assert suite.terms()[3] == 1_112_449_799_196_787_148


def test_withholding_is_taken_at_schedule_and_rounds_up(suite: Issuance) -> None:
    id = suite.announce(gross=101)
    suite.actions.setWithholding(1_500, sender=ADMIN)
    suite.strike(id, 1_000)
    record = suite.record(id)
    assert (record["gross"], record["withheld"], record["net"], record["price"]) == (101, 16, 85, 1_000)
    assert suite.terms()[3] == WAD * 1_085 // 1_000
    suite.actions.setWithholding(3_000, sender=ADMIN)
    assert suite.record(id)["net"] == 85


def test_it_tells_the_auditor_everything(suite: Issuance) -> None:
    suite.actions.setWithholding(2_500, sender=ADMIN)
    id = suite.schedule(gross=4 * WAD, price=30 * WAD, effectiveAt=AT)
    [ex, receivable, multiplier, scheduled] = suite.actions.events(suite.feed, suite.stock)
    index = WAD * 33 // 30
    assert ex == Event(suite.feed.address, "ExSet", {"token": suite.stock.address, "ex": 0})
    assert receivable == Event(
        suite.feed.address,
        "ReceivableSet",
        {
            "token": suite.stock.address,
            "id": id,
            "delta": index - WAD,
            "buy": AT + 10 * DAY,
            "until": AT + 15 * DAY,
        },
    )
    assert multiplier.name == "UIMultiplierUpdated"
    assert scheduled == Event(
        suite.actions.address,
        "ActionScheduled",
        {
            "id": id,
            "token": suite.stock.address,
            "effectiveAt": AT,
            "price": 30 * WAD,
            "withheld": WAD,
            "net": 3 * WAD,
            "index": index,
            "num": 1,
            "den": 1,
        },
    )


def test_a_split_waits_for_the_one_before_to_be_confirmed(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=4, den=2))
    with refuses("reserve: basis unconfirmed"):
        suite.schedule("SPLR", "back", num=1, den=5, effectiveAt=now() + 3 * DAY)
    suite.adopt()
    suite.books_follow()
    suite.attest(2_000)
    suite.schedule("SPLR", "again", num=1, den=5, effectiveAt=now() + 3 * DAY)
    assert suite.feed.basis(suite.stock) == (2, 1, 1)
    assert suite.feed.step(suite.stock) == (2, 5, 2, AT + 13 * DAY, False, False)


@pytest.mark.parametrize("actor", OTHERS)
def test_only_the_desk(suite: Issuance, actor: str) -> None:
    id = suite.announce("SPLF")
    if actor == "desk":
        suite.strike(id, 0, sender=OTHERS[actor])
    else:
        with refuses("roles: not authorised"):
            suite.strike(id, 0, sender=OTHERS[actor])


def test_only_what_is_announced(suite: Issuance) -> None:
    with refuses("actions: not announced"):
        suite.strike(word32("never"))
    scheduled = suite.schedule("SPLF", "scheduled")
    cancelled = suite.announce("SPLF", "cancelled")
    suite.cancel(cancelled)
    for id in (scheduled, cancelled):
        with refuses("actions: not announced"):
            suite.strike(id, 0)
    suite.take_effect(scheduled)
    with refuses("actions: not announced"):
        suite.strike(scheduled, 0)


@pytest.mark.parametrize(("code", "notice"), [("DRIP", HOUR), ("SPLF", DAY), ("SPLR", DAY)])
def test_notice_to_the_second(suite: Issuance, code: str, notice: int) -> None:
    price = 20 * WAD if code == "DRIP" else 0
    late, in_time = suite.announce(code, "late"), suite.announce(code, "in time")
    for instant in (AT - notice + 1, AT - 1, AT, AT + 1):
        set_clock(instant)
        with refuses("actions: notice too short"):
            suite.strike(late, price)
    set_clock(AT - notice)
    suite.strike(in_time, price)


@pytest.mark.parametrize("price", [0, U128 + 1, MAX])
def test_a_dividend_needs_a_price(suite: Issuance, price: int) -> None:
    id = suite.announce()
    with refuses("actions: bad terms"):
        suite.strike(id, price)


@pytest.mark.parametrize("price", [1, MAX])
def test_a_split_has_none(suite: Issuance, price: int) -> None:
    id = suite.announce("SPLF")
    with refuses("actions: bad terms"):
        suite.strike(id, price)


def test_a_dividend_is_a_quarter_at_most(suite: Issuance) -> None:
    id = suite.announce(gross=5 * WAD)
    with refuses("actions: step bound"):
        suite.strike(id, 20 * WAD - 1)
    suite.strike(id, 20 * WAD)
    assert suite.terms()[3] == 125 * WAD // 100


def test_the_bound_is_on_the_net(suite: Issuance) -> None:
    suite.actions.setWithholding(5_000, sender=ADMIN)
    suite.schedule(gross=10 * WAD, price=20 * WAD)
    assert suite.terms()[3] == 125 * WAD // 100


def test_the_largest_terms_overflow_nothing(suite: Issuance) -> None:
    id = suite.announce(gross=U128)
    with refuses("actions: step bound"):
        suite.strike(id, U128)


def test_a_slot_of_another_second_is_taken(suite: Issuance) -> None:
    suite.schedule(effectiveAt=AT)
    for code, at in (("DRIP", AT + 1), ("SPLF", AT - 1), ("DRIP", AT - 1), ("SPLF", AT + 1)):
        with refuses("actions: slot taken"):
            suite.schedule(code, f"{code} {at}", effectiveAt=at)
    set_clock(AT)
    suite.schedule(reference="free again", effectiveAt=AT + 2 * DAY)


def test_two_stocks_have_two_slots(suite: Issuance) -> None:
    other = suite.create_stock("US0378331005")
    suite.schedule(effectiveAt=AT)
    suite.schedule(stock=other, effectiveAt=AT + DAY)
    assert (suite.terms()[6], suite.terms(other)[6]) == (AT, AT + DAY)


def test_a_dividend_too_small_to_show(suite: Issuance) -> None:
    id = suite.announce(gross=1)
    with refuses("actions: no effect"):
        suite.strike(id, WAD + 1)
    suite.strike(id, WAD)
    assert suite.terms()[3] == WAD + 1


def test_a_dividend_withheld_whole(suite: Issuance) -> None:
    suite.actions.setWithholding(10_000, sender=ADMIN)
    id = suite.announce()
    with refuses("actions: no effect"):
        suite.strike(id)


def test_a_pair_too_long(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=U64, den=U64 - 1))
    id = suite.announce("SPLF", "again", num=U64 - 2, den=U64 - 4)
    with refuses("actions: pair does not fit"):
        suite.strike(id, 0)


@pytest.mark.parametrize(
    ("factors", "code"),
    [
        ((U96, 1, 1), "DRIP"),
        ((U96 - 10, 1, 1), "SPLF"),
        ((U96 // 2, 2, 1), "DRIP"),
        ((5, 1, 1), "SPLR"),
    ],
    ids=["index of 97 bits", "multiplier of 97 bits", "multiplier of 97 bits by a dividend", "multiplier of 0"],
)
def test_factors_that_do_not_fit(suite: Issuance, factors: tuple[int, int, int], code: str) -> None:
    stock = deploy_stub("StubStock", suite.feed, "US0000000001")
    suite.registry.registerToken(stock, sender=suite.factory.address)
    stock.set_terms([*factors, *factors, 0])
    id = suite.announce(code, stock=stock)
    with refuses("actions: pair does not fit"):
        suite.strike(id, 20 * WAD if code == "DRIP" else 0)


def test_the_order_of_refusals(suite: Issuance) -> None:
    blocker = suite.schedule(reference="blocker", effectiveAt=AT + 1)
    id = suite.announce(gross=WAD, effectiveAt=AT)
    set_clock(AT - HOUR + 1)
    with refuses("roles: not authorised"):
        suite.strike(id, 0, sender=ADMIN)
    with refuses("actions: not announced"):
        suite.strike(blocker, 0)
    with refuses("actions: notice too short"):
        suite.strike(id, 0)
    set_clock(AT - HOUR)
    with refuses("actions: bad terms"):
        suite.strike(id, 0)
    with refuses("actions: step bound"):
        suite.strike(id, 1)
    with refuses("actions: slot taken"):
        suite.strike(id, U128)
    suite.cancel(blocker)
    with refuses("actions: no effect"):
        suite.strike(id, U128)
    suite.strike(id)


def test_neither_pause_nor_halt_stops_the_desk(suite: Issuance) -> None:
    suite.stock.pause(sender=OTHERS["pauser"])
    suite.beacon.halt(sender=OTHERS["guardian"])
    suite.take_effect(suite.schedule())
    suite.beacon.unhalt(sender=ADMIN)
    assert suite.stock.uiMultiplier() == WAD * 21 // 20


def test_the_receivable_is_of_the_supply_at_schedule(suite: Issuance) -> None:
    suite.stock.mint(ALICE, SUPPLY, sender=MINTER)
    suite.schedule(gross=WAD, price=20 * WAD)
    assert suite.feed.coverage(suite.stock)[2] == 2 * SUPPLY // 20


def test_the_desk_is_the_only_role_it_asks_for(suite: Issuance) -> None:
    assert suite.roles.hasRole(word32("ACTIONS"), DESK)
    assert suite.actions.accessControl() == suite.roles.address
    assert suite.actions.registry() == suite.registry.address
    assert suite.actions.feed() == suite.feed.address
