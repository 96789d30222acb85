"""What was sent to a network and what came of it, on disk: written ahead, one file each, chained by hash."""

from scrip.records.journal import Records
from scrip.records.record import Intent, Record

__all__ = ["Intent", "Record", "Records"]
