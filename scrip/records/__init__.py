"""What was sent to a network and what came of it, on disk: written ahead, one file each, chained by hash."""

from scrip.records.book import AddressBook
from scrip.records.journal import Records
from scrip.records.record import Intent, Record

__all__ = ["AddressBook", "Intent", "Record", "Records"]
