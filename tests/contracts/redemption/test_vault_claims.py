"""RequestVault: fetching the money. A funded claim waits for nothing but a block or a freeze of who has it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from support.contract_calls import MAX, ZERO, Event, Handle, named, refuses
from support.issuance_world import ALICE, BOB, CAROL, COMPLIANCE, MALLORY, TREASURY, WAD
from support.redemption_world import DESK, OTHER, PRICE, Redemption

TEN = 10 * WAD
DUE = 4_000 * 10**6
KEEPER = named("keeper")


@pytest.fixture
def filled(world: Redemption) -> Redemption:
    """Alice has ten units filled, and the coins that her market account had begun with are burnt."""
    world.coin.transfer(TREASURY, world.coin.balanceOf(ALICE), sender=ALICE)
    world.ask()
    world.fill(ALICE)
    return world


@pytest.fixture
def unruly(world: Redemption) -> tuple[Redemption, Handle, Handle]:
    """The same with a stablecoin that misbehaves; Bob has a claim too."""
    coin, vault = world.unruly()
    world.ask(TEN, vault=vault)
    world.ask(TEN, BOB, vault=vault)
    world.fill(ALICE, BOB, vault=vault)
    return world, coin, vault


def test_a_claim_is_paid_and_said(filled: Redemption) -> None:
    vault = filled.vault
    assert (vault.maxRedeem(ALICE), vault.maxWithdraw(ALICE), vault.canClaim(ALICE)) == (TEN, DUE, True)
    assert vault.redeem(TEN, ALICE, ALICE, sender=ALICE) == DUE
    said = {"sender": ALICE, "receiver": ALICE, "owner": ALICE, "assets": DUE, "shares": TEN}
    assert vault.events(filled.coin)[-1] == Event(vault.address, "Withdraw", said)
    assert (filled.coin.balanceOf(ALICE), filled.coin.balanceOf(vault), vault.totalAssets()) == (DUE, 0, 0)
    assert (vault.maxRedeem(ALICE), vault.maxWithdraw(ALICE), vault.canClaim(ALICE)) == (0, 0, False)


def test_a_claim_is_paid_once(filled: Redemption) -> None:
    filled.vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    for function in (filled.vault.redeem, filled.vault.withdraw):
        with refuses("vault: more than claimable"):
            function(1, ALICE, ALICE, sender=ALICE)


@pytest.mark.parametrize("amount", [0, TEN + 1, MAX])
def test_nothing_and_more_than_there_is(filled: Redemption, amount: int) -> None:
    for function in (filled.vault.redeem, filled.vault.withdraw):
        with refuses("vault: more than claimable"):
            function(amount, ALICE, ALICE, sender=ALICE)


@pytest.mark.parametrize("parts", [(1, 1, TEN - 2), (TEN // 3, TEN // 3, TEN - 2 * (TEN // 3)), (TEN - 1, 1)])
def test_parts_come_to_the_whole(filled: Redemption, parts: tuple[int, ...]) -> None:
    assert sum(filled.vault.redeem(part, ALICE, ALICE, sender=ALICE) for part in parts) == DUE
    assert filled.vault.totalAssets() == 0


@pytest.mark.parametrize("parts", [(1, 1, DUE - 2), (DUE // 3, DUE - DUE // 3), (DUE - 1, 1)])
def test_so_do_parts_of_the_money(filled: Redemption, parts: tuple[int, ...]) -> None:
    assert sum(filled.vault.withdraw(part, ALICE, ALICE, sender=ALICE) for part in parts) == TEN
    assert (filled.coin.balanceOf(ALICE), filled.vault.totalAssets()) == (DUE, 0)


def test_money_that_few_units_stand_for_is_fetched_whole(world: Redemption) -> None:
    """Of one unit worth two coins the first coin takes the unit along, and the second is there all the same."""
    world.vault.setReference(2 * WAD, sender=named("admin"))
    world.ask(1)
    world.fill(ALICE, price=2 * WAD)
    before = world.coin.balanceOf(ALICE)
    assert world.vault.withdraw(1, ALICE, ALICE, sender=ALICE) == 1
    assert (world.vault.maxRedeem(ALICE), world.vault.maxWithdraw(ALICE)) == (0, 1)
    assert world.vault.withdraw(1, ALICE, ALICE, sender=ALICE) == 0
    assert world.coin.balanceOf(ALICE) == before + 2


# --- who, and to whom ------------------------------------------------------------------------------------------------


def test_a_keeper_fetches_for_whom_it_is_operator_to_accounts_of_theirs(filled: Redemption) -> None:
    vault = filled.vault
    for stranger in (KEEPER, BOB, DESK, OTHER):
        with refuses("vault: not the controller"):
            vault.redeem(TEN, ALICE, ALICE, sender=stranger)
    vault.setOperator(KEEPER, True, sender=ALICE)
    for receiver in (KEEPER, BOB, ZERO, vault.address):
        with refuses("vault: other investor"):
            vault.redeem(TEN, receiver, ALICE, sender=KEEPER)
    vault.redeem(TEN, OTHER, ALICE, sender=KEEPER)
    assert filled.coin.balanceOf(OTHER) == DUE


def test_compliance_lets_the_money_go_elsewhere(filled: Redemption) -> None:
    filled.vault.approveAccount(ALICE, MALLORY, True, sender=COMPLIANCE)
    said = {"owner": ALICE, "account": MALLORY, "approved": True}
    assert filled.vault.events() == [Event(filled.vault.address, "AccountApproved", said)]
    filled.vault.redeem(TEN, MALLORY, ALICE, sender=ALICE)
    assert filled.coin.balanceOf(MALLORY) == DUE


@pytest.mark.parametrize("how", ["lapse", "pause", "halt"])
def test_a_lapse_a_pause_and_a_halt_hold_no_money(filled: Redemption, how: str) -> None:
    getattr(filled, how)()
    assert filled.vault.maxRedeem(ALICE) == TEN
    filled.vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    assert filled.coin.balanceOf(ALICE) == DUE


@pytest.mark.parametrize("how", ["block", "freeze"])
def test_a_block_and_a_freeze_do_and_no_other_wallet_gets_round_them(filled: Redemption, how: str) -> None:
    getattr(filled, how)()
    assert (filled.vault.maxRedeem(ALICE), filled.vault.maxWithdraw(ALICE), filled.vault.canClaim(ALICE)) == (
        0,
        0,
        False,
    )
    for receiver in (ALICE, OTHER):
        with refuses("vault: held"):
            filled.vault.redeem(TEN, receiver, ALICE, sender=ALICE)
    assert filled.vault.claimAll([ALICE], sender=ALICE) == 0
    assert filled.vault.claimableRedeemRequest(0, ALICE) == TEN


def test_a_successor_is_paid_and_the_thief_of_the_lost_wallet_is_not(filled: Redemption) -> None:
    filled.vault.setOperator(KEEPER, True, sender=ALICE)
    new = filled.recover()
    for thief in (ALICE, KEEPER):
        with refuses("vault: not the controller"):
            filled.vault.redeem(TEN, new, ALICE, sender=thief)
        assert filled.vault.claimAll([ALICE], sender=thief) == 0
    assert filled.vault.maxRedeem(ALICE) == TEN
    filled.vault.redeem(TEN, new, ALICE, sender=new)
    assert filled.coin.balanceOf(new) == DUE


def test_a_request_of_a_lost_wallet_is_filled_for_its_successor(world: Redemption) -> None:
    world.ask()
    new = world.recover()
    assert world.fill(ALICE) == TEN
    assert world.vault.claimAll([ALICE], sender=new) == 1
    assert world.coin.balanceOf(new) == DUE


# --- a keeper's batch ------------------------------------------------------------------------------------------------


def test_a_batch_pays_each_its_own_and_skips_who_is_not_the_callers(world: Redemption) -> None:
    for account in (ALICE, BOB, CAROL):
        world.ask(TEN, account)
    world.fill(ALICE, BOB, CAROL)
    for account in (ALICE, BOB):
        world.vault.setOperator(KEEPER, True, sender=account)
    before = world.coin.balanceOf(BOB)
    assert world.vault.claimAll([ALICE, MALLORY, CAROL, BOB, ALICE], sender=KEEPER) == 2
    assert (world.coin.balanceOf(BOB) - before, world.coin.balanceOf(CAROL)) == (DUE, 0)
    assert world.vault.totalAssets() == DUE
    assert world.vault.claimAll([ALICE, BOB], sender=KEEPER) == 0
    world.check()


def test_whom_the_coin_refuses_keeps_its_claim_and_the_others_are_paid(
    unruly: tuple[Redemption, Handle, Handle],
) -> None:
    world, coin, vault = unruly
    for account in (ALICE, BOB):
        vault.setOperator(KEEPER, True, sender=account)
    coin.blacklist(ALICE, True)
    assert vault.claimAll([ALICE, BOB], sender=KEEPER) == 1
    parked = {"controller": ALICE, "payee": ALICE, "assets": DUE}
    assert Event(vault.address, "Parked", parked) in vault.events()
    assert (coin.balanceOf(BOB), vault.maxWithdraw(ALICE), vault.totalAssets()) == (DUE, DUE, DUE)
    with refuses("vault: coin refused"):
        vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    vault.redeem(TEN, OTHER, ALICE, sender=ALICE)
    assert coin.balanceOf(OTHER) == DUE
    assert coin.balanceOf(vault) == 0
    world.check(vault=vault, coin=coin)


@pytest.mark.parametrize("hook", [1, 2], ids=["spends all gas", "sends a unit back"])
def test_a_payee_that_is_told_of_its_payment_stops_nobody_elses(
    unruly: tuple[Redemption, Handle, Handle], hook: int
) -> None:
    """Either undid the whole batch: what remained of the gas was too little, or the vault's balance was not as said."""
    world, coin, vault = unruly
    for account in (ALICE, BOB):
        vault.setOperator(KEEPER, True, sender=account)
    coin.set_hook(ALICE, hook)
    paid = 0
    with suppress(Exception):
        paid = vault.claimAll([ALICE, BOB, ALICE], sender=KEEPER, gas=2_000_000)
    assert paid == 1, "the whole batch was undone"
    parked = Event(vault.address, "Parked", {"controller": ALICE, "payee": ALICE, "assets": DUE})
    assert vault.events().count(parked) == 2
    assert (coin.balanceOf(BOB), vault.maxWithdraw(ALICE), vault.totalAssets()) == (DUE, DUE, DUE)
    world.check(vault=vault, coin=coin)
    coin.set_hook(ALICE, 0)
    assert vault.claimAll([ALICE], sender=KEEPER) == 1


