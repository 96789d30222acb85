"""WindUp.handBack: once an end is funded, what waits in a stock's vaults goes to its owners, whom the end then pays.

Alice has 1,000 units, Bob and Carol 100 each; a unit is paid 12. Coins are counted from before the end.
"""

from __future__ import annotations

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Handle, deploy, deploy_blueprint, named, now, refuses, set_clock, word32
from support.ending_world import END, Endings
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    DESK,
    DOCUMENT,
    HOUR,
    MALLORY,
    PAUSER,
    REASON,
    SIGNER,
    TREASURY,
    UNPAUSER,
    WAD,
    deploy_stub,
)
from support.redemption_world import BAND, MINIMUM, OTHER, PATIENCE, PRICE, fresh

from scrip.evm.compiled.artifacts import artifact

TWELVE = 12_000_000
FILLER = SIGNER.address.lower()
EVERYBODY = [ALICE, BOB, CAROL, OTHER]


def give_back(world: Endings, *accounts: str, vault: Handle | None = None, sender: str = MALLORY) -> int:
    """Anyone has a vault hand back."""
    return world.windup.handBack(world.stock, vault or world.vault, list(accounts), sender=sender)


def entry_for(world: Endings, coin: Handle) -> Handle:
    """A vault into the stock that takes a coin, of which Alice, Bob and Carol have plenty."""
    if not world.market.assetListed(coin):
        world.market.listAsset(coin, True, sender=ADMIN)
    parts = (world.roles, world.registry, world.market, deploy_blueprint("SubscriptionVault"))
    made = deploy("VaultFactory", *parts).createVault(world.stock, coin, 1, PATIENCE, BAND, PRICE, sender=ADMIN)
    for role in ("VAULT", "MINTER"):
        world.roles.grantRole(keccak(text=role), made, sender=ADMIN)
    for one in (ALICE, BOB, CAROL):
        coin.mint(one, 10**12)
        coin.approve(made, MAX, sender=one)
    return Handle(made, list(artifact("SubscriptionVault").abi))


def test_what_waits_is_handed_back_and_paid_as_any_other_once(world: Endings) -> None:
    """Alice waits with 10, Bob called 5 back, Carol has both: all 1,200 units are paid, 14,400 in all."""
    world.ask(10 * WAD, ALICE)
    for account, amount in ((BOB, 5 * WAD), (CAROL, 6 * WAD)):
        world.ask(amount, account)
        world.vault.cancelRedeemRequest(0, account, sender=account)
    world.ask(7 * WAD, CAROL)
    before = world.money(*EVERYBODY)
    with refuses("windup: not armed"):
        give_back(world, ALICE)
    world.opened()
    set_clock(END)
    with refuses("windup: not armed"):
        give_back(world, ALICE)
    world.windup.arm(world.stock, sender=TREASURY)
    assert give_back(world, *EVERYBODY, ALICE, MALLORY) == 3
    told = world.windup.events(world.vault, world.stock)
    said = [(one.name, one.values["controller"]) for one in told if one.emitter == world.vault.address]
    assert said == [
        *(("CancelRedeemRequest", ALICE), ("CancelRedeemClaim", ALICE), ("CancelRedeemClaim", BOB)),
        *(("CancelRedeemRequest", CAROL), ("CancelRedeemClaim", CAROL)),
    ]
    assert [world.stock.balanceOf(one) for one in (ALICE, BOB, CAROL)] == [1000 * WAD, 100 * WAD, 100 * WAD]
    assert (world.vault.totalRequested(), world.stock.balanceOf(world.vault)) == (0, 0)
    assert give_back(world, *EVERYBODY) == 0
    assert give_back(world) == 0
    assert world.windup.burnFor(world.stock, EVERYBODY, sender=MALLORY) == 3
    paid = [a - b for a, b in zip(world.money(*EVERYBODY), before, strict=True)]
    assert paid == [1000 * TWELVE, 100 * TWELVE, 100 * TWELVE, 0]
    with refuses("vault: nothing waits"):
        world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    with refuses("vault: nothing was cancelled"):
        world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)
    world.windup.close(world.stock, sender=DESK)
    assert world.coin.balanceOf(world.windup) == 0


