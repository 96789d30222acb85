"""DividendDistributor: what nobody fetched is swept after the expiry; what is wrong is stopped, and recalled."""

from __future__ import annotations

import pytest
from support.contract_calls import ZERO32, refuses, set_clock
from support.dividend_world import DOCUMENT, EXPIRY, REASON, Dividends, usual
from support.issuance_world import ADMIN, ALICE, BOB, DESK, PAUSER, TREASURY, UNPAUSER, YEAR

WHOLE = 10**6
STATUS, STOPPED = 3, 4


def ended(world: Dividends, id: bytes) -> None:
    """Nothing more is paid of it."""
    tree = usual()
    for call in (
        lambda: world.claim(id, tree, 2),
        lambda: world.push(id, tree),
        lambda: world.distributor.payParked(id, 1),
        lambda: world.distributor.sweep(id, sender=DESK),
        lambda: world.distributor.recall(id, REASON, DOCUMENT, sender=ADMIN),
    ):
        with refuses("dividend: not funded"):
            call()


def test_what_nobody_fetched_is_swept_after_the_expiry(world: Dividends) -> None:
    tree = usual()
    coin, id = world.unruly_dividend(tree)
    coin.blacklist(BOB, True)
    world.claim(id, tree, 0)
    world.claim(id, tree, 1)
    set_clock(EXPIRY - 1)
    with refuses("dividend: not expired"):
        world.distributor.sweep(id, sender=DESK)
    set_clock(EXPIRY)
    before = coin.balanceOf(TREASURY)
    world.distributor.sweep(id, sender=DESK)
    swept = tree.root.sum - 850 * WHOLE
    assert world.distributor.events()[-1].values == {"id": id, "treasury": TREASURY, "amount": swept}
    assert (coin.balanceOf(TREASURY) - before, coin.balanceOf(world.distributor), world.unpaid(id)) == (swept, 0, 0)
    ended(world, id)


def test_a_late_claim_is_paid_until_it_is_swept(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree, at=EXPIRY + 10 * YEAR)
    assert world.claim(id, tree, 0)


def test_a_part_that_is_posted_late_is_open_as_long_as_any(world: Dividends) -> None:
    """Of a document that came years later: what it saves could be swept before anybody was able to fetch it."""
    action = world.declare()
    set_clock(EXPIRY)
    id = world.post(action, usual())
    world.distributor.fund(id, usual().root.sum, sender=TREASURY)
    with refuses("dividend: not expired"):
        world.distributor.sweep(id, sender=DESK)
    expiry = world.distributor.distribution(id)[9]
    assert EXPIRY + 3 * YEAR <= expiry <= EXPIRY + 3 * YEAR + 60
    set_clock(expiry)
    world.distributor.sweep(id, sender=DESK)


def test_a_treasury_that_the_coin_refuses_waits(world: Dividends) -> None:
    coin, id = world.unruly_dividend(usual())
    coin.blacklist(TREASURY, True)
    set_clock(EXPIRY)
    with refuses("dividend: payment failed"):
        world.distributor.sweep(id, sender=DESK)
    coin.blacklist(TREASURY, False)
    world.distributor.sweep(id, sender=DESK)


def test_where_all_is_paid_a_sweep_moves_nothing(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    for place in range(4):
        world.claim(id, tree, place)
    set_clock(EXPIRY)
    world.distributor.sweep(id, sender=DESK)
    assert world.distributor.events()[-1].values["amount"] == 0


def test_a_stop_holds_everything_but_the_tax(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    with refuses("dividend: not stopped"):
        world.resume(id)
    world.stop(id)
    assert world.distributor.distribution(id)[STOPPED]
    set_clock(EXPIRY)
    for call in (
        lambda: world.claim(id, tree, 0),
        lambda: world.push(id, tree),
        lambda: world.distributor.payParked(id, 0),
        lambda: world.distributor.sweep(id, sender=DESK),
    ):
        with refuses("dividend: stopped"):
            call()
    world.distributor.remit(id, sender=TREASURY)
    world.resume(id)
    assert world.claim(id, tree, 0)


def test_one_distribution_is_stopped_and_no_other(world: Dividends) -> None:
    tree = usual()
    _, other = world.unruly_dividend(tree)
    assert other
    world.stop(other)
    with refuses("dividend: stopped"):
        world.claim(other, tree, 0)


@pytest.mark.parametrize("account", [PAUSER, UNPAUSER])
def test_pause_and_resume_are_two_roles(world: Dividends, account: str) -> None:
    id = world.funded(usual())
    call = world.distributor.resume if account == PAUSER else world.distributor.stop
    with refuses("roles: not authorised"):
        call(id, sender=account)


def test_a_wrong_root_is_recalled_by_the_timelock(world: Dividends) -> None:
    tree = usual()
    id = world.funded(tree)
    world.claim(id, tree, 0)
    for reason, document in ((0, DOCUMENT), (REASON, ZERO32)):
        with refuses("dividend: reason and document"):
            world.distributor.recall(id, reason, document, sender=ADMIN)
    with refuses("dividend: not stopped"):
        world.distributor.recall(id, REASON, DOCUMENT, sender=ADMIN)
    world.stop(id)
    before = world.coin.balanceOf(TREASURY)
    world.distributor.recall(id, REASON, DOCUMENT, sender=ADMIN)
    left = tree.root.sum - 850 * WHOLE
    said = {"id": id, "treasury": TREASURY, "amount": left, "reason": REASON, "document": DOCUMENT}
    assert world.distributor.events(world.coin)[-1].values == said
    assert world.coin.balanceOf(TREASURY) == before + left
    ended(world, id)


def test_what_is_over_is_not_stopped(world: Dividends) -> None:
    id = world.funded(usual())
    set_clock(EXPIRY)
    world.distributor.sweep(id, sender=DESK)
    for unknown in (id, b"\1" * 32):
        with refuses("dividend: not posted"):
            world.stop(unknown)
    assert world.coin.balanceOf(ALICE)
