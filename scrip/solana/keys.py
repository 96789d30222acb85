"""Who is who: what a ledger asks of the keys that it works with, and everybody's keys on a local cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from solders.pubkey import Pubkey

from scrip.manifest.addresses import is_pubkey
from scrip.solana.addresses import local_address, local_keypair
from scrip.solana.signing import Signer

FAUCET = "stablecoin faucet"
"""The account that makes the settlement currency of a local cluster."""
CUSTODIAN = "custodian"
"""The account that attests on a local cluster."""


class Keys(Protocol):
    """Names as addresses and signers. A name may be an address in base58, too; "" is the zero address."""

    def address(self, name: str) -> Pubkey:
        """An account's address; InputError for a name that nobody has."""

    def signer(self, name: str) -> Signer:
        """Whoever signs for an account; InputError where nobody on this machine does."""


class LocalKeys:
    """Everybody's keys, each derived from the name: for chains in this process. Anyone can derive them."""

    def address(self, name: str) -> Pubkey:
        """An account's address."""
        return Pubkey.from_string(name) if is_pubkey(name) else local_address(name)

    def signer(self, name: str) -> Signer:
        """An account's keypair."""
        return local_keypair(name)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An account whose key is on no machine that we know: it has an address, and cannot sign."""

    address: Pubkey

    def pubkey(self) -> Pubkey:
        """The address of the account."""
        return self.address
