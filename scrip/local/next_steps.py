"""What to try on a desk that has just been made, as commands that do what they say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scrip.local.desk import MANIFESTS, PORTS, Desk
from scrip.local.furnish import DIVIDEND, HELD, REINVESTED, SPLIT, Orders, manifest_file
from scrip.local.settings import EVM, SOLANA

RECORDS = Path("records")
"""Where commands look for records if nothing else is said."""
STRUCK = "420.00"


def environment(desk: Desk) -> Iterator[str]:
    """What the shell is to be told before commands find the desk's nodes; nothing where they look there anyway."""
    for node in desk.nodes():
        variable = desk.manifest(node.name).chain.rpc_env
        said = os.environ.get(variable, "")
        if said != node.url and (said or desk.settings.ports[node.name] != PORTS[node.name]):
            yield f"export {variable}={node.url}"


def commands(desk: Desk) -> Iterator[tuple[str, str]]:
    """What to try, and the command for it, in an order in which all of them work."""
    first = desk.settings.networks[0]
    orders = Orders(desk.manifest(first), desk.settings.ex)
    split, paying = orders.splitting, orders.paying
    yield "how the desk stands", "ape run local status"
    for name in desk.settings.networks:
        on = _on(desk, name)
        kind = "" if name == EVM else " on Solana"
        yield f"a stock{kind}", f"ape run stock show {split}{on}"
        file = f"quote-{name}.json"
        quote = f"ape run market quote mint {split} ada 10 4200.00 --out {file} --reference first-{name}{on} --apply"
        yield f"a quote for ada{kind}: 10 tokens at 420.00", quote
        yield f"she mints on it{kind}", f"ape run market mint {file} --as ada{on} --apply"
        yield f"the dividend ahead{kind}", f"ape run action show {paying} {REINVESTED} {DIVIDEND}{on}"
        strike = f"ape run action schedule {paying} {REINVESTED} {DIVIDEND} --price {STRUCK}{on} --apply"
        yield f"its price is struck{kind}", strike
        block = f"ape run compliance block carla --reason 1 --document order-1{on} --apply"
        yield f"an investor is stopped in every stock{kind}", block
        yield f"what the chain proves{kind}", f"ape run audit chain{on}"
    yield "two days pass", "ape run local time +48h"
    yield "the clocks are moved past the split", f"ape run local time {SPLIT}"
    yield "the custodian says what it holds since", f"ape run local attest {split} {2 * HELD.to_wad() // 10**18}"
    for name in desk.settings.networks:
        confirm = f"ape run market confirm-basis {split} --as ada{_on(desk, name)} --apply"
        yield f"the reserve on {name} counts in the new shares", confirm
    yield f"{split} after its split", f"ape run stock show {split}{_on(desk, first)}"
    yield "shut it (local up goes on where it stood)", "ape run local down"


def _on(desk: Desk, network: str) -> str:
    """The options by which a command finds a network of the desk."""
    said = "" if network == EVM else f" --network {SOLANA}"
    if Path(desk.settings.manifests) != MANIFESTS:
        said = f" --manifest {manifest_file(Path(desk.settings.manifests), network)}"
    return said + ("" if Path(desk.settings.records) == RECORDS else f" --records {desk.settings.records}")
