"""Statements of a year by hand: two dividends around a split, a document that came late, a sale out of two lots."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import fastjsonschema
import pyarrow as pa
import pytest
from click.testing import CliRunner

from scrip.dividends import files as folders
from scrip.dividends import reinvestments
from scrip.dividends.entitlements import Holder, entitlements, further
from scrip.dividends.form import COLUMNS
from scrip.dividends.lots import play, read_splits, read_trades
from scrip.dividends.reinvestments import Reinvested
from scrip.dividends.statements import Costs, cell, folders_below, payments, write
from scrip.dividends.treaty import Rate, Relief, TreatyTable
from scrip.errors import Drift, InputError
from scrip.holders import files as registers
from scrip.holders import limbs
from scrip.holders.movements import with_limbs
from scrip.holders.register import Reallocation, Register
from scrip.model.laws import cash
from scrip.units import WAD, Wad
from scripts.dividend import cli

WHOLE = 10**18
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "data" / "statements" / "1042-s.schema.json"
HOSTILE = "=cmd|' /C calc'!A0"
COUNTRIES = {"1": "DE", "2": "JP", HOSTILE: "CH", "3": "US"}
ACCOUNTS = {who: f"0x{place:040x}" for place, who in enumerate(COUNTRIES, 1)}
VAULT, POOL = "0x" + "aa" * 20, "0x" + "bb" * 20
RATES = {"DE": Rate(bps=1_500), "JP": Rate(bps=1_000), "CH": Rate(bps=1_500), "US": Rate(bps=0)}
TABLE = TreatyTable(schema=1, source="US", statutory_bps=3_000, treaty=RATES)
SHOWN = {who: Relief(form, date(2028, 12, 31)) for who, form in (("1", "W-8BEN"), ("3", "W-9"))}
LATE = {"2": Relief("W-8BEN late", date(2028, 12, 31))}
TRADES = f"""date,stock,investor,kind,tokens,amount
2026-05-04,ACME,1,buy,60,6000.00
2026-05-04,ACME,2,buy,20,2000
2026-05-05,ACME,"{HOSTILE}",buy,10,1000
2026-05-05,ACME,3,buy,8,800
2026-11-02,ACME,1,buy,40,5000
2027-04-05,ACME,1,sell,70,9100
"""
SPLITS = "date,stock,num,den\n2027-03-01,ACME,2,1\n"


def register(folder: Path, held: Mapping[str, int], record: int, network: str = "local") -> Path:
    """A register of these tokens."""
    rows = sorted((ACCOUNTS[who], who, tokens * WHOLE) for who, tokens in held.items())
    text = {
        "account": [one[0] for one in rows],
        "investor": [one[1] for one in rows],
        "investor_class": ["retail"] * len(rows),
        "kind": ["holder"] * len(rows),
    }
    table = {name: pa.array(values, pa.string()) for name, values in text.items()}
    units = limbs.of(one[2] for one in rows)
    found = Register(pa.table(table | with_limbs("units", units)), 7, sum(one[2] for one in rows))
    token, block = "0x" + "22" * 20, "0x" + "33" * 32
    genesis = "0x" + sha256(network.encode()).hexdigest()
    subject = registers.Subject(network, genesis, 31_337, "US0000000001", token, 18, record, 7, block, record)
    # Investor 2's tokens are held by a pool, and one of them waits to be redeemed.
    waiting, pool = Reallocation(VAULT, ACCOUNTS["2"], WHOLE, "queue"), (POOL, ACCOUNTS["2"], 19 * WHOLE, "v2-pair")
    return registers.write_register(folder, found, subject, [], [Reallocation(*pool), waiting]).folder


def dividend(
    below: Path,
    reference: str,
    day: str,
    gross: str,
    held: Mapping[str, int],
    factor: int,
    late: bool = False,
    recalled: Sequence[int] | None = None,
    network: str = "local",
) -> Path:
    """A dividend's folder; of a `late` part, after the one of the same reference, which was `recalled` once it had paid
    some places.
    """
    record = int(datetime.fromisoformat(f"{day}T14:30:00+00:00").timestamp())
    pay = record + 10 * 86_400
    terms = cash.PerShare(Wad(int(gross.replace(".", "")) * 10**16), Wad(0), Wad(WAD))
    name = f"{reference}-late" if late else reference
    at = register(below.parent / f"register {name}", held, record, network)
    holders = [Holder(ACCOUNTS[who], n * WHOLE, who, "retail", COUNTRIES[who]) for who, n in held.items()]
    reliefs = SHOWN | (LATE if late or factor == 2 else {})
    counted = cash.Counted(Wad(factor * WAD), 18, 6)
    found = entitlements(holders, terms, counted, TABLE, reliefs, datetime.fromtimestamp(pay, UTC).date())
    inputs = []
    if late:
        part = folders.verify(below / reference)
        given = {} if recalled is None else {part.bound: [*recalled]}
        found = further(folders.had([part], given), found)
        inputs = [below / reference / folders.SUMMARY]
    saying = {"stock": "ACME", "reference": reference, "multiplier": counted.multiplier, "record_at": record}
    saying |= {"pay": pay, "gross": terms.gross, "fee": 0, "rate": int(WAD), "asset": "stablecoin"}
    saying |= {"currency": "USD", "source": "par"} | ({"recalled": given} if late and given else {})
    action = reference.encode().ljust(32, b"\0")
    kinds = dict.fromkeys(ACCOUNTS.values(), "holder")
    below.mkdir(exist_ok=True)
    return folders.write(below / name, at, action, found, kinds, inputs, saying).folder


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with three dividends, of which the last is paid in the year after, and what was traded."""
    below = tmp_path / "dividends"
    before = {"1": 100, "2": 20, HOSTILE: 10, "3": 8}
    dividend(below, "q1", "2027-01-19", "0.50", before, 1)
    dividend(below, "q1", "2027-01-19", "0.50", before, 1, late=True)
    dividend(below, "q2", "2027-06-15", "0.30", before | {"1": 30}, 2)
    dividend(below, "q4", "2027-12-28", "0.30", before | {"1": 30}, 2)
    (tmp_path / "trades.csv").write_text(TRADES)
    (tmp_path / "splits.csv").write_text(SPLITS)
    return tmp_path


