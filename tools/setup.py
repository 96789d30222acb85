#!/usr/bin/env python3
"""Makes the development environment: .venv from the locked requirements, and the local EVM node from npm.

Run it through ``make setup`` (every target that needs it does). It does only what has changed since last time: each
step leaves a stamp with the digest of its inputs. Nothing is installed outside this directory except uv, in
``${XDG_CACHE_HOME:-~/.cache}/scrip``. Exit 0 done, 1 failed (its last line says why), 130 interrupted.

Standard library only, for it runs before there is anything else.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
LOCK = ROOT / "requirements" / "main.txt"
UV_LOCK = ROOT / "requirements" / "uv.txt"
PLUG_INS = {
    "ledger": "what a Ledger signs with",
    "trezor": "what a Trezor signs with",
    "hypersync": "what reads transfers from a HyperSync server",
}
"""Extras whose libraries are locked in a file of their own, requirements/NAME.txt, and what each is for."""
ANVIL_VERSION = "1.7.1"
HEARTBEAT_S = 10


class SetupError(Exception):
    """Set-up cannot go on; the message is the one line the user sees."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def digest(*parts: Path | str) -> str:
    """SHA-256 over files and strings, in order."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() if isinstance(part, str) else part.read_bytes())
        total.update(b"\0")
    return total.hexdigest()


def is_current(stamp: Path, key: str) -> bool:
    return stamp.is_file() and stamp.read_text() == key


def run(title: str, expected: str, command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    """Run one step; its output is shown only if it fails. ``expected`` is a rough duration for the reader."""
    say(f"{title} ({expected})")
    started = time.monotonic()
    with tempfile.TemporaryFile(mode="w+", errors="replace") as log:
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise SetupError(f"{title}: cannot start {command[0]}: {error.strerror}") from error
        try:
            while True:
                try:
                    code = process.wait(timeout=HEARTBEAT_S)
                    break
                except subprocess.TimeoutExpired:
                    say(f"  … {time.monotonic() - started:.0f} s so far")
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if code != 0:
            log.seek(0)
            sys.stderr.write(log.read())
            raise SetupError(f"{title}: {Path(command[0]).name} stopped with exit code {code} (its output is above)")
    say(f"  done in {time.monotonic() - started:.1f} s")


def uv_binary() -> Path:
    """The pinned uv, installed from PyPI with its locked hash into the cache when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scrip"
    home = cache / f"uv-{digest(UV_LOCK)[:16]}"
    uv = home / "bin" / "uv"
    if uv.is_file():
        return uv
    cache.mkdir(parents=True, exist_ok=True)
    # Built aside and renamed, so that an interrupted download never looks installed.
    with tempfile.TemporaryDirectory(dir=cache, prefix="uv-") as scratch:
        target = Path(scratch) / "uv"
        install = ["-m", "pip", "install", "--quiet", "--no-input", "--require-hashes", "--only-binary", ":all:"]
        python = Path(sys.executable)
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
            install += ["--target", str(target)]
        elif subprocess.run([python, "-m", "venv", target], capture_output=True, check=False).returncode == 0:
            python = target / "bin" / "python"
        else:
            raise SetupError(
                f"{python} has neither pip nor venv: install them (on Debian: python3-pip, or python3-venv)"
            )
        # A --user default in the reader's pip configuration would contradict --target.
        run("installing uv into the cache", "about 5 s", [python, *install, "-r", UV_LOCK], {"PIP_USER": "0"})
        shutil.rmtree(home, ignore_errors=True)
        target.rename(home)
    return uv


