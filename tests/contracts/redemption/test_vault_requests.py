"""RequestVault: asking and calling back. Only a block, a freeze, a frozen part, a lock-up, a pause or a halt refuse."""

from __future__ import annotations

import pytest
from support.contract_calls import MAX, ZERO, Event, named, now, refuses, set_clock
from support.contract_world import BLOCKLIST
from support.issuance_world import (
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DOCUMENT,
    ISSUER,
    MALLORY,
    MINTER,
    PAUSER,
    REASON,
    SUPPLY,
    U128,
    WAD,
)
from support.redemption_world import DESK, ENFORCER, OTHER, Redemption, fresh

from scrip.evm.encoding.abi import ZERO_ADDRESS

TEN = 10 * WAD


def test_a_request_takes_the_units_in_and_says_whose(world: Redemption) -> None:
    assert world.vault.requestRedeem(TEN, ALICE, ALICE, sender=ALICE) == 0
    said = {"controller": ALICE, "owner": ALICE, "requestId": 0, "sender": ALICE, "shares": TEN}
    assert world.vault.events(world.stock) == [
        Event(world.stock.address, "Transfer", {"sender": ALICE, "receiver": world.vault.address, "value": TEN}),
        Event(world.vault.address, "RedeemRequest", said),
    ]
    assert (world.stock.balanceOf(ALICE), world.stock.balanceOf(world.vault)) == (SUPPLY - TEN, TEN)
    assert (world.waiting(), world.vault.requestedAt(ALICE), world.vault.totalRequested()) == (TEN, now(), TEN)
    assert world.vault.pendingRedeemRequest(1, ALICE) == 0
    world.check()


def test_a_second_request_adds_up_and_begins_the_wait_anew(world: Redemption) -> None:
    world.ask()
    set_clock(now() + DAY)
    world.ask(WAD)
    assert (world.waiting(), world.vault.requestedAt(ALICE)) == (11 * WAD, now())
    world.check()


@pytest.mark.parametrize("amount", [1, SUPPLY])
def test_no_amount_is_too_small_nor_too_large(world: Redemption, amount: int) -> None:
    world.ask(amount)
    assert world.waiting() == amount


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (0, "token: zero amount"),
        (SUPPLY + 1, "ERC20InsufficientBalance"),
        (U128, "ERC20InsufficientBalance"),
        (U128 + 1, "vault: too much"),
        (MAX, "vault: too much"),
    ],
)
def test_nothing_and_more_than_there_is_are_refused(world: Redemption, amount: int, refusal: str) -> None:
    assert not world.vault.canRequest(ALICE, amount)
    with refuses(refusal):
        world.ask(amount)
    world.check()


# --- who asks, and for whom ------------------------------------------------------------------------------------------


def test_a_stranger_asks_for_nobody_even_with_an_allowance(world: Redemption) -> None:
    world.stock.approve(MALLORY, MAX, sender=ALICE)
    for controller in (ALICE, MALLORY):
        with refuses("vault: not the owner"):
            world.vault.requestRedeem(TEN, controller, ALICE, sender=MALLORY)


def test_an_operator_asks_for_its_owner(world: Redemption) -> None:
    assert world.vault.setOperator(MALLORY, True, sender=ALICE) is True
    assert world.vault.events()[0].values == {"controller": ALICE, "operator": MALLORY, "approved": True}
    world.vault.requestRedeem(TEN, ALICE, ALICE, sender=MALLORY)
    with refuses("vault: other investor"):
        world.vault.requestRedeem(TEN, MALLORY, ALICE, sender=MALLORY)
    world.vault.setOperator(MALLORY, False, sender=ALICE)
    with refuses("vault: not the owner"):
        world.vault.requestRedeem(TEN, ALICE, ALICE, sender=MALLORY)


def test_a_controller_is_the_owners_investors(world: Redemption) -> None:
    world.vault.requestRedeem(TEN, OTHER, ALICE, sender=ALICE)
    assert (world.waiting(OTHER), world.waiting(ALICE)) == (TEN, 0)
    for stranger in (BOB, MALLORY, ZERO_ADDRESS):
        with refuses("vault: other investor"):
            world.vault.requestRedeem(TEN, stranger, ALICE, sender=ALICE)