def costs(desk: Path, *against: Path) -> Costs:
    return Costs(read_trades(desk / "trades.csv"), read_splits(desk / "splits.csv"), against)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_by_hand(desk: Path) -> None:
    out = desk / "out"
    held = register(desk / "register later", {"1": 30, "2": 20, HOSTILE: 10, "3": 8}, 1_830_000_000)
    found = payments(folders_below(desk / "dividends"))
    assert write(out, 2027, found, costs(desk, held), "US") == {
        "statement.csv": 4,
        "payments.csv": 8,
        "1042-s.csv": 3,
        "lots.csv": 6,
    }
    # 100 tokens at 0.50, then 30 tokens of two shares at 0.30, 15 % of both; 20 tokens, 30 % and then 10 % of both; 10
    # tokens, 30 %; 8 tokens at home, nothing. Then what is held: a token is two shares.
    names = ("investor", "gross", "withheld_here", "net", "reinvested_units", "tokens", "shares", "cost_basis")
    assert [tuple(row[name] for name in names) for row in rows(out / "statement.csv")] == [
        ("1", "68", "10.2", "57.8", "0", "30", "60", "3750"),
        ("2", "22", "2.2", "19.8", "0", "20", "40", "2000"),
        ("3", "8.8", "0", "8.8", "0", "8", "16", "800"),
        (f"'{HOSTILE}", "11", "3.3", "7.7", "0", "10", "20", "1000"),
    ]
    told = {(row["allocation_rule"], row["unit_rules"]) for row in rows(out / "statement.csv")}
    assert told == {("FIFO", ""), ("FIFO", "queue v2-pair")}
    late = next(row for row in rows(out / "payments.csv") if (row["investor"], row["reference"]) == ("2", "q1"))
    told = (
        "gross",
        "withheld_here",
        "net",
        "rate_percent",
        "document",
        "paid",
        "unit_rules",
        "per_share",
        "rate_source",
    )
    values = ("10", "1", "9", "10", "W-8BEN late", "2027-01-29", "queue v2-pair", "0.5", "par")
    assert tuple(late[name] for name in told) == values

    # 70 of 60 and 40 tokens: all of the first lot, and 10 of the second, for 9,100 together.
    names = ("acquired", "sold", "tokens", "shares", "cost", "proceeds", "gain")
    assert [tuple(row[name] for name in names) for row in rows(out / "lots.csv") if row["investor"] == "1"] == [
        ("2026-05-04", "2027-04-05", "60", "120", "6000", "7800", "1800"),
        ("2026-11-02", "2027-04-05", "10", "20", "1250", "1300", "50"),
        ("2026-11-02", "", "30", "60", "3750", "", ""),
    ]
    names = ("recipient", "recipient_country", "income_code", "tax_rate", "exemption_code", "gross_income")
    taken = (*names, "federal_tax_withheld", "treaty_document")
    fits = fastjsonschema.compile(json.loads(SCHEMA.read_text()))
    for row in rows(out / "1042-s.csv"):
        assert list(fits(row)) == list(COLUMNS)
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        fits(rows(out / "1042-s.csv")[0] | {"gross_income": "68.0000001"})
    assert [tuple(row[name] for name in taken) for row in rows(out / "1042-s.csv")] == [
        ("1", "DE", "06", "15.00", "00", "68", "10.2", "W-8BEN"),
        ("2", "JP", "06", "10.00", "00", "22", "2.2", "W-8BEN late"),
        (f"'{HOSTILE}", "CH", "06", "30.00", "00", "11", "3.3", ""),
    ]


