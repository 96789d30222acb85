"""Tender offers on bytecode: units in and out until the deadline, taken pro rata, funded whole, then fetched."""

from __future__ import annotations

import boa
import pytest
from support.contract_calls import MAX, ZERO, ZERO32, deploy, named, refuses, set_clock
from support.dividend_world import PAY
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DESK,
    DOCUMENT,
    MALLORY,
    PAUSER,
    REASON,
    TREASURY,
    UNPAUSER,
    WAD,
    YEAR,
    deploy_stub,
)
from support.offer_world import (
    CANCELLED,
    DEADLINE,
    FUNDED,
    GRACE,
    HOLDERS,
    KEEPER,
    LAPSED,
    OFFEROR,
    OPEN,
    PRICED,
    SUMS,
    SWEPT,
    UNITS,
    Offers,
)
from support.redemption_world import ENFORCER, fresh

ESCHEAT = 3 * YEAR
COIN = 10**6


def test_above_the_most_each_is_taken_pro_rata_by_a_table_made_by_hand(world: Offers) -> None:
    """150 units are tendered, 45 taken: 30 % of each at 400 a share. The last column is what comes back."""
    offer = world.opened(most=45 * WAD)
    table = {ALICE: (100, 30, 12_000, 70), BOB: (40, 12, 4_800, 28), CAROL: (10, 3, 1_200, 7)}
    before = {account: (world.stock.balanceOf(account), world.coin.balanceOf(account)) for account in table}
    for account, (units, *_) in table.items():
        world.tender(offer, account, units)
        world.check(offer)
    assert world.offers.need(offer) == (18_000 * COIN, 0)
    supply = world.stock.totalSupply()
    assert world.fund(offer, sender=OFFEROR) == 18_000 * COIN
    assert world.status(offer) == FUNDED
    for account, (units, taken, money, back) in table.items():
        assert world.offers.dueOf(offer, account) == (taken * WAD, back * WAD, money * COIN)
        assert world.offers.claim(offer, account, sender=account)
        held, coins = before[account]
        assert world.stock.balanceOf(account) == held - taken * WAD
        assert world.coin.balanceOf(account) == coins + money * COIN
        assert world.offers.choiceOf(offer, account) == (0, 0, False)
        assert taken <= units
        world.check(offer)
    world.offers.collect(offer)
    assert world.stock.totalSupply() == supply - 45 * WAD
    assert world.coin.balanceOf(world.offers) == world.stock.balanceOf(world.offers) == 0
    with refuses("offer: nothing"):
        world.offers.collect(offer)
    with refuses("offer: nothing"):
        world.offers.claim(offer, ALICE, sender=ALICE)


@pytest.mark.parametrize("most", [1, 2, 7, 10**18 + 1, 3 * 10**18 - 1])
def test_what_rounding_leaves_is_less_than_a_unit_each_and_never_somebody_elses(world: Offers, most: int) -> None:
    offer = world.opened(most=most)
    tendered = {ALICE: WAD + 1, BOB: WAD, CAROL: WAD - 1}
    for account, units in tendered.items():
        world.offers.tender(offer, units, sender=account)
    funded = world.fund(offer)
    due = {account: world.offers.dueOf(offer, account) for account in tendered}
    taken = sum(one[0] for one in due.values())
    assert most - len(tendered) < taken <= most
    assert all(one[0] <= tendered[account] == one[0] + one[1] for account, one in due.items())
    assert sum(one[2] for one in due.values()) <= funded
    assert world.offers.settle(offer, HOLDERS) == 3
    assert world.offers.settle(offer, HOLDERS) == 0
    assert due == {account: (0, *world.offers.dueOf(offer, account)[1:]) for account in tendered} | {
        account: (one[0], *world.offers.dueOf(offer, account)[1:]) for account, one in due.items()
    }
    for account in tendered:
        world.offers.claim(offer, account, sender=account)
        world.check(offer)
    if taken:
        world.offers.collect(offer, sender=KEEPER)
    assert world.stock.balanceOf(world.offers) == 0


