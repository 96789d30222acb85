"""Transactions for somebody else to sign: unsigned, whole, in a file of their own."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

from solders.message import Message

from scrip.errors import InputError
from scrip.plan import Plan, Step
from scrip.plan.identity import identity
from scrip.records.files import create, text_of
from scrip.solana.connection import SolanaConnection
from scrip.solana.rpc.cluster import Recent
from scrip.solana.tx.steps import told

SCHEMA = 1
EXPIRY = "a message is good while its blockhash is: whoever signs later puts in a newer one, or a durable nonce"


def propose(network: SolanaConnection, plan: Plan, path: Path) -> tuple[list[str], dict[str, Any]]:
    """Write the messages, each paid and signed by its step's sender, into a new file; what to tell, and the same."""
    recent = network.cluster.recent()
    found = [_transaction(network, plan, step, recent) for step in plan.steps]
    whole = {
        "schema": SCHEMA,
        "network": network.manifest.network,
        "genesis": network.genesis,
        "program": str(network.program.id),
        "operation": plan.name,
        "reference": plan.reference,
        "note": EXPIRY,
        "transactions": found,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create(path, text_of(whole))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=str(path)) from None
    lines = [f"{path}: {len(found)} unsigned transactions, to be sent in this order; {EXPIRY}"]
    for one in found:
        lines += [f"{one['title']}: {one['signer']} ({one['address']}) signs, until block {one['last_height']}"]
        lines += [one["message"]]
    return lines, {"file": str(path), "transactions": found}


def _transaction(network: SolanaConnection, plan: Plan, step: Step, recent: Recent) -> dict[str, Any]:
    payer = network.keys.address(step.sender)
    message = Message.new_with_blockhash(list(step.calls), payer, recent.blockhash)
    return {
        "step": step.name,
        "step_id": identity(network, plan, step),
        "title": step.title,
        "signer": step.sender,
        "address": str(payer),
        "message": b64encode(bytes(message)).decode(),
        "blockhash": str(recent.blockhash),
        "last_height": recent.last_height,
        "instructions": [told(network.program, call) for call in step.calls],
    }
