"""What investors are called: a chain keeps numbers alone, an issuer's own file has the names."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from scrip.errors import InputError
from scrip.inputs.reading.text import text_of_file

Names: TypeAlias = Mapping[str, str]
"""Investors' names by the text of the number by which a network knows each."""
NO_NAMES: Names = {}
COLUMN = "investor"
MAX_BYTES = 64 * 2**20


def read_names(path: Path) -> list[str]:
    """The names in column `investor` of a CSV file with a header, such as the one they were onboarded from.

    Other columns are not looked at. InputError, with the line, for no such column and for an empty or hidden name.
    """
    rows = csv.reader(io.StringIO(text_of_file(path, MAX_BYTES)[0], newline=""))
    head = [one.strip().lstrip("\ufeff") for one in next(rows, [])]
    if COLUMN not in head:
        raise InputError(f"has no column {COLUMN}", file=str(path), line=1, field=COLUMN)
    place, found = head.index(COLUMN), dict[str, None]()
    for row in rows:
        if not row:
            continue
        if len(row) <= place or not row[place].strip():
            raise InputError("names nobody", file=str(path), line=rows.line_num, field=COLUMN)
        found[row[place].strip()] = None
    return list(found)
