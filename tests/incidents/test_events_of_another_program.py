"""Any program's inner instruction was read as an event of ours: what begins alike is every Anchor program's.

A forged `Minted` of 10^15 was decoded, a foreign event was None, and one that was cut short raised the decoder's error.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.solana.addresses import local_address
from scrip.solana.encoding.program import EVENT

sys.path.append(str(Path(__file__).resolve().parents[1] / "solana"))
from solana_world import STOCK, World, coins, units

from scrip import instructions as ins


@pytest.fixture(scope="module")
def world() -> World:
    found = World.with_holders()
    found.back()
    return found


@pytest.fixture(scope="module")
def minted(world: World) -> Instruction:
    """The event of a mint, as it came."""
    world.ledger.investors.prepare(world.listing, "alice")
    order = ins.Mint(STOCK, "alice", units(100), coins(100), world.quote())
    sent = world.send(world.ledger.calls(order), "alice")
    (event,) = world.program.events(sent.inner)
    assert (event.name, event.data.amount) == ("Minted", units(100).value)
    (found,) = [call for call in sent.inner if bytes(call.data).startswith(EVENT)]
    return found


def event(program: Pubkey, authority: Pubkey, data: bytes) -> Instruction:
    return Instruction(program, data, [AccountMeta(authority, False, False)])


def test_another_programs_event_is_none_of_ours(world: World, minted: Instruction) -> None:
    data, stranger = bytes(minted.data), local_address("another program")
    at = data.index(struct.pack("<Q", units(100).value))
    forged = data[:at] + struct.pack("<Q", 10**15) + data[at + 8 :]
    assert world.program.events([event(stranger, world.program.at.event_authority, forged)]) == []
    assert world.program.events([event(stranger, world.program.at.event_authority, EVENT + b"\1" * 40)]) == []
    assert world.program.events([event(stranger, world.program.at.event_authority, data[:30])]) == []
    assert world.program.events([event(world.program.id, stranger, forged)]) == []
    assert world.program.events([Instruction(world.program.id, forged, [])]) == []
    assert len(world.program.events([event(stranger, stranger, forged), minted])) == 1


def test_an_event_that_this_build_does_not_know_is_named(world: World, minted: Instruction) -> None:
    own = (world.program.id, world.program.at.event_authority)
    for data in (EVENT + b"\1" * 40, bytes(minted.data)[:30], EVENT):
        with pytest.raises(ScripError, match="an event of"):
            world.program.events([event(*own, data)])
