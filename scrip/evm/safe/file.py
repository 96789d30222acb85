"""A proposal as a file: the Safe's Transaction Builder reads it, owners sign it without a network.

The file says everything in words and in bytes, and reading it checks each against the other: the words against the
calldata, the calldata against what the owners sign, that against the hash, and every signature against the hash. So
what a person reads in a proposal is what is signed, and an edit is found and named.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from eth_utils import to_checksum_address

from scrip.errors import InputError
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.safe import timelock
from scrip.evm.safe.describe import words_of
from scrip.evm.safe.document import MAX_BYTES, Document, Transaction, checksum, difference, line, parsed
from scrip.evm.safe.method import Method
from scrip.evm.safe.proposal import Delayed, Proposal, TitledCall
from scrip.evm.safe.transaction import SafeTx, recovered, safe_tx, unpacked

BUILDER = "1.18.0"
"""The Transaction Builder whose format this is."""
SCHEMA = 1
TX_PARTS = ("operation", "to", "value", "data")
CALL_PARTS = ("to", "value", "data")


def write(proposal: Proposal, target: Path) -> None:
    """Write a proposal, to a temporary name that is renamed last: the file is always whole, the old or the new.

    InputError, and no file, when it could not be read again, or the folder cannot be written.
    """
    text = json.dumps(written(proposal), indent=2, sort_keys=True) + "\n"
    _proposal(parsed(text, str(target)))
    temporary = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise InputError(f"cannot be written: {error.strerror}", file=str(target)) from None


def read(source: Path) -> Proposal:
    """A proposal from its file; InputError, with the field, when anything in it disagrees with anything else."""
    try:
        with source.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(source)) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", file=str(source)) from None
    if len(raw) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES:,} bytes", file=str(source))
    document = parsed(text, str(source))
    try:
        return _proposal(document)
    except InputError as error:
        raise InputError(
            error.message, field=error.field, value=error.value, file=str(source), line=line(text, error.field)
        ) from None


# --- to the file -----------------------------------------------------------------------------------------------------


def written(proposal: Proposal, in_words: bool = True) -> dict[str, Any]:
    """The content of a proposal's file; `in_words`, each call in units, names and dates beside the raw words."""
    tx = proposal.tx
    content: dict[str, Any] = {
        "version": "1.0",
        "chainId": str(tx.chain_id),
        "createdAt": proposal.created_at * 1000,
        "meta": {
            "name": proposal.name,
            "description": _description(proposal),
            "txBuilderVersion": BUILDER,
            "createdFromSafeAddress": to_checksum_address(tx.safe),
            "createdFromOwnerAddress": "",
        },
        "transactions": [_transaction(one) for one in proposal.calls],
        "scrip": {
            "schema": SCHEMA,
            "operation": proposal.name,
            "reference": proposal.reference,
            "genesis": proposal.genesis,
            "block": proposal.block,
            "titles": [one.title for one in proposal.calls],
            "words": list(words_of(proposal)) if in_words else [],
            "delayed": [_delayed(one) for one in proposal.delayed],
            "owners": list(proposal.owners),
            "contracts": list(proposal.contracts),
            "threshold": proposal.threshold,
            "tx": {
                "chainId": str(tx.chain_id),
                "safe": tx.safe,
                "to": tx.to,
                "value": str(tx.value),
                "data": _hex(tx.data),
                "operation": tx.operation,
                "nonce": tx.nonce,
            },
            "hash": _hex(tx.digest()),
            "signatures": {owner: _hex(proposal.signatures[owner]) for owner in sorted(proposal.signatures)},
        },
    }
    content["meta"]["checksum"] = checksum(content)
    return content


def _description(proposal: Proposal) -> str:
    return f"{proposal.reference} (nonce {proposal.tx.nonce})"


def _transaction(one: TitledCall) -> dict[str, Any]:
    return {
        "to": to_checksum_address(one.call.to),
        "value": str(one.call.value),
        "data": _hex(one.call.data),
        "contractMethod": one.method.written(),
        "contractInputsValues": one.method.values(one.call.data),
    }


