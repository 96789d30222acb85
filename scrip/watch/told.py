"""What was told already, in a file that survives restarts: each alert is told once, and once that it is over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scrip.errors import InputError
from scrip.read import PowerFacts
from scrip.records import lock
from scrip.records.files import replace, text_of
from scrip.watch.alerts import Alert
from scrip.watch.look import Look

SCHEMA = 1
FILE = "watch.json"
PASSING = ("role",)
"""Kinds of alerts of something that happened: they are not over a moment later, and end without a word."""


@dataclass
class Told:
    """What stands and was told, by id, and who held which role at the last look, by network."""

    folder: Path
    standing: dict[str, dict[str, str]] = field(default_factory=dict)
    powers: dict[str, list[PowerFacts]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of(cls, folder: Path) -> Iterator[Told]:
        """What a folder remembers; nobody else watches with it while the context lasts. Locked, InputError."""
        folder.mkdir(parents=True, exist_ok=True)
        with lock.held(folder, "watch"):
            yield cls._read(folder)

    @classmethod
    def _read(cls, folder: Path) -> Told:
        path = folder / FILE
        if not path.is_file():
            return cls(folder)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found["schema"] != SCHEMA:
                raise InputError(f"is none of {SCHEMA}", file=str(path), field="schema", value=found["schema"])
            powers = {name: [PowerFacts(**one) for one in rows] for name, rows in found["powers"].items()}
            standing = {str(name): dict(one) for name, one in found["standing"].items()}
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            reason = (
                f"is no memory of a watch ({type(error).__name__}): move it away, and all that stands is told again"
            )
            raise InputError(reason, file=str(path)) from None
        return cls(folder, standing, powers)

    def fresh(self, look: Look) -> list[Alert]:
        """The alerts that were not told yet."""
        return [one for one in look.alerts if one.id not in self.standing]

    def over(self, look: Look) -> list[Mapping[str, str]]:
        """What was told and stands no more. Of a network that does not answer nobody knows."""
        stands = {one.id for one in look.alerts}
        return [
            one
            for name, one in self.standing.items()
            if name not in stands and one["kind"] not in PASSING and self._is_known(one, look)
        ]

    def _is_known(self, one: Mapping[str, str], look: Look) -> bool:
        silent = [name for name, answered in look.answered.items() if not answered]
        # What several disagree about is known where all answer.
        return one["network"] not in silent and not (one["kind"] == "one-sided" and silent)

    def remember(self, look: Look, told: Sequence[Alert]) -> None:
        """Keep what stands, what was `told` now included, and who holds what; on disk when this returns."""
        ended = {one["id"] for one in self.over(look)}
        stands = {one.id for one in look.alerts}
        kept = {
            name: one
            for name, one in self.standing.items()
            if name not in ended and (one["kind"] not in PASSING or name in stands)
        }
        self.standing = kept | {one.id: one.as_json() for one in told}
        self.powers |= look.powers
        powers = {name: [asdict(one) for one in rows] for name, rows in self.powers.items()}
        content = {"schema": SCHEMA, "standing": self.standing, "powers": powers}
        replace(self.folder / FILE, text_of(content))
