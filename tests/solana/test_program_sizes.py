"""The program stays below its limit, and what each instruction takes of it is on record."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools"))
from program_sizes import IDL, PROGRAM, SNAPSHOT, sizes  # noqa: E402

LIMIT = 800_000
"""Bytes of the whole program."""
DRIFT = 1_000
"""Bytes by which one instruction's handler, and ten times as many by which the whole, may be off the record: a change
that is meant runs `python tools/program_sizes.py --write`."""


def test_the_program_and_each_handler_are_as_on_record() -> None:
    noted, content = json.loads(SNAPSHOT.read_text()), PROGRAM.read_bytes()
    found = sizes(content, json.loads(IDL.read_text()))
    assert len(content) <= LIMIT
    assert abs(len(content) - noted["bytes"]) <= 10 * DRIFT, "note it: python tools/program_sizes.py --write"
    assert set(found) == set(noted["handlers"])
    off = {name: (size, noted["handlers"][name]) for name, size in found.items()}
    assert {name: both for name, both in off.items() if abs(both[0] - both[1]) > DRIFT} == {}
    # They are handlers, and not all of one: the largest is what makes a whole stock.
    assert max(found, key=lambda name: found[name]) == "create_stock"
