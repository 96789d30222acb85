"""One form of table for whatever was read: the same columns for people, in a CSV file and in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would run."""


def cell(value: object) -> str:
    """A fact's value as one text: several with a space between two."""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def rows_of(columns: Iterable[str], facts: Iterable[Mapping[str, object]]) -> list[tuple[str, ...]]:
    """Facts as rows of these columns; what one lacks is empty."""
    names = tuple(columns)
    return [tuple(cell(one.get(name)) for name in names) for one in facts]


def as_csv(columns: Sequence[str], facts: Iterable[Mapping[str, object]]) -> str:
    """A table as CSV (RFC 4180 but for its line ends), the keys of the facts as its header.

    A cell that a spreadsheet would take for a formula is put behind an apostrophe; a negative number is none.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(columns)
    for row in rows_of(columns, facts):
        rows.writerow([f"'{one}" if one.startswith(FORMULA) and not _is_number(one) else one for one in row])
    return text.getvalue()


def _is_number(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))
