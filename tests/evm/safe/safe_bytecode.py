"""The bytecode that the Safe team deployed, from its own npm package."""

import json
from functools import cache
from pathlib import Path

ARTIFACTS = Path(__file__).resolve().parents[3] / "node_modules/@safe-global/safe-contracts/build/artifacts/contracts"
PLACES = {
    "SafeL2": "SafeL2.sol",
    "SafeProxyFactory": "proxies/SafeProxyFactory.sol",
    "MultiSendCallOnly": "libraries/MultiSendCallOnly.sol",
    "CompatibilityFallbackHandler": "handler/CompatibilityFallbackHandler.sol",
}


def _code(contract: str, kind: str) -> bytes:
    artifact = json.loads((ARTIFACTS / PLACES[contract] / f"{contract}.json").read_text())
    return bytes.fromhex(artifact[kind][2:])


@cache
def canonical_runtime(contract: str) -> bytes:
    """The code that stands at a contract's canonical address."""
    return _code(contract, "deployedBytecode")


def creation_code(contract: str) -> bytes:
    """What deploys a contract; none of them takes arguments."""
    return _code(contract, "bytecode")
