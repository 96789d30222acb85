"""pause, unpause, bumpEpoch and ERC-165."""

from functools import reduce
from operator import xor

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import Handle, named, refuses
from support.contract_world import (
    ACTIONS,
    ADMIN,
    ALICE,
    BOB,
    EVERYONE,
    HELD,
    MINTER,
    PAUSER,
    START,
    UNIT,
    UNPAUSER,
    World,
)

EPOCH = (2**80 - 1) << 176
CONFIG_SLOT = 0  # contracts/layout/StockToken.json

INTERFACES = {
    "01ffc9a7": ["supportsInterface(bytes4)"],
    "36372b07": [
        "totalSupply()",
        "balanceOf(address)",
        "transfer(address,uint256)",
        "allowance(address,address)",
        "approve(address,uint256)",
        "transferFrom(address,address,uint256)",
    ],
    "9d8ff7da": [
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
        "nonces(address)",
        "DOMAIN_SEPARATOR()",
    ],
    "a219a025": ["name()", "symbol()", "decimals()"],
    "bff533ba": [
        "authorizationState(address,bytes32)",
        "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
        "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
        "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
    ],
    "84b0196e": ["eip712Domain()"],
    "ab84a5c8": [
        "detectTransferRestriction(address,address,uint256)",
        "messageForTransferRestriction(uint8)",
    ],
    "3edbb4c4": [
        "forcedTransfer(address,address,uint256)",
        "setFrozenTokens(address,uint256)",
        "canSend(address)",
        "canReceive(address)",
        "getFrozenTokens(address)",
        "canTransfer(address,address,uint256)",
    ],
    "a60bf13d": ["uiMultiplier()"],
    "4bd27648": ["newUIMultiplier()", "effectiveAt()"],
    "57854fc3": ["toUIAmount(uint256)", "fromUIAmount(uint256)"],
    "d890fd71": ["balanceOfUI(address)", "totalSupplyUI()"],
}


def test_a_pause_stops_transfers_and_supply_only(world: World) -> None:
    stock = world.stock
    stock.approve(BOB, 5, sender=ALICE)
    stock.pause(sender=PAUSER)
    [event] = stock.events()
    assert (event.name, event.values, stock.paused()) == ("Paused", {"account": PAUSER}, True)
    for call in (
        lambda: stock.transfer(BOB, 1, sender=ALICE),
        lambda: stock.transferFrom(ALICE, BOB, 1, sender=BOB),
        lambda: stock.mint(ALICE, 1, sender=MINTER),
        lambda: stock.burn(ALICE, 1, sender=MINTER),
    ):
        with refuses("token: paused"):
            call()
    assert world.open_stock.transfer(BOB, 1, sender=ALICE) is True
    stock.unpause(sender=UNPAUSER)
    [event] = stock.events()
    assert (event.name, event.values, stock.paused()) == ("Unpaused", {"account": UNPAUSER}, False)
    assert stock.transfer(BOB, 1, sender=ALICE) is True


def test_pausing_twice_and_unpausing_twice_are_refused(stock: Handle) -> None:
    with refuses("token: not paused"):
        stock.unpause(sender=UNPAUSER)
    stock.pause(sender=PAUSER)
    with refuses("token: paused"):
        stock.pause(sender=PAUSER)
    stock.unpause(sender=UNPAUSER)
    with refuses("token: not paused"):
        stock.unpause(sender=UNPAUSER)


@pytest.mark.parametrize("actor", sorted(EVERYONE))
def test_who_can_stop_cannot_start(stock: Handle, actor: str) -> None:
    if actor != "pauser":
        with refuses("roles: not authorised"):
            stock.pause(sender=named(actor))
    stock.pause(sender=PAUSER)
    if actor != "unpauser":
        with refuses("roles: not authorised"):
            stock.unpause(sender=named(actor))


def test_a_halt_outranks_the_pause(world: World) -> None:
    world.open_stock.pause(sender=PAUSER)
    world.halt()
    for stock in (world.stock, world.open_stock):
        with refuses("token: halted"):
            stock.pause(sender=PAUSER)
        with refuses("token: halted"):
            stock.unpause(sender=UNPAUSER)
        with refuses("token: halted"):
            stock.bumpEpoch(sender=ADMIN)
        with refuses("roles: not authorised"):
            stock.pause(sender=ALICE)
    world.beacon.unhalt(sender=ADMIN)
    assert (world.stock.paused(), world.open_stock.paused()) == (False, True)


