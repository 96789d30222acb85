"""Links between the project's own pages lead somewhere: to a file or folder that is there, and to a heading of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1[^\n]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
"""What is no text: blocks, and words in backticks."""
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
"""How a link begins that leaves the project: nobody is asked whether it leads anywhere."""
HEADING = re.compile(r"^#{1,6} +(.*?)\s*#*$", re.MULTILINE)


def check(pages: Mapping[str, str], names: set[str]) -> Iterator[str]:
    """A line for each link that leads nowhere. `pages` are texts by path from the root, `names` all files' paths."""
    folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    known: dict[str, set[str]] = {}
    for page, text in pages.items():
        for number, target in _links(text):
            path, _, anchor = target.partition("#")
            place = _joined(page, path) if path else page
            if place is None or place not in names | folders:
                yield f"{page}:{number}: leads nowhere: {target}"
            elif anchor and place in pages:
                if place not in known:
                    known[place] = anchors(pages[place])
                if anchor not in known[place]:
                    yield f"{page}:{number}: {place} has no heading #{anchor}"


def _links(text: str) -> Iterator[tuple[int, str]]:
    """Each link with its line, those of code and of other sites left out."""
    blank = CODE.sub(lambda found: re.sub(r"[^\n]", "`", found[0]), text)
    for found in LINK.finditer(blank):
        # A link's own words may be code: they are no part of where it leads.
        target = text[found.start(1) : found.end(1)]
        if not ELSEWHERE.match(target):
            yield text.count("\n", 0, found.start()) + 1, target


def _joined(page: str, target: str) -> str | None:
    """The path from the root that a link in a page means; None for one that leaves the project."""
    parts: list[str] = list(PurePosixPath(page).parent.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as they are made from their words: several of a name are numbered."""
    found: set[str] = set()
    without = re.sub(r"^(`{3,})[^\n]*\n.*?^\1[^\n]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    for heading in HEADING.findall(without):
        words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        name, number = slug, 0
        while name in found:
            number += 1
            name = f"{slug}-{number}"
        found.add(name)
    return found
