"""A peer: OpenZeppelin's ERC-20 with no compliance at all, compiled here: the floor for a transfer."""

from __future__ import annotations

import json

from bench_chain import NODE_MODULES, BenchChain
from support.solidity import OPTIMISER_RUNS, compiled

UNIT = 10**18
SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Plain is ERC20("Plain", "PLN") {
    function mint(address to, uint256 amount) external { _mint(to, amount); }
}
"""


def version() -> str:
    """The library's and the compiler's."""
    packages = ("@openzeppelin/contracts", "solc")
    found = {name: json.loads((NODE_MODULES / name / "package.json").read_text())["version"] for name in packages}
    return ", ".join(f"{name}@{number}" for name, number in found.items()) + f", optimiser {OPTIMISER_RUNS}"


def measure(chain: BenchChain) -> dict[str, int]:
    """Whole-transaction gas by case."""
    chain.learn_foreign("Plain", compiled("Plain", SOURCE))
    token = chain.deploy("Plain", sender="agent")
    alice, bob = chain.address("alice"), chain.address("bob")
    chain.send(token, "mint", alice, 100 * UNIT, sender="agent")
    cases = {"mint.warm": chain.gas(token, "mint", alice, 100 * UNIT, sender="agent")}
    cases["transfer.new"] = chain.gas(token, "transfer", bob, UNIT, sender="alice")
    cases["transfer.warm"] = chain.gas(token, "transfer", bob, UNIT, sender="alice")
    chain.send(token, "approve", chain.address("carol"), 10 * UNIT, sender="alice")
    cases["transferFrom.warm"] = chain.gas(token, "transferFrom", alice, bob, UNIT, sender="carol")
    return cases
