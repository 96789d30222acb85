"""A date written as a number was taken for seconds of 1970: the investor lapsed everywhere in the same transaction.

Now ISO 8601 alone is a date, between 2009 and 2200, and whatever was probably meant is said.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.network_cli import commands, groups

from scrip.errors import InputError, InputErrors
from scrip.evm.views import EvmQuote
from scrip.inputs.batch import read_newcomers, read_renewals
from scrip.inputs.reading.dates import calendar_day, day, duration, instant
from scrip.inputs.reading.numbers import whole
from scrip.units import RawUnits, Shares, Stablecoin, parse_wad

NO_DATES = {
    "20301231": "is a number and no date: written as one it is 2030-12-31",
    "2028": "is a year alone: its last day is 2028-12-31",
    "46022": r"is a spreadsheet's serial number and no date: format the column as dates \(2025-12-31 in most\)",
    "46022.5": "is a spreadsheet's serial number",
    "1900000000": "is a number and no date",
    "0": "is a number and no date",
    "31.12.2030": "is no ISO 8601 date",
    "12/31/2030": "is no ISO 8601 date",
    "2030-W01-1": "is no ISO 8601 date",
    "2030-1-1": "is no ISO 8601 date",
    "٢٠٣٠-١٢-٣١": "is no ISO 8601 date",
    "2030-02-30": "of the calendar",
    "2008-12-31": "is before 2009",
    "1066-10-14": "is before 2009",
    "2201-01-01": "is after 2200",
    "9999-12-31": "is after 2200",
    "0000-01-01": "of the calendar",
}
NO_INSTANTS = {
    "2030-12-31T12:00:00": "time zone",
    "2030-12-31T12:00:00.5Z": "whole seconds",
    "2030-12-31 12:00:00Z": "is no ISO 8601 instant",
    "2030-12-31T25:00:00Z": "of the calendar",
    "2008-12-31T23:59:59Z": "is before 2009",
    "2201-01-01T00:30:00+00:00": "is after 2200",
}


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused_and_what_was_meant_is_said(text: str) -> None:
    for read in (day, instant):
        with pytest.raises(InputError, match=NO_DATES[text]):
            read(text, "expiry")


@pytest.mark.parametrize("text", NO_INSTANTS)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=NO_INSTANTS[text]):
        instant(text, "expiry")


def test_history_has_its_own_years_and_the_same_form() -> None:
    assert calendar_day("2004-11-15", "ex") == date(2004, 11, 15)
    with pytest.raises(InputError, match="2004-11-15"):
        calendar_day("20041115", "ex")


@pytest.mark.parametrize("text", ["20301231", "2028", "46022"])
def test_a_file_names_the_line(tmp_path: Path, text: str) -> None:
    newcomers, renewals = tmp_path / "n.csv", tmp_path / "r.csv"
    newcomers.write_text(f"investor,wallet,country,class,expiry\ni-1,0x{'11' * 20},CH,retail,{text}\n")
    renewals.write_text(f"investor,expiry\ni-0,2030-01-01\ni-1,{text}\n")
    for read, path, line in ((read_newcomers, newcomers, 2), (read_renewals, renewals, 3)):
        with pytest.raises(InputErrors) as caught:
            read(path)
        assert [(one.line, one.field, one.value) for one in caught.value.errors] == [(line, "expiry", text)]


def said(line: str) -> str:
    group, *words = line.split()
    found = CliRunner(mix_stderr=False).invoke(groups()[group], words)
    assert found.exit_code == 64, found.output
    return found.stderr


@pytest.mark.parametrize("text", ["20301231", "2028", "46022", "1066-10-14", "9999-12-31"])
def test_every_option_that_is_a_date_is_read_the_same_way(text: str) -> None:
    lines = (
        f"action announce MSFT SPLF r --ex {text} --effective 2030-01-02T14:30:00Z --new 2 --old 1",
        f"action announce MSFT SPLF r --ex 2030-01-02 --effective {text} --new 2 --old 1",
        f"action announce MSFT DRIP r --ex 2030-01-02 --effective 2030-01-02T14:30:00Z --gross 1 --pay {text}",
        f"action correct MSFT 1.01 --effective {text} --reason 1 --document d",
        f"compliance lock MSFT alice 1 {text} --reason 1 --document d",
        f"compliance attest i-1 alice CH retail {text} --deadline 2030-01-01 --out x --reference r",
        f"compliance attest i-1 alice CH retail 2030-01-01 --deadline {text} --out x --reference r",
    )
    for line in lines:
        assert text in said(line)


@pytest.mark.parametrize("text", ["1e999999999", "1e3", "9" * 5_000, "1_000", "١", "+1", "nan", "inf", "0x10", "1,5"])
def test_no_number_has_an_exponent_or_more_digits_than_any_amount(text: str) -> None:
    for read in (parse_wad, Stablecoin.parse, Shares.parse, lambda one: RawUnits.parse(one, 18), whole):
        with pytest.raises(InputError):
            read(text)


def test_every_option_that_is_a_number_is_read_the_same_way() -> None:
    announce = "action announce MSFT {} r --ex 2030-01-02 --effective 2030-01-02T14:30:00Z"
    for text in ("1e999999999", "1_000", "١"):
        for line in (
            f"{announce.format('DRIP')} --gross {text} --pay 2030-01-05",
            f"{announce.format('SPLF')} --new {text} --old 1",
            f"{announce.format('SPLF')} --new 2 --old {text}",
            f"action schedule MSFT DRIP r --price {text}",
            f"action fold MSFT 1.01 {text} 1 --reason 1 --document d",
            f"compliance block i-1 --reason {text} --document d",
            f"market ceiling MSFT {text}",
            f"market quote mint MSFT alice {text} 1 --out x",
            f"market quote mint MSFT alice 1 {text} --out x",
            f"stock limits MSFT --holders {text}",
        ):
            assert "number" in said(line), line


def test_no_option_is_a_number_or_a_date_of_clicks_own() -> None:
    """Its own types take separators, other alphabets' digits and dates of any year."""
    import click

    loose = (click.types.IntParamType, click.types.FloatParamType, click.DateTime)
    for name, command in commands():
        for param in command.params:
            ours = type(param.type).__module__.startswith("scripts.")
            assert ours or not isinstance(param.type, loose), (name, param.name)


