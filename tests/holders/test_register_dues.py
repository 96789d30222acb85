"""What holders are due: by hand for a real dividend, to the last unit for any, and their files."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_register_files import SUBJECT

from scrip.errors import Drift, InputError
from scrip.holders import files, limbs
from scrip.holders.dues import SUMMARY, Rate, dues, write_dues
from scrip.holders.movements import with_limbs
from scrip.holders.register import Register

UNIT = 10**18
MOST = 2**128 - 1


def register(rows: list[tuple[str, str, str, int]]) -> Register:
    """Accounts with investor, kind and units, in the order of their text."""
    rows = sorted(rows)
    plain = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(("account", "investor"))}
    plain |= {"investor_class": pa.array([""] * len(rows)), "kind": pa.array([row[2] for row in rows], pa.string())}
    units = limbs.of(row[3] for row in rows)
    return Register(pa.table(plain | with_limbs("units", units)), 7, sum(row[3] for row in rows))


def flat(bps: int) -> Rate:
    """One rate for everybody."""
    return lambda _account, _investor: bps


def test_microsofts_special_dividend_with_three_countries(tmp_path: Path) -> None:
    """$3.08 a share of 2004-11-15: what the treaty rates of 0, 15 and 30 % leave, worked out by hand."""
    accounts = [f"0x{number:040x}" for number in range(5)]
    found = dues(
        register(
            [
                (accounts[0], "gb", "holder", 100 * UNIT),
                (accounts[1], "ch", "holder", 7 * UNIT // 2),
                (accounts[2], "", "holder", UNIT + 1),
                (accounts[3], "pool", "venue", 3 * UNIT // 1_000_000),
                (accounts[4], "house", "excluded", 50 * UNIT),
            ]
        ),
        Fraction(308 * 10**4, UNIT),
        lambda _, investor: {"gb": 0, "ch": 1_500, "": 3_000, "pool": 3_000}[investor],
    )
    by_hand = {
        # 308.000000 · 10.780000 less 15 % · 3.080000 less 30 % · 0.000009 less 0.0000027, which is 0.000003 upwards
        accounts[0]: (308_000_000, 0, 308_000_000),
        accounts[1]: (10_780_000, 1_617_000, 9_163_000),
        accounts[2]: (3_080_000, 924_000, 2_156_000),
        accounts[3]: (9, 3, 6),
    }
    assert (found.gross, found.withheld, found.net) == (321_860_009, 2_541_003, 319_319_006)
    assert found.rest == 0
    written = write_dues(tmp_path / "out", found, SUBJECT, [], b"\x05" * 32)
    rows = {row["account"]: row for row in csv.DictReader((tmp_path / "out" / "dividend.csv").open())}
    assert {one: tuple(int(row[name]) for name in files.DUES) for one, row in rows.items()} == by_hand
    assert written.root.sum == found.net
    assert files.verify(tmp_path / "out", SUMMARY).root == written.root
    assert json.loads((tmp_path / "out" / SUMMARY).read_text())["action"] == "0x" + "05" * 32
    leaves = [row["account"] for row in csv.DictReader((tmp_path / "out" / "tree.csv").open())]
    assert leaves == [accounts[0], accounts[1], accounts[2], accounts[3]]
    text = (tmp_path / "out" / SUMMARY).read_text()
    (tmp_path / "out" / SUMMARY).write_text(text.replace("05" * 32, "06" * 32))
    with pytest.raises(Drift, match="is bound as"):
        files.verify(tmp_path / "out", SUMMARY)


@given(
    st.lists(st.tuples(st.integers(1, MOST // 10**6), st.sampled_from(["", "a", "b"])), min_size=1, max_size=20),
    st.fractions(min_value=Fraction(1, 10**18), max_value=1000),
    st.integers(0, 10_000),
)
def test_what_is_paid_is_never_more_than_the_whole(held: list[tuple[int, str]], per_unit: Fraction, bps: int) -> None:
    rows = [(f"0x{place:040x}", who, "holder", units) for place, (units, who) in enumerate(held)]
    found = dues(register(rows), per_unit, lambda _, investor: bps if investor else 10_000)
    whole = sum(units for units, _ in held) * per_unit
    assert found.gross + found.rest <= whole < found.gross + found.rest + 1
    assert 0 <= found.rest < len(held)
    assert found.net + found.withheld == found.gross
    tree = files.tree_of(found.table)
    assert tree.root.sum == found.net
    strangers = sum(1 for _, who in held if not who)
    pushable = found.table.column("pushable").to_pylist()
    assert pushable == [True] * (len(held) - strangers) + [False] * strangers


def test_terms_that_are_refused() -> None:
    one = register([("0x" + "00" * 20, "a", "holder", 5)])
    for per_unit, bps, said in ((Fraction(0), 0, "per_unit: is not above 0"), (Fraction(-1), 0, "per_unit"),
                                (Fraction(1), -1, "rate: is not between"), (Fraction(1), 10_001, "rate")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            dues(one, per_unit, flat(bps))
    with pytest.raises(InputError, match="gross: is more than"):
        dues(register([("0x" + "00" * 20, "a", "holder", MOST)]), Fraction(2), flat(0))