def test_what_was_recalled_counts_once_as_it_is_paid_again(tmp_path: Path) -> None:
    """The first root had too many holders and paid the first alone; the next has the right ones and a late paper."""
    below = tmp_path / "dividends"
    first = {"1": 100, "2": 20, HOSTILE: 10, "3": 8}
    dividend(below, "q1", "2027-01-19", "0.50", first, 1)
    dividend(below, "q1", "2027-01-19", "0.50", {"1": 100, "2": 20}, 1, late=True, recalled=[0])
    found = {one.investor: (one.gross, one.here, one.net) for one in payments(folders_below(below))}
    # 30 % of the third's was remitted for it; the fourth had no tax and gets nothing.
    assert found == {
        "1": (50_000_000, 7_500_000, 42_500_000),
        "2": (10_000_000, 1_000_000, 9_000_000),
        HOSTILE: (1_500_000, 1_500_000, 0),
    }


def test_a_dividend_that_two_networks_pay_is_told_of_both(tmp_path: Path) -> None:
    """It has one id on both."""
    for network, tokens in (("local", 100), ("other", 7)):
        (tmp_path / network).mkdir()
        dividend(tmp_path / network / "dividends", "q1", "2027-01-19", "0.50", {"1": tokens}, 1, network=network)
    found = payments(folders_below(tmp_path))
    assert [(one.network, one.gross) for one in found] == [("local", 50_000_000), ("other", 3_500_000)]
    counts = write(tmp_path / "out", 2027, found, None, "US")
    assert counts == {"statement.csv": 2, "payments.csv": 2, "1042-s.csv": 2}