def test_units_go_in_and_out_until_the_last_second_and_no_longer(world: Offers) -> None:
    offer = world.opened()
    world.tender(offer, ALICE, 10)
    world.tender(offer, ALICE, 5)
    assert (world.offers.choiceOf(offer, ALICE), world.total(offer)) == ((15 * WAD, 0, False), 15 * WAD)
    world.offers.withdraw(offer, ALICE, sender=ALICE)
    assert (world.offers.choiceOf(offer, ALICE), world.total(offer)) == ((0, 0, False), 0)
    with refuses("offer: nothing"):
        world.offers.withdraw(offer, ALICE, sender=ALICE)
    set_clock(DEADLINE)
    world.tender(offer, ALICE, 10)
    world.tender(offer, BOB, 10)
    world.offers.withdraw(offer, BOB, sender=BOB)
    with refuses("offer: not over"):
        world.offers.fund(offer, 4_000 * COIN, sender=TREASURY)
    world.over()
    with refuses("offer: over"):
        world.tender(offer, BOB, 1)
    with refuses("offer: over"):
        world.offers.withdraw(offer, ALICE, sender=ALICE)
    with refuses("offer: not funded"):
        world.offers.claim(offer, ALICE, sender=ALICE)
    with refuses("offer: not funded"):
        world.offers.settle(offer, [ALICE])
    world.check(offer)


def test_amounts_that_are_none_or_nobody_has(world: Offers) -> None:
    offer = world.opened()
    with refuses("token: zero amount"):
        world.offers.tender(offer, 0, sender=ALICE)
    for units in (2**95, 2**160, MAX):
        with refuses("offer: too much"):
            world.offers.tender(offer, units, sender=ALICE)
    with refuses("ERC20InsufficientBalance"):
        world.offers.tender(offer, 10**24, sender=ALICE)
    with refuses("offer: unknown"):
        world.offers.tender(offer + 1, WAD, sender=ALICE)
    with refuses("offer: other kind"):
        world.offers.tender(0, WAD, sender=ALICE)
    with refuses("offer: bad choice"):
        world.offers.choose(offer, WAD, 1, sender=ALICE)
    world.offers.choose(offer, WAD, 0, sender=ALICE)
    assert world.offers.choiceOf(offer, ALICE) == (WAD, 0, False)


def test_it_is_funded_once_in_full_and_by_nobody_in_parts(world: Offers) -> None:
    offer = world.opened()
    world.tender(offer, ALICE, 10)
    world.over()
    for amount in (0, 4_000 * COIN - 1, 4_000 * COIN + 1, MAX):
        with refuses("offer: sum differs"):
            world.offers.fund(offer, amount, sender=TREASURY)
    world.offers.fund(offer, 4_000 * COIN, sender=TREASURY)
    for _ in range(2):
        with refuses("offer: not open"):
            world.offers.fund(offer, 4_000 * COIN, sender=TREASURY)
    with refuses("offer: before pay"):
        world.offers.claim(offer, ALICE, sender=ALICE)
    with refuses("offer: not open"):
        world.offers.cancel(offer, REASON, DOCUMENT, sender=DESK)
    # Settling need not wait for pay: it pays nobody.
    assert world.offers.settle(offer, [ALICE, ALICE, BOB]) == 1
    set_clock(PAY)
    assert world.offers.claim(offer, ALICE, sender=ALICE)


def test_an_offer_that_nobody_funds_in_time_gives_everything_back(world: Offers) -> None:
    offer = world.opened()
    world.tender(offer, ALICE, 10)
    set_clock(PAY + GRACE)
    assert world.status(offer) == OPEN
    with refuses("offer: not funded"):
        world.offers.claim(offer, ALICE, sender=ALICE)
    set_clock(PAY + GRACE + 1)
    assert world.status(offer) == LAPSED
    assert world.offers.need(offer) == (0, 0)
    with refuses("offer: not open"):
        world.offers.fund(offer, 4_000 * COIN, sender=TREASURY)
    assert world.offers.dueOf(offer, ALICE) == (0, 10 * WAD, 0)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == 1_000 * WAD
    world.check(offer)


