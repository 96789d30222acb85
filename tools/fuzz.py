"""Draw sequences of instructions against the Solana program, and hold the chain to books of its own (`programs/fuzz`).

    tools/fuzz.py [--instructions N] [--seed N] [--sequence N] [--json FILE]
    tools/fuzz.py --faults [--only TEXT] [--json FILE]

A run is told by its seed, a sequence of it by its number: ``--seed S --sequence N`` plays that one again and says each
step. What breaks a sentence is made as short as it can be, and shown. ``--faults`` plants faults in the program
(``mutants_fuzz.py``) and says after how many instructions each is found. The first build takes minutes: a cluster's
whole runtime is compiled, which is why `make test` runs none of it. Exit 1 when anything is found, or a fault is not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants import PROGRAM_FILES, copy_project, plant, run_in
from mutants_fuzz import FAULTS
from mutants_planted import Mutant
from rust import pinned_toolchain

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "programs" / "fuzz" / "Cargo.toml"
TARGET = ROOT / "target" / "fuzz"
PROGRAM, IDL = ROOT / "target" / "deploy" / "stock_token.so", ROOT / "target" / "idl" / "stock_token.json"
SOUGHT = 60_000
"""Instructions that a fault is looked for with."""


def built() -> Path:
    """The fuzzer, built by the toolchain that builds the program. Its first build compiles a runtime."""
    command = ["cargo", f"+{pinned_toolchain()}", "build", "--release", "--locked", "--quiet"]
    command += ["--manifest-path", str(MANIFEST), "--target-dir", str(TARGET)]
    if subprocess.run(command, cwd=ROOT, env=os.environ | {"CARGO_INCREMENTAL": "0"}, check=False).returncode != 0:
        sys.exit("fuzz: the fuzzer does not build")
    return TARGET / "release" / "fuzz"


def run(fuzzer: Path, *words: str, program: Path = PROGRAM) -> int:
    """Run the fuzzer on a program; its exit code."""
    command = [str(fuzzer), "--program", str(program), "--idl", str(IDL), *words]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def sought(fuzzer: Path, fault: Mutant, copy: Path) -> dict[str, object]:
    """A fault, planted in a copy of the program: the sentence that it breaks, and after how many instructions."""
    before = plant(fault, copy)
    done, output = run_in(copy, ["tools/program", "--offline", "--no-idl"])
    (copy / fault.file).write_text(before)
    if not done:
        print(output[-2000:])
        return {"name": fault.name, "found": False, "sentence": "it does not build", "instructions": 0}
    report = copy / "figures.json"
    program = copy / "target" / "deploy" / PROGRAM.name
    run(fuzzer, "--instructions", str(SOUGHT), "--seed", "7", "--json", str(report), program=program)
    figures = json.loads(report.read_text())
    report.unlink()
    first = (figures["found"] or [{"sentence": "", "instructions": figures["instructions"], "shortest": 0}])[0]
    return {
        "name": fault.name,
        "found": bool(figures["found"]),
        "sentence": first["sentence"].split(": ", 1)[-1][:120],
        "instructions": first["instructions"],
        "shortest": first["shortest"],
    }


def faults(fuzzer: Path, only: str) -> list[dict[str, object]]:
    """Every planted fault, tried. One copy of the project serves all, so that only the first build takes long."""
    found = []
    with tempfile.TemporaryDirectory(prefix="scrip-fuzz-") as folder:
        copy = Path(folder)
        copy_project((*PROGRAM_FILES, "tools", "tests/vectors"), copy)
        for fault in (one for one in FAULTS if only in one.name):
            told = sought(fuzzer, fault, copy)
            print(f"{'found' if told['found'] else 'SURVIVED':>10}  {fault.name}: {told['instructions']} instructions")
            found.append(told)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instructions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sequence", type=int)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--only", default="", metavar="TEXT")
    options = parser.parse_args()
    fuzzer = built()
    if options.faults:
        tried = faults(fuzzer, options.only)
        if options.json:
            options.json.write_text(json.dumps(tried, indent=2, sort_keys=True) + "\n")
        return 0 if tried and all(one["found"] for one in tried) else 1
    words = ["--instructions", str(options.instructions), "--seed", str(options.seed)]
    words += ["--sequence", str(options.sequence)] if options.sequence is not None else []
    words += ["--json", str(options.json.resolve())] if options.json else []
    return run(fuzzer, *words)


if __name__ == "__main__":
    sys.exit(main())
