"""RequestVault: striking a price and filling at it. A fill brings its money in, or nothing of it happens."""

from __future__ import annotations

import pytest
from support.contract_calls import MAX, Event, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, CAROL, DAY, HOUR, MALLORY, PAUSER, TREASURY, U128, WAD
from support.redemption_world import BAND, DESK, ENFORCER, PRICE, Redemption, fresh

TEN = 10 * WAD
DUE = 4_000 * 10**6


# --- the price -------------------------------------------------------------------------------------------------------


def test_a_strike_says_what_it_is(world: Redemption) -> None:
    key = fresh()
    world.vault.strike(key, PRICE, now() + HOUR, sender=DESK)
    generation = world.stock.multiplierGeneration()
    said = {"strike": key, "price": PRICE, "expiry": now() + HOUR, "generation": generation, "by": DESK}
    assert world.vault.events()[-1] == Event(world.vault.address, "Struck", said)
    assert world.vault.strikeOf(key) == (PRICE, now(), now() + HOUR, generation)
    assert world.vault.convertToAssets(WAD) == PRICE
    assert world.vault.convertToShares(PRICE) == WAD


@pytest.mark.parametrize("who", [ALICE, MALLORY, ADMIN, PAUSER, TREASURY])
def test_only_the_desk_strikes_and_fills(world: Redemption, who: str) -> None:
    world.ask()
    key = world.price()
    with refuses("roles: not authorised"):
        world.vault.strike(fresh(), PRICE, now() + HOUR, sender=who)
    with refuses("roles: not authorised"):
        world.vault.fill(key, [ALICE], sender=who)