def test_another_investors_account_needs_compliance_and_its_own_word(world: Redemption) -> None:
    """Its own too: whoever may ask for it begins its wait anew, for ever if it likes."""
    with refuses("roles: not authorised"):
        world.vault.approveAccount(ALICE, BOB, True, sender=ALICE)
    world.vault.approveAccount(ALICE, BOB, True, sender=COMPLIANCE)
    with refuses("vault: other investor"):
        world.vault.requestRedeem(TEN, BOB, ALICE, sender=ALICE)
    world.vault.setOperator(ALICE, True, sender=BOB)
    world.vault.requestRedeem(TEN, BOB, ALICE, sender=ALICE)
    assert world.waiting(BOB) == TEN
    world.vault.approveAccount(ALICE, BOB, False, sender=COMPLIANCE)
    with refuses("vault: other investor"):
        world.vault.requestRedeem(TEN, BOB, ALICE, sender=ALICE)


def test_two_strangers_are_not_one_investor(world: Redemption) -> None:
    """Of a BLOCKLIST stock, whose holders need be nobody on the register."""
    address = world.factory.createStock("Open", "OPEN", "US0378331005", 1, BLOCKLIST, sender=ISSUER)
    stock = type(world.stock)(address, world.stock.abi)
    world.configure(stock)
    stock.mint(MALLORY, TEN, sender=MINTER)
    vault = world.create_vault(world.coin, stock)
    with refuses("vault: other investor"):
        vault.requestRedeem(WAD, named("another stranger"), MALLORY, sender=MALLORY)
    vault.requestRedeem(WAD, MALLORY, MALLORY, sender=MALLORY)
    assert world.fill(MALLORY, vault=vault) == WAD
    vault.redeem(WAD, MALLORY, MALLORY, sender=MALLORY)
    assert world.coin.balanceOf(MALLORY) == 400 * 10**6


# --- what refuses and what does not ----------------------------------------------------------------------------------


def test_a_lapsed_holder_may_ask_and_gets_its_units_back(world: Redemption) -> None:
    world.lapse()
    assert not world.stock.canSend(ALICE)
    assert world.vault.canRequest(ALICE, TEN)
    world.ask()
    world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == SUPPLY
    world.check()


def test_a_stock_of_which_every_word_is_stale_takes_requests(world: Redemption) -> None:
    world.stock.bumpEpoch(sender=named("admin"))
    assert world.vault.canRequest(ALICE, TEN)
    world.ask()


@pytest.mark.parametrize("how", ["block", "freeze", "pause", "halt"])
def test_a_block_a_freeze_a_pause_and_a_halt_refuse(world: Redemption, how: str) -> None:
    getattr(world, how)()
    refusals = {"block": "ERC7943CannotSend", "freeze": "ERC7943CannotSend"}
    assert not world.vault.canRequest(ALICE, TEN)
    with refuses(refusals.get(how, f"token: {how}{'d' if how == 'pause' else 'ed'}")):
        world.ask()


def test_neither_a_blocked_vault_nor_a_paused_market_refuses(world: Redemption) -> None:
    world.registry.blockWallet(fresh(), world.vault, REASON, DOCUMENT, sender=COMPLIANCE)
    world.market.pause(sender=PAUSER)
    world.ask()
    assert world.fill(ALICE) == TEN
    world.vault.redeem(TEN, ALICE, ALICE, sender=ALICE)


@pytest.mark.parametrize("kind", ["frozen", "locked"])
def test_a_frozen_part_and_a_lock_up_stay(world: Redemption, kind: str) -> None:
    why = (REASON, DOCUMENT, fresh())
    if kind == "frozen":
        world.stock.setFrozenTokens(ALICE, SUPPLY - TEN, *why, sender=ENFORCER)
    else:
        world.stock.lock(ALICE, SUPPLY - TEN, now() + DAY, *why, sender=ENFORCER)
    assert not world.vault.canRequest(ALICE, TEN + 1)
    with refuses("ERC7943InsufficientUnfrozenBalance"):
        world.ask(TEN + 1)
    world.ask(TEN)