def own_environment(name: str, requirements: Path) -> Path:
    """A Python of its own for a tool that the project's cannot hold, made in the cache once; its folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scrip"
    home = cache / f"{name}-{digest(requirements)[:16]}"
    python = home / "bin" / "python"
    if not (home / ".done").is_file():
        uv = uv_binary()
        run(f"making an environment for {name}", "a few s", [uv, "venv", "--clear", "--python", sys.executable, home])
        sync = [uv, "pip", "sync", "--python", python, "--require-hashes", requirements]
        run(f"installing {name}", "up to 30 s", sync)
        (home / ".done").touch()
    return home


def python_environment() -> None:
    """.venv: exactly the locked packages, then this package itself, editable."""
    python = VENV / "bin" / "python"
    made, synced, installed = VENV / ".made", VENV / ".synced", VENV / ".installed"
    # The directory is part of the key: scripts in .venv/bin name it, so a moved checkout must be rebuilt.
    made_key = digest(sys.version, str(ROOT))
    synced_key = digest(LOCK, "bytecode")
    installed_key = digest(ROOT / "pyproject.toml")
    usable = (
        is_current(made, made_key)
        and python.exists()
        and subprocess.run([python, "-c", ""], check=False).returncode == 0
    )
    if usable and is_current(synced, synced_key) and is_current(installed, installed_key):
        return
    uv = uv_binary()
    environment = {"UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "180"), "UV_NO_PROGRESS": "1"}
    if not usable:
        title = f"creating .venv with Python {platform.python_version()}"
        run(title, "about 1 s", [uv, "venv", "--clear", "--no-python-downloads", "--python", sys.executable, VENV])
        made.write_text(made_key)
    if not is_current(synced, synced_key):
        synced.unlink(missing_ok=True)
        installed.unlink(missing_ok=True)  # sync removes what the lock does not name
        count = sum(1 for line in LOCK.read_text().splitlines() if line[:1].isalnum())
        run(
            f"installing about {count} Python packages from requirements/main.txt",
            "up to 3 min the first time, about 1 min from uv's cache",
            # Compiled here: where PYTHONDONTWRITEBYTECODE is set, every process would compile them again.
            [uv, "pip", "sync", "--python", python, "--compile-bytecode", "--require-hashes", LOCK],
            environment,
        )
        synced.write_text(synced_key)
    run(
        "installing this package",
        "about 1 s",
        [uv, "pip", "install", "--python", python, "--no-deps", "--no-build-isolation", "-e", ROOT],
        environment,
    )
    installed.write_text(installed_key)


def plug_in(name: str) -> None:
    """An extra, into .venv beside everything else; a new main.txt takes it out again."""
    lock = ROOT / "requirements" / f"{name}.txt"
    if name not in PLUG_INS:
        raise SetupError(f"WITH is {name!r}, and can be {' or '.join(PLUG_INS)}")
    python = VENV / "bin" / "python"
    command = [uv_binary(), "pip", "install", "--python", python, "--no-deps", "--require-hashes", "-r", lock]
    run(f"installing {PLUG_INS[name]}", "up to 30 s", command, {"UV_NO_PROGRESS": "1"})


def anvil_package() -> str:
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine().lower(), platform.machine()
    )
    return f"anvil-{platform.system().lower()}-{machine}"


def node_packages() -> None:
    """node_modules from package-lock.json, and .venv/bin/anvil pointing at the node's native binary."""
    lock = ROOT / "package-lock.json"
    stamp = NODE_MODULES / ".locked"
    key = digest(ROOT / "package.json", lock)
    package = f"@foundry-rs/{anvil_package()}"
    if f"node_modules/{package}" not in lock.read_text():
        # The lock holds the platforms whose package could be verified; elsewhere use the reader's own.
        if shutil.which("anvil") is None:
            raise SetupError(
                f"no anvil is locked for this platform ({package}): install Foundry's anvil {ANVIL_VERSION}, "
                f"see that it is on PATH, and run this again"
            )
        return
    binary = NODE_MODULES / package / "bin" / "anvil"
    if not (is_current(stamp, key) and binary.is_file()):
        # Install scripts are off: anvil's own would download from elsewhere if the binary were missing.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run("installing anvil and the peers' code with npm ci", "about 20 s", command)
        if not binary.is_file():
            # An optional dependency that cannot be fetched does not make npm fail.
            raise SetupError(f"npm ci did not install {package}: is the npm registry reachable?")
        stamp.write_text(key)
    link = VENV / "bin" / "anvil"
    if not (link.is_symlink() and link.resolve() == binary.resolve()):
        link.unlink(missing_ok=True)
        link.symlink_to(binary)


def main(names: Sequence[str] = ()) -> int:
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        raise SetupError(f"Python 3.11 or 3.12 is needed, this is {platform.python_version()}")
    (ROOT / "build").mkdir(exist_ok=True)
    started = time.monotonic()
    # Two `make` at once would install over each other.
    with open(ROOT / "build" / ".setup.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this directory to finish")
            fcntl.flock(lock, fcntl.LOCK_EX)
        python_environment()
        node_packages()
        for name in names:
            plug_in(name)
    elapsed = time.monotonic() - started
    if elapsed > 2:
        say(f"ready in {elapsed:.0f} s")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("setup: interrupted", file=sys.stderr)
        sys.exit(130)
    except (SetupError, OSError) as error:
        sys.exit(f"setup: FAILED: {error}")
