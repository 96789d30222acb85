"""What keys of the issuer, the custodian, KYC providers and a sanctions oracle sign off the chain, and what carries a
signature."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.solana.addresses import ED25519
from scrip.solana.signing import Signer
from scrip.units import ShareWad

QUOTE_DOMAIN = b"scrip quote v1"
RESERVE_DOMAIN = b"scrip reserve v1"
KYC_DOMAIN = b"scrip attestation v1"
LIST_DOMAIN = b"scrip sanctions v1"
SIDES = {"mint": 0, "redeem": 1}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote's terms. `amount` and `settlement` are smallest units, `expiry` is UTC seconds."""

    id: bytes
    side: int
    account: Pubkey
    amount: int
    settlement: int
    generation: int
    expiry: int

    def digest(
        self, genesis: bytes, program: Pubkey, mint: Pubkey, token_account: Pubkey, settlement_mint: Pubkey
    ) -> bytes:
        """The 32 bytes that a quote signer signs."""
        parts = (
            QUOTE_DOMAIN,
            genesis,
            bytes(program),
            bytes(mint),
            bytes([self.side]),
            bytes(self.account),
            bytes(token_account),
            bytes(settlement_mint),
            struct.pack("<QQQ", self.amount, self.settlement, self.generation),
            self.id,
            struct.pack("<q", self.expiry),
        )
        return sha256(b"".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class Attestation:
    """A custodian's statement. Shares have 18 decimals and are of the basis num/den with this split counter.

    `ceiling` and `others` are what this chain and all others together may owe; `nonce` is the reserve's, `expiry` the
    last second at which the statement may be published.
    """

    shares: ShareWad
    ceiling: ShareWad
    others: ShareWad
    num: int
    den: int
    counter: int
    as_of: int
    nonce: int
    expiry: int

    def digest(self, genesis: bytes, program: Pubkey, issuer: Pubkey, mint: Pubkey) -> bytes:
        """The 32 bytes that an attestor signs."""
        parts = (
            RESERVE_DOMAIN,
            genesis,
            bytes(program),
            bytes(issuer),
            bytes(mint),
            self.shares.to_bytes(16, "little"),
            self.ceiling.to_bytes(16, "little"),
            self.others.to_bytes(16, "little"),
            struct.pack("<QQQqQq", self.num, self.den, self.counter, self.as_of, self.nonce, self.expiry),
        )
        return sha256(b"".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class KycAttestation:
    """What a KYC provider says of an investor. `investor` is the register's id, times are UTC seconds.

    `country` is ISO 3166 numeric; `nonce` serves once for each provider, until `deadline`.
    """

    provider: Pubkey
    investor: bytes
    wallet: Pubkey
    country: int
    investor_class: int
    expiry: int
    nonce: bytes
    deadline: int

    def digest(self, genesis: bytes, program: Pubkey, issuer: Pubkey) -> bytes:
        """The 32 bytes that a provider signs."""
        parts = (
            KYC_DOMAIN,
            genesis,
            bytes(program),
            bytes(issuer),
            bytes(self.provider),
            self.investor,
            bytes(self.wallet),
            struct.pack("<HBq", self.country, self.investor_class, self.expiry),
            self.nonce,
            struct.pack("<q", self.deadline),
        )
        return sha256(b"".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class SignedList:
    """A sanctions list: the root of its tree, its number, and the UTC seconds at which it was issued and expires."""

    root: bytes
    serial: int
    issued: int
    expiry: int

    def digest(self, genesis: bytes, program: Pubkey, issuer: Pubkey) -> bytes:
        """The 32 bytes that the oracle signs."""
        terms = struct.pack("<Qqq", self.serial, self.issued, self.expiry)
        return sha256(b"".join((LIST_DOMAIN, genesis, bytes(program), bytes(issuer), self.root, terms))).digest()


def signed_by(key: Signer, digest: bytes) -> Instruction:
    """The ed25519 instruction that shows `key`'s signature of `digest`: it must stand just before the one it is for."""
    return signature_instruction([(key.pubkey(), bytes(key.sign_message(digest)), digest)])


def signature_instruction(entries: list[tuple[Pubkey, bytes, bytes]], here: int = 0xFFFF) -> Instruction:
    """An ed25519 instruction over (signer, signature, message) entries. The program accepts one entry, at 0xFFFF."""
    start = 2 + 14 * len(entries)
    header, body = bytes([len(entries), 0]), b""
    for signer, signature, message in entries:
        key_at = start + len(body)
        signature_at, message_at = key_at + 32, key_at + 96
        header += struct.pack("<7H", signature_at, here, key_at, here, message_at, len(message), here)
        body += bytes(signer) + signature + message
    return Instruction(ED25519, header + body, [])
