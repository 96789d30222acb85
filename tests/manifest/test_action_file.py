"""A corporate action's file: one shape for all codes, and everything wrong with one is said at once."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import fastjsonschema
import pytest
import yaml

from scrip.action_codes import CODES
from scrip.errors import InputError, InputErrors
from scrip.manifest.action_file import NAMED, ActionFile, fields_of, load_action, read_calendar
from scrip.manifest.schema import schema_of
from scrip.units import WAD

SAMPLE = {
    "stock": "MSFT",
    "CORP": "one",
    "XDTE": "2027-01-19",
    "ex_at": "2027-01-19T14:30:00Z",
    "RDTE": "2027-01-19T14:30:00Z",
    "MKDT": "2027-01-25T22:00:00Z",
    "PAYD": "2027-01-29",
    "EFFD": "2027-01-19T14:30:00Z",
    "MEET": "2027-01-29",
    "EXPI": "2031-01-29",
    "GRSS": "USD 0.26",
    "CHAR": "0.01",
    "OFFR": "USD 19.52",
    "NEWO": "7:1",
    "QTSO": "1000.5",
    "asset": "USDC",
    "rate": "1",
    "source": "par",
    "buy": "2027-01-29",
    "other": "SPUN",
    "document": "notice",
    "name": "Acme Works",
    "ticker": "ACMW",
    "isin": "US3696043013",
}


def content_of(code: str, more: bool = True) -> dict[str, str]:
    needed, further = fields_of(code)
    names = {*NAMED, *needed, *(further if more else ())}
    content = {name: value for name, value in SAMPLE.items() if name in names} | {"CAEV": code}
    if not more and code == "MRGR":
        content["GRSS"] = SAMPLE["GRSS"]
    if not more and code == "CHAN":
        content["ticker"] = SAMPLE["ticker"]
    return content


def write(folder: Path, content: Mapping[str, object]) -> Path:
    path = folder / "action.yaml"
    path.write_text(yaml.safe_dump(dict(content)))
    return path


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_read_from_the_same_shape(tmp_path: Path, code: str) -> None:
    valid = fastjsonschema.compile(schema_of("actions/schema.json"))
    for more in (False, True):
        content = content_of(code, more)
        found = load_action(write(tmp_path, content))
        assert (found.CAEV, found.stock, found.CORP) == (code, "MSFT", "one")
        valid(content)
    needed, further = fields_of(code)
    for field in needed:
        with pytest.raises(InputErrors, match=f"{field}: is missing: {code} "):
            load_action(write(tmp_path, {name: one for name, one in content.items() if name != field}))
    for field in set(ActionFile.model_fields) - {*NAMED, *needed, *further}:
        with pytest.raises(InputErrors, match=f"{field}: is no term of {code}, which takes "):
            load_action(write(tmp_path, content | {field: SAMPLE[field]}))


def test_amounts_ratios_and_instants_are_exact(tmp_path: Path) -> None:
    found = load_action(write(tmp_path, content_of("RHTS")))
    assert (found.OFFR.currency, found.OFFR.value, found.NEWO.new, found.NEWO.old) == ("USD", 1952 * WAD // 100, 7, 1)
    assert (str(found.XDTE), found.ex_at, found.PAYD) == ("2027-01-19", 1_800_369_000, 1_801_180_800)


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "stock: msft\nCAEV: SPLF\nCORP: one\nXDTE: 19.1.2027\nNEWO: 2-1\nGRSS: USD 1\nEXDT: 2027-01-19\n",
        encoding="utf-8",
    )
    with pytest.raises(InputErrors) as caught:
        load_action(path)
    told = str(caught.value)
    for line, field, what in (
        (1, "stock", "is no symbol"),
        (4, "XDTE", "is no ISO 8601 date"),
        (5, "NEWO", 'is no ratio of new shares for old such as "7:1"'),
        (6, "GRSS", "is no term of SPLF, which takes EFFD, NEWO, XDTE, ex_at"),
        (7, "EXDT", "is no field"),
    ):
        assert f"bad.yaml:{line}: {field}: {what}" in told
    assert "EFFD: is missing: SPLF (forward split: more shares for old) needs it" in told


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("GRSS", "0.26", "is no currency and amount"),
        ("GRSS", "usd 0.26", "is no currency and amount"),
        ("GRSS", 1, "must be text: put it in quotes"),
        ("CHAR", "-1", "is no amount"),
        ("PAYD", "2027-01-29T10:00:00", "does not say its time zone"),
        ("rate", "1", "source: is missing: it comes with rate"),
        ("CAEV", "XXXX", "is none of SPLF, SPLR"),
        ("CAEV", {"code": "DVCA"}, "CAEV: is not"),
        ("CAEV", [{"code": "DVCA"}], "CAEV: is not"),
    ],
)
def test_values_that_make_no_sense(tmp_path: Path, field: str, value: object, what: str) -> None:
    content: dict[str, object] = {
        name: one for name, one in content_of("DVCA").items() if name not in ("rate", "source")
    }
    with pytest.raises(InputError, match=what):
        load_action(write(tmp_path, content | {field: value}))


@pytest.mark.parametrize(
    ("code", "field", "value", "what"),
    [
        ("TEND", "OFFR", "USD 0", "OFFR: says nothing: TEND "),
        ("SPLF", "NEWO", "", "NEWO: is no ratio"),
        ("MEET", "document", "", "document: says nothing: MEET "),
        ("MRGR", "GRSS", "USD 0", "GRSS: is missing: a merger gives cash"),
        ("CHAN", "ticker", "", "name: is missing: CHAN says a name"),
        ("CHAN", "ticker", "é" * 9, "ticker: is longer than 16 bytes"),
        ("CHAN", "name", "é" * 33, "name: is longer than 64 bytes"),
        ("CHAN", "isin", "US3696043014", "isin: is no ISIN: its check digit"),
        ("DVCA", "document", "notice", "document: is no term of DVCA"),
        ("CAPD", "rate", "0", "rate: is missing: it comes with source"),
    ],
)
def test_what_no_chain_would_take_is_told_before_it_is_sent(
    tmp_path: Path, code: str, field: str, value: str, what: str
) -> None:
    content = content_of(code, more=field == "rate") | {field: value}
    with pytest.raises(InputErrors, match=what):
        load_action(write(tmp_path, content))


@pytest.mark.parametrize("pair", ["0:1", "1:0", "18446744073709551616:1"])
def test_a_ratio_has_two_sides(tmp_path: Path, pair: str) -> None:
    with pytest.raises(InputErrors, match="has a side that is not between 1 and 18446744073709551615"):
        load_action(write(tmp_path, content_of("SPLF") | {"NEWO": pair}))


def test_a_calendar_is_checked_whole(tmp_path: Path) -> None:
    path = tmp_path / "year.csv"
    head = "stock,CAEV,CORP,XDTE,EFFD,NEWO\n"
    path.write_text(
        head + "MSFT,SPLF,a,2027-01-19,2027-01-19,2:1\nMSFT,SPLF,a,2027-02-19,2027-02-19,2:1\n,SPLF,b,x,,3:1\nMSFT\n"
    )
    with pytest.raises(InputErrors) as caught:
        read_calendar(path)
    told = str(caught.value)
    for line, what in (
        (3, "MSFT SPLF a stands above"),
        (4, "XDTE: "),
        (4, "stock: is missing"),
        (4, "EFFD: is missing"),
    ):
        assert f"year.csv:{line}: " in told
        assert what in told
    assert "has 1 values for 6 columns" in told
    path.write_text("stock,CAEV,XDTF,stock\nMSFT,SPLF,a,b\n")
    with pytest.raises(InputErrors, match="did you mean XDTE"):
        read_calendar(path)
    path.write_text(head + "MSFT,SPLF,a,2027-01-19,2027-01-19,2:1\n")
    (draft,) = read_calendar(path)
    (tmp_path / draft.file).write_text(draft.text("schema.json"))
    assert load_action(tmp_path / draft.file) == draft.action


def test_a_year_of_every_code_becomes_drafts(tmp_path: Path) -> None:
    """One table for all codes: a column that a code does not take is left empty in its row."""
    path, rows = tmp_path / "year.csv", [content_of(code, more=False) | {"CORP": f"{code} 2027"} for code in CODES]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, names)
        table.writeheader()
        table.writerows(rows)
    drafts = read_calendar(path)
    assert [one.action.CAEV for one in drafts] == list(CODES)
    assert len({one.file for one in drafts}) == len(CODES)
    for draft in drafts:
        (tmp_path / draft.file).write_text(draft.text("schema.json"))
        assert load_action(tmp_path / draft.file) == draft.action


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "has no header line"),
        ("stock,CAEV,CORP\n", "has a header and no action"),
        ("stock;CAEV;CORP\nMSFT;MEET;a\n", "between semicolons: save it with commas"),
        ("stock\tCAEV\tCORP\nMSFT\tMEET\ta\n", "between tabs: save it with commas"),
        ("Stock,CAEV,CORP\nMSFT,MEET,a\n", "did you mean stock"),
        ("stock,CAEV,CORP\nMSFT,meet,a\n", "is none of SPLF, SPLR"),
        ("stock,CAEV,CORP,XDTE\nMSFT,DVCA,a,17.02.2027\n", "a date is written 2027-06-30"),
        ("stock,CAEV,CORP,GRSS\nMSFT,DVCA,a,$0.83\n", 'no currency and amount such as "USD 0.26"'),
    ],
)
def test_a_newcomer_s_table_is_told_what_is_wrong(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "year.csv"
    path.write_text(text)
    with pytest.raises((InputError, InputErrors), match=what):
        read_calendar(path)


def test_a_quote_that_is_left_open_swallows_no_row(tmp_path: Path) -> None:
    path, head = tmp_path / "year.csv", "stock,CAEV,CORP,EFFD,name,document\nMSFT,CHAN,a,2027-01-19,Acme,"
    path.write_text(head + '"notice\nMSFT,CHAN,b,2027-01-20,Acme,\n')
    with pytest.raises(InputError, match=r"year\.csv:\d: is no CSV: unexpected end of data"):
        read_calendar(path)
    path.write_text(head + '"notice\nof two lines"\n')
    with pytest.raises(InputErrors, match=r"document: holds U\+000A"):
        read_calendar(path)
    path.write_text(head + "x" * 200_000 + "\n")
    with pytest.raises(InputError, match="is no CSV: field larger"):
        read_calendar(path)


def test_the_committed_schema_is_the_code_s() -> None:
    path = Path(__file__).resolve().parents[2] / "manifests" / "actions" / "schema.json"
    assert json.loads(path.read_text()) == schema_of("actions/schema.json")
