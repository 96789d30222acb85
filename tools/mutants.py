"""Plant faults in the contracts and in the program, and see that the state machine finds each (``make mutants``).

Each fault is one line, replaced in a copy of the project. The machine first passes on an unchanged copy; then it must
fail on every mutant, by an assertion and not by code that does not compile. Exit 1 if one survives.

    tools/mutants.py [contracts | program]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scrip.evm.compiled.artifacts import source

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("contracts", "scrip", "tests", "data", "pyproject.toml")
PROGRAM_COPIED = (*COPIED, "programs", "tools", "Cargo.toml", "Cargo.lock", "target/idl")
EXAMPLES = 60
"""Of the machine, whichever test runs it."""
TIMEOUT = 900


@dataclass(frozen=True)
class Mutant:
    """A fault: `before` stands exactly once in `file`."""

    name: str
    file: str
    before: str
    after: str


def _place(stem: str) -> str:
    """Where a contract or a module stands in the project and in a copy of it."""
    return source(stem).relative_to(ROOT).as_posix()


CONTRACTS = (
    Mutant(
        "rounding up: a balance shows one unit of a share too many",
        _place("token_multiplier"),
        "    return raw * self._multiplier() // WAD\n",
        "    return (raw * self._multiplier() + WAD - 1) // WAD\n",
    ),
    Mutant(
        "stale clearance: a block is not pushed to the stocks",
        _place("investor_records"),
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, True)\n",
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, False)\n",
    ),
    Mutant(
        "pending applied early: a change counts from the moment it is scheduled",
        _place("token_multiplier"),
        "    return at != 0 and at <= block.timestamp\n",
        "    return at != 0\n",
    ),
    Mutant(
        "quote used twice: the market forgets the quotes that it has honoured",
        _place("PrimaryMarket"),
        "    self.quoteUsed[quote.id] = True\n",
        "",
    ),
    Mutant(
        "wrong denominator: a dividend is reinvested at the price with the dividend still in it",
        _place("multiplier_math"),
        "    return index * (price + net) // price\n",
        "    return index * (price + 2 * net) // (price + net)\n",
    ),
)


SOURCE = "programs/stock-token/src"
PROGRAM = (
    Mutant(
        "rounding up: a balance shows one unit of a share too many",
        f"{SOURCE}/math.rs",
        "    mul_div(raw, multiplier, WAD)\n",
        "    mul_div_up(raw, multiplier, WAD)\n",
    ),
    Mutant(
        "stale clearance: a lapse counts a day late",
        f"{SOURCE}/state/investor.rs",
        "now < self.expiry)",
        "now < self.expiry.saturating_add(86_400))",
    ),
    Mutant(
        "pending applied early: a change counts from the moment it is scheduled",
        f"{SOURCE}/state/multiplier.rs",
        "        self.effective_at != 0 && now >= self.effective_at\n",
        "        self.effective_at != 0 && now > 0\n",
    ),
    Mutant(
        "quote used twice: the market forgets the quotes that it has honoured",
        f"{SOURCE}/accounts/market.rs",
        "create_with(&self.account, &self.used_quote, &self.system_program, &used, &[QUOTE, &quote.id, &[bump]])",
        "let _ = used;\n        Ok(())",
    ),
    Mutant(
        "wrong denominator: a dividend is reinvested at the price with the dividend still in it",
        f"{SOURCE}/math.rs",
        "    index.checked_add(mul_div(index, net, price)?)",
        "    index.checked_add(mul_div(index, net, price.checked_add(net)?)?)",
    ),
)


def plant(mutant: Mutant, copy: Path) -> str:
    """Replace the line and return the old text; an error unless it stands exactly once, or nothing would be tested."""
    target = copy / mutant.file
    text = target.read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.file}: the line of «{mutant.name}» stands {text.count(mutant.before)} times, not once")
    target.write_text(text.replace(mutant.before, mutant.after))
    return text


def copy_project(names: tuple[str, ...], copy: Path) -> None:
    """Copy what the tests need."""
    for name in names:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copy / name)


def run_in(copy: Path, command: list[str], **environment: str) -> tuple[bool, str]:
    """Whether a command succeeds in the copy, and its output."""
    variables = os.environ | {"PYTHONPATH": str(copy)} | environment
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=variables,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def machine(copy: Path, test: str) -> tuple[bool, str]:
    """Whether one of the machine's tests passes in the copy, and its output."""
    command = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", test]
    examples = {"SCRIP_MACHINE_EXAMPLES": str(EXAMPLES), "SCRIP_MACHINE_ALL_EXAMPLES": str(EXAMPLES)}
    return run_in(copy, command, SCRIP_MACHINE_FAST_FAIL="1", **examples)


def try_contracts(mutant: Mutant | None) -> tuple[bool, bool, str]:
    """Whether it compiles, whether the machine passes, and its output: on a fresh copy with this fault."""
    with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
        copy = Path(folder)
        copy_project(COPIED, copy)
        if mutant is not None:
            plant(mutant, copy)
        passed, output = machine(copy, "tests/machine/test_evm_agrees.py")
        return "CompilerPanic" not in output, passed, output


def try_program(mutant: Mutant | None, copy: Path) -> tuple[bool, bool, str]:
    """The same for the program. One copy serves all mutants, so that only the first build takes long."""
    before = plant(mutant, copy) if mutant is not None else ""
    built, output = run_in(copy, ["tools/program", "--offline", "--no-idl"])
    passed = False
    if built:
        passed, output = machine(copy, "tests/machine/test_all_agree.py")
    if mutant is not None:
        (copy / mutant.file).write_text(before)
    return built, passed, output


def hunt(what: str, mutants: tuple[Mutant, ...], attempt: Callable[[Mutant | None], tuple[bool, bool, str]]) -> bool:
    """Try the unchanged copy and every mutant; whether the first passes and all others are found."""
    print(
        f"{what}: the state machine ({EXAMPLES} examples) on an unchanged copy, then {len(mutants)} mutants", flush=True
    )
    _, passed, output = attempt(None)
    if not passed:
        print(output[-4000:])
        print("the unchanged copy fails: nothing can be said of the mutants")
        return False
    survivors = 0
    for mutant in mutants:
        started = time.monotonic()
        built, passed, output = attempt(mutant)
        found = built and not passed and "AssertionError" in output
        survivors += not found
        verdict = "found" if found else "SURVIVED" if passed else "BROKE THE BUILD"
        print(f"{verdict:>15}  {mutant.name}  ({time.monotonic() - started:.0f} s)", flush=True)
        if not found:
            print(output[-2000:])
    print(f"{len(mutants) - survivors} of {len(mutants)} found", flush=True)
    return survivors == 0


def main() -> int:
    """Run all, or the kind that is named; 0 when the unchanged copies pass and every mutant is found."""
    kinds = sys.argv[1:] or ["contracts", "program"]
    good = "contracts" not in kinds or hunt("contracts", CONTRACTS, try_contracts)
    if "program" in kinds:
        with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
            copy = Path(folder)
            copy_project(PROGRAM_COPIED, copy)
            good &= hunt("program", PROGRAM, lambda mutant: try_program(mutant, copy))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
