"""A report as one page: no script, nothing fetched, light and dark, readable by a screen reader."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scrip.read import ActionFacts, DocumentFacts, PaymentFacts, PendingFacts, PowerFacts, VenueFacts
from scrip.records.files import text_of
from scrip.reports.table import cell
from scrip.site.charts import over_time
from scrip.site.report import LEFT_OUT, PARTS

TEMPLATE = "page.html.j2"
AMOUNTS = frozenset(
    ("supply", "shares", "multiplier", "attested", "required", "coverage", "tokens", "net", "unpaid", "withheld")
)
"""Columns of numbers, which stand flush right."""
LINKED = "uri"
SAFE_SCHEMES = ("https://", "http://", "ipfs://", "ar://")
"""An address of any other form is shown, and leads nowhere."""


@dataclass(frozen=True, slots=True)
class Table:
    """A part of a report as a table: heads by column, rows of texts; `empty` is said where there is none."""

    name: str
    title: str
    about: str
    heads: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]
    empty: str


SECTIONS: Mapping[str, tuple[str, Any, str]] = {
    "venues": ("At venues", VenueFacts, "No venue holds any."),
    "actions": ("Corporate actions", ActionFacts, "No action was announced yet."),
    "payments": ("Dividends and other payments", PaymentFacts, "Nothing is paid by roots."),
    "pending": ("To come", PendingFacts, "Nothing is to come."),
    "powers": ("Who may do what", PowerFacts, "Nobody holds a role."),
    "documents": ("Documents", DocumentFacts, "None is on record."),
}


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("scrip.site")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters["grouped"] = grouped
    return made.get_template(TEMPLATE)


def grouped(amount: str) -> str:
    """An amount with a comma between thousands; what is none as it is."""
    whole, point, part = amount.partition(".")
    return f"{int(whole):,}{point}{part}" if whole.isascii() and whole.isdigit() else amount


def page(content: Mapping[str, Any]) -> str:
    """The page of a report, HTML. The same report gives the same bytes."""
    digest = hashlib.sha256(text_of(content).encode()).hexdigest()
    text: str = _template().render(
        issuer=content["issuer"],
        read_at=content["read_at"],
        stopped=content["stopped"],
        stocks=[_stock(content, isin) for isin in dict.fromkeys(one["isin"] for one in content["stocks"])],
        tables=[_table(content, name) for name in SECTIONS],
        amounts=AMOUNTS,
        linked=LINKED,
        safe=lambda address: str(address).startswith(SAFE_SCHEMES),
        digest=digest,
    )
    return text


def _stock(content: Mapping[str, Any], isin: str) -> dict[str, Any]:
    """A stock on all networks, with its coverage over time."""
    rows = [one for one in content["stocks"] if one["isin"] == isin]
    known = {(one["network"], one["ticker"]) for one in rows}
    series: dict[str, list[tuple[str, float]]] = {}
    for one in content["past"]:
        if (one["network"], one["stock"]) in known and one["coverage"]:
            series.setdefault(one["network"], []).append((one["at"], float(one["coverage"])))
    title = f"Coverage of {rows[0]['ticker']} over time: shares there over shares needed"
    return {
        "isin": isin,
        "ticker": rows[0]["ticker"],
        "name": rows[0]["name"],
        "rows": rows,
        "chart": over_time(title, series, floor=1.0),
    }


def _table(content: Mapping[str, Any], name: str) -> Table:
    title, kind, empty = SECTIONS[name]
    heads = {key: head for key, head in kind.COLUMNS.items() if key not in LEFT_OUT.get(name, ())}
    if name == "actions":
        heads = {key: head for key, head in heads.items() if key != "linked"} | {"terms": "terms"}
    rows = [{key: _shown(one.get(key)) for key in heads} for one in content[name]]
    if name == "actions":
        rows.reverse()
    return Table(name, title, PARTS[name][1], heads, rows, empty)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {one}" for name, one in value.items())
    return cell(value)
