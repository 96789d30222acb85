"""Prove what tests/halmos says of the real bytecode, and show that each proof fails on a planted fault.

    tools/halmos.py [NAME ...] [--json FILE]

Contracts are compiled by Vyper, deployed in revm so that their immutables are in place, and put into a Solidity
harness; halmos runs the harness symbolically. A proof without a time-out on the sources as they are, and a
counterexample on the fault, is what counts. Exit 1 when one is missing. Takes half an hour; part of ``make campaign``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from halmos_proofs import PROOFS, SIGNED, Case, Proof
from setup import ROOT, own_environment

HARNESS = ROOT / "tests" / "halmos"
REQUIREMENTS = ROOT / "requirements" / "halmos.txt"
LICENCE = "// SPDX-License-Identifier: AGPL-3.0-only\npragma solidity ^0.8.24;\n"
SECONDS = 1_800
"""What one proof may take."""
LOOPS = 5
"""Turns of a loop followed: an account has four lock-ups at most. A proof that meets a longer loop is bounded."""
MOVED = {entry for proof in PROOFS if proof.cases for entry in proof.entries}
"""Functions that are proved case by case."""
DYNAMIC = {"string": 32, "bytes": 65}
"""Bytes of an argument of any length."""


@dataclass(frozen=True)
class Verdict:
    """What came of a proof: "proved", "bounded" (but for longer loops), "disproved" or "undecided"; how many checks it
    is made of, and whether the planted fault was found."""

    property: str
    result: str
    checks: int
    seconds: int
    mutant_killed: bool


def environment() -> Path:
    """The prover's own Python, made in the cache once."""
    return own_environment("halmos", REQUIREMENTS)


# Runs in a process of its own, so that the sources beside it are what is compiled.
DEPLOY = """
import json, sys
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.local.revm_chain import RevmChain

chain = RevmChain(1_700_000_000)
at = lambda number: f"0x{number:040x}"
ROLES, ACTIONS, FEED = at(0xA1), at(0xA3), at(0xA4)
rest = chain.deploy("RegistryExtension", ROLES, sender="deployer").address
registry = chain.deploy("ComplianceRegistry", ROLES, rest, sender="deployer").address
parts = (0, ROLES, registry, ACTIONS, FEED)
extension = chain.deploy("StockExtension", *parts, sender="deployer").address
stock = chain.deploy("StockToken", *parts, extension, sender="deployer").address
code = lambda address: bytes(chain.evm.get_code(address)).hex()
abi = [*artifact("StockToken").abi, *artifact("StockExtension").abi]
locks = artifact("StockToken").layout["storage_layout"]["token_storage"]["locks"]["slot"]
found = {"locks": locks, "roles": ROLES, "feed": FEED, "registry_address": registry, "extension_address": extension}
codes = {"stock": code(stock), "extension": code(extension), "registry": code(registry)}
json.dump(found | codes | {"abi": list(abi)}, sys.stdout)
"""


def deployed(sources: Path) -> dict[str, Any]:
    """The runtime code of the contracts of a tree, immutables in place, and the ABI of both halves of a stock."""
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DEPLOY],
        cwd=sources,
        env={**os.environ, "PYTHONPATH": str(sources)},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise RuntimeError(f"the contracts do not deploy: {made.stderr.strip().splitlines()[-1]}")
    return json.loads(made.stdout)


def harness(found: Mapping[str, Any], folder: Path, hunting: bool = False) -> None:
    """A project for halmos: the properties, the code, and the stock's interface in Solidity.

    When `hunting` for a planted fault, entries are asked about fewer states: the account that a call names first is the
    victim, of whose units none is frozen or locked. A counterexample among them is one.
    """
    tests = folder / "test"
    tests.mkdir(parents=True)
    shutil.copy(HARNESS / "Stock.t.sol", tests)
    functions = {_signature(one): one for one in found["abi"] if one["type"] == "function"}
    (tests / "Code.sol").write_text(_code(found))
    (tests / "Entries.t.sol").write_text(_entries(functions, hunting))
    (tests / "Movements.t.sol").write_text(_movements())
    body = "\n".join(f"    {_declared(one)}" for one in functions.values())
    (tests / "IStock.sol").write_text(f"{LICENCE}\ninterface IStock {{\n{body}\n}}\n")


