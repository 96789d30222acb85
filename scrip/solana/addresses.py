"""Addresses: well-known programs, and everything that the stock-token program derives from its seeds."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from eth_utils import keccak
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip.instructions.base import DOCUMENT_HASH

SYSTEM = Pubkey.default()
TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
TOKEN_2022 = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
ASSOCIATED_TOKEN = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
ED25519 = Pubkey.from_string("Ed25519SigVerify111111111111111111111111111")
UPGRADEABLE_LOADER = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")
SYSVARS = Pubkey.from_string("Sysvar1111111111111111111111111111111111111")
"""Owns what the runtime tells programs."""
INSTRUCTIONS = Pubkey.from_string("Sysvar1nstructions1111111111111111111111111")


@cache
def local_keypair(name: str) -> Keypair:
    """The key of a name, for local chains. Anyone can derive it: never use one where money is real."""
    return Keypair.from_seed(sha256(f"scrip local account {name}".encode()).digest())


def local_address(name: str) -> Pubkey:
    """The address of a name; the name "" is the zero address."""
    return local_keypair(name).pubkey() if name else Pubkey.default()


@cache
def token_account(wallet: Pubkey, mint: Pubkey, program: Pubkey = TOKEN_2022) -> Pubkey:
    """The canonical token account of a wallet."""
    return Pubkey.find_program_address([bytes(wallet), bytes(program), bytes(mint)], ASSOCIATED_TOKEN)[0]


def document_hash(text: str) -> bytes:
    """The hash that a document stands for: 0x and 64 hex digits are the hash itself; zero for none."""
    if DOCUMENT_HASH.fullmatch(text):
        return bytes.fromhex(text[2:])
    return bytes(keccak(text=text)) if text else bytes(32)


def reference_word(text: str) -> bytes:
    """A reference as the chain keeps it: its UTF-8 bytes when 32 hold them, else their hash."""
    raw = text.encode()
    return raw.ljust(32, b"\0") if len(raw) <= 32 else bytes(keccak(raw))


def investor_id(name: str) -> bytes:
    """The register's id of an investor, made of its name."""
    return bytes(keccak(text=f"investor {name}"))


class Derived:
    """Every address that the program at `program` derives. Seeds are the program's `seeds.rs`."""

    def __init__(self, program: Pubkey) -> None:
        self.program = program
        self.issuer = self._find(b"issuer")
        self.authority = self._find(b"authority")
        self.timelock = self._find(b"timelock")
        self.admin = self._find(b"admin")
        self.sanctions_list = self._find(b"sanctions_list")
        self.event_authority = self._find(b"__event_authority")
        self.program_data = Pubkey.find_program_address([bytes(program)], UPGRADEABLE_LOADER)[0]

    def _find(self, *seeds: bytes) -> Pubkey:
        return Pubkey.find_program_address(list(seeds), self.program)[0]

    def mint(self, isin: str, series: int) -> Pubkey:
        """The address of a stock's mint."""
        return self._find(b"mint", isin.encode(), series.to_bytes(8, "little"))

    def stock(self, mint: Pubkey) -> Pubkey:
        """The address of a stock's own account."""
        return self._find(b"stock", bytes(mint))

    def calendar(self, stock: Pubkey) -> Pubkey:
        """The address of a stock's calendar."""
        return self._find(b"calendar", bytes(stock))

    def reserve(self, stock: Pubkey) -> Pubkey:
        """The address of a stock's backing."""
        return self._find(b"reserve", bytes(stock))

    def action(self, stock: Pubkey, code: str, reference: bytes) -> Pubkey:
        """The address of a corporate action's record."""
        return self._find(b"action", bytes(stock), code_word(code), reference)

    def provider(self, key: Pubkey) -> Pubkey:
        """The address of a KYC provider's record."""
        return self._find(b"provider", bytes(key))

    def attested(self, key: Pubkey, nonce: bytes) -> Pubkey:
        """The address that exists once a nonce of a KYC provider's has served, or was cancelled."""
        return self._find(b"attested", bytes(key), nonce)

    def custodian(self, asset: Pubkey) -> Pubkey:
        """Where a settlement asset leaves the treasury to."""
        return self._find(b"custodian", bytes(asset))

    def asset(self, mint: Pubkey) -> Pubkey:
        """The address of a settlement asset's record."""
        return self._find(b"asset", bytes(mint))

    def investor(self, identity: bytes) -> Pubkey:
        """The address of an investor's record."""
        return self._find(b"investor", identity)

    def wallet(self, holder: Pubkey) -> Pubkey:
        """The address of a wallet's record."""
        return self._find(b"wallet", bytes(holder))

    def unlisted(self, holder: Pubkey) -> Pubkey:
        """The record that a wallet was shown to be absent from a sanctions list."""
        return self._find(b"unlisted", bytes(holder))

    def hold(self, stock: Pubkey, holder: Pubkey) -> Pubkey:
        """The address that exists while an enforcer holds a wallet in a stock, whatever token accounts it has."""
        return self._find(b"hold", bytes(stock), bytes(holder))

    def locked(self, stock: Pubkey, holder: Pubkey) -> Pubkey:
        """The record of what of a wallet's units is bound in a stock."""
        return self._find(b"locked", bytes(stock), bytes(holder))

    def vault(self, stock: Pubkey, holder: Pubkey) -> Pubkey:
        """The token account that a wallet's bound units of a stock are in."""
        return self._find(b"vault", bytes(stock), bytes(holder))

    def operation(self, key: bytes) -> Pubkey:
        """The address at which an operation of a key waits."""
        return self._find(b"operation", key)

    def key(self, key: bytes) -> Pubkey:
        """The address that exists once the operation of a key has run."""
        return self._find(b"key", key)

    def quote(self, identity: bytes) -> Pubkey:
        """The address that exists once a quote was used."""
        return self._find(b"quote", identity)


def code_word(code: str) -> bytes:
    """An action's code as the chain keeps it: four bytes."""
    return code.encode().ljust(4, b"\0")[:4]
