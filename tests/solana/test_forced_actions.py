"""Units taken without their holder: whatever is frozen, paused or halted, and all of that as it was afterwards."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import pytest
from solana_world import DAY, ISSUER, STOCK, World, coins, units
from solders.account import Account
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.parameters import MAX_SUCCESSIONS
from scrip.solana.addresses import SYSTEM, local_address, token_account
from scrip.solana.encoding import tokens

SEIZED = ins.ForcedTransfer(STOCK, "alice", "bob", units(3), 6, "judgment")
BURNT = ins.ForcedBurn(STOCK, "alice", units(3), 6, "judgment")


@pytest.fixture
def held(world: World) -> World:
    """Alice has ten units, and bob an account without any."""
    world.back()
    world.mint("alice", 10)
    world.ledger.investors.prepare(world.listing, "bob")
    return world


def look(world: World, *names: str) -> tuple[object, ...]:
    """What stands: each account's amount and whether it is frozen, whether the mint is paused, and the supply."""
    data = world.ledger.mint_data(world.listing)
    found = [world.ledger.holding(world.listing, name) for name in names]
    held = [(one.amount, one.frozen) if one else None for one in found]
    return (*held, tokens.is_paused(data), tokens.supply(data))


@pytest.mark.parametrize(("frozen", "cold", "paused", "halted"), product((False, True), repeat=4))
def test_a_seizure_leaves_all_as_it_found_it(frozen: bool, cold: bool, paused: bool, halted: bool) -> None:
    world = World.with_holders()
    world.back()
    world.mint("alice", 10)
    if not cold:
        world.ledger.investors.prepare(world.listing, "bob")
    else:
        world.ledger.investors.open(world.listing, "bob")
    if frozen:
        world.apply(ins.Freeze(STOCK, "alice", True, 4, "order"))
    if paused:
        world.apply(ins.Pause(STOCK))
    if halted:
        world.apply(ins.Halt())
    before = look(world, "alice", "bob")
    world.apply(SEIZED)
    (one, other, *rest), (mine, theirs, *left) = before, look(world, "alice", "bob")
    assert (mine, theirs, left) == ((one[0] - 3 * 10**8, one[1]), (3 * 10**8, other[1]), rest)
    world.apply(BURNT)
    after = look(world, "alice", "bob")
    assert after == ((one[0] - 6 * 10**8, one[1]), theirs, left[0], left[1] - 3 * 10**8)


def test_an_order_is_carried_out_once(held: World) -> None:
    for order in (SEIZED, BURNT):
        keyed = replace(order, key=str(order))
        held.apply(keyed)
        held.refuses("keys: used", keyed)
        held.refuses("keys: used", ins.ForcedBurn(STOCK, "alice", units(1), 6, "other", key=f"{order}"))
    assert held.ledger.balance(STOCK, "alice") == units(4)


def test_an_order_says_why_and_comes_from_the_enforcer(held: World) -> None:
    for kind, rest in ((ins.ForcedTransfer, ("bob",)), (ins.ForcedBurn, ())):
        held.refuses("roles: not authorised", kind(STOCK, "alice", *rest, units(1), 6, "judgment", by="mallory"))
        call = held.ledger.calls(kind(STOCK, "alice", *rest, units(1), 0, "judgment"))
        held.fails("ReasonAndDocument", call, ISSUER)
        call = held.ledger.calls(kind(STOCK, "alice", *rest, units(1), 1, "0x" + "00" * 32))
        held.fails("ReasonAndDocument", call, ISSUER)


