"""The interface as clients get it: every instruction, and every kind of account, can be read with it."""

from __future__ import annotations

import re

from solana_world import LATER, ROOT, STOCK, World, units
from support.days import ex_of

from scrip import instructions as ins
from scrip.solana.addresses import investor_id, local_address, reference_word

SOURCE = ROOT / "programs/stock-token/src"
ACCOUNT = re.compile(r"#\[account\]\n(?:#\[[^\n]*\]\n)*pub struct (\w+)")


def test_every_account_that_the_program_owns_is_listed(world: World) -> None:
    owned = {name for path in SOURCE.glob("state/*.rs") for name in ACCOUNT.findall(path.read_text())}
    assert {entry["name"] for entry in world.program.idl["accounts"]} == owned
    assert owned >= {"Action", "Hold", "Investor", "Stock", "UsedKey", "Wallet"}


def test_no_name_holds_a_path(world: World) -> None:
    names = [entry["name"] for kind in ("accounts", "types", "events") for entry in world.program.idl[kind]]
    assert not [name for name in names if "::" in name]
    assert len({entry["name"] for entry in world.program.idl["types"]}) == len(world.program.idl["types"])


def test_an_investor_and_a_wallet_are_decoded(world: World) -> None:
    at = world.program.at
    world.apply(ins.Block("alice", 1, "doc"))
    investor = world.stored(at.investor(investor_id("alice")))
    assert bytes(investor.id) == investor_id("alice")
    assert (investor.country, investor.blocked, investor.wallets, investor.expiry) == (840, True, 1, LATER)
    assert investor.class_ == world.program.type["InvestorClass"].Retail()
    wallet = world.stored(at.wallet(local_address("alice")))
    assert (wallet.holder, wallet.investor) == (local_address("alice"), at.investor(investor_id("alice")))


def test_an_action_a_hold_what_is_bound_an_asset_and_a_key_are_decoded(world: World) -> None:
    at, listing = world.program.at, world.listing
    second = world.now() + 200_000
    world.apply(ins.Announce(STOCK, "SPLF", "split", ex_of(second), second, 2, 1))
    action = world.stored(at.action(listing.stock, "SPLF", reference_word("split")))
    assert (action.num, action.den, action.ex, action.effective_at) == (2, 1, 20010911, second)
    assert action.status == world.program.type["Status"].Announced()
    world.apply(ins.Freeze(STOCK, "alice", True, 7, "doc", key="hold"))
    hold = world.stored(at.hold(listing.stock, local_address("alice")))
    assert (hold.stock, hold.holder, hold.reason) == (listing.stock, local_address("alice"), 7)
    world.back()
    world.mint("bob", 3)
    world.apply(ins.Lock(STOCK, "bob", units(2), second, 7, "doc"))
    bound = world.stored(at.locked(listing.stock, local_address("bob")))
    assert (bound.stock, bound.holder, bound.frozen) == (listing.stock, local_address("bob"), 0)
    assert bound.vault == at.vault(listing.stock, local_address("bob"))
    assert [(one.until, one.amount) for one in bound.tranches] == [(second, 2 * 10**8), (0, 0), (0, 0), (0, 0)]
    assert world.stored(at.key(world.ledger.key("hold"))).bump > 0
    asset = world.stored(at.asset(world.suite.stablecoin))
    assert (asset.treasury, asset.listed) == (world.suite.treasury, True)
