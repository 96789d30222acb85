"""A signed transaction that must not be mined any more: its nonce is used up by another one that does nothing."""

from __future__ import annotations

import time

import rlp

from scrip.errors import ScripError
from scrip.evm.connection import EvmConnection
from scrip.evm.rpc.node import POLL_MAX, Fees, NotMined
from scrip.evm.rpc.signers import Signer
from scrip.records import Intent

PRIORITY, MAXIMUM = 2, 3
"""Where an EIP-1559 transaction has its fees."""


def fees_of(signed: bytes) -> Fees:
    """The fees in a signed EIP-1559 transaction."""
    parts = rlp.decode(signed[1:])
    return Fees(int.from_bytes(parts[MAXIMUM]), int.from_bytes(parts[PRIORITY]))


def outbidding(old: Fees, current: Fees) -> Fees:
    """Fees at which nodes let a transaction take another's place: an eighth more, and today's at least."""
    maximum, priority = (old.maximum * 9 // 8 + bool(old.maximum), old.priority * 9 // 8 + bool(old.priority))
    return Fees(max(maximum, current.maximum), max(priority, current.priority))


def raised_offer(signed: bytes, current: Fees, signer: Signer) -> bytes | None:
    """The same transaction with the same nonce at a higher fee; None where what it offers is what others offer now."""
    offered = fees_of(signed)
    if offered.maximum >= current.maximum and offered.priority >= current.priority:
        return None
    chain, nonce, _, _, gas, to, value, data, *_ = rlp.decode(signed[1:])
    fees = outbidding(offered, current)
    numbers = {"chainId": chain, "nonce": nonce, "gas": gas, "value": value}
    fields = {name: int.from_bytes(word) for name, word in numbers.items()} | {"data": bytes(data)}
    fees_now = {"maxFeePerGas": fees.maximum, "maxPriorityFeePerGas": fees.priority}
    return signer.sign_transaction(fields | fees_now | ({"to": "0x" + to.hex()} if to else {}))


def use_up(network: EvmConnection, signer: Signer, intent: Intent) -> None:
    """Send nothing from the intent's sender to itself with the intent's nonce, and wait until one of the two is mined.

    NotMined when neither is in time; trying again is safe. ScripError for another signer than the intent's.
    """
    if signer.address != intent.action.sender:
        raise ScripError(f"{intent.action.sender_name} signs for {signer.address}, not for {intent.action.sender}")
    fees = outbidding(fees_of(bytes.fromhex(intent.signed[2:])), network.node.fees())
    fields = network.chain.fields(signer.address, signer.address, b"", intent.nonce)
    signed = signer.sign_transaction(fields | {"maxFeePerGas": fees.maximum, "maxPriorityFeePerGas": fees.priority})
    network.node.send_raw(signed)
    deadline = time.monotonic() + network.node.patience
    while network.node.nonce(signer.address) <= intent.nonce:
        if time.monotonic() > deadline:
            raise NotMined(f"nonce {intent.nonce} of {intent.action.sender_name} is not used yet: try again")
        time.sleep(min(POLL_MAX, 0.05))
