"""WindUp: a stock's end is opened, and follows what becomes of its action."""

from __future__ import annotations

import pytest
from eth_utils import keccak
from support.contract_calls import now, refuses, set_clock
from support.ending_world import END, Endings
from support.issuance_world import ADMIN, DAY, DESK, DOCUMENT, MALLORY, REASON


def test_an_end_before_a_change_that_is_pending_is_refused(world: Endings) -> None:
    split = world.schedule("SPLF", "split", effectiveAt=END + 1)
    id = world.announce_end()
    with refuses("token: change pending"):
        world.windup.open(id, sender=DESK)
    world.cancel(split)
    world.windup.open(id, sender=DESK)
    assert world.stock.mintsEnd() == END


def test_a_cancelled_action_lets_the_stock_go_on(world: Endings) -> None:
    id = world.opened()
    with refuses("windup: nothing to follow"):
        world.windup.follow(world.stock, sender=MALLORY)
    world.book.cancel(id, REASON, DOCUMENT, sender=DESK)
    world.windup.follow(world.stock, sender=MALLORY)
    assert (world.stock.mintsEnd(), world.ending()["status"]) == (0, 0)
    with refuses("windup: not opened"):
        world.windup.follow(world.stock, sender=MALLORY)
    with refuses("windup: not announced"):
        world.windup.open(id, sender=DESK)
    world.opened()
    assert world.stock.mintsEnd() == END


def test_an_amended_effect_is_followed(world: Endings) -> None:
    id = world.opened()
    later = world.end_terms("LIQU", pay=END + DAY)
    world.book.amend(id, later, ("", "", ""), sender=DESK)
    world.windup.follow(world.stock, sender=MALLORY)
    assert world.stock.mintsEnd() == world.ending()["endAt"] == END + DAY
    world.book.amend(id, world.end_terms("LIQU"), ("", "", ""), sender=DESK)
    set_clock(END)
    assert not world.stock.mintsSuspended()
    with refuses("windup: to be followed"):
        world.windup.arm(world.stock, sender=MALLORY)
    world.windup.follow(world.stock, sender=MALLORY)
    assert world.stock.mintsSuspended()
    assert now() == END


@pytest.mark.parametrize("role", ["VAULT"])
def test_without_its_role_the_wind_up_ends_nothing(world: Endings, role: str) -> None:
    id = world.announce_end()
    world.roles.revokeRole(keccak(text=role), world.windup, sender=ADMIN)
    with refuses("roles: not authorised"):
        world.windup.open(id, sender=DESK)
    assert world.stock.mintsEnd() == 0