def test_the_pause_is_no_part_of_the_supply(world: World) -> None:
    supply = world.stock.totalSupply()
    world.stock.pause(sender=PAUSER)
    world.stock.bumpEpoch(sender=ADMIN)
    assert (world.stock.totalSupply(), world.stock.policy(), world.stock.epoch()) == (supply, 0, 2)
    assert (world.stock.paused(), world.open_stock.paused()) == (True, False)


# --- the epoch ---


def test_a_new_epoch_asks_about_every_account_anew(world: World) -> None:
    stock = world.stock
    before = {account: stock.accountWord(account) for account in (ALICE, BOB)}
    assert [word >> 176 for word in before.values()] == [1, 1]
    stock.bumpEpoch(sender=ADMIN)
    [event] = stock.events()
    assert (event.name, event.values, stock.epoch()) == ("EpochBumped", {"epoch": 2}, 2)
    assert stock.accountWord(ALICE) == before[ALICE]
    assert stock.transfer(BOB, 1, sender=ALICE) is True
    for account, moved in ((ALICE, -1), (BOB, 1)):
        assert stock.accountWord(account) == (before[account] & ~EPOCH) + moved | (2 << 176)
    assert world.open_stock.epoch() == 1


def test_a_new_epoch_drops_no_freeze_and_no_balance(world: World) -> None:
    world.freeze_tokens(world.stock, ALICE, HELD - 1)
    world.freeze(world.stock, BOB)
    world.stock.bumpEpoch(sender=ADMIN)
    with refuses("ERC7943CannotReceive", BOB):
        world.stock.transfer(BOB, 1, sender=ALICE)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 2, 1):
        world.stock.burn(ALICE, 2, sender=MINTER)
    assert world.stock.burn(ALICE, 1, sender=MINTER) is True
    world.freeze(world.stock, BOB, frozen=False)
    assert world.stock.transfer(ALICE, HELD, sender=BOB) is True


@pytest.mark.parametrize("actor", sorted(set(EVERYONE) - {"admin"}))
def test_only_the_timelock_bumps_the_epoch(stock: Handle, actor: str) -> None:
    with refuses("roles: not authorised"):
        stock.bumpEpoch(sender=named(actor))


def test_the_last_epoch_does_not_overflow(world: World) -> None:
    stock = world.stock
    config = boa.env.get_storage(stock.address, CONFIG_SLOT)
    assert (config & EPOCH) >> 176 == 1
    boa.env.set_storage(stock.address, CONFIG_SLOT, config ^ EPOCH)
    assert (stock.epoch(), stock.totalSupply()) == (2**80 - 2, 2 * HELD)
    stock.bumpEpoch(sender=ADMIN)
    with refuses("token: last epoch"):
        stock.bumpEpoch(sender=ADMIN)
    assert stock.transfer(BOB, 1, sender=ALICE) is True
    assert stock.accountWord(ALICE) >> 176 == stock.epoch() == 2**80 - 1


# --- ERC-165 ---


@pytest.mark.parametrize("interface", sorted(INTERFACES))
def test_each_interface_id_is_that_of_functions_that_exist(stock: Handle, interface: str) -> None:
    selectors = [int.from_bytes(keccak(text=signature)[:4], "big") for signature in INTERFACES[interface]]
    assert f"{reduce(xor, selectors):08x}" == interface
    assert stock.supportsInterface(bytes.fromhex(interface)) is True
    offered = set(stock.selectors())
    assert {selector.to_bytes(4, "big") for selector in selectors} <= offered


def test_other_interfaces_are_not_claimed(world: World) -> None:
    for interface in ("ffffffff", "00000000", "80ac58cd", "d9b67a26"):
        assert world.stock.supportsInterface(bytes.fromhex(interface)) is False
    world.halt()
    assert all(world.stock.supportsInterface(bytes.fromhex(interface)) for interface in INTERFACES)


def test_a_bumped_epoch_leaves_the_multiplier_alone(stock: Handle) -> None:
    stock.scheduleMultiplier(2 * UNIT, 1, 1, START + 1, sender=ACTIONS)
    stock.bumpEpoch(sender=ADMIN)
    assert stock.newUIMultiplier() == 2 * UNIT
