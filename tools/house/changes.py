"""How many files the likely changes touch, counted from the lists of ``docs/architecture.md``.

A list stands under a heading that ends with its kind, "### A new role (`role`)"; each of its items is a file,
"- `path` — what changes there". A path may hold STEM for the subject's name, or another word in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PAGE = "docs/architecture.md"
KINDS = ("action", "guard", "network", "bound", "role", "instruction", "field", "report", "oracle", "venue")
HEADING = re.compile(r"^#{2,4} .*\(`(\w+)`\)$")
ITEM = re.compile(r"^- `([^`]+)` — \S")


def lists(page: str) -> dict[str, list[str]]:
    """The files of each kind of change, in the order of the page."""
    found: dict[str, list[str]] = {}
    kind = None
    for line in page.splitlines():
        if line.startswith("#"):
            heading = HEADING.match(line)
            kind = heading[1] if heading else None
            if kind is not None:
                found[kind] = []
        elif kind is not None and (item := ITEM.match(line)):
            found[kind].append(item[1])
    return found


def is_test(path: str) -> bool:
    """Whether a file is there for the tests alone."""
    return path.startswith("tests/") or "/tests/" in path


def counts(found: Mapping[str, list[str]]) -> dict[str, int]:
    """How many files each kind of change touches, without those of the tests."""
    return {kind: sum(not is_test(path) for path in found.get(kind, ())) for kind in KINDS}


def check(found: Mapping[str, list[str]]) -> Iterator[str]:
    """A line for each kind of change without a list, each list of nothing known, and each file named twice in one."""
    for kind in KINDS:
        if not found.get(kind):
            yield f"{PAGE}: no list of the files that a change touches: {kind}"
    for kind, paths in found.items():
        if kind not in KINDS:
            yield f"{PAGE}: a list of a kind that nobody counts: {kind}"
        for path in sorted({path for path in paths if paths.count(path) > 1}):
            yield f"{PAGE}: {kind} names a file twice: {path}"
