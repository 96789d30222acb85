"""The issuer's quote as EIP-712 typed data."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils import keccak

SIDES = {"mint": 0, "redeem": 1}
DOMAIN, VERSION = "Scrip PrimaryMarket", "1"
DOMAIN_FIELDS = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
QUOTE_TYPES = ("address", "uint8", "address", "address", "uint256", "uint256", "uint256", "bytes32", "uint256")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it is signed, in the contract's order. Amount and settlement are in the smallest units."""

    token: str
    side: int
    account: str
    stablecoin: str
    amount: int
    settlement: int
    generation: int
    id: bytes
    expiry: int

    def values(self) -> tuple[Any, ...]:
        """The struct as the ABI takes it."""
        return astuple(self)


def typed_message(quote: Quote, chain_id: int, market: str) -> dict[str, Any]:
    """The full typed message that a QUOTE_SIGNER signs, bound to one chain and one market."""
    names = [entry.name for entry in fields(Quote)]
    return {
        "domain": {
            "name": DOMAIN,
            "version": VERSION,
            "chainId": chain_id,
            "verifyingContract": market,
        },
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "Quote": [{"name": name, "type": kind} for name, kind in zip(names, QUOTE_TYPES, strict=True)],
        },
        "primaryType": "Quote",
        "message": dict(zip(names, quote.values(), strict=True)),
    }


def digest(quote: Quote, chain_id: int, market: str) -> bytes:
    """The 32 bytes that a QUOTE_SIGNER signs: EIP-712 of the typed message."""
    return digest_of(typed_message(quote, chain_id, market))


def digest_of(typed: dict[str, Any]) -> bytes:
    """The 32 bytes that stand for a full typed message."""
    signable = encode_typed_data(full_message=typed)
    return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))
