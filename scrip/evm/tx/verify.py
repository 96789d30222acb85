"""The records against themselves and against the chain. Nothing is mended here: what differs is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eth_utils import keccak

from scrip.evm.rpc.node import Node, result
from scrip.records.journal import Records
from scrip.records.record import Record
from scrip.reports.findings import Finding
from scrip.reports.records import name_of, on_disk

BATCH = 100
"""How many questions one request asks."""


def disagreement(record: Record, node: Node) -> str:
    """What the chain says otherwise than a record does; "" for nothing. An abandoned step has nothing to say."""
    return next((problem for _, problem in _disagreements([record], node)), "")


def verify(records: Records, node: Node) -> list[Finding]:
    """Everything that is wrong with a network's records.

    On disk: a record that cannot be read or was edited, a number missing, a hash that does not follow, an intent that
    no record has settled. On the chain: a transaction that is missing, in another block, of another sender or with
    other calldata, succeeded where it is recorded as failed or the reverse, a contract with other code. A record that
    cannot be read ends the comparison of the chain of hashes, not that with the chain.
    """
    findings: list[Finding] = []
    for journal in records.journals():
        wrong, read = on_disk(journal)
        findings += wrong
        for record, problem in _disagreements(read, node):
            findings.append(Finding(name_of(journal, record), "what the record says", problem))
    return findings


def _disagreements(records: Sequence[Record], node: Node) -> Iterator[tuple[Record, str]]:
    """What the chain says otherwise than the records, for those that it contradicts."""
    sent = [record for record in records if record.status != "abandoned"]
    for start in range(0, len(sent), BATCH):
        part = sent[start : start + BATCH]
        receipts = _ask(node, [("eth_getTransactionReceipt", [one.tx]) for one in part])
        bodies = _ask(node, [("eth_getTransactionByHash", [one.tx]) for one in part])
        codes = _ask(node, [("eth_getCode", [one.action.address or one.action.to, "latest"]) for one in part])
        for record, *answers in zip(part, receipts, bodies, codes, strict=True):
            if problem := _compare(record, *answers):
                yield record, problem


def _ask(node: Node, requests: Sequence[tuple[str, Sequence[object]]]) -> list[Any]:
    """Ask the node several questions; RpcError when it refuses to answer one, for that is no disagreement."""
    return [result(method, answer) for (method, _), answer in zip(requests, node.batch(requests), strict=True)]


def _compare(
    record: Record, receipt: Mapping[str, Any] | None, body: Mapping[str, Any] | None, code: str | None
) -> str:
    action = record.action
    if receipt is None or body is None:
        return f"the chain has no transaction {record.tx}"
    if receipt["blockHash"] != record.block_hash:
        return f"{record.tx} is in block {receipt['blockHash']}, recorded in {record.block_hash}: a reorganisation"
    if (int(receipt["status"], 16) == 1) != record.done:
        return f"{record.tx} is recorded as {record.status}, and its status is {int(receipt['status'], 16)}"
    if body["from"].lower() != action.sender:
        return f"{record.tx} was sent by {body['from'].lower()}, recorded as sent by {action.sender}"
    if action.data_hash and "0x" + keccak(hexstr=body["input"]).hex() != action.data_hash:
        return f"{record.tx} carries other calldata than is recorded"
    found = "0x" + keccak(hexstr=code).hex() if code and code != "0x" else ""
    if found != record.code_hash:
        return f"the code of {action.address or action.to} hashes to {found or 'none'}, recorded {record.code_hash}"
    return ""
