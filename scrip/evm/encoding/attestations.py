"""A KYC provider's attestation as EIP-712 typed data."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any

from scrip.evm.encoding.quotes import DOMAIN_FIELDS, digest_of

TYPES = ("address", "uint64", "address", "uint16", "uint8", "uint256", "uint256", "uint256")
DOMAIN, VERSION = "Scrip ComplianceRegistry", "1"


@dataclass(frozen=True, slots=True)
class Attestation:
    """An attestation as it is signed, in the contract's order. Times are UTC seconds.

    `investor` is the registry's number.
    """

    provider: str
    investor: int
    wallet: str
    country: int
    investorClass: int
    expiry: int
    nonce: int
    deadline: int

    def values(self) -> tuple[Any, ...]:
        """The struct as the ABI takes it."""
        return astuple(self)


def digest(attestation: Attestation, chain_id: int, registry: str) -> bytes:
    """The 32 bytes that a KYC_PROVIDER signs: EIP-712 of the typed message."""
    return digest_of(typed_message(attestation, chain_id, registry))


def typed_message(attestation: Attestation, chain_id: int, registry: str) -> dict[str, Any]:
    """The full typed message that a KYC_PROVIDER signs, bound to one chain and one registry."""
    names = [entry.name for entry in fields(Attestation)]
    return {
        "domain": {"name": DOMAIN, "version": VERSION, "chainId": chain_id, "verifyingContract": registry},
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "Attestation": [{"name": name, "type": kind} for name, kind in zip(names, TYPES, strict=True)],
        },
        "primaryType": "Attestation",
        "message": dict(zip(names, attestation.values(), strict=True)),
    }
