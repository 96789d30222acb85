"""A halt: the program stops at once, by GUARDIAN; anyone pauses any mint in it, and ADMIN alone ends it."""

from __future__ import annotations

import pytest
from solana_world import DAY, ISSUER, START, STOCK, World, coins, units
from solders.account import Account
from solders.compute_budget import set_compute_unit_limit
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.ledger import SOLANA
from scrip.model import ModelLedger
from scrip.solana.addresses import TOKEN_2022, local_address

TARGET = 50
"""Mints that one transaction is to pause."""
FIT, ROOM, SIGNATURE, PLACE = 25, 1_232, 65, 33
"""Mints that fit one without a lookup table; bytes of a transaction, of its count and signature, of one more mint."""


def pausing(world: World, *mints: Pubkey, written: bool = True) -> Instruction:
    """The instruction that pauses mints in a halt."""
    rest = [AccountMeta(mint, False, written) for mint in mints]
    return world.program.build("pause_halted", accounts={}, rest=rest)


def test_a_halt_stops_the_program_and_anyone_stops_the_mints(funded: World) -> None:
    mint = funded.listing.mint
    funded.fails("FleetNotHalted", [pausing(funded, mint)], "anyone")
    funded.refuses("roles: not authorised", ins.Halt(by="mallory"))
    funded.refuses("beacon: not halted", ins.Unhalt())
    funded.apply(ins.Halt())
    funded.refuses("beacon: halted", ins.Halt())
    funded.refuses("token: halted", ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote()), "Halted")
    funded.refuses("token: halted", ins.Redeem(STOCK, "alice", units(1), coins(1), funded.quote()), "Halted")
    accounts = funded.ledger.investors.control(funded.listing, "alice", "", bytes(32))
    thaw = funded.program.build("thaw", accounts=accounts, listing=funded.listing)
    funded.fails("Halted", [thaw])
    # Transfers are the token program's: they stop with each mint.
    funded.transfer("alice", "alice", 1)
    sent = funded.send([pausing(funded, mint)], "anyone")
    (event,) = funded.program.events(sent.inner)
    assert (event.name, event.data.mints) == ("StocksHalted", [mint])
    funded.refuses("token: paused", ins.Transfer(STOCK, "alice", "alice", units(1)), elsewhere=True)
    # Twice, and beside others that are paused: nothing more happens, and nothing fails.
    sent = funded.send([pausing(funded, mint, mint)], "somebody")
    assert funded.program.events(sent.inner)[0].data.mints == []
    funded.refuses("token: halted", ins.Unpause(STOCK), "Halted")
    # What protects goes on: a block, a freeze, a cancellation.
    funded.apply(ins.Block("bob", 1, "doc"))
    funded.apply(ins.Freeze(STOCK, "alice", True, 1, "doc"))
    funded.split(2, 1)
    funded.apply(ins.Cancel(STOCK, "SPLF", "split", 1, "doc"))
    funded.refuses("roles: not authorised", ins.Unhalt(by="mallory"))
    funded.apply(ins.Unhalt())
    funded.fails("FleetNotHalted", [pausing(funded, mint)], "anyone")
    funded.apply(ins.Unpause(STOCK))
    funded.apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))
    funded.mint("alice", 1)


def test_a_pause_works_in_a_halt_and_the_model_says_so(world: World) -> None:
    model = ModelLedger(SOLANA, START)
    model.apply(ins.CreateStock(STOCK, "Microsoft", world.listing.isin, "ALLOWLIST"))
    for ledger in (world.ledger, model):
        ledger.apply(ins.Halt())
        ledger.apply(ins.Pause(STOCK))
        with pytest.raises(Exception, match="token: halted"):
            ledger.apply(ins.Unpause(STOCK))
        ledger.apply(ins.Unhalt())
        ledger.apply(ins.Unpause(STOCK))


def test_what_is_no_mint_of_ours_is_not_paused(funded: World) -> None:
    funded.apply(ins.Halt())
    alices = funded.ledger.units(funded.listing, "alice")
    for stranger in (local_address("nowhere"), funded.listing.stock, funded.suite.stablecoin, alices):
        funded.fails("NotAStock", [pausing(funded, funded.listing.mint, stranger)], "anyone")
    mint = funded.chain.svm.get_account(funded.listing.mint)
    assert mint is not None
    data = bytes(mint.data).replace(bytes(funded.program.at.authority), bytes(local_address("another")))
    other = local_address("another mint")
    funded.chain.svm.set_account(other, Account(mint.lamports, data, TOKEN_2022, False, 0))
    funded.fails("NotAStock", [pausing(funded, other)], "anyone")
    # Nor is ours, where it may not be written.
    funded.fails("NotAStock", [pausing(funded, funded.listing.mint, written=False)], "anyone")


def test_the_halt_needs_no_whole_issuer(world: World) -> None:
    """A stop works when something is wrong with the record already; its end does not."""
    at = world.program.at.issuer
    found = world.chain.svm.get_account(at)
    assert found is not None
    data = bytearray(found.data)
    whole = bytes(data)
    notice = (DAY).to_bytes(8, "little")
    place = whole.index(notice)
    data[place : place + 8] = bytes(8)
    world.chain.svm.set_account(at, Account(found.lamports, bytes(data), world.program.id, False, 0))
    world.apply(ins.Halt())
    world.refuses("state: invariant broken", ins.Unhalt())


def test_many_mints_are_paused_in_one_transaction(world: World) -> None:
    """As many as a transaction's compute takes: what a legacy one has room for in bytes is half of that."""
    mints = [world.listing.mint]
    for series in range(2, FIT + 1):
        listing = world.program.listing("US0378331005", series)
        args = {"isin": list(b"US0378331005"), "series": series, "policy": world.program.type["Policy"].Blocklist()}
        args |= {"default_frozen": False, "name": "Apple", "symbol": "AAPL", "uri": "", "arm_hook": True}
        call = world.program.build("create_stock", args, accounts={"signer": local_address(ISSUER)}, listing=listing)
        world.send([call], ISSUER)
        mints.append(listing.mint)
    world.apply(ins.Halt())
    call = pausing(world, *mints)
    calls = [set_compute_unit_limit(1_400_000), call]
    message = Message.new_with_blockhash(calls, local_address("anyone"), Hash.default())
    assert len(bytes(message)) + SIGNATURE <= ROOM < len(bytes(message)) + SIGNATURE + 2 * PLACE
    sent = world.send(calls, "anyone")
    each = (sent.compute_units or 0) / len(mints)
    assert each * TARGET < 1_400_000 // 2
    assert world.program.events(sent.inner)[0].data.mints == mints