def test_a_cancelled_offer_gives_everything_back_at_once(world: Offers) -> None:
    action = world.action()
    offer = world.open(action)
    world.tender(offer, ALICE, 10)
    for reason, document in ((0, DOCUMENT), (REASON, ZERO32)):
        with refuses("offer: reason and document"):
            world.offers.cancel(offer, reason, document, sender=DESK)
    with refuses("roles: not authorised"):
        world.offers.cancel(offer, REASON, DOCUMENT, sender=MALLORY)
    # Whoever waits is let out by anybody, once the book has cancelled the action.
    world.book.cancel(action, REASON, DOCUMENT, sender=DESK)
    with boa.env.anchor():
        world.over()
        with refuses("offer: withdrawn"):
            world.offers.fund(offer, 4_000 * COIN, sender=TREASURY)
    world.offers.cancel(offer, REASON, DOCUMENT, sender=MALLORY)
    assert world.status(offer) == CANCELLED
    with refuses("offer: stopped"):
        world.tender(offer, BOB, 1)
    with refuses("offer: not open"):
        world.offers.withdraw(offer, ALICE, sender=ALICE)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == 1_000 * WAD


def test_pauser_stops_new_choices_and_nothing_else(world: Offers) -> None:
    offer = world.opened()
    world.tender(offer, ALICE, 10)
    for sender, stopped in ((UNPAUSER, True), (PAUSER, False), (MALLORY, True)):
        with refuses("roles: not authorised"):
            world.offers.setStopped(offer, stopped, sender=sender)
    world.offers.setStopped(offer, True, sender=PAUSER)
    world.offers.setStopped(offer, True, sender=PAUSER)
    with refuses("offer: stopped"):
        world.tender(offer, BOB, 1)
    with boa.env.anchor():
        world.offers.withdraw(offer, ALICE, sender=ALICE)
    with boa.env.anchor():
        world.fund(offer)
        world.offers.claim(offer, ALICE, sender=ALICE)
    world.offers.setStopped(offer, False, sender=UNPAUSER)
    world.tender(offer, BOB, 1)


def test_what_is_taken_is_handed_to_the_offeror_where_the_terms_say_so(world: Offers) -> None:
    offer = world.opened(taker=OFFEROR, most=5 * WAD)
    world.tender(offer, ALICE, 10)
    supply = world.stock.totalSupply()
    world.fund(offer, sender=OFFEROR)
    world.offers.settle(offer, [ALICE], sender=KEEPER)
    world.registry.block(fresh(), 4, REASON, DOCUMENT, sender=COMPLIANCE)
    with refuses("ERC7943CannotReceive"):
        world.offers.collect(offer)
    # An offeror that may hold nothing keeps nobody from what is due.
    world.offers.claim(offer, ALICE, sender=ALICE)
    world.check(offer)
    world.registry.unblock(fresh(), 4, REASON, DOCUMENT, sender=COMPLIANCE)
    world.offers.collect(offer)
    assert (world.stock.balanceOf(OFFEROR), world.stock.totalSupply()) == (5 * WAD, supply)


def test_a_blocked_holder_waits_and_its_successor_is_heard(world: Offers) -> None:
    offer = world.opened()
    world.tender(offer, ALICE, 10)
    world.block()
    with refuses("ERC7943CannotSend"):
        world.tender(offer, ALICE, 1)
    with refuses("offer: held"):
        world.offers.withdraw(offer, ALICE, sender=ALICE)
    world.registry.unblock(fresh(), 1, REASON, DOCUMENT, sender=COMPLIANCE)
    heir = world.recover()
    for sender in (ALICE, MALLORY, KEEPER):
        with refuses("offer: not the account"):
            world.offers.withdraw(offer, ALICE, sender=sender)
    with boa.env.anchor():
        world.offers.withdraw(offer, ALICE, sender=heir)
        assert world.stock.balanceOf(heir) == 1_000 * WAD
    world.fund(offer)
    before = world.coin.balanceOf(heir)
    world.offers.setOperator(KEEPER, True, sender=heir)
    assert world.offers.claim(offer, ALICE, sender=KEEPER)
    assert world.coin.balanceOf(heir) == before + 4_000 * COIN
    world.check(offer, accounts=(heir,))


def test_a_keeper_fetches_for_who_let_it_and_for_nobody_else(world: Offers) -> None:
    offer = world.opened()
    for account in (ALICE, BOB):
        world.tender(offer, account, 10)
    world.fund(offer)
    world.offers.setOperator(KEEPER, True, sender=ALICE)
    with refuses("offer: not the account"):
        world.offers.claim(offer, BOB, sender=KEEPER)
    before = world.coin.balanceOf(ALICE)
    world.offers.claim(offer, ALICE, sender=KEEPER)
    assert (world.coin.balanceOf(ALICE), world.coin.balanceOf(KEEPER)) == (before + 4_000 * COIN, 0)
    world.offers.setOperator(KEEPER, False, sender=ALICE)
    assert not world.offers.isOperator(ALICE, KEEPER)


