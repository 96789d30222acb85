"""``build/house.json``: the figures by which the code's shape is judged, written by every run of the check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = Path("build/house.json")
TYPE_ERRORS = Path("build/.mypy_errors")
"""What the last run of mypy found: one number."""
COUNTED = ("scrip", "scripts")


def type_errors(root: Path) -> int | None:
    """How many errors mypy found when it last ran here; None where it never has."""
    kept = root / TYPE_ERRORS
    return int(kept.read_text()) if kept.is_file() else None


def note_type_errors(root: Path, number: int) -> None:
    """Keep what mypy found for the next run of the check."""
    (root / TYPE_ERRORS).parent.mkdir(exist_ok=True)
    (root / TYPE_ERRORS).write_text(f"{number}\n")


def lines_of(files: Iterable[Path], root: Path) -> dict[str, int]:
    """Lines of Python in each folder that is counted."""
    total = dict.fromkeys(COUNTED, 0)
    for path in files:
        top = path.relative_to(root).parts[0]
        if top in total and path.suffix == ".py":
            total[top] += path.read_bytes().count(b"\n")
    return total


def write(
    root: Path, cycles: Mapping[str, int], changes: Mapping[str, int], lines: Mapping[str, int]
) -> dict[str, object]:
    """Write the figures, and give them back."""
    found = {"changes": changes, "cycles": cycles, "lines": lines, "mypy": type_errors(root)}
    target = root / FILE
    target.parent.mkdir(exist_ok=True)
    scratch = target.with_suffix(".tmp")
    scratch.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    scratch.replace(target)
    return found
