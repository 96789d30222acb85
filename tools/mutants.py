"""Plant faults in the model, the contracts and the program, and see that a test finds each (``make mutants``).

Each fault is one line, replaced in a copy of the project. The state machine looks for it, or the test of an incident
that the fault would bring back, or a few tests that it names: `unnoticed` are faults that the tests meant for them once
passed on. What looks first passes on an unchanged copy; then it must fail on every mutant, by an assertion and not by
code that does not compile. Exit 1 if one survives.

    tools/mutants.py [model | contracts | unnoticed | program] [--only TEXT]

--only leaves those whose name, or whose incident's, contains the text.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import mutants_dividends as dividends
import mutants_elections as elections
import mutants_feeds as feeds
import mutants_forced as forced
import mutants_market as market
import mutants_offers as offers
import mutants_planted as planted
import mutants_redemption as redemption
import mutants_register as register
import mutants_reserve as reserve
import mutants_subscriptions as subscriptions
import mutants_unnoticed as unnoticed
import mutants_voting as voting
import mutants_wind_up as wind_up
from mutants_planted import ROOT, Mutant

COPIED = ("contracts", "scrip", "tests", "data", "pyproject.toml")
PROGRAM_FILES = ("programs", "Cargo.toml", "Cargo.lock", "target/idl")
NAMED_COPIED = (*COPIED, *PROGRAM_FILES, "manifests", "scripts", "target/deploy", "build/program.json")
"""What the tests that a fault names may need beside."""
PROGRAM_COPIED = (*COPIED, *PROGRAM_FILES, "tools")
EXAMPLES = 60
"""Of the machine, whichever test runs it."""
TIMEOUT = 1800
FAILED = re.compile(r"^E +(assert |AssertionError|Failed: DID NOT RAISE)", re.MULTILINE)
"""How pytest tells that what was expected did not happen, as against code that did not run."""
KINDS = {
    "model": reserve.MODEL,
    "contracts": (*planted.CONTRACTS, *reserve.CONTRACTS, *feeds.CONTRACTS, *market.CONTRACTS),
    "unnoticed": (
        *(*unnoticed.ELSEWHERE, *redemption.VAULT, *subscriptions.ENTRY),
        *(*dividends.DIVIDENDS, *register.REGISTER, *voting.VOTES, *elections.ELECTIONS, *wind_up.ENDS),
        *offers.OFFERS,
        *market.EVERYBODY,
    ),
    "program": (*planted.PROGRAM, *reserve.PROGRAM, *unnoticed.PROGRAM, *forced.PROGRAM),
}


def plant(mutant: Mutant, copy: Path) -> str:
    """Replace the line and return the old text; an error unless it stands exactly once, or nothing would be tested."""
    target = copy / mutant.file
    text = target.read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.file}: the line of «{mutant.name}» stands {text.count(mutant.before)} times, not once")
    target.write_text(text.replace(mutant.before, mutant.after))
    return text


def copy_project(names: tuple[str, ...], copy: Path) -> None:
    """Copy what the tests need, and what contracts were compiled to: only what a changed source went into is again."""
    for name in (*names, *(["build/artifacts"] if (ROOT / "build" / "artifacts").is_dir() else [])):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)
    # Sources of libraries went into it too, by their place in the project.
    libraries = Path(sys.prefix)
    if libraries.is_relative_to(ROOT):
        (copy / libraries.relative_to(ROOT)).symlink_to(libraries)


def run_in(copy: Path, command: list[str], **environment: str) -> tuple[bool, str]:
    """Whether a command succeeds in the copy, and its output. One that does not end fails."""
    variables = os.environ | {"PYTHONPATH": str(copy)} | environment
    try:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=copy,
            env=variables,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False, f"did not end within {TIMEOUT} s"
    return done.returncode == 0, done.stdout + done.stderr


def look(copy: Path, *tests: str) -> tuple[bool, str]:
    """Whether tests, of the machine or of incidents, pass in the copy, and their output."""
    command = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    examples = {"SCRIP_MACHINE_EXAMPLES": str(EXAMPLES), "SCRIP_MACHINE_ALL_EXAMPLES": str(EXAMPLES)}
    return run_in(copy, command, SCRIP_MACHINE_FAST_FAIL="1", **examples)


def tests_of(mutant: Mutant | None, mutants: tuple[Mutant, ...], machine: str, side: str) -> list[str]:
    """What looks for a mutant; on an unchanged copy all that looks for any. `side` is that of the three ledgers."""
    sought = mutants if mutant is None else (mutant,)
    incidents = sorted({one.incident for one in sought} - {""})
    named = sorted({test for one in sought for test in one.tests})
    files = [f"tests/incidents/test_{name}.py" for name in incidents]
    others = [one for one in ("model", "contracts", "program") if one != side]
    chosen = [*files, "-k", " and ".join(f"not {one}" for one in others)] if files else []
    by_machine = any(not one.incident and not one.tests for one in sought)
    return [*([machine] if by_machine else []), *named, *chosen]


def try_fresh(mutant: Mutant | None, mutants: tuple[Mutant, ...], machine: str, side: str) -> tuple[bool, bool, str]:
    """Whether it runs, whether the tests pass, and their output: on a fresh copy with this fault.

    Without a `side` the mutants name their tests.
    """
    with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
        copy = Path(folder)
        copy_project(COPIED if side else NAMED_COPIED, copy)
        if mutant is not None:
            plant(mutant, copy)
        passed, output = look(copy, *tests_of(mutant, mutants, machine, side))
        return "CompilerPanic" not in output, passed, output


def try_program(mutant: Mutant | None, mutants: tuple[Mutant, ...], copy: Path) -> tuple[bool, bool, str]:
    """The same for the program. One copy serves all mutants, so that only the first build takes long."""
    before = plant(mutant, copy) if mutant is not None else ""
    built, output = run_in(copy, ["tools/program", "--offline", "--no-idl"])
    passed = False
    if built:
        passed, output = look(copy, *tests_of(mutant, mutants, "tests/machine/test_all_agree.py", "program"))
    if mutant is not None:
        (copy / mutant.file).write_text(before)
    return built, passed, output


def hunt(what: str, mutants: tuple[Mutant, ...], attempt: Callable[[Mutant | None], tuple[bool, bool, str]]) -> bool:
    """Try the unchanged copy and every mutant; whether the first passes and all others are found."""
    print(f"{what}: what looks for faults on an unchanged copy ({EXAMPLES} examples), then the mutants", flush=True)
    _, passed, output = attempt(None)
    if not passed:
        print(output[-4000:])
        print("the unchanged copy fails: nothing can be said of the mutants")
        return False
    survivors = 0
    for mutant in mutants:
        started = time.monotonic()
        built, passed, output = attempt(mutant)
        found = built and not passed and FAILED.search(output) is not None
        survivors += not found
        verdict = "found" if found else "SURVIVED" if passed else "BROKE THE BUILD"
        print(f"{verdict:>15}  {mutant.name}  ({time.monotonic() - started:.0f} s)", flush=True)
        if not found:
            print(output[-2000:])
    print(f"{len(mutants) - survivors} of {len(mutants)} found", flush=True)
    return survivors == 0


def main() -> int:
    """Run all, or those that are named; 0 when the unchanged copies pass and every mutant is found."""
    asked = argparse.ArgumentParser(description="Plant faults and see that a test finds each.")
    asked.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; else all")
    asked.add_argument("--only", default="", metavar="TEXT", help="those whose name or incident contains it")
    options = asked.parse_args()
    if unknown := sorted(set(options.kinds) - set(KINDS)):
        asked.error(f"no such kind: {', '.join(unknown)}")
    chosen = {
        kind: tuple(one for one in KINDS[kind] if options.only in f"{one.name} {one.incident}")
        for kind in options.kinds or KINDS
    }
    if not any(chosen.values()):
        asked.error(f"no such mutant: {options.only}")
    for kind, mutants in chosen.items():
        print(f"{kind}: {len(mutants)} mutants to plant", flush=True)
    good = True
    for kind, mutants in chosen.items():
        if not mutants:
            continue
        if kind != "program":
            machine = "tests/machine/test_evm_agrees.py" if kind == "contracts" else ""
            side = "" if kind == "unnoticed" else kind
            good &= hunt(kind, mutants, partial(try_fresh, mutants=mutants, machine=machine, side=side))
            continue
        with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
            copy = Path(folder)
            copy_project(PROGRAM_COPIED, copy)
            good &= hunt(kind, mutants, partial(try_program, mutants=mutants, copy=copy))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
