"""The code of a contract against the build, byte by byte, its immutables by name.

Vyper keeps immutables behind the runtime code, so the two are told apart: code that differs is another contract, an
immutable that differs is the right contract wired to the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eth_utils import keccak

from scrip.evm.compiled.artifacts import Artifact
from scrip.evm.compiled.layout import entries
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.blueprint import BLUEPRINT_PREFIX
from scrip.evm.encoding.words import encode
from scrip.reports.findings import Finding

Value = str | bytes | int
"""What an immutable may hold, an address as text."""

DELEGATION = bytes.fromhex("ef0100")
"""EIP-7702: the code of a key that acts as another contract. Its holder still signs for it."""
DELEGATION_LENGTH = 23
DOMAIN_TYPE = keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")


@dataclass(frozen=True, slots=True)
class Immutable:
    """A value behind the runtime code: `module.NAME`, where it starts there, how long it is, its type."""

    name: str
    offset: int
    length: int
    type: str


def immutables(artifact: Artifact) -> list[Immutable]:
    """A contract's immutables in their order."""
    rows = entries(artifact.layout.get("code_layout", {}))
    found = (Immutable(name, row["offset"], row["length"], row["type"]) for name, row in rows)
    return sorted(found, key=lambda one: one.offset)


def code_size(artifact: Artifact) -> int:
    """Bytes of a contract on the chain, immutables included."""
    return len(artifact.runtime) + max((one.offset + one.length for one in immutables(artifact)), default=0)


def encoded(value: Value, length: int) -> bytes:
    """An immutable as Vyper keeps it: a word, or a length and its bytes."""
    if isinstance(value, str) and not value.startswith("0x"):
        return (len(value).to_bytes(32) + value.encode()).ljust(length, b"\0")
    if isinstance(value, str):
        return bytes.fromhex(value[2:]).rjust(length, b"\0")
    return (value if isinstance(value, bytes) else int(value).to_bytes(32)).ljust(length, b"\0")


def domain(name: str, version: str, chain_id: int, address: str) -> dict[str, Value]:
    """The immutables of snekmate's EIP-712 domain for a contract at an address."""
    hashed = keccak(text=name), keccak(text=version)
    types = ("bytes32", "bytes32", "bytes32", "uint256", "address")
    return {
        "domain._CACHED_DOMAIN_SEPARATOR": keccak(encode(types, (DOMAIN_TYPE, *hashed, chain_id, address))),
        "domain._CACHED_CHAIN_ID": chain_id,
        "domain._CACHED_SELF": address,
        "domain._NAME": name,
        "domain._HASHED_NAME": hashed[0],
        "domain._VERSION": version,
        "domain._HASHED_VERSION": hashed[1],
    }


def is_key(code: bytes) -> bool:
    """Whether an account with this code acts on one key's signature: it has none, or it delegates by EIP-7702."""
    return not code or delegate(code) != ""


def delegate(code: bytes) -> str:
    """The contract that a key delegates to by EIP-7702; "" for any other code."""
    if len(code) == DELEGATION_LENGTH and code.startswith(DELEGATION):
        return "0x" + code[len(DELEGATION) :].hex()
    return ""


def described(code: bytes) -> str:
    """What kind of account has this code."""
    if to := delegate(code):
        return f"a key that delegates to {to} (EIP-7702)"
    return f"code with the hash 0x{keccak(code).hex()}, {len(code)} bytes" if code else "no code"


def compare(field: str, code: bytes, artifact: Artifact, values: Mapping[str, Value]) -> Iterator[Finding]:
    """Where the code of a contract differs from its artifact with these immutables.

    An immutable without a value here is told apart as not proven.
    """
    length = len(artifact.runtime)
    if len(code) != code_size(artifact) or code[:length] != artifact.runtime:
        yield Finding(field, f"{artifact.name} as built, {code_size(artifact)} bytes", described(code), "critical")
        return
    for one in immutables(artifact):
        found = code[length + one.offset : length + one.offset + one.length]
        place = f"{field}.{one.name.rpartition('.')[2]}"
        if one.name not in values:
            yield Finding(place, "a value that the audit knows", shown(found, one), "unproven")
        elif found != (wanted := encoded(values[one.name], one.length)):
            yield Finding(place, shown(wanted, one), shown(found, one), "critical")


def immutable_address(code: bytes, artifact: Artifact, name: str) -> str:
    """The address that a contract of this artifact carries as an immutable; the zero address in other code."""
    place = next(one for one in immutables(artifact) if one.name == name)
    found = code[len(artifact.runtime) + place.offset :][: place.length]
    return "0x" + found[-20:].hex() if len(code) == code_size(artifact) else ZERO_ADDRESS


def compare_blueprint(field: str, code: bytes, artifact: Artifact) -> Iterator[Finding]:
    """Where the code at an address differs from the ERC-5202 blueprint of an artifact."""
    if code != BLUEPRINT_PREFIX + artifact.initcode:
        yield Finding(field, f"the blueprint of {artifact.name} as built", described(code), "critical")


def shown(value: bytes, immutable: Immutable) -> str:
    """An immutable for people: an address, a number or hex."""
    if immutable.type.startswith("uint"):
        return str(int.from_bytes(value))
    if immutable.length == 32 and not immutable.type.startswith("bytes"):
        return "0x" + value[-20:].hex()
    return "0x" + value.hex()
