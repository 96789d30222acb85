"""The quotes that were signed here, each in a file of its own: what is signed may be used until it expires."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scrip.records import files, lock
from scrip.records.record import RecordError

OVERRIDES = "overrides"
"""The folder of notes about quotes outside the band, beside the quotes."""
SIGNED = "signed"
"""The folder of notes about when quotes were signed."""
DESK = "desk"
"""The file of the number that tells this desk from any other."""


class QuoteBook:
    """A network's signed quotes by their reference, in the folder `quotes` of its records. None is overwritten.

    Beside them stands the desk's own number: who has lost the quotes has lost it as well, and is another desk.
    """

    def __init__(self, records: Path) -> None:
        self._folder = records / "quotes"

    def _path(self, reference: str) -> Path:
        return self._folder / f"{hashlib.sha256(reference.encode()).hexdigest()}.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else signs a quote here while the context lasts; Locked where somebody does."""
        self._open()
        with lock.held(self._folder, "market quote"):
            yield

    def desk(self) -> int:
        """The number by which a chain knows this desk, of 1 to 160 bits; 0 where it has none yet."""
        path = self._folder / DESK
        if not path.is_file():
            return 0
        try:
            return int(path.read_text(), 16)
        except ValueError:
            raise RecordError(f"quotes/{DESK}: is no number: take it back from the backup") from None

    def name_desk(self) -> int:
        """The same; a number is drawn, and kept for ever, where there is none."""
        self._open()
        if not self.desk():
            # Another command may draw one meanwhile: that is it, then.
            with suppress(FileExistsError):
                files.create(self._folder / DESK, f"{1 + secrets.randbelow(2**160 - 1):#042x}\n", 0o600)
        return self.desk()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def find(self, reference: str) -> dict[str, Any] | None:
        """What was signed under a reference; None where nothing was."""
        path = self._path(reference)
        return _read(path) if path.is_file() else None

    def add(self, reference: str, content: dict[str, Any]) -> None:
        """Note a signed quote, on disk when this returns; FileExistsError where its reference has one."""
        self._open()
        files.sweep(self._folder)
        files.create(self._path(reference), files.text_of(content), 0o600)

    def note_override(self, reference: str, content: dict[str, Any]) -> None:
        """Note that a quote was signed although its price was outside the band; the first note stays."""
        folder = self._folder / OVERRIDES
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            told = files.text_of({"schema": 1, "reference": reference, **content})
            files.create(folder / self._path(reference).name, told, 0o600)

    def note_signed(self, reference: str, second: int) -> None:
        """Note when a quote is signed, UTC seconds of the chain's clock: its price is of then.

        What was signed under the reference keeps its note; one of a run that was cut short before it signed gives way.
        """
        if self._path(reference).is_file():
            return
        folder = self._folder / SIGNED
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = files.text_of({"schema": 1, "reference": reference, "second": second})
        files.replace(folder / self._path(reference).name, told)

    def signed(self) -> dict[str, int]:
        """When quotes were signed here, by reference; RecordError for a file that is no note."""
        notes = (_read(path) for path in sorted((self._folder / SIGNED).glob("*.json")))
        return {str(one["reference"]): int(one["second"]) for one in notes}

    def overrides(self) -> list[dict[str, Any]]:
        """Every such note, in no particular order; RecordError for a file that is none."""
        return [_read(path) for path in sorted((self._folder / OVERRIDES).glob("*.json"))]

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
