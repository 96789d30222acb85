"""A hold is a wallet's: what names it names the one address where it is, or would be, and finds there what it finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from solana_world import ISSUER, STOCK, World, coins, units
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.solana.addresses import SYSTEM, local_address
from scrip.solana.handlers.clearance import NO_KEY

HOLD = ins.Freeze(STOCK, "alice", True, 4, "order-1")


def instead(calls: list[Instruction], was: Pubkey, now: Pubkey) -> list[Instruction]:
    """The calls with one address in another's place."""

    def place(meta: AccountMeta) -> AccountMeta:
        return AccountMeta(now if meta.pubkey == was else meta.pubkey, meta.is_signer, meta.is_writable)

    return [Instruction(one.program_id, bytes(one.data), [place(meta) for meta in one.accounts]) for one in calls]


def minted(world: World) -> list[Instruction]:
    return world.ledger.calls(ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))


def redeemed(world: World) -> list[Instruction]:
    return world.ledger.calls(ins.Redeem(STOCK, "alice", units(1), coins(1), world.quote()))


def thawed(world: World) -> list[Instruction]:
    return [world.ledger.investors.crank_call("thaw", world.listing, "alice")]


NAMING: dict[str, tuple[Callable[[World], list[Instruction]], tuple[str, ...]]] = {
    "mint": (minted, ("alice",)),
    "redeem": (redeemed, ("alice",)),
    "thaw": (thawed, ()),
}
"""What names a hold, and who signs it."""


def hold(world: World, name: str = "alice") -> Pubkey:
    return world.program.at.hold(world.listing.stock, local_address(name))


@pytest.mark.parametrize("name", NAMING)
def test_a_hold_that_is_left_out_is_missed(funded: World, name: str) -> None:
    calls, signers = NAMING[name]
    funded.apply(HOLD)
    funded.apply(ins.Freeze(STOCK, "bob", True, 4, "order-2"))
    for other in (SYSTEM, local_address("nowhere"), hold(funded, "carol"), hold(funded, "bob"), funded.listing.stock):
        funded.fails("UnknownHold", instead(calls(funded), hold(funded), other), *signers)


@pytest.mark.parametrize("name", NAMING)
def test_lamports_are_no_hold_and_another_programs_account_is_no_answer(funded: World, name: str) -> None:
    calls, signers = NAMING[name]
    if name == "thaw":
        funded.apply(HOLD)
        funded.apply(ins.Freeze(STOCK, "alice", False, 4, "order-2"))
        funded.apply(ins.Block("alice", 1, "doc"))
        funded.apply(ins.Unblock("alice", 1, "doc"))
    funded.chain.svm.set_account(hold(funded), Account(10**9, bytes(107), local_address("x"), False, 0))
    funded.fails("UnknownHold", calls(funded), *signers)
    funded.chain.svm.set_account(hold(funded), Account(10**9, b"", SYSTEM, False, 0))
    funded.send(calls(funded), *signers)


def test_an_enforcer_is_told_of_another_programs_account(funded: World) -> None:
    funded.chain.svm.set_account(hold(funded), Account(10**9, bytes(107), local_address("x"), False, 0))
    key = bytes([3]) * 32
    accounts = funded.ledger.investors.control(funded.listing, "alice", ISSUER, key)
    call = funded.program.build("hold_account", list(key), 1, [1] * 32, accounts=accounts, listing=funded.listing)
    funded.fails("UnknownHold", [call], ISSUER)


def test_whom_a_hold_names_may_be_paid_its_address(funded: World) -> None:
    funded.chain.svm.set_account(hold(funded), Account(10**9, b"", SYSTEM, False, 0))
    funded.apply(HOLD)
    assert funded.stored(hold(funded)).holder == local_address("alice")
    funded.apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))
    assert funded.chain.account(hold(funded)) is None


def test_what_anyone_may_do_writes_the_token_account_alone(funded: World) -> None:
    for name in ("thaw", "freeze"):
        call = funded.ledger.investors.crank_call(name, funded.listing, "alice")
        written = [meta.pubkey for meta in call.accounts if meta.is_writable]
        assert written == [funded.ledger.units(funded.listing, "alice")]
        assert not any(meta.is_signer for meta in call.accounts)


def test_a_freeze_names_the_hold_too(funded: World) -> None:
    call = funded.ledger.investors.crank_call("freeze", funded.listing, "alice")
    funded.fails("UnknownHold", instead([call], hold(funded), hold(funded, "bob")))
    funded.fails("StillCleared", [call])
    assert NO_KEY not in bytes(call.data)
