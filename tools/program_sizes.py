"""How many bytes of the Solana program each of its instructions' handlers takes, read from the built file itself.

A handler is a function that the entry calls once it has found an instruction's discriminator; what handlers share
(accounts' validation, arithmetic, the token program's calls) is counted for none of them.

    python tools/program_sizes.py           # the listing, the largest first
    python tools/program_sizes.py --write   # keeps it in tests/snapshots/program_sizes.json
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROGRAM, IDL = ROOT / "target/deploy/stock_token.so", ROOT / "target/idl/stock_token.json"
SNAPSHOT = ROOT / "tests/snapshots/program_sizes.json"
WORD = 8
"""Bytes of an instruction of the machine's."""
LOAD, CALL, RETURN, JUMP, EQUAL, UNEQUAL = 0x18, 0x85, 0x95, 0x05, 0x1D, 0x5D
"""Its operations: a constant of 64 bits is loaded, a function called, left; a jump, one where two registers are equal,
or are not."""
NEAR = 200
"""Instructions within which an entry calls the handler of what it has found."""


def text_of(elf: bytes) -> bytes:
    """The code of a program."""
    offset, size, count, names = (
        *struct.unpack_from("<Q", elf, 0x28),
        *struct.unpack_from("<HHH", elf, 0x3A),
    )
    headers = [struct.unpack_from("<IIQQQQ", elf, offset + size * one) for one in range(count)]
    strings = headers[names][4]
    for name, _, _, _, at, length in headers:
        start = strings + name
        if elf[start : elf.index(b"\0", start)] == b".text":
            return elf[at : at + length]
    raise SystemExit("no code in the program")


def sizes(elf: bytes, idl: Mapping[str, Any]) -> dict[str, int]:
    """Bytes of each handler, by the instruction's name."""
    text = text_of(elf)
    code = [struct.unpack_from("<BBhi", text, at) for at in range(0, len(text), WORD)]
    targets = {at + 1 + one[3] for at, one in enumerate(code) if _calls_here(one)}
    starts = sorted({0, *(one for one in targets if 0 <= one < len(code)), len(code)})
    ends = dict(pairwise(starts))
    found = {}
    for entry in idl["instructions"]:
        handler = _handler(code, int.from_bytes(bytes(entry["discriminator"]), "little"))
        found[entry["name"]] = (ends[handler] - handler) * WORD
    return dict(sorted(found.items()))


def _calls_here(one: tuple[int, int, int, int]) -> bool:
    """Whether an instruction calls a function of the program's own: of a system call the loader fills in the number."""
    operation, registers, _, number = one
    return operation == CALL and registers >> 4 == 1 and number != -1


def _handler(code: list[tuple[int, int, int, int]], discriminator: int) -> int:
    """Where the function begins that is called once a discriminator was found."""
    for at, (operation, _, _, low) in enumerate(code[:-1]):
        value = (low & 0xFFFFFFFF) | (code[at + 1][3] & 0xFFFFFFFF) << 32
        if operation != LOAD or value != discriminator:
            continue
        place, compared = at + 2, False
        for _ in range(NEAR):
            operation, registers, jump, number = code[place]
            place += 2 if operation == LOAD else 1
            if operation in (EQUAL, UNEQUAL) and not compared:
                compared = True
                place += jump if operation == EQUAL else 0
            elif operation == JUMP:
                place += jump
            elif compared and _calls_here((operation, registers, jump, number)):
                return place + number
            elif operation == RETURN:
                break
    raise SystemExit(f"no handler of {discriminator:#x} is found")


def main() -> None:
    """List the sizes, or keep them."""
    found = sizes(PROGRAM.read_bytes(), json.loads(IDL.read_text()))
    if "--write" in sys.argv:
        content = {"bytes": PROGRAM.stat().st_size, "handlers": found, "schema": 1}
        SNAPSHOT.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    for name, size in sorted(found.items(), key=lambda one: -one[1]):
        print(f"{size:7,}  {name}")


if __name__ == "__main__":
    main()
