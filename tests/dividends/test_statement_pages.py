"""A statement's page: one, the same bytes twice, its text read back, and nothing past an edge whatever it is given."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from scrip.dividends.pages import HEIGHT, MARGIN, WIDTH, page, shares, write_pages
from scrip.dividends.statements import LOTS, NOTES, PAYMENTS, STATEMENT
from scrip.errors import InputError

POINT = 25.4 / 72
"""Millimetres."""


def row(columns: tuple[str, ...], **values: Any) -> dict[str, Any]:
    given = dict.fromkeys(columns, "") | {"investor": "17", "stock": "MSFT", "gross": "83", "net": "70.55"}
    return {name: (given | values)[name] for name in columns}


def rows(payments: int = 2, lots: int = 1, **values: Any) -> dict[str, list[dict[str, Any]]]:
    paid = [row(PAYMENTS, network="local", reference=f"q{place}", account="0x1") for place in range(payments)]
    total = row(STATEMENT, network="local", country="DE", dividends=payments, **values)
    return {"statement": [total], "payments": paid, "lots": [row(LOTS, tokens=f"{place}.5") for place in range(lots)]}


def read(pdf: bytes) -> tuple[str, list[tuple[float, float, str]]]:
    """The text of a page, and where each piece of it begins, millimetres from the lower left."""
    reader, found = PdfReader(BytesIO(pdf)), []
    assert len(reader.pages) == 1

    def seen(text: str, _: Any, at: list[float], *__: Any) -> None:
        if text.strip():
            found.append((at[4] * POINT, at[5] * POINT, text.strip()))

    return reader.pages[0].extract_text(visitor_text=seen), found


def test_a_page_says_what_the_files_say() -> None:
    pdf = page(2027, "local", "17", rows(), NOTES)
    assert pdf == page(2027, "local", "17", rows(), NOTES)
    text, _ = read(pdf)
    for said in ("Dividends of 2027", "for 17, of DE, on local", "70.55", "q0", "q1", "0.5", "FIFO", "rounded down"):
        assert said in text
    assert "more:" not in text


def test_what_has_no_room_is_told() -> None:
    text, placed = read(page(2027, "local", "17", rows(payments=400, lots=300), NOTES))
    assert "q0" in text
    assert "q399" not in text
    cut = [one for _, _, one in placed if "more:" in one]
    assert [one.split(": ")[1] for one in cut] == ["payments.csv has every row", "lots.csv has every row"]
    low = min(y for _, y, _ in placed)
    assert low >= MARGIN - 1
    heights = sorted({round(y, 1) for _, y, _ in placed})
    apart = [upper - lower for lower, upper in pairwise(heights)]
    assert min(apart) > 3, "no line stands on another"


def test_names_of_any_length_and_script_stay_in_their_columns() -> None:
    long = "W" * 300
    table = rows(isin=long, coin="stablecoin of the issuer's own choosing")
    table["payments"][0] |= {"reference": "人é", "document": "Łódź\x07"}
    text, placed = read(page(2027, long, "‮" + long, table, NOTES))
    assert "WWWWW…" in text
    assert long not in text
    assert "\\u4ebaé" in text
    assert "Łódź\\u0007" in text
    assert all(MARGIN <= x < WIDTH - MARGIN and MARGIN - 1 <= y < HEIGHT - MARGIN for x, y, _ in placed)


def test_no_number_is_cut() -> None:
    most = f"{2**128 - 1}.123456"
    text, placed = read(page(2027, "local", "17", rows(tokens=most, gross=most), NOTES))
    assert text.count(most) == 2
    assert all(MARGIN <= x < WIDTH - MARGIN for x, _, _ in placed)


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [([1, 2, 3], 10, [1, 2, 3]), ([1, 200, 300], 21, [1, 10, 10]), ([50, 2], 20, [18, 2]), ([5, 5], 0, [0, 0])],
)
def test_room_is_shared_out(wanted: list[int], room: int, given: list[int]) -> None:
    assert shares(wanted, room) == given


def test_a_page_for_each_and_no_others_beside_them(tmp_path: Path) -> None:
    table = rows()
    table["statement"] += [
        row(STATEMENT, network="local", investor="", account="0xff"),
        row(STATEMENT, network="local", investor="../=1"),
    ]
    assert write_pages(tmp_path, 2027, table, NOTES) == 3
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[:2] == ["local-0xff.pdf", "local-17.pdf"]
    assert names[2].startswith("sha256-")
    with pytest.raises(InputError, match="none of this statement's"):
        write_pages(tmp_path, 2027, rows(), NOTES)
