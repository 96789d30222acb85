"""A peer: OpenZeppelin's ERC-20 with no compliance at all, compiled here: the floor for a transfer."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bench_chain import NODE_MODULES, BenchChain

from scrip.errors import ScripError

UNIT = 10**18
OPTIMISER_RUNS = 200
SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Plain is ERC20("Plain", "PLN") {
    function mint(address to, uint256 amount) external { _mint(to, amount); }
}
"""
COMPILE = """
const solc = require('solc'), fs = require('fs'), path = require('path');
const read = (file) => ({contents: fs.readFileSync(path.join(process.argv[1], file), 'utf8')});
process.stdout.write(solc.compile(fs.readFileSync(0, 'utf8'), {import: read}));
"""


def version() -> str:
    """The library's and the compiler's."""
    packages = ("@openzeppelin/contracts", "solc")
    found = {name: json.loads((NODE_MODULES / name / "package.json").read_text())["version"] for name in packages}
    return ", ".join(f"{name}@{number}" for name, number in found.items()) + f", optimiser {OPTIMISER_RUNS}"


def measure(chain: BenchChain) -> dict[str, int]:
    """Whole-transaction gas by case."""
    chain.learn_foreign("Plain", _compiled())
    token = chain.deploy("Plain", sender="agent")
    alice, bob = chain.address("alice"), chain.address("bob")
    chain.send(token, "mint", alice, 100 * UNIT, sender="agent")
    cases = {"mint.warm": chain.gas(token, "mint", alice, 100 * UNIT, sender="agent")}
    cases["transfer.new"] = chain.gas(token, "transfer", bob, UNIT, sender="alice")
    cases["transfer.warm"] = chain.gas(token, "transfer", bob, UNIT, sender="alice")
    chain.send(token, "approve", chain.address("carol"), 10 * UNIT, sender="alice")
    cases["transferFrom.warm"] = chain.gas(token, "transferFrom", alice, bob, UNIT, sender="carol")
    return cases


def _compiled() -> dict[str, Any]:
    """ABI and bytecode by npm's compiler."""
    settings = {
        "optimizer": {"enabled": True, "runs": OPTIMISER_RUNS},
        "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}},
    }
    job = {"language": "Solidity", "sources": {"Plain.sol": {"content": SOURCE}}, "settings": settings}
    run = subprocess.run(
        ["node", "-e", COMPILE, str(NODE_MODULES)],
        input=json.dumps(job),
        cwd=NODE_MODULES.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise ScripError(f"solc does not run: {run.stderr.strip()}")
    out = json.loads(run.stdout)
    errors = [entry["message"] for entry in out.get("errors", ()) if entry["severity"] == "error"]
    if errors:
        raise ScripError(f"solc: {errors[0]}")
    contract = out["contracts"]["Plain.sol"]["Plain"]
    return {"abi": contract["abi"], "bytecode": contract["evm"]["bytecode"]["object"]}
