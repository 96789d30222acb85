"""The long tests, and their last figures in tests/snapshots/campaign.json (``make campaign``).

    tools/campaign.py [PART ...] [--scale FACTOR]

Parts: machine_evm, machine_all, state, counts, coherence, market, redemption, subscriptions, laws, sigkill,
sigkill_solana, halmos, mutants, custodian, mint_bound, fuzz, fuzz_faults, and of the register paging, merkle, duckdb,
polars, spark, linear; all of them without a name. A part's figures replace its last ones, the others stay; each says
of which commit it is. New examples are drawn at every run.
FACTOR shortens or lengthens the random parts: 1 takes hours on two cores. Exit 1 when a part fails; it is noted too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "snapshots" / "campaign.json"
RULE = re.compile(r"^ {2}(\w+) +(\d+) \((\d+)\)$")
"""A line of the machines' reports: the rule, how often it was carried out, how often refused."""
KILLS = re.compile(r"(?:of each of|killed) (\d+) t(?:ransactions|imes)")
"""How often a run was killed, in the reports of the tests that kill."""
FOUND = re.compile(r"^ *found  .+ \(\d+ s\)$", re.MULTILINE)
"""A verdict of tools/mutants.py, which shows what tests print, too."""
PLANNED = re.compile(r"^\w+: (\d+) mutants to plant$", re.MULTILINE)
"""How many it was about to plant, of each kind: told before the first, for a run that ends before the last."""


@dataclass(frozen=True)
class Random:
    """Property tests: how many examples at scale 1, of how many steps, and the variables that say so."""

    tests: tuple[str, ...]
    examples: int
    steps: int
    variables: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)


RANDOM = {
    "machine_evm": Random(("tests/machine/test_evm_agrees.py",), 4_000, 30, ("SCRIP_MACHINE_EXAMPLES",)),
    "machine_all": Random(("tests/machine/test_all_agree.py",), 500, 30, ("SCRIP_MACHINE_ALL_EXAMPLES",)),
    "state": Random(("tests/machine/test_state_is_read.py",), 400, 30, ("SCRIP_STATE_EXAMPLES",)),
    "counts": Random(("tests/contracts/registry/test_holder_counts.py",), 400, 14, ("SCRIP_COUNTS_EXAMPLES",)),
    "market": Random(("tests/contracts/market/test_market_machine.py",), 400, 20, ("SCRIP_MARKET_EXAMPLES",)),
    "redemption": Random(("tests/machine/test_redemption_agrees.py",), 400, 40, ("SCRIP_REDEMPTION_EXAMPLES",)),
    "subscriptions": Random(("tests/machine/test_subscriptions_agree.py",), 400, 50, ("SCRIP_SUBSCRIPTION_EXAMPLES",)),
    "coherence": Random(
        ("tests/contracts/registry/test_coherence.py",),
        200,
        60,
        ("SCRIP_COHERENCE_EXAMPLES",),
        {"SCRIP_COHERENCE_STEPS": "60"},
    ),
}


def pytest(*arguments: str, **variables: str) -> tuple[int, list[str], dict[str, int]]:
    """Failures of a run, the summaries that its tests reported, and what it counted by rule."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=False)
        if not report.is_file():
            return max(done.returncode, 1), [], {}
        suite = xml.parse(report).getroot().find("testsuite")
    if suite is None:
        return max(done.returncode, 1), [], {}
    summaries = [one.get("value", "") for one in suite.iter("property") if one.get("name") == "summary"]
    rules: dict[str, int] = {}
    for line in "\n".join(summaries).splitlines():
        if found := RULE.match(line):
            rules[found[1]] = rules.get(found[1], 0) + int(found[2])
    failures = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return failures if done.returncode in (0, 1) else max(failures, 1), summaries, dict(sorted(rules.items()))


def random(name: str, scale: float) -> dict[str, Any]:
    """A machine, at length."""
    part = RANDOM[name]
    examples = max(2, round(part.examples * scale))
    started = time.monotonic()
    variables = dict.fromkeys(part.variables, str(examples)) | dict(part.more)
    failures, _, rules = pytest(*part.tests, SCRIP_EXPLORE="1", **variables)
    seconds = round(time.monotonic() - started)
    return {"runs": {"tool": "hypothesis", "examples": examples, "steps": part.steps, "seconds": seconds,
                     "rules": rules, "failures": failures}}  # fmt: skip


def laws(scale: float) -> dict[str, Any]:
    """Every property test of the contracts and the model, on examples that were never drawn before."""
    started = time.monotonic()
    tests = ("tests/model", "tests/contracts/token", "tests/contracts/registry")
    failures, _, _ = pytest(*tests, SCRIP_EXPLORE="1", SCRIP_LAWS_FACTOR=str(max(1, round(20 * scale))))
    seconds = round(time.monotonic() - started)
    return {"runs": {"tool": "hypothesis", "examples": 0, "steps": 0, "seconds": seconds, "rules": {},
                     "failures": failures}}  # fmt: skip


def sigkill(tests: str) -> dict[str, Any]:
    """A process killed at every point of every transaction of a deployment and of an onboarding, on a kind of chain."""
    started = time.monotonic()
    failures, summaries, rules = pytest("-m", "campaign", tests)
    seconds = round(time.monotonic() - started)
    points = sum(int(number) for text in summaries for number in KILLS.findall(text))
    return {"runs": {"tool": "sigkill", "examples": points, "steps": 0, "seconds": seconds, "rules": rules,
                     "failures": failures}}  # fmt: skip


def _figures(*words: str, **variables: str) -> Any:
    """What a command writes with --json; None where it did not run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "figures.json"
        call = [sys.executable, *words, "--json", str(report)]
        subprocess.run(call, cwd=ROOT, env=os.environ | variables, check=False)
        return json.loads(report.read_text()) if report.is_file() else None


