"""What Token-2022 lets others put on accounts and coins: a guard against programs, a fee, a hook. Each is named."""

from __future__ import annotations

import struct

import pytest
from solana_world import ISSUER, STOCK, World, coins, units
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.solana.addresses import SYSTEM, TOKEN, TOKEN_2022, document_hash, local_address, local_keypair, token_account
from scrip.solana.encoding import messages, tokens
from scrip.solana.handlers import market

GUARD = 11
"""Number of the extension that shuts an account to programs which act on its owner's signature."""
MEMO = 8
"""Number of the extension that refuses what is sent to an account without a memo."""
ANYBODY = bytes(local_address("anybody"))
NOBODY = bytes(32)


def switch(world: World, account: Pubkey, owner: str, extension: int, instruction: int, on: bool) -> None:
    """The owner enables what an extension of an account does, for which it takes room first, or disables it."""
    key = local_address(owner)
    metas = [AccountMeta(account, False, True), AccountMeta(key, True, True)]
    room = [metas[0], metas[1], AccountMeta(SYSTEM, False, False), metas[1]]
    grow = Instruction(TOKEN_2022, struct.pack("<BH", 29, extension), room)
    world.send([*([grow] if on else []), Instruction(TOKEN_2022, bytes([instruction, 0 if on else 1]), metas)], owner)


def guard(world: World, account: Pubkey, owner: str, shut: bool = True) -> None:
    """The owner shuts an account to programs, or opens it."""
    switch(world, account, owner, GUARD, 34, shut)


def coin(world: World, name: str, *extensions: tuple[int, bytes]) -> Pubkey:
    """A coin of Token-2022, of six decimals, whose units Alice's key may make."""
    place = local_address(name)
    data = struct.pack("<I", 1) + bytes(local_address("alice")) + bytes(8) + bytes([6, 1]) + bytes(36)
    data = data.ljust(165, b"\0") + b"\1"
    for kind, value in extensions:
        data += struct.pack("<HH", kind, len(value)) + value
    world.chain.svm.set_account(place, Account(10**9, data, TOKEN_2022, False, 0))
    return place


def fee(authority: bytes = NOBODY, now: int = 0, following: int = 0) -> tuple[int, bytes]:
    rates = b"".join(struct.pack("<QQH", 0, 2**64 - 1, one) for one in (now, following))
    return 1, authority + bytes(32) + bytes(8) + rates


def hook(authority: bytes = NOBODY, program: bytes = NOBODY) -> tuple[int, bytes]:
    return 14, authority + program


def listing(world: World, asset: Pubkey, listed: bool = True) -> Instruction:
    treasury = token_account(world.program.at.authority, asset, TOKEN_2022)
    accounts = {"settlement_mint": asset, "treasury": treasury, "asset": world.program.at.asset(asset)}
    return world.signed("list_asset", ISSUER, listed, **accounts)


# --- a guard ---------------------------------------------------------------------------------------------------------


def test_a_redemption_out_of_a_guarded_account_is_refused_by_name(funded: World) -> None:
    """It failed with a number of the token program's, which nobody could tell from ours."""
    account = funded.ledger.units(funded.listing, "alice")
    guard(funded, account, "alice")
    order = ins.Redeem(STOCK, "alice", units(1), coins(1), funded.quote())
    funded.refuses("token: cpi guard", order, "CpiGuarded")
    guard(funded, account, "alice", shut=False)
    funded.redeem("alice", 1)
    assert funded.ledger.balance(STOCK, "alice") == units(99)


def test_a_guarded_account_receives(funded: World) -> None:
    guard(funded, funded.ledger.units(funded.listing, "alice"), "alice")
    funded.mint("alice", 1)
    assert funded.ledger.balance(STOCK, "alice") == units(101)