def _delayed(one: Delayed) -> dict[str, Any]:
    return {
        "timelock": one.timelock,
        "id": _hex(one.operation.id),
        "predecessor": _hex(one.predecessor),
        "salt": _hex(one.salt),
        "delay": one.delay,
        "titles": [call.title for call in one.calls],
        "transactions": [_transaction(call) for call in one.calls],
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


# --- from the file ---------------------------------------------------------------------------------------------------


def _proposal(document: Document) -> Proposal:
    scrip = document.scrip
    calls = _calls(document.transactions, scrip.titles, "")
    delayed = tuple(
        Delayed(
            one.timelock,
            one.delay,
            _bytes(one.predecessor),
            _bytes(one.salt),
            _calls(one.transactions, one.titles, f"scrip.delayed[{place}]."),
        )
        for place, one in enumerate(scrip.delayed)
    )
    said = SafeTx(
        chain_id=int(scrip.tx.chainId),
        safe=scrip.tx.safe,
        to=scrip.tx.to,
        value=int(scrip.tx.value),
        data=_bytes(scrip.tx.data),
        operation=scrip.tx.operation,
        nonce=scrip.tx.nonce,
    )
    proposal = Proposal(
        name=scrip.operation,
        reference=scrip.reference,
        genesis=scrip.genesis,
        created_at=document.createdAt // 1000,
        block=scrip.block,
        owners=scrip.owners,
        contracts=scrip.contracts,
        threshold=scrip.threshold,
        calls=calls,
        delayed=delayed,
        tx=said,
        signatures={owner: _bytes(signature) for owner, signature in scrip.signatures.items()},
    )
    _check_schedules(proposal, [_bytes(one.id) for one in scrip.delayed])
    _check_place(document, said)
    _check_tx(proposal, _bytes(scrip.hash))
    _check_hash(proposal, _bytes(scrip.hash), document.meta.description)
    _check_owners(proposal)
    _check_words(proposal, document.model_dump(mode="json", by_alias=True))
    return proposal


def _calls(transactions: Sequence[Transaction], titles: Sequence[str], where: str) -> tuple[TitledCall, ...]:
    if not transactions:
        raise InputError("has no call", field=f"{where}transactions")
    if len(titles) != len(transactions):
        raise InputError("must have one title for each transaction", field=f"{where or 'scrip.'}titles")
    found = []
    for place, (one, title) in enumerate(zip(transactions, titles, strict=True)):
        field = f"{where}transactions[{place}]."
        try:
            method = Method.read(one.contractMethod)
            values = method.values(_bytes(one.data))
        except InputError as error:
            raise InputError(error.message, field=field + error.field, value=error.value) from None
        for name in sorted({*values, *one.contractInputsValues}):
            if values.get(name) != one.contractInputsValues.get(name):
                reason = f"is not what the data holds, {values.get(name)!r}"
                value = one.contractInputsValues.get(name)
                raise InputError(reason, field=f"{field}contractInputsValues.{name}", value=value)
        found.append(TitledCall(MessageCall(one.to.lower(), int(one.value), _bytes(one.data)), method, title))
    return tuple(found)


def _check_schedules(proposal: Proposal, identities: Sequence[bytes]) -> None:
    """The operations shown are the ones that are scheduled, all of them and in their order."""
    scheduled = [
        (place, one.call) for place, one in enumerate(proposal.calls) if one.method.name == timelock.SCHEDULE_BATCH
    ]
    if len(scheduled) != len(proposal.delayed):
        raise InputError("must show each operation that is scheduled", field="scrip.delayed")
    for shown, ((place, call), one, identity) in enumerate(zip(scheduled, proposal.delayed, identities, strict=True)):
        if one.operation.id != identity:
            raise InputError("is not the id of the calls shown", field=f"scrip.delayed[{shown}].id")
        if call != timelock.schedule_call(one.timelock, one.operation, one.delay):
            raise InputError(f"schedules other than scrip.delayed[{shown}] shows", field=f"transactions[{place}].data")


def _check_place(document: Document, said: SafeTx) -> None:
    if document.chainId != str(said.chain_id):
        raise InputError(f"is not what is signed, {said.chain_id}", field="chainId", value=document.chainId)
    safe = document.meta.createdFromSafeAddress
    if safe.lower() != said.safe:
        raise InputError(f"is not what is signed, {said.safe}", field="meta.createdFromSafeAddress", value=safe)


def _check_tx(proposal: Proposal, digest: bytes) -> None:
    """What is signed makes the calls shown, and no others."""
    said, calls = proposal.tx, [one.call for one in proposal.calls]
    made = safe_tx(said.chain_id, said.safe, said.nonce, calls, said.to)
    if made == said:
        return
    if said.digest() != digest:
        raise InputError("is not what the transactions make", field=f"scrip.tx.{_first(made, said, TX_PARTS)}")
    signed = unpacked(said) or []
    if len(signed) != len(calls):
        raise InputError(f"must be the {len(signed)} that are signed", field="transactions", value=len(calls))
    place = next((place for place, call in enumerate(calls) if call != signed[place]), None)
    if place is None:
        raise InputError("is a batch's, and there is one call", field="scrip.tx.operation", value=said.operation)
    part = _first(calls[place], signed[place], CALL_PARTS)
    raise InputError("is not what is signed", field=f"transactions[{place}].{part}")


def _first(one: object, other: object, parts: Sequence[str]) -> str:
    """The first of two lists' parts in which they differ."""
    return next(part for part in parts if getattr(one, part) != getattr(other, part))


def _check_hash(proposal: Proposal, said: bytes, description: str) -> None:
    if proposal.tx.digest() == said:
        return
    # What is signed stands twice, but for the nonce and a batch's contract. The hash is right if an owner signed it.
    if any(recovered(said, signature) == owner for owner, signature in proposal.signatures.items()):
        part = "to" if description == _description(proposal) else "nonce"
        value = getattr(proposal.tx, part)
        reason = "was edited after the first signature: what was signed had another"
        raise InputError(reason, field=f"scrip.tx.{part}", value=value)
    raise InputError(f"is not the transaction's, {_hex(proposal.tx.digest())}", field="scrip.hash", value=_hex(said))


def _check_owners(proposal: Proposal) -> None:
    if proposal.threshold > len(proposal.owners) - len(proposal.contracts):
        raise InputError("is more than the owners who sign with a key", field="scrip.threshold")
    if strangers := set(proposal.contracts) - set(proposal.owners):
        raise InputError("is no owner", field="scrip.contracts", value=min(strangers))
    for owner, signature in proposal.signatures.items():
        field = f"scrip.signatures.{owner}"
        if owner not in proposal.owners:
            raise InputError("is no owner of the Safe", field=field)
        if recovered(proposal.tx.digest(), signature) != owner:
            reason = "did not sign this transaction: the file was edited after the signature, or the signature was"
            raise InputError(reason, field=field)


def _check_words(proposal: Proposal, found: dict[str, Any]) -> None:
    """The file is what its proposal is written as: nothing is said twice and differently, nothing would be lost."""
    # A file of an earlier version has no words.
    made = written(proposal, in_words=bool(found["scrip"]["words"]))
    sums = [content["meta"].pop("checksum") for content in (made, found)]
    if field := difference(made, found):
        raise InputError("was edited: the rest of the file says otherwise", field=field)
    if sums[0] != sums[1]:
        raise InputError("is another: the file's words were edited", field="meta.checksum", value=sums[1])
