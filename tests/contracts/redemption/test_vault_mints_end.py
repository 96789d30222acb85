"""A stock's end: the second from which nothing is minted, by any way, and no multiplier changes."""

from __future__ import annotations

from support.contract_calls import MAX, Event, refuses, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, DAY, MINTER, OTHERS, START, WAD
from support.redemption_world import Redemption

END = START + 20 * DAY


def ended(world: Redemption, at: int = END) -> None:
    """Set the end, as what holds VAULT may."""
    world.stock.setMintsEnd(at, sender=world.vault.address)


def test_from_the_effect_on_nothing_is_minted_by_any_way(world: Redemption) -> None:
    ended(world)
    assert world.stock.mintsEnd() == END
    set_clock(END - 1)
    world.attest(10_000)
    world.stock.mint(BOB, WAD, sender=MINTER)
    assert not world.stock.mintsSuspended()
    assert world.market.maxMint(world.stock, ALICE, world.coin) > 0
    quote = world.quote(expiry=END + DAY)
    set_clock(END)
    supply = world.stock.totalSupply()
    assert world.stock.mintsSuspended()
    assert world.market.maxMint(world.stock, ALICE, world.coin) == 0
    assert world.market.maxRedeem(world.stock, ALICE, world.coin) >= 0
    for amount in (0, 1, MAX):
        with refuses("token: mints ended"):
            world.stock.mint(BOB, amount, sender=MINTER)
    with refuses("token: mints ended"):
        world.submit(quote)
    world.pause()
    with refuses("token: paused"):
        world.stock.mint(BOB, 1, sender=MINTER)
    assert world.stock.totalSupply() == supply


def test_units_go_on_being_transferred_redeemed_and_blocked(world: Redemption) -> None:
    ended(world)
    set_clock(END)
    world.stock.transfer(BOB, WAD, sender=ALICE)
    world.ask()
    world.block(2)
    assert not world.stock.canLeave(BOB)
    assert world.stock.mintsEnd() == END


def test_no_change_of_the_multiplier_comes_after_the_end(world: Redemption) -> None:
    ended(world)
    late = world.announce("SPLF", "late", effectiveAt=END + 1)
    with refuses("token: mints ended"):
        world.strike(late, 0)
    timely = world.announce("SPLF", "timely", effectiveAt=END)
    world.strike(timely, 0)
    set_clock(END)
    assert world.stock.uiMultiplier() == 2 * WAD


def test_an_end_before_a_change_that_is_pending_is_refused(world: Redemption) -> None:
    split = world.schedule("SPLF", "split", effectiveAt=END + 1)
    with refuses("token: change pending"):
        ended(world)
    world.cancel(split)
    ended(world)
    assert world.stock.mintsEnd() == END


def test_who_sets_the_end_and_who_undoes_it(world: Redemption) -> None:
    vault = world.vault.address
    for name, account in OTHERS.items():
        if name != "admin":
            with refuses("roles: not authorised"):
                world.stock.setMintsEnd(END, sender=account)
    for at in (2**40, MAX):
        with refuses("token: bad end"):
            world.stock.setMintsEnd(at, sender=vault)
    world.stock.setMintsEnd(END, sender=vault)
    assert world.stock.events()[-1] == Event(world.stock.address, "MintsEndSet", {"at": END, "by": vault})
    world.stock.setMintsEnd(0, sender=vault)
    world.stock.setMintsEnd(2**40 - 1, sender=vault)
    world.stock.setMintsEnd(END, sender=vault)
    set_clock(END)
    for at in (0, END + 1):
        with refuses("roles: not authorised"):
            world.stock.setMintsEnd(at, sender=vault)
    assert (world.stock.totalSupply(), world.stock.policy(), world.stock.epoch()) == (1200 * WAD, 0, 1)
    world.stock.setMintsEnd(0, sender=ADMIN)
    world.attest(10_000)
    world.stock.mint(BOB, WAD, sender=MINTER)


def test_the_end_leaves_every_other_bit_of_the_word_alone(world: Redemption) -> None:
    ended(world)
    world.pause()
    world.stock.setSuspended(True, sender=ADMIN)
    world.stock.bumpEpoch(sender=ADMIN)
    assert (world.stock.mintsEnd(), world.stock.paused(), world.stock.epoch()) == (END, True, 2)
    world.stock.setSuspended(False, sender=ADMIN)
    world.stock.unpause(sender=OTHERS["unpauser"])
    world.stock.setMintsEnd(0, sender=ADMIN)
    assert (world.stock.mintsEnd(), world.stock.paused(), world.stock.epoch()) == (0, False, 2)
    world.stock.mint(BOB, WAD, sender=MINTER)