def test_a_cap_on_holders_counts_a_request_and_never_refuses_it(world: Redemption) -> None:
    world.pause()
    limits = (3, 2 * SUPPLY, 5 * WAD)
    world.registry.setHolderLimits(world.stock, *limits, sender=named("admin"))
    world.registry.seedHolders(world.stock, [ALICE, BOB, CAROL], sender=ALICE)
    world.stock.unpause(sender=named("unpauser"))
    world.ask(SUPPLY - 1)  # leaves less than the minimum behind, and the vault is a fourth holder
    assert world.registry.holderCount(world.stock)[0] == 4
    assert world.fill(ALICE) == SUPPLY - 1
    assert world.registry.holderCount(world.stock)[0] == 3


# --- calling back ----------------------------------------------------------------------------------------------------


def test_what_is_called_back_is_fetched_in_a_second_call(world: Redemption) -> None:
    world.ask()
    world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    assert world.vault.events()[0].values == {"controller": ALICE, "requestId": 0, "sender": ALICE}
    assert (world.waiting(), world.vault.claimableCancelRedeemRequest(0, ALICE)) == (0, TEN)
    assert world.vault.claimableCancelRedeemRequest(1, ALICE) == 0
    assert world.vault.pendingCancelRedeemRequest(0, ALICE) is False
    assert world.fill(ALICE) == 0
    world.check()
    world.vault.claimCancelRedeemRequest(0, OTHER, ALICE, sender=ALICE)
    told = {"controller": ALICE, "receiver": OTHER, "requestId": 0, "sender": ALICE, "shares": TEN}
    assert world.vault.events(world.stock)[-1].values == told
    assert world.stock.balanceOf(OTHER) == TEN
    world.check()


def test_nothing_is_called_back_or_fetched_twice(world: Redemption) -> None:
    world.ask()
    world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    with refuses("vault: nothing waits"):
        world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)
    with refuses("vault: nothing was cancelled"):
        world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == SUPPLY


def test_only_the_controller_or_its_operator_calls_back_and_fetches(world: Redemption) -> None:
    world.vault.requestRedeem(TEN, OTHER, ALICE, sender=ALICE)
    for stranger in (ALICE, BOB, MALLORY, DESK):
        with refuses("vault: not the controller"):
            world.vault.cancelRedeemRequest(0, OTHER, sender=stranger)
    world.vault.setOperator(MALLORY, True, sender=OTHER)
    world.vault.cancelRedeemRequest(0, OTHER, sender=MALLORY)
    for receiver in (MALLORY, BOB, ZERO):
        with refuses("vault: other investor"):
            world.vault.claimCancelRedeemRequest(0, receiver, OTHER, sender=MALLORY)
    world.vault.claimCancelRedeemRequest(0, ALICE, OTHER, sender=MALLORY)
    assert world.stock.balanceOf(ALICE) == SUPPLY


def test_another_request_id_names_nothing(world: Redemption) -> None:
    world.ask()
    with refuses("vault: bad request id"):
        world.vault.cancelRedeemRequest(1, ALICE, sender=ALICE)
    with refuses("vault: bad request id"):
        world.vault.claimCancelRedeemRequest(MAX, ALICE, ALICE, sender=ALICE)


def test_a_freeze_is_not_got_round_by_another_wallet(world: Redemption) -> None:
    world.ask()
    world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    world.freeze()
    for receiver in (ALICE, OTHER):
        with refuses("vault: held"):
            world.vault.claimCancelRedeemRequest(0, receiver, ALICE, sender=ALICE)
    world.freeze(frozen=False)
    world.freeze(OTHER)
    with refuses("vault: held"):
        world.vault.claimCancelRedeemRequest(0, OTHER, ALICE, sender=ALICE)
    world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)


@pytest.mark.parametrize("how", ["pause", "halt"])
def test_a_pause_and_a_halt_hold_the_units_but_not_the_calling_back(world: Redemption, how: str) -> None:
    world.ask()
    getattr(world, how)()
    world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    with refuses(f"token: {how}{'d' if how == 'pause' else 'ed'}"):
        world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)
    assert world.vault.claimableCancelRedeemRequest(0, ALICE) == TEN


# --- lost wallets, and units taken by force --------------------------------------------------------------------------


