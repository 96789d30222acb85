"""Two pairs of eyes look at `dividend.csv` before a root is funded. The root was built of `tree.csv` alone, and the
table beside it held to a hash that stands in the same folder: whoever made both could show one and have the other
paid."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from scrip.dividends import files as folders
from scrip.dividends.entitlements import Holder, entitlements
from scrip.dividends.treaty import of_manifest
from scrip.errors import Drift
from scrip.holders import files, limbs
from scrip.holders.movements import with_limbs
from scrip.holders.register import Register
from scrip.model.laws import cash
from scrip.units import WAD, Wad

SUBJECT = files.Subject(
    *("local", "0x" + "11" * 32, 31_337, "US5949181045", "0x" + "22" * 20, 18, 1_800_369_000, 7),
    *("0x" + "33" * 32, 1_800_368_999),
)
ONE, OTHER, THIEF = (f"0x{number:040x}" for number in (1, 2, 3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dividend of 1.00 a share to two investors at 30 %, in a folder."""
    rows = [Holder(ONE, 100, "1", "retail"), Holder(OTHER, 7, "2", "retail")]
    plain = {
        "account": pa.array([one.account for one in rows]),
        "investor": pa.array([one.investor for one in rows]),
        "investor_class": pa.array([one.investor_class for one in rows]),
        "kind": pa.array(["holder"] * 2),
    }
    table = pa.table(plain | with_limbs("units", limbs.of(one.units for one in rows)))
    files.write_register(tmp_path / "register", Register(table, 7, 107), SUBJECT, ())
    per_share, counted = cash.PerShare(Wad(WAD), Wad(0), Wad(WAD)), cash.Counted(Wad(WAD), 0, 6)
    found = entitlements(rows, per_share, counted, of_manifest({}, 3_000), {}, date(2027, 1, 29))
    kinds = {one.account: "holder" for one in rows}
    folders.write(tmp_path / "dividend", tmp_path / "register", b"\x05" * 32, found, kinds, (), {})
    return tmp_path / "dividend"


def _rewritten(folder: Path, name: str, old: str, new: str) -> None:
    """A file of the folder with another text in it, and the summary with that file's hash."""
    path, summary = folder / name, folder / folders.SUMMARY
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    found = json.loads(summary.read_text())
    found["files"][name] = files.sha256_of(path)
    summary.write_text(json.dumps(found))


@pytest.mark.parametrize(
    ("old", "new"),
    [(ONE, THIEF), ("70000000", "70000001"), ('"holder"', '"venue"')],
    ids=["another account", "another net", "a leaf that is not pushed"],
)
def test_the_table_that_people_see_has_the_root(folder: Path, old: str, new: str) -> None:
    folders.verify(folder)
    _rewritten(folder, "dividend.csv", old, new)
    with pytest.raises(Drift, match=r"dividend\.csv has the root"):
        folders.verify(folder)


def test_totals_are_what_the_rows_add_up_to(folder: Path) -> None:
    """What is withheld here is in no leaf: 30 % of 100.00 and of 7.00."""
    summary = folder / folders.SUMMARY
    text = summary.read_text()
    summary.write_text(text.replace('"32100000"', '"32100001"'))
    with pytest.raises(Drift, match="has 32100000 of here in all; the summary says 32100001"):
        folders.verify(folder)