@pytest.mark.parametrize("text", ["4", 4, 0, "300", -1])
def test_a_duration_carries_its_unit(text: object) -> None:
    with pytest.raises(InputError, match=f"{text} what\\?|is no duration"):
        duration(text)
    if text != -1:
        assert "what?" in said(f"market quote mint MSFT alice 1 1 --life {text} --out x")


def test_durations() -> None:
    assert [duration(one) for one in ("4h", "86400s", "30m", "5d")] == [14_400, 86_400, 1_800, 432_000]


QUOTE = EvmQuote(
    stock="MSFT", side="mint", account="0x" + "11" * 20, amount="1", settlement="90", generation=0, id="q-1",
    expiry=1_900_000_000, signer="0x" + "11" * 20, chain_id=1, market="0x" + "11" * 20, nonce=0, epoch="0x0",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"expiry": 20301231}, "expiry: is before 2009"),
        ({"expiry": 2**40}, "expiry: is after 2200"),
        ({"expiry": "2030-12-31"}, "expiry: is no whole number"),
        ({"generation": True}, "generation: is no whole number"),
        ({"amount": 1}, "amount: is no text"),
        ({"amount": "1e999999999"}, "amount: is not a decimal number"),
        ({"settlement": "1e9"}, "settlement: is not a decimal number"),
        ({"id": "q\u202e-1"}, r"id: holds U\+202E"),
        ({"stock": "MSFT\x1b"}, r"stock: holds U\+001B"),
    ],
)
def test_a_quotes_file_is_read_the_same_way(tmp_path: Path, changed: dict[str, object], message: str) -> None:
    replace(QUOTE, **changed).write(tmp_path / "q.json")
    with pytest.raises(InputError, match=rf"q\.json: {message}"):
        EvmQuote.read(tmp_path / "q.json")
    QUOTE.write(tmp_path / "good.json")
    assert EvmQuote.read(tmp_path / "good.json") == QUOTE