def test_a_successor_calls_back_and_the_thief_of_the_lost_wallet_does_not(world: Redemption) -> None:
    world.vault.setOperator(MALLORY, True, sender=ALICE)
    world.ask()
    new = world.recover()
    for thief in (ALICE, MALLORY):
        with refuses("vault: not the controller"):
            world.vault.cancelRedeemRequest(0, ALICE, sender=thief)
    world.vault.cancelRedeemRequest(0, ALICE, sender=new)
    with refuses("vault: other investor"):
        world.vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=new)
    world.vault.claimCancelRedeemRequest(0, new, ALICE, sender=new)
    assert world.stock.balanceOf(new) == SUPPLY


def test_whoever_has_the_successor_next_does_not_inherit_a_request(world: Redemption) -> None:
    world.ask()
    new = world.recover()
    world.registry.unlinkWallet(fresh(), 1, new, REASON, DOCUMENT, sender=COMPLIANCE)
    world.registry.linkWallet(fresh(), 2, new, sender=COMPLIANCE)
    with refuses("vault: no successor"):
        world.vault.cancelRedeemRequest(0, ALICE, sender=new)
    assert world.fill(ALICE) == 0
    # An officer hands the units back to where they came from, whence a seizure takes them.
    world.vault.returnUnits(ALICE, REASON, DOCUMENT, fresh(), sender=ENFORCER)
    assert world.stock.balanceOf(ALICE) == TEN
    world.check()


@pytest.mark.parametrize("how", ["block", "freeze", "lapse", "pause", "halt"])
@pytest.mark.parametrize("called_back", [False, True])
def test_an_officer_hands_units_back_in_any_state(world: Redemption, how: str, called_back: bool) -> None:
    world.ask()
    if called_back:
        world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    getattr(world, how)()
    key = fresh()
    world.vault.returnUnits(ALICE, REASON, DOCUMENT, key, sender=ENFORCER)
    told = {"controller": ALICE, "to": ALICE, "shares": TEN, "reason": REASON, "document": DOCUMENT}
    assert world.vault.events(world.stock)[-1].values == told
    assert world.stock.balanceOf(ALICE) == SUPPLY
    with refuses("keys: used"):
        world.vault.returnUnits(ALICE, REASON, DOCUMENT, key, sender=ENFORCER)
    with refuses("vault: nothing waits"):
        world.vault.returnUnits(ALICE, REASON, DOCUMENT, fresh(), sender=ENFORCER)
    world.check()


def test_force_needs_the_officer_a_reason_a_document_and_a_key(world: Redemption) -> None:
    world.ask()
    with refuses("roles: not authorised"):
        world.vault.returnUnits(ALICE, REASON, DOCUMENT, fresh(), sender=DESK)
    for reason, document in ((0, DOCUMENT), (REASON, bytes(32))):
        with refuses("case: reason and document"):
            world.vault.returnUnits(ALICE, reason, document, fresh(), sender=ENFORCER)
    with refuses("keys: empty"):
        world.vault.returnUnits(ALICE, REASON, DOCUMENT, bytes(32), sender=ENFORCER)


# --- the stock's side ------------------------------------------------------------------------------------------------


def test_the_stock_hears_vaults_alone(world: Redemption) -> None:
    world.ask()
    calls = [("escrow", ALICE, 1), ("release", ALICE, 1, False), ("release", ALICE, 1, True), ("retire", 1)]
    for name, *args in [*calls, ("setSuspended", True)]:
        for stranger in (ALICE, MALLORY, MINTER, DESK, ENFORCER):
            with refuses("roles: not authorised"):
                getattr(world.stock, name)(*args, sender=stranger)


def test_a_vault_gives_and_burns_what_it_has_and_no_more(world: Redemption) -> None:
    """Whatever its code were: another's balance is out of its reach but by escrow."""
    world.ask()
    at = world.vault.address
    for name, args in (("release", (ALICE, TEN + 1, True)), ("retire", (TEN + 1,)), ("retire", (MAX,))):
        with refuses("ERC20InsufficientBalance"):
            getattr(world.stock, name)(*args, sender=at)
    with refuses("ERC20InvalidReceiver"):
        world.stock.release(ZERO, 1, True, sender=at)
    with refuses("token: zero amount"):
        world.stock.retire(0, sender=at)
    world.block()
    with refuses("ERC7943CannotReceive"):
        world.stock.release(ALICE, 1, False, sender=at)
