"""Freezing and thawing: who may hold, and nobody hands a thawed account over."""

from __future__ import annotations

import struct

import pytest
from solana_world import ISSUER, LATER, STOCK, World, coins, units
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.solana.addresses import SYSTEM, TOKEN_2022, local_address, local_keypair
from scrip.solana.encoding import tokens
from scrip.solana.handlers.clearance import NO_KEY


def control(world: World, name: str, account: str, **changes: Pubkey) -> Instruction:
    """thaw or freeze, by anyone."""
    accounts = world.ledger.investors.control(world.listing, account, "anyone", NO_KEY) | changes
    return world.program.build(name, accounts=accounts, listing=world.listing)


def open_account(world: World, account: str) -> Pubkey:
    """The canonical account, as the token program makes it."""
    world.ledger.investors.open(world.listing, account)
    return world.ledger.units(world.listing, account)


def is_frozen(world: World, address: Pubkey) -> bool:
    held = tokens.holding(world.chain.account(address))
    assert held is not None
    return held.frozen


def auxiliary(world: World, owner: str, immutable: bool) -> Pubkey:
    """A token account at an address of its own."""
    key = local_keypair(f"auxiliary of {owner}")
    space = 165 + 1 + (4 if immutable else 0) + 4 + 4 + 1
    rent = world.chain.svm.minimum_balance_for_rent_exemption(space)
    world.chain.svm.set_account(key.pubkey(), Account(rent, bytes(space), TOKEN_2022, False, 0))
    calls = []
    if immutable:
        calls.append(Instruction(TOKEN_2022, bytes([22]), [AccountMeta(key.pubkey(), False, True)]))
    accounts = [AccountMeta(key.pubkey(), False, True), AccountMeta(world.listing.mint, False, False)]
    calls.append(Instruction(TOKEN_2022, bytes([18]) + bytes(local_address(owner)), accounts))
    world.chain.send(calls, [])
    return key.pubkey()


def test_anyone_thaws_an_investors_account_once(world: World) -> None:
    address = open_account(world, "alice")
    assert is_frozen(world, address)
    sent = world.send([control(world, "thaw", "alice")])
    assert not is_frozen(world, address)
    assert [event.name for event in world.program.events(sent.inner)] == ["AccountFrozen"]
    world.fails("NotFrozen", [control(world, "thaw", "alice")])


def test_an_outsiders_account_stays_frozen(world: World) -> None:
    open_account(world, "eve")
    world.fails("CannotReceive", [control(world, "thaw", "eve")])


def test_a_lapsed_or_blocked_wallet_is_not_thawed(world: World) -> None:
    open_account(world, "alice")
    open_account(world, "bob")
    world.apply(ins.Renew("alice", world.now()))
    world.fails("CannotReceive", [control(world, "thaw", "alice")])
    world.apply(ins.Block("bob", 1, "doc"))
    world.fails("CannotReceive", [control(world, "thaw", "bob")])


def test_clearance_ends_at_its_second(world: World) -> None:
    open_account(world, "alice")
    world.apply(ins.Renew("alice", world.now() + 1))
    world.send([control(world, "thaw", "alice")])
    world.fails("StillCleared", [control(world, "freeze", "alice")])
    world.wait(1)
    world.send([control(world, "freeze", "alice")])
    world.fails("AlreadyFrozen", [control(world, "freeze", "alice")])


def test_only_the_canonical_account_is_thawed(world: World) -> None:
    other = auxiliary(world, "alice", immutable=True)
    world.fails("NotCanonicalAccount", [control(world, "thaw", "alice", token_account=other)])


def test_an_account_whose_owner_can_change_is_never_thawed(world: World) -> None:
    # The token program's canonical accounts are immutable, so a fault is planted: the extension's type is overwritten.
    address = open_account(world, "alice")
    account = world.chain.svm.get_account(address)
    data = bytearray(account.data)
    at = bytes(data).index(struct.pack("<HH", 7, 0), 165)
    data[at : at + 2] = struct.pack("<H", 8)
    data[at + 2 : at + 4] = struct.pack("<H", 0)
    world.chain.svm.set_account(address, Account(account.lamports, bytes(data), TOKEN_2022, False, 0))
    world.fails("OwnerNotImmutable", [control(world, "thaw", "alice")])


def test_a_thawed_account_cannot_be_handed_over(world: World) -> None:
    address = open_account(world, "alice")
    world.send([control(world, "thaw", "alice")])
    alice = local_keypair("alice")
    accounts = [AccountMeta(address, False, True), AccountMeta(alice.pubkey(), True, False)]
    hand_over = Instruction(TOKEN_2022, bytes([6, 2, 1]) + bytes(local_address("eve")), accounts)
    world.fails("InstructionErrorCustom(34)", [hand_over], "alice")


def test_the_account_must_be_the_holders(world: World) -> None:
    open_account(world, "alice")
    bobs = open_account(world, "bob")
    world.fails("NotTheWalletsAccount", [control(world, "thaw", "alice", token_account=bobs)])
    world.fails("InvalidReceiver", [control(world, "thaw", "alice", token_account=local_address("x"))])


def test_another_wallets_record_is_no_clearance(world: World) -> None:
    open_account(world, "eve")
    alice = world.program.at.wallet(local_address("alice"))
    record = world.ledger.investors.record_of(local_address("alice"))
    world.fails("UnknownWallet", [control(world, "thaw", "eve", wallet=alice, investor=record)])
    open_account(world, "alice")
    bob = world.ledger.investors.record_of(local_address("bob"))
    world.fails("UnknownInvestor", [control(world, "thaw", "alice", investor=bob)])


