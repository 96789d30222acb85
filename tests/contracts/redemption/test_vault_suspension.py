"""RequestVault: a request that waits too long stops new mints of its stock, and of no other, until a fill clears it."""

from __future__ import annotations

import pytest
from eth_utils import keccak
from support.contract_calls import Event, named, now, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, DAY, MALLORY, MINTER, WAD
from support.redemption_world import DESK, MINIMUM, PATIENCE, TERMS, Redemption

TEN = 10 * WAD


def late(world: Redemption, account: str = ALICE, amount: int = TEN) -> None:
    """A request that has waited exactly as long as it may."""
    world.ask(amount, account)
    set_clock(now() + PATIENCE)
    world.attest(10_000)


def mints(world: Redemption) -> bool:
    """Whether the stock can be minted."""
    if world.stock.mintsSuspended():
        with refuses("token: mints suspended"):
            world.stock.mint(BOB, WAD, sender=MINTER)
        return False
    world.stock.mint(BOB, WAD, sender=MINTER)
    return True


def test_anyone_stops_mints_for_a_late_request_and_a_fill_lets_them_go_on(world: Redemption) -> None:
    late(world)
    assert world.vault.isOverdue(ALICE)
    world.vault.suspend(ALICE, sender=MALLORY)
    assert world.vault.events(world.stock) == [
        Event(world.stock.address, "MintsSuspended", {"suspended": True, "by": world.vault.address}),
        Event(world.vault.address, "SuspendedFor", {"controller": ALICE}),
    ]
    assert not mints(world)
    with refuses("vault: still overdue"):
        world.vault.resume(sender=MALLORY)
    world.fill(ALICE)
    assert [one.name for one in world.vault.events(world.stock, world.coin)][-2:] == [
        "MintsSuspended",
        "SuspensionEnded",
    ]
    assert world.vault.suspendedFor() == "0x" + "00" * 20
    assert mints(world)


def test_a_second_early_a_unit_short_and_a_stranger_stop_nothing(world: Redemption) -> None:
    late(world, ALICE, MINIMUM - 1)
    world.ask(MINIMUM, BOB)
    set_clock(now() + PATIENCE - 1)
    for account in (ALICE, BOB, MALLORY):
        assert not world.vault.isOverdue(account)
        with refuses("vault: not overdue"):
            world.vault.suspend(account, sender=MALLORY)
    set_clock(now() + 1)
    world.vault.suspend(BOB, sender=MALLORY)


def test_small_units_asked_for_early_do_not_age_for_what_is_added_late(world: Redemption) -> None:
    late(world, ALICE, 1)
    world.ask(TEN)
    assert not world.vault.isOverdue(ALICE)


@pytest.mark.parametrize("how", ["block", "freeze"])
def test_a_blocked_request_stops_nothing_and_ends_what_it_stopped(world: Redemption, how: str) -> None:
    late(world)
    world.vault.suspend(ALICE, sender=ALICE)
    getattr(world, how)()
    assert not world.vault.isOverdue(ALICE)
    world.vault.resume(sender=MALLORY)
    assert mints(world)
    with refuses("vault: not overdue"):
        world.vault.suspend(ALICE, sender=ALICE)


def test_a_lapsed_holders_request_counts(world: Redemption) -> None:
    late(world)
    world.lapse()
    world.vault.suspend(ALICE, sender=MALLORY)


def test_calling_back_ends_it(world: Redemption) -> None:
    late(world)
    world.vault.suspend(ALICE, sender=MALLORY)
    world.vault.cancelRedeemRequest(0, ALICE, sender=ALICE)
    assert mints(world)


def test_a_fill_of_another_does_not_end_it(world: Redemption) -> None:
    late(world)
    world.vault.suspend(ALICE, sender=MALLORY)
    world.ask(TEN, BOB)
    assert world.fill(BOB) == TEN
    assert not mints(world)


def test_of_two_late_vaults_the_second_stops_mints_again(world: Redemption) -> None:
    _, other = world.unruly()
    world.ask(TEN, BOB, vault=other)
    late(world)
    world.vault.suspend(ALICE, sender=MALLORY)
    other.suspend(BOB, sender=MALLORY)
    world.fill(ALICE)
    assert mints(world)
    other.suspend(BOB, sender=MALLORY)
    assert not mints(world)
    world.fill(BOB, vault=other)
    assert mints(world)


def test_transfers_and_redemptions_go_on(world: Redemption) -> None:
    late(world)
    world.vault.suspend(ALICE, sender=MALLORY)
    world.stock.transfer(BOB, WAD, sender=ALICE)
    world.ask(WAD, BOB)
    other = world.create_stock("US0378331005")
    world.configure(other)
    other.mint(BOB, WAD, sender=MINTER)


def test_it_is_lifted_by_the_timelock_where_the_vault_has_lost_its_role(world: Redemption) -> None:
    late(world)
    world.vault.suspend(ALICE, sender=MALLORY)
    world.roles.revokeRole(keccak(text="VAULT"), world.vault, sender=ADMIN)
    for account in (MALLORY, DESK, named("pauser")):
        with refuses("roles: not authorised"):
            world.stock.setSuspended(False, sender=account)
    world.stock.setSuspended(False, sender=ADMIN)
    assert mints(world)


@pytest.mark.parametrize("how", ["pause", "halt"])
def test_it_works_in_a_pause_and_in_a_halt(world: Redemption, how: str) -> None:
    late(world)
    getattr(world, how)()
    world.vault.suspend(ALICE, sender=MALLORY)
    assert world.stock.mintsSuspended()
    assert world.market.maxMint(world.stock, ALICE, world.coin) == 0


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 0), (0, 2**128), (1, DAY - 1), (1, 30 * DAY + 1), (1, 2**256 - 1), (2, 0), (2, 5_001)],
)
def test_terms_are_bounded_and_the_timelocks(world: Redemption, place: int, value: int) -> None:
    terms = list(TERMS)
    terms[place] = value
    with refuses("vault: bad terms"):
        world.vault.setTerms(*terms, sender=ADMIN)
    with refuses("roles: not authorised"):
        world.vault.setTerms(*TERMS, sender=DESK)
    world.vault.setTerms(1, DAY, 5_000, sender=ADMIN)
    assert (world.vault.minimum(), world.vault.patience(), world.vault.band()) == (1, DAY, 5_000)
