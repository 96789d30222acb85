"""A further part pays what is due beyond the parts before. Of an account that none of them had, as after a manifest
that left it out by mistake, all was taken for paid: it was given nothing, and nobody was told."""

from __future__ import annotations

from datetime import date

from scrip.dividends.entitlements import Holder, entitlements, further
from scrip.dividends.treaty import of_manifest
from scrip.model.laws import cash
from scrip.units import WAD, Wad

PEOPLE = (Holder("0x1", 100, "1"), Holder("0x2", 7, "2"))


def test_all_is_due_to_whom_no_part_had_and_its_tax_is_withheld() -> None:
    per_share, counted = cash.PerShare(Wad(WAD), Wad(0), Wad(WAD)), cash.Counted(Wad(WAD), 0, 6)
    now = entitlements(PEOPLE, per_share, counted, of_manifest({}, 3_000), {}, date(2027, 1, 29))
    [left_out] = further({"0x1": cash.Due(100_000_000, 0, 30_000_000, 0)}, now).rows
    assert (left_out.holder.account, left_out.due) == ("0x2", cash.Due(7_000_000, 0, 2_100_000, 0))
    assert left_out.due.net == 4_900_000