def writers(functions: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The functions that a proof about entries must speak of: those that write, on no signature; by signature."""
    return {
        signature: entry
        for signature, entry in functions.items()
        if entry["stateMutability"] not in {"view", "pure"} and entry["name"] not in SIGNED
    }


def _entries(functions: Mapping[str, Mapping[str, Any]], hunting: bool) -> str:
    """A contract with a check for each function that writes: any arguments, strings of one length."""
    checks = []
    for signature, entry in writers(functions).items():
        if entry["name"] in MOVED:
            continue
        name = f"check_no_path_{entry['name']}_{len(entry['inputs'])}"
        arguments = [_any(one["type"], f"argument{place}") for place, one in enumerate(entry["inputs"])]
        if hunting and [one["type"] for one in entry["inputs"][:1]] == ["address"]:
            arguments[0] = "uint256(uint160(victim))"
        call = ", ".join([f'bytes4(keccak256("{signature}"))', *arguments])
        body = f"{'nothing_held(victim); ' if hunting else ''}no_path(caller, victim, abi.encodeWithSelector({call}));"
        checks.append(f"    function {name}(address caller, address victim) public {{ {body} }}")
    head = f'{LICENCE}\nimport {{AnyEntry}} from "./Stock.t.sol";\n\n'
    return head + "contract Entries is AnyEntry {\n" + "\n".join(checks) + "\n}\n"


def _movements() -> str:
    """A contract with a check for each case of each proof that has cases."""
    checks = []
    for proof in PROOFS:
        for case in proof.cases:
            (entry,) = proof.entries
            to, more = ("from", "") if case.to_itself else ("to", ", address to")
            given = f"address caller, address from{more}, address third, uint256 amount"
            state = f"Case({_flags(case)}, {case.lockups}, {2 if case.policy is None else case.policy})"
            differ = "" if case.to_itself else "vm.assume(from != to); "
            body = f"{differ}{entry}(caller, from, {to}, third, amount, {state});"
            checks.append(f"    function check_{proof.name}_{case.name}({given}) public {{ {body} }}")
    head = f'{LICENCE}\nimport {{AnyMovement}} from "./Stock.t.sol";\n\n'
    return head + "contract Movements is AnyMovement {\n" + "\n".join(checks) + "\n}\n"


def _flags(case: Case) -> str:
    """Which of the flags PARTIAL (1) and LOCKED (2) are given, and what they are."""
    flags = ((case.partial, 1), (case.locked, 2))
    return f"{sum(bit for flag, bit in flags if flag is not None)}, {sum(bit for flag, bit in flags if flag)}"


def _any(kind: str, name: str) -> str:
    if kind in DYNAMIC:
        return f'svm.createBytes({DYNAMIC[kind]}, "{name}")'
    return f'svm.createUint256("{name}")'


def _code(found: Mapping[str, Any]) -> str:
    """A Solidity library of addresses and runtime codes."""
    lines = [
        f"address constant {name.partition('_')[0].upper()} = address(uint160({int(found[name], 16)}));"
        for name in ("roles", "feed", "registry_address", "extension_address")
    ]
    lines += [
        f'function {name}() internal pure returns (bytes memory) {{ return hex"{found[name]}"; }}'
        for name in ("stock", "extension", "registry")
    ]
    lines.append(f"uint256 constant LOCKS = {found['locks']};")
    body = "\n".join(lines)
    return f"{LICENCE}\nlibrary Code {{\n{body}\n}}\n"


def _signature(entry: Mapping[str, Any]) -> str:
    return f"{entry['name']}({','.join(one['type'] for one in entry['inputs'])})"


def _declared(entry: Mapping[str, Any]) -> str:
    def typed(one: Mapping[str, Any], place: str) -> str:
        memory = one["type"] in ("string", "bytes") or one["type"].endswith("]")
        return f"{one['type']} {place}".strip() if memory else one["type"]

    inputs = ", ".join(typed(one, "calldata") for one in entry["inputs"])
    outputs = ", ".join(typed(one, "memory") for one in entry["outputs"])
    kind = "" if entry["stateMutability"] == "nonpayable" else f" {entry['stateMutability']}"
    return f"function {entry['name']}({inputs}) external{kind}" + (f" returns ({outputs});" if outputs else ";")


def prove(proof: Proof, sources: Path, home: Path, hunting: bool = False) -> list[Mapping[str, Any]]:
    """Run one property on the contracts of a tree: halmos's results of its checks."""
    with tempfile.TemporaryDirectory(prefix="scrip-halmos-") as scratch:
        folder = Path(scratch)
        harness(deployed(sources), folder, hunting)
        report = folder / "report.json"
        solver = f"{home / 'bin' / 'python'} {HARNESS / 'solve.py'}"
        command = [home / "bin" / "halmos", "--root", folder, "--contract", proof.contract]
        command += ["--match-test", proof.checks, "--storage-layout", "generic", "--solver-command", solver]
        command += ["--loop", LOOPS, "--solver-timeout-branching", f"{proof.branching}ms", "--early-exit"]
        command += ["--solver-timeout-assertion", f"{SECONDS}s", "--json-output", report]
        # One of its own processes beside the explorer's, which is one.
        command += ["--solver-threads", 1]
        paths = f"{HARNESS / 'bin'}:{home / 'bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": paths, "SCRIP_NODE_MODULES": str(ROOT / "node_modules")}
        ran = subprocess.run(
            [str(part) for part in command],
            env=environment, capture_output=True, text=True, timeout=SECONDS * 2, check=False,
        )  # fmt: skip
        if not report.is_file():
            raise RuntimeError(f"halmos does not run: {(ran.stdout + ran.stderr).strip()[-2000:]}")
        results = [one for ones in json.loads(report.read_text())["test_results"].values() for one in ones]
    if not proof.is_complete(len(results)):
        raise RuntimeError(f"halmos ran {len(results)} tests for {proof.name}: {ran.stdout[-2000:]}")
    return results


