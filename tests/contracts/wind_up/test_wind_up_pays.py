"""WindUp: an end is funded in full before anybody is paid, and each unit is redeemed once, by burning it.

Amounts are by hand: 1,200 units at 12 a share and 6 decimals are 14,400,000,000 base units.
"""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Event, Handle, named, now, refuses, set_clock, word32
from support.dividend_world import RECORD, tree_of
from support.ending_world import ARMED, CLOSED, END, ESCHEAT, EXPIRY, OPENED, Endings
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    DAY,
    DESK,
    DOCUMENT,
    MALLORY,
    OTHERS,
    PAUSER,
    REASON,
    TREASURY,
    UNPAUSER,
    WAD,
    deploy_stub,
)
from support.redemption_world import ENFORCER

ALL = 14_400_000_000
"""Base units that all units come to."""
TWELVE = 12_000_000
NOTHING = ("", "", "")


@pytest.fixture
def unruly(world: Endings) -> Handle:
    """A coin that misbehaves when told to, of which the treasury has plenty."""
    coin = deploy_stub("UnrulyCoin", 6)
    coin.mint(TREASURY, 10**15)
    coin.approve(world.windup, MAX, sender=TREASURY)
    return coin


# --- arming ----------------------------------------------------------------------------------------------------------


def test_an_end_is_funded_in_full_before_anybody_is_paid(world: Endings) -> None:
    id = world.opened()
    with refuses("windup: not armed"):
        world.windup.burn(world.stock, WAD, sender=ALICE)
    set_clock(END - 1)
    with refuses("windup: not effective"):
        world.windup.arm(world.stock, sender=TREASURY)
    set_clock(END)
    assert world.windup.needed(world.stock) == (world.coin.address, ALL, ZERO, 0)
    assert world.windup.due(world.stock, WAD) == (0, 0)
    world.coin.approve(world.windup, ALL - 1, sender=TREASURY)
    with refuses("stablecoin: allowance"):
        world.windup.arm(world.stock, sender=TREASURY)
    world.coin.approve(world.windup, ALL, sender=TREASURY)
    world.windup.arm(world.stock, sender=TREASURY)
    assert world.coin.balanceOf(world.windup) == ALL
    found = world.ending()
    assert (found["action"], found["status"], found["supply"], found["cash"]) == (id, ARMED, 1200 * WAD, ALL)
    assert (found["funder"], found["expiry"], found["endAt"]) == (TREASURY, EXPIRY, END)
    assert world.windup.due(world.stock, WAD) == (TWELVE, 0)
    with refuses("windup: not opened"):
        world.windup.arm(world.stock, sender=TREASURY)


def test_nothing_of_an_armed_end_is_changed_by_anybody(world: Endings) -> None:
    id = world.armed()
    before = world.windup.ending(world.stock)
    with refuses("book: not announced"):
        world.book.amend(id, world.end_terms("LIQU", 13 * WAD), NOTHING, sender=DESK)
    with refuses("book: not announced"):
        world.book.cancel(id, REASON, DOCUMENT, sender=ADMIN)
    with refuses("windup: not announced"):
        world.windup.open(id, sender=DESK)
    other = world.announce_end(price=13 * WAD, pay=now() + 5 * DAY, expiry=now() + 5 * DAY + EXPIRY - END)
    with refuses("windup: another end"):
        world.windup.open(other, sender=DESK)
    with refuses("windup: not opened"):
        world.windup.follow(world.stock, sender=DESK)
    with refuses("windup: not opened"):
        world.windup.nameRate(world.stock, WAD, word32("x"), sender=ADMIN)
    assert world.windup.ending(world.stock) == before


def test_what_a_root_pays_is_no_end_and_an_end_is_paid_by_no_root(world: Endings) -> None:
    for code in ("LIQU", "MRGR"):
        payment = world.announce_end(code, recordAt=RECORD)
        with refuses("windup: not an end"):
            world.windup.open(payment, sender=DESK)
    id = world.opened()
    tree = tree_of((ALICE, 100, 0, True))
    for instant in (RECORD, END):
        set_clock(instant)
        with refuses("book: record to come"):
            world.post(id, tree)
    world.windup.arm(world.stock, sender=TREASURY)
    with refuses("book: record to come"):
        world.post(id, tree)


