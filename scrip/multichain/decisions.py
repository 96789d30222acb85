"""What was decided about an operation over several chains, on disk before any chain hears of it.

``<records>/multichain/<subject>-<8 hex digits>/NNNN-<what>.json``, one file each, never overwritten, chained by hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from scrip.records import files, lock
from scrip.records.journal import slug
from scrip.records.record import FIRST, RecordError, entry_of

SCHEMA = 1


def folders(root: Path) -> list[Path]:
    """The folders that hold decisions, below the folder of records; what was only announced has none."""
    return sorted({path.parent for path in (root / "multichain").glob("*/[0-9]*.json")})


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: `what` ("schedule", "cancel", "move"), `why`, and on which chains, each `<network>-<genesis>`.

    `terms` are what it is about, as text. `previous` is the hash of the decision before, by `number`, which counts from
    1.
    """

    number: int
    previous: str
    subject: str
    what: str
    why: str
    chains: tuple[str, ...]
    terms: Mapping[str, str]

    def text(self) -> str:
        """The decision as it is written: its content and the hash of that."""
        return files.text_of(self._content() | {"hash": self.hash})

    def _content(self) -> dict[str, object]:
        return {"schema": SCHEMA, **asdict(self)}

    @property
    def hash(self) -> str:
        """SHA-256 of everything that it holds, 0x-prefixed."""
        return "0x" + hashlib.sha256(files.text_of(self._content()).encode()).hexdigest()

    @classmethod
    def read(cls, text: str, place: str) -> Decision:
        """Read a decision from a file's text; RecordError when that is none, or not what its own hash says."""
        try:
            found = json.loads(text)
            schema, digest = found.pop("schema", None), found.pop("hash", None)
            decision = entry_of(cls, found, "decision")
        except (ValueError, AttributeError):
            raise RecordError(f"{place}: is no decision: it is no JSON object") from None
        except RecordError as error:
            raise RecordError(f"{place}: {error}") from None
        if schema != SCHEMA or decision.hash != digest:
            raise RecordError(f"{place}: was edited, or is of another version")
        return decision


class Decisions:
    """The decisions about one subject. Reading needs no lock; whoever decides holds it."""

    def __init__(self, root: Path, subject: str) -> None:
        self.subject = subject
        mark = hashlib.sha256(subject.encode()).hexdigest()[:8]
        self.folder = root / "multichain" / f"{slug(subject)}-{mark}"

    @classmethod
    def at(cls, folder: Path) -> Decisions:
        """The decisions of a folder that holds some, of the subject that its first decision states."""
        path = min(folder.glob("[0-9]*.json"))
        found = cls(folder.parent.parent, Decision.read(path.read_text(encoding="utf-8"), path.name).subject)
        if found.folder != folder:
            raise RecordError(f"{folder.name}: holds decisions about something else, {found.subject}")
        return found

    @contextmanager
    def locked(self, operation: str) -> Iterator[None]:
        """Hold the subject for an operation; scrip.records.lock.Locked when another process holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        files.sync_folder(self.folder.parent)
        with lock.held(self.folder, operation):
            files.sweep(self.folder)
            yield

    def all(self) -> list[Decision]:
        """Every decision, in order; RecordError when one was edited, is missing or is of another subject."""
        paths = sorted(self.folder.glob("[0-9]*.json"))
        found = [Decision.read(path.read_text(encoding="utf-8"), path.name) for path in paths]
        previous = FIRST
        for place, one in enumerate(found, start=1):
            if (one.number, one.previous, one.subject) != (place, previous, self.subject):
                raise RecordError(f"{self.folder.name}: decision {place} is missing, or not the one that was made")
            previous = one.hash
        return found

    def latest(self, what: str) -> Decision | None:
        """The last decision of a kind; None where there is none."""
        return next((one for one in reversed(self.all()) if one.what == what), None)

    def decide(self, what: str, why: str, chains: tuple[str, ...], terms: Mapping[str, str]) -> Decision:
        """Make a decision; it is on disk when this returns."""
        known = self.all()
        number, previous = (known[-1].number + 1, known[-1].hash) if known else (1, FIRST)
        decision = Decision(number, previous, self.subject, what, why, chains, dict(terms))
        files.create(self.folder / f"{number:04}-{what}.json", decision.text())
        return decision
