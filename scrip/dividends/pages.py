"""A year's statement of one investor as one page: A4 across, PDF, of the rows that the CSV files have.

The same rows give the same bytes. Text can be searched and copied; a character that the font lacks stands as its
number (\\u4eba). A number that is wider than its column is set smaller, whole; another text ends in an ellipsis. Where
there are more rows than a page has room for, each table shows its first and says how many more the CSV file has.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from scrip.errors import InputError
from scrip.holders.movements import written

Row = Mapping[str, object]
MARGIN, WIDTH, HEIGHT = 12.0, 297.0, 210.0
"""Of a page, millimetres."""
LINE = 4.4
"""Height of a row, millimetres."""
TEXT_SIZE, HEAD_SIZE, TITLE_SIZE = 6.5, 8.5, 13.0
"""Sizes of the font, points."""
FAMILY = "body"
FONT = Path("mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
"""Inside matplotlib, which brings it: Latin, Greek and Cyrillic letters."""
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MORE = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: which one of the CSV file, what stands over it, its share of the width."""

    name: str
    head: str
    share: int
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page, out of the CSV file `file`."""

    file: str
    title: str
    columns: tuple[Column, ...]


MONEY = (
    *(Column("gross", "gross", 10), Column("withheld_upstream", "upstream", 9)),
    *(Column("withheld_here", "withheld", 9), Column("fee", "fee", 8), Column("net", "net", 10)),
)
TABLES = (
    Table(
        "statement",
        "By stock",
        (
            *(Column("stock", "stock", 7, False), Column("isin", "ISIN", 11, False), Column("coin", "coin", 9, False)),
            *(Column("dividends", "dividends", 7), *MONEY, Column("reinvested_units", "reinvested", 8)),
            *(Column("tokens", "tokens held", 12), Column("shares", "shares", 12), Column("cost_basis", "cost", 10)),
        ),
    ),
    Table(
        "payments",
        "Dividends",
        (
            *(Column("paid", "paid", 9, False), Column("stock", "stock", 6, False)),
            *(Column("reference", "reference", 11, False), Column("account", "account", 14, False)),
            *(Column("tokens", "tokens", 12), Column("currency", "in", 4, False), Column("per_share", "a share", 8)),
            *(Column("rate", "rate", 8), *MONEY, Column("coin", "coin", 8, False)),
            *(Column("rate_percent", "tax %", 5), Column("document", "document", 11, False)),
            Column("unit_rules", "units by", 11, False),
        ),
    ),
    Table(
        "lots",
        "Sold, and held at the end",
        (
            *(Column("stock", "stock", 7, False), Column("acquired", "bought", 8, False)),
            *(Column("sold", "sold", 8, False), Column("tokens", "tokens", 14), Column("shares", "shares", 14)),
            *(Column("cost", "cost", 10), Column("proceeds", "proceeds", 10), Column("gain", "gain", 10)),
            Column("allocation_rule", "lots by", 7, False),
        ),
    ),
)


def write_pages(folder: Path, year: int, rows: Mapping[str, Sequence[Row]], notes: Sequence[str]) -> int:
    """Write a page for everybody whom a year's rows tell of, by CSV file, into a folder; how many.

    A file is named by network and investor, or the account of nobody known. InputError where the folder has pages of
    others: they would be taken for this statement's.
    """
    by_who: dict[tuple[str, str], dict[str, list[Row]]] = {}
    known = {str(one["investor"]): str(one["network"]) for one in rows.get("statement", ()) if one["network"]}
    for file in (one.file for one in TABLES):
        for row in rows.get(file, ()):
            investor = str(row["investor"])
            network = str(row.get("network") or known.get(investor, ""))
            by_who.setdefault((network, investor or str(row["account"])), {}).setdefault(file, []).append(row)
    pages = {_name(network, who): (network, who, mine) for (network, who), mine in sorted(by_who.items())}
    if others := sorted({one.name for one in folder.glob("*.pdf")} - set(pages)):
        raise InputError(
            "holds pages that are none of this statement's: name a new folder", field="out", value=others[0]
        )
    for name, (network, who, mine) in pages.items():
        with written(folder / name) as path:
            path.write_bytes(page(year, network, who, mine, notes))
    return len(pages)


def _name(network: str, who: str) -> str:
    """A file's name; a hash where the text is none that every system takes."""
    text = f"{network}-{who}" if network else who
    return f"{text if SAFE.fullmatch(text) else 'sha256-' + hashlib.sha256(text.encode()).hexdigest()[:32]}.pdf"


