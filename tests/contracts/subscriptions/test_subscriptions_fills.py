"""SubscriptionVault: filling by the stock's own mint, and fetching the units. A fill happens whole or not at all."""

from __future__ import annotations

import pytest
from support.contract_calls import MAX, ZERO, Event, Refused, named, now, refuses, set_clock
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DOCUMENT,
    HOUR,
    MALLORY,
    MINTER,
    PAUSER,
    REASON,
    SUPPLY,
    TREASURY,
    UNPAUSER,
    WAD,
)
from support.redemption_world import DESK, ENFORCER, OTHER, PRICE, fresh
from support.subscription_world import COINS, LEAST, Subscription

TEN = 10 * WAD
KEEPER = named("keeper")


def state(world: Subscription) -> tuple[int, ...]:
    """Coins and units where a fill could move them."""
    coins = tuple(world.coin.balanceOf(one) for one in (ALICE, TREASURY, world.entry))
    waits = world.entry.pendingDepositRequest(0, ALICE), world.entry.claimableShares(ALICE)
    return (*coins, *waits, world.stock.totalSupply(), world.stock.balanceOf(world.entry))


def test_a_fill_makes_the_units_and_pays_the_treasury(world: Subscription) -> None:
    world.pay_in()
    world.pay_in(COINS // 2, BOB)
    supply, treasury = world.stock.totalSupply(), world.coin.balanceOf(TREASURY)
    assert world.fill_in(ALICE, BOB, CAROL) == 15 * WAD
    assert world.stock.totalSupply() == supply + 15 * WAD
    assert world.coin.balanceOf(TREASURY) == treasury + COINS * 3 // 2
    assert world.coin.balanceOf(world.entry) == 0
    assert (world.entry.claimableDepositRequest(0, ALICE), world.entry.claimableShares(ALICE)) == (COINS, TEN)
    assert world.entry.pendingDepositRequest(0, ALICE) == 0
    world.check_in()


@pytest.mark.parametrize("who", [ALICE, MALLORY, ADMIN, PAUSER, TREASURY, MINTER])
def test_only_the_desk_strikes_and_fills(world: Subscription, who: str) -> None:
    world.pay_in()
    key = world.price_in()
    with refuses("roles: not authorised"):
        world.entry.strike(fresh(), PRICE, now() + HOUR, sender=who)
    with refuses("roles: not authorised"):
        world.entry.fill(key, [ALICE], sender=who)
    if who != PAUSER:
        with refuses("roles: not authorised"):
            world.entry.voidStrike(key, sender=who)


def test_a_strike_serves_for_its_time_its_multiplier_and_until_it_is_voided(world: Subscription) -> None:
    world.pay_in()
    with refuses("vault: no strike"):
        world.entry.fill(fresh(), [ALICE], sender=DESK)
    key = world.price_in()
    world.entry.voidStrike(key, sender=PAUSER)
    with refuses("vault: no strike"):
        world.entry.fill(key, [ALICE], sender=DESK)
    key = world.price_in()
    set_clock(now() + HOUR)
    with refuses("vault: strike expired"):
        world.entry.fill(key, [ALICE], sender=DESK)
    with refuses("vault: price outside band"):
        world.price_in(PRICE * 12 // 10 + 1)
    second = world.record(world.schedule("SPLF"))["effectiveAt"]
    set_clock(second - 10)
    key = world.price_in()
    set_clock(second)
    with refuses("vault: multiplier changed"):
        world.entry.fill(key, [ALICE], sender=DESK)
    world.check_in()


@pytest.mark.parametrize("how", ["lapse", "block", "freeze"])
def test_who_may_not_hold_the_stock_is_passed_over_and_keeps_its_money(world: Subscription, how: str) -> None:
    world.pay_in()
    world.pay_in(account=BOB)
    getattr(world, how)()
    assert world.fill_in(ALICE, BOB) == TEN
    assert [one.name for one in world.entry.events(world.stock, world.coin)].count("Skipped") == 1
    assert world.entry.pendingDepositRequest(0, ALICE) == COINS
    world.check_in()


def test_who_asks_in_the_strikes_own_second_waits_for_the_next(world: Subscription) -> None:
    world.pay_in()
    key = fresh()
    world.entry.strike(key, PRICE, now() + HOUR, sender=DESK)
    assert world.entry.fill(key, [ALICE], sender=DESK) == 0
    assert world.fill_in(ALICE, ALICE) == TEN


def refused_by(world: Subscription, how: str) -> str:
    """Something keeps units from being made; how the fill is refused."""
    if how == "suspended":
        world.ask()
        set_clock(now() + 8 * 86_400)
        world.vault.suspend(ALICE, sender=MALLORY)
        world.attest(10_000)
        return "token: mints suspended"
    getattr(world, how)()
    return {"pause": "token: paused", "halt": "token: halted"}[how]


@pytest.mark.parametrize("how", ["reserve", "suspended", "pause", "halt"])
def test_a_fill_that_may_make_no_units_moves_nothing(world: Subscription, how: str) -> None:
    world.pay_in()
    if how == "reserve":
        world.attest(1_209)
        before = state(world)
        with pytest.raises(Refused, match="reserve"):
            world.fill_in(ALICE)
    else:
        refusal = refused_by(world, how)
        before = state(world)
        with refuses(refusal):
            world.fill_in(ALICE)
    assert state(world) == before
    world.entry.cancelDepositRequest(0, ALICE, sender=ALICE)
    world.entry.claimCancelDepositRequest(0, ALICE, ALICE, sender=ALICE)
    world.check_in()


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ("blacklist", "vault: coin refused"),
        (1, "vault: coin refused"),
        (3, "vault: payment short"),
        (4, "vault: coin refused"),
        (5, "vault: payment short"),
    ],
)
def test_units_are_made_only_for_coins_that_reach_the_treasury(
    world: Subscription, how: str | int, refusal: str
) -> None:
    """The coin refuses the treasury, answers no, keeps a hundredth, wants more than there is, or moves nothing."""
    coin, _ = world.unruly()
    world.entry = world.create_entry(coin)
    world.pay_in()
    supply = world.stock.totalSupply()
    if how == "blacklist":
        coin.blacklist(TREASURY, True)
    else:
        coin.set_mode(how)
    with refuses(refusal):
        world.fill_in(ALICE)
    assert world.stock.totalSupply() == supply
    world.check_in(coin=coin)


