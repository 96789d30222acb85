"""Answers as JSON: accounts, messages and what a transaction did, in every encoding that clients ask for."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import base58
from solders.account import Account
from solders.message import MessageV0
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import InnerInstruction, TransactionMetadata

from scrip.solana.local.endpoint.bank import is_writable, slot_of
from scrip.solana.local.endpoint.landed import Landed
from scrip.solana.local.endpoint.parsed import Display, parsed_account, token_balance


def base64_text(data: bytes) -> str:
    """Base64."""
    return b64encode(data).decode()


def account_json(account: Account | None, encoding: str, part: dict[str, int] | None, display: Display) -> Any:
    """An account, whole or a part of its data; None where there is none."""
    if account is None:
        return None
    data = bytes(account.data)
    if part:
        data = data[part["offset"] : part["offset"] + part["length"]]
    shown: Any = [base64_text(data), "base64"]
    if encoding == "base58":
        shown = [base58.b58encode(data).decode(), "base58"]
    elif encoding == "jsonParsed":
        # What nobody can parse is shown in base64.
        shown = parsed_account(account, display) or shown
    return {
        "lamports": account.lamports,
        "data": shown,
        "owner": str(account.owner),
        "executable": account.executable,
        "rentEpoch": 2**64 - 1,
        "space": len(account.data),
    }


def transaction_json(transaction: VersionedTransaction, encoding: str) -> Any:
    """A transaction in an encoding."""
    raw = bytes(transaction)
    if encoding == "base64":
        return [base64_text(raw), "base64"]
    if encoding == "base58":
        return [base58.b58encode(raw).decode(), "base58"]
    signatures = [str(signature) for signature in transaction.signatures]
    shape = _parsed_message if encoding == "jsonParsed" else _message
    return {"signatures": signatures, "message": shape(transaction.message)}


def _message(message: Any) -> dict[str, Any]:
    header = message.header
    calls = [
        {
            "programIdIndex": call.program_id_index,
            "accounts": list(bytes(call.accounts)),
            "data": base58.b58encode(bytes(call.data)).decode(),
            "stackHeight": 1,
        }
        for call in message.instructions
    ]
    found = {
        "header": {
            "numRequiredSignatures": header.num_required_signatures,
            "numReadonlySignedAccounts": header.num_readonly_signed_accounts,
            "numReadonlyUnsignedAccounts": header.num_readonly_unsigned_accounts,
        },
        "accountKeys": [str(key) for key in message.account_keys],
        "recentBlockhash": str(message.recent_blockhash),
        "instructions": calls,
    }
    if not isinstance(message, MessageV0):
        return found
    lookups = [
        {
            "accountKey": str(one.account_key),
            "writableIndexes": list(bytes(one.writable_indexes)),
            "readonlyIndexes": list(bytes(one.readonly_indexes)),
        }
        for one in message.address_table_lookups
    ]
    return found | {"addressTableLookups": lookups}


def _parsed_message(message: Any) -> dict[str, Any]:
    """No program's instructions are parsed: they are shown as those of an unknown program are."""
    keys = message.account_keys
    signed = message.header.num_required_signatures
    accounts = [
        {"pubkey": str(key), "signer": at < signed, "source": "transaction", "writable": is_writable(message, at)}
        for at, key in enumerate(keys)
    ]
    calls = [
        {
            "programId": str(keys[call.program_id_index]),
            "accounts": [str(keys[at]) for at in bytes(call.accounts)],
            "data": base58.b58encode(bytes(call.data)).decode(),
            "stackHeight": 1,
        }
        for call in message.instructions
    ]
    return {"accountKeys": accounts, "recentBlockhash": str(message.recent_blockhash), "instructions": calls}


def inner_json(meta: TransactionMetadata) -> list[dict[str, Any]]:
    """The inner instructions of each instruction that had any."""
    return [
        {"index": index, "instructions": [_inner(one) for one in group]}
        for index, group in enumerate(meta.inner_instructions())
        if group
    ]


def _inner(one: InnerInstruction) -> dict[str, Any]:
    call = one.instruction()
    return {
        "programIdIndex": call.program_id_index,
        "accounts": list(bytes(call.accounts)),
        "data": base58.b58encode(bytes(call.data)).decode(),
        "stackHeight": one.stack_height(),  # type: ignore[attr-defined]
    }


def return_data_json(meta: TransactionMetadata) -> dict[str, Any] | None:
    """What the last program returned; None for nothing."""
    found = meta.return_data()  # type: ignore[attr-defined]
    data = bytes(found.data)
    return {"programId": str(found.program_id), "data": [base64_text(data), "base64"]} if data else None


def status_json(landed: Landed, height: int, finality: int) -> dict[str, Any]:
    """A transaction's status as getSignatureStatuses tells it."""
    confirmations = height - landed.height
    final = confirmations >= finality
    return {
        "slot": slot_of(landed.height),
        "confirmations": None if final else confirmations,
        "err": landed.error,
        "status": outcome_json(landed.error),
        "confirmationStatus": "finalized" if final else "confirmed",
    }


def outcome_json(error: Any) -> dict[str, Any]:
    """The older form of an error."""
    return {"Ok": None} if error is None else {"Err": error}


def landed_json(landed: Landed, encoding: str, display: Display) -> dict[str, Any]:
    """A transaction and what it did."""
    version = 0 if isinstance(landed.transaction.message, MessageV0) else "legacy"
    return {
        "slot": slot_of(landed.height),
        "blockTime": landed.time,
        "version": version,
        "transaction": transaction_json(landed.transaction, encoding),
        "meta": _meta(landed, display),
    }


def _meta(landed: Landed, display: Display) -> dict[str, Any]:
    def balances(accounts: tuple[Account | None, ...]) -> list[int]:
        return [one.lamports if one else 0 for one in accounts]

    def tokens(accounts: tuple[Account | None, ...]) -> list[dict[str, Any]]:
        held = [(index, token_balance(one, display)) for index, one in enumerate(accounts) if one is not None]
        return [{"accountIndex": index} | shown for index, shown in held if shown is not None]

    return {
        "err": landed.error,
        "status": outcome_json(landed.error),
        "fee": landed.fee,
        "preBalances": balances(landed.before),
        "postBalances": balances(landed.after),
        "preTokenBalances": tokens(landed.before),
        "postTokenBalances": tokens(landed.after),
        "innerInstructions": inner_json(landed.meta),
        "logMessages": landed.meta.logs(),
        "rewards": [],
        "loadedAddresses": {
            name: [str(key) for key in keys] for name, keys in zip(("writable", "readonly"), landed.loaded, strict=True)
        },
        "computeUnitsConsumed": landed.meta.compute_units_consumed(),
    } | ({"returnData": told} if (told := return_data_json(landed.meta)) else {})
