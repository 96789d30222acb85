"""When a deal is owed a dividend: at every second around the ex and the record, both ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scrip.dividends.claims import Deal, Undecided, Window, decided, read, read_signed, write
from scrip.dividends.entitlements import Entitlement, Entitlements, Holder, joined
from scrip.errors import InputError
from scrip.flows.market_claims import Strike
from scrip.model.laws.cash import Due

WINDOW = Window(ex_at=100, record_at=200)
BUY = Deal("0xaa", "bought", "quote", "0x01", 99, 200, 7)
SELL = Deal("0xaa", "sold", "redemption", "vault 0x02", 100, 199, 7)


@pytest.mark.parametrize(
    ("deal", "claim", "owes"),
    [
        (BUY, True, False),
        (replace(BUY, struck=100), False, False),
        (replace(BUY, settled=199), False, False),
        (SELL, True, False),
        (replace(SELL, struck=99), False, False),
        (replace(SELL, settled=200), False, False),
        (replace(SELL, struck=99, settled=200), False, True),
        (replace(SELL, struck=99, settled=199), False, False),
    ],
)
def test_who_is_owed(deal: Deal, claim: bool, owes: bool) -> None:
    assert (deal.is_claim(WINDOW), deal.owes(WINDOW)) == (claim, owes)


def test_what_nobody_noted_is_not_decided_where_it_matters() -> None:
    assert [decided(BUY, *ends, WINDOW) for ends in ((0, 99), (0, 100), (100, 150))] == [
        "claim",
        "undecided",
        "neither",
    ]
    open_ = Undecided(BUY, 50, 150)
    assert open_.may_be(replace(BUY, struck=50), WINDOW)
    for other in (replace(BUY, struck=49), replace(BUY, struck=100), replace(BUY, units=8), replace(BUY, way="sold")):
        assert not open_.may_be(other, WINDOW)


def test_a_claim_joins_what_its_account_is_due() -> None:
    """Each is rounded by itself; who holds nothing at the record gets a row in the order of the accounts."""
    held = Entitlement(Holder("0xbb", 10, "1", "retail", "DE"), Due(100, 0, 15, 1), 1_500, "W-8BEN")
    more = [
        Entitlement(Holder("0xbb", 3, "1", "retail", "DE"), Due(30, 2, 5, 0), 1_500, "W-8BEN"),
        Entitlement(Holder("0xaa", 4), Due(40, 0, 12, 0), 3_000),
        Entitlement(Holder("0xaa", 1), Due(10, 0, 3, 0), 3_000),
    ]
    found = joined(Entitlements((held,), 9), more)
    assert [(one.holder.account, one.holder.units, one.due, one.bps) for one in found.rows] == [
        ("0xaa", 5, Due(50, 0, 15, 0), 3_000),
        ("0xbb", 13, Due(130, 2, 20, 1), 1_500),
    ]
    assert (found.remainder, found.net) == (9, 35 + 107)


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    write(path, [BUY, SELL])
    assert read(path) == [BUY, SELL]
    for row, told in (
        ("0xAA,sold,redemption,vault 0x02,1,199,1", "stands in line 3 already"),
        ("0xbb,sold,quote,0x03,9x,1,1", "struck: "),
        ("0xbb,given,quote,0x03,1,1,1", "is none of bought, sold"),
        ("0xbb,sold,quote,0x03,1,1,0", "is 0"),
    ):
        (tmp_path / "wrong.csv").write_text(path.read_text() + row + "\n")
        with pytest.raises(InputError, match=told) as wrong:
            read(tmp_path / "wrong.csv")
        assert wrong.value.line == 4
    (tmp_path / "signed.csv").write_text("quote,signed\n0xAB,77\n")
    assert read_signed(tmp_path / "signed.csv") == {"0xab": 77}
    (tmp_path / "signed.csv").write_text("quote,signed\n0xAB,77\n0xab,78\n")
    with pytest.raises(InputError, match="stands there twice"):
        read_signed(tmp_path / "signed.csv")


@pytest.mark.parametrize(
    ("until", "is_voided", "stood"),
    [(201, False, True), (200, False, False), (200, True, True), (199, True, False)],
)
def test_a_price_that_ends_in_the_second_of_the_record(until: int, is_voided: bool, stood: bool) -> None:
    """The register looks at the last block before it: what is voided in the next one it leaves to the vault."""
    assert Strike("a key", 140, until, is_voided).stood_at(200) is stood
    assert not Strike("a key", 200, 260).stood_at(200)
