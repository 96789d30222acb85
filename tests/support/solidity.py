"""Solidity of others, compiled by npm's solc: peers to measure, and oracles to be compared with."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from scrip.errors import ScripError

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
OPTIMISER_RUNS = 200
COMPILE = """
const solc = require('solc'), fs = require('fs'), path = require('path');
const read = (file) => ({contents: fs.readFileSync(path.join(process.argv[1], file), 'utf8')});
process.stdout.write(solc.compile(fs.readFileSync(0, 'utf8'), {import: read}));
"""


@cache
def compiled(name: str, text: str, optimise: bool = True) -> dict[str, Any]:
    """ABI and bytecode of the contract `name`, whose imports are npm packages; ScripError.

    One that is only compared with needs no optimiser, which takes most of the time.
    """
    settings = {
        "optimizer": {"enabled": optimise, "runs": OPTIMISER_RUNS},
        "outputSelection": {f"{name}.sol": {name: ["abi", "evm.bytecode.object"]}},
    }
    job = {"language": "Solidity", "sources": {f"{name}.sol": {"content": text}}, "settings": settings}
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
    contract = out["contracts"][f"{name}.sol"][name]
    return {"abi": contract["abi"], "bytecode": contract["evm"]["bytecode"]["object"]}