def test_the_command_and_one_investor_of_another_year(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    run = CliRunner(mix_stderr=False).invoke
    files = ["--trades", "trades.csv", "--splits", "splits.csv"]
    said = run(cli, ["statement", "2028", "--investor", "1", *files, "--json"])
    assert said.exit_code == 0, said.stderr
    counts = {Path(name).name: count for name, count in json.loads(said.stdout)["files"].items()}
    assert counts == {"statement.csv": 1, "payments.csv": 1, "1042-s.csv": 1, "lots.csv": 1}
    [row] = rows(desk / "statements" / "2028-1" / "statement.csv")
    assert (row["dividends"], row["gross"], row["net"], row["tokens"]) == ("1", "18", "15.3", "30")
    assert run(cli, ["statement", "2027"]).exit_code == 0
    [*_, last] = rows(desk / "statements" / "2027" / "statement.csv")
    assert (last["gross"], last["tokens"], last["allocation_rule"]) == ("11", "", "")
    assert "name one with --out" in run(cli, ["statement", "2027", "--investor", "../1"]).stderr
    assert "was paid nothing in 2027" in run(cli, ["statement", "2027", "--investor", "9"]).stderr


def test_costs_through_three_splits_by_hand(tmp_path: Path) -> None:
    """3:2, then 1:10 on the day of a purchase, then 7:1: lots keep their tokens and their cost, and lose none of it.

    bought         tokens  cost      shares then  after 3:2  after 1:10  after 7:1
    2026-01-05         10  1000.00            10         15         1.5       10.5
    2026-03-02          7   700.01          10.5       10.5        1.05       7.35
    2026-05-04 (day)    4    80.00             -          -         0.6        4.2
    """
    trades, splits = tmp_path / "trades.csv", tmp_path / "splits.csv"
    trades.write_text(
        "date,stock,investor,kind,tokens,amount\n2026-01-05,A,1,buy,10,1000\n2026-03-02,A,1,buy,7,700.01\n"
        "2026-05-04,A,1,buy,4,80\n2026-05-04,A,1,sell,3,60\n2026-07-06,A,1,sell,9,1000\n"
    )
    splits.write_text("date,stock,num,den\n2026-02-02,A,3,2\n2026-05-04,A,1,10\n2026-06-01,A,7,1\n2026-06-01,B,2,1\n")
    [holding] = play(read_trades(trades), read_splits(splits), date(2026, 12, 31)).values()
    # 3 of 10 tokens are 300.00 of the cost and 0.45 shares; then the other 7, and 2 of 7 of the second lot: 200.002857
    # of 700.01, rounded down. Of 1,000 for 9 tokens 7 ninths are 777.777777, and the second lot has the rest.
    assert [(one.tokens // WHOLE, one.shares, one.cost, one.proceeds) for one in holding.sales] == [
        (3, Fraction(45, 100), 300_000_000, 60_000_000),
        (7, Fraction(735, 100), 700_000_000, 777_777_777),
        (2, Fraction(21, 10), 200_002_857, 222_222_223),
    ]
    assert [(one.tokens // WHOLE, one.shares, one.cost) for one in holding.lots] == [
        (5, Fraction(525, 100), 500_007_143),
        (4, Fraction(42, 10), 80_000_000),
    ]
    assert holding.cost + sum(one.cost for one in holding.sales) == 1_780_010_000


def test_what_was_reinvested_is_held_at_what_it_cost(desk: Path) -> None:
    """All of the year's 15.30 of investor 1: 0.12 tokens, which are 0.24 shares, in a lot of their own."""
    found, account = payments(folders_below(desk / "dividends")), ACCOUNTS["1"]
    bought = Reinvested(
        date(2028, 1, 10), "local", "ACME", "q4", account, "1", 12 * WHOLE // 100, 15_300_000, "a quote"
    )
    reinvestments.write(desk / "reinvested.csv", [bought])
    assert reinvestments.read(desk / "reinvested.csv") == [bought]
    write(desk / "out", 2028, found, costs(desk), "US", "1", [bought])
    names = ("gross", "net", "reinvested_units", "tokens", "shares", "cost_basis")
    [row] = rows(desk / "out" / "statement.csv")
    assert tuple(row[name] for name in names) == ("18", "15.3", "0.12", "30.12", "60.24", "3765.3")
    lots = [(row["acquired"], row["tokens"], row["cost"]) for row in rows(desk / "out" / "lots.csv")]
    assert lots == [("2026-11-02", "30", "3750"), ("2028-01-10", "0.12", "15.3")]
    # Sold on the day on which it was bought: all that is left, the new lot among it.
    sold = TRADES + "2028-01-10,ACME,1,sell,30.12,4000\n"
    (desk / "sold.csv").write_text(sold)
    all_sold = replace(costs(desk), trades=read_trades(desk / "sold.csv"))
    write(desk / "out", 2028, found, all_sold, "US", "1", [bought])
    assert [(row["tokens"], row["cost_basis"]) for row in rows(desk / "out" / "statement.csv")] == [("0", "0")]
    with pytest.raises(Drift, match=r"reinvested 15.300001, and was paid 15.3"):
        write(desk / "out", 2028, found, costs(desk), "US", "1", [replace(bought, amount=15_300_001)])
    with pytest.raises(InputError, match="stands in two files"):
        write(desk / "out", 2028, found, costs(desk), "US", "1", [replace(bought, amount=1), replace(bought, amount=1)])
    with pytest.raises(InputError, match="is of a dividend that paid it nothing"):
        write(desk / "out", 2028, found, costs(desk), "US", "1", [replace(bought, reference="q3")])
    for old, new, told in (
        ("0.12", "0", "is to be more than 0"),
        ("a quote", "", "is missing"),
        ("2028-", "28-", "date: "),
    ):
        (desk / "wrong.csv").write_text((desk / "reinvested.csv").read_text().replace(old, new))
        with pytest.raises(InputError, match=told) as wrong:
            reinvestments.read(desk / "wrong.csv")
        assert wrong.value.line == 2


def test_what_does_not_come_together_is_refused(desk: Path) -> None:
    found = payments(folders_below(desk / "dividends"))
    good, below = costs(desk), desk / "dividends"
    # Recipients at home would stand in the export of those abroad.
    with pytest.raises(InputError, match="home: is no ISO 3166 alpha-2 country code"):
        write(desk / "out", 2027, found, None, "us")
    with pytest.raises(InputError, match=r"make 1 shares of a token, and 2027-06-15's record has 2"):
        write(desk / "out", 2027, found, Costs(good.trades), "US")
    with pytest.raises(Drift, match=r"record of ACME of 2027-01-19: 1 holds 100 tokens, and the trades make 60"):
        write(desk / "out", 2027, found, Costs(good.trades[:4], good.splits), "US")
    other = register(desk / "another", {"1": 31, "2": 20, HOSTILE: 10, "3": 8}, 1_830_000_000)
    with pytest.raises(Drift, match="another: 1 holds 31 tokens, and the trades make 30"):
        write(desk / "out", 2027, found, costs(desk, other), "US")
    with pytest.raises(InputError, match="later part, and those before it are missing"):
        payments([below / "q1-late"])
    with pytest.raises(InputError, match="of the same dividend"):
        payments([below / "q1", below / "q1"])
    assert not (desk / "out").exists()
    (desk / "trades.csv").write_text(TRADES.replace("sell,70", "sell,101"))
    with pytest.raises(InputError, match="sells more than is held, 100") as wrong:
        write(desk / "out", 2027, found, costs(desk), "US")
    assert wrong.value.line == 7
    for old, new, field in (
        ("sell,70", "gift,70", "kind"),
        ("70,9100", "0,9100", "tokens"),
        ("2027-04", "2027-4", "date"),
    ):
        (desk / "trades.csv").write_text(TRADES.replace(old, new))
        with pytest.raises(InputError) as wrong:
            costs(desk)
        assert (wrong.value.line, wrong.value.field) == (7, field)
    # "1", a line's end and "2" were read as investor 12.
    for row, told in (
        (',"1\n2",', "investor: goes over more than one line"),
        (',"1,', "is no CSV"),
        (f",{'1' * 140_000},", "is no CSV"),
    ):
        (desk / "trades.csv").write_text(TRADES.replace("05-04,ACME,1,", f"05-04,ACME{row}"))
        with pytest.raises(InputError, match=told):
            costs(desk)
    path = below / "q2" / "dividend.csv"
    path.write_text(path.read_text().replace("15300000", "15300001"))
    with pytest.raises(Drift, match="has the SHA-256"):
        payments([below / "q2"])


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_formula_is_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5.25", "1.0", "acme", "", "a=b", "0x12"])
def test_other_cells_are_as_they_are(text: str) -> None:
    assert cell(text) == text