def settled_in(funded: World, side: ins.Side, name: str) -> tuple[Pubkey, list[Instruction]]:
    """A coin of Token-2022, of which Alice and the treasury have 1,000; her account of it, and the calls that carry a
    quote for one unit out in it."""
    asset, alice = coin(funded, name), local_address("alice")
    ours, theirs = (token_account(one, asset, TOKEN_2022) for one in (funded.program.at.authority, alice))
    for owner in (funded.program.at.authority, alice):
        funded.send([tokens.create_account(funded.chain.payer.pubkey(), owner, asset)])
    for to in (ours, theirs):
        metas = [AccountMeta(asset, False, True), AccountMeta(to, False, True), AccountMeta(alice, True, False)]
        funded.send([Instruction(TOKEN_2022, struct.pack("<BQ", 7, 10**9), metas)], "alice")
    funded.send([listing(funded, asset)], ISSUER)
    ends = funded.now() + 60
    terms = messages.Quote(document_hash("q"), messages.SIDES[side], alice, 10**8, 10**6, 0, ends)
    signed, call = market.quote_calls(funded.ledger, side, funded.listing, "alice", terms, local_keypair(ISSUER), asset)
    stablecoin = funded.suite.stablecoin
    others = {token_account(alice, stablecoin, TOKEN): theirs, funded.suite.treasury: ours, TOKEN: TOKEN_2022}
    named = [AccountMeta(others.get(one.pubkey, one.pubkey), one.is_signer, one.is_writable) for one in call.accounts]
    return theirs, [signed, Instruction(call.program_id, bytes(call.data), named)]


def test_a_payment_out_of_a_guarded_account_is_refused_by_name(funded: World) -> None:
    """A coin of Token-2022, which an account is shut to programs of, too."""
    theirs, calls = settled_in(funded, "mint", "whole")
    guard(funded, theirs, "alice")
    funded.fails("CpiGuarded", calls, "alice")
    guard(funded, theirs, "alice", shut=False)
    funded.send(calls, "alice")
    assert funded.ledger.balance(STOCK, "alice") == units(101)


# --- a memo ----------------------------------------------------------------------------------------------------------


def demand_memo(world: World, account: Pubkey, owner: str, wanted: bool = True) -> None:
    """The owner has an account refuse what comes without a memo just before, or stops that."""
    switch(world, account, owner, MEMO, 30, wanted)


def test_a_redemption_into_an_account_that_demands_a_memo_is_refused_by_name(funded: World) -> None:
    """It failed with a number of the token program's: where the memo would stand the quote's signature does."""
    theirs, calls = settled_in(funded, "redeem", "told")
    demand_memo(funded, theirs, "alice")
    funded.fails("MemoDemanded", calls, "alice")
    assert funded.ledger.balance(STOCK, "alice") == units(100)
    demand_memo(funded, theirs, "alice", wanted=False)
    funded.send(calls, "alice")
    assert funded.ledger.balance(STOCK, "alice") == units(99)


# --- coins of which less arrives, or nothing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "extension"),
    [
        ("AssetKeepsFee", fee(now=25)),
        ("AssetKeepsFee", fee(following=25)),
        ("AssetKeepsFee", fee(authority=ANYBODY)),
        ("AssetHasHook", hook(program=ANYBODY)),
        ("AssetHasHook", hook(authority=ANYBODY)),
    ],
)
def test_a_coin_that_does_not_arrive_whole_is_not_listed(
    world: World, error: str, extension: tuple[int, bytes]
) -> None:
    """The desk refuses it; whoever has the administrator's key alone was not refused."""
    other = (18, bytes(64))
    asset = coin(world, "less", other, extension)
    world.fails(error, [listing(world, asset)], ISSUER)
    asset = coin(world, "less", extension, other)
    world.fails(error, [listing(world, asset)], ISSUER)
    world.send([listing(world, asset, listed=False)], ISSUER)


@pytest.mark.parametrize("extensions", [(), (fee(),), (hook(),), ((18, bytes(64)), fee(), hook())])
def test_a_coin_that_arrives_whole_is_listed(world: World, extensions: tuple[tuple[int, bytes], ...]) -> None:
    asset = coin(world, "whole", *extensions)
    world.send([listing(world, asset)], ISSUER)
    found = world.stored(world.program.at.asset(asset))
    assert found.listed  # type: ignore[attr-defined]
