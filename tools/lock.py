"""Resolves requirements/*.in and package.json again (``make lock``), and refuses a lock that names a host.

Versions already locked are kept where they still satisfy the inputs; delete a lock first to move everything. A file
NAME.override beside NAME.in says which requirements of others are not kept, and why.
"""

import subprocess
import sys

from setup import ROOT, uv_binary

COMPILE = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]


def names_host(line: str) -> bool:
    """Whether a line of a lock says where to fetch from. npm also copies where a package's authors ask for funds."""
    return "://" in line and not line.strip().startswith('"url": ')


def main() -> int:
    locks = []
    # main.txt first: what is installed beside it is held to it.
    for source in sorted((ROOT / "requirements").glob("*.in"), key=lambda path: (path.stem != "main", path.stem)):
        lock = source.with_suffix(".txt")
        names = [str(path.relative_to(ROOT)) for path in (source, lock)]
        print(f"resolving {names[0]} (up to 1 min)", flush=True)
        command = [uv_binary(), *COMPILE, "--python-version", "3.11", names[0], "--output-file", names[1]]
        if (override := source.with_suffix(".override")).is_file():
            command += ["--override", str(override.relative_to(ROOT))]
        subprocess.run(command, cwd=ROOT, check=True)
        locks.append(lock)
    print("resolving package.json", flush=True)
    subprocess.run(["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit"], cwd=ROOT, check=True)
    locks.append(ROOT / "package-lock.json")
    named = [str(lock.relative_to(ROOT)) for lock in locks if any(map(names_host, lock.read_text().splitlines()))]
    if named:
        print(f"a lock names a host: {', '.join(named)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
