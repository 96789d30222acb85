"""The quotes that were signed here, each in a file of its own: what is signed may be used until it expires."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from scrip.records import files
from scrip.records.record import RecordError


class QuoteBook:
    """A network's signed quotes by their reference, in the folder `quotes` of its records. None is overwritten."""

    def __init__(self, records: Path) -> None:
        self._folder = records / "quotes"

    def _path(self, reference: str) -> Path:
        return self._folder / f"{hashlib.sha256(reference.encode()).hexdigest()}.json"

    def find(self, reference: str) -> dict[str, Any] | None:
        """What was signed under a reference; None where nothing was."""
        path = self._path(reference)
        return _read(path) if path.is_file() else None

    def add(self, reference: str, content: dict[str, Any]) -> None:
        """Note a signed quote, on disk when this returns; FileExistsError where its reference has one."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.sweep(self._folder)
        files.create(self._path(reference), files.text_of(content), 0o600)

    def all(self) -> list[dict[str, Any]]:
        """Every signed quote, in no particular order; RecordError for a file that is none."""
        return [_read(path) for path in sorted(self._folder.glob("*.json"))]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RecordError(f"quotes/{path.name}: is no JSON object: take it back from the backup")
    return found