@pytest.mark.parametrize(("code", "error"), [("MRGR", "book: record to come"), ("DLST", "book: not announced")])
def test_a_merger_and_a_delisting_are_paid_by_no_root(world: Endings, code: str, error: str) -> None:
    id = world.armed(code)
    with refuses(error):
        world.post(id, tree_of((ALICE, 100, 0, True)))


def test_an_end_without_a_rate_is_the_timelocks_to_rate_once(world: Endings) -> None:
    world.opened(rate=0, source=bytes(32))
    with refuses("windup: not effective"):
        world.windup.nameRate(world.stock, WAD, word32("fixing"), sender=ADMIN)
    set_clock(END)
    with refuses("windup: no rate"):
        world.windup.arm(world.stock, sender=TREASURY)
    for rate, source in ((0, word32("fixing")), (2**128, word32("fixing")), (MAX, word32("fixing")), (WAD, bytes(32))):
        with refuses("windup: bad rate"):
            world.windup.nameRate(world.stock, rate, source, sender=ADMIN)
    world.windup.nameRate(world.stock, WAD // 2, word32("fixing"), sender=ADMIN)
    assert world.windup.events() == [
        Event(
            world.windup.address,
            "RateNamed",
            {"token": world.stock.address, "rate": WAD // 2, "source": word32("fixing")},
        )
    ]
    with refuses("windup: rate is set"):
        world.windup.nameRate(world.stock, WAD, word32("fixing"), sender=ADMIN)
    world.windup.arm(world.stock, sender=TREASURY)
    assert world.ending()["cash"] == ALL // 2


def test_a_rate_of_the_book_is_not_named_again(world: Endings) -> None:
    world.opened()
    set_clock(END)
    with refuses("windup: rate is set"):
        world.windup.nameRate(world.stock, 2 * WAD, word32("fixing"), sender=ADMIN)


def test_terms_that_nothing_can_pay_open_nothing(world: Endings) -> None:
    no_coin = {"gross": 5 * WAD, "currency": "USD"}
    for price, terms, error in ((WAD, {"num": 1, "den": 2}, "windup: other unknown"), (0, no_coin, "windup: no coin")):
        id = world.announce_end("MRGR", price, **terms)
        with refuses(error):
            world.windup.open(id, sender=DESK)
    for code in ("TEND", "MEET"):
        id = world.book.announce(world.stock, code, word32(code), _of_another_code(world, code), NOTHING, sender=DESK)
        with refuses("windup: not an end"):
            world.windup.open(id, sender=DESK)
    for id in (bytes(32), word32("nothing")):
        with refuses("windup: not announced"):
            world.windup.open(id, sender=DESK)
    with refuses("windup: not opened"):
        world.windup.arm(world.stock, sender=TREASURY)


def _of_another_code(world: Endings, code: str) -> tuple[Any, ...]:
    from support.book_terms import terms_of

    return tuple(terms_of(world, code).values())


def test_a_delisting_without_a_price_only_ends_mints(world: Endings) -> None:
    world.opened("DLST", price=0)
    set_clock(END)
    assert world.stock.mintsSuspended()
    with refuses("windup: nothing to pay"):
        world.windup.arm(world.stock, sender=TREASURY)
    world.ask()


def test_a_coin_that_keeps_a_part_or_lies_funds_nothing(world: Endings, unruly: Handle) -> None:
    world.opened(coin=unruly)
    set_clock(END)
    for mode, error in (
        (1, "windup: payment failed"),
        (3, "windup: payment not exact"),
        (5, "windup: payment not exact"),
    ):
        unruly.set_mode(mode)
        with refuses(error):
            world.windup.arm(world.stock, sender=TREASURY)
    unruly.set_mode(2)
    world.windup.arm(world.stock, sender=TREASURY)
    assert unruly.balanceOf(world.windup) == ALL


def test_a_coin_of_more_decimals_than_a_wad_is_refused(world: Endings) -> None:
    world.opened(coin=deploy_stub("UnrulyCoin", 19))
    set_clock(END)
    with refuses("windup: bad coin"):
        world.windup.needed(world.stock)


# --- burning ---------------------------------------------------------------------------------------------------------


def test_a_liquidation_in_two_payments_by_hand(world: Endings) -> None:
    """3.00 a share by a root at the record, 12.00 by burning. Of 1,200 units Bob has 100, which he splits with Carol
    between the two: he is paid 300 + 40 × 12, she 60 × 12 more than her own, and nobody twice."""
    first = world.announce_end(price=3 * WAD, recordAt=RECORD, pay=END - DAY)
    last = world.opened()
    set_clock(RECORD)
    tree = tree_of((ALICE, 3_000_000_000, 0, True), (BOB, 300_000_000, 0, True), (CAROL, 300_000_000, 0, True))
    paid = world.post(first, tree)
    world.distributor.fund(paid, tree.root.sum, sender=TREASURY)
    set_clock(END - DAY)
    before = world.money(ALICE, BOB, CAROL)
    for index in range(3):
        world.claim(paid, tree, index)
    assert [a - b for a, b in zip(world.money(ALICE, BOB, CAROL), before, strict=True)] == [
        3_000_000_000,
        300_000_000,
        300_000_000,
    ]
    world.stock.transfer(CAROL, 60 * WAD, sender=BOB)
    set_clock(END)
    world.windup.arm(world.stock, sender=TREASURY)
    before = world.money(ALICE, BOB, CAROL)
    assert world.windup.burn(world.stock, 40 * WAD, sender=BOB) == (480_000_000, 0)
    assert world.windup.burnFor(world.stock, [ALICE, BOB, CAROL, BOB], sender=MALLORY) == 2
    assert [a - b for a, b in zip(world.money(ALICE, BOB, CAROL), before, strict=True)] == [
        12_000_000_000,
        480_000_000,
        1_920_000_000,
    ]
    assert (world.stock.totalSupply(), world.coin.balanceOf(world.windup)) == (0, 0)
    with refuses("dividend: claimed"):
        world.claim(paid, tree, 1)
    with refuses("book: record to come"):
        world.post(last, tree)


def test_a_page_is_sent_again_and_pays_nobody_twice(world: Endings) -> None:
    world.armed()
    page = [ALICE, BOB, MALLORY, BOB]
    assert world.windup.burnFor(world.stock, page, sender=MALLORY) == 2
    before = world.money(ALICE, BOB)
    assert world.windup.burnFor(world.stock, page, sender=MALLORY) == 0
    assert world.windup.burnFor(world.stock, [], sender=MALLORY) == 0
    assert world.money(ALICE, BOB) == before
    for units in (1, MAX):
        with refuses("ERC20InsufficientBalance", ALICE, 0, units):
            world.windup.burn(world.stock, units, sender=ALICE)
    with refuses("token: zero amount"):
        world.windup.burn(world.stock, 0, sender=ALICE)


def test_shares_of_a_unit_count_as_at_the_effect(world: Endings) -> None:
    world.strike(world.announce("SPLF", "split", effectiveAt=END), 0)
    world.opened()
    set_clock(END)
    world.windup.arm(world.stock, sender=TREASURY)
    assert world.ending()["cash"] == 2 * ALL
    assert world.windup.burn(world.stock, WAD, sender=BOB) == (2 * TWELVE, 0)


def test_each_part_is_rounded_down_and_the_rest_is_the_funders(world: Endings) -> None:
    """A third of a unit at 12 a share is 3.999999 and something: base units are 3,999,999."""
    world.armed()
    third = WAD // 3
    for _ in range(3):
        assert world.windup.burn(world.stock, third, sender=BOB) == (3_999_999, 0)
    assert world.windup.burn(world.stock, 1, sender=BOB) == (0, 0)
    assert world.windup.burnFor(world.stock, [ALICE, BOB, CAROL], sender=MALLORY) == 3
    with refuses("roles: not authorised"):
        world.windup.close(world.stock, sender=MALLORY)
    before = world.coin.balanceOf(TREASURY)
    world.windup.close(world.stock, sender=DESK)
    assert world.coin.balanceOf(TREASURY) - before == 3
    assert (world.ending()["status"], world.coin.balanceOf(world.windup)) == (CLOSED, 0)
    with refuses("windup: not armed"):
        world.windup.close(world.stock, sender=DESK)


def test_who_is_held_waits_and_a_lapsed_holder_is_paid(world: Endings) -> None:
    world.armed()
    world.lapse(1)
    world.block(2)
    world.freeze(CAROL)
    assert world.windup.burnFor(world.stock, [ALICE, BOB, CAROL], sender=MALLORY) == 1
    for account in (BOB, CAROL):
        with refuses("ERC7943CannotSend", account):
            world.windup.burn(world.stock, WAD, sender=account)
    assert world.stock.balanceOf(ALICE) == 0
    world.freeze(CAROL, False)
    assert world.windup.burnFor(world.stock, [BOB, CAROL], sender=MALLORY) == 1
    with refuses("windup: units left"):
        world.windup.close(world.stock, sender=DESK)
    new = world.recover(BOB, named("bob's new"), 2)
    world.registry.unblock(word32("unblock"), 2, REASON, DOCUMENT, sender=named("compliance"))
    assert world.windup.burnFor(world.stock, [BOB, new], sender=MALLORY) == 1
    assert world.coin.balanceOf(new) == 1_200_000_000


def test_what_is_frozen_in_part_waits_for_itself_alone(world: Endings) -> None:
    world.armed()
    world.stock.setFrozenTokens(BOB, 30 * WAD, REASON, DOCUMENT, word32("frozen"), sender=ENFORCER)
    before = world.coin.balanceOf(BOB)
    assert world.windup.burnFor(world.stock, [BOB], sender=MALLORY) == 1
    assert (world.stock.balanceOf(BOB), world.coin.balanceOf(BOB) - before) == (30 * WAD, 70 * TWELVE)


def test_a_pause_and_a_halt_hold_everybody(world: Endings) -> None:
    world.armed()
    world.stock.pause(sender=PAUSER)
    assert world.windup.burnFor(world.stock, [ALICE], sender=MALLORY) == 0
    with refuses("token: paused"):
        world.windup.burn(world.stock, WAD, sender=ALICE)
    world.stock.unpause(sender=UNPAUSER)
    world.halt()
    assert world.windup.burnFor(world.stock, [ALICE], sender=MALLORY) == 0
    with refuses("token: halted"):
        world.windup.burn(world.stock, WAD, sender=ALICE)


def test_a_contract_burns_its_own_and_is_paid_nothing_unasked(world: Endings) -> None:
    world.ask(10 * WAD)
    world.armed()
    vault = world.vault.address
    assert world.windup.burnFor(world.stock, [vault], sender=MALLORY) == 0
    assert world.windup.burn(world.stock, WAD, sender=vault) == (TWELVE, 0)


def test_what_the_coin_refuses_is_parked_for_the_account_or_its_successor(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    unruly.blacklist(BOB, True)
    unruly.blacklist(CAROL, True)
    assert world.windup.burnFor(world.stock, [ALICE, BOB, CAROL], sender=MALLORY) == 3
    assert world.windup.parkedOf(world.stock, BOB) == (1_200_000_000, 0)
    assert (world.ending()["cashParked"], unruly.balanceOf(world.windup)) == (2_400_000_000, 2_400_000_000)
    with refuses("windup: refused"):
        world.windup.take(world.stock, BOB, sender=MALLORY)
    with refuses("windup: nothing parked"):
        world.windup.take(world.stock, ALICE, sender=ALICE)
    world.windup.close(world.stock, sender=DESK)
    assert unruly.balanceOf(world.windup) == 2_400_000_000
    unruly.blacklist(CAROL, False)
    world.windup.take(world.stock, CAROL, sender=MALLORY)
    with refuses("windup: nothing parked"):
        world.windup.take(world.stock, CAROL, sender=MALLORY)
    world.block(2)
    with refuses("windup: held"):
        world.windup.take(world.stock, BOB, sender=BOB)
    new = world.recover(BOB, named("bob's new"), 2)
    world.registry.unblock(word32("unblock"), 2, REASON, DOCUMENT, sender=named("compliance"))
    world.windup.take(world.stock, BOB, sender=MALLORY)
    assert (unruly.balanceOf(new), unruly.balanceOf(CAROL), unruly.balanceOf(world.windup)) == (
        1_200_000_000,
        1_200_000_000,
        0,
    )


def test_a_contract_s_parked_coins_are_not_pushed_into_it(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    pool = world.vault.address
    world.stock.escrow(ALICE, 5 * WAD, sender=pool)
    unruly.blacklist(pool, True)
    world.windup.burn(world.stock, 5 * WAD, sender=pool)
    unruly.blacklist(pool, False)
    with refuses("windup: not the account"):
        world.windup.take(world.stock, pool, sender=MALLORY)
    world.windup.take(world.stock, pool, sender=pool)
    assert unruly.balanceOf(pool) == 5 * TWELVE


def test_a_coin_that_takes_more_than_it_says_pays_nobody(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    unruly.set_mode(4)
    for call in (
        lambda: world.windup.burn(world.stock, WAD, sender=ALICE),
        lambda: world.windup.burnFor(world.stock, [BOB], sender=MALLORY),
    ):
        with refuses("windup: payment not exact"):
            call()
    assert world.stock.totalSupply() == 1200 * WAD


def test_nothing_is_entered_while_a_payment_runs(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    data = keccak(text="burn(address,uint256)")[:4] + encode(["address", "uint256"], [world.stock.address, WAD])
    unruly.set_callback(world.windup.address, data)
    world.windup.burn(world.stock, WAD, sender=BOB)
    assert not unruly.callback_result()[0]


# --- mergers ---------------------------------------------------------------------------------------------------------


def test_a_merger_pays_cash_and_shares_of_the_other_stock(world: Endings) -> None:
    """T-Mobile and Sprint: 0.10256 for one. 1,200 units come to 123.072, Bob's 100 to 10.256, and 5 in cash each."""
    world.stock_for(123_072 * WAD // 1000)
    world.opened("MRGR", 5 * WAD, num=10_256, den=100_000, other=world.other.address)
    set_clock(END)
    assert world.windup.needed(world.stock) == (
        world.coin.address,
        6_000_000_000,
        world.other.address,
        123_072 * WAD // 1000,
    )
    world.windup.arm(world.stock, sender=TREASURY)
    world.lapse(3)
    assert world.windup.burnFor(world.stock, [ALICE, BOB, CAROL], sender=MALLORY) == 3
    assert world.other.balanceOf(BOB) == 10_256 * WAD // 1000
    # Carol may be paid cash, and not be handed units of a stock that she is not cleared for.
    assert world.windup.parkedOf(world.stock, CAROL) == (0, 10_256 * WAD // 1000)
    with refuses("windup: refused"):
        world.windup.take(world.stock, CAROL, sender=CAROL)
    world.registry.renew(word32("renew"), 3, now() + DAY, sender=named("compliance"))
    world.windup.take(world.stock, CAROL, sender=MALLORY)
    assert world.other.balanceOf(CAROL) == 10_256 * WAD // 1000
    world.windup.close(world.stock, sender=DESK)
    assert world.other.balanceOf(world.windup) == 0


def test_a_merger_that_leaves_a_choice_ends_nothing_until_it_says_what_all_get(world: Endings) -> None:
    """Nobody's choice is heard here: neither opened, nor armed where the choice came by an amendment."""
    choice = {"num": 1, "den": 2, "other": world.other.address, "deadline": END - DAY}
    id = world.announce_end("MRGR", 5 * WAD, **choice)
    with refuses("windup: choice open"):
        world.windup.open(id, sender=DESK)
    world.book.amend(id, world.end_terms("MRGR", 5 * WAD), NOTHING, sender=DESK)
    world.windup.open(id, sender=DESK)
    world.book.amend(id, world.end_terms("MRGR", 5 * WAD, pay=END + DAY, **choice), NOTHING, sender=DESK)
    with refuses("windup: choice open"):
        world.windup.follow(world.stock, sender=MALLORY)
    world.book.amend(id, world.end_terms("MRGR", 5 * WAD, **choice), NOTHING, sender=DESK)
    set_clock(END)
    for call in (world.windup.needed, world.windup.arm):
        with refuses("windup: choice open"):
            call(world.stock, sender=TREASURY)


@pytest.mark.parametrize(("price", "stock"), [(5 * WAD, 0), (0, 600 * WAD)])
def test_a_merger_with_a_deadline_and_one_thing_to_get_is_paid(world: Endings, price: int, stock: int) -> None:
    shares = {"num": 1, "den": 2, "other": world.other.address} if stock else {}
    if stock:
        world.stock_for(stock)
    world.armed("MRGR", price, deadline=END - DAY, **shares)
    assert (world.ending()["cash"], world.ending()["stock"]) == (1200 * price // 10**12, stock)


def test_a_merger_for_shares_alone_counts_both_multipliers_and_returns_the_rest(world: Endings) -> None:
    """The other stock has split 3 for 1, so that a third of a unit is a share: 1,200 shares come to 400 units."""
    id = world.announce("SPLF", "other", stock=world.other, num=3, den=1, effectiveAt=END - DAY)
    world.strike(id, 0)
    world.stock_for(400 * WAD)
    world.opened("MRGR", 0, num=1, den=1, other=world.other.address)
    set_clock(END)
    world.windup.arm(world.stock, sender=TREASURY)
    assert world.ending()["stock"] == 400 * WAD
    third = 100 * WAD // 3
    assert world.windup.burn(world.stock, 100 * WAD, sender=BOB) == (0, third)
    world.windup.burnFor(world.stock, [ALICE, CAROL], sender=MALLORY)
    world.windup.close(world.stock, sender=DESK)
    assert world.other.balanceOf(TREASURY) == 400 * WAD - third - third - 1000 * WAD // 3


# --- the expiry ------------------------------------------------------------------------------------------------------


def test_what_nobody_fetched_escheats_with_a_record_and_never_before(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    unruly.blacklist(CAROL, True)
    world.windup.burnFor(world.stock, [CAROL], sender=MALLORY)
    set_clock(EXPIRY - 1)
    with refuses("windup: not expired"):
        world.sweep(BOB)
    set_clock(EXPIRY)
    for reason, document in ((0, DOCUMENT), (REASON, bytes(32))):
        with refuses("windup: reason and document"):
            world.windup.sweep(world.stock, [BOB], reason, document, sender=DESK)
    for name, account in OTHERS.items():
        if name != "desk":
            with refuses("roles: not authorised"):
                world.windup.sweep(world.stock, [BOB], REASON, DOCUMENT, sender=account)
    # Who comes late, and before the sweep, is paid.
    world.windup.burn(world.stock, WAD, sender=BOB)
    world.block(1)
    assert world.sweep(ALICE, BOB, CAROL, BOB, ESCHEAT) == 2
    swept = [one.values for one in world.windup.events(world.stock, unruly) if one.name == "EndSwept"]
    assert [(one["account"], one["units"], one["cash"], one["reason"]) for one in swept] == [
        (BOB, 99 * WAD, 1_188_000_000, REASON),
        (CAROL, 0, 1_200_000_000, REASON),
    ]
    assert unruly.balanceOf(ESCHEAT) == 2_388_000_000
    assert world.sweep(ALICE, BOB, CAROL) == 0
    assert world.stock.balanceOf(ALICE) == 1000 * WAD
    with refuses("windup: nothing parked"):
        world.windup.take(world.stock, CAROL, sender=CAROL)
    world.registry.unblock(word32("unblock"), 1, REASON, DOCUMENT, sender=named("compliance"))
    assert world.sweep(ALICE) == 1
    assert unruly.balanceOf(world.windup) == 0


def test_a_blocked_account_s_parked_coins_wait_past_the_expiry(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    unruly.blacklist(BOB, True)
    world.windup.burnFor(world.stock, [BOB], sender=MALLORY)
    world.block(2)
    set_clock(EXPIRY)
    assert world.sweep(BOB) == 0
    assert world.windup.parkedOf(world.stock, BOB) == (1_200_000_000, 0)


def test_an_end_that_never_expires_is_never_swept(world: Endings) -> None:
    world.armed("MRGR", expiry=0)
    set_clock(EXPIRY + 100 * 365 * DAY)
    with refuses("windup: not expired"):
        world.sweep(BOB)
    with refuses("windup: not armed"):
        world.windup.sweep(world.other, [BOB], REASON, DOCUMENT, sender=DESK)


def test_what_the_escheat_account_is_refused_is_parked_for_it(world: Endings, unruly: Handle) -> None:
    world.armed(coin=unruly)
    unruly.blacklist(ESCHEAT, True)
    set_clock(EXPIRY)
    assert world.sweep(BOB) == 1
    assert world.windup.parkedOf(world.stock, ESCHEAT) == (1_200_000_000, 0)
    unruly.blacklist(ESCHEAT, False)
    world.windup.take(world.stock, ESCHEAT, sender=MALLORY)
    assert unruly.balanceOf(ESCHEAT) == 1_200_000_000


# --- who -------------------------------------------------------------------------------------------------------------


def test_who_may_do_what(world: Endings) -> None:
    id = world.announce_end()
    for name, account in OTHERS.items():
        calls = {
            "desk": [lambda a=account: world.windup.open(id, sender=a)],
            "admin": [
                lambda a=account: world.windup.nameRate(world.stock, WAD, word32("x"), sender=a),
                lambda a=account: world.windup.setEscheatAccount(ALICE, sender=a),
            ],
        }
        for holder, tried in calls.items():
            for call in tried if holder != name else ():
                with refuses("roles: not authorised"):
                    call()
    for account in (ZERO, world.windup.address):
        with refuses("windup: bad account"):
            world.windup.setEscheatAccount(account, sender=ADMIN)
    world.windup.setEscheatAccount(CAROL, sender=ADMIN)
    assert world.windup.escheatAccount() == CAROL
    assert world.windup.BOOK() == world.book.address
    assert world.ending()["status"] == 0
    world.windup.open(id, sender=DESK)
    assert world.ending()["status"] == OPENED


def test_units_sent_beside_change_nobody_s_terms(world: Endings) -> None:
    world.armed()
    world.coin.mint(world.windup, 10**9)
    world.windup.burnFor(world.stock, [ALICE, BOB, CAROL], sender=MALLORY)
    world.windup.close(world.stock, sender=DESK)
    assert world.coin.balanceOf(world.windup) == 10**9


def test_what_is_burned_otherwise_is_the_funders_in_the_end(world: Endings) -> None:
    world.ask(10 * WAD)
    world.armed()
    world.fill(ALICE)
    world.stock.forcedBurn(BOB, 100 * WAD, REASON, DOCUMENT, word32("burn"), sender=ENFORCER)
    world.windup.burnFor(world.stock, [ALICE, CAROL], sender=MALLORY)
    before = world.coin.balanceOf(TREASURY)
    world.windup.close(world.stock, sender=DESK)
    assert world.coin.balanceOf(TREASURY) - before == 110 * TWELVE


def test_it_is_deployed_among_contracts_of_one_role_table(world: Endings) -> None:
    from support.contract_calls import deploy

    strange = deploy("Roles")
    for parts, error in (
        ((strange, world.registry, world.book, ESCHEAT), "windup: bad registry"),
        ((world.roles, world.registry, MALLORY, ESCHEAT), "windup: bad book"),
        ((world.roles, world.registry, world.book, ZERO), "windup: bad account"),
    ):
        with pytest.raises(Exception, match=error):
            deploy("WindUp", *parts)
