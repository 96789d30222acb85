"""Another build of the program, and what Solana's own tool leaves on a cluster before it can take this one's place."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

from solana_network_world import SolanaNetworkWorld
from solders.pubkey import Pubkey

from scrip.solana.addresses import UPGRADEABLE_LOADER, local_address
from scrip.solana.build import Build
from scrip.solana.encoding import loader


def another_build(folder: Path) -> Path:
    """A build whose program is this one's with a byte behind its end, which nothing reads: it runs, and is another."""
    ours, theirs = Build(), Build(folder)
    for path in (theirs.elf, idl := folder / "target/idl/stock_token.json", theirs.note):
        path.parent.mkdir(parents=True, exist_ok=True)
    code = ours.elf.read_bytes() + b"\1"
    theirs.elf.write_bytes(code)
    idl.write_bytes(ours.idl.read_bytes())
    theirs.note.write_text(json.dumps({"bytes": len(code), "sha256": sha256(code).hexdigest()}))
    return folder


def put(world: SolanaNetworkWorld, address: Pubkey, data: bytes) -> None:
    """An account of the loader's, as Solana's own tool would have left it."""
    account = {"data": base64.b64encode(data).decode(), "owner": str(UPGRADEABLE_LOADER), "lamports": 10**11}
    world.served.ask("endpoint_setAccount", str(address), account)


def extend(world: SolanaNetworkWorld, size: int) -> None:
    """Room for a longer program, as `solana program extend` makes it."""
    network = world.open()
    place = network.program.at.program_data
    put(world, place, (network.chain.account(place) or b"") + bytes(size))


def buffer(authority: str) -> bytes:
    """What a buffer of somebody's begins with."""
    return loader.buffer_head(local_address(authority))