def test_whom_units_are_given_to_may_have_them(held: World) -> None:
    take = lambda to, amount=1: ins.ForcedTransfer(STOCK, "alice", to, units(amount), 6, "judgment")  # noqa: E731
    held.refuses("ERC7943CannotTransfer", take("alice"))
    held.refuses("ERC7943CannotReceive", take("stranger"))
    held.refuses("ERC20InsufficientBalance", take("bob", 11))
    held.apply(ins.Freeze(STOCK, "bob", True, 4, "order"))
    held.refuses("ERC7943CannotReceive", take("bob"))
    held.apply(ins.Freeze(STOCK, "bob", False, 4, "order"))
    held.apply(ins.Block("bob", 4, "order"))
    held.refuses("ERC7943CannotReceive", take("bob"))
    held.apply(ins.Unblock("bob", 4, "order"))
    held.apply(ins.Renew("bob", held.now()))
    held.refuses("ERC7943CannotReceive", take("bob"))
    held.refuses("token: zero amount", ins.ForcedBurn(STOCK, "alice", units(0), 6, "judgment"))
    held.refuses("ERC20InsufficientBalance", ins.ForcedBurn(STOCK, "alice", units(11), 6, "judgment"))


def test_what_a_holder_did_to_an_account_does_not_keep_units_in_it(held: World) -> None:
    """A holder that shuts an account to programs, or names a delegate, keeps nothing by it."""
    source = token_account(local_address("alice"), held.listing.mint)
    stored = held.chain.svm.get_account(source)
    assert stored is not None
    guard = bytes(stored.data) + (11).to_bytes(2, "little") + (1).to_bytes(2, "little") + b"\x01"
    held.chain.svm.set_account(source, Account(10**9, guard, stored.owner, False, 0))
    held.apply(SEIZED)
    held.apply(BURNT)
    assert held.ledger.balance(STOCK, "alice") == units(4)


def test_an_account_beside_the_canonical_one_is_seized_too(held: World) -> None:
    """Any token account of the wallet's can be named."""
    other = Pubkey.from_string("9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin")
    mine = held.ledger.units(held.listing, "alice")
    stored = held.chain.svm.get_account(mine)
    assert stored is not None
    held.chain.svm.set_account(other, stored)
    (call,) = held.ledger.calls(SEIZED)
    metas = [
        type(one)(other if one.pubkey == mine else one.pubkey, one.is_signer, one.is_writable) for one in call.accounts
    ]
    held.send([type(call)(call.program_id, bytes(call.data), metas)], ISSUER)
    assert tokens.holding_at(held.chain, other).amount == 7 * 10**8
    assert held.ledger.balance(STOCK, "alice") == units(10)


# --- lost wallets ----------------------------------------------------------------------------------------------------

LOST = ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost", (STOCK,))


@pytest.mark.parametrize(("frozen", "paused", "halted"), product((False, True), repeat=3))
def test_a_successor_has_all_that_was_lost(frozen: bool, paused: bool, halted: bool) -> None:
    world = World.with_holders()
    world.back()
    world.mint("alice", 10)
    if frozen:
        world.apply(ins.Freeze(STOCK, "alice", True, 4, "order"))
    if paused:
        world.apply(ins.Pause(STOCK))
    if halted:
        world.apply(ins.Halt())
    world.apply(LOST)
    assert look(world, "alice", "alice2") == ((0, True), (10 * 10**8, True), paused, 10 * 10**8)
    old, new = (world.program.at.hold(world.listing.stock, local_address(one)) for one in ("alice", "alice2"))
    assert world.chain.account(old) is None
    assert (world.chain.account(new) is not None) == frozen
    if not (frozen or paused or halted):
        world.ledger.investors.prepare(world.listing, "alice2")
        world.transfer("alice2", "bob", 10)


def test_a_lost_wallet_does_nothing_any_more(held: World) -> None:
    held.apply(LOST)
    assert not held.ledger.investors.attempt("thaw", held.listing, "alice")
    held.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "alice", units(1), coins(1), held.quote()))
    held.refuses("ERC7943CannotReceive", ins.ForcedTransfer(STOCK, "alice2", "alice", units(1), 6, "judgment"))
    for investor in ("alice", "bob"):
        held.refuses("registry: wallet blocked", ins.LinkWallet(investor, "alice"), "WalletIsBlocked")
        held.refuses("registry: unknown wallet", ins.UnlinkWallet(investor, "alice", 4, "left"))
    held.refuses(
        "registry: wallet blocked", ins.Onboard("carol", "alice", 840, "retail", held.now() + DAY), "WalletIsBlocked"
    )
    held.refuses("registry: unknown wallet", ins.RecoverWallet("alice", "alice", "alice3", 4, "wallet lost"))
    held.refuses(
        "registry: wallet blocked", ins.RecoverWallet("bob", "bob", "alice", 4, "wallet lost"), "WalletIsBlocked"
    )


