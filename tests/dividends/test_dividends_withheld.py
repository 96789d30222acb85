"""Real dividends, gross to net by hand: five of 2025 to holders in three countries, with documents and without; one in
pounds, with a depositary's fee; one that was paid before its ex; Microsoft's of 2004."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrip.dividends import files as folders
from scrip.dividends.entitlements import Entitlements, Holder, entitlements, further
from scrip.dividends.treaty import (
    Relief,
    TreatyTable,
    demand_manifests,
    of_manifest,
    read_reliefs,
    read_table,
)
from scrip.errors import Drift, InputError
from scrip.holders import files, limbs
from scrip.holders.instant import record_instant
from scrip.holders.movements import with_limbs
from scrip.holders.register import Register
from scrip.model.laws import cash
from scrip.units import WAD, Wad

WHOLE = 10**18
TABLE = Path(__file__).resolve().parents[2] / "data" / "treaties" / "us.yaml"
SUBJECT = files.Subject(
    *("local", "0x" + "11" * 32, 31_337, "US5949181045", "0x" + "22" * 20, 18, 1_100_529_000, 7),
    *("0x" + "33" * 32, 1_100_528_999),
)
COUNTED = cash.Counted(Wad(WAD), 18, 6)
HOLDERS = (
    Holder("0xd1", 100 * WHOLE, "de retail", "retail", "DE"),
    Holder("0xd2", 7 * WHOLE + WHOLE // 3, "de pension", "institutional", "DE"),
    Holder("0xd3", 40 * WHOLE, "de without papers", "retail", "DE"),
    Holder("0xa1", 12 * WHOLE + WHOLE // 2, "jp retail", "retail", "JP"),
    Holder("0xa2", 3 * WHOLE, "in retail", "retail", "IN"),
    Holder("0xa3", WHOLE // 7, "in unknown class", "", "IN"),
    Holder("0xff", 5 * WHOLE),
)
"""A stranger last, of whom nobody knows anything."""
SHOWN = {
    one.investor: Relief("W-8BEN", date(2025, 12, 31))
    for one in HOLDERS
    if one.country and "without" not in one.investor
}


def paid(gross: str, pay: date, **changes: Wad) -> Entitlements:
    """A dividend to HOLDERS, of so many dollars a share."""
    terms = replace(cash.PerShare(Wad(int(gross.replace(".", "")) * 10**16), Wad(0), Wad(WAD)), **changes)
    return entitlements(HOLDERS, terms, COUNTED, read_table(TABLE), SHOWN, pay)


# By hand, in millionths of a dollar: gross rounded down, tax rounded up, of 100; 7⅓; 40; 12½; 3; ⅐; 5 shares. Rates
# 15 %, 0 %, 30 %, 10 %, 25 %, 25 %, 30 %.
TABLES = {
    # Apple's results of 2025-10-30: payable 2025-11-13
    "AAPL": ("0.26", date(2025, 11, 13), [
        (26_000_000, 3_900_000, 22_100_000),
        (1_906_666, 0, 1_906_666),
        (10_400_000, 3_120_000, 7_280_000),
        (3_250_000, 325_000, 2_925_000),
        (780_000, 195_000, 585_000),
        (37_142, 9_286, 27_856),
        (1_300_000, 390_000, 910_000),
    ]),
    # Microsoft's declaration of 2025-03-11: payable 2025-06-12
    "MSFT": ("0.83", date(2025, 6, 12), [
        (83_000_000, 12_450_000, 70_550_000),
        (6_086_666, 0, 6_086_666),
        (33_200_000, 9_960_000, 23_240_000),
        (10_375_000, 1_037_500, 9_337_500),
        (2_490_000, 622_500, 1_867_500),
        (118_571, 29_643, 88_928),
        (4_150_000, 1_245_000, 2_905_000),
    ]),
    # Coca-Cola's declaration of 2025-05-01: payable 2025-07-01
    "KO": ("0.51", date(2025, 7, 1), [
        (51_000_000, 7_650_000, 43_350_000),
        (3_739_999, 0, 3_739_999),
        (20_400_000, 6_120_000, 14_280_000),
        (6_375_000, 637_500, 5_737_500),
        (1_530_000, 382_500, 1_147_500),
        (72_857, 18_215, 54_642),
        (2_550_000, 765_000, 1_785_000),
    ]),
    # Johnson & Johnson's results of 2025-04-15: payable 2025-06-10
    "JNJ": ("1.30", date(2025, 6, 10), [
        (130_000_000, 19_500_000, 110_500_000),
        (9_533_333, 0, 9_533_333),
        (52_000_000, 15_600_000, 36_400_000),
        (16_250_000, 1_625_000, 14_625_000),
        (3_900_000, 975_000, 2_925_000),
        (185_714, 46_429, 139_285),
        (6_500_000, 1_950_000, 4_550_000),
    ]),
    # Exxon Mobil's results of 2025-05-02: payable 2025-06-10
    "XOM": ("0.99", date(2025, 6, 10), [
        (99_000_000, 14_850_000, 84_150_000),
        (7_259_999, 0, 7_259_999),
        (39_600_000, 11_880_000, 27_720_000),
        (12_375_000, 1_237_500, 11_137_500),
        (2_970_000, 742_500, 2_227_500),
        (141_428, 35_357, 106_071),
        (4_950_000, 1_485_000, 3_465_000),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("ticker", TABLES)
def test_by_hand(ticker: str) -> None:
    gross, pay, table = TABLES[ticker]
    found = paid(gross, pay)
    assert [(one.due.gross, one.due.withheld, one.due.net) for one in found.rows] == table
    assert all((one.due.upstream, one.due.fee) == (0, 0) for one in found.rows)
    # 168 and 1/3 and 1/7 shares less a unit's fractions: what the floors leave is told.
    units = sum(one.units for one in HOLDERS)
    whole = units * int(gross.replace(".", "")) * 10**4 // WHOLE
    assert found.gross + found.remainder == whole
    assert 0 <= found.remainder < len(HOLDERS)
    assert found.gross == found.net + found.here


def test_a_british_dividend_in_pounds_with_a_depositarys_fee() -> None:
    """GSK's of the second quarter of 2024: 15 pence a share and two shares to the ADS, 39.28 US cents an ADS as paid on
    2024-10-10, at 1.3093 dollars a pound. The depositary takes 0.03 dollars a year, a quarter of it each time (GSK's
    announcements of its results say both). The United Kingdom withholds nothing.
    """
    rate, fee = Wad(13_093 * 10**14), Wad(75 * WAD**2 // (13_093 * WAD))
    terms = cash.PerShare(Wad(30 * WAD // 100), fee, rate)
    table = TreatyTable(schema=1, source="GB", statutory_bps=0)
    found = entitlements(HOLDERS, terms, COUNTED, table, {}, date(2024, 10, 10))
    # By hand: 0.39279 dollars an ADS, rounded down, and 0.0075 of them, rounded up.
    assert [(one.due.gross, one.due.fee, one.due.net) for one in found.rows] == [
        (39_279_000, 750_000, 38_529_000),
        (2_880_459, 55_000, 2_825_459),
        (15_711_600, 300_000, 15_411_600),
        (4_909_875, 93_750, 4_816_125),
        (1_178_370, 22_500, 1_155_870),
        (56_112, 1_072, 55_040),
        (1_963_950, 37_500, 1_926_450),
    ]
    units = sum(one.units for one in HOLDERS)
    assert found.gross + found.remainder == units * 39_279 * 10 // WHOLE
    assert (found.remainder, found.upstream, found.here) == (1, 0, 0)
    assert found.gross == found.net + found.fee


def test_a_special_dividend_that_was_paid_before_its_ex() -> None:
    """VMware's of 2018: 26.81 dollars a share, paid on 12-28 and ex on 12-31, with due bills between record date and
    payment (its announcements of 2018-12-11 and 2018-12-28). Holders are who held at the opening of the ex day.
    """
    paid_on, ex = date(2018, 12, 28), date(2018, 12, 31)
    assert record_instant("XNYS", ex) == 1_546_266_600
    found = paid("26.81", max(paid_on, ex))
    assert [(one.due.gross, one.due.here, one.due.net) for one in found.rows] == [
        (2_681_000_000, 402_150_000, 2_278_850_000),
        (196_606_666, 0, 196_606_666),
        (1_072_400_000, 321_720_000, 750_680_000),
        (335_125_000, 33_512_500, 301_612_500),
        (80_430_000, 20_107_500, 60_322_500),
        (3_829_999, 957_500, 2_872_499),
        (134_050_000, 40_215_000, 93_835_000),
    ]
    units = sum(one.units for one in HOLDERS)
    assert found.gross + found.remainder == units * 26_810_000 // WHOLE
    assert found.gross == found.net + found.here


def test_microsofts_special_dividend_with_three_countries(tmp_path: Path) -> None:
    """$3.08 a share of 2004-11-15: what rates of 0, 15 and 30 % leave, by hand; the tree pays exactly that."""
    accounts = [f"0x{number:040x}" for number in range(4)]
    held = (100 * WHOLE, 7 * WHOLE // 2, WHOLE + 1, 3 * WHOLE // 1_000_000)
    whose = (("gb", "GB"), ("ch", "CH"), ("", ""), ("pool", ""))
    rows = [
        Holder(at, units, who, "", country) for at, units, (who, country) in zip(accounts, held, whose, strict=True)
    ]
    terms, pay = cash.PerShare(Wad(308 * WAD // 100), Wad(0), Wad(WAD)), date(2004, 12, 2)
    found = entitlements(rows, terms, COUNTED, of_manifest({"GB": 0, "CH": 1_500}, 3_000), {}, pay)
    # 308.000000; 10.780000 less 15 %; 3.080000 less 30 %; 0.000009 less 0.0000027, which is 0.000003 upwards
    assert [(one.due.gross, one.due.withheld, one.due.net) for one in found.rows] == [
        (308_000_000, 0, 308_000_000),
        (10_780_000, 1_617_000, 9_163_000),
        (3_080_000, 924_000, 2_156_000),
        (9, 3, 6),
    ]
    assert (found.gross, found.here, found.net, found.remainder) == (321_860_009, 2_541_003, 319_319_006, 0)
    kinds = dict(zip(accounts, ("holder", "holder", "holder", "venue"), strict=True))
    names = ("account", "investor", "investor_class", "kind")
    columns = zip(*((one.account, one.investor, "", kinds[one.account]) for one in rows), strict=True)
    table = pa.table({name: pa.array(values) for name, values in zip(names, columns, strict=True)})
    units = pa.table(with_limbs("units", limbs.of(held)))
    for name in units.column_names:
        table = table.append_column(name, units.column(name))
    files.write_register(tmp_path / "register", Register(table, 7, sum(held)), SUBJECT, ())
    written = folders.write(tmp_path / "out", tmp_path / "register", b"\x05" * 32, found, kinds, (), {})
    assert written.root.sum == found.net
    assert written.names == accounts
    # Neither a stranger nor a venue is paid unasked.
    assert written.tree.leaves.pushable.tolist() == [True, True, False, False]
    text = (tmp_path / "out" / folders.SUMMARY).read_text()
    (tmp_path / "out" / folders.SUMMARY).write_text(text.replace("05" * 32, "06" * 32))
    with pytest.raises(Drift, match="is bound as"):
        folders.verify(tmp_path / "out")


@given(
    st.lists(st.tuples(st.integers(1, 2**100), st.sampled_from(["", "DE", "GB"])), min_size=1, max_size=20),
    st.integers(1, 1_000 * WAD),
    st.integers(0, 10_000),
)
def test_what_is_paid_is_never_more_than_the_whole(held: list[tuple[int, str]], gross: int, bps: int) -> None:
    rows = [Holder(f"0x{place:040x}", units, who, "", who) for place, (units, who) in enumerate(held)]
    terms = cash.PerShare(Wad(gross), Wad(0), Wad(WAD))
    found = entitlements(rows, terms, COUNTED, of_manifest({"DE": bps}, 10_000), {}, date(2027, 1, 29))
    whole = Fraction(sum(units for units, _ in held) * gross * 10**6, WHOLE * WAD)
    assert found.gross + found.remainder <= whole < found.gross + found.remainder + 1
    assert 0 <= found.remainder < len(held)
    assert found.net + found.here == found.gross
    assert all(0 <= one.due.here <= one.due.gross for one in found.rows)


def test_upstream_tax_is_counted_and_no_more_is_taken_than_is_due() -> None:
    """15 % was withheld before the issuer was paid: none more of who owes 15 % or less, the rest of who owes 30 %."""
    table = read_table(TABLE).model_copy(update={"upstream_bps": 1_500})
    terms = cash.PerShare(Wad(26 * WAD // 100), Wad(0), Wad(WAD))
    found = entitlements(HOLDERS, terms, COUNTED, table, SHOWN, date(2025, 11, 13))
    assert [(one.due.upstream, one.due.here) for one in found.rows] == [
        (3_900_000, 0),
        (286_000, 0),
        (1_560_000, 1_560_000),
        (487_500, 0),
        (117_000, 78_000),
        (5_572, 3_714),
        (195_000, 195_000),
    ]


def test_a_fee_a_rate_and_a_split_count() -> None:
    """1.30 at 0.92 coins a dollar, two cents to the depositary, after a 2:1 split, of 10 tokens at 15 %."""
    holder = Holder("0xd1", 10 * WHOLE, "de retail", "retail", "DE")
    terms = cash.PerShare(Wad(130 * WAD // 100), Wad(2 * WAD // 100), Wad(92 * WAD // 100))
    counted = cash.Counted(Wad(2 * WAD), 18, 6)
    [found] = entitlements([holder], terms, counted, read_table(TABLE), SHOWN, date(2025, 6, 10)).rows
    assert (found.due.gross, found.due.here, found.due.fee, found.due.net) == (
        23_920_000,
        3_588_000,
        368_000,
        19_964_000,
    )


def test_a_fee_takes_no_more_than_is_left() -> None:
    table = TreatyTable(schema=1, source="US", statutory_bps=10_000)
    terms = cash.PerShare(Wad(WAD), Wad(WAD // 2), Wad(WAD))
    [found] = entitlements([Holder("0x1", 3)], terms, cash.Counted(Wad(WAD), 0, 6), table, {}, date(2025, 6, 10)).rows
    assert (found.due.gross, found.due.here, found.due.fee, found.due.net) == (3_000_000, 3_000_000, 0, 0)


def test_a_document_counts_on_its_last_good_day_and_no_longer() -> None:
    for day, rate in ((date(2025, 12, 31), 1_500), (date(2026, 1, 1), 3_000)):
        found = paid("0.26", day).rows[0]
        assert (found.bps, found.document) == (rate, "W-8BEN" if rate == 1_500 else "")


def test_a_later_relief_is_paid_in_addition_and_nobody_pays_back() -> None:
    before = paid("0.26", date(2025, 11, 13))
    late = SHOWN | {"de without papers": Relief("W-8BEN", date(2026, 12, 31))}
    late.pop("jp retail")
    terms = cash.PerShare(Wad(26 * WAD // 100), Wad(0), Wad(WAD))
    now = entitlements(HOLDERS, terms, COUNTED, read_table(TABLE), late, date(2025, 11, 13))
    [more] = further({one.holder.account: one.due for one in before.rows}, now).rows
    assert (more.holder.account, more.due.net, more.document) == ("0xd3", 1_560_000, "W-8BEN")


def test_the_manifests_rates_are_kept_to() -> None:
    table = of_manifest({"DE": 1_500}, 3_000)
    assert (table.rate("DE", "retail", True), table.rate("FR", "retail", True)) == (1_500, 3_000)
    demand_manifests(read_table(TABLE), {"DE": 1_500, "JP": 1_000})
    for country, bps in (("DE", 1_000), ("ZA", 1_500)):
        with pytest.raises(InputError, match=f"withholding.{country}"):
            demand_manifests(read_table(TABLE), {country: bps})


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("schema: 1\nsource: US\n", "statutory_bps"),
        ("schema: 2\nsource: US\nstatutory_bps: 3000\n", "schema"),
        ("schema: 1\nsource: XX\nstatutory_bps: 3000\n", "treaty"),
        ("schema: 1\nsource: US\nstatutory_bps: 10001\n", "statutory_bps"),
        ("schema: 1\nsource: US\nstatutory_bps: 3000\ntreaty: {DE: {bps: -1}}\n", "treaty.DE.bps"),
        ("schema: 1\nsource: US\nstatutory_bps: 3000\ntreaty: {DE: {bps: 1, classes: {king: 0}}}\n", "treaty.DE"),
        ("schema: 1\nsource: US\nstatutory_bps: 3000\nmore: 1\n", "more"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "us.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as found:
        read_table(path)
    assert field in str(found.value)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("investor,document\n", "the first line must be investor,document,until"),
        ("investor,document,until\na,W-8BEN,soon\n", "until"),
        ("investor,document,until\na,,2026-01-01\n", "document: is missing"),
        ("investor,document,until\na,b,2026-01-01\na,c,2026-01-01\n", "stands in line 2 already"),
    ],
)
def test_documents_that_are_none(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "reliefs.csv"
    path.write_text(text)
    with pytest.raises(InputError) as found:
        read_reliefs(path)
    assert field in str(found.value)


def test_documents_are_read(tmp_path: Path) -> None:
    path = tmp_path / "reliefs.csv"
    path.write_text("investor,document,until\n7, W-8BEN ,2026-01-01\n")
    assert read_reliefs(path) == {"7": Relief("W-8BEN", date(2026, 1, 1))}
