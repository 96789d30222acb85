"""Batch files: CSV with a header, one line a subject, read and checked whole before anything is sent."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar, get_args

from scrip.errors import InputError, InputErrors
from scrip.holder_limits import InvestorClass
from scrip.inputs.reading.dates import calendar_day, instant
from scrip.inputs.reading.numbers import whole
from scrip.inputs.reading.text import plain, text_of_file
from scrip.manifest.addresses import wrong_address
from scrip.manifest.countries import country_number

MAX_BYTES = 64 * 2**20
FORMULA = "=+-@"
"""What a cell begins with that a spreadsheet runs: documents are named in files that people open."""
_Row = TypeVar("_Row")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch(Generic[_Row]):
    """A file's rows with the line that each stands in. `digest` is the file's SHA-256: the operation's reference."""

    file: str
    digest: str
    rows: tuple[tuple[int, _Row], ...]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An investor to onboard. `country` is ISO 3166 numeric, `expiry` UTC seconds."""

    investor: str
    wallet: str
    country: int
    investor_class: InvestorClass
    expiry: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """An investor's new expiry, UTC seconds."""

    investor: str
    expiry: int


@dataclass(frozen=True, slots=True)
class Link:
    """One more wallet of an investor."""

    investor: str
    wallet: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that an investor has shown for a rate of tax; `until` is its last good day."""

    investor: str
    document: str
    until: date


def read_newcomers(path: Path, kind: str = "evm") -> Batch[Newcomer]:
    """Columns investor, wallet, country (ISO 3166 alpha-2), class, expiry; no investor and no wallet twice.

    Wallets are addresses of a chain of this `kind`.
    """

    def row(cells: Cells) -> Newcomer:
        return Newcomer(
            _text(cells, "investor"),
            _wallet(cells, kind),
            country_number(cells["country"]),
            _class(cells),
            instant(cells["expiry"], "expiry"),
        )

    return read_rows(path, ("investor", "wallet", "country", "class", "expiry"), row, unique=("investor", "wallet"))


def read_renewals(path: Path) -> Batch[Renewal]:
    """Columns investor, expiry; no investor twice."""

    def row(cells: Cells) -> Renewal:
        return Renewal(_text(cells, "investor"), instant(cells["expiry"], "expiry"))

    return read_rows(path, ("investor", "expiry"), row, unique=("investor",))


def read_links(path: Path, kind: str = "evm") -> Batch[Link]:
    """Columns investor, wallet; no wallet twice. Wallets are addresses of a chain of this `kind`."""
    return read_rows(
        path,
        ("investor", "wallet"),
        lambda cells: Link(_text(cells, "investor"), _wallet(cells, kind)),
        unique=("wallet",),
    )


def read_controllers(path: Path) -> Batch[str]:
    """Column controller: accounts that asked for a redemption, by name or by address; none twice."""
    return read_rows(path, ("controller",), lambda cells: _text(cells, "controller"), unique=("controller",))


def read_accounts(path: Path) -> Batch[str]:
    """Column account: accounts by name or by address; none twice."""
    return read_rows(path, ("account",), lambda cells: _text(cells, "account"), unique=("account",))


def read_holdings(path: Path) -> Batch[tuple[str, int]]:
    """Columns account, units: whom a venue holds units for, by name or address, and how many, raw; none twice."""

    def row(cells: Cells) -> tuple[str, int]:
        return _text(cells, "account"), whole(cells["units"], "units")

    return read_rows(path, ("account", "units"), row, unique=("account",))


def read_papers(path: Path) -> Batch[Paper]:
    """Columns investor, document, until (a date); no investor twice, and no document that a spreadsheet would run."""

    def row(cells: Cells) -> Paper:
        document = _text(cells, "document")
        if document[0] in FORMULA:
            raise InputError(f"begins with {document[0]}, which a spreadsheet runs", field="document", value=document)
        return Paper(_text(cells, "investor"), document, calendar_day(cells["until"], "until"))

    return read_rows(path, ("investor", "document", "until"), row, unique=("investor",))


@dataclass(frozen=True, slots=True)
class ChoicesRow:
    """A resolution's number, from 1, and what is voted against, for, and abstained, as the file has it."""

    resolution: int
    choices: tuple[str, str, str]


def read_choices(path: Path) -> Batch[ChoicesRow]:
    """Columns resolution, against, for, abstain: votes by choice, decimals, "" for none; no resolution twice."""

    def row(cells: Cells) -> ChoicesRow:
        against, in_favour, abstain = (cells[name] or "0" for name in ("against", "for", "abstain"))
        return ChoicesRow(whole(cells["resolution"], "resolution"), (against, in_favour, abstain))

    return read_rows(path, ("resolution", "against", "for", "abstain"), row, unique=("resolution",))


# --- parts -----------------------------------------------------------------------------------------------------------


def read_rows(
    path: Path, columns: Sequence[str], row: Callable[[Cells], _Row], unique: Sequence[str] = ()
) -> Batch[_Row]:
    """A file with exactly these columns, each row as `row` reads it; what is `unique` stands once. InputErrors."""
    text, raw = text_of_file(path, MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, _Row]] = []
    errors: list[InputError] = []
    seen: dict[tuple[str, str], int] = {}
    try:
        _check_header(path, next(reader, []), columns)
        for cells in reader:
            line = reader.line_num
            if not any(cells):
                continue
            try:
                named = _named(cells, columns)
                rows.append((line, row(named)))
                for name in unique:
                    _check_once(seen, name, named[name].lower() if name == "wallet" else named[name], line)
            except InputError as error:
                errors.append(_placed(error, path, line))
    except csv.Error as error:
        errors.append(InputError(f"is no CSV: {error}", file=str(path), line=reader.line_num))
    if errors:
        raise InputErrors(errors)
    if not rows:
        raise InputError("has no rows", file=str(path))
    return Batch(str(path), hashlib.sha256(raw).hexdigest(), tuple(rows))


def _placed(error: InputError, path: Path, line: int) -> InputError:
    return InputError(error.message, field=error.field, value=error.value, file=str(path), line=line)


def _check_header(path: Path, found: Sequence[str], columns: Sequence[str]) -> None:
    if [cell.strip(" ") for cell in found] != list(columns):
        reason = f"the first line must be {','.join(columns)}"
        raise InputError(reason, file=str(path), line=1, field="header", value=",".join(found))


def _named(cells: Sequence[str], columns: Sequence[str]) -> Cells:
    if len(cells) != len(columns):
        raise InputError(f"has {len(cells)} cells where the header has {len(columns)}", field="row")
    return {name: plain(cell.strip(" "), name) for name, cell in zip(columns, cells, strict=True)}


def _check_once(seen: dict[tuple[str, str], int], name: str, value: str, line: int) -> None:
    earlier = seen.setdefault((name, value), line)
    if earlier != line:
        raise InputError(f"stands in line {earlier} already", field=name, value=value)


def _text(cells: Cells, name: str) -> str:
    if not cells[name]:
        raise InputError("is missing", field=name)
    return cells[name]


def _wallet(cells: Cells, kind: str) -> str:
    if wrong := wrong_address(cells["wallet"], kind):
        raise InputError(wrong, field="wallet", value=cells["wallet"])
    return cells["wallet"].lower() if kind == "evm" else cells["wallet"]


def _class(cells: Cells) -> InvestorClass:
    known: InvestorClass
    for known in get_args(InvestorClass):
        if cells["class"] == known:
            return known
    raise InputError(f"is none of {', '.join(get_args(InvestorClass))}", field="class", value=cells["class"])
