"""Transactions for somebody else to sign: unsigned, whole, in a file of their own."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

from solders.instruction import Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.plan import Plan, Step
from scrip.plan.identity import identity
from scrip.records.files import create, text_of
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding.operations import scheduling
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
    payer, signer, calls, title = network.keys.address(step.sender), step.sender, list(step.calls), step.title
    if payer == network.program.at.admin:
        # Nobody signs for it: what it does is scheduled, and carried out once it has waited.
        signer, title = network.manifest.timelock.proposers[0], f"schedule: {title}"
        payer = network.keys.address(signer)
        calls = [_scheduling(network, plan, step, payer)]
    message = Message.new_with_blockhash(calls, payer, recent.blockhash)
    return {
        "step": step.name,
        "step_id": identity(network, plan, step),
        "title": title,
        "signer": signer,
        "address": str(payer),
        "message": b64encode(bytes(message)).decode(),
        "blockhash": str(recent.blockhash),
        "last_height": recent.last_height,
        "instructions": [told(network.program, call) for call in calls],
    }


def _scheduling(network: SolanaConnection, plan: Plan, step: Step, by: Pubkey) -> Instruction:
    """The instruction that schedules a step of ADMIN's in the program's own timelock, under the step's id.

    InputError for a step of several: an operation there is one instruction.
    """
    if len(step.calls) != 1:
        raise InputError("has several instructions, and one at a time is scheduled", field="step", value=step.name)
    return scheduling(network.program, step.calls[0], bytes.fromhex(identity(network, plan, step)[2:]), by)
