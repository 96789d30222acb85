"""The columns of the export like Form 1042-S: the same in its schema, and in the page that people read."""

from __future__ import annotations

import json
import re
from pathlib import Path

from scrip.dividends.form import COLUMNS, schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "data" / "statements" / "1042-s.schema.json"


def test_the_forms_columns_are_written_down() -> None:
    """The schema that is kept, and the table that people read, are what the export writes."""
    told = json.loads(SCHEMA.read_text())
    assert told == schema(), "python tools/form_schema.py writes it again"
    assert list(told["properties"]) == list(COLUMNS)
    text = (ROOT / "docs" / "statements.md").read_text()
    shown = re.findall(r"`(\w+)`", "".join(re.findall(r"(?m)^\| (`[^|]*) \|", text.split("## `1042-s.csv`")[1])))
    assert shown == list(COLUMNS)
