"""Which lines of the contracts the unit and incident tests execute (``make coverage``).

Writes ``tests/snapshots/coverage.json``: by contract and module, how many lines can be executed, how many were, and
which were not. Exit 1 if a source is below 99 %; the figures are written all the same. Exit 1 if a test fails, is
interrupted or is left out by ``-k``, ``-m`` and the like; then they are not, for what did not run would look uncovered.

    tools/line_coverage.py [PYTEST_ARGUMENT ...]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "snapshots" / "coverage.json"
NARROWING = ("-k", "-m", "--lf", "--last-failed", "--deselect", "--ignore")
TESTS = ("tests/contracts", "tests/incidents", "--ignore=tests/contracts/test_line_coverage.py")
sys.path.insert(0, str(ROOT / "tests"))


def run(arguments: list[str], folder: Path) -> int:
    """The tests, each process leaving its lines in the folder; pytest's exit code."""
    options = ["-q", "-p", "no:cacheprovider", "-p", "support.covered_lines"]
    command = [sys.executable, "-m", "pytest", *options, *TESTS, *arguments]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = os.environ | {"SCRIP_COVERED": str(folder), "PYTHONPATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def merged(folder: Path) -> dict[str, Any]:
    """The figures of all processes together."""
    from support.covered_lines import sources

    seen: dict[str, set[int]] = {}
    for file in folder.glob("*.json"):
        for name, lines in json.loads(file.read_text()).items():
            seen.setdefault(name, set()).update(lines)
    figures = {}
    for name, source in sources().items():
        missing = sorted(source.executable - seen.get(name, set()))
        total = len(source.executable)
        figures[name] = {"lines": total, "covered": total - len(missing), "missing": missing}
    return {"contracts": figures}


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        failed = run(sys.argv[1:], Path(scratch))
        figures = merged(Path(scratch))
    part = any(one.startswith(NARROWING) for one in sys.argv[1:])
    if failed or part:
        print(f"coverage: {'tests FAILED' if failed else 'not all tests ran'}, nothing is written")
        return 1
    temporary = SNAPSHOT.with_suffix(".tmp")
    temporary.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")
    os.replace(temporary, SNAPSHOT)
    low = {name: one for name, one in figures["contracts"].items() if one["covered"] < 0.99 * one["lines"]}
    for name, one in low.items():
        print(f"{name}: {one['covered']} of {one['lines']} lines; not {', '.join(map(str, one['missing']))}")
    print(f"coverage: {len(low)} below 99 %")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
