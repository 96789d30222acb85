"""SubscriptionVault: paying in and calling back. What was not filled is paid back in full, whatever became of it."""

from __future__ import annotations

import pytest
from support.contract_calls import MAX, Event, Refused, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, CAROL, COMPLIANCE, MALLORY, PAUSER, TREASURY, U128, UNPAUSER
from support.redemption_world import DESK, OTHER, fresh
from support.subscription_world import COINS, LEAST, PATIENCE, Subscription

KEEPER = named("keeper")


def refund(world: Subscription, receiver: str = ALICE, controller: str = ALICE, sender: str = "") -> None:
    world.entry.claimCancelDepositRequest(0, receiver, controller, sender=sender or controller)


def test_a_request_takes_the_coins_in_and_says_so(world: Subscription) -> None:
    before = world.coin.balanceOf(ALICE)
    world.pay_in()
    said = {"controller": ALICE, "owner": ALICE, "requestId": 0, "sender": ALICE, "assets": COINS}
    assert Event(world.entry.address, "DepositRequest", said) in world.entry.events(world.coin)
    assert (world.coin.balanceOf(ALICE), world.coin.balanceOf(world.entry)) == (before - COINS, COINS)
    assert (world.entry.pendingDepositRequest(0, ALICE), world.entry.requestedAt(ALICE)) == (COINS, now())
    assert world.entry.pendingDepositRequest(1, ALICE) == 0
    set_clock(now() + 9)
    world.pay_in(LEAST)
    assert (world.entry.pendingDepositRequest(0, ALICE), world.entry.requestedAt(ALICE)) == (COINS + LEAST, now())
    world.check_in()


@pytest.mark.parametrize(
    ("assets", "refusal"),
    [
        (0, "vault: below minimum"),
        (LEAST - 1, "vault: below minimum"),
        (U128 + 1, "vault: too much"),
        (MAX, "vault: too much"),
        (10**15 + 10**12 + 1, "stablecoin: insufficient"),
    ],
)
def test_amounts_are_bounded(world: Subscription, assets: int, refusal: str) -> None:
    with refuses(refusal):
        world.pay_in(assets)
    world.check_in()


def test_who_may_ask_for_whom(world: Subscription) -> None:
    entry = world.entry
    with refuses("vault: not the owner"):
        entry.requestDeposit(COINS, MALLORY, ALICE, sender=MALLORY)
    with refuses("vault: other investor"):
        entry.requestDeposit(COINS, BOB, ALICE, sender=ALICE)
    entry.requestDeposit(COINS, OTHER, ALICE, sender=ALICE)
    entry.approveAccount(ALICE, BOB, True, sender=COMPLIANCE)
    with refuses("vault: other investor"):
        entry.requestDeposit(COINS, BOB, ALICE, sender=ALICE)
    entry.setOperator(ALICE, True, sender=BOB)
    entry.requestDeposit(COINS, BOB, ALICE, sender=ALICE)
    entry.setOperator(KEEPER, True, sender=ALICE)
    entry.requestDeposit(COINS, ALICE, ALICE, sender=KEEPER)
    assert [entry.pendingDepositRequest(0, one) for one in (ALICE, BOB, OTHER)] == [COINS] * 3
    world.check_in()


@pytest.mark.parametrize("how", ["lapse", "block", "freeze"])
def test_who_may_not_hold_the_stock_does_not_subscribe(world: Subscription, how: str) -> None:
    getattr(world, how)()
    with refuses("vault: not cleared"):
        world.pay_in()
    with refuses("vault: not cleared"):
        world.entry.requestDeposit(COINS, MALLORY, MALLORY, sender=MALLORY)
    world.entry.approveAccount(ALICE, BOB, True, sender=COMPLIANCE)
    world.entry.setOperator(ALICE, True, sender=BOB)
    with refuses("vault: not cleared"):
        world.entry.requestDeposit(COINS, BOB, ALICE, sender=ALICE)


