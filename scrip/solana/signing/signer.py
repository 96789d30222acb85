"""What Scrip asks of whoever signs on Solana, and what a plug-in for a device offers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, overload

from solders.message import Message, MessageV0, to_bytes_versioned
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import Transaction, VersionedTransaction

from scrip.errors import InputError


class Signer(Protocol):
    """Whoever signs on this machine: a keypair of solders is one, and so is a DeviceSigner."""

    def pubkey(self) -> Pubkey:
        """The address that it signs for."""

    def sign_message(self, message: bytes) -> Signature:
        """The ed25519 signature of bytes as they stand; a ScripError where there is none."""


class Device(Protocol):
    """One key of a hardware wallet, an HSM or a custody service, as a plug-in offers it for a URL.

    Whatever it raises counts as a refusal, and its text is shown: it names no secret. It is asked one thing at a time.
    """

    def pubkey(self) -> bytes:
        """The key's 32 bytes. Nobody is asked to confirm that."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of an ed25519 signature of bytes as they stand.

        They are a transaction's message, or the 32 bytes that a quote or an attestation is signed as. A device that
        cannot sign the one or the other refuses it.
        """


@overload
def signed(message: Message, signers: Iterable[Signer]) -> Transaction: ...


@overload
def signed(message: Message | MessageV0, signers: Iterable[Signer]) -> Transaction | VersionedTransaction: ...


def signed(message: Message | MessageV0, signers: Iterable[Signer]) -> Transaction | VersionedTransaction:
    """A transaction that all have signed whom its message asks; InputError where one of them is not among `signers`."""
    known = {one.pubkey(): one for one in signers}
    asked = message.account_keys[: message.header.num_required_signatures]
    for key in asked:
        if key not in known:
            raise InputError("must sign, and does not sign on this machine", field="signer", value=key)
    data = to_bytes_versioned(message)
    signatures = [known[key].sign_message(data) for key in asked]
    if isinstance(message, MessageV0):
        return VersionedTransaction.populate(message, signatures)
    return Transaction.populate(message, signatures)
