"""A hold or a block on Solana bound a token account and not the wallet.

Of an open stock, whose accounts are born thawed, a held wallet closed its empty account and made it anew in one
transaction: it was thawed while the hold stood, and the wallet minted, redeemed and received. A second account of a
held wallet could not be frozen (`StillCleared`), nor was a blocked one's in the block's own transaction. A hold was
taken on an account that is not the canonical one, which stayed thawed, and a wallet without an account could not be
held.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.solana.addresses import TOKEN_2022, local_address
from scrip.solana.encoding import tokens

sys.path.append(str(Path(__file__).resolve().parents[1] / "solana"))
from solana_world import ISSUER, LATER, STOCK, World, coins, units

HOLD = ins.Freeze(STOCK, "alice", True, 4, "order-1")
RELEASE = ins.Freeze(STOCK, "alice", False, 4, "order-2")


@pytest.fixture
def world() -> World:
    """An open stock, backed; Bob has units of it, and Alice an empty account."""
    found = World.with_holders("BLOCKLIST")
    found.back()
    found.mint("bob", 10)
    found.ledger.investors.open(found.listing, "alice")
    return found


def frozen(world: World, address: Pubkey) -> bool:
    held = tokens.holding(world.chain.account(address))
    assert held is not None
    return held.frozen


def renew(world: World, name: str) -> None:
    """A wallet closes its canonical account, which is empty, and makes it anew, in one transaction."""
    wallet, address = local_address(name), world.ledger.units(world.listing, name)
    accounts = [AccountMeta(address, False, True), AccountMeta(wallet, False, True), AccountMeta(wallet, True, False)]
    close = Instruction(TOKEN_2022, bytes([9]), accounts)
    world.send([close, tokens.create_account(wallet, wallet, world.listing.mint)], name)


def second(world: World, name: str) -> Pubkey:
    """A further account of a wallet's, at an address of its own."""
    place, space = local_address(f"second of {name}"), 165 + 1 + 4 + 4 + 1
    rent = world.chain.svm.minimum_balance_for_rent_exemption(space)
    world.chain.svm.set_account(place, Account(rent, bytes(space), TOKEN_2022, False, 0))
    accounts = [AccountMeta(place, False, True), AccountMeta(world.listing.mint, False, False)]
    world.chain.send([Instruction(TOKEN_2022, bytes([18]) + bytes(local_address(name)), accounts)], [])
    return place


def send(world: World, to: Pubkey, tokens_: int) -> None:
    """Bob sends to a token account, as the token program lets him."""
    source = world.ledger.units(world.listing, "bob")
    amount = units(tokens_).value
    world.send([tokens.transfer(source, world.listing.mint, to, local_address("bob"), amount, 8)], "bob")


def crank(world: World, name: str, account: str, address: Pubkey) -> bool:
    """Anyone freezes or thaws a token account; whether the program lets them."""
    return world.ledger.investors.attempt(name, world.listing, account, address)


def minted(world: World) -> list[Instruction]:
    """A mint of Alice's, without anything that is done before."""
    return world.ledger.calls(ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))


def redeemed(world: World) -> list[Instruction]:
    """A redemption of Alice's."""
    return world.ledger.calls(ins.Redeem(STOCK, "alice", units(1), coins(1), world.quote()))


def test_an_account_made_anew_is_its_held_wallets(world: World) -> None:
    world.mint("alice", 1)
    world.redeem("alice", 1)
    world.apply(HOLD)
    renew(world, "alice")
    address = world.ledger.units(world.listing, "alice")
    assert not frozen(world, address)
    world.fails("CannotReceive", minted(world), "alice")
    send(world, address, 2)
    world.fails("CannotSend", redeemed(world), "alice")
    assert crank(world, "freeze", "alice", address)
    assert not crank(world, "thaw", "alice", address)
    world.fails("CannotSend", redeemed(world), "alice")


def test_anyone_freezes_whatever_a_held_wallet_has(world: World) -> None:
    other = second(world, "alice")
    assert not crank(world, "freeze", "alice", other)
    world.apply(HOLD)
    send(world, other, 2)
    assert crank(world, "freeze", "alice", other)
    assert not crank(world, "thaw", "alice", other)
    world.apply(RELEASE)
    assert crank(world, "thaw", "alice", other)


def test_a_block_freezes_every_account_in_its_own_transaction(world: World) -> None:
    other, canonical = second(world, "alice"), world.ledger.units(world.listing, "alice")
    with world.no_cranks():
        world.apply(ins.Block("alice", 3, "order-3"))
    assert frozen(world, other)
    assert frozen(world, canonical)
    late = world.ledger.units(world.listing, "bob")
    assert not frozen(world, late)


def test_a_wallet_is_held_before_it_has_an_account(world: World) -> None:
    for name in ("stranger", "carol"):
        world.apply(ins.Freeze(STOCK, name, True, 4, f"order of {name}"))
        assert world.chain.account(world.ledger.units(world.listing, name)) is None
        world.ledger.investors.open(world.listing, name)
        assert world.ledger.investors.crank(STOCK, name)


@pytest.mark.parametrize("policy", ["ALLOWLIST", "BLOCKLIST"])
def test_a_hold_is_taken_on_the_canonical_account_alone(policy: ins.Policy) -> None:
    world = World.with_holders(policy)
    other, key = second(world, "alice"), bytes([7]) * 32
    accounts = world.ledger.investors.control(world.listing, "alice", ISSUER, key) | {"token_account": other}
    args = (list(key), 4, [1] * 32)
    call = world.program.build("hold_account", *args, accounts=accounts, listing=world.listing)
    world.fails("NotCanonicalAccount", [call], ISSUER)


def test_a_hold_is_of_one_stock(world: World) -> None:
    world.apply(ins.CreateStock("AAPL", "Apple", "US0378331005", "BLOCKLIST"))
    world.apply(HOLD)
    world.apply(ins.Renew("alice", LATER + 1))
    apple = world.ledger.listing("AAPL")
    world.ledger.investors.open(apple, "alice")
    assert not world.ledger.investors.attempt("freeze", apple, "alice")
