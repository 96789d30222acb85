"""The events of a stock, read from its CSV file and checked field by field.

Columns: code (SPLF, SPLR or DRIP), ex (the market's ex date), num and den (new shares for old, splits only), gross
(dollars per share, whole cents, dividends only), close (dollars, the raw close of the ex date). Lines that begin with
`#` are comments. A file never carries a multiplier: that follows from the terms.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import gcd
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from scrip.errors import InputError
from scrip.inputs.reading.dates import calendar_day
from scrip.inputs.reading.refused import said
from scrip.inputs.reading.text import whole_text
from scrip.parameters import MAX_RATIO_TERM
from scrip.replay.stocks import find

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "data" / "events"
COLUMNS = ("code", "ex", "num", "den", "gross", "close")
MAX_TERM = MAX_RATIO_TERM.value


@dataclass(frozen=True, slots=True)
class Event:
    """One corporate action. `gross` and `close` are dollars per share; `file` and `line` say where it stands."""

    code: Literal["SPLF", "SPLR", "DRIP"]
    ex: date
    close: Decimal
    num: int = 0
    den: int = 0
    gross: Decimal = Decimal(0)
    file: str = ""
    line: int = 0

    @property
    def is_split(self) -> bool:
        """Whether shares are split or joined, and no cash flows."""
        return self.code != "DRIP"

    def refuse(self, message: str, field: str, value: object) -> InputError:
        """The error that names this event's place."""
        return InputError(message, file=self.file, line=self.line, field=field, value=value)


def _number(places: int) -> Callable[[object], Decimal | None]:
    """A validator of plain positive decimals with at most `places` digits after the point; "" is None."""

    def check(value: object) -> Decimal | None:
        text = str(value)
        if text == "":
            return None
        if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text):
            raise ValueError("is not a decimal number")
        number = Decimal(text)
        if number <= 0:
            raise ValueError("must be greater than zero")
        if -int(number.as_tuple().exponent) > places:
            raise ValueError(f"has more than {places} decimals")
        return number

    return check


def _term(value: object) -> int | None:
    """A validator of split terms; "" is None."""
    text = str(value)
    if text == "":
        return None
    if not re.fullmatch(r"-?[0-9]{1,30}", text):
        raise ValueError("is not a whole number")
    if not 1 <= int(text) <= MAX_TERM:
        raise ValueError("must be between 1 and 2^64 - 1")
    return int(text)


def _day(value: object) -> date:
    try:
        return calendar_day(str(value), "")
    except InputError:
        raise ValueError("is not a date like 2004-11-15") from None


class _Bad(ValueError):
    """A rule over several fields is broken; it names the one to look at."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Literal["SPLF", "SPLR", "DRIP"]
    ex: Annotated[date, BeforeValidator(_day)]
    num: Annotated[int | None, BeforeValidator(_term)]
    den: Annotated[int | None, BeforeValidator(_term)]
    gross: Annotated[Decimal | None, BeforeValidator(_number(2))]
    close: Annotated[Decimal | None, BeforeValidator(_number(4))]

    @model_validator(mode="after")
    def _terms(self) -> Self:
        if self.close is None:
            raise _Bad("close", "is missing")
        if self.code == "DRIP":
            self._dividend()
        else:
            self._split()
        return self

    def _dividend(self) -> None:
        if self.gross is None:
            raise _Bad("gross", "is missing: DRIP needs the dividend")
        for field in ("num", "den"):
            if getattr(self, field) is not None:
                raise _Bad(field, "belongs to a split, not to DRIP")

    def _split(self) -> None:
        if self.gross is not None:
            raise _Bad("gross", f"belongs to a dividend, not to {self.code}")
        if self.num is None or self.den is None:
            raise _Bad("num" if self.num is None else "den", f"is missing: {self.code} needs both terms")
        if gcd(self.num, self.den) != 1:
            raise _Bad("num", f"bad split terms {self.num}:{self.den}: not reduced")
        if (self.num > self.den) != (self.code == "SPLF") or self.num == self.den:
            more = "more" if self.code == "SPLF" else "fewer"
            raise _Bad("num", f"bad split terms {self.num}:{self.den}: {self.code} gives {more} new shares than old")


def _refusal(file: str, line: int, row: dict[str, str], error: ValidationError) -> InputError:
    first = error.errors()[0]
    cause = first.get("ctx", {}).get("error")
    field = cause.field if isinstance(cause, _Bad) else str(first["loc"][0]) if first["loc"] else ""
    if field == "code":
        message = "is not one of SPLF, SPLR, DRIP"
    else:
        message = str(cause) if cause else said(first)
    return InputError(message, file=file, line=line, field=field, value=row.get(field, ""))


def _shown(path: Path) -> str:
    """A path as messages show it: inside the project from its root."""
    resolved = path.resolve()
    return str(resolved.relative_to(ROOT)) if resolved.is_relative_to(ROOT) else str(path)


def read_events(path: Path) -> tuple[Event, ...]:
    """The events of a file, in order; InputError names file, line, field and value of the first fault."""
    file = _shown(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=file) from None
    text = whole_text(raw, file)
    # Comments go, but keep their line, so that a message names the line the editor shows.
    reader = csv.reader("" if line.startswith("#") else line for line in text.splitlines())
    header: list[str] | None = None
    events: list[Event] = []
    for cells in reader:
        if not cells:
            continue
        if header is None:
            header = _header(file, reader.line_num, cells)
            continue
        events.append(_event(file, reader.line_num, header, cells))
        if len(events) > 1:
            _in_order(events[-1], events)
    if header is None:
        raise InputError("has no header line", file=file, field=COLUMNS[0])
    return tuple(events)


def _header(file: str, line: int, cells: list[str]) -> list[str]:
    for column in COLUMNS:
        if cells.count(column) != 1:
            fault = "column is missing" if column not in cells else "column stands twice"
            raise InputError(fault, file=file, line=line, field=column, value=",".join(cells))
    for column in cells:
        if column not in COLUMNS:
            raise InputError("is not a column of this file", file=file, line=line, field=column)
    return cells


def _event(file: str, line: int, header: list[str], cells: list[str]) -> Event:
    if len(cells) != len(header):
        field = header[len(cells)] if len(cells) < len(header) else header[-1]
        message = f"has {len(cells)} values for {len(header)} columns"
        raise InputError(message, file=file, line=line, field=field, value=",".join(cells))
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    try:
        good = _Row.model_validate(row)
    except ValidationError as error:
        raise _refusal(file, line, row, error) from None
    return Event(
        code=good.code,
        ex=good.ex,
        close=good.close or Decimal(0),
        num=good.num or 0,
        den=good.den or 0,
        gross=good.gross or Decimal(0),
        file=file,
        line=line,
    )


def _in_order(event: Event, events: list[Event]) -> None:
    before = events[-2]
    if any(event.code == other.code and event.ex == other.ex for other in events[:-1]):
        raise event.refuse(f"duplicate: {event.code} of that day stands above", "ex", event.ex)
    if event.ex < before.ex:
        raise event.refuse(f"out of order: {before.ex} stands above", "ex", event.ex)


def load_events(ticker: str) -> tuple[Event, ...]:
    """The committed events of a known ticker."""
    return read_events(EVENTS / f"{find(ticker).ticker}.csv")
