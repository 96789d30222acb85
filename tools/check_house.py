"""House rules that no linter knows (part of ``make lint``); prints one line per breach and exits 1 if there is any.

- a deployable contract is ``contracts/FOLDER/CamelCase.vy``, a module ``contracts/FOLDER/snake_case.vy`` beside what it
  is a part of, an interface ``contracts/interfaces/IName.vyi``, a mock ``contracts/mocks/MockName.vy``;
- no two contract files share a stem, for Ape names contracts by it;
- no two Python files of the tests share a name, but for conftest.py: pytest imports them by it;
- every ``.vy`` pins the compiler and states the licence;
- source files stay under 400 lines;
- no tracked file names a home directory, a package registry's host or another machine's path;
- a JSON or YAML file that is tracked parses.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 399
SHARED = {"conftest", "__init__", "__main__"}
"""Names that files of the tests may share."""
SOURCES = {".py", ".vy", ".vyi", ".rs", ".ts", ".sh"}

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


def main() -> int:
    files = tracked()
    breaches = list(check_names([path.relative_to(ROOT).as_posix() for path in files]))
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        breaches += check_text(path.relative_to(ROOT).as_posix(), text)
    for breach in breaches:
        print(breach)
    print(
        f"house rules: {len(files)} files, {len(breaches)} breaches"
        if breaches
        else f"house rules: {len(files)} files, fine"
    )
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
