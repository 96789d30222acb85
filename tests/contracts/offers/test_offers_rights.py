"""Rights issues and mergers on bytecode: rights used at a price, what nobody used given to who asks, cash or stock."""

from __future__ import annotations

import boa
import pytest
from support.contract_calls import MAX, ZERO, now, refuses, set_clock
from support.dividend_world import PAY
from support.issuance_world import (
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DESK,
    DOCUMENT,
    MALLORY,
    REASON,
    TREASURY,
    WAD,
    YEAR,
)
from support.offer_world import DEADLINE, FUNDED, GRACE, HOLDERS, SUMS, Offers
from support.redemption_world import fresh

ESCHEAT = 3 * YEAR
COIN = 10**6


def test_a_rights_issue_by_a_table_made_by_hand(world: Offers) -> None:
    """One right for four shares, a new share at 1.50: 500 rights were issued, 300 are used, 200 are left.

    350 more are asked for, so that each is given 200/350 of what it asked: 171.428571… and 28.571428…. What a new
    unit costs is rounded up to the millionth: 371.428571… units are 557.142857 and not …856.
    """
    offer = world.opened("RHTS", most=500 * WAD)
    paid = {ALICE: 750 * COIN, BOB: 225 * COIN}
    before = {account: world.coin.balanceOf(account) for account in (*HOLDERS, TREASURY)}
    world.choose(offer, ALICE, 200, 300)
    world.choose(offer, BOB, 100, 50)
    world.check(offer)
    assert {one: before[one] - world.coin.balanceOf(one) for one in paid} == paid
    assert world.offers.need(offer) == (0, 500 * WAD)
    supply, rights = world.stock.totalSupply(), world.other.totalSupply()
    world.fund(offer)
    assert world.stock.totalSupply() == supply + 500 * WAD
    refund = {ALICE: 192_857_142, BOB: 32_142_857}
    new = {ALICE: 371_428571428571428571, BOB: 128_571428571428571428}
    held = {account: world.stock.balanceOf(account) for account in new}
    assert world.offers.settle(offer, list(HOLDERS)) == 2
    for account in new:
        assert world.offers.choiceOf(offer, account) == (new[account], refund[account], True)
        world.offers.claim(offer, account, sender=account)
        assert world.stock.balanceOf(account) == held[account] + new[account]
        assert world.coin.balanceOf(account) == before[account] - paid[account] + refund[account]
        world.check(offer)
    world.offers.collect(offer)
    assert world.coin.balanceOf(TREASURY) == before[TREASURY] + 557_142_858 + 192_857_143
    assert world.other.totalSupply() == rights - 300 * WAD
    assert world.word(offer, SUMS) == 0
    assert world.stock.balanceOf(world.offers) == 1


def test_without_rights_that_are_left_nobody_asks_for_more(world: Offers) -> None:
    offer = world.opened("RHTS")
    with refuses("offer: bad choice"):
        world.choose(offer, ALICE, 10, 1)
    world.choose(offer, ALICE, 10)
    over = world.opened("RHTS", most=20 * WAD)
    with refuses("offer: bad choice"):
        world.choose(over, BOB, 0, 1)
    with refuses("offer: nothing"):
        world.choose(over, BOB, 0, 0)
    world.choose(over, BOB, 1)
    world.choose(over, BOB, 0, 1)
    for more in (2**95, 2**200, MAX):
        with refuses("offer: too much"):
            world.offers.choose(over, 0, more, sender=BOB)
    world.check(offer, over)


