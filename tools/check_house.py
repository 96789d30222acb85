"""Rules of the project that no linter knows (part of ``make lint``): a line for each breach, exit 1 if there is any.

- a deployable contract is ``contracts/FOLDER/CamelCase.vy``, a module ``contracts/FOLDER/snake_case.vy`` beside what it
  is a part of, an interface ``contracts/interfaces/IName.vyi``, a mock ``contracts/mocks/MockName.vy``;
- no two contract files share a stem, for Ape names contracts by it;
- no two Python files of the tests share a name, but for conftest.py: pytest imports them by it;
- every ``.vy`` pins the compiler and states the licence;
- source files have 600 lines at most;
- no tracked file names a home directory, a package registry's host or another machine's path;
- a JSON or YAML file that is tracked parses;
- no modules and no packages of scrip import one another in a circle (``house/circles.py``);
- a subject has the same stem in every layer (``house/stems.py``);
- ``docs/architecture.md`` lists what the likely changes touch (``house/changes.py``);
- a link of a page leads to a file, folder or heading that is there (``house/links.py``).

Each run writes ``build/house.json``: circles, mypy's errors when it last ran, files that the likely changes touch,
lines. With ``--all`` the breaches of rules that are not enforced yet are shown too.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml
from house import changes, circles, figures, imports, links, stems

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 600
SHARED = {"conftest", "__init__", "__main__"}
"""Names that files of the tests may share."""
SOURCES = {".py", ".vy", ".vyi", ".rs", ".ts", ".sh"}
ENFORCED = {"circles": True, "stems": True, "changes": True, "links": True}
"""Whether a breach of a rule that was made after the code fails the check. All of them do once the code keeps them."""

CAMEL = r"[A-Z][A-Za-z0-9]*"
SNAKE = r"[a-z][a-z0-9_]*"
CONTRACT_PATHS = re.compile(
    rf"contracts/(?:(?!interfaces/|mocks/|layout/){SNAKE}/(?:{CAMEL}|{SNAKE})\.vy|interfaces/I{CAMEL}\.vyi"
    rf"|mocks/Mock{CAMEL}\.vy|layout/{CAMEL}\.json|README\.md)"
)
HEADER = {
    "pragma version ==0.4.3": re.compile(r"^# ?@?pragma version ==0\.4\.3$", re.MULTILINE),
    "@license AGPL-3.0-only": re.compile(r"^@license AGPL-3\.0-only$", re.MULTILINE),
}
# Written in pieces, so that this file passes its own check.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:home|Users)/\w+",
            r"(?<![\w.])/(?:root|work)/\w+",
            r"(?<![\w.])/tm[p]/\w+",
            r"registry\.npmjs\.or[g]",
            r"registry\.yarnpkg\.co[m]",
            r"files\.pythonhosted\.or[g]",
            r"pypi\.or[g]",
            r"https?://(?:localhost|127\.0\.0\.1|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+)[^\s]*/(?:simple|npm|pypi)",
        ]
    )
)


def tracked() -> list[Path]:
    """Files that git tracks or would track: a breach is found before it is committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(ROOT / name for name in set(listing.split("\0")) if name and (ROOT / name).is_file())


def check_names(names: list[str]) -> Iterator[str]:
    stems = defaultdict(list)
    for name in names:
        if name.startswith("tests/") and name.endswith(".py") and Path(name).stem not in SHARED:
            stems[Path(name).name].append(name)
        if not name.startswith("contracts/"):
            continue
        if not CONTRACT_PATHS.fullmatch(name):
            yield f"{name}: not a place or name for a contract, module, interface or mock"
        elif Path(name).suffix in {".vy", ".vyi"}:
            stems[Path(name).stem].append(name)
    for same in stems.values():
        if len(same) > 1:
            yield f"{same[0]}: same name as {', '.join(same[1:])}"


def check_text(name: str, text: str) -> Iterator[str]:
    suffix = Path(name).suffix
    lines = text.count("\n") + (not text.endswith("\n"))
    if suffix in SOURCES and lines > MAX_LINES:
        yield f"{name}: {lines} lines, more than {MAX_LINES}: split it"
    if suffix == ".vy":
        for title, pattern in HEADER.items():
            if not pattern.search(text):
                yield f"{name}: no line '{title}'"
    for number, line in enumerate(text.splitlines(), start=1):
        found = FOREIGN.search(line)
        if found:
            yield f"{name}:{number}: names a machine or a registry: {found.group()}"
    try:
        if suffix == ".json":
            json.loads(text)
        elif suffix in {".yaml", ".yml"}:
            yaml.safe_load(text)
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        yield f"{name}: does not parse: {' '.join(str(error).split())}"


def check_files(files: list[Path]) -> Iterator[str]:
    """What can be judged of one file, or by the files' names."""
    yield from check_names([path.relative_to(ROOT).as_posix() for path in files])
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        yield from check_text(path.relative_to(ROOT).as_posix(), text)


def check_shape(files: list[Path]) -> dict[str, list[str]]:
    """The breaches of each rule about the whole, by its name in ENFORCED; writes the figures."""
    imported = imports.read(ROOT, "scrip")
    page = ROOT / changes.PAGE
    touched = changes.lists(page.read_text(encoding="utf-8") if page.is_file() else "")
    figures.write(ROOT, circles.counts(imported), changes.counts(touched), figures.lines_of(files, ROOT))
    return {
        "circles": list(circles.check(imported)),
        "stems": list(stems.check([path.relative_to(ROOT).as_posix() for path in files])),
        "changes": list(changes.check(touched)),
        "links": list(links.check(_pages(files), {path.relative_to(ROOT).as_posix() for path in files})),
    }


def _pages(files: list[Path]) -> dict[str, str]:
    """The project's pages, by path."""
    pages = (path for path in files if path.suffix == ".md")
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in pages}


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--all"]):
        print(f"usage: {Path(__file__).name} [--all]", file=sys.stderr)
        return 2
    files = tracked()
    breaches = list(check_files(files))
    for rule, found in check_shape(files).items():
        if ENFORCED[rule]:
            breaches += found
        elif found:
            print(f"project rules: {rule}: {len(found)} breaches, not enforced yet")
            for line in found if arguments else ():
                print(f"  {line}")
    for breach in breaches:
        print(breach)
    print(f"project rules: {len(files)} files, {f'{len(breaches)} breaches' if breaches else 'fine'}")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
