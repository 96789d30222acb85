"""Ondo: units of an account that had lost its clearance could not be burnt (found twice); a redemption minimum stranded
small holders; a pause for corporate actions was only advisory."""

import pytest
from support.contract_calls import refuses, set_clock
from support.contract_world import ADMIN, ALICE, BOB, CAROL, EXPIRY, HELD, MINTER, PAUSER, START, World


@pytest.mark.parametrize("lost", ["lapsed", "cut short", "unlinked", "linked elsewhere", "new epoch"])
def test_an_account_without_clearance_can_leave(world: World, lost: str) -> None:
    match lost:
        case "lapsed":
            set_clock(EXPIRY)
        case "cut short":
            world.renew(1, START)
        case "unlinked":
            world.unlink(1, ALICE)
        case "linked elsewhere":
            world.unlink(1, ALICE)
            world.link(3, ALICE)
            world.renew(3, START)
        case "new epoch":
            world.renew(1, START)
            world.stock.bumpEpoch(sender=ADMIN)
    with refuses("ERC7943CannotSend", ALICE):
        world.stock.transfer(BOB, 1, sender=ALICE)
    assert world.stock.burn(ALICE, HELD, sender=MINTER) is True


def test_what_is_forced_does_not_need_a_clearance(world: World) -> None:
    world.renew(1, START)
    world.block(1)
    world.freeze(world.stock, ALICE)
    world.stock.pause(sender=PAUSER)
    assert world.seize(world.stock, ALICE, CAROL, HELD) is True


def test_the_smallest_unit_can_leave(world: World) -> None:
    world.stock.transfer(CAROL, 1, sender=ALICE)
    assert world.stock.burn(CAROL, 1, sender=MINTER) is True


def test_a_pause_is_not_advice(world: World) -> None:
    world.stock.pause(sender=PAUSER)
    for call in (
        lambda: world.stock.transfer(BOB, 1, sender=ALICE),
        lambda: world.stock.burn(ALICE, 1, sender=MINTER),
        lambda: world.stock.mint(ALICE, 1, sender=MINTER),
    ):
        with refuses("token: paused"):
            call()
