"""Superstate, gates on Solana: whoever leaves the list goes on holding and sending until somebody freezes each account.
Ours drops the clearance in every stock, in the instruction that removes it."""

import pytest
from support.contract_calls import named, refuses
from support.contract_world import ALICE, BLOCKLIST, BOB, MINTER, START, World

SECOND = named("alice's second wallet")


@pytest.mark.parametrize("removal", ["block", "renew", "unlink"])
def test_removal_reaches_every_stock_at_once(world: World, removal: str) -> None:
    stocks = [world.stock, *(world.create_stock(f"US{i:010}") for i in range(3))]
    world.link(1, SECOND)
    for stock in stocks:
        for wallet in (ALICE, SECOND, BOB):
            stock.mint(wallet, 5, sender=MINTER)
    gone = [SECOND] if removal == "unlink" else [ALICE, SECOND]
    if removal == "block":
        world.block(1)
    elif removal == "renew":
        world.renew(1, START)
    else:
        world.unlink(1, SECOND)
    for stock in stocks:
        for wallet in gone:
            with refuses("ERC7943CannotSend", wallet):
                stock.transfer(BOB, 1, sender=wallet)
            with refuses("ERC7943CannotReceive", wallet):
                stock.transfer(wallet, 1, sender=BOB)


def test_a_sanctioned_stranger_is_stopped_in_open_stocks_at_once(world: World) -> None:
    stocks = [world.open_stock, world.create_stock("US0000000001", BLOCKLIST)]
    for stock in stocks:
        stock.mint(named("stranger"), 5, sender=MINTER)
    world.block_wallet(named("stranger"))
    for stock in stocks:
        with refuses("ERC7943CannotSend", named("stranger")):
            stock.transfer(BOB, 1, sender=named("stranger"))