def test_from_a_stocks_end_on_nobody_pays_in_and_all_is_paid_back(world: Subscription) -> None:
    world.pay_in()
    end = now() + 100
    world.stock.setMintsEnd(end, sender=world.entry.address)
    world.pay_in(LEAST)
    set_clock(end)
    for assets in (0, LEAST, MAX):
        with refuses("token: mints ended"):
            world.pay_in(assets)
    world.entry.close(sender=PAUSER)
    with refuses("vault: closed"):
        world.pay_in(LEAST)
    before = world.coin.balanceOf(ALICE)
    world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
    refund(world)
    assert world.coin.balanceOf(ALICE) == before + COINS + LEAST
    world.check_in()


def test_pauser_closes_and_unpauser_opens(world: Subscription) -> None:
    world.pay_in()
    for who in (UNPAUSER, ADMIN, DESK, MALLORY):
        with refuses("roles: not authorised"):
            world.entry.close(sender=who)
    world.entry.close(sender=PAUSER)
    for who in (PAUSER, ADMIN, DESK, MALLORY):
        with refuses("roles: not authorised"):
            world.entry.open(sender=who)
    world.entry.close(sender=PAUSER)
    assert world.entry.events() == [Event(world.entry.address, "Closed", {"closed": True, "by": PAUSER})]
    with refuses("vault: closed"):
        world.pay_in()
    world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
    refund(world)
    world.entry.open(sender=UNPAUSER)
    world.pay_in()


@pytest.mark.parametrize("how", ["", "lapse", "pause", "halt"])
def test_what_was_not_filled_is_paid_back_in_full(world: Subscription, how: str) -> None:
    before = world.coin.balanceOf(ALICE)
    world.pay_in()
    if how:
        getattr(world, how)()
    with refuses("vault: not the controller"):
        world.entry.cancelDepositRequest(0, ALICE, sender=BOB)
    with refuses("vault: bad request id"):
        world.entry.cancelDepositRequest(1, ALICE, sender=ALICE)
    with refuses("vault: nothing was cancelled"):
        refund(world)
    world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
    with refuses("vault: nothing waits"):
        world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
    assert world.entry.claimableCancelDepositRequest(0, ALICE) == COINS
    with refuses("vault: other investor"):
        refund(world, BOB)
    with refuses("vault: bad request id"):
        world.entry.claimCancelDepositRequest(1, ALICE, ALICE, sender=ALICE)
    refund(world)
    with refuses("vault: nothing was cancelled"):
        refund(world)
    assert world.coin.balanceOf(ALICE) == before
    world.check_in()


@pytest.mark.parametrize("how", ["block", "freeze"])
def test_a_block_or_a_freeze_holds_the_refund_and_its_end_frees_it(world: Subscription, how: str) -> None:
    world.pay_in()
    getattr(world, how)()
    world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
    with refuses("vault: held"):
        refund(world)
    assert world.entry.claimAll([ALICE], sender=ALICE) == 0
    if how == "block":
        world.registry.unblock(fresh(), 1, 7, fresh(), sender=COMPLIANCE)
    else:
        world.freeze(frozen=False)
    refund(world)
    world.check_in()


def test_a_recovered_subscribers_money_is_its_successors(world: Subscription) -> None:
    world.pay_in()
    new = world.recover()
    for act in (
        lambda one: world.entry.cancelDepositRequest(0, ALICE, sender=one),
        lambda one: refund(world, one, sender=one),
    ):
        with refuses("vault: not the controller"):
            act(ALICE)
        act(new)
    assert world.coin.balanceOf(new) == COINS
    world.check_in(new)


