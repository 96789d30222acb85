"""RequestVault: shares instead of money. The holder says how, the custodian's receipt ends it, and nothing is paid."""

from __future__ import annotations

import pytest
from eth_utils import keccak
from support.contract_calls import Event, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, DOCUMENT, MALLORY, PAUSER, REASON, TREASURY, WAD, word32
from support.redemption_world import DESK, ENFORCER, OTHER, PATIENCE, Redemption, fresh

TEN = 10 * WAD
DELIVERY, RECEIPT = word32("to account 12 at a broker"), word32("receipt 7")
CUSTODIAN = named("attestor")


@pytest.fixture
def kind(world: Redemption) -> Redemption:
    """The vault takes requests in kind, and the custodian speaks by ATTESTOR."""
    world.vault.setInKind(True, sender=ADMIN)
    world.roles.grantRole(keccak(text="ATTESTOR"), CUSTODIAN, sender=ADMIN)
    return world


def ask(world: Redemption, amount: int = TEN, account: str = ALICE, delivery: bytes = DELIVERY) -> None:
    world.vault.requestInKind(amount, account, account, delivery, sender=account)


def deliver(
    world: Redemption,
    amount: int = TEN,
    account: str = ALICE,
    delivery: bytes = DELIVERY,
    receipt: bytes = RECEIPT,
    sender: str = CUSTODIAN,
) -> None:
    world.vault.deliverInKind(account, amount, delivery, receipt, fresh(), sender=sender)


def test_units_are_burnt_on_the_custodians_receipt_and_nothing_is_paid(kind: Redemption) -> None:
    supply, coins = kind.stock.totalSupply(), kind.coin.balanceOf(TREASURY)
    ask(kind)
    said = {"controller": ALICE, "delivery": DELIVERY, "shares": TEN}
    assert kind.vault.events(kind.stock)[-1] == Event(kind.vault.address, "InKindRequest", said)
    assert kind.vault.deliveryOf(ALICE) == DELIVERY
    assert kind.stock.totalSupply() == supply
    deliver(kind)
    said = {"controller": ALICE, "delivery": DELIVERY, "receipt": RECEIPT, "shares": TEN}
    assert kind.vault.events(kind.stock)[-1] == Event(kind.vault.address, "DeliveredInKind", said)
    assert kind.stock.totalSupply() == supply - TEN
    assert kind.coin.balanceOf(TREASURY) == coins
    assert (kind.waiting(), kind.vault.claimableRedeemRequest(0, ALICE), kind.vault.deliveryOf(ALICE)) == (
        0,
        0,
        bytes(32),
    )
    kind.check()


def test_a_vault_takes_none_before_the_timelock_says_so(world: Redemption) -> None:
    with refuses("vault: not in kind"):
        ask(world)
    for who in (DESK, PAUSER, MALLORY):
        with refuses("roles: not authorised"):
            world.vault.setInKind(True, sender=who)
    world.vault.setInKind(True, sender=ADMIN)
    ask(world)
    world.vault.setInKind(False, sender=ADMIN)
    assert world.vault.events() == [Event(world.vault.address, "InKindSet", {"taken": False})]
    with refuses("vault: not in kind"):
        ask(world, account=BOB)
    assert world.vault.deliveryOf(ALICE) == DELIVERY


def test_what_a_request_in_kind_lacks_is_said(kind: Redemption) -> None:
    with refuses("vault: no delivery"):
        ask(kind, delivery=bytes(32))
    with refuses("vault: not the owner"):
        kind.vault.requestInKind(TEN, ALICE, ALICE, DELIVERY, sender=MALLORY)
    with refuses("vault: other investor"):
        kind.vault.requestInKind(TEN, BOB, ALICE, DELIVERY, sender=ALICE)
    with refuses("token: zero amount"):
        ask(kind, 0)


def test_requests_of_two_kinds_do_not_wait_together(kind: Redemption) -> None:
    ask(kind)
    with refuses("vault: other kind waits"):
        kind.ask()
    kind.ask(account=BOB)
    with refuses("vault: other kind waits"):
        ask(kind, account=BOB)
    kind.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    assert kind.vault.deliveryOf(ALICE) == bytes(32)
    kind.ask()
    assert kind.vault.deliveryOf(ALICE) == bytes(32)
    kind.check()


def test_no_fill_for_money_takes_one_in_kind(kind: Redemption) -> None:
    ask(kind)
    kind.ask(account=BOB)
    assert kind.fill(ALICE, BOB) == TEN
    assert kind.waiting() == TEN
    kind.check()


@pytest.mark.parametrize("who", [ALICE, DESK, ADMIN, ENFORCER, MALLORY])
def test_only_the_custodian_delivers(kind: Redemption, who: str) -> None:
    ask(kind)
    with refuses("roles: not authorised"):
        deliver(kind, sender=who)


def test_a_receipt_is_for_what_waits_as_it_was_ordered(kind: Redemption) -> None:
    ask(kind)
    kind.ask(account=BOB)
    for changes, refusal in (
        ({"receipt": bytes(32)}, "vault: no receipt"),
        ({"delivery": RECEIPT}, "vault: other delivery"),
        ({"delivery": bytes(32), "account": BOB}, "vault: other delivery"),
        ({"account": BOB}, "vault: other delivery"),
        ({"amount": TEN - 1}, "vault: other amount"),
        ({"amount": TEN + 1}, "vault: other amount"),
        ({"amount": 0}, "vault: other amount"),
    ):
        with refuses(refusal):
            deliver(kind, **changes)
    ask(kind, WAD, delivery=word32("elsewhere"))
    with refuses("vault: other delivery"):
        deliver(kind)
    with refuses("vault: other amount"):
        deliver(kind, delivery=word32("elsewhere"))
    key = fresh()
    kind.vault.deliverInKind(ALICE, TEN + WAD, word32("elsewhere"), RECEIPT, key, sender=CUSTODIAN)
    ask(kind)
    with refuses("keys: used"):
        kind.vault.deliverInKind(ALICE, TEN, DELIVERY, RECEIPT, key, sender=CUSTODIAN)
    kind.check()


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ("block", "vault: held"),
        ("freeze", "vault: held"),
        ("pause", "token: paused"),
        ("halt", "token: halted"),
        ("lapse", ""),
    ],
)
def test_what_holds_a_fill_holds_a_delivery(kind: Redemption, how: str, refusal: str) -> None:
    ask(kind)
    getattr(kind, how)()
    if not refusal:
        deliver(kind)
        assert kind.waiting() == 0
        return
    with refuses(refusal):
        deliver(kind)
    assert kind.waiting() == TEN


def test_it_is_called_back_handed_back_and_counts_as_late_as_any(kind: Redemption) -> None:
    ask(kind)
    set_clock(now() + PATIENCE)
    kind.vault.suspend(ALICE, sender=MALLORY)
    assert kind.stock.mintsSuspended()
    deliver(kind)
    assert not kind.stock.mintsSuspended()
    before = kind.stock.balanceOf(ALICE)
    ask(kind)
    kind.vault.returnUnits(ALICE, REASON, DOCUMENT, fresh(), sender=ENFORCER)
    assert kind.stock.balanceOf(ALICE) == before
    kind.vault.requestInKind(TEN, OTHER, ALICE, DELIVERY, sender=ALICE)
    kind.vault.cancelRedeemRequest(0, OTHER, sender=OTHER)
    kind.vault.claimCancelRedeemRequest(0, ALICE, OTHER, sender=OTHER)
    with refuses("vault: other delivery"):
        deliver(kind, account=OTHER)
    assert kind.stock.balanceOf(ALICE) == before
    kind.check()
