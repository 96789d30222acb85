"""The Solana workspace on the host: ``rustfmt`` and ``clippy`` (parts of ``make lint``), ``fmt``, and ``test`` (the
shared vectors, in Rust).

All use the pinned toolchain that builds the program, so that a newer compiler's opinions do not break a build. What has
passed and has not changed since is not run again. Exit 1 if anything is found.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("programs", "tests/vectors", "Cargo.toml", "Cargo.lock", "rustfmt.toml")
COMPONENTS = "rust-src,clippy,rustfmt"


def pinned_toolchain() -> str:
    """The toolchain that `tools/program` pins: one place knows it."""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("program", str(ROOT / "tools" / "program"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("program", loader))
    loader.exec_module(module)
    return module.NIGHTLY


def digest() -> str:
    """SHA-256 over everything that the commands look at."""
    total = hashlib.sha256()
    for name in SOURCES:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def commands(task: str, toolchain: str) -> list[list[str]]:
    """What a task runs, in order."""
    cargo = ["cargo", f"+{toolchain}"]
    # The fuzzer is a workspace of its own. Clippy would have to compile a cluster's runtime for it, so it is not asked.
    fuzzer = [*cargo, "fmt", "--manifest-path", "programs/fuzz/Cargo.toml"]
    return {
        "fmt": [[*cargo, "fmt", "--all"], fuzzer],
        "rustfmt": [[*cargo, "fmt", "--all", "--check"], [*fuzzer, "--check"]],
        "clippy": [[*cargo, "clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-Dwarnings"]],
        "test": [[*cargo, "test", "--package", "stock-token", "--locked", "--quiet"]],
    }[task]


def main(task: str) -> int:
    """0 when there is nothing to say."""
    stamp, key = ROOT / "build" / f".rust_{task}", digest()
    if task != "fmt" and stamp.is_file() and stamp.read_text() == key:
        print(f"rust {task}: passed before, nothing has changed since")
        return 0
    toolchain = pinned_toolchain()
    print(f"rust {task} (a minute or two the first time)", flush=True)
    install = ["rustup", "toolchain", "install", toolchain, "--profile", "minimal", "-c", COMPONENTS]
    installed = subprocess.run(install, capture_output=True, text=True, check=False)
    if installed.returncode != 0:
        sys.exit(f"rust: FAILED: {' '.join(install)}\n{installed.stderr}")
    for command in commands(task, toolchain):
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            print(f"rust: FAILED: {' '.join(command)}", file=sys.stderr)
            return 1
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest() if task == "fmt" else key)
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["rustfmt"], ["clippy"], ["fmt"], ["test"]):
        sys.exit("usage: python tools/rust.py rustfmt|clippy|fmt|test")
    sys.exit(main(sys.argv[1]))
