"""What waited in a vault at a price that was struck for it is sold, and the price has the dividend in it. The register
left it to the vault, which is due nothing, and the dividend made a leaf of it all the same: coins were funded that
nobody could fetch before the expiry, and tax was remitted that nobody owed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from scrip.dividends.files import holders_of
from scrip.holders import files, limbs
from scrip.holders.movements import with_limbs
from scrip.holders.register import KINDS, Register

SUBJECT = files.Subject(
    *("local", "0x" + "11" * 32, 31_337, "US5949181045", "0x" + "22" * 20, 18, 1_800_369_000, 7),
    *("0x" + "33" * 32, 1_800_368_999),
)


def test_only_holders_and_venues_are_due_cash(tmp_path: Path) -> None:
    accounts = [f"0x{number:040x}" for number in range(1, len(KINDS) + 1)]
    plain = {
        "account": pa.array(accounts),
        "investor": pa.array([""] * len(KINDS)),
        "investor_class": pa.array([""] * len(KINDS)),
        "kind": pa.array(KINDS),
    }
    table = pa.table(plain | with_limbs("units", limbs.of([10] * len(KINDS))))
    files.write_register(tmp_path / "register", Register(table, 7, 40), SUBJECT, ())
    assert [kind for _, kind in holders_of(tmp_path / "register")] == ["holder", "venue"]
