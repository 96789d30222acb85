"""What always holds of the program's state is asked before it is stored, but for what only stops.

That each sentence of an invariant can fail is a test of the program's own (`state.rs`, `records.rs` and `sanctions.rs`
in `programs/stock-token/tests`). Here accounts in use are spoiled, as no instruction could, and the instructions that
would store them again refuse.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from solana_world import DAY, LATER, STOCK, World, shares
from solders.account import Account
from solders.pubkey import Pubkey
from support.days import ex_of

from scrip import instructions as ins
from scrip.instructions.base import Instruction
from scrip.solana.addresses import investor_id, reference_word

SPLIT_NOTICE, WALLETS, BASE, STEP_NUM, WITHHELD = 426, 45, 45, 115, 162
"""Where fields lie in the data of an issuer, an investor, a stock, a calendar without parts, a reserve, an action."""


def spoil(world: World, address: Pubkey, at: int, field: bytes) -> bytes:
    """Write a field of an account; returns what the account's data were."""
    before = world.chain.account(address)
    assert before is not None
    assert before[at : at + len(field)] != field
    put(world, address, before[:at] + field + before[at + len(field) :])
    return before


def put(world: World, address: Pubkey, data: bytes) -> None:
    """An account of the program with these data."""
    account = world.chain.svm.get_account(address)
    assert account is not None
    world.chain.svm.set_account(address, Account(account.lamports, data, world.program.id, False, 0))


SPLIT = ins.Schedule(STOCK, "SPLF", "r")
SPOILED: dict[str, tuple[Callable[[World], Pubkey], int, bytes, Instruction]] = {
    "investor": (
        lambda world: world.program.at.investor(investor_id("alice")),
        WALLETS,
        b"\x09",
        ins.Renew("alice", LATER + 1),
    ),
    "calendar": (lambda world: world.listing.calendar, BASE, bytes(16), SPLIT),
    "reserve": (lambda world: world.listing.reserve, STEP_NUM, b"\x02", ins.SetCeiling(STOCK, shares(1))),
    "action": (
        lambda world: world.program.at.action(world.listing.stock, "SPLF", reference_word("r")),
        WITHHELD,
        b"\x01",
        ins.Cancel(STOCK, "SPLF", "r", 1, "doc"),
    ),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_state_that_is_not_as_it_must_be_is_not_stored(world: World, kind: str) -> None:
    find, at, field, instruction = SPOILED[kind]
    world.back()
    world.apply(ins.Announce(STOCK, "SPLF", "r", ex_of(world.now() + 2 * DAY), world.now() + 2 * DAY, 2, 1))
    address = find(world)
    before = spoil(world, address, at, field)
    spoiled = world.chain.account(address)
    world.refuses("state: invariant broken", instruction)
    assert world.chain.account(address) == spoiled
    put(world, address, before)
    world.apply(instruction)


def test_a_market_stops_whatever_is_wrong_with_the_issuer(world: World) -> None:
    issuer = world.program.at.issuer
    before = spoil(world, issuer, SPLIT_NOTICE, bytes(8))
    world.apply(ins.PauseMarket())
    assert world.stored(issuer).market_paused
    world.refuses("state: invariant broken", ins.UnpauseMarket())
    put(world, issuer, before)
    world.apply(ins.PauseMarket())
    world.apply(ins.UnpauseMarket())


def test_an_investor_is_blocked_whatever_is_wrong_with_the_record(world: World) -> None:
    investor = world.program.at.investor(investor_id("alice"))
    spoil(world, investor, WALLETS, b"\x09")
    world.apply(ins.Block("alice", 1, "doc"))
    assert world.stored(investor).blocked
    world.refuses("state: invariant broken", ins.Unblock("alice", 1, "doc"))