def page(year: int, network: str, who: str, rows: Mapping[str, Sequence[Row]], notes: Sequence[str]) -> bytes:
    """One page of what one investor, or account of nobody known, was paid and holds; `notes` stand at its foot."""
    sheet = _Sheet(year)
    country = next((str(one["country"]) for one in rows.get("statement", ()) if one["country"]), "")
    sheet.line(f"Dividends of {year}", TITLE_SIZE)
    about = (f"for {who}", f"of {country}" if country else "", f"on {network}" if network else "")
    sheet.line(", ".join(filter(None, about)), HEAD_SIZE)
    shown = [one for one in TABLES if rows.get(one.file)]
    # A table has a title, a head and an empty line; one that is cut says so in a line more.
    room = int((HEIGHT - MARGIN - sheet.pdf.get_y() - LINE * (len(notes) + 1)) / LINE) - 4 * len(shown)
    for table, fitting in zip(shown, shares([len(rows[one.file]) for one in shown], room), strict=True):
        sheet.table(table, rows[table.file], fitting)
    sheet.foot(notes)
    return bytes(sheet.pdf.output())


def shares(wanted: Sequence[int], room: int) -> list[int]:
    """How many rows each table gets of the room for all: what it wants, or as many as the others that want more."""
    found, left, waiting = (
        dict.fromkeys(range(len(wanted)), 0),
        room,
        sorted(range(len(wanted)), key=wanted.__getitem__),
    )
    while waiting:
        place = waiting.pop(0)
        found[place] = min(wanted[place], left // (len(waiting) + 1))
        left -= found[place]
    return list(found.values())


class _Sheet:
    """A page that is being written, from the top down."""

    def __init__(self, year: int) -> None:
        self.pdf = FPDF(orientation="landscape", unit="mm", format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margins(MARGIN, MARGIN)
        self.pdf.creation_date = datetime(year, 12, 31, tzinfo=UTC)
        self.pdf.set_title(f"Dividends of {year}")
        self.pdf.add_font(FAMILY, "", _font())
        self.pdf.add_page()
        font = self.pdf.fonts[FAMILY]
        self._known = font.cmap if isinstance(font, TTFFont) else {}

    def line(self, text: str, size: float) -> None:
        """A line of text over the whole width."""
        self.pdf.set_font(FAMILY, size=size)
        self.pdf.cell(
            0, LINE * size / TEXT_SIZE, self._fitting(text, WIDTH - 2 * MARGIN), new_x="LMARGIN", new_y="NEXT"
        )

    def table(self, table: Table, rows: Sequence[Row], fitting: int) -> None:
        """A table's title, its head and its first rows, and how many there are besides."""
        self.line(table.title, HEAD_SIZE)
        self.pdf.set_font(FAMILY, size=TEXT_SIZE)
        self._row(table, [one.head for one in table.columns], border="B")
        for row in rows[:fitting]:
            self._row(table, [row[one.name] for one in table.columns])
        if more := len(rows) - fitting:
            self.line(f"{MORE} and {more:,} more: {table.file}.csv has every row", TEXT_SIZE)
        self.pdf.ln(LINE / 2)

    def _row(self, table: Table, values: Iterable[object], border: str = "") -> None:
        unit = (WIDTH - 2 * MARGIN) / sum(one.share for one in table.columns)
        for column, value in zip(table.columns, values, strict=True):
            width = unit * column.share
            inside, told = width - 2 * self.pdf.c_margin, str(value)
            if column.is_number and (wide := self.pdf.get_string_width(told)) > inside:
                self.pdf.set_font_size(TEXT_SIZE * inside / wide)
            else:
                told = self._fitting(told, inside)
            self.pdf.cell(width, LINE, told, border=border or 0, align="R" if column.is_number else "L")
            self.pdf.set_font_size(TEXT_SIZE)
        self.pdf.ln(LINE)

    def foot(self, notes: Sequence[str]) -> None:
        """Lines at the lower end."""
        self.pdf.set_y(HEIGHT - MARGIN - LINE * len(notes))
        for note in notes:
            self.line(note, TEXT_SIZE)

    def _fitting(self, text: str, width: float) -> str:
        """The text as the font has it, cut where it is wider than that, millimetres."""
        told = "".join(one if ord(one) in self._known and one.isprintable() else _escaped(one) for one in text)
        if self.pdf.get_string_width(told) <= width:
            return told
        low, high = 0, len(told)
        while low < high:
            middle = (low + high + 1) // 2
            if self.pdf.get_string_width(told[:middle] + MORE) <= width:
                low = middle
            else:
                high = middle - 1
        return told[:low] + MORE


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _font() -> Path:
    found = importlib.util.find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise InputError("is not installed here, and the page's font comes with it", field="matplotlib")
    return Path(found.submodule_search_locations[0]) / FONT
