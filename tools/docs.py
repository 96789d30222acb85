"""The pages as a site in build/site, to be read without a network (``make docs``): exit 1 for a page that is not sound.

Pages keep their places, so that links between them need no change. What else a page links to, a source or a manifest,
is copied beside it and shown as it is; a folder is shown by its README, or named without a link.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

import docs_reference
from house.links import CODE, ELSEWHERE, LINK
from setup import ROOT, SetupError, own_environment

REQUIREMENTS = ROOT / "requirements" / "docs.txt"
SETTINGS = ROOT / "tools" / "mkdocs.yml"
STAGE, SITE = ROOT / "build" / "pages", ROOT / "build" / "site"
FETCHED = re.compile(r'<script src="https://[^"]*"></script>')
PAGES = (
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "THREATS.md", "CHANGELOG.md"),
    *("docs/first-hour.md", "docs/glossary.md", "docs/tutorial.md", "docs/signers.md", "docs/architecture.md"),
    *("scripts/README.md", "manifests/README.md", "contracts/README.md", "programs/README.md"),
)


def stage() -> None:
    """Copy the pages into one folder, and what they link to."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        (STAGE / page).parent.mkdir(parents=True, exist_ok=True)
        (STAGE / page).write_text(_outside_code(text, lambda part, at=page: _linked(at, part)), encoding="utf-8")


def _references() -> None:
    """Write the pages that are made of what stands elsewhere."""
    (STAGE / "reference").mkdir()
    for name, text in docs_reference.pages().items():
        (STAGE / "reference" / f"{name}.md").write_text(text, encoding="utf-8")


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with every link outside of blocks changed; words in backticks may be a link's."""
    parts, last = [], 0
    for block in (found for found in CODE.finditer(text) if found[1]):
        parts += [change(text[last : block.start()]), block[0]]
        last = block.end()
    return "".join([*parts, change(text[last:])])


def _linked(page: str, text: str) -> str:
    """A part of a page whose links lead to what is on the site."""

    def one(found: re.Match[str]) -> str:
        target = found[1].partition("#")[0]
        place = (ROOT / page).parent.joinpath(target).resolve()
        if not target or ELSEWHERE.match(target) or not place.exists():
            return found[0]
        name = place.relative_to(ROOT).as_posix()
        if place.is_dir():
            readme = f"{name}/README.md"
            whole = f"{target.rstrip('/')}/README.md"
            return found[0].replace(found[1], whole) if readme in PAGES else found[0][1 : found[0].index("](")]
        if name not in PAGES:
            (STAGE / name).parent.mkdir(parents=True, exist_ok=True)
            # A browser shows a source that calls itself text.
            shown = STAGE / (name if place.suffix in (".png", ".svg", ".json") else f"{name}.txt")
            shutil.copy(place, shown)
            return found[0].replace(found[1], f"{target}{'' if shown.suffix != '.txt' else '.txt'}")
        return found[0]

    return LINK.sub(one, text)


def main() -> int:
    """Build the site; the exit code."""
    try:
        home = own_environment("docs", REQUIREMENTS)
    except SetupError as error:
        print(f"docs: {error}", file=sys.stderr)
        return 1
    stage()
    _references()
    command = [home / "bin" / "mkdocs", "build", "--strict", "--quiet", "--config-file", SETTINGS]
    # It would speak of its successor at every run.
    built = subprocess.run(command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    if built.returncode == 0:
        _leave_the_network_out()
        print(f"docs: {SITE.relative_to(ROOT)}/index.html (searched with: python -m http.server -d build/site)")
    return built.returncode


def _leave_the_network_out() -> None:
    """Take out the one script that a page would fetch: it lets a search run where nothing serves the pages."""
    for path in SITE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(FETCHED.sub("", text), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
