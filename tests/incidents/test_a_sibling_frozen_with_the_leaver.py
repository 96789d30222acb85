"""A wallet that left its investor took the others along: `unlink_wallet` froze any account that it was given of the
investor's, and those of a sibling wallet stay cleared.

Only the leaver's accounts may be named; the desk names no others.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from solders.instruction import AccountMeta, Instruction

from scrip import instructions as ins
from scrip.solana.addresses import document_hash, investor_id, local_address
from scrip.solana.encoding import tokens

sys.path.append(str(Path(__file__).resolve().parents[1] / "solana"))
from solana_world import ISSUER, STOCK, World, units

KEY = bytes([8]) * 32


@pytest.fixture
def world() -> World:
    """Alice has two wallets, both with units of an allow-list stock."""
    found = World.with_holders()
    found.back()
    found.apply(ins.LinkWallet("alice", "second"))
    found.ledger.investors.prepare(found.listing, "second")
    found.mint("alice", 10)
    found.transfer("alice", "second", 4)
    return found


def unlink(world: World, *named: str) -> Instruction:
    """Alice's second wallet leaves, and accounts of these wallets are named to be frozen."""
    at, identity, second = world.program.at, investor_id("alice"), local_address("second")
    accounts = {
        "signer": local_address(ISSUER),
        "investor": at.investor(identity),
        "holder": second,
        "wallet": at.wallet(second),
        "used_key": at.key(KEY),
    }
    rest = []
    for name in named:
        places = (world.listing.stock, world.listing.mint, at.wallet(local_address(name)))
        rest += [AccountMeta(place, False, False) for place in places]
        rest.append(AccountMeta(world.ledger.units(world.listing, name), False, True))
    reason = (7, list(document_hash("order")))
    return world.program.build("unlink_wallet", list(KEY), list(identity), *reason, accounts=accounts, rest=rest)


def is_frozen(world: World, name: str) -> bool:
    held = tokens.holding(world.chain.account(world.ledger.units(world.listing, name)))
    assert held is not None
    return held.frozen


@pytest.mark.parametrize("named", [("alice",), ("second", "alice"), ("alice", "second")], ids=" ".join)
def test_a_siblings_account_is_not_taken(world: World, named: tuple[str, ...]) -> None:
    world.fails("UnknownWallet", [unlink(world, *named)], ISSUER)
    assert not is_frozen(world, "alice")
    world.transfer("alice", "second", 1)


def test_the_leavers_own_is_frozen(world: World) -> None:
    world.send([unlink(world, "second")], ISSUER)
    assert (is_frozen(world, "second"), is_frozen(world, "alice")) == (True, False)
    assert world.ledger.balance(STOCK, "alice") == units(6)


def test_the_desk_names_the_leavers_alone(world: World) -> None:
    world.apply(ins.UnlinkWallet("alice", "second", 7, "order"))
    assert (is_frozen(world, "second"), is_frozen(world, "alice")) == (True, False)