def test_who_is_held_waits_and_is_handed_back_later(world: Endings) -> None:
    """Bob is blocked, Carol frozen, Alice has lapsed, which holds nobody; Bob's wallet is then recovered."""
    for account in (ALICE, BOB, CAROL):
        world.ask(10 * WAD, account)
    world.armed()
    world.lapse(1)
    world.block(2)
    world.freeze(CAROL)
    assert give_back(world, ALICE, BOB, CAROL) == 1
    assert [world.waiting(one) for one in (ALICE, BOB, CAROL)] == [0, 10 * WAD, 10 * WAD]
    world.freeze(CAROL, False)
    new = world.recover(BOB, named("bob's new"), 2)
    world.registry.unblock(word32("unblock"), 2, REASON, DOCUMENT, sender=named("compliance"))
    assert give_back(world, BOB, CAROL) == 2
    assert [world.stock.balanceOf(one) for one in (BOB, new, CAROL)] == [0, 100 * WAD, 100 * WAD]
    world.check(new)


def test_a_pause_and_a_halt_hold_it_and_move_nothing(world: Endings) -> None:
    world.ask(10 * WAD, ALICE)
    world.armed()
    world.stock.pause(sender=PAUSER)
    with refuses("token: paused"):
        give_back(world, ALICE)
    assert give_back(world, BOB) == 0
    world.stock.unpause(sender=UNPAUSER)
    world.halt()
    with refuses("token: halted"):
        give_back(world, ALICE)
    assert world.waiting(ALICE) == 10 * WAD


def test_what_the_custodian_may_have_delivered_goes_back_by_the_desk_alone(world: Endings) -> None:
    """Bob called 5 units back before he asked for 10 in kind: those anyone hands him."""
    world.vault.setInKind(True, sender=ADMIN)
    world.ask(5 * WAD, BOB)
    world.vault.cancelRedeemRequest(0, BOB, sender=BOB)
    world.vault.requestInKind(10 * WAD, BOB, BOB, word32("delivery"), sender=BOB)
    world.armed()
    assert give_back(world, BOB) == 1
    assert (world.waiting(BOB), world.stock.balanceOf(BOB)) == (10 * WAD, 90 * WAD)
    assert give_back(world, BOB) == 0
    assert give_back(world, BOB, sender=DESK) == 1
    assert (world.waiting(BOB), world.stock.balanceOf(BOB)) == (0, 100 * WAD)


def test_a_contract_is_sent_nothing_unasked_and_fetches_its_own(world: Endings) -> None:
    entry = entry_for(world, world.coin)
    world.ask(10 * WAD, BOB)
    world.coin.mint(BOB, 10**9)
    entry.requestDeposit(10**9, BOB, BOB, sender=BOB)
    world.armed()
    boa.env.set_code(BOB, bytes.fromhex("00"))
    coins = world.coin.balanceOf(BOB)
    assert (give_back(world, BOB), give_back(world, BOB, vault=entry)) == (1, 1)
    assert (give_back(world, BOB), give_back(world, BOB, vault=entry)) == (0, 0)
    assert (world.stock.balanceOf(BOB), world.coin.balanceOf(BOB)) == (90 * WAD, coins)
    world.vault.claimCancelRedeemRequest(0, BOB, BOB, sender=BOB)
    entry.claimCancelDepositRequest(0, BOB, BOB, sender=BOB)
    assert (world.stock.balanceOf(BOB), world.coin.balanceOf(BOB)) == (100 * WAD, coins + 10**9)
    assert world.windup.burn(world.stock, 100 * WAD, sender=BOB) == (100 * TWELVE, 0)


def test_only_a_vault_of_the_stock_is_asked_and_only_the_wind_up_asks_it(world: Endings) -> None:
    world.ask(10 * WAD, ALICE)
    world.armed()
    foreign = world.create_vault(world.coin, world.other)
    for one in (MALLORY, world.windup.address, ZERO, foreign.address):
        with refuses("windup: not a vault"):
            world.windup.handBack(world.stock, one, [ALICE], sender=MALLORY)
    for sender in (MALLORY, ALICE, ADMIN, DESK, FILLER):
        with refuses("roles: not authorised"):
            world.vault.handBack([ALICE], sender, sender=sender)
    world.roles.revokeRole(keccak(text="VAULT"), world.vault, sender=ADMIN)
    with refuses("windup: not a vault"):
        give_back(world, ALICE)
    assert world.waiting(ALICE) == 10 * WAD


