"""ATTESTOR's statement of a reserve as EIP-712 typed data."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any

from scrip.evm.encoding.quotes import DOMAIN_FIELDS, digest_of

ADDRESSES = ("token", "attestor")
DOMAIN, VERSION = "Scrip ReserveFeed", "1"


@dataclass(frozen=True, slots=True)
class Paper:
    """What is signed, in the contract's order. Shares have 18 decimals and are of the basis num/den with this counter.

    `attestor` signs; `reserve` is what the custodian holds as of `asOf`; `ceiling` and `others` are what this chain and
    all others may owe; `nonce` is the feed's, `expiry` the last second at which the paper may be published. Times are
    UTC seconds.
    """

    token: str
    attestor: str
    reserve: int
    num: int
    den: int
    counter: int
    asOf: int
    ceiling: int
    others: int
    nonce: int
    expiry: int

    def values(self) -> tuple[Any, ...]:
        """The struct as the ABI takes it: the stock is an argument of its own there."""
        return astuple(self)[1:]


def typed_message(paper: Paper, chain_id: int, feed: str) -> dict[str, Any]:
    """The full typed message that an ATTESTOR signs, bound to one chain and one feed."""
    names = [entry.name for entry in fields(Paper)]
    return {
        "domain": {"name": DOMAIN, "version": VERSION, "chainId": chain_id, "verifyingContract": feed},
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "Paper": [{"name": name, "type": "address" if name in ADDRESSES else "uint256"} for name in names],
        },
        "primaryType": "Paper",
        "message": dict(zip(names, astuple(paper), strict=True)),
    }


def digest(paper: Paper, chain_id: int, feed: str) -> bytes:
    """The 32 bytes that an ATTESTOR signs: EIP-712 of the typed message."""
    return digest_of(typed_message(paper, chain_id, feed))