def test_what_was_paid_comes_back_with_the_rights(world: Offers) -> None:
    offer = world.opened("RHTS", most=500 * WAD)
    before = {account: (world.other.balanceOf(account), world.coin.balanceOf(account)) for account in HOLDERS}
    for account in (ALICE, BOB, CAROL):
        world.offers.choose(offer, 10 * WAD + 1, 7, sender=account)
    world.offers.withdraw(offer, ALICE, sender=ALICE)
    world.offers.cancel(offer, REASON, DOCUMENT, sender=DESK)
    world.offers.claim(offer, BOB, sender=BOB)
    with refuses("offer: more than is there"):
        world.seize(offer, CAROL, ALICE, WAD)
    with boa.env.anchor():
        world.seize(offer, CAROL, ALICE)
        assert world.other.balanceOf(ALICE) == before[ALICE][0] + 10 * WAD + 1
    world.offers.claim(offer, CAROL, sender=CAROL)
    for account, (units, coins) in before.items():
        assert (world.other.balanceOf(account), world.coin.balanceOf(account)) == (units, coins)
    world.check(offer)


def test_new_units_are_made_under_the_reserve_check_or_everything_goes_back(world: Offers) -> None:
    offer = world.opened("RHTS")
    world.choose(offer, ALICE, 200)
    world.over()
    world.attest(1_300)
    for sender in (MALLORY, ALICE):
        with refuses("roles: not authorised"):
            world.offers.fund(offer, 0, sender=sender)
    with refuses("reserve: insufficient"):
        world.offers.fund(offer, 0, sender=DESK)
    set_clock(PAY + GRACE + 1)
    world.attest(10_000)
    with refuses("offer: not open"):
        world.offers.fund(offer, 0, sender=DESK)
    coins = world.coin.balanceOf(ALICE)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert (world.other.balanceOf(ALICE), world.coin.balanceOf(ALICE)) == (300 * WAD, coins + 300 * COIN)
    world.check(offer)


def test_who_may_not_hold_new_units_keeps_them_due_and_is_paid_back_all_the_same(world: Offers) -> None:
    offer = world.opened("RHTS", most=10 * WAD)
    world.choose(offer, ALICE, 10, 10)
    world.fund(offer)
    world.lapse()
    coins = world.coin.balanceOf(ALICE)
    assert not world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.coin.balanceOf(ALICE) == coins + 15 * COIN
    assert world.offers.choiceOf(offer, ALICE) == (10 * WAD, 0, True)
    world.check(offer)
    world.registry.renew(fresh(), 1, now() + YEAR, sender=COMPLIANCE)
    held = world.stock.balanceOf(ALICE)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == held + 10 * WAD


def test_an_officer_takes_rights_with_what_was_paid_for_them(world: Offers) -> None:
    offer = world.opened("RHTS", most=500 * WAD)
    world.choose(offer, ALICE, 10, 4)
    world.choose(offer, BOB, 10)
    with refuses("offer: more than is there"):
        world.seize(offer, ALICE, CAROL, 9 * WAD)
    coins = world.coin.balanceOf(CAROL)
    world.seize(offer, ALICE, CAROL, 10 * WAD)
    assert (world.other.balanceOf(CAROL), world.coin.balanceOf(CAROL)) == (110 * WAD, coins + 21 * COIN)
    assert world.offers.need(offer) == (0, 10 * WAD)
    world.check(offer)
    world.fund(offer)
    world.lapse(2)
    world.seize(offer, BOB, CAROL)
    assert world.stock.balanceOf(CAROL) == 110 * WAD
    world.check(offer)


def test_a_new_unit_stands_for_more_shares_after_a_dividend_and_for_the_same_after_a_split(world: Offers) -> None:
    offer = world.opened("RHTS")
    world.choose(offer, ALICE, 210)
    with boa.env.anchor():
        world.take_effect(world.schedule("SPLF", effectiveAt=DEADLINE - DAY, price=0))
        assert world.offers.need(offer) == (0, 210 * WAD)
    world.take_effect(world.schedule(effectiveAt=DEADLINE - DAY))
    assert world.stock.uiMultiplier() == 105 * WAD // 100
    assert world.offers.need(offer) == (0, 200 * WAD - 200)