def test_a_lost_wallet_is_blocked_where_strangers_may_hold() -> None:
    world = World.with_holders("BLOCKLIST")
    world.back()
    world.mint("alice", 10)
    world.apply(LOST)
    assert look(world, "alice", "alice2")[:2] == ((0, True), (10 * 10**8, False))
    assert not world.ledger.investors.attempt("thaw", world.listing, "alice")


def test_a_recovery_is_refused_by_name(held: World) -> None:
    for reason, changes in (
        ("roles: not authorised", {"by": "mallory"}),
        ("registry: unknown investor", {"investor": "nobody"}),
        ("registry: reason and document", {"reason": 0}),
        ("registry: unknown wallet", {"old": "bob"}),
        ("registry: wallet known", {"new": "bob"}),
        ("registry: wallet known", {"new": "alice"}),
    ):
        held.refuses(reason, replace(LOST, **changes))
    held.apply(replace(LOST, key="once"))
    held.refuses("keys: used", replace(LOST, key="once", old="alice2", new="alice3"))


def test_a_line_of_successors_ends(held: World) -> None:
    line = ["alice", *(f"heir {number}" for number in range(1, 4))]
    for old, new in pairwise(line):
        held.apply(ins.RecoverWallet("alice", old, new, 4, "wallet lost"))
    held.apply(ins.RecoverIn("alice", (STOCK,), "anyone"))
    assert held.ledger.balance(STOCK, "heir 3") == units(10)
    held.refuses("registry: no successor", ins.RecoverIn("heir 3", (STOCK,), "anyone"))
    last = held.program.at.wallet(local_address("heir 3"))
    stored = held.chain.svm.get_account(last)
    assert stored is not None
    assert held.stored(last).recoveries == 3
    data = bytearray(stored.data)
    data[74] = MAX_SUCCESSIONS.value
    held.chain.svm.set_account(last, Account(stored.lamports, bytes(data), stored.owner, False, 0))
    held.refuses("registry: too many recoveries", ins.RecoverWallet("alice", "heir 3", "heir 4", 4, "wallet lost"))


def test_a_successors_seat_is_nobody_elses(held: World) -> None:
    """Who took the successor's address for another investor is given nothing of what the lost wallet left."""
    held.apply(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost"))
    held.refuses("registry: wallet known", ins.LinkWallet("bob", "alice2"))
    held.apply(ins.UnlinkWallet("alice", "alice2", 4, "left"))
    held.refuses("registry: unknown wallet", ins.RecoverIn("alice", (STOCK,), "anyone"))
    held.apply(ins.LinkWallet("bob", "alice2"))
    held.refuses("registry: unknown wallet", ins.RecoverIn("alice", (STOCK,), "anyone"))
    held.apply(ins.UnlinkWallet("bob", "alice2", 4, "left"))
    held.apply(ins.LinkWallet("alice", "alice2"))
    held.apply(ins.RecoverIn("alice", (STOCK,), "anyone"))
    assert held.ledger.balance(STOCK, "alice2") == units(10)


def test_a_hold_before_any_account_follows_its_wallet(held: World) -> None:
    """A wallet that is held without a token account is held under its successor's name."""
    held.apply(ins.Freeze(STOCK, "bob", True, 4, "order"))
    hold = held.program.at.hold(held.listing.stock, local_address("bob2"))
    held.chain.svm.set_account(hold, Account(10**9, b"", SYSTEM, False, 0))
    held.apply(ins.RecoverWallet("bob", "bob", "bob2", 4, "wallet lost", (STOCK,)))
    assert held.stored(hold).reason == 4
    assert not held.ledger.investors.attempt("thaw", held.listing, "bob2")
