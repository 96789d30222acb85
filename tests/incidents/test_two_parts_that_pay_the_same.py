"""A part that pays the same people the same as one before it had that one's root, and so its id: it counted as posted.

Nobody was paid by it: of a root that was recalled before anybody was paid, or where two papers came one after another
that each save as much.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from scrip.dividends import files as folders
from scrip.dividends.entitlements import Holder, entitlements
from scrip.dividends.treaty import of_manifest
from scrip.errors import InputError
from scrip.holders import files as registers
from scrip.holders import limbs
from scrip.holders.movements import with_limbs
from scrip.holders.register import Register
from scrip.model.laws import cash
from scrip.units import WAD, Wad

ACCOUNT, RECORD = "0x" + "01" * 20, 1_800_369_000


def test_each_part_has_a_root_of_its_own(tmp_path: Path) -> None:
    people = [Holder(ACCOUNT, 10**18, "1", "retail", "DE")]
    per_share, counted = cash.PerShare(Wad(WAD), Wad(0), Wad(WAD)), cash.Counted(Wad(WAD), 18, 6)
    found = entitlements(people, per_share, counted, of_manifest({}, 0), {}, date(2027, 1, 29))
    text = {"account": ACCOUNT, "investor": "1", "investor_class": "retail", "kind": "holder"}
    table = pa.table({name: pa.array([one]) for name, one in text.items()} | with_limbs("units", limbs.of([10**18])))
    hashes = ("0x" + "11" * 32, 31_337, "US0000000001", "0x" + "22" * 20, 18, RECORD, 7, "0x" + "33" * 32, RECORD)
    subject = registers.Subject("local", *hashes)
    at = registers.write_register(tmp_path / "register", Register(table, 7, 10**18), subject, []).folder
    given = (b"q1".ljust(32, b"\0"), found, {ACCOUNT: "holder"}, [], {})
    parts = [folders.write(tmp_path / f"part {n}", at, *given, part=n) for n in range(3)]
    assert [one.root.depth for one in parts] == [7, 8, 9]
    assert len({one.bound for one in parts}) == 3
    for one in parts:
        assert folders.verify(one.folder).bound == one.bound
        assert len(one.tree.proof(0)) == one.root.depth
    with pytest.raises(InputError, match="is over 32 levels"):
        folders.write(tmp_path / "part 26", at, *given, part=26)
