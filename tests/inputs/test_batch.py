"""Batch files are read and checked whole: whatever is wrong is told with its line, and nothing is guessed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from eth_utils import to_checksum_address

from scrip.errors import InputError, InputErrors
from scrip.evm.accounts import local_account
from scrip.inputs.batch import MAX_BYTES, Newcomer, read_links, read_newcomers, read_renewals
from scrip.inputs.reading.dates import instant

HEADER = "investor,wallet,country,class,expiry"
ALICE, BOB = (local_account(name).address for name in ("alice", "bob"))
GOOD = f"inv-1,{ALICE},DE,retail,2030-01-01"


def file(folder: Path, text: str | bytes) -> Path:
    path = folder / "batch.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(folder: Path, *rows: str) -> list[tuple[int, str, str]]:
    """Line, field and message of everything that is wrong with these rows."""
    with pytest.raises(InputErrors) as caught:
        read_newcomers(file(folder, "\n".join([HEADER, *rows])))
    assert all(error.file.endswith("batch.csv") for error in caught.value.errors)
    return [(error.line, error.field, error.message) for error in caught.value.errors]


def test_a_good_file_is_its_rows_its_lines_and_its_digest(tmp_path: Path) -> None:
    text = f"{HEADER}\r\n{GOOD}\r\n\r\n inv-2 , {BOB} ,FR,venue,2030-03-17T17:46:40Z\r\n"
    batch = read_newcomers(file(tmp_path, text))
    assert batch.rows == (
        (2, Newcomer("inv-1", ALICE.lower(), 276, "retail", 1_893_456_000)),
        (4, Newcomer("inv-2", BOB.lower(), 250, "venue", 1_900_000_000)),
    )
    assert batch.digest == sha256(text.encode()).hexdigest()


def test_a_byte_order_mark_is_no_part_of_a_column(tmp_path: Path) -> None:
    assert len(read_newcomers(file(tmp_path, b"\xef\xbb\xbf" + f"{HEADER}\n{GOOD}".encode())).rows) == 1


def test_every_bad_row_is_told_and_no_good_one(tmp_path: Path) -> None:
    checksum = to_checksum_address(ALICE)
    mistyped = checksum[:-1] + ("0" if checksum[-1] != "0" else "1")
    found = faults(
        tmp_path,
        GOOD,
        f",{BOB},DE,retail,2030-01-01",
        "inv-3,0x12,DE,retail,2030-01-01",
        f"inv-4,{mistyped},DE,retail,2030-01-01",
        f"inv-5,{BOB},Germany,retail,2030-01-01",
        f"inv-6,{BOB},DE,rich,2030-01-01",
        f"inv-7,{BOB},DE,retail,next year",
        f"inv-8,{BOB},DE,retail",
    )
    assert [(line, field) for line, field, _ in found] == [
        (3, "investor"),
        (4, "wallet"),
        (5, "wallet"),
        (6, "country"),
        (7, "class"),
        (8, "expiry"),
        (9, "row"),
    ]


def test_an_investor_and_a_wallet_stand_once_however_they_are_written(tmp_path: Path) -> None:
    found = faults(tmp_path, GOOD, f"inv-1,{BOB},DE,retail,2030-01-01", f"inv-3,{ALICE.lower()},DE,retail,2030-01-01")
    assert found == [(3, "investor", "stands in line 2 already"), (4, "wallet", "stands in line 2 already")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the first line must be"),
        ("wallet,investor,country,class,expiry\n", "the first line must be"),
        (f"{HEADER},note\n", "the first line must be"),
        (f"{HEADER}\n", "has no rows"),
        (f"{HEADER}\n\n , ,\n".replace(" , ,", ",,,,"), "has no rows"),
        (b"investor,wallet,country,class,expiry\ninv-\xff", r":2: is not UTF-8"),
        (f'{HEADER}\n"inv-1,{ALICE}', "is no CSV"),
    ],
)
def test_what_is_no_batch_is_told(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_newcomers(file(tmp_path, text))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file"):
        read_links(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_renewals(tmp_path)
    large = tmp_path / "large.csv"
    with large.open("wb") as out:
        out.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="is larger than"):
        read_renewals(large)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2027-06-30", 1_814_313_600),
        ("2027-06-30T12:00:00Z", 1_814_356_800),
        ("2027-06-30T14:00:00+02:00", 1_814_356_800),
        ("2027-06-30T12:00Z", 1_814_356_800),
        ("2009-01-01", 1_230_768_000),
        ("2200-12-31T23:59:59Z", 7_289_654_399),
    ],
)
def test_instants(text: str, seconds: int) -> None:
    assert instant(text, "expiry") == seconds


@pytest.mark.parametrize(
    "text",
    ["", "30.06.2027", "2027-06-30T12:00:00", "2027-06-30T12:00:00.5Z", "1969-01-01", "-5", "1e9", "1814356800", "0"],
)
def test_what_is_no_instant_is_not_guessed(text: str) -> None:
    with pytest.raises(InputError):
        instant(text, "expiry")