def judged(results: Sequence[Mapping[str, Any]]) -> str:
    """The worst that came of halmos's checks: one counterexample disproves, one without an answer leaves all open."""
    codes = {one["exitcode"] for one in results}
    if 1 in codes:
        return "disproved"
    if codes != {0}:
        return "undecided"
    return "bounded" if any(one["num_bounded_loops"] for one in results) else "proved"


def finds(proof: Proof, results: Sequence[Mapping[str, Any]]) -> bool:
    """Whether checks of the planted fault find it: with cases each of them, so that none is proved of nothing."""
    found = [one["exitcode"] == 1 for one in results]
    return all(found) if proof.cases else any(found)


def faulty(proof: Proof, scratch: Path) -> Path:
    """A copy of the sources with the proof's fault in it."""
    for name in ("contracts", "scrip"):
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    target = scratch / proof.file
    text = target.read_text()
    if text.count(proof.before) != 1:
        raise RuntimeError(f"{proof.file}: the line of {proof.name}'s fault stands {text.count(proof.before)} times")
    target.write_text(text.replace(proof.before, proof.after))
    return scratch


def verdict(proof: Proof, home: Path) -> Verdict:
    """Prove it, then have its fault found."""
    started = time.monotonic()
    results = prove(proof, ROOT, home)
    seconds = round(time.monotonic() - started)
    with tempfile.TemporaryDirectory(prefix="scrip-fault-") as scratch:
        found = finds(proof, prove(proof, faulty(proof, Path(scratch)), home, hunting=True))
    return Verdict(proof.name, judged(results), len(results), seconds, found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*(proof.name for proof in PROOFS), []])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    home = environment()
    verdicts = []
    for proof in PROOFS:
        if not arguments.names or proof.name in arguments.names:
            verdicts.append(verdict(proof, home))
            print(f"{proof.name}: {verdicts[-1].result} by {verdicts[-1].checks} checks in {verdicts[-1].seconds} s, "
                  f"its fault {'found' if verdicts[-1].mutant_killed else 'NOT found'}", flush=True)  # fmt: skip
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(one) for one in verdicts], indent=2, sort_keys=True) + "\n")
    return 0 if all(one.result == "proved" and one.mutant_killed for one in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