@pytest.mark.parametrize(
    ("price", "ahead", "refusal"),
    [
        (0, HOUR, "vault: bad price"),
        (U128 + 1, HOUR, "vault: bad price"),
        (MAX, HOUR, "vault: bad price"),
        (PRICE, 0, "vault: bad expiry"),
        (PRICE, DAY + 1, "vault: bad expiry"),
        (PRICE * 8 // 10 - 1, HOUR, "vault: price outside band"),
        (PRICE * 12 // 10 + 1, DAY, "vault: price outside band"),
    ],
)
def test_a_price_and_its_time_are_bounded(world: Redemption, price: int, ahead: int, refusal: str) -> None:
    with refuses(refusal):
        world.vault.strike(fresh(), price, now() + ahead, sender=DESK)


def test_a_key_serves_once_and_is_not_empty(world: Redemption) -> None:
    key = world.price()
    with refuses("keys: used"):
        world.vault.strike(key, PRICE, now() + HOUR, sender=DESK)
    with refuses("keys: empty"):
        world.vault.strike(bytes(32), PRICE, now() + HOUR, sender=DESK)


def test_many_steps_of_a_day_go_no_further_than_one(world: Redemption) -> None:
    low = PRICE * (10_000 - BAND) // 10_000
    world.price(low)
    with refuses("vault: price outside band"):
        world.price(low * 9 // 10)
    world.price(PRICE * 12 // 10)
    world.price(low)
    set_clock(now() + DAY)
    assert world.vault.reference() == (low, now())
    world.price(low * 8 // 10)


def test_the_timelock_moves_the_reference_and_the_desk_does_not(world: Redemption) -> None:
    for who in (DESK, PAUSER, ALICE):
        with refuses("roles: not authorised"):
            world.vault.setReference(2 * PRICE, sender=who)
    world.vault.setReference(2 * PRICE, sender=ADMIN)
    assert world.vault.reference() == (2 * PRICE, now())
    with refuses("vault: price outside band"):
        world.price(PRICE)
    for price in (0, U128 + 1):
        with refuses("vault: bad price"):
            world.vault.setReference(price, sender=ADMIN)


@pytest.mark.parametrize("who", [DESK, PAUSER])
def test_a_strike_is_voided_and_fills_nothing(world: Redemption, who: str) -> None:
    world.ask()
    key = world.price()
    with refuses("roles: not authorised"):
        world.vault.voidStrike(key, sender=ENFORCER)
    world.vault.voidStrike(key, sender=who)
    assert world.vault.events() == [Event(world.vault.address, "StrikeVoided", {"strike": key, "by": who})]
    with refuses("vault: no strike"):
        world.vault.fill(key, [ALICE], sender=DESK)
    with refuses("vault: no strike"):
        world.vault.voidStrike(key, sender=who)


# --- filling ---------------------------------------------------------------------------------------------------------


def test_a_fill_burns_the_units_and_brings_the_money(world: Redemption) -> None:
    world.ask()
    world.ask(3 * WAD, BOB)
    supply, rich = world.stock.totalSupply(), world.coin.balanceOf(TREASURY)
    key = world.price()
    assert world.vault.fill(key, [ALICE, BOB], sender=DESK) == 13 * WAD
    filled = [one.values for one in world.vault.events(world.stock, world.coin) if one.name == "Filled"]
    assert filled == [
        {"controller": ALICE, "strike": key, "shares": TEN, "assets": DUE},
        {"controller": BOB, "strike": key, "shares": 3 * WAD, "assets": 1_200 * 10**6},
    ]
    assert supply - world.stock.totalSupply() == 13 * WAD
    assert rich - world.coin.balanceOf(TREASURY) == 5_200 * 10**6 == world.coin.balanceOf(world.vault)
    assert (world.vault.totalAssets(), world.vault.totalRequested(), world.stock.balanceOf(world.vault)) == (
        *(5_200 * 10**6, 0),
        0,
    )
    assert (world.waiting(), world.vault.claimableRedeemRequest(0, ALICE)) == (0, TEN)
    world.check()


def test_a_batch_that_is_sent_again_fills_nothing_twice(world: Redemption) -> None:
    world.ask()
    key = world.price()
    assert world.vault.fill(key, [ALICE, ALICE, ALICE], sender=DESK) == TEN
    assert world.vault.fill(key, [ALICE], sender=DESK) == 0
    assert [one.name for one in world.vault.events()] == ["Skipped"]
    assert world.coin.balanceOf(world.vault) == DUE
    world.check()


def test_who_asks_at_or_after_the_strike_waits_for_the_next(world: Redemption) -> None:
    """Else it would have seen the price; a unit added late holds back the whole."""
    world.ask()
    key = fresh()
    world.vault.strike(key, PRICE, now() + HOUR, sender=DESK)
    assert world.vault.fill(key, [ALICE], sender=DESK) == 0
    world.ask(WAD, BOB)
    key = world.price()
    world.ask(1, BOB)
    assert world.vault.fill(key, [ALICE, BOB], sender=DESK) == TEN
    assert world.fill(BOB) == WAD + 1


def test_the_blocked_and_the_frozen_are_passed_over_and_the_lapsed_are_not(world: Redemption) -> None:
    for account in (ALICE, BOB, CAROL):
        world.ask(WAD, account)
    world.block(2)
    world.freeze(CAROL)
    world.lapse(1)
    assert world.fill(ALICE, BOB, CAROL) == WAD
    assert [world.waiting(one) for one in (ALICE, BOB, CAROL)] == [0, WAD, WAD]
    world.freeze(CAROL, False)
    assert world.fill(BOB, CAROL) == WAD


def test_a_strike_ends(world: Redemption) -> None:
    world.ask()
    key = world.price()
    set_clock(now() + HOUR)
    with refuses("vault: strike expired"):
        world.vault.fill(key, [ALICE], sender=DESK)


def test_a_price_of_before_a_split_is_none_after_it(world: Redemption) -> None:
    for account in (ALICE, BOB):
        world.ask(WAD, account)
    second = world.record(world.schedule("SPLF"))["effectiveAt"]
    set_clock(second - 10)
    key = world.price()
    assert world.vault.fill(key, [ALICE], sender=DESK) == WAD
    set_clock(second)
    with refuses("vault: multiplier changed"):
        world.vault.fill(key, [BOB], sender=DESK)
    assert world.fill(BOB) == WAD


@pytest.mark.parametrize("how", ["pause", "halt"])
def test_a_pause_and_a_halt_hold_a_fill(world: Redemption, how: str) -> None:
    world.ask()
    key = world.price()
    getattr(world, how)()
    with refuses(f"token: {how}{'d' if how == 'pause' else 'ed'}"):
        world.vault.fill(key, [ALICE], sender=DESK)
    assert world.waiting() == TEN


def test_a_split_and_a_reinvested_dividend_leave_what_waits_as_it_is(world: Redemption) -> None:
    world.ask()
    world.take_effect(world.schedule("SPLF"))
    assert world.waiting() == TEN
    assert world.stock.balanceOfUI(world.vault) == 20 * WAD
    assert world.fill(ALICE) == TEN
    assert world.vault.maxWithdraw(ALICE) == DUE


def test_a_price_rounds_against_who_leaves_and_dust_leaves_too(world: Redemption) -> None:
    world.ask(1)
    world.ask(WAD + 10**9, BOB)
    assert world.fill(ALICE, BOB, price=PRICE + 1) == WAD + 10**9 + 1
    assert [world.vault.maxWithdraw(one) for one in (ALICE, BOB)] == [0, PRICE + 1]
    assert world.vault.redeem(1, ALICE, ALICE, sender=ALICE) == 0
    world.check()


def test_no_price_pays_more_than_a_claim_can_name(world: Redemption) -> None:
    world.vault.setReference(U128, sender=ADMIN)
    world.ask(2 * WAD)
    key = world.price(U128)
    with refuses("vault: too much"):
        world.vault.fill(key, [ALICE], sender=DESK)
    assert world.waiting() == 2 * WAD


# --- the money -------------------------------------------------------------------------------------------------------


def test_an_empty_treasury_delays_a_fill_and_nothing_else(world: Redemption) -> None:
    coin, vault = world.unruly()
    world.ask(TEN, vault=vault)
    assert world.fill(ALICE, vault=vault) == TEN
    coin.blacklist(TREASURY, True)
    world.ask(TEN, BOB, vault=vault)
    key = world.price(vault=vault)
    with refuses("coin: blacklisted"):
        vault.fill(key, [BOB], sender=DESK)
    assert vault.pendingRedeemRequest(0, BOB) == TEN
    vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    vault.cancelRedeemRequest(0, BOB, sender=BOB)
    vault.claimCancelRedeemRequest(0, BOB, BOB, sender=BOB)


@pytest.mark.parametrize(
    ("mode", "refusal"), [(1, "vault: payment failed"), (3, "vault: payment short"), (5, "vault: payment short")]
)
@pytest.mark.parametrize("decimals", [6, 8, 18])
def test_what_counts_is_what_arrives(world: Redemption, mode: int, refusal: str, decimals: int) -> None:
    coin, vault = world.unruly(decimals)
    world.ask(TEN, vault=vault)
    coin.set_mode(mode)
    key = world.price(400 * 10**decimals, vault)
    with refuses(refusal):
        vault.fill(key, [ALICE], sender=DESK)
    assert vault.pendingRedeemRequest(0, ALICE) == TEN
    assert world.stock.balanceOf(vault) == TEN


@pytest.mark.parametrize("decimals", [6, 8, 18])
@pytest.mark.parametrize("mode", [0, 2])
def test_coins_of_any_decimals_that_answer_true_or_nothing(world: Redemption, decimals: int, mode: int) -> None:
    coin, vault = world.unruly(decimals)
    coin.set_mode(mode)
    world.ask(TEN, vault=vault)
    assert world.fill(ALICE, vault=vault, price=400 * 10**decimals) == TEN
    assert vault.redeem(TEN, ALICE, ALICE, sender=ALICE) == 4_000 * 10**decimals == coin.balanceOf(ALICE)


def test_another_treasury_pays_once_it_is_named(world: Redemption) -> None:
    safe = named("another treasury")
    world.ask()
    key = world.price()
    world.market.setTreasury(safe, sender=ADMIN)
    with refuses("stablecoin: allowance"):
        world.vault.fill(key, [ALICE], sender=DESK)
    world.coin.mint(safe, DUE)
    world.coin.approve(world.vault, DUE, sender=safe)
    world.vault.fill(key, [ALICE], sender=DESK)
    assert world.coin.balanceOf(safe) == 0
