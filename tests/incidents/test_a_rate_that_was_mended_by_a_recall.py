"""A root that withheld too little was recalled, and the next one paid what was right: less tax, which nobody withheld.

A further part never withheld anything of an account that a part before had, and statements took what was lacking for no
income. It withholds what the tax comes to beyond what the recalled part withheld.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from scrip.dividends import files as folders
from scrip.dividends.entitlements import Entitlements, Holder, entitlements, further
from scrip.dividends.statements import payments
from scrip.dividends.treaty import of_manifest
from scrip.holders import files as registers
from scrip.holders import limbs
from scrip.holders.movements import with_limbs
from scrip.holders.register import Register
from scrip.model.laws import cash
from scrip.units import WAD, Wad

PAY = 1_801_224_000
ACCOUNT = "0x" + "01" * 20
PER_SHARE, COUNTED = cash.PerShare(Wad(WAD), Wad(0), Wad(WAD)), cash.Counted(Wad(WAD), 18, 6)
COIN = 10**6


def due(units: int, bps: int) -> Entitlements:
    people = [Holder(ACCOUNT, units * 10**18, "1", "retail", "DE")]
    return entitlements(people, PER_SHARE, COUNTED, of_manifest({}, bps), {}, date(2027, 1, 29))


def part(folder: Path, found: Entitlements, before: folders.Verified | None = None) -> folders.Verified:
    units = limbs.of(one.holder.units for one in found.rows)
    text = {"account": ACCOUNT, "investor": "1", "investor_class": "retail", "kind": "holder"}
    table = pa.table({name: pa.array([one]) for name, one in text.items()} | with_limbs("units", units))
    held = Register(table, 7, found.rows[0].holder.units)
    hashes = ("0x" + "11" * 32, 31_337, "US0000000001", "0x" + "22" * 20, 18, PAY, 7, "0x" + "33" * 32, PAY)
    at = registers.write_register(folder / "register", held, registers.Subject("local", *hashes), [], []).folder
    saying = {"stock": "ACME", "reference": "q1", "multiplier": int(WAD), "record_at": PAY, "pay": PAY}
    saying |= {"gross": int(WAD), "fee": 0, "rate": int(WAD), "asset": "stablecoin", "currency": "USD", "source": "par"}
    saying |= {"recalled": {before.bound: []}} if before else {}
    inputs = [before.folder / folders.SUMMARY] if before else []
    return folders.write(folder / "dividend", at, b"q1".ljust(32, b"\0"), found, {ACCOUNT: "holder"}, inputs, saying)


@pytest.mark.parametrize(
    ("wrong", "right", "withheld"),
    [
        ((100, 0), (100, 1_500), 15),
        ((100, 1_500), (100, 3_000), 15),
        ((10, 3_000), (100, 3_000), 27),
        ((100, 3_000), (100, 1_500), 0),
        ((10, 3_000), (100, 0), 0),
    ],
)
def test_what_the_tax_comes_to_beyond_is_withheld(
    tmp_path: Path, wrong: tuple[int, int], right: tuple[int, int], withheld: int
) -> None:
    """Wrong and right are tokens and the rate of tax; a token is due 1."""
    first = part(tmp_path / "first", due(*wrong))
    now = due(*right)
    found = further(folders.had([first], {first.bound: []}), now)
    assert (found.here, found.net) == (withheld * COIN, now.net)
    next_ = part(tmp_path / "next", found, first)
    [told] = payments([first.folder, next_.folder])
    assert (told.net, told.units, told.lacking) == (now.net, now.rows[0].holder.units, 0)
    assert told.gross == told.net + told.here
    if withheld:
        assert (told.gross, told.here, told.bps) == (now.gross, now.here, now.rows[0].bps)


def test_what_was_paid_of_it_is_not_paid_again() -> None:
    before = due(10, 3_000).rows[0].due
    [more] = further({ACCOUNT: before}, due(100, 3_000)).rows
    assert more.due == cash.Due(90 * COIN, 0, 27 * COIN, 0)