def test_a_strike_fills_what_waits_and_nothing_that_was_handed_back(world: Endings) -> None:
    for account in (ALICE, BOB):
        world.ask(10 * WAD, account)
    world.armed()
    key = world.price()
    assert world.vault.fill(key, [BOB], sender=FILLER) == 10 * WAD
    assert give_back(world, ALICE, BOB) == 1
    assert world.vault.fill(key, [ALICE, BOB], sender=FILLER) == 0
    assert world.vault.claimableAssets(BOB) == 10 * PRICE == world.coin.balanceOf(world.vault)
    world.check()


def test_mints_that_a_request_stopped_are_no_longer_stopped_for_it(world: Endings) -> None:
    world.ask(MINIMUM, ALICE)
    set_clock(now() + PATIENCE)
    world.vault.suspend(ALICE, sender=MALLORY)
    world.armed()
    assert give_back(world, ALICE) == 1
    assert world.vault.suspendedFor() == ZERO
    assert world.stock.mintsSuspended()  # for good: the end has come


def test_who_subscribed_is_handed_units_and_coins(world: Endings) -> None:
    """Alice's 4,000 are filled with 10 units, Bob's 800 wait, Carol called 900 back; Alice, who has lapsed, too."""
    entry = entry_for(world, world.coin)
    for account, coins in ((ALICE, 4000), (BOB, 800), (CAROL, 900)):
        entry.requestDeposit(coins * 10**6, account, account, sender=account)
    entry.cancelDepositRequest(0, CAROL, sender=CAROL)
    set_clock(now() + 1)
    key = fresh()
    entry.strike(key, PRICE, now() + HOUR, sender=FILLER)
    assert entry.fill(key, [ALICE], sender=FILLER) == 10 * WAD
    world.armed()
    world.lapse(1)
    before = world.money(ALICE, BOB, CAROL)
    assert give_back(world, ALICE, BOB, CAROL, MALLORY, vault=entry) == 3
    assert give_back(world, ALICE, BOB, CAROL, vault=entry) == 0
    assert [a - b for a, b in zip(world.money(ALICE, BOB, CAROL), before, strict=True)] == [0, 800 * 10**6, 900 * 10**6]
    assert world.stock.balanceOf(ALICE) == 1010 * WAD
    assert (entry.totalRequested(), entry.totalClaimable(), world.stock.balanceOf(entry)) == (0, 0, 0)
    assert world.windup.burnFor(world.stock, [ALICE, BOB, CAROL], sender=MALLORY) == 3
    assert world.ending()["cash"] == 0
    world.windup.close(world.stock, sender=DESK)
    assert give_back(world, ALICE, vault=entry) == 0


def test_whom_the_coin_refuses_keeps_his_coins_and_stops_nobody(world: Endings) -> None:
    coin = deploy_stub("UnrulyCoin", 6)
    entry = entry_for(world, coin)
    for account in (ALICE, BOB):
        entry.requestDeposit(10**9, account, account, sender=account)
    world.armed()
    coin.blacklist(ALICE, True)
    assert give_back(world, ALICE, BOB, vault=entry) == 2
    assert (entry.claimableCancelDepositRequest(0, ALICE), coin.balanceOf(entry)) == (10**9, 10**9)
    assert entry.pendingDepositRequest(0, ALICE) == 0
    coin.blacklist(ALICE, False)
    assert give_back(world, ALICE, vault=entry) == 1
    assert coin.balanceOf(entry) == 0


@pytest.mark.parametrize("mode", [1, 4, 5])
def test_a_coin_that_pays_not_what_it_was_told_leaves_the_refund(world: Endings, mode: int) -> None:
    """It says no, takes more, or takes nothing and says yes."""
    coin = deploy_stub("UnrulyCoin", 6)
    entry = entry_for(world, coin)
    entry.requestDeposit(10**9, ALICE, ALICE, sender=ALICE)
    coin.mint(entry, 10**9)
    world.armed()
    coin.set_mode(mode)
    assert give_back(world, ALICE, vault=entry) == 1
    assert give_back(world, ALICE, vault=entry) == 0
    assert (entry.claimableCancelDepositRequest(0, ALICE), coin.balanceOf(entry)) == (10**9, 2 * 10**9)
