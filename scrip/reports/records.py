"""What is wrong with a network's records on disk, on any kind of chain. Nothing is mended here."""

from __future__ import annotations

from scrip.records import Record, Records
from scrip.records.journal import REBUILD
from scrip.records.record import RecordError
from scrip.reports.findings import Finding


def name_of(journal: Records, record: Record) -> str:
    """What a finding about a record is about."""
    return f"{_place(journal)}/{record.number:04}"


def _place(journal: Records) -> str:
    return f"records/{journal.folder.name}" if journal.lane else "records"


def on_disk(records: Records) -> tuple[list[Finding], list[Record]]:
    """What is wrong with the files of a journal alone, and the records of it that can be read."""
    place = _place(records)
    findings: list[Finding] = []
    read: list[Record] = []
    head = records.head()
    for path in records.paths():
        try:
            read.append(Record.read(path.read_text(), path.name))
        except (RecordError, UnicodeDecodeError) as error:
            findings.append(Finding(f"{place}/{path.name}", "the record as it was written", str(error), "critical"))
    numbers = {one.number for one in read}
    for path in records.set_aside():
        if int(path.name.partition("-")[0]) not in numbers:
            said = "none: its file was cut off, and set aside"
            findings.append(Finding(f"{place}/{path.name}", "a record of that number", said, "critical"))
    if not findings:
        findings += [Finding(place, "an unbroken chain", problem, "critical") for problem in records.breaks(read, head)]
    if not findings:
        findings += [
            Finding(
                f"{place}/intents/{one.action.step_id}.json",
                f"a record of {one.action.operation!r}, step {one.action.step!r}",
                "none: the operation did not finish",
            )
            for one in records.open_intents()
        ]
    return findings, read


def last_block(records: Records) -> int | None:
    """The block, or slot, of the last thing that the network's own journal tells of as done; None where it has none."""
    done = [one.block for one in records.of("")[0].readable() if one.done]
    return done[-1] if done else None


def transactions(records: Records) -> set[str]:
    """The transactions that any journal tells of, those that were signed and came to no end yet among them."""
    journals = records.journals()
    settled = {one.tx for journal in journals for one in journal.readable()}
    return settled | {one.tx for journal in journals for one in journal.open_intents()}


def untold(tx: str, what: str, where: str, sender: str) -> Finding:
    """The finding about a transaction that did something, of which no record tells."""
    found = f"none: {what}, done in {where} by {sender}; a rebuild records it"
    return Finding("records", f"a record of {tx}", found)


def unknown(at: str, what: str) -> Finding:
    """The finding about a contract in use, of which no record says that it was made."""
    found = f"none: it is a {what} that the officers of this suite put in use; what its command finds made it records"
    return Finding("records", f"a record of the making of {at}", found)


def unheld(what: str) -> Finding:
    """The finding about a deployment that stands, where the folder holds no record at all."""
    return Finding("records", "records of the deployment", f"none, and {what}: {REBUILD}", "critical")