def test_a_lapsed_clearance_neither_keeps_units_out_nor_in(world: Offers) -> None:
    offer = world.opened(most=5 * WAD)
    world.lapse()
    world.tender(offer, ALICE, 10)
    world.fund(offer)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == 995 * WAD


@pytest.mark.parametrize("stop", ["pause", "halt"])
def test_a_pause_and_a_halt_hold_units_and_no_book_keeping(world: Offers, stop: str) -> None:
    offer = world.opened(most=5 * WAD)
    whole = world.opened(price=100 * WAD)
    for one in (offer, whole):
        world.tender(one, ALICE, 10)
    getattr(world, stop)()
    name = {"pause": "token: paused", "halt": "token: halted"}[stop]
    for call in (
        lambda: world.tender(offer, BOB, 1),
        lambda: world.offers.withdraw(offer, ALICE, sender=ALICE),
    ):
        with refuses(name):
            call()
    for one in (offer, whole):
        world.fund(one)
        world.offers.settle(one, [ALICE])
    with refuses(name):
        world.offers.claim(offer, ALICE, sender=ALICE)
    with refuses(name):
        world.offers.collect(offer)
    # Where all is taken nothing but money is due.
    before = world.coin.balanceOf(ALICE)
    assert world.offers.claim(whole, ALICE, sender=ALICE)
    assert world.coin.balanceOf(ALICE) == before + 1_000 * COIN


def test_a_split_changes_no_price_and_a_reinvested_dividend_is_whose_units_wait(world: Offers) -> None:
    """A DRIP of 1 at 20 makes 21 shares of 20; a 2:1 split makes twice as many of half the worth each."""
    offer = world.opened()
    world.tender(offer, ALICE, 10)
    with boa.env.anchor():
        world.take_effect(world.schedule("SPLF", effectiveAt=DEADLINE - DAY, price=0))
        assert world.stock.uiMultiplier() == 2 * WAD
        assert world.fund(offer) == 4_000 * COIN
    world.take_effect(world.schedule(effectiveAt=DEADLINE - DAY))
    assert world.offers.need(offer) == (4_200 * COIN, 0)
    # What comes after the deadline is not theirs any more.
    world.schedule(reference="later", effectiveAt=DEADLINE + DAY)
    set_clock(DEADLINE + 2 * DAY)
    assert world.stock.uiMultiplier() > 105 * WAD // 100
    assert world.offers.need(offer) == (4_200 * COIN, 0)
    world.fund(offer)
    assert world.word(offer, PRICED) == 400 * WAD | 420 * WAD << 128
    assert world.offers.dueOf(offer, ALICE) == (10 * WAD, 0, 4_200 * COIN)


def test_an_amendment_changes_nothing_of_what_was_agreed(world: Offers) -> None:
    action = world.action(reference="amended")
    offer = world.open(action)
    world.tender(offer, ALICE, 10)
    terms = list(world.book.action(action)[6])
    for place, value in ((15, 1), (16, 1), (10, 2 * WAD), (3, DEADLINE - 2 * DAY)):
        changed = [*terms]
        changed[place] = value
        world.book.amend(action, tuple(changed), ("", "", ""), sender=DESK)
        assert world.offers.need(offer) == (4_000 * COIN, 0)
        assert world.offers.dueOf(offer, ALICE) == (10 * WAD, 0, 4_000 * COIN)
    with refuses("offer: another part"):
        world.open(action)
    with refuses("offer: opened"):
        world.open(action, 1)
    world.offers.cancel(offer, REASON, DOCUMENT, sender=ADMIN)
    other = world.open(action, 1)
    assert other != offer
    assert (world.offers.parts(action), world.offers.partAt(action, 0), world.offers.partAt(action, 1)) == (
        2,
        offer,
        other,
    )
    world.check(offer, other)


