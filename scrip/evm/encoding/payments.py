"""How a mint is paid, as the market takes it, and what a payer signs to the stablecoin: ERC-2612 and ERC-3009."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_account.messages import encode_typed_data

from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.quotes import DOMAIN_FIELDS
from scrip.instructions.market import Way

WAYS: Mapping[Way, int] = {"allowance": 0, "permit": 1, "authorization": 2}
KEY_BYTES = 65
"""How long a key's signature is: r, s and v."""
PERMIT = (
    ("owner", "address"),
    ("spender", "address"),
    ("value", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
AUTHORIZATION = (
    ("from", "address"),
    ("to", "address"),
    ("value", "uint256"),
    ("validAfter", "uint256"),
    ("validBefore", "uint256"),
    ("nonce", "bytes32"),
)


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays a mint and how; `signature` is 65 bytes to the stablecoin, `consent` what the payer signed of the quote.

    Either is empty where the way, or who calls, needs none.
    """

    payer: str
    way: Way
    signature: bytes = b""
    consent: bytes = b""

    def values(self) -> tuple[Any, ...]:
        """The struct as the ABI takes it."""
        r, s, v = self.signature[:32], self.signature[32:64], self.signature[64:]
        return self.payer, WAYS[self.way], int.from_bytes(v), r.ljust(32, b"\0"), s.ljust(32, b"\0"), self.consent


@dataclass(frozen=True, slots=True)
class CoinDomain:
    """The EIP-712 domain of a stablecoin that takes signatures."""

    name: str
    version: str
    chain_id: int
    coin: str

    @property
    def values(self) -> dict[str, Any]:
        """The domain as wallets take it."""
        values = (self.name, self.version, self.chain_id, self.coin)
        return dict(zip((name for name, _ in DOMAIN_FIELDS), values, strict=True))

    def hash(self) -> bytes:
        """What the domain hashes to."""
        nobody = authorization_message(self, ZERO_ADDRESS, ZERO_ADDRESS, 0, 0, bytes(32))
        return bytes(encode_typed_data(full_message=nobody).header)


def permit_message(
    domain: CoinDomain, owner: str, spender: str, value: int, nonce: int, deadline: int
) -> dict[str, Any]:
    """The full typed message by which an owner lets a spender move so much until a second, ERC-2612."""
    return _message(domain, "Permit", PERMIT, (owner, spender, value, nonce, deadline))


def authorization_message(
    domain: CoinDomain, payer: str, payee: str, value: int, before: int, nonce: bytes
) -> dict[str, Any]:
    """The full typed message by which a payer lets a payee take so much before a second, ERC-3009."""
    return _message(domain, "ReceiveWithAuthorization", AUTHORIZATION, (payer, payee, value, 0, before, nonce))


def _message(
    domain: CoinDomain, kind: str, entries: tuple[tuple[str, str], ...], values: tuple[object, ...]
) -> dict[str, Any]:
    listed = {"EIP712Domain": DOMAIN_FIELDS, kind: entries}
    return {
        "domain": domain.values,
        "types": {name: [{"name": field, "type": type_} for field, type_ in one] for name, one in listed.items()},
        "primaryType": kind,
        "message": dict(zip((name for name, _ in entries), values, strict=True)),
    }
