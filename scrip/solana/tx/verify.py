"""The records against themselves and against the cluster. Nothing is mended here: what differs is reported."""

from __future__ import annotations

from solders.signature import Signature

from scrip.records import Record, Records
from scrip.reports.findings import Finding
from scrip.reports.records import name_of, on_disk
from scrip.solana.rpc.chain import RpcChain
from scrip.solana.rpc.cluster import Landed
from scrip.solana.tx.steps import calls_of, digest, holds


def verify(records: Records, chain: RpcChain) -> list[Finding]:
    """Everything that is wrong with a network's records.

    On disk as scrip.reports.records has it. On the chain: a transaction that is missing, in another slot, paid by
    another than its sender, of other instructions, succeeded where it is recorded as failed or the reverse; one that
    was given up and landed.
    """
    findings: list[Finding] = []
    for journal in records.journals():
        wrong, read = on_disk(journal)
        findings += wrong
        landed = chain.all_landed([Signature.from_string(one.tx) for one in read])
        for record, place in zip(read, landed, strict=True):
            if problem := _compare(record, place):
                findings.append(Finding(name_of(journal, record), "what the record says", problem))
    return findings


def disagreement(record: Record, chain: RpcChain) -> str:
    """What the chain says otherwise than a record does; "" for nothing. An abandoned step must not have landed."""
    return _compare(record, chain.landed(Signature.from_string(record.tx)))


def _compare(record: Record, landed: Landed | None) -> str:
    if record.status == "abandoned":
        return f"{record.tx} was given up, and landed in slot {landed.slot}" if landed else ""
    if landed is None:
        return f"the chain has no transaction {record.tx}"
    if landed.slot != record.block:
        return f"{record.tx} is in slot {landed.slot}, recorded in {record.block}"
    if (landed.meta.err is None) != record.done:
        return f"{record.tx} is recorded as {record.status}, and {'failed' if landed.meta.err else 'succeeded'}"
    if (sender := str(landed.message.account_keys[0])) != record.action.sender:
        return f"{record.tx} was paid by {sender}, recorded as sent by {record.action.sender}"
    if record.action.data_hash and not _carries(record, landed):
        return f"{record.tx} carries other instructions than are recorded"
    return ""


def _carries(record: Record, landed: Landed) -> bool:
    """Whether the instructions are those that were recorded; among others, where another sent them."""
    wanted = record.action.data_hash
    return holds(landed, wanted) if record.found else digest(calls_of(landed.message, landed.keys)) == wanted
