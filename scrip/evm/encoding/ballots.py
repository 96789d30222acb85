"""A vote at a meeting as EIP-712 typed data: OpenZeppelin's ExtendedBallot in the Ballot's domain."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any

from eth_abi.exceptions import DecodingError

from scrip.errors import InputError
from scrip.evm.encoding.quotes import DOMAIN_FIELDS, digest_of
from scrip.evm.encoding.words import decode
from scrip.model.laws.merkle_sum import TOP

TYPES = ("uint256", "uint8", "address", "uint256", "string", "bytes")
DOMAIN, VERSION = "Scrip Ballot", "1"
PROOF = ("uint256", "address", "uint256", "(bytes32,uint256)[]")
AMOUNTS = 48
"""Bytes of the three amounts of a vote in parts."""


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """A vote as it is signed, in OpenZeppelin's order. `nonce` is how often the account voted on the resolution before;
    `params` as the Ballot takes them."""

    proposalId: int
    support: int
    voter: str
    nonce: int
    reason: str
    params: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """What a ballot's params show: the amounts of a vote in parts, or none, and whose leaf with its siblings."""

    amounts: tuple[int, ...]
    index: int
    pushable: bool
    account: str
    units: int
    siblings: tuple[tuple[bytes, int], ...]


def digest(ballot: SignedBallot, chain_id: int, contract: str) -> bytes:
    """The 32 bytes that a voter signs: EIP-712 of the typed message."""
    return digest_of(typed_message(ballot, chain_id, contract))


def typed_message(ballot: SignedBallot, chain_id: int, contract: str) -> dict[str, Any]:
    """The full typed message that a voter signs, bound to one chain and one Ballot."""
    names = [entry.name for entry in fields(SignedBallot)]
    values = dict(zip(names, astuple(ballot), strict=True)) | {"params": "0x" + ballot.params.hex()}
    return {
        "domain": {"name": DOMAIN, "version": VERSION, "chainId": chain_id, "verifyingContract": contract},
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "ExtendedBallot": [{"name": name, "type": kind} for name, kind in zip(names, TYPES, strict=True)],
        },
        "primaryType": "ExtendedBallot",
        "message": values,
    }


def shown(params: bytes, is_split: bool) -> Shown:
    """Read a ballot's params; InputError for what is no proof's encoding, which the Ballot would refuse, too."""
    start = AMOUNTS if is_split else 0
    amounts = tuple(int.from_bytes(params[at : at + 16], "big") for at in range(0, start, 16))
    try:
        place, account, units, nodes = decode(PROOF, params[start:])
    except (DecodingError, OverflowError) as wrong:
        raise InputError(f"shows no leaf and its proof: {wrong}", field="params") from None
    siblings = tuple((bytes(hash_), total) for hash_, total in nodes)
    return Shown(amounts, place & ~TOP, bool(place & TOP), str(account).lower(), units, siblings)
