"""How accounts of the program are laid out: as on record, with a version first and bytes for fields to come last."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from account_sweep import prepared
from compute_units import play
from solana_world import ROOT, STOCK, World, fresh

from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.solana.addresses import investor_id, local_address
from scrip.solana.build import Build
from scrip.solana.chain import Failed
from scrip.solana.deploy.timelock import ROOM
from scrip.solana.encoding.program import StockProgram
from scrip.solana.handlers import clearance

sys.path.append(str(ROOT / "tools"))
from account_layouts import SNAPSHOT, noted

NOTED: dict[str, Any] = json.loads(SNAPSHOT.read_text())
ACCOUNTS: dict[str, Any] = NOTED["accounts"]


@pytest.fixture(scope="module")
def lived() -> World:
    """A world in which each kind of account has been made, and closed where it ever is: see `compute_units`."""
    world = prepared()
    made: dict[str, list[bytes]] = {}
    send = world.chain.send

    def noting(calls: Any, signers: Any) -> Any:
        sent = send(calls, signers)
        for kind in ACCOUNTS:
            held = world.chain.owned(world.program.id, 0, world.program.discriminator(kind))
            made.setdefault(kind, []).extend(data for _, data in held[:1])
        return sent

    world.chain.send = noting  # type: ignore[method-assign]
    play(world)
    world.made = made  # type: ignore[attr-defined]
    return world


def places(kind: str) -> dict[str, int]:
    """Where each field of a kind begins."""
    return {field["name"]: field["at"] for field in ACCOUNTS[kind]["fields"]}


def test_layouts_are_as_on_record() -> None:
    """A layout in use does not change by accident. Where it is meant to: another VERSION, and `make snapshots`."""
    assert noted() == NOTED


def test_every_account_begins_with_a_version_and_ends_with_bytes_to_come() -> None:
    for kind, one in ACCOUNTS.items():
        first, last = one["fields"][0], one["fields"][-1]
        assert (first["name"], first["at"], first["type"]) == ("version", 8, "u8"), kind
        assert last["name"] == "reserved", kind
        assert last["bytes"] >= 8, kind


def test_accounts_in_use_have_the_room_that_is_on_record(lived: World) -> None:
    made: dict[str, list[bytes]] = lived.made  # type: ignore[attr-defined]
    assert {kind: {len(data) for data in found} for kind, found in made.items()} == {
        kind: {one["space"]} for kind, one in ACCOUNTS.items()
    }
    for kind, found in made.items():
        for data in found:
            decoded = lived.program.decode(data)
            assert (decoded.version, set(decoded.reserved)) == (NOTED["version"], {0}), kind


def test_rents_are_the_chains() -> None:
    chain, _ = fresh()
    for one in ACCOUNTS.values():
        assert one["rent"] == chain.rent(one["space"])


def test_places_that_are_read_without_decoding_are_those() -> None:
    wallet = places("Wallet")
    assert slice(wallet["holder"], wallet["investor"]) == clearance.HOLDER
    assert (wallet["investor"], wallet["successor"]) == (clearance.INVESTOR_OF_WALLET, clearance.SUCCEEDED)


def test_the_address_without_a_key_is_given_the_rent_of_what_it_makes() -> None:
    kinds = {"correct_index": "Action", "fold_pair": "Action", "list_asset": "Asset", "set_custodian": "Custodian"}
    kinds["set_provider"] = "Provider"
    assert {name: ACCOUNTS[kind]["space"] for name, kind in kinds.items()} == {name: ROOM[name] for name in kinds}


def test_an_account_of_another_layout_is_not_decoded() -> None:
    program = StockProgram(Build(ROOT).idl)
    for kind, one in ACCOUNTS.items():
        data = program.discriminator(kind) + bytes([NOTED["version"]]) + bytes(one["space"] - 9)
        assert program.decode(data).version == NOTED["version"]
        for version in (0, 2, 255):
            with pytest.raises(ScripError, match=f"{kind} of layout version {version}: this build reads version 1"):
                program.decode(data[:8] + bytes([version]) + data[9:])
        with pytest.raises(ScripError, match=f"{kind} of layout version none"):
            program.decode(data[:8])


def test_a_record_of_another_layout_is_never_taken_for_none(world: World) -> None:
    """It is there, so nobody makes it anew, lifts it, or is let in as somebody without one."""
    world.back()
    world.mint("bob", 3)
    world.apply(ins.Freeze(STOCK, "bob", True, 7, "doc"))
    at = world.program.at
    hold = at.hold(world.listing.stock, local_address("bob"))
    investor = at.investor(investor_id("alice"))
    for address, instruction in (
        (hold, ins.Freeze(STOCK, "bob", False, 7, "doc")),
        (hold, ins.Freeze(STOCK, "bob", True, 7, "doc")),
        (investor, ins.Renew("alice", world.now() + 10)),
    ):
        stored = world.chain.svm.get_account(address)
        assert stored is not None
        data = bytes(stored.data)
        bent = type(stored)(stored.lamports, data[:8] + b"\x02" + data[9:], stored.owner, False, 0)
        world.chain.svm.set_account(address, bent)
        with pytest.raises((ScripError, Failed)):
            world.apply(instruction)
        assert bytes(world.chain.account(address) or b"") == bent.data
        world.chain.svm.set_account(address, stored)
