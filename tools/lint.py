"""All that is checked without running the project (``make lint``), and the one place that knows the commands.

    tools/lint.py [NAME ...]

Names: ruff, codespell, mypy, natrix, rustfmt, clippy, rules; all of them without one. The hooks of
``.pre-commit-config.yaml`` call it by name. Each is run whatever the others found; exit 1 if any found something.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from house import figures

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ("scrip", "scripts", "tests", "tools")
"""Folders with Python files of the project."""
FOUND = re.compile(r"^Found (\d+) errors? in ", re.MULTILINE)
"""mypy's last line, where it found something."""


def run(*command: str) -> int:
    """Run a command of the environment that runs this file, or else of PATH, in the project; its exit code."""
    print(" ".join([Path(command[0]).name, *command[1:]]), flush=True)
    return subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode


def tool(*command: str) -> Callable[[], int]:
    """A check that is one command."""
    return lambda: run(*command)


def script(*command: str) -> Callable[[], int]:
    """A check that is a script of the project."""
    return lambda: run(sys.executable, *command)


def ruff() -> int:
    """Faults and format of the Python files."""
    return run("ruff", "check", *PYTHON) | run("ruff", "format", "--check", *PYTHON)


def mypy() -> int:
    """Types of the package, and how many errors there are, for the figures."""
    print("mypy (half a minute the first time)", flush=True)
    ran = subprocess.run(["mypy"], cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    sys.stdout.write(ran.stdout)
    sys.stderr.write(ran.stderr)
    found = FOUND.search(ran.stdout)
    if found is not None or ran.returncode == 0:
        figures.note_type_errors(ROOT, int(found[1]) if found is not None else 0)
    return ran.returncode


# The rules are last: they write down what mypy found.
CHECKS: Mapping[str, Callable[[], int]] = {
    "ruff": ruff,
    "codespell": tool("codespell"),
    "mypy": mypy,
    "natrix": script("tools/lint_vyper.py"),
    "rustfmt": script("tools/rust.py", "rustfmt"),
    "clippy": script("tools/rust.py", "clippy"),
    "rules": script("tools/check_house.py"),
}


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*CHECKS, []], metavar="NAME")
    names = parser.parse_args().names or list(CHECKS)
    failed = [name for name in CHECKS if name in names and CHECKS[name]() != 0]
    if failed:
        print(f"lint: FAILED: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
