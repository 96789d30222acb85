"""What `report.json` holds, as its JSON Schema says: the one list of its parts and of the columns of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrip import read

SCHEMA = 1
TEXT = {"type": "string"}
FLAG = {"enum": ["yes", "no"]}
PARTS: Mapping[str, tuple[type[Any], str]] = {
    "stocks": (read.StockFacts, "Supply and reserve by stock and network."),
    "venues": (read.VenueFacts, "What venues hold for others, as accounts of investors of class venue."),
    "past": (read.PastPoint, "Shares needed and there at earlier blocks, in the split basis of each."),
    "actions": (read.ActionFacts, "Corporate actions of every code, by second."),
    "payments": (read.PaymentFacts, "What actions pay or give by roots, and what nobody has fetched."),
    "pending": (read.PendingFacts, "What is to come: actions, the timelock's operations, who waits."),
    "powers": (read.PowerFacts, "Every role and who holds it."),
    "documents": (read.DocumentFacts, "Notices and disclosure documents on record."),
}
"""The parts of a report in the order of its page, each with what a row of it is, and what it tells."""
LEFT_OUT = {"pending": ("command", "status")}
"""Columns that no report has: what an operator runs, and what is only the clock's."""
NUMBERS = ("block", "series")
"""Keys whose values are whole numbers; all others are texts, so that no reader rounds an amount."""
LISTS = ("linked",)
OBJECTS = ("sheet", "terms")


def row_of(part: str, fact: Mapping[str, object]) -> dict[str, object]:
    """A fact as a report has it."""
    left = LEFT_OUT.get(part, ())
    return {name: value for name, value in fact.items() if name not in left}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of report.json (2020-12): each part a list of rows, each row's columns at least."""
    place = _object({"network": TEXT, "block": {"type": "integer"}, "hash": TEXT, "at": TEXT})
    top: dict[str, Any] = {
        "schema": {"const": SCHEMA},
        "issuer": TEXT,
        "read_at": {"type": "array", "minItems": 1, "items": place},
        "stopped": {"type": "array", "items": _object({"network": TEXT, "what": TEXT})},
    }
    for part, (kind, what) in PARTS.items():
        columns = [name for name in kind.COLUMNS if name not in LEFT_OUT.get(part, ())]
        top[part] = {"type": "array", "description": what, "items": _row(columns)}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Scrip report"}
    return head | _object(top)


def _row(columns: list[str]) -> dict[str, Any]:
    kinds = {name: {"type": "integer"} for name in NUMBERS} | {name: {"type": "object"} for name in OBJECTS}
    return {
        "type": "object",
        "properties": {name: kinds.get(name, TEXT) for name in (*columns, *kinds)},
        "required": columns,
        "additionalProperties": {"type": ["string", "integer", "object"]},
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
