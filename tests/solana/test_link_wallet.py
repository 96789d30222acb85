"""A wallet that joins an investor who may not hold is frozen in the instruction that links it, in every stock named."""

from __future__ import annotations

import pytest
from solana_world import ISSUER, LATER, STOCK, World
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.solana.addresses import investor_id, local_address
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing

KEY = bytes([9]) * 32
LINK = ins.LinkWallet("alice", "eve")


@pytest.fixture
def open_world() -> World:
    """A block-list stock: eve, whom nobody knows, holds a unit of it, and alice is an investor."""
    world = World.with_holders("BLOCKLIST")
    world.back()
    world.mint("alice", 100)
    world.transfer("alice", "eve", 1)
    return world


def another_stock(world: World, number: int, policy: ins.Policy = "BLOCKLIST") -> Listing:
    """One more stock, in which eve has an account."""
    world.apply(ins.CreateStock(f"S{number}", f"Stock {number}", f"US{number:010}", policy))
    listing = world.ledger.listing(f"S{number}")
    world.ledger.investors.prepare(listing, "eve")
    return listing


def is_frozen(world: World, listing: Listing, account: str = "eve") -> bool:
    held = tokens.holding(world.chain.account(world.ledger.units(listing, account)))
    assert held is not None
    return held.frozen


def group(world: World, holder: str = "eve", **changes: Pubkey) -> list[AccountMeta]:
    """An account as the program wants it named, but for the changes."""
    listing = world.listing
    named = {
        "stock": listing.stock,
        "mint": listing.mint,
        "wallet": world.program.at.wallet(local_address(holder)),
        "account": world.ledger.units(listing, holder),
    } | changes
    return [AccountMeta(address, False, name == "account") for name, address in named.items()]


def link(world: World, *rest: AccountMeta) -> Instruction:
    """The instruction itself: eve joins alice."""
    at, identity, eve = world.program.at, investor_id("alice"), local_address("eve")
    accounts = {
        "signer": local_address(ISSUER),
        "investor": at.investor(identity),
        "holder": eve,
        "wallet": at.wallet(eve),
        "used_key": at.key(KEY),
    }
    return world.program.build("link_wallet", list(KEY), list(identity), accounts=accounts, rest=rest)


def test_a_blocked_investors_new_wallet_is_frozen_at_once_in_every_stock(open_world: World) -> None:
    others = [another_stock(open_world, number) for number in range(3)]
    open_world.apply(ins.Block("alice", 1, "doc"))
    with open_world.no_cranks():
        open_world.apply(LINK)
    assert all(is_frozen(open_world, listing) for listing in (open_world.listing, *others))


def test_what_one_transaction_cannot_name_is_frozen_by_the_crank(open_world: World) -> None:
    others = [another_stock(open_world, number) for number in range(6)]
    open_world.apply(ins.Block("alice", 1, "doc"))
    open_world.apply(LINK)
    assert all(is_frozen(open_world, listing) for listing in (open_world.listing, *others))


def test_each_freeze_is_told_before_the_link(open_world: World) -> None:
    open_world.apply(ins.Block("alice", 1, "doc"))
    sent = open_world.send([link(open_world, *group(open_world))], ISSUER)
    frozen, linked = open_world.program.events(sent.inner)
    assert (frozen.name, linked.name) == ("AccountFrozen", "WalletLinked")
    assert (frozen.data.holder, frozen.data.frozen) == (local_address("eve"), True)


def test_a_lapse_freezes_only_where_a_clearance_is_needed(open_world: World) -> None:
    strict = another_stock(open_world, 1, "ALLOWLIST")
    open_world.apply(ins.LinkWallet("bob", "eve"))
    open_world.ledger.investors.prepare(strict, "eve")
    assert not is_frozen(open_world, strict)
    # The unlinking names no account, as one that came from elsewhere might not.
    investors = open_world.ledger.investors
    groups = investors.groups
    investors.groups = lambda _wallets: []
    open_world.apply(ins.UnlinkWallet("bob", "eve", 1, "doc"))
    investors.groups = groups
    open_world.apply(ins.Renew("alice", open_world.now()))
    with open_world.no_cranks():
        open_world.apply(LINK)
    assert is_frozen(open_world, strict)
    assert not is_frozen(open_world, open_world.listing)


def test_a_cleared_investors_new_wallet_stays_open(open_world: World) -> None:
    with open_world.no_cranks():
        open_world.apply(LINK)
    assert not is_frozen(open_world, open_world.listing)


def test_an_unlinked_wallet_is_left_open_where_strangers_may_hold(open_world: World) -> None:
    with open_world.no_cranks():
        open_world.apply(LINK)
        open_world.apply(ins.UnlinkWallet("alice", "eve", 1, "doc"))
    assert not is_frozen(open_world, open_world.listing)


def test_an_account_that_is_frozen_already_is_no_obstacle(open_world: World) -> None:
    open_world.apply(ins.Freeze(STOCK, "eve", True, 1, "doc"))
    open_world.apply(ins.Block("alice", 1, "doc"))
    sent = open_world.send([link(open_world, *group(open_world))], ISSUER)
    assert [event.name for event in open_world.program.events(sent.inner)] == ["WalletLinked"]


@pytest.mark.parametrize(
    ("error", "bend"),
    [
        ("NotTheWalletsAccount", lambda world: group(world, account=world.ledger.units(world.listing, "bob"))),
        (
            "NotTheWalletsAccount",
            lambda world: group(world, account=world.ledger.units(another_stock(world, 7), "eve")),
        ),
        ("UnknownWallet", lambda world: group(world, "bob")),
        ("UnknownWallet", lambda world: group(world, wallet=world.program.at.wallet(local_address("nobody")))),
        ("NotAStock", lambda world: group(world, stock=world.program.at.issuer)),
        ("NotAStock", lambda world: group(world, mint=another_stock(world, 7).mint)),
        ("NotAStock", lambda world: group(world)[:3]),
        ("NotAStock", lambda world: [*group(world), *group(world)[:1]]),
        ("InvalidReceiver", lambda world: group(world, account=local_address("no account"))),
        ("InvalidReceiver", lambda world: group(world, account=world.suite.treasury)),
    ],
    ids=[
        "another holder's account",
        "the account of another stock",
        "another investor's wallet",
        "a wallet without a record",
        "no stock",
        "another stock's mint",
        "a group without its account",
        "a group cut short",
        "an account that does not exist",
        "an account of another token program",
    ],
)
def test_wrong_accounts_link_nothing(open_world: World, error: str, bend: object) -> None:
    open_world.mint("bob", 1)
    open_world.apply(ins.Block("alice", 1, "doc"))
    open_world.fails(error, [link(open_world, *bend(open_world))], ISSUER)
    assert open_world.chain.account(open_world.program.at.wallet(local_address("eve"))) is None
    assert not is_frozen(open_world, open_world.listing)


def test_a_missing_account_is_anyones_to_freeze(open_world: World) -> None:
    open_world.apply(ins.Block("alice", 1, "doc"))
    open_world.send([link(open_world)], ISSUER)
    assert not is_frozen(open_world, open_world.listing)
    assert open_world.ledger.investors.crank(STOCK, "eve")
    assert is_frozen(open_world, open_world.listing)
    open_world.apply(ins.Renew("alice", LATER))
    assert open_world.ledger.investors.attempt("thaw", open_world.listing, "eve") is False