@pytest.mark.parametrize("price", [PRICE, 333_333_333, 399_999_999])
def test_what_rounds_is_the_subscribers(world: Subscription, price: int) -> None:
    world.pay_in(LEAST + 1)
    made = world.fill_in(ALICE, price=price)
    assert made == (LEAST + 1) * WAD // price
    assert made * price <= (LEAST + 1) * WAD


def test_too_little_for_a_unit_waits(world: Subscription) -> None:
    world.entry.setTerms(1, 86_400, 5_000, sender=ADMIN)
    world.entry.setReference(2 * 10**18, sender=ADMIN)
    world.pay_in(1)
    assert world.fill_in(ALICE, price=2 * 10**18) == 0
    assert world.entry.pendingDepositRequest(0, ALICE) == 1


# --- fetching --------------------------------------------------------------------------------------------------------


def test_units_are_fetched_in_parts_and_the_last_takes_the_rest(world: Subscription) -> None:
    world.pay_in(LEAST + 1)
    made = world.fill_in(ALICE, price=333_333_333)
    before = world.stock.balanceOf(ALICE)
    first = world.entry.deposit(LEAST // 3, ALICE, ALICE, sender=ALICE)
    assert first == made * (LEAST // 3) // (LEAST + 1)
    assert world.entry.mint(7, ALICE, sender=ALICE) == 1
    for amount in (0, LEAST, MAX):
        with refuses("vault: more than claimable"):
            world.entry.deposit(amount, ALICE, ALICE, sender=ALICE)
    for amount in (0, made, MAX):
        with refuses("vault: more than claimable"):
            world.entry.mint(amount, ALICE, ALICE, sender=ALICE)
    left = world.entry.claimableDepositRequest(0, ALICE)
    assert world.entry.deposit(left, OTHER, sender=ALICE) == made - first - 7
    said = {"sender": ALICE, "owner": OTHER, "assets": left, "shares": made - first - 7}
    assert world.entry.events(world.stock)[-1] == Event(world.entry.address, "Deposit", said)
    assert world.stock.balanceOf(ALICE) + world.stock.balanceOf(OTHER) == before + made
    world.check_in()


def test_who_fetches_and_to_whom(world: Subscription) -> None:
    world.pay_in()
    world.fill_in(ALICE)
    with refuses("vault: not the controller"):
        world.entry.deposit(COINS, MALLORY, ALICE, sender=MALLORY)
    with refuses("vault: other investor"):
        world.entry.deposit(COINS, BOB, ALICE, sender=ALICE)
    world.entry.approveAccount(ALICE, MALLORY, True, sender=COMPLIANCE)
    with refuses("ERC7943CannotReceive", MALLORY):
        world.entry.deposit(COINS, MALLORY, ALICE, sender=ALICE)
    world.entry.setOperator(KEEPER, True, sender=ALICE)
    world.entry.mint(TEN, OTHER, ALICE, sender=KEEPER)
    assert world.stock.balanceOf(OTHER) == TEN
    world.check_in()


@pytest.mark.parametrize("how", ["lapse", "block", "freeze", "pause", "halt"])
def test_units_wait_for_who_may_not_hold_them_now(world: Subscription, how: str) -> None:
    world.pay_in()
    world.fill_in(ALICE)
    getattr(world, how)()
    with pytest.raises(Refused):
        world.entry.deposit(COINS, ALICE, ALICE, sender=ALICE)
    assert world.entry.claimAll([ALICE], sender=ALICE) == 0
    assert world.entry.claimableShares(ALICE) == TEN
    world.check_in()


def test_a_keepers_batch_hands_out_units_and_money(world: Subscription) -> None:
    for account in (ALICE, BOB, CAROL):
        world.pay_in(account=account)
        world.entry.setOperator(KEEPER, account != CAROL, sender=account)
    world.fill_in(ALICE, BOB, CAROL)
    world.pay_in()
    world.entry.sendBack([ALICE], sender=DESK)
    world.lapse(2)
    coins, units = world.coin.balanceOf(ALICE), world.stock.balanceOf(ALICE)
    assert world.entry.claimAll([ALICE, BOB, CAROL, ALICE], sender=KEEPER) == 1
    assert (world.coin.balanceOf(ALICE), world.stock.balanceOf(ALICE)) == (coins + COINS, units + TEN)
    assert [world.entry.claimableShares(one) for one in (ALICE, BOB, CAROL)] == [0, TEN, TEN]
    names = [one.name for one in world.entry.events(world.coin, world.stock)]
    assert (names.count("Deposit"), names.count("CancelDepositClaim"), names.count("Withheld")) == (1, 1, 1)
    world.check_in()


def test_a_recovered_subscribers_units_are_its_successors(world: Subscription) -> None:
    world.pay_in()
    new = world.recover()
    assert world.fill_in(ALICE) == TEN
    with refuses("vault: not the controller"):
        world.entry.deposit(COINS, ALICE, ALICE, sender=ALICE)
    had = world.stock.balanceOf(new)
    assert world.entry.claimAll([ALICE], sender=new) == 1
    assert world.stock.balanceOf(new) == had + TEN
    world.check_in(new)


@pytest.mark.parametrize("how", ["", "block", "pause", "halt", "lapse"])
def test_filled_units_are_handed_over_by_force(world: Subscription, how: str) -> None:
    world.pay_in()
    world.fill_in(ALICE)
    world.pay_in(LEAST)
    if how:
        getattr(world, how)()
    had = world.stock.balanceOf(ALICE)
    for sender, reason, document, refusal in (
        (DESK, REASON, DOCUMENT, "roles: not authorised"),
        (ENFORCER, 0, DOCUMENT, "case: reason and document"),
        (ENFORCER, REASON, bytes(32), "case: reason and document"),
    ):
        with refuses(refusal):
            world.entry.returnUnits(ALICE, reason, document, fresh(), sender=sender)
    key = fresh()
    world.entry.returnUnits(ALICE, REASON, DOCUMENT, key, sender=ENFORCER)
    assert world.stock.balanceOf(ALICE) == had + TEN
    with refuses("keys: used"):
        world.entry.returnUnits(ALICE, REASON, DOCUMENT, key, sender=ENFORCER)
    with refuses("vault: nothing waits"):
        world.entry.returnUnits(ALICE, REASON, DOCUMENT, fresh(), sender=ENFORCER)
    assert world.entry.pendingDepositRequest(0, ALICE) == LEAST
    world.check_in()


def test_a_holders_limit_binds_who_fetches(world: Subscription) -> None:
    """Nobody may hold more than Alice and five tokens; who may not have ten more keeps its claim, and fetches less."""
    world.pause()
    world.registry.setHolderLimits(world.stock, 9, SUPPLY + 5 * WAD, 0, sender=ADMIN)
    world.registry.seedHolders(world.stock, [ALICE, BOB, CAROL], sender=ALICE)
    world.stock.unpause(sender=UNPAUSER)
    world.pay_in()
    assert world.fill_in(ALICE) == TEN
    with pytest.raises(Refused, match="holders: "):
        world.entry.deposit(COINS, ALICE, ALICE, sender=ALICE)
    assert world.entry.claimAll([ALICE], sender=ALICE) == 0
    assert world.entry.claimableShares(ALICE) == TEN
    world.entry.mint(5 * WAD, ALICE, ALICE, sender=ALICE)
    world.check_in()


# --- the stock's part ------------------------------------------------------------------------------------------------


def test_only_a_vault_delivers_and_only_to_who_is_cleared(world: Subscription) -> None:
    world.pay_in()
    world.fill_in(ALICE)
    for who in (ALICE, ADMIN, MINTER, DESK):
        with refuses("roles: not authorised"):
            world.stock.deliver(ALICE, 1, sender=who)
    vault = world.entry.address
    for to, amount, refusal in (
        (ALICE, 0, "token: zero amount"),
        (ZERO, 1, "ERC20InvalidReceiver"),
        (MALLORY, 1, "ERC7943CannotReceive"),
        (ALICE, TEN + 1, "ERC20InsufficientBalance"),
        (ALICE, MAX, "ERC20InsufficientBalance"),
    ):
        with refuses(refusal):
            world.stock.deliver(to, amount, sender=vault)
    world.stock.deliver(BOB, 1, sender=vault)


def test_who_mints_for_itself_asks_the_reserve_all_the_same(world: Subscription) -> None:
    """Nobody but a MINTER, and for nobody else that is not cleared."""
    with refuses("ERC7943CannotReceive", MALLORY):
        world.stock.mint(MALLORY, 1, sender=world.entry.address)
    with pytest.raises(Refused, match="reserve"):
        world.stock.mint(world.entry, 10_000 * WAD, sender=world.entry.address)
    with refuses("roles: not authorised"):
        world.stock.mint(MALLORY, 1, sender=MALLORY)