def test_a_batch_with_too_little_gas_fails_rather_than_parks(unruly: tuple[Redemption, Handle, Handle]) -> None:
    world, coin, vault = unruly
    with refuses("vault: too little gas"):
        vault.claimAll([ALICE], sender=ALICE, gas=330_000)
    assert vault.claimAll([ALICE], sender=ALICE, gas=440_000) == 1
    world.check(vault=vault, coin=coin)


def test_nobody_pays_a_claim_but_the_vault(filled: Redemption) -> None:
    for sender in (ALICE, DESK, MALLORY):
        with refuses("vault: not the vault"):
            filled.vault.payAlone(ALICE, MALLORY, sender=sender)


def test_a_claim_that_stays_leaves_what_waits_beside_it(unruly: tuple[Redemption, Handle, Handle]) -> None:
    """A parked claim was put back as a fill is, which ends what waits: those units were nobody's."""
    world, coin, vault = unruly
    world.ask(3 * WAD, vault=vault)
    coin.blacklist(ALICE, True)
    assert vault.claimAll([ALICE], sender=ALICE) == 0
    assert (vault.pendingRedeemRequest(0, ALICE), vault.maxWithdraw(ALICE)) == (3 * WAD, DUE)
    world.check(vault=vault, coin=coin)
    vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    vault.claimCancelRedeemRequest(0, ALICE, ALICE, sender=ALICE)


