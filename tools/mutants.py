"""Plant faults in the contracts, one at a time, and see that the state machine finds each (``make mutants``).

Each fault is one line of a contract, replaced in a copy of the project. The machine first passes on an unchanged copy;
then it must fail on every mutant, by an assertion and not by a contract that does not compile. Exit 1 if one survives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("contracts", "scrip", "tests", "data", "pyproject.toml")
MACHINE = "tests/machine/test_evm_agrees.py"
EXAMPLES = 60
TIMEOUT = 900


@dataclass(frozen=True)
class Mutant:
    """A fault: `before` stands exactly once in `file`."""

    name: str
    file: str
    before: str
    after: str


MUTANTS = (
    Mutant(
        "rounding up: a balance shows one unit of a share too many",
        "contracts/modules/token_multiplier.vy",
        "    return raw * self._multiplier() // WAD\n",
        "    return (raw * self._multiplier() + WAD - 1) // WAD\n",
    ),
    Mutant(
        "stale clearance: a block is not pushed to the stocks",
        "contracts/modules/investor_register.vy",
        "    self._rewrite(investor, word | ww.INVESTOR_BLOCKED, True)\n",
        "    self._rewrite(investor, word | ww.INVESTOR_BLOCKED, False)\n",
    ),
    Mutant(
        "pending applied early: a change counts from the moment it is scheduled",
        "contracts/modules/token_multiplier.vy",
        "    return at != 0 and at <= block.timestamp\n",
        "    return at != 0\n",
    ),
    Mutant(
        "quote used twice: the market forgets the quotes that it has honoured",
        "contracts/PrimaryMarket.vy",
        "    self.quoteUsed[quote.id] = True\n",
        "",
    ),
    Mutant(
        "wrong denominator: a dividend is reinvested at the price with the dividend still in it",
        "contracts/modules/multiplier_math.vy",
        "    return index * (price + net) // price\n",
        "    return index * (price + 2 * net) // (price + net)\n",
    ),
)


def plant(mutant: Mutant, copy: Path) -> None:
    """Replace the line; an error if it does not stand exactly once, for then nothing would be tested."""
    target = copy / mutant.file
    text = target.read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.file}: the line of «{mutant.name}» stands {text.count(mutant.before)} times, not once")
    target.write_text(text.replace(mutant.before, mutant.after))


def run(mutant: Mutant | None) -> tuple[bool, str]:
    """Whether the machine passes on a copy with this fault, and its output."""
    with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, copy / name)
        if mutant is not None:
            plant(mutant, copy)
        environment = os.environ | {"PYTHONPATH": str(copy), "SCRIP_MACHINE_EXAMPLES": str(EXAMPLES)}
        environment["SCRIP_MACHINE_FAST_FAIL"] = "1"
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", MACHINE]
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        return done.returncode == 0, done.stdout + done.stderr


def main() -> int:
    """Run all; 0 when the unchanged copy passes and every mutant is found."""
    print(f"the state machine ({EXAMPLES} examples) on an unchanged copy, then on {len(MUTANTS)} mutants", flush=True)
    passed, output = run(None)
    if not passed:
        print(output[-4000:])
        print("the unchanged copy fails: nothing can be said of the mutants")
        return 1
    survivors = 0
    for mutant in MUTANTS:
        started = time.monotonic()
        passed, output = run(mutant)
        found = not passed and "AssertionError" in output and "CompilerPanic" not in output
        survivors += not found
        verdict = "found" if found else "SURVIVED" if passed else "BROKE THE BUILD"
        print(f"{verdict:>15}  {mutant.name}  ({time.monotonic() - started:.0f} s)", flush=True)
        if not found:
            print(output[-2000:])
    print(f"{len(MUTANTS) - survivors} of {len(MUTANTS)} found")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
