"""Without a table of rates the manifest's own count by country, and nobody is asked for a document. No document being
shown, everybody was taxed at the statutory rate: 30 % where the manifest said 15 %."""

from __future__ import annotations

from datetime import date

from scrip.dividends.entitlements import Holder, entitlements
from scrip.dividends.treaty import of_manifest
from scrip.model.laws import cash
from scrip.units import WAD, Wad

PEOPLE = (Holder("0x1", 100, "1", "retail", "DE"), Holder("0x2", 100, "2", "retail", "JP"), Holder("0x3", 100))


def test_the_manifests_rates_count_without_a_document() -> None:
    table = of_manifest({"DE": 1_500}, 3_000)
    per_share, counted = cash.PerShare(Wad(WAD), Wad(0), Wad(WAD)), cash.Counted(Wad(WAD), 0, 6)
    found = entitlements(PEOPLE, per_share, counted, table, {}, date(2027, 1, 29))
    assert [(one.bps, one.due.net, one.document) for one in found.rows] == [
        (1_500, 85_000_000, ""),
        (3_000, 70_000_000, ""),
        (3_000, 70_000_000, ""),
    ]