def test_coins_that_nobody_fetches_are_swept_and_units_stay_due(world: Offers) -> None:
    offer = world.opened(most=5 * WAD)
    for account in (ALICE, BOB):
        world.tender(offer, account, 10)
    world.fund(offer)
    world.offers.claim(offer, BOB, sender=BOB)
    with refuses("roles: not authorised"):
        world.offers.sweep(offer, sender=MALLORY)
    set_clock(PAY + ESCHEAT - 1)
    with refuses("offer: before expiry"):
        world.offers.sweep(offer, sender=DESK)
    set_clock(PAY + ESCHEAT)
    before = world.coin.balanceOf(TREASURY)
    world.offers.sweep(offer, sender=DESK)
    assert world.coin.balanceOf(TREASURY) == before + 1_000 * COIN
    assert world.status(offer) == SWEPT
    with refuses("offer: not funded"):
        world.offers.sweep(offer, sender=DESK)
    held, coins = world.stock.balanceOf(ALICE), world.coin.balanceOf(ALICE)
    assert world.offers.dueOf(offer, ALICE) == (5 * WAD // 2, 15 * WAD // 2, 0)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert (world.stock.balanceOf(ALICE), world.coin.balanceOf(ALICE)) == (held + 15 * WAD // 2, coins)
    world.offers.collect(offer)
    world.check(offer)


def test_an_officer_names_the_position_that_it_seizes(world: Offers) -> None:
    offer = world.opened(most=5 * WAD)
    world.tender(offer, ALICE, 10)
    world.tender(offer, BOB, 10)
    for changes, name in (
        ({"reason": 0}, "offer: reason and document"),
        ({"document": ZERO32}, "offer: reason and document"),
    ):
        with refuses(name):
            world.seize(offer, ALICE, CAROL, WAD, **changes)
    with refuses("roles: not authorised"):
        world.seize(offer, ALICE, CAROL, WAD, sender=DESK)
    for amount in (0, 10 * WAD + 1, MAX):
        with refuses("offer: more than is there"):
            world.seize(offer, ALICE, CAROL, amount)
    with refuses("offer: nothing"):
        world.seize(offer, CAROL, BOB, 0)
    world.block()
    world.pause()
    key = fresh()
    world.seize(offer, ALICE, CAROL, 4 * WAD, key=key)
    with refuses("keys: used"):
        world.seize(offer, ALICE, CAROL, WAD, key=key)
    assert (world.stock.balanceOf(CAROL), world.total(offer)) == (104 * WAD, 16 * WAD)
    assert world.offers.choiceOf(offer, ALICE) == (6 * WAD, 0, False)
    world.check(offer)
    world.fund(offer)
    with refuses("offer: more than is there"):
        world.seize(offer, ALICE, CAROL, WAD)
    due = world.offers.dueOf(offer, ALICE)
    coins = world.coin.balanceOf(CAROL)
    world.seize(offer, ALICE, CAROL)
    assert world.stock.balanceOf(CAROL) == 104 * WAD + due[1]
    assert world.coin.balanceOf(CAROL) == coins + due[2]
    with refuses("offer: nothing"):
        world.seize(offer, ALICE, CAROL)
    world.check(offer)


def test_what_the_coin_refuses_is_parked_and_tried_again(world: Offers) -> None:
    coin = deploy_stub("UnrulyCoin", 6)
    coin.mint(TREASURY, 10**15)
    coin.approve(world.offers, MAX, sender=TREASURY)
    offer = world.opened(coin=coin.address, most=5 * WAD)
    world.tender(offer, ALICE, 10)
    world.over()
    due, _ = world.offers.need(offer)
    for mode, name in ((1, "offer: payment failed"), (3, "offer: payment not exact"), (5, "offer: payment not exact")):
        coin.set_mode(mode)
        with refuses(name):
            world.offers.fund(offer, due, sender=TREASURY)
    coin.set_mode(0)
    world.offers.fund(offer, due, sender=TREASURY)
    set_clock(PAY)
    coin.blacklist(ALICE, True)
    assert not world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == 995 * WAD
    assert world.offers.choiceOf(offer, ALICE) == (0, due, True)
    assert not world.offers.claim(offer, ALICE, sender=ALICE)
    with refuses("offer: coin refused"):
        world.seize(offer, ALICE, ALICE)
    coin.blacklist(ALICE, False)
    coin.mint(world.offers, due)
    coin.set_mode(4)
    with refuses("offer: payment not exact"):
        world.offers.claim(offer, ALICE, sender=ALICE)
    coin.set_mode(2)
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert coin.balanceOf(ALICE) == due
    assert world.word(offer, SUMS) == 0
    assert world.word(offer, UNITS) == 5 * WAD


def test_a_coin_that_calls_back_finds_every_door_shut_that_pays(world: Offers) -> None:
    coin = deploy_stub("UnrulyCoin", 6)
    coin.mint(TREASURY, 10**15)
    coin.approve(world.offers, MAX, sender=TREASURY)
    offer = world.opened(coin=coin.address)
    for account in (ALICE, BOB):
        world.tender(offer, account, 10)
    world.offers.setOperator(coin, True, sender=BOB)
    world.over()
    world.offers.fund(offer, world.offers.need(offer)[0], sender=TREASURY)
    set_clock(PAY)
    coin.set_callback(world.offers, world.offers.calldata("claim", offer, BOB))
    assert world.offers.claim(offer, ALICE, sender=ALICE)
    assert world.offers.choiceOf(offer, BOB)[0] == 10 * WAD
    assert coin.balanceOf(BOB) == 0


def test_only_what_was_announced_and_can_be_paid_is_opened(world: Offers) -> None:
    with refuses("book: not announced"):
        world.open(ZERO32)
    with refuses("roles: not authorised"):
        world.open(world.action(), sender=MALLORY)
    for changes, name in (
        ({"rate": 0, "source": ZERO32}, "offer: no rate"),
        ({"coin": ZERO, "rate": 0, "source": ZERO32}, "offer: no rate"),
        ({"price": 2**97}, "offer: bad terms"),
        ({"price": 2**128 - 1}, "offer: bad terms"),
        ({"price": 1, "rate": 1}, "offer: bad terms"),
        ({"most": 2**95}, "offer: bad terms"),
    ):
        with refuses(name):
            world.open(world.action(**changes))
    action = world.action()
    for terms in ({"treasury": ZERO}, {"most": 1}):
        with refuses("offer: bad terms"):
            world.open(action, **terms)
    with refuses("offer: another part"):
        world.open(action, 1)
    coin = deploy_stub("UnrulyCoin", 19)
    with refuses("offer: bad terms"):
        world.open(world.action(coin=coin.address))
    meeting = world.action("MRGR", deadline=0)
    with refuses("offer: other kind"):
        world.open(meeting)
    set_clock(DEADLINE)
    world.open(action)
    late = world.action("TEND", deadline=DEADLINE + 9 * DAY, pay=DEADLINE + 12 * DAY)
    set_clock(DEADLINE + 9 * DAY + 1)
    with refuses("offer: over"):
        world.open(late)


def test_it_takes_counterparts_of_its_own_role_table_alone(world: Offers) -> None:
    roles = deploy("Roles")
    for parts, name in (
        ((roles, world.registry, world.terms_of_offers), "offer: bad registry"),
        ((world.roles, named("nobody"), world.terms_of_offers), "offer: bad registry"),
        ((world.roles, world.registry, named("nobody")), "offer: bad terms"),
    ):
        with refuses(name):
            deploy("OfferEscrow", *parts)
    with refuses("offer: bad book"):
        deploy("OfferTerms", roles, world.book)
    assert world.offers.BOOK() == world.terms_of_offers.BOOK() == world.book.address
    assert world.offers.TERMS() == world.terms_of_offers.address
    assert world.offers.offerOf(1)[0] == 0
    assert world.offers.dueOf(1, ALICE) == (0, 0, 0)
    assert world.offers.need(1) == (0, 0)
    for call in (
        lambda: world.offers.setStopped(1, True, sender=PAUSER),
        lambda: world.offers.cancel(1, REASON, DOCUMENT, sender=DESK),
        lambda: world.offers.fund(1, 0, sender=TREASURY),
    ):
        with refuses("offer: not open"):
            call()
    with refuses("offer: nothing"):
        world.offers.collect(1)


def test_units_that_were_sent_there_are_nobodys_choice(world: Offers) -> None:
    """The escrow holds no clearance, so nobody sends an allow-list stock to it, an officer neither."""
    offer = world.opened(most=5 * WAD)
    world.tender(offer, ALICE, 10)
    with refuses("ERC7943CannotReceive"):
        world.stock.transfer(world.offers, WAD, sender=BOB)
    assert world.offers.need(offer) == (2_000 * COIN, 0)
    with refuses("ERC7943CannotReceive"):
        world.stock.forcedTransfer(BOB, world.offers, WAD, REASON, DOCUMENT, fresh(), sender=ENFORCER)
    world.check(offer)
