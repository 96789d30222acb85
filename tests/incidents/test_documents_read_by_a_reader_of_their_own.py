"""The file of documents for a rate of tax had a reader of its own. It took what nobody sees and what a spreadsheet runs
into `dividend.csv`, which people open; a day of a week for a date; more cells than columns; and ended in a traceback at
a cell of 200,000 characters. A document of an investor who is not in the register counted for nobody, and nobody was
told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrip.dividends.treaty import read_reliefs
from scrip.errors import InputError

HEAD = "investor,document,until\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,=cmd|' /C calc'!A0,2026-01-01", "begins with =, which a spreadsheet runs"),
        ("7,@SUM(A1),2026-01-01", "begins with @"),
        ("7,W-8\0BEN,2026-01-01", "NULL"),
        ("7,W-8\u202eBEN,2026-01-01", "RIGHT-TO-LEFT OVERRIDE"),
        ('7,"W-8\nBEN",2026-01-01', "LINE FEED"),
        (f"7,{'A' * 200_000},2026-01-01", "field larger than field limit"),
        ("7,W-8BEN,2026-W05-1", "until"),
        ("7,W-8BEN,20260101", "until"),
        ("7,W-8BEN,2026-01-01,more", "has 4 cells"),
        ('7,"W-8BEN,2026-01-01', "is no CSV"),
    ],
    ids=["formula", "function", "nul", "turned", "two lines", "huge", "week", "digits", "cells", "open quote"],
)
def test_what_is_no_document_is_refused(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "reliefs.csv"
    path.write_text(f"{HEAD}{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        read_reliefs(path)


def test_a_byte_order_mark_is_none_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "reliefs.csv"
    path.write_text(f"{HEAD}7,W-8BEN,2026-01-01\n", encoding="utf-8-sig")
    assert list(read_reliefs(path)) == ["7"]