@pytest.mark.parametrize(
    ("mode", "refusal"),
    [
        (1, "vault: coin refused"),
        (4, "vault: payment short"),
        (5, "vault: payment short"),
    ],
    ids=["answers False", "takes more of the payer", "moves nothing"],
)
def test_no_coin_pays_one_out_of_anothers_claim(
    unruly: tuple[Redemption, Handle, Handle], mode: int, refusal: str
) -> None:
    _, coin, vault = unruly
    coin.set_mode(mode)
    with refuses(refusal):
        vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    assert (vault.claimableRedeemRequest(0, ALICE), coin.balanceOf(vault)) == (TEN, 2 * DUE)
    coin.set_mode(0)
    assert vault.redeem(TEN, ALICE, ALICE, sender=ALICE) == DUE


def test_a_coin_that_begins_to_keep_a_fee_shuts_nobody_in(unruly: tuple[Redemption, Handle, Handle]) -> None:
    _, coin, vault = unruly
    coin.set_mode(3)
    vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    assert (coin.balanceOf(ALICE), coin.balanceOf(vault)) == (DUE * 99 // 100, DUE)


# --- coins that nobody's claim stands for ----------------------------------------------------------------------------


def test_stray_coins_are_the_treasurys_and_no_claim_is_touched(filled: Redemption) -> None:
    rich = filled.coin.balanceOf(TREASURY)
    filled.coin.mint(filled.vault, 5)
    assert filled.vault.skim(sender=MALLORY) == 5
    said = {"treasury": TREASURY, "assets": 5}
    assert filled.vault.events(filled.coin)[-1] == Event(filled.vault.address, "Skimmed", said)
    assert filled.vault.skim(sender=MALLORY) == 0
    assert (filled.coin.balanceOf(TREASURY), filled.coin.balanceOf(filled.vault)) == (rich + 5, DUE)


def test_coins_taken_from_the_vault_leave_nothing_to_skim(unruly: tuple[Redemption, Handle, Handle]) -> None:
    _, coin, vault = unruly
    coin.set_mode(4)
    coin.mint(MALLORY, 1)
    with refuses("vault: payment short"):
        vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    assert vault.skim(sender=MALLORY) == 0


def test_stray_units_change_nobodys_request(world: Redemption) -> None:
    """Of a stock that lets anyone hold; an officer's forced transfer gives them back."""
    world.registry.onboard(b"\x07" * 32, [(9, world.vault.address, 840, 4, 2**40 - 1)], sender=COMPLIANCE)
    world.stock.transfer(world.vault, WAD, sender=BOB)
    world.ask()
    assert world.vault.totalRequested() == TEN
    assert world.fill(ALICE, BOB) == TEN
    assert world.stock.balanceOf(world.vault) == WAD
    assert world.vault.convertToAssets(TEN) == TEN * PRICE // WAD