def test_leaving_out_a_record_does_not_freeze(funded: World) -> None:
    call = control(funded, "freeze", "alice", wallet=SYSTEM)
    funded.fails("UnknownWallet", [call])


def test_a_transfer_to_an_outsiders_frozen_account_fails(funded: World) -> None:
    funded.refuses("ERC7943CannotReceive", ins.Transfer(STOCK, "alice", "eve", units(1)), "AccountFrozen")
    assert funded.ledger.balance(STOCK, "eve") == units(0)


def test_a_lapse_lags_until_the_crank(funded: World) -> None:
    funded.ledger.prompt = False
    funded.transfer("alice", "bob", 1)
    funded.apply(ins.Renew("bob", funded.now()))
    funded.transfer("alice", "bob", 1)
    assert funded.ledger.investors.crank(STOCK, "bob")
    assert not funded.ledger.investors.crank(STOCK, "bob")
    funded.refuses("ERC7943CannotReceive", ins.Transfer(STOCK, "alice", "bob", units(1)))
    assert not funded.ledger.investors.crank(STOCK, "alice")


def test_anyone_freezes_every_account_of_a_removed_wallet(world: World) -> None:
    blocklist = World.with_holders("BLOCKLIST")
    blocklist.apply(ins.Block("alice", 1, "doc"))
    other = auxiliary(blocklist, "alice", immutable=False)
    assert not is_frozen(blocklist, other)
    blocklist.send([control(blocklist, "freeze", "alice", token_account=other)])
    assert is_frozen(blocklist, other)


def test_a_blocklist_stock_takes_strangers_and_ignores_expiry() -> None:
    world = World.with_holders("BLOCKLIST")
    world.back()
    world.mint("alice", 10)
    world.transfer("alice", "stranger", 1)
    world.apply(ins.Renew("alice", world.now()))
    world.transfer("alice", "bob", 1)
    world.mint("alice", 1)
    world.apply(ins.Block("alice", 1, "doc"))
    world.refuses("ERC7943CannotSend", ins.Transfer(STOCK, "alice", "bob", units(1)))
    world.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))


def test_an_enforcers_hold_bars_the_thaw(funded: World) -> None:
    funded.refuses("roles: not authorised", ins.Freeze(STOCK, "alice", True, 1, "doc", by="mallory"))
    funded.refuses("case: reason and document", ins.Freeze(STOCK, "alice", True, 0, ""), elsewhere=True)
    funded.apply(ins.Freeze(STOCK, "alice", True, 1, "doc", key="order 1"))
    funded.refuses("keys: used", ins.Freeze(STOCK, "alice", False, 1, "doc", key="order 1"))
    funded.fails("CannotReceive", [control(funded, "thaw", "alice")])
    for order in (ins.Transfer(STOCK, "alice", "bob", units(1)), redemption(funded)):
        funded.refuses("ERC7943CannotSend", order)
    funded.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote()))
    funded.apply(ins.Freeze(STOCK, "alice", True, 2, "doc"))
    funded.apply(ins.Pause(STOCK))
    funded.apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))
    funded.apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))
    funded.apply(ins.Unpause(STOCK))
    funded.transfer("alice", "bob", 1)


def redemption(world: World) -> ins.Redeem:
    return ins.Redeem(STOCK, "alice", units(1), coins(1), world.quote())


def test_a_hold_states_why_in_the_program_too(funded: World) -> None:
    key = bytes([3]) * 32
    accounts = funded.ledger.investors.control(funded.listing, "alice", ISSUER, key)
    for name in ("hold_account", "release_account"):
        call = funded.program.build(name, list(key), 1, list(bytes(32)), accounts=accounts, listing=funded.listing)
        funded.fails("ReasonAndDocument", [call], ISSUER)
    accounts["used_key"] = funded.program.at.key(NO_KEY)
    call = funded.program.build("hold_account", list(NO_KEY), 1, [1] * 32, accounts=accounts, listing=funded.listing)
    funded.fails("KeyEmpty", [call], ISSUER)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_lapsed_holder_may_only_leave(funded: World, frozen: bool) -> None:
    funded.apply(ins.Renew("alice", funded.now()))
    if frozen:
        assert funded.ledger.investors.crank(STOCK, "alice")
    funded.redeem("alice", 1)
    assert is_frozen(funded, funded.ledger.units(funded.listing, "alice")) == frozen
    funded.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote()))
    funded.refuses("ERC7943CannotSend", ins.Transfer(STOCK, "alice", "bob", units(1)))
    funded.apply(ins.Renew("alice", LATER))
    funded.transfer("alice", "bob", 1)


def test_a_pause_stops_everything_and_the_other_role_resumes(funded: World) -> None:
    funded.refuses("roles: not authorised", ins.Pause(STOCK, by="mallory"))
    funded.refuses("roles: not authorised", ins.Unpause(STOCK, by="mallory"))
    funded.refuses("token: not paused", ins.Unpause(STOCK))
    funded.apply(ins.Pause(STOCK))
    funded.refuses("token: paused", ins.Pause(STOCK))
    funded.refuses("token: paused", ins.Transfer(STOCK, "alice", "bob", units(1)), "MintPaused")
    funded.refuses("token: paused", ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote()))
    funded.refuses("token: paused", redemption(funded))
    funded.apply(ins.Unpause(STOCK))
    funded.transfer("alice", "bob", 1)