def test_a_payee_whom_the_coin_refuses_loses_nothing(world: Subscription) -> None:
    coin, _ = world.unruly()
    world.entry = world.create_entry(coin)
    world.entry.setOperator(KEEPER, True, sender=ALICE)
    for account in (ALICE, BOB):
        world.pay_in(account=account)
        world.entry.cancelDepositRequest(0, account, sender=account)
    coin.blacklist(ALICE, True)
    with refuses("vault: coin refused"):
        refund(world)
    assert world.entry.claimAll([ALICE, BOB], sender=KEEPER) == 0
    assert world.entry.events(coin)[-1].name == "Parked"
    assert world.entry.claimableCancelDepositRequest(0, ALICE) == COINS
    world.check_in(coin=coin)
    refund(world, OTHER)
    assert coin.balanceOf(OTHER) == 10**12 + COINS
    world.check_in(coin=coin)


@pytest.mark.parametrize("hook", [1, 2], ids=["spends all gas", "sends a unit back"])
def test_a_payee_that_is_told_of_its_refund_stops_nobody_elses(world: Subscription, hook: int) -> None:
    """Either undid the whole batch: what remained of the gas was too little, or the vault's balance was not as said."""
    coin, _ = world.unruly()
    world.entry = world.create_entry(coin)
    for account in (ALICE, BOB):
        world.entry.setOperator(KEEPER, True, sender=account)
        world.pay_in(account=account)
        world.entry.cancelDepositRequest(0, account, sender=account)
    coin.set_hook(ALICE, hook)
    before = coin.balanceOf(BOB)
    assert world.entry.claimAll([ALICE, BOB, ALICE], sender=KEEPER, gas=2_000_000) == 1
    parked = Event(world.entry.address, "Parked", {"controller": ALICE, "payee": ALICE, "assets": COINS})
    assert world.entry.events().count(parked) == 2
    assert (coin.balanceOf(BOB) - before, world.entry.claimableCancelDepositRequest(0, ALICE)) == (COINS, COINS)
    world.check_in(coin=coin)
    coin.set_hook(ALICE, 0)
    with refuses("vault: too little gas"):
        world.entry.claimAll([ALICE], sender=KEEPER, gas=330_000)
    assert world.entry.claimAll([ALICE], sender=KEEPER, gas=440_000) == 1
    for sender in (ALICE, DESK, MALLORY):
        with refuses("vault: not the vault"):
            world.entry.refundAlone(ALICE, MALLORY, sender=sender)


@pytest.mark.parametrize("mode", [1, 3, 4, 5])
def test_a_coin_that_brings_less_or_takes_more_is_refused(world: Subscription, mode: int) -> None:
    """Answers no, keeps a hundredth, takes one more of the payer, moves nothing."""
    coin, _ = world.unruly()
    world.entry = world.create_entry(coin)
    coin.set_mode(mode)
    if mode == 4:
        world.pay_in()
        world.pay_in(account=BOB)
        world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
        with refuses("vault: payment short"):
            refund(world)
    else:
        with pytest.raises(Refused):
            world.pay_in()
    world.check_in(coin=coin)


def test_the_desk_declines_at_any_time_and_anyone_ends_what_waits_too_long(world: Subscription) -> None:
    entry = world.entry
    for account in (ALICE, BOB):
        world.pay_in(account=account)
    assert entry.sendBack([ALICE], sender=MALLORY) == 0
    assert entry.sendBack([ALICE, CAROL], sender=DESK) == 1
    assert entry.claimableCancelDepositRequest(0, ALICE) == COINS
    set_clock(now() + PATIENCE - 1)
    assert entry.sendBack([BOB], sender=MALLORY) == 0
    set_clock(now() + 1)
    assert entry.sendBack([BOB, BOB], sender=MALLORY) == 1
    said = {"controller": BOB, "requestId": 0, "sender": MALLORY}
    assert entry.events() == [Event(entry.address, "CancelDepositRequest", said)]
    assert world.fill_in(ALICE, BOB) == 0
    entry.setOperator(KEEPER, True, sender=BOB)
    assert entry.claimAll([ALICE, BOB], sender=KEEPER) == 1
    assert world.coin.balanceOf(TREASURY) == 10**15
    world.check_in()
