"""A stock's mint as bytes: who holds each authority, every extension, and that nothing else is there."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solders.pubkey import Pubkey

from scrip.errors import ScripError

ZERO = Pubkey.default()
BASE, KIND, FIRST = 82, 165, 166
"""Bytes of a mint, where its kind stands behind the padding, and where its extensions begin."""
MINT = 1
"""The kind of an account that is a mint."""
NAMES = {
    1: "TransferFeeConfig",
    3: "MintCloseAuthority",
    4: "ConfidentialTransferMint",
    6: "DefaultAccountState",
    9: "NonTransferable",
    10: "InterestBearingConfig",
    12: "PermanentDelegate",
    14: "TransferHook",
    16: "ConfidentialTransferFeeConfig",
    18: "MetadataPointer",
    19: "TokenMetadata",
    20: "GroupPointer",
    21: "TokenGroup",
    22: "GroupMemberPointer",
    23: "TokenGroupMember",
    24: "ConfidentialMintBurn",
    25: "ScaledUiAmount",
    26: "Pausable",
    28: "PermissionedBurn",
}
"""Extensions that a mint can have, by their numbers in Token-2022."""
OURS = ("DefaultAccountState", "MetadataPointer", "Pausable", "PermanentDelegate", "ScaledUiAmount", "TokenMetadata",
        "TransferHook")  # fmt: skip
"""The extensions that a stock has."""


class Unreadable(ScripError):
    """Data that are no mint of Token-2022's form."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The multiplier that wallets show: its bits, the next one's, and the UTC second from which that counts."""

    current: int
    effective_at: int
    following: int

    @property
    def text(self) -> str:
        """The multiplier as people read it."""
        first, then = (struct.unpack("<d", bits.to_bytes(8, "little"))[0] for bits in (self.current, self.following))
        return f"{first!r}, {then!r} from {self.effective_at}" if self.effective_at else f"{first!r}"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What wallets call the stock."""

    authority: Pubkey
    mint: Pubkey
    name: str
    symbol: str
    uri: str
    more: Mapping[str, str]
    """Additional fields, by name."""


class Mint:
    """A mint, read. Authorities are the zero address where nobody holds them. Unreadable for anything else."""

    def __init__(self, data: bytes) -> None:
        if len(data) < FIRST or data[KIND] != MINT or not data[45]:
            raise Unreadable(f"{len(data)} bytes that are no initialised mint with extensions")
        self.mint_authority = _optional(data, 0)
        self.supply = int.from_bytes(data[36:44], "little")
        self.decimals = data[44]
        self.freeze_authority = _optional(data, 46)
        found = list(_extensions(data))
        self.extensions = dict(found)
        if len(self.extensions) < len(found):
            raise Unreadable("an extension stands there twice")

    def unlike_ours(self) -> tuple[list[str], list[str]]:
        """The extensions that a stock should have and this mint lacks, and those that it should not have."""
        return sorted({*OURS} - {*self.extensions}), sorted({*self.extensions} - {*OURS})

    def key(self, extension: str, at: int = 0) -> Pubkey:
        """An address that an extension holds."""
        return _key(self._value(extension, at + 32), at)

    def byte(self, extension: str, at: int) -> int:
        """A byte that an extension holds."""
        return self._value(extension, at + 1)[at]

    @property
    def scale(self) -> Scale:
        """The multiplier that is shown."""
        return Scale(*struct.unpack_from("<QqQ", self._value("ScaledUiAmount", 56), 32))

    @property
    def metadata(self) -> Metadata:
        """What the stock is called."""
        value = self._value("TokenMetadata", 64)
        name, at = _text(value, 64)
        symbol, at = _text(value, at)
        uri, at = _text(value, at)
        if len(value) < at + 4:
            raise Unreadable("metadata that end early")
        count, at = int.from_bytes(value[at : at + 4], "little"), at + 4
        more: dict[str, str] = {}
        # Each takes eight bytes at least, whatever their number is said to be.
        for _ in range(min(count, len(value) // 8 + 1)):
            key, at = _text(value, at)
            more[key], at = _text(value, at)
        if len(more) < count:
            raise Unreadable("a field of the metadata that stands there twice")
        return Metadata(_key(value, 0), _key(value, 32), name, symbol, uri, more)

    def _value(self, extension: str, size: int) -> bytes:
        value = self.extensions.get(extension, b"")
        if len(value) < size:
            raise Unreadable(f"{extension} of {len(value)} bytes")
        return value


def _key(data: bytes, at: int) -> Pubkey:
    return Pubkey.from_bytes(data[at : at + 32])


def _optional(data: bytes, at: int) -> Pubkey:
    return _key(data, at + 4) if any(data[at : at + 4]) else ZERO


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + int.from_bytes(data[at : at + 4], "little")
    if at + 4 > len(data) or end > len(data):
        raise Unreadable("metadata that end early")
    return data[at + 4 : end].decode("utf-8", "replace"), end


def _extensions(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The name and value of each extension; a number that nobody knows is its own name."""
    at = FIRST
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        at += 4
        if kind == 0:
            return
        if at + length > len(data):
            raise Unreadable("an extension that ends early")
        yield NAMES.get(kind, f"extension {kind}"), data[at : at + length]
        at += length