def test_the_price_of_what_nobody_fetched_is_swept_with_the_rest(world: Offers) -> None:
    offer = world.opened("RHTS", most=10 * WAD)
    world.choose(offer, ALICE, 10, 10)
    world.fund(offer)
    set_clock(PAY + ESCHEAT)
    before = world.coin.balanceOf(TREASURY)
    world.offers.sweep(offer, sender=DESK)
    assert world.coin.balanceOf(TREASURY) == before + 30 * COIN
    held = world.stock.balanceOf(ALICE)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == held + 10 * WAD
    world.offers.collect(offer)
    world.check(offer)


@pytest.mark.parametrize(("most", "due", "minted"), [(100, 9_000, 150), (0, 27_000, 50), (300, 27_000, 50)])
def test_a_merger_is_paid_in_cash_up_to_the_most_and_in_stock_beyond(
    world: Offers, most: int, due: int, minted: int
) -> None:
    """90 in cash or one share for two: 300 units choose cash, 100 stock. Above 100 in cash two thirds become stock."""
    offer = world.opened("MRGR", most=most * WAD)
    world.choose(offer, ALICE, 200, 100)
    world.choose(offer, BOB, 100)
    world.check(offer)
    assert world.offers.need(offer) == (due * COIN, minted * WAD)
    part = 3 if most == 100 else 1
    cash = {ALICE: 18_000 * COIN // part, BOB: 9_000 * COIN // part}
    stock = {
        ALICE: 50 * WAD + (200 * WAD * 2 // 3 // 2 if part == 3 else 0),
        BOB: 100 * WAD * 2 // 3 // 2 * (part == 3),
    }
    held = {one: (world.other.balanceOf(one), world.coin.balanceOf(one)) for one in cash}
    supply = world.stock.totalSupply()
    with boa.env.anchor():
        world.over()
        with refuses("roles: not authorised"):
            world.offers.fund(offer, due * COIN, sender=TREASURY)
    world.fund(offer)
    for account, (units, coins) in held.items():
        world.offers.claim(offer, account, sender=account)
        assert 0 <= units + stock[account] - world.other.balanceOf(account) <= 1
        assert 0 <= coins + cash[account] - world.coin.balanceOf(account) <= 1
        world.check(offer)
    world.offers.collect(offer)
    assert world.stock.totalSupply() == supply - 400 * WAD
    assert world.stock.balanceOf(world.offers) == 0
    assert world.other.balanceOf(world.offers) <= 2


def test_a_merger_has_the_sides_that_its_terms_have(world: Offers) -> None:
    with refuses("offer: bad terms"):
        world.opened("MRGR", other=ZERO)
    with refuses("offer: bad terms"):
        world.opened("RHTS", other=ZERO)
    with refuses("offer: bad terms"):
        world.open(world.action("MRGR"), taker=ALICE)
    cash = world.opened("MRGR", num=0, den=0, other=ZERO)
    with refuses("offer: bad choice"):
        world.choose(cash, ALICE, 1, 1)
    world.choose(cash, ALICE, 1)
    stock = world.opened("MRGR", gross=0, currency="", coin=ZERO, rate=0, source=bytes(32))
    with refuses("offer: bad choice"):
        world.choose(stock, ALICE, 1, 1)
    world.choose(stock, ALICE, 0, 2)
    assert world.offers.need(stock) == (0, WAD)
    world.fund(stock)
    assert world.status(stock) == FUNDED
    world.offers.claim(stock, ALICE, sender=ALICE)
    assert world.other.balanceOf(ALICE) == 301 * WAD
    world.check(cash, stock)


def test_a_seizure_in_a_merger_takes_cash_choices_first(world: Offers) -> None:
    offer = world.opened("MRGR")
    world.choose(offer, ALICE, 10, 10)
    with refuses("offer: more than is there"):
        world.seize(offer, ALICE, CAROL, 20 * WAD + 1)
    world.seize(offer, ALICE, CAROL, 15 * WAD)
    assert world.offers.choiceOf(offer, ALICE) == (0, 5 * WAD, False)
    assert world.offers.need(offer) == (0, 5 * WAD // 2)
    world.offers.withdraw(offer, ALICE, sender=ALICE)
    assert world.offers.need(offer) == (0, 0)
    world.check(offer)
