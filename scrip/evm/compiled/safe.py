"""Safe 1.4.1: where its contracts stand on public chains, and the code that ape-safe carries for every other chain.

The canonical code is what the Safe team deployed at one address on every public chain. ape-safe's is the same source
built by the same compiler with its optimiser on, so its code hashes are others; it serves chains of one's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from eth_utils import keccak

from scrip.errors import ScripError

VERSION = "1.4.1"
PACKAGE, MANIFEST = "ape-safe", f"ape_safe/manifests/safe-v{VERSION}.json"

SAFE = "SafeL2"
"""The singleton that emits an event per transaction, as chains without tracing need. Its ABI is every Safe's."""
FACTORY = "SafeProxyFactory"
MULTISEND = "MultiSendCallOnly"
"""The batch that cannot delegate: a call inside it never runs as the Safe's own code."""
HANDLER = "CompatibilityFallbackHandler"
PACKAGED = (SAFE, FACTORY, MULTISEND)


@dataclass(frozen=True, slots=True)
class Canonical:
    """A contract as the Safe team deployed it: its label here, its address, the keccak-256 of its code."""

    label: str
    address: str
    code_hash: str


CANONICAL: Mapping[str, Canonical] = {
    SAFE: Canonical(
        "safe-singleton",
        "0x29fcb43b46531bca003ddc8fcb67ffe91900c762",
        "0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff",
    ),
    FACTORY: Canonical(
        "safe-factory",
        "0x4e1dcf7ad4e460cfd30791ccc4f9c8a4f820ec67",
        "0x50c3cdc4074750a7a974204a716c999edd37482f907608d960b2b025ee0b3317",
    ),
    MULTISEND: Canonical(
        "multisend",
        "0x9641d764fc13c8b624c04430c7356c1c7c8102e2",
        "0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939",
    ),
    HANDLER: Canonical(
        "safe-handler",
        "0xfd0732dc9e303f09fcef3a7388ad10a83459ec99",
        "0x7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9",
    ),
}


@cache
def _types() -> Mapping[str, Mapping[str, Any]]:
    try:
        path = Path(str(distribution(PACKAGE).locate_file(MANIFEST)))
        found: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["contractTypes"]
        return found
    except (PackageNotFoundError, OSError) as error:
        raise ScripError(f"{PACKAGE}, which carries Safe {VERSION}, is not installed: {error}") from None
    return found


def abi_entries(contract: str) -> Sequence[Mapping[str, Any]]:
    """The ABI of one of the packaged contracts."""
    entries: Sequence[Mapping[str, Any]] = _types()[contract]["abi"]
    return entries


def initcode(contract: str) -> bytes:
    """The code that deploys a packaged contract; none of them takes arguments."""
    return bytes.fromhex(_types()[contract]["deploymentBytecode"]["bytecode"].removeprefix("0x"))


def hash_of(code: bytes) -> str:
    """The keccak-256 of code, 0x-prefixed, as it is compared with the canonical one's."""
    return "0x" + keccak(code).hex()


def code_hashes(contract: str) -> frozenset[str]:
    """The keccak-256 of the code that a contract may have: the canonical one, and ape-safe's where it carries one."""
    hashes = {CANONICAL[contract].code_hash}
    if contract in PACKAGED:
        hashes.add(hash_of(bytes.fromhex(_types()[contract]["runtimeBytecode"]["bytecode"].removeprefix("0x"))))
    return frozenset(hashes)