def halmos(_: float) -> dict[str, Any]:
    """The proofs, by property."""
    found = _figures("tools/halmos.py") or []
    return {"halmos": {one.pop("property"): one | {"proved": int(one.pop("result") == "proved")} for one in found}}


def mutants(_: float) -> dict[str, Any]:
    """The planted faults: in the model, the contracts, the program and what tests once passed on."""
    done = subprocess.run(
        [sys.executable, "tools/mutants.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    print(done.stdout)
    return {"mutants": judged(done.stdout)}


def judged(report: str) -> dict[str, int]:
    """How many faults were planted and found, of a report of tools/mutants.py. One that was not tried is not found."""
    planted, killed = sum(map(int, PLANNED.findall(report))), len(FOUND.findall(report))
    return {"planted": planted, "killed": killed, "surviving": planted - killed}


CUSTODIAN = (
    ("model", False, 3_500),
    ("model", True, 3_500),
    ("evm", False, 150),
    ("evm", True, 150),
    ("solana", True, 100),
)
"""Where the simulated custodian attacks: on which ledger, whether its source says its basis, in how many histories."""


def custodian(scale: float) -> dict[str, Any]:
    """Random histories of a simulated custodian against the model, and a share of them against each kind of chain."""
    total, mints = {"examples": 0, "mints": 0, "overissued": 0}, dict.fromkeys(("model", "evm", "solana"), 0)
    for where, attested, histories in CUSTODIAN:
        words = ["--on", where, "--histories", str(max(2, round(histories * scale))), "--seed", str(time.time_ns())]
        found = _custodian("attack", *words, "--widen", f"attested={attested}".lower())
        if not found:
            return {"custodian": {}}
        total = {name: count + found[name] for name, count in total.items()}
        mints[where] += found["mints"]
    return {"custodian": total | {"mints_on": mints}}


def mint_bound(scale: float) -> dict[str, Any]:
    """The bound on mints, by exhaustion of a small domain on the model: proved there once every case of it is played.

    The planted fault is a law that goes by the clock instead of by two readings.
    """
    every = str(max(1, round(1 / scale)))
    found = _custodian("exhaust", "--on", "model", "--every", every)
    planted = _custodian("exhaust", "--on", "reference", "--every", "97", "--rule", "window=0")
    if not found or not planted:
        return {"halmos": {"mint_bound": {"method": "exhaustion"}}}
    verdict = {
        "method": "exhaustion",
        "proved": int(found["cases"] == found["of"] and not found["overissued"]),
        "mutant_killed": planted["overissued"] > 0,
    }
    return {"halmos": {"mint_bound": found | verdict}}


def _custodian(command: str, *words: str) -> dict[str, Any]:
    """The figures of a command of tests/custodian; none where it did not run."""
    path = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
    return dict(_figures("-m", f"custodian.{command}", *words, PYTHONPATH=path) or {})


FUZZED = 1_000_000
"""Instructions that are drawn against the Solana program at scale 1."""


def fuzz(scale: float) -> dict[str, Any]:
    """Instructions drawn against the Solana program's binary; fuzz_faults are planted faults that it has to find."""
    count, seed = max(1_000, round(FUZZED * scale)), time.time_ns() % 2**32
    return {"fuzz": _figures("tools/fuzz.py", "--instructions", str(count), "--seed", str(seed)) or {}}


def fuzz_faults(_: float) -> dict[str, Any]:
    """Faults planted in the Solana program: which of them the fuzzer finds, and after how many instructions."""
    return {"fuzz": {"faults": _figures("tools/fuzz.py", "--faults") or []}}


REGISTER = ("paging", "merkle", "duckdb", "polars", "spark", "linear")
"""The parts of tools/holders_bench.py: pages and trees, and the register at its size on each engine."""
AT_SIZE = ("holders", "merkle", "paging")
"""What those are noted as."""


def register(part: str, scale: float) -> dict[str, Any]:
    """A part of the register's figures."""
    found = _figures("tools/holders_bench.py", part, "--scale", str(min(scale, 1.0)))
    return dict(found or {part if part in AT_SIZE else "holders": {}})


PARTS: dict[str, Callable[[float], dict[str, Any]]] = {
    **{name: lambda scale, name=name: random(name, scale) for name in RANDOM},  # type: ignore[misc]
    "laws": laws,
    "sigkill": lambda _: sigkill("tests/executor"),
    "sigkill_solana": lambda _: sigkill("tests/solana"),
    "halmos": halmos,
    "mutants": mutants,
    "custodian": custodian,
    "mint_bound": mint_bound,
    "fuzz": fuzz,
    "fuzz_faults": fuzz_faults,
    **{name: lambda scale, name=name: register(name, scale) for name in REGISTER},  # type: ignore[misc]
}


def commit() -> str:
    """The commit that is tested, "+" after it when files differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")


def note(name: str, found: dict[str, Any], tested: str) -> None:
    """Put a part's figures into the snapshot, in place of its last ones."""
    kept = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.is_file() else {"schema": 1, "runs": []}
    kept |= {"commit": tested, "machine": f"{os.cpu_count()} cores"}
    if "runs" in found:
        others = [one for one in kept["runs"] if one["name"] != name]
        kept["runs"] = sorted([*others, {"name": name, "commit": tested, **found["runs"]}], key=lambda one: one["name"])
    elif "halmos" in found:
        # The proofs and the exhaustion are two parts: each replaces its own, also by nothing where it did not run.
        mine = name == "mint_bound"
        others = {one: told for one, told in kept.get("halmos", {}).items() if (one == "mint_bound") != mine}
        kept["halmos"] = others | found["halmos"]
    elif "fuzz" in found:
        # The run and the planted faults are two parts as well.
        last = kept.get("fuzz", {})
        stays = {one: told for one, told in last.items() if (one == "faults") == (name == "fuzz")}
        kept["fuzz"] = stays | found["fuzz"] | ({"commit": tested} if name == "fuzz" else {})
    elif "holders" in found:
        kept["holders"] = kept.get("holders", {}) | found["holders"]
    else:
        kept |= found
    scratch = SNAPSHOT.with_suffix(".new")
    scratch.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    scratch.rename(SNAPSHOT)


def failed(found: dict[str, Any]) -> bool:
    """Whether a part found something wrong, or did not run."""
    if "runs" in found:
        return found["runs"]["failures"] > 0
    if "halmos" in found:
        return not found["halmos"] or not all(
            one.get("mutant_killed") and (not one["overissued"] if "overissued" in one else one["proved"])
            for one in found["halmos"].values()
        )
    if "fuzz" in found:
        told = found["fuzz"]
        if "faults" in told:
            return not told["faults"] or not all(one["found"] for one in told["faults"])
        return not told or told["failures"] > 0
    if "custodian" in found:
        return not found["custodian"] or found["custodian"]["overissued"] > 0
    if set(found) & set(AT_SIZE):
        # It brings what computes registers, which no other part needs.
        from holders_bench import missed

        return not all(found.values()) or bool(missed(found))
    return found["mutants"]["planted"] == 0 or found["mutants"]["killed"] < found["mutants"]["planted"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--scale", type=float, default=1.0)
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.parts) - set(PARTS)):
        parser.error(f"no such part: {', '.join(unknown)}")
    tested, bad = commit(), []
    for name in arguments.parts or PARTS:
        print(f"campaign: {name}", flush=True)
        found = PARTS[name](arguments.scale)
        note(name, found, tested)
        if failed(found):
            bad.append(name)
    print(f"campaign: {', '.join(bad)} FAILED" if bad else "campaign: nothing found", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
