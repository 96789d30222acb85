"""Manifests to spoil: a copy of the shipped ones, one edit at a time, and what the loader says of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from scrip.errors import InputError, InputErrors
from scrip.manifest import AnyManifest, load

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"


@dataclass(frozen=True)
class ManifestFiles:
    """A folder of manifests that a test may spoil."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> ManifestFiles:
        """Copies of the shipped manifests and presets."""
        shutil.copytree(MANIFESTS, folder, dirs_exist_ok=True)
        return cls(folder)

    def path(self, name: str = "local") -> Path:
        """A manifest's file, or a preset's ("presets/…")."""
        return self.folder / f"{name}.yaml"

    def edit(self, old: str, new: str, name: str = "local") -> None:
        """Replace text that stands exactly once."""
        text = self.path(name).read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.path(name).write_text(text.replace(old, new))

    def line_of(self, text: str, name: str = "local") -> int:
        """The line, from 1, of text that stands exactly once."""
        before, found, after = self.path(name).read_text().partition(text)
        assert found, f"{text!r} stands nowhere in {name}"
        assert text not in after, f"{text!r} stands twice in {name}"
        return before.count("\n") + 1

    def load(self, name: str = "local") -> AnyManifest:
        """The manifest as it stands."""
        return load(self.path(name))

    def errors(self, name: str = "local") -> tuple[InputError, ...]:
        """What the loader refuses, all of it."""
        try:
            self.load(name)
        except InputErrors as several:
            return several.errors
        except InputError as error:
            return (error,)
        raise AssertionError(f"{name} is taken")

    def error(self, name: str = "local") -> InputError:
        """The one thing that the loader refuses."""
        errors = self.errors(name)
        assert len(errors) == 1, "\n".join(map(str, errors))
        return errors[0]
