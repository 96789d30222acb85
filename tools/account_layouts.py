"""Where each field lies in every kind of account of the Solana program, and what an account of it costs.

Offsets are told by the interface, and end at the first list, whose length varies; room is what the program's own test
(`programs/stock-token/tests/layout.rs`) holds. An account in use keeps its bytes through an upgrade: a field to come
takes them from `reserved`, and another layout has another version.

    python tools/account_layouts.py           # the layouts
    python tools/account_layouts.py --write   # keeps them in tests/snapshots/accounts.json
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IDL = ROOT / "target/idl/stock_token.json"
ROOMS = ROOT / "programs/stock-token/tests/layout.rs"
SNAPSHOT = ROOT / "tests/snapshots/accounts.json"
KIND = 8
"""Bytes in front that tell an account's kind."""
BYTES = {"bool": 1, "u8": 1, "u16": 2, "u32": 4, "u64": 8, "i64": 8, "u128": 16, "pubkey": 32}
HELD, YEARS, OVERHEAD = 3_480, 2, 128
"""Lamports that a byte costs a year, for how many an account must hold them, and the bytes that every account has."""


def rent(space: int) -> int:
    """Lamports that an account of so many bytes must hold, as clusters have them set."""
    return (OVERHEAD + space) * HELD * YEARS


def layouts(idl: Mapping[str, Any]) -> dict[str, Any]:
    """By kind of account: its fields with their places, how many bytes an account has, and its rent in lamports."""
    types = {one["name"]: one["type"] for one in idl["types"]}
    rooms = re.findall(r'laid_out::<(\w+)>\("\w+", ([\d_]+)\)', ROOMS.read_text())
    space = {name: KIND + int(room.replace("_", "")) for name, room in rooms}
    return {
        one["name"]: {
            "fields": _fields(types, types[one["name"]]),
            "rent": rent(space[one["name"]]),
            "space": space[one["name"]],
        }
        for one in idl["accounts"]
    }


def _fields(types: Mapping[str, Any], made: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each field: its name, its type, where it begins and how many bytes it has; None where that varies."""
    at: int | None = KIND
    found = []
    for field in made["fields"]:
        size = _size(types, field["type"])
        found.append({"at": at, "bytes": size, "name": field["name"], "type": _told(field["type"])})
        at = at + size if at is not None and size is not None else None
    return found


def _size(types: Mapping[str, Any], made: Any) -> int | None:
    """Bytes of a type; None where they vary."""
    if isinstance(made, str):
        return BYTES.get(made)
    if "array" in made:
        one = _size(types, made["array"][0])
        return one * made["array"][1] if one is not None else None
    if "defined" not in made:
        return None
    inner = types[made["defined"]["name"]]
    if inner["kind"] == "enum":
        return 1
    sizes = [_size(types, field["type"]) for field in inner["fields"]]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _told(made: Any) -> str:
    """A type in words of its own."""
    if isinstance(made, str):
        return made
    if "array" in made:
        return f"{_told(made['array'][0])} × {made['array'][1]}"
    name = next(iter(made))
    return str(made[name]["name"]) if name == "defined" else f"{name} of {_told(made[name])}"


def noted() -> dict[str, Any]:
    """What the snapshot is to say."""
    idl = json.loads(IDL.read_text())
    version = next(int(one["value"]) for one in idl["constants"] if one["name"] == "VERSION")
    return {"accounts": layouts(idl), "schema": 1, "version": version}


def main() -> None:
    """Show the layouts, or keep them."""
    found = noted()
    if "--write" in sys.argv[1:]:
        SNAPSHOT.write_text(json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        return
    for name, one in found["accounts"].items():
        print(f"{name}: {one['space']} bytes, rent {one['rent']:,} lamports")
        for field in one["fields"]:
            place = "…" if field["at"] is None else field["at"]
            print(f"  {place:>5}  {field['bytes'] or '…':>4}  {field['name']}: {field['type']}")


if __name__ == "__main__":
    main()
