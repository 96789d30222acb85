"""The project's contracts, compiled by titanoboa's loader, which keeps what it compiled on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import boa
from boa.contracts.vyper.vyper_contract import VyperDeployer
from vyper.compiler.output import build_abi_output

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract: its ABI entries and the code that a deployment runs."""

    deployer: VyperDeployer
    abi: Sequence[Mapping]
    initcode: bytes


def source(contract: str) -> Path:
    """Where a deployable contract, or a mock, stands."""
    path = CONTRACTS / f"{contract}.vy"
    return path if path.is_file() else CONTRACTS / "mocks" / f"{contract}.vy"


@cache
def artifact(contract: str) -> Artifact:
    """A contract by name, compiled once per process and source."""
    deployer = boa.load_partial(str(source(contract)))
    data = deployer.compiler_data
    return Artifact(deployer, build_abi_output(data), data.bytecode)
