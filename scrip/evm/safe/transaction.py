"""A Safe's transaction: what its owners sign, and the batch that puts several calls into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import DecodingError
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys.exceptions import BadSignature, ValidationError
from eth_utils import keccak

from scrip.errors import InputError, ScripError
from scrip.evm.chain import Chain, Contract
from scrip.evm.compiled.safe import MULTISEND, SAFE, abi_entries
from scrip.evm.encoding.abi import ZERO_ADDRESS, Abi
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.encoding.words import decode

CALL, DELEGATECALL = 0, 1
DOMAIN_FIELDS = (("chainId", "uint256"), ("verifyingContract", "address"))
FIELDS = (
    ("to", "address"),
    ("value", "uint256"),
    ("data", "bytes"),
    ("operation", "uint8"),
    ("safeTxGas", "uint256"),
    ("baseGas", "uint256"),
    ("gasPrice", "uint256"),
    ("gasToken", "address"),
    ("refundReceiver", "address"),
    ("nonce", "uint256"),
)
BATCH_HEAD = 85
"""Bytes of a batched call before its data: operation, to, value, length."""
NO_REFUND = (0, 0, 0, ZERO_ADDRESS, ZERO_ADDRESS)
"""safeTxGas, baseGas, gasPrice, gasToken, refundReceiver: nothing is refunded, and a call that fails reverts all, the
nonce too, so that what was signed is carried out whole or stays to be tried again."""


@dataclass(frozen=True, slots=True)
class SafeTx:
    """A transaction of one Safe on one chain with one nonce: it can be carried out once, there."""

    chain_id: int
    safe: str
    to: str
    value: int
    data: bytes
    operation: int
    nonce: int

    def typed_message(self) -> dict[str, Any]:
        """The full EIP-712 message that an owner signs."""
        values = (self.to, self.value, self.data, self.operation, *NO_REFUND, self.nonce)
        return {
            "domain": {"chainId": self.chain_id, "verifyingContract": self.safe},
            "types": {
                "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
                "SafeTx": [{"name": name, "type": kind} for name, kind in FIELDS],
            },
            "primaryType": "SafeTx",
            "message": dict(zip((name for name, _ in FIELDS), values, strict=True)),
        }

    def digest(self) -> bytes:
        """The transaction's hash, 32 bytes: what an owner signs."""
        signable = encode_typed_data(full_message=self.typed_message())
        return keccak(b"\x19" + signable.version + signable.header + signable.body)

    def arguments(self) -> tuple[Any, ...]:
        """What `execTransaction` takes before the signatures, and `getTransactionHash` before the nonce."""
        return (self.to, self.value, self.data, self.operation, *NO_REFUND)


def safe_tx(chain_id: int, safe: str, nonce: int, calls: Sequence[MessageCall], multisend: str) -> SafeTx:
    """The transaction that makes `calls` in order, all or none; several go through `multisend`."""
    if not calls:
        raise InputError("has no call", field="transactions")
    if len(calls) == 1:
        only = calls[0]
        return SafeTx(chain_id, safe, only.to, only.value, only.data, CALL, nonce)
    data = Abi(MULTISEND, abi_entries(MULTISEND)).function("multiSend", 1).calldata((packed(calls),))
    return SafeTx(chain_id, safe, multisend, 0, data, DELEGATECALL, nonce)


def packed(calls: Sequence[MessageCall]) -> bytes:
    """Calls as MultiSendCallOnly reads them: operation, to, value, length, data, without padding."""
    return b"".join(
        bytes([CALL]) + bytes.fromhex(call.to[2:]) + call.value.to_bytes(32) + len(call.data).to_bytes(32) + call.data
        for call in calls
    )


def unpacked(tx: SafeTx) -> list[MessageCall] | None:
    """The calls that a transaction makes, one or a batch's; None where it is no batch that can be read."""
    if tx.operation == CALL:
        return [MessageCall(tx.to, tx.value, tx.data)]
    try:
        batch = decode(["bytes"], tx.data[4:])[0]
    except DecodingError:
        return None
    calls = []
    while len(batch) >= BATCH_HEAD:
        length = int.from_bytes(batch[53:BATCH_HEAD])
        calls.append(
            MessageCall("0x" + batch[1:21].hex(), int.from_bytes(batch[21:53]), batch[BATCH_HEAD : BATCH_HEAD + length])
        )
        batch = batch[BATCH_HEAD + length :]
    return calls if packed(calls) == decode(["bytes"], tx.data[4:])[0] else None


def check_digest(chain: Chain, tx: SafeTx) -> None:
    """ScripError unless the Safe itself computes the same hash for the transaction."""
    asked = bytes(chain.call(Contract(SAFE, tx.safe), "getTransactionHash", *tx.arguments(), tx.nonce))
    if asked != tx.digest():
        raise ScripError(f"the Safe at {tx.safe} computes the hash 0x{asked.hex()}, not 0x{tx.digest().hex()}")


def recovered(digest: bytes, signature: bytes) -> str:
    """Whose 65 bytes r, s, v over a hash they are, in lower case; "" when they are nobody's.

    Only v 27 and 28: the Safe reads others as a contract's word, an approval on the chain or a prefixed message.
    """
    if len(signature) != 65 or signature[64] not in (27, 28):
        return ""
    try:
        return str(Account._recover_hash(digest, signature=signature)).lower()
    except (BadSignature, ValidationError):
        return ""
