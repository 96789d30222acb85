"""A report's folder: `index.html` and `report.json`, written whole, read back, and held to the chains."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scrip.errors import InputError
from scrip.read import ReadAt
from scrip.records.files import replace, text_of
from scrip.reports.findings import Finding
from scrip.site.charts import instant
from scrip.site.page import page
from scrip.site.report import SCHEMA

PAGE, REPORT = "index.html", "report.json"
MOST = 2**28
"""Bytes of a report that is read back."""
ABSENT = "nothing"
FEW = 20
"""Differences that are told; what follows them is counted."""


def write(content: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write a report into a folder, which is made; an earlier report there gives way.

    InputError for a folder that holds anything else. Each file stands whole at any moment, the report before the page
    that names its hash.
    """
    strangers = (
        sorted(one.name for one in folder.iterdir() if one.name not in (PAGE, REPORT)) if folder.exists() else []
    )
    if strangers and not (folder / REPORT).is_file():
        raise InputError(f"holds something else already, {strangers[0]}: name a new folder", field="out", value=folder)
    shown, text = page(content), text_of(content)
    folder.mkdir(parents=True, exist_ok=True)
    replace(folder / REPORT, text, 0o644)
    replace(folder / PAGE, shown, 0o644)
    return [folder / PAGE, folder / REPORT]


def read_report(folder: Path) -> tuple[dict[str, Any], dict[str, ReadAt]]:
    """What a folder's report says, and at which block each network was read, by its name; InputError."""
    path = folder / REPORT
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if len(raw) > MOST:
        raise InputError(f"is larger than {MOST:,} bytes", file=str(path))
    try:
        found = json.loads(raw)
        places = {
            one["network"]: ReadAt(one["network"], int(one["block"]), one["hash"], int(instant(one["at"]).timestamp()))
            for one in found["read_at"]
        }
    except (ValueError, TypeError, KeyError) as error:
        reason = f"is no report: {type(error).__name__}, {error}"
        raise InputError(reason, file=str(path), field="read_at") from None
    if found.get("schema") != SCHEMA:
        raise InputError(f"is none of {SCHEMA}", file=str(path), field="schema", value=found.get("schema"))
    return found, places


def differences(folder: Path, again: Mapping[str, Any]) -> list[Finding]:
    """What a folder says otherwise than the same report read again, a finding for each value; none for same bytes."""
    found, _ = read_report(folder)
    wanted = json.loads(text_of(again))
    all_of = list(_apart("report", wanted, found))
    if not all_of and (folder / REPORT).read_text(encoding="utf-8") != text_of(again):
        all_of = [Finding("report", "the bytes that its facts give", "others")]
    shown = (folder / PAGE).read_text(encoding="utf-8", errors="replace") if (folder / PAGE).is_file() else ""
    if shown != page(again):
        all_of.append(Finding(PAGE, "the page of this report", "another" if shown else ABSENT))
    more = len(all_of) - FEW
    return [*all_of[:FEW], Finding("report", "no more", f"{more} more differences")] if more > 0 else all_of


def _apart(place: str, wanted: Any, found: Any) -> Iterator[Finding]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted({*wanted, *found}):
            yield from _apart(f"{place}.{key}", wanted.get(key, ABSENT), found.get(key, ABSENT))
    elif isinstance(wanted, list) and isinstance(found, list):
        for number in range(max(len(wanted), len(found))):
            two = (one[number] if number < len(one) else ABSENT for one in (wanted, found))
            yield from _apart(f"{place}[{number}]", *two)
    elif wanted != found:
        yield Finding(place, _told(wanted), _told(found))


def _told(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
