"""Every fault in an events file is refused with file, line, field and value."""

import pytest

from scrip.errors import InputError
from scrip.replay.events import read_events
from scrip.replay.prices import load_history
from scrip.replay.timeline import build

HEADER = "code,ex,num,den,gross,close"
SPLIT = "SPLF,2003-02-18,2,1,,24.96"
DIVIDEND = "DRIP,2003-02-19,,,0.08,24.53"


def read(tmp_path, *lines: str):
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_events(path)


def test_reads_events_comments_and_blank_lines(tmp_path) -> None:
    split, dividend = read(tmp_path, "# a comment", HEADER, SPLIT, "", DIVIDEND)
    assert (split.num, split.den, split.line) == (2, 1, 3)
    assert (str(dividend.gross), str(dividend.close), dividend.line) == ("0.08", "24.53", 5)


def test_a_file_without_events_is_legal(tmp_path) -> None:
    assert read(tmp_path, HEADER) == ()


FAULTS = [
    ("code,ex,num,den,close", "SPLF,2003-02-18,2,1,24.96", 1, "gross", "column is missing"),
    (HEADER + ",gross", SPLIT + ",", 1, "gross", "column stands twice"),
    (HEADER + ",multiplier", SPLIT + ",2", 1, "multiplier", "is not a column"),
    (HEADER, "DRIP,2003-02-19,,,-0.08,24.53", 2, "gross", "greater than zero"),
    (HEADER, "DRIP,2003-02-19,,,0,24.53", 2, "gross", "greater than zero"),
    (HEADER, "DRIP,2003-02-19,,,0.085,24.53", 2, "gross", "more than 2 decimals"),
    (HEADER, "DRIP,2003-02-19,,,eight cents,24.53", 2, "gross", "not a decimal number"),
    (HEADER, "DRIP,2003-02-19,,,nan,24.53", 2, "gross", "not a decimal number"),
    (HEADER, "DRIP,2003-02-19,,,1e1,24.53", 2, "gross", "not a decimal number"),
    (HEADER, "DRIP,2003-02-19,,,,24.53", 2, "gross", "is missing"),
    (HEADER, "DRIP,2003-02-19,,,0.08,", 2, "close", "is missing"),
    (HEADER, "DRIP,2003-02-19,,,0.08,24.53001", 2, "close", "more than 4 decimals"),
    (HEADER, "DRIP,2003-02-19,,,0.08,dear", 2, "close", "not a decimal number"),
    (HEADER, "DRIP,2003-02-19,2,,0.08,24.53", 2, "num", "belongs to a split"),
    (HEADER, "DRIP,2003-02-19,,,0.08", 2, "close", "has 5 values for 6 columns"),
    (HEADER, "DRIP,2003-02-30,,,0.08,24.53", 2, "ex", "is not a date"),
    (HEADER, "DVCA,2003-02-19,,,0.08,24.53", 2, "code", "is not one of SPLF, SPLR, DRIP"),
    (HEADER, "SPLF,2003-02-18,1,2,,24.96", 2, "num", "bad split terms 1:2"),
    (HEADER, "SPLR,2003-02-18,2,1,,24.96", 2, "num", "bad split terms 2:1"),
    (HEADER, "SPLF,2003-02-18,1,1,,24.96", 2, "num", "bad split terms 1:1"),
    (HEADER, "SPLF,2003-02-18,4,2,,24.96", 2, "num", "not reduced"),
    (HEADER, "SPLF,2003-02-18,0,1,,24.96", 2, "num", "between 1 and"),
    (HEADER, "SPLF,2003-02-18,-2,1,,24.96", 2, "num", "between 1 and"),
    (HEADER, "SPLF,2003-02-18,18446744073709551616,1,,24.96", 2, "num", "between 1 and"),
    (HEADER, "SPLF,2003-02-18,two,1,,24.96", 2, "num", "is not a whole number"),
    (HEADER, "SPLF,2003-02-18,2,,,24.96", 2, "den", "is missing"),
    (HEADER, "SPLF,2003-02-18,2,1,0.08,24.96", 2, "gross", "belongs to a dividend"),
]


@pytest.mark.parametrize(("header", "row", "line", "field", "message"), FAULTS)
def test_fault_is_refused_with_its_place(tmp_path, header, row, line, field, message) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, header, row)
    error = caught.value
    assert (error.line, error.field) == (line, field)
    assert error.file.endswith("events.csv")
    assert message in str(error)
    if line > 1 and row.split(",")[header.split(",").index(field) :][:1] not in ([], [""]):
        assert error.value in row


def test_out_of_order_names_the_later_line(tmp_path) -> None:
    with pytest.raises(InputError, match=r"events\.csv:3: ex: out of order: 2003-02-19 stands above.*'2003-02-18'"):
        read(tmp_path, HEADER, DIVIDEND, SPLIT)


def test_duplicate(tmp_path) -> None:
    with pytest.raises(InputError, match=r"events\.csv:3: ex: duplicate"):
        read(tmp_path, HEADER, DIVIDEND, DIVIDEND)


def test_a_split_and_a_dividend_of_one_day_are_legal(tmp_path) -> None:
    assert len(read(tmp_path, HEADER, "SPLF,2003-02-18,2,1,,24.96", "DRIP,2003-02-18,,,0.08,24.96")) == 2


def test_missing_file_and_missing_header(tmp_path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read: No such file"):
        read_events(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="has no header line"):
        read(tmp_path, "# nothing but a comment")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_events(tmp_path / "bytes.csv")


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ("DRIP,2000-03-01,,,0.08,90.81", "ex", "takes effect in the past: the stock is tokenised on 2000-03-01"),
        ("DRIP,1999-11-03,,,0.08,92.00", "ex", "takes effect in the past"),
        ("DRIP,2003-02-17,,,0.08,24.53", "ex", "is no trading day of MSFT"),
        ("DRIP,2013-03-04,,,0.08,24.53", "ex", "is no trading day of MSFT"),
        ("DRIP,2003-02-19,,,0.08,24.54", "close", "is not the close of 2003-02-19, 24.53"),
    ],
)
def test_an_event_that_does_not_fit_its_history_is_refused(tmp_path, row, field, message) -> None:
    events = read(tmp_path, HEADER, row)
    with pytest.raises(InputError) as caught:
        build("MSFT", load_history("MSFT"), events)
    assert (caught.value.line, caught.value.field) == (2, field)
    assert message in str(caught.value)
