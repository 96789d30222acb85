"""What holders chose, as files: a dividend with proration by hand, and files that somebody changed.

The terms: 1,000 units at the record, stock for 250 of them at most, cash by default.

    ann    300   SECU 300                 floor(300 × 250 ÷ 700) = 107   CASH 193
    bob    100   nothing said             0                              CASH 100
    pool   500   SECU 398, CASH 1         floor(398 × 250 ÷ 700) = 142   CASH 358
    dan     99   CASH 98, SECU 1          floor(1 × 250 ÷ 700) = 0       CASH  99
    eve      1   SECU 1                   floor(1 × 250 ÷ 700) = 0       CASH   1

All that chose stock are 300 + 398 + 1 + 1 = 700.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scrip.elections import results
from scrip.elections.results import CSV, SUMMARY, Subject
from scrip.errors import Drift, InputError
from scrip.model.laws.elections import Split, allotted, election_id, filled

ACCOUNTS = ("0xann", "0xbob", "0xpool", "0xdan", "0xeve")
UNITS = (300, 100, 500, 99, 1)
SAID = (Split(secu=300), Split(), Split(1, 398), Split(98, 1), Split(secu=1))
BY_HAND = (Split(193, 107), Split(100, 0), Split(358, 142), Split(99, 0), Split(1, 0))
TEXT = """account,option,raw_units
0xann,CASH,193
0xann,SECU,107
0xbob,CASH,100
0xpool,CASH,358
0xpool,SECU,142
0xdan,CASH,99
0xeve,CASH,1
"""
OF = Subject(
    network="local",
    chain_id=31337,
    contract="0xc0",
    token="0x01",
    stock="MSFT",
    code="DVOP",
    reference="div-1",
    action="0x02",
    election="0x03",
    record_at=1,
    deadline=2,
    register="aa",
    root="0x04",
    sum=1_000,
    depth=7,
    block=9,
    block_hash="0x05",
    default="CASH",
    most=250,
)


def test_stock_above_its_cap_is_prorated_as_by_hand(tmp_path: Path) -> None:
    found = results.make(OF, ACCOUNTS, UNITS, SAID)
    assert found.delivered == BY_HAND
    assert (found.chosen, found.totals, found.is_prorated) == (Split(300, 700), Split(751, 249), True)
    files = results.write(tmp_path / "out", found)
    assert files[0].read_text() == TEXT
    assert results.write(tmp_path / "out", found) == files
    assert results.read(tmp_path / "out") == found
    assert found.units("SECU") == {"0xann": 107, "0xpool": 142}
    assert sum(found.units("CASH").values()) == 751
    told = json.loads(files[1].read_text())
    assert (told["totals"], told["DFLT"], told["prorated"]) == ({"CASH": "751", "SECU": "249"}, "CASH", True)
    with pytest.raises(InputError, match="holds something else"):
        results.write(tmp_path / "out", results.make(replace(OF, most=0), ACCOUNTS, UNITS, SAID))


@pytest.mark.parametrize(("most", "stock"), [(0, 700), (700, 700), (701, 700), (699, 696), (1, 0)])
def test_a_cap_that_nobody_meets_prorates_nothing(most: int, stock: int) -> None:
    found = results.make(replace(OF, most=most), ACCOUNTS, UNITS, SAID)
    assert (found.totals.secu, found.totals.total) == (stock, 1_000)
    assert found.is_prorated == (most in (699, 1))


def test_stock_by_default_counts_as_chosen() -> None:
    found = results.make(replace(OF, default="SECU"), ACCOUNTS, UNITS, SAID)
    assert found.chosen == Split(99, 901)
    # floor(100 × 250 ÷ 901) of who said nothing; the pool's 101 that it left unsaid are stock, too
    assert found.delivered[1] == Split(73, 27)
    assert found.delivered[2] == Split(500 - 499 * 250 // 901, 499 * 250 // 901)


def test_nobody_has_more_than_it_holds() -> None:
    with pytest.raises(InputError, match="more than the account's 5 units"):
        filled(Split(3, 3), 5, "CASH")
    with pytest.raises(InputError, match="another sum than the root's"):
        results.make(OF, ACCOUNTS, (*UNITS[:-1], 2), SAID)
    big = 2**112 - 1
    assert allotted([Split(0, big), Split(0, 1)], big) == [Split(1, big - 1), Split(1, 0)]


def test_an_election_s_name_is_of_its_root_its_place_and_its_default() -> None:
    names = {
        election_id(bytes([bound]) * 32, part, default)
        for bound in (1, 2)
        for part in (0, 1)
        for default in ("CASH", "SECU")
    }  # fmt: skip
    assert len(names) == 8


def test_a_file_that_ignores_a_holder_s_choice_is_found_though_its_sums_are_right(tmp_path: Path) -> None:
    """Ann's stock given to Bob, and her hundred in cash: every total is the contract's."""
    found = results.make(OF, ACCOUNTS, UNITS, SAID)
    totals = Split(300, 700)
    results.check(found, totals, ACCOUNTS, UNITS, SAID)
    wrong = replace(found, delivered=(Split(293, 7), Split(0, 100), *BY_HAND[2:]))
    assert wrong.totals == found.totals
    with pytest.raises(
        Drift, match="0xann chose CASH 193 and SECU 107 after proration, and the file gives it 293 and 7"
    ):
        results.check(wrong, totals, ACCOUNTS, UNITS, SAID)
    with pytest.raises(Drift, match="by the contract"):
        results.check(found, Split(301, 699), ACCOUNTS, UNITS, SAID)
    # Read before a last change of mind: the contract's sums may be the same after two of them.
    late = (Split(secu=200), Split(secu=100), *SAID[2:])
    with pytest.raises(Drift, match="0xann chose"):
        results.check(found, totals, ACCOUNTS, UNITS, late)
    more = replace(found, accounts=(*ACCOUNTS, "0xmallory"), delivered=(*BY_HAND, Split(1, 0)))
    with pytest.raises(Drift, match="0xmallory is no account"):
        results.check(more, totals, ACCOUNTS, UNITS, SAID)


@pytest.mark.parametrize(
    ("before", "after", "error", "why"),
    [
        ("0xbob,CASH,100\n", "0xbob,CASH,99\n", Drift, "is not what"),
        ("0xbob,CASH,100\n", "", Drift, "is not what"),
        ("0xbob,CASH,100\n", "0xbob,BEER,100\n", InputError, "is no row of"),
        ("0xbob,CASH,100\n", "0xbob,CASH,-1\n", InputError, "is no whole number"),
        ("0xbob,CASH,100\n", "0xbob,CASH,0\n", InputError, "says nothing"),
        ("0xbob,CASH,100\n", "0xbob,CASH,50\n0xbob,CASH,50\n", InputError, "one twice"),
        ("0xeve,CASH,1\n", "0xann,CASH,1\n", InputError, "stands twice"),
        ("account,option", "option,account", InputError, "its columns are"),
    ],
)
def test_files_that_were_changed_are_refused(
    tmp_path: Path, before: str, after: str, error: type[Exception], why: str
) -> None:
    results.write(tmp_path, results.make(OF, ACCOUNTS, UNITS, SAID))
    (tmp_path / CSV).write_text(TEXT.replace(before, after))
    with pytest.raises(error, match=why):
        results.read(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "error", "why"),
    [
        ("schema", 2, InputError, "schema 1"),
        ("DFLT", "NOAC", InputError, "none of CASH, SECU"),
        ("register", None, InputError, "is no summary"),
        ("totals", {"CASH": "750", "SECU": "250"}, Drift, "totals is"),
        ("chosen", {"CASH": "300", "SECU": "701"}, Drift, "chosen is"),
        ("prorated", False, Drift, "prorated is False"),
        ("accounts", 6, Drift, "accounts is 6"),
    ],
)
def test_summaries_that_were_changed_are_refused(
    tmp_path: Path, field: str, value: object, error: type[Exception], why: str
) -> None:
    _, path = results.write(tmp_path, results.make(OF, ACCOUNTS, UNITS, SAID))
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(error, match=why):
        results.read(tmp_path)
    (tmp_path / SUMMARY).write_text("{")
    with pytest.raises(InputError, match="is no JSON"):
        results.read(tmp_path)
