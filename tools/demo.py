"""`make demo`: the replay, shown as soon as a part of it can be, anvil first, while the Solana program is compiled.

    tools/demo.py STOCK [PAYOUT]

The program is built by `make build/program.json`, with the priority that is left over, into build/program.log; what is
being waited for is said. Where the program stands already, both chains are played at once. With PAYOUT cash, dividends
are paid in cash, on anvil alone: no program is built.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "build" / "program.log"
PROGRAM = "build/program.json"
CONTRACTS = "build/.compiled"
PATIENCE = 10.0
"""Seconds after which the state of a build is said again."""
USAGE = 64
PAYOUTS = ("drip", "cash")
"""What becomes of dividends."""


def make(*words: str) -> list[str]:
    """How make is called."""
    return ["make", "--no-print-directory", *words]


def run(*command: str) -> int:
    """Run a command in the project; its exit code."""
    return subprocess.run(command, cwd=ROOT).returncode


def say(text: str) -> None:
    """A line for whoever waits."""
    print(f"demo: {text}", flush=True)


def main() -> int:
    """Play the stock that the command line names; the exit code."""
    sys.path.insert(0, str(ROOT))
    from scrip.errors import InputError
    from scrip.replay.stocks import find

    stock = sys.argv[1] if len(sys.argv) > 1 else "MSFT"
    try:
        find(stock)
    except InputError as error:
        print(f"demo: FAILED: {error}", file=sys.stderr)
        return USAGE
    demo = ["ape", "run", "demo", "--stock", stock]
    payout = sys.argv[2] if len(sys.argv) > 2 else PAYOUTS[0]
    if payout not in PAYOUTS:
        print(f"demo: FAILED: PAYOUT is {' or '.join(PAYOUTS)} (got {payout!r})", file=sys.stderr)
        return USAGE
    if payout == "cash":
        return run(*make(CONTRACTS)) or run(*demo, "--payout", payout)
    return _while_it_compiles(demo) if _is_to_be_built() else run(*make(CONTRACTS)) or run(*demo)


def _is_to_be_built() -> bool:
    """Whether make would build the program: it is not there, or a source is newer."""
    meant = subprocess.run(make("--dry-run", PROGRAM), cwd=ROOT, capture_output=True, text=True)
    return "tools/program" in meant.stdout.splitlines()


def _while_it_compiles(demo: list[str]) -> int:
    say(f"the Solana program compiles meanwhile ({LOG.relative_to(ROOT)}); anvil comes first")
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as log:
        building = subprocess.Popen(
            ["nice", "-n", "10", *make(PROGRAM)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        if code := run(*make(CONTRACTS)) or run(*demo, "--evm-only"):
            return code
        _wait(building)
    finally:
        if building.poll() is None:
            # The compilers are its children.
            os.killpg(building.pid, signal.SIGTERM)
            building.wait()
    if building.returncode:
        sys.stderr.write(LOG.read_text(errors="replace"))
        print(f"demo: FAILED: the Solana program was not built ({LOG.relative_to(ROOT)})", file=sys.stderr)
        return 1
    say("now both chains, in step")
    return run(*demo)


def _wait(building: subprocess.Popen[bytes]) -> None:
    """Wait for the program, and say now and then what it is at."""
    started, at = time.monotonic(), 0.0
    while building.poll() is None:
        if time.monotonic() > at + PATIENCE:
            lines = LOG.read_text(errors="replace").strip().splitlines()
            last = lines[-1].strip() if lines else "it begins"
            say(f"waiting for the Solana program, {time.monotonic() - started:.0f} s so far: {last}")
            at = time.monotonic()
        time.sleep(0.5)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
